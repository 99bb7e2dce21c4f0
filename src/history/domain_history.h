/* SPDX-License-Identifier: MIT */
/* domain_history.h - what the store knows of one domain, to be shown: what its checks found, the
 * policies it served, the sessions that were reported. */
#ifndef HISTORY_DOMAIN_HISTORY_H
#define HISTORY_DOMAIN_HISTORY_H

#include "history/check_runs.h"
#include "history/policy_log.h"
#include "history/session_log.h"

struct domain_history_request {
    const char *domain; /* borrowed */
    int64_t now;        /* nothing of later */
    bool since_known;
    int64_t since; /* what held at that time, and what came after; INT64_MIN where not known */
    bool each;     /* every check by itself */
};

struct domain_history {
    const char *domain;
    int64_t now;
    bool since_known;
    int64_t since;
    struct check_runs runs; /* by time; the first may have begun before `since` */
    size_t checks;
    struct served *policies; /* by the time they were first seen */
    size_t policy_count;
    struct names days; /* struct session_sums */
    size_t reports;
};

/* store NULL: nothing was ever stored.  Owned by ctx. */
STS_MUST_USE enum sts_status domain_history_read(TALLOC_CTX *ctx, struct store *store,
                                                 const struct domain_history_request *request,
                                                 struct domain_history **ret);

/* Nothing is stored of the domain. */
bool domain_history_is_empty(const struct domain_history *history);

#endif
