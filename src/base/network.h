/* SPDX-License-Identifier: MIT */
/* network.h - networks of addresses, "192.0.2.0/24", and what lies in them. */
#ifndef BASE_NETWORK_H
#define BASE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

/* An address in 16 bytes: an IPv4 one as ::ffff:a.b.c.d, so that there is one kind. */
struct network {
    unsigned char first[16];
    unsigned bits;
};

/* An address without brackets or zone.  False: it is none. */
bool network_address(const char *text, unsigned char ret[16]);
/* "ADDRESS/BITS", or an address alone.  False: it is none, or has bits set behind the prefix. */
bool network_read(const char *text, struct network *ret);
bool network_holds(const struct network *network, const unsigned char address[16]);
bool network_is_v4(const unsigned char address[16]);

#endif
