/* SPDX-License-Identifier: MIT */
/* probe.h - observe one domain: everything that does not wait for another answer runs at once.
 *
 *     TXT _mta-sts, TXT _smtp._tls, MX, SOA, A/AAAA mta-sts   -> at once
 *       A/AAAA mta-sts   -> a fetch from each address as soon as it is known
 *       MX               -> A/AAAA of each exchange -> a session with each address
 *       no _mta-sts      -> TXT where a misplaced record could stand (same for _smtp._tls)
 *       no MX answers on port 25 (time-out, refused, no route) -> port 25 of others
 * (port25_control)
 *
 * What is shared with other domains of the run (MX hosts, name servers) is asked and looked at
 * once.
 *
 * A policy host is asked even where no TXT exists, and MX hosts even where there is no policy.
 */
#ifndef NET_PROBE_H
#define NET_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "facts/facts.h"

struct loop;
struct net; /* loop, dns, trust, https: what all probes of a thread share */
struct probe;

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

/* To be freed behind all that uses it: every net, and the facts too, which may hold
 * what other threads saw. */
STS_MUST_USE enum sts_status net_common_new(TALLOC_CTX *ctx, const struct rate_limits *limits,
                                            struct net_common **ret);
/* On an error *ret_why (owned by ctx) is one line for standard error. */
STS_MUST_USE enum sts_status net_new(TALLOC_CTX *ctx, const struct net_options *options,
                                     struct net **ret, char **ret_why);
struct loop *net_get_loop(struct net *net);

typedef void (*probe_done_fn)(void *arg, struct facts *facts);

/* domain: A-labels.  The facts belong to ctx, the handle's parent. */
STS_MUST_USE enum sts_status probe_start(TALLOC_CTX *ctx, struct net *net, const char *domain,
                                         const char *domain_given, probe_done_fn done, void *arg,
                                         struct probe **ret);
/* The same without a domain: facts->vantage alone, all of it, and facts->domain is "". */
STS_MUST_USE enum sts_status probe_place(TALLOC_CTX *ctx, struct net *net, probe_done_fn done,
                                         void *arg, struct probe **ret);
/* End now: the callback comes at the next turn of the loop with what is known; the rest is
 * "unknown" and facts->interrupted is set. */
void probe_interrupt(struct probe *probe);

#endif
