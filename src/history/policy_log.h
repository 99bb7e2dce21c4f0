/* SPDX-License-Identifier: MIT */
/* policy_log.h - the policies that a domain served, and when each was replaced or gone. */
#ifndef HISTORY_POLICY_LOG_H
#define HISTORY_POLICY_LOG_H

#include "history/check_log.h"
#include "rollout/forecast.h"

struct policy_log {
    struct served *policies; /* by the time they were first seen */
    size_t count;
};

/* As it was known at `now`; owned by ctx.  The checks, of all time, tell which policies were no
 * longer there. */
STS_MUST_USE enum sts_status policy_log_read(TALLOC_CTX *ctx, struct store *store,
                                             const char *domain, const struct check_log *checks,
                                             int64_t now, struct policy_log **ret);

#endif
