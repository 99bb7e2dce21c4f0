/* SPDX-License-Identifier: MIT */
/* lookup.h - one look at what a domain publishes: its record, its policy, or how DANE covers its MX
 * hosts.  No mail server is connected to. */
#ifndef POLICYD_LOOKUP_H
#define POLICYD_LOOKUP_H

#include "net/net.h"
#include "policyd/policy_cache.h"

struct policy_lookup;

/* Of the part that was asked for. */
struct policy_found {
    enum policy_part part;
    struct sts_cache_record record;
    const struct live_policy *policy; /* NULL: none that can be used: `why`; without an id */
    /* "no-address", "bogus", "unreachable", "certificate", "status", "invalid", "memory", or
     * "local": it says nothing of the domain, as there is no way to it from here, or it was not
     * tried in time. */
    const char *why;
    const char *issuer;        /* of the certificate for the host, which nobody trusts; NULL */
    const char *address;       /* the last one tried; NULL */
    bool dane_known;           /* no look-up failed */
    struct policy_known dane;  /* its `dane` and `mx_hosts` */
    const struct facts *facts; /* of the record, and of DANE: with bogus answers; NULL */
    int64_t ttl;               /* of the record, or the least of DANE's; negative: not known */
};

struct policy_lookup_request {
    struct net *net;
    const char *domain; /* lower-case A-labels; copied */
    enum policy_part part;
    int64_t deadline; /* then it comes with what is known */
    /* found: until it returns.  The callee frees the lookup. */
    void (*done)(void *arg, const struct policy_found *found);
    void *arg;
};
STS_MUST_USE enum sts_status policy_lookup_start(TALLOC_CTX *ctx,
                                                 const struct policy_lookup_request *request,
                                                 struct policy_lookup **ret);

#endif
