/* SPDX-License-Identifier: MIT */
/* policy_events.h - policies that cannot be had, told to the collector of TLS sessions.
 *
 * No mail server reports these: Postfix, for one, reports handshakes alone.  So whoever fetches the
 * policies does it, once a day and domain, if the domain has a TLSRPT record. */
#ifndef APP_POLICY_EVENTS_H
#define APP_POLICY_EVENTS_H

#include <stdint.h>

#include <talloc.h>

#include <mtasts/result.h>
#include <mtasts/status.h>

struct net;
struct policy_events;

struct policy_events_request {
    struct net *net;
    /* The domain wants to know; all of it lives until this returns. */
    void (*ready)(void *arg, const char *domain, const char *record, enum sts_outcome outcome);
    int64_t (*now)(void);
    void *arg;
};

STS_MUST_USE enum sts_status policy_events_new(TALLOC_CTX *ctx,
                                               const struct policy_events_request *request,
                                               struct policy_events **ret);
/* outcome: one of POLICY_...; whatever does not fit is left out. */
void policy_events_failed(struct policy_events *events, const char *domain,
                          enum sts_outcome outcome);

#endif
