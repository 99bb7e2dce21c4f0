/* SPDX-License-Identifier: MIT */
/* policy_events.h - what is wrong with a domain's policy, told to the collector of TLS sessions.
 *
 * No mail server reports these: Postfix, for one, reports handshakes alone.  So whoever looks at
 * policies does it, once a day for each kind of failure, and MX host, of a domain that has a TLSRPT
 * record: look-ups are not sessions, so that they come more often or seldom says nothing. */
#ifndef APP_POLICY_EVENTS_H
#define APP_POLICY_EVENTS_H

#include <stdint.h>

#include <talloc.h>

#include <mtasts/result.h>
#include <mtasts/status.h>

struct net;
struct policy_events;

/* The outcome of a session that was not made, or of a probe in place of one; "" where a text is not
 * known.  Lines have an end between them. */
struct policy_event {
    const char *domain; /* that mail goes to */
    enum sts_outcome outcome;
    const char *reason;               /* of a failure; for one kind of outcome there are several */
    const char *type, *policy_domain; /* of the policy */
    const char *lines, *mx;           /* its text or records, its patterns */
    const char *host, *address;       /* of the MX host */
};

struct policy_events_request {
    struct net *net;
    /* The domain wants to know; all of it lives until this returns. */
    void (*ready)(void *arg, const struct policy_event *event, const char *record);
    int64_t (*now)(void);
    void *arg;
};

STS_MUST_USE enum sts_status policy_events_new(TALLOC_CTX *ctx,
                                               const struct policy_events_request *request,
                                               struct policy_events **ret);
/* All is copied.  One that does not count in a report (sts_outcome_counts()) is left out. */
void policy_events_tell(struct policy_events *events, const struct policy_event *event);

#endif
