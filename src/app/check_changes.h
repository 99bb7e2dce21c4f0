/* SPDX-License-Identifier: MIT */
/* check_changes.h - what is different between two checks of a domain. */
#ifndef APP_CHECK_CHANGES_H
#define APP_CHECK_CHANGES_H

#include "rollout/advisory.h"

/* Notes as of rollout/changes.h.  Both are borrowed; owned by ctx. */
STS_MUST_USE enum sts_status check_changes(TALLOC_CTX *ctx, const struct diagnosis *before,
                                           const struct diagnosis *after, struct advisory **ret);

#endif
