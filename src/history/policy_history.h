/* SPDX-License-Identifier: MIT */
/* policy_history.h - what the store knows of one domain, as a roll-out is planned by: policies,
 * checks and reports. */
#ifndef HISTORY_POLICY_HISTORY_H
#define HISTORY_POLICY_HISTORY_H

#include <talloc.h>

#include <mtasts/status.h>

#include "rollout/forecast.h"
#include "store/store.h"

/* Everything stored about the domain until `now`, owned by ctx.  The store is only read. */
STS_MUST_USE enum sts_status policy_history_read(TALLOC_CTX *ctx, struct store *store,
                                                 const char *domain, int64_t now,
                                                 struct history **ret);
/* The same, the reports of one sender and day as one, out of the roll-ups, which a service fills.
 */
STS_MUST_USE enum sts_status policy_history_read_days(TALLOC_CTX *ctx, struct store *store,
                                                      const char *domain, int64_t now,
                                                      struct history **ret);

#endif
