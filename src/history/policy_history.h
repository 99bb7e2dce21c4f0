/* SPDX-License-Identifier: MIT */
/* policy_history.h - the store's memory of one domain, as rollout/ wants it. */
#ifndef HISTORY_POLICY_HISTORY_H
#define HISTORY_POLICY_HISTORY_H

#include <talloc.h>

#include <mtasts/status.h>

#include "rollout/forecast.h"
#include "store/store.h"

/* Everything kept about the domain until `now`, owned by ctx.  The store is only read. */
STS_MUST_USE enum sts_status policy_history_read(TALLOC_CTX *ctx, struct store *store,
                                                 const char *domain, int64_t now,
                                                 struct history **ret);
/* The same without reports: who asks for the policies needs the checks that saw them gone. */
STS_MUST_USE enum sts_status policy_history_policies(TALLOC_CTX *ctx, struct store *store,
                                                     const char *domain, int64_t now,
                                                     struct history **ret);

#endif
