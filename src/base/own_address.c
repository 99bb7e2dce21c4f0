/* SPDX-License-Identifier: MIT */
/* own_address.c - addresses that mean the machine itself, its link, or nobody in particular. */
#include "base/own_address.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>

static bool own_ipv4(const unsigned char *a)
{
    return a[0] == 0 || a[0] == 127 || (a[0] == 169 && a[1] == 254) || a[0] >= 224;
}

static bool own_ipv6(const unsigned char *a)
{
    static const unsigned char nothing[15] = {0};
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

    if (memcmp(a, mapped, sizeof mapped) == 0)
        return own_ipv4(a + sizeof mapped);
    if (memcmp(a, nothing, sizeof nothing) == 0) /* :: and ::1 */
        return a[15] <= 1;
    return a[0] == 0xff || (a[0] == 0xfe && (a[1] & 0xc0) == 0x80);
}

bool own_address(const char *text)
{
    unsigned char bytes[16];

    if (!text)
        return false;
    if (inet_pton(AF_INET, text, bytes) == 1)
        return own_ipv4(bytes);
    return inet_pton(AF_INET6, text, bytes) == 1 && own_ipv6(bytes);
}
