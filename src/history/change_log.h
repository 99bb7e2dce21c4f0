/* SPDX-License-Identifier: MIT */
/* change_log.h - the changes that a check brings, put into the store with it.
 *
 * They are those of the change feed: a check against what was known before it.  To know that, a
 * dozen earlier checks are read and judged again, so it is done only where it can matter: what a
 * check shows has a hash, and most checks show what the one before them did. */
#ifndef HISTORY_CHANGE_LOG_H
#define HISTORY_CHANGE_LOG_H

#include "rules/rules.h"
#include "store/changes.h"

/* What a check shows, as far as it is compared. */
struct check_shown {
    uint8_t hash[STORE_HASH_SIZE];
    bool settled; /* the same once more is no change */
};
STS_MUST_USE enum sts_status check_shown_of(TALLOC_CTX *ctx, const struct diagnosis *diagnosis,
                                            struct check_shown *ret);

/* Around the writing of a check, in its batch: what was known before it, and then what it changed;
 * seq: the number that it was given. */
STS_MUST_USE enum sts_status change_log_write(struct store *store, const struct store_check *check,
                                              int64_t seq, const struct check_shown *shown,
                                              const struct store_shown *before);

#endif
