/* SPDX-License-Identifier: MIT */
/* network.c - addresses in one form, and prefixes of them compared. */
#include "base/network.h"

#include <arpa/inet.h>
#include <string.h>

#define V4_BITS 96 /* of a mapped address, before the IPv4 one */

static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

bool network_address(const char *text, unsigned char ret[16])
{
    memcpy(ret, mapped, sizeof(mapped));
    return inet_pton(AF_INET, text, ret + sizeof(mapped)) == 1 ||
           inet_pton(AF_INET6, text, ret) == 1;
}

bool network_is_v4(const unsigned char address[16])
{
    return memcmp(address, mapped, sizeof(mapped)) == 0;
}

static bool same_bits(const unsigned char *a, const unsigned char *b, unsigned bits)
{
    unsigned whole = bits / 8, rest = bits % 8;

    return memcmp(a, b, whole) == 0 && (!rest || !((a[whole] ^ b[whole]) >> (8 - rest)));
}

bool network_holds(const struct network *network, const unsigned char address[16])
{
    return same_bits(network->first, address, network->bits);
}

static bool read_bits(const char *text, unsigned most, unsigned *ret)
{
    size_t digits = strspn(text, "0123456789");

    if (!digits || digits > 3 || text[digits])
        return false;
    *ret = 0;
    while (*text)
        *ret = *ret * 10 + (unsigned)(*text++ - '0');
    return *ret <= most;
}

/* "192.0.2.1/24" is more likely a mistake than a wish. */
static bool is_clean(const struct network *network)
{
    for (unsigned i = network->bits; i < 128; i++)
        if (network->first[i / 8] & 0x80 >> i % 8)
            return false;
    return true;
}

bool network_read(const char *text, struct network *ret)
{
    char address[INET6_ADDRSTRLEN];
    size_t length = strcspn(text, "/");
    unsigned before;

    if (length >= sizeof(address))
        return false;
    memcpy(address, text, length);
    address[length] = '\0';
    if (!network_address(address, ret->first))
        return false;
    before = strchr(address, ':') ? 0 : V4_BITS;
    ret->bits = 128;
    if (text[length] && !read_bits(text + length + 1, 128 - before, &ret->bits))
        return false;
    ret->bits += text[length] ? before : 0;
    return is_clean(ret);
}
