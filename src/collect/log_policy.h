/* SPDX-License-Identifier: MIT */
/* log_policy.h - a session out of a log (log_sessions.h) as an event: by which policy it was
 * secured, which a log does not say: pure. */
#ifndef COLLECT_LOG_POLICY_H
#define COLLECT_LOG_POLICY_H

#include "collect/log_sessions.h"
#include "collect/session_event.h"

struct log_policy {
    const char *domain; /* that mail goes to */
    const char *record; /* its TLSRPT record */
    /* How the policy daemon answers mail servers: "secure", "dane", "dane-only", another word;
     * NULL: nobody knows. */
    const char *answer;
    const char *lines, *mx; /* its policy, as events have it; "" */
};

/* One policy with one failure at most, borrowed from both; refers to itself. */
struct log_event {
    struct session_event event;
    struct session_policy policy;
    struct session_failure failure;
};
/* False: some policy was applied, and nobody knows which. */
bool log_policy_event(const struct log_policy *known, const struct log_session *session,
                      struct log_event *ret);

#endif
