/* SPDX-License-Identifier: MIT */
/* special_address.h - addresses that are no host's on the internet: the registries of IANA.
 *
 * The one table of them: net/ asks it before it connects (net_may_connect() in net/net.h), rules/
 * ask it what senders on the internet can reach. */
#ifndef BASE_SPECIAL_ADDRESS_H
#define BASE_SPECIAL_ADDRESS_H

#include <stddef.h>

/* From harmless to never: of an address within an address the later one counts. */
enum address_use {
    ADDRESS_USE_PUBLIC,
    ADDRESS_USE_RETIRED,     /* was public once; nobody answers for it */
    ADDRESS_USE_PLACEHOLDER, /* documentation, discard-only */
    ADDRESS_USE_BENCHMARK,   /* laboratories */
    ADDRESS_USE_PRIVATE,     /* of one network, with no meaning outside it */
    /* The machine itself, its link, many machines or none: whatever a stranger publishes, nothing
     * is to be connected to there, for it would be our own machine or one beside it. */
    ADDRESS_USE_OWN,
};

struct special_block {
    int family; /* AF_INET or AF_INET6 */
    unsigned char first[16];
    unsigned bits; /* of the prefix */
    enum address_use use;
    /* What an IPv4 address inside is used for, as the packets go there; NULL: none is inside. */
    enum address_use (*inside)(const unsigned char *address);
    const char *spec;
};

/* The smallest block of the table that holds the address, given as text without brackets or zone.
 * NULL: none, or that is no address. */
const struct special_block *special_block(const char *address);
/* Each of the table; NULL: there are no more. */
const struct special_block *special_block_at(size_t index);
/* Of the block and of an IPv4 address inside: mapped, NAT64, 6to4, Teredo. */
enum address_use special_address_use(const char *address);

#endif
