/* SPDX-License-Identifier: MIT */
/* place.h - does the resolver answer, and does it pass DNSSEC?  Looked at once in a run.
 *
 * Many resolvers (of cloud networks, home routers, containers) drop what DNSSEC needs, and then
 * nothing at all can be validated.  So a name is asked for that is signed from the root down.  If
 * that fails, and so if an answer fails, the same is asked of the root servers and, without
 * validation, of the resolver; and the way that works is taken from then on (dns_take_way).  While
 * that is looked into, answers that fail wait; others go on. */
#ifndef NET_PLACE_H
#define NET_PLACE_H

#include "facts/facts.h"
#include "net/dns.h"
#include "net/lookup_cache.h"

struct place;

/* What was seen; it never changes. */
struct place_seen {
    enum dns_way way;
    struct vantage_point resolver, dnssec;
};

/* Borrowed; all must outlive the place. */
struct place_needs {
    struct loop *loop;
    struct dns *dns;
    struct lookup_cache *lookups;
    struct inbox *inbox;
    bool has_route; /* over IPv4 or IPv6 */
};
STS_MUST_USE enum sts_status place_new(TALLOC_CTX *ctx, const struct place_needs *needs,
                                       struct place **ret);
/* Have a look, side by side with the questions of a domain; once. */
void place_begin(struct place *place);
/* Those that are asked as configured, "192.0.2.1, 192.0.2.2"; NULL: no memory. */
char *place_resolvers(TALLOC_CTX *ctx, const struct dns *dns);
/* NULL: not seen yet. */
const struct place_seen *place_seen(const struct place *place);
/* A lookup of what is seen, behind place_begin(), as by lookup_start(): the callback comes when it
 * is there or cannot be had.  *ret_nobody: nobody is looking, and no callback comes. */
STS_MUST_USE enum sts_status place_wait(TALLOC_CTX *ctx, struct place *place, lookup_fn seen,
                                        void *arg, struct lookup **ret, bool *ret_nobody);

#endif
