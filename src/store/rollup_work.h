/* SPDX-License-Identifier: MIT */
/* rollup_work.h - the roll-ups (rollups.h) as the verbs that store checks and reports keep them;
 * private to store/.  All of it in a batch. */
#ifndef STORE_ROLLUP_WORK_H
#define STORE_ROLLUP_WORK_H

#include "store/db.h"

/* That check was just stored, with its number. */
STS_MUST_USE enum sts_status rollup_check_stored(struct store *store, int64_t domain,
                                                 const struct store_check *check);

/* The sessions of a report that counts, whose failures were added as such. */
STS_MUST_USE enum sts_status rollup_count_new(struct store *store, int64_t id);
/* The report counts from now on, or no longer. */
STS_MUST_USE enum sts_status rollup_count_report(struct store *store, int64_t id, bool counts);
/* Is it in the roll-ups, or is it one of those to be filled? */
STS_MUST_USE enum sts_status rollup_covers(struct store *store, int64_t id, bool *ret);
/* The kinds of failures that a report counts; which sender and day. */
struct rollup_failures {
    int64_t report, begins;
    const char *submitter;
    bool counts;
    const struct store_failure *list;
    size_t count;
};
STS_MUST_USE enum sts_status rollup_add_failures(struct store *store,
                                                 const struct rollup_failures *failures);
/* Before and after the reports are forgotten. */
STS_MUST_USE enum sts_status rollup_before_prune(struct store *store, int64_t before);
STS_MUST_USE enum sts_status rollup_after_prune(struct store *store, int64_t before);

#endif
