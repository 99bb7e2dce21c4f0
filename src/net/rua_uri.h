/* SPDX-License-Identifier: MIT */
/* rua_uri.h - where a reporting URI of scheme https leads, of a text that a stranger published. */
#ifndef NET_RUA_URI_H
#define NET_RUA_URI_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

struct rua_uri {
    const char *host; /* A-labels */
    int64_t port;     /* 0: none is named */
    const char *path; /* with the query, without the fragment; begins with '/' */
};

/* The texts belong to ctx.  False: another scheme, no host name (an address, a user before it), no
 * port of TCP, a byte that no URI has, or no memory. */
bool rua_uri_read(TALLOC_CTX *ctx, const char *uri, struct rua_uri *ret);

#endif
