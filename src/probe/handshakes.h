/* SPDX-License-Identifier: MIT */
/* handshakes.h - further handshakes with one address; private to probe/. */
#ifndef PROBE_HANDSHAKES_H
#define PROBE_HANDSHAKES_H

#include <stdbool.h>
#include <stdint.h>

#include <mtasts/status.h>

#include "probe/work.h"

/* With a policy host (fetched) or with an MX host (look), where the result goes. */
struct handshakes_request {
    const char *host, *address;
    int64_t port;
    const struct tls_session *first;
    struct policy_fetch *fetched;
    struct mx_look *look;
    const char *base; /* one handshake with this name in place of the host's; NULL: those of
                         tls_offer.c */
};
STS_MUST_USE enum sts_status handshakes_start(struct probe *probe,
                                              const struct handshakes_request *request);

#endif
