/* SPDX-License-Identifier: MIT */
/* probe.h - observe one domain: everything that does not wait for another answer runs at once.
 *
 *     TXT _mta-sts, TXT _smtp._tls, MX, SOA, A/AAAA mta-sts   -> at once
 *       A/AAAA mta-sts   -> a fetch from each address as soon as it is known
 *       MX               -> A/AAAA of each exchange -> a session with each address
 *       no _mta-sts      -> TXT where a misplaced record could stand (same for _smtp._tls)
 *       no MX answers on port 25 (time-out, refused, no route) -> port 25 of others
 *
 * What is shared with other domains of the run (MX hosts, name servers) is asked and looked at
 * once.
 *
 * A policy host is asked even where no TXT exists, and MX hosts even where there is no policy.
 */
#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "facts/facts.h"
#include "facts/look_progress.h"

struct net; /* what all probes of a thread share: net.h */
struct probe;

typedef void (*probe_done_fn)(void *arg, struct facts *facts);
typedef void (*probe_so_far_fn)(void *arg, const struct facts *facts,
                                const struct look_progress *progress);

struct probe_request {
    const char *domain; /* A-labels */
    const char *domain_given;
    probe_done_fn done;
    /* More is known than before: the facts as they would be if the look were stopped now, which
     * live until it returns.  It must not free the probe.  NULL. */
    probe_so_far_fn so_far;
    void *arg; /* of both */
};
/* The facts belong to ctx, the handle's parent. */
STS_MUST_USE enum sts_status probe_start(TALLOC_CTX *ctx, struct net *net,
                                         const struct probe_request *request, struct probe **ret);
/* The same without a domain: facts->vantage alone, all of it, and facts->domain is "". */
STS_MUST_USE enum sts_status probe_place(TALLOC_CTX *ctx, struct net *net, probe_done_fn done,
                                         void *arg, struct probe **ret);
/* End now: the callback comes at the next turn of the loop with what is known; the rest is
 * "unknown" and facts->interrupted is set. */
void probe_interrupt(struct probe *probe);

#endif
