/* SPDX-License-Identifier: MIT */
/* rua_host.h - the host in a URI of a TLSRPT record; private to probe/. */
#ifndef PROBE_RUA_HOST_H
#define PROBE_RUA_HOST_H

#include <stdbool.h>

#include <talloc.h>

/* The domain of "mailto:user@domain?cc=..." (header fields behind the '?' may hold addresses too)
 * or the host of "https://host:port/...", as A-labels.  NULL: there is none, or no memory. */
const char *rua_host(TALLOC_CTX *ctx, const char *uri, bool mail);

#endif
