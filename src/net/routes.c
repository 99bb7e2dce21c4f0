/* SPDX-License-Identifier: MIT */
/* routes.c - connecting a datagram socket asks the kernel for the way, and sends nothing. */
#include "net/routes.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT 53

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* Root servers: addresses that stay, in networks that everybody routes. */
static const struct {
    int family;
    const char *text;
} references[] = {
    {AF_INET, "198.41.0.4"},
    {AF_INET, "202.12.27.33"},
    {AF_INET6, "2001:503:ba3e::2:30"},
    {AF_INET6, "2001:dc3::35"},
};

static socklen_t fill(union address *address, int family, const char *text)
{
    memset(address, 0, sizeof(*address));
    if (family == AF_INET) {
        address->v4.sin_family = AF_INET;
        address->v4.sin_port = htons(PORT);
        inet_pton(AF_INET, text, &address->v4.sin_addr);
        return sizeof(address->v4);
    }
    address->v6.sin6_family = AF_INET6;
    address->v6.sin6_port = htons(PORT);
    inet_pton(AF_INET6, text, &address->v6.sin6_addr);
    return sizeof(address->v6);
}

/* From a link-local address nobody beyond the link is reached. */
static bool source_is_global(int fd)
{
    union address source;
    socklen_t length = sizeof(source);

    memset(&source, 0, sizeof(source));
    if (getsockname(fd, &source.any, &length) != 0)
        return false;
    if (source.any.sa_family == AF_INET6)
        return !IN6_IS_ADDR_LINKLOCAL(&source.v6.sin6_addr);
    return (ntohl(source.v4.sin_addr.s_addr) & 0xffff0000u) != 0xa9fe0000u; /* 169.254/16 */
}

static bool leads_to(int family, const char *text)
{
    union address address;
    socklen_t length = fill(&address, family, text);
    int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool found;

    if (fd < 0)
        return false;
    found = connect(fd, &address.any, length) == 0 && source_is_global(fd);
    close(fd);
    return found;
}

bool route_exists(int family)
{
    for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++)
        if (references[i].family == family && leads_to(family, references[i].text))
            return true;
    return false;
}
