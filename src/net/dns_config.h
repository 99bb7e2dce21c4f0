/* SPDX-License-Identifier: MIT */
/* dns_config.h - whom to ask, and what to believe. */
#ifndef NET_DNS_CONFIG_H
#define NET_DNS_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DNS_SOCKETS 512

struct dns_config {
    const char *const *resolvers; /* "ADDR" or "ADDR@PORT"; "none" alone: recursion from the root */
    size_t resolver_count;        /* 0: those of /etc/resolv.conf */
    const char *trust_anchor;     /* file; NULL: the system's if there is one; "none":
                                     nothing is validated */
    int64_t sockets;              /* open at a time, at most; 0: DNS_SOCKETS */
    bool public_only;             /* own recursion asks no server at a special address */
};

#endif
