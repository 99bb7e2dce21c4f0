/* SPDX-License-Identifier: MIT */
/* net.h - what all probes of a thread share, and what all threads of a run. */
#ifndef NET_NET_H
#define NET_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "facts/facts.h"

struct loop;
struct net_common;

/* How many connections go to one address at a time and in a second; to its network (/24, /48) as
 * many times LIMIT_NETWORK_FACTOR.  0: at a time LIMIT_PER_ADDRESS, in a second any number. */
struct rate_limits {
    int64_t per_address, per_second;
};

struct net_options {
    struct net_common *common; /* what threads share; NULL: nothing, this is the only one */
    struct rate_limits limits; /* where common is NULL */
    bool patient; /* many domains wait for each other: that does not count as their time */
    bool brief;   /* no second handshakes, which double the connections, and no CAA */
    const char *const *resolvers;
    size_t resolver_count;
    const char *trust_anchor;
    const char *ca_file;
    const char *proxy;             /* proxy_read(); NULL: none */
    const char *no_proxy;          /* hosts reached without it */
    const char *helo;              /* NULL: this machine's name */
    int64_t https_port, smtp_port; /* 0: 443, 25 */
    int64_t timeout_ms;            /* 0: LIMIT_DOMAIN_MS */
    /* At a time, at most; what is more waits.  0: DNS_SOCKETS, LIMIT_CONNECTIONS. */
    int64_t dns_sockets, connections;
    bool no_smtp;
    bool ipv4, ipv6; /* both false: both */
    /* The names come from strangers, or are too many to look at: nothing is connected to at an
     * address of private or other special use, whose answers are for this network alone. */
    bool public_only;
    bool allow_private; /* in a laboratory: it is, and special addresses are judged as public */
};

/* Guarded by the lock of `inboxes`. */
struct net_common {
    struct inboxes *inboxes;
    struct rate_limiter *slots;     /* connections */
    struct rate_limiter *questions; /* to the name servers of the domains */
    struct lookup_cache *lookups;
};

struct net {
    struct net_common *common;
    struct loop *loop;
    struct inbox *inbox; /* where news for this thread come in */
    struct dns *dns;
    struct place *place;
    struct semaphore *questions, *connections; /* that are under way */
    struct tls_trust *trust;
    struct https *https;
    struct proxy *proxy; /* NULL: none */
    int64_t clock;       /* of clock_jump_start() */
    bool patient;
    bool brief;                  /* no second handshakes, no CAA */
    bool strangers;              /* choose the names: as options.public_only, in a lab too */
    bool route_ipv4, route_ipv6; /* is there one? */
    const char *shortage;        /* resources.h: nothing can be looked at; NULL */
    struct observer observer;    /* how it looks, for every domain's facts */
};

/* To be freed behind all that uses it: every net, and the facts too, which may hold what other
 * threads saw; a facts_copy() holds none of it. */
STS_MUST_USE enum sts_status net_common_new(TALLOC_CTX *ctx, const struct rate_limits *limits,
                                            struct net_common **ret);
/* On an error *ret_why (owned by ctx) is one line for standard error.  The loop must outlive it. */
STS_MUST_USE enum sts_status net_new(TALLOC_CTX *ctx, struct loop *loop,
                                     const struct net_options *options, struct net **ret,
                                     char **ret_why);

/* Is this an address to connect to, or to ask?  Whatever sends a packet to an address that came out
 * of public DNS asks here first, and connects to that very address.  The person's own resolver and
 * proxy need no leave. */
bool net_may_connect(const struct net *net, const char *address);

#endif
