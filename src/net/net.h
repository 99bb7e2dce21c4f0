/* SPDX-License-Identifier: MIT */
/* net.h - what all probes of a thread share, and what all threads of a run. */
#ifndef NET_NET_H
#define NET_NET_H

#include "net/probe.h"

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
    bool route_ipv4, route_ipv6; /* is there one? */
    const char *shortage;        /* room.h: nothing can be looked at; NULL */
    struct observer observer;    /* how it looks, for every domain's facts */
};

/* Is this an address to connect to, or to ask?  Whatever sends a packet to an address that came out
 * of public DNS asks here first, and connects to that very address.  The person's own resolver and
 * proxy need no leave. */
bool net_may_connect(const struct net *net, const char *address);

#endif
