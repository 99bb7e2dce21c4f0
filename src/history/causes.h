/* SPDX-License-Identifier: MIT */
/* causes.h - what is wrong with many domains, by what they have in common: one row for an MX host
 * whose certificate has expired, not one for each domain whose mail goes there.
 *
 * The findings of the newest checks with a severity from medium up are gathered by their key
 * (cause_key.h).  A domain counts once in each cause that it has.  Where several domains have the
 * same fault each by itself, on a host that no other uses, they are one row, of its code. */
#ifndef HISTORY_CAUSES_H
#define HISTORY_CAUSES_H

#include "history/cause_model.h"
#include "store/domain_list.h"
#include "store/rollups.h"

#define CAUSES_DAYS   7   /* of the sessions that were lost */
#define CAUSES_JUDGED 100 /* so many, the first ones, have a finding */
#define CAUSES_STALE_S                                                                             \
    ((int64_t)26 * 60 * 60) /* without a check for so long: nobody looks any more */

/* Of the domains that are seen.  Owned by ctx. */
STS_MUST_USE enum sts_status causes_read(TALLOC_CTX *ctx, struct store *store,
                                         const struct store_sight *sight, int64_t now,
                                         struct causes **ret);

/* Part of it: the findings of the first CAUSES_JUDGED. */
STS_MUST_USE enum sts_status causes_judge(struct causes *causes, struct store *store, int64_t now);

#endif
