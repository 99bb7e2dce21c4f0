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
    const int64_t *policies; /* numbers of the policies that the failures name by their places */
    const struct store_failure *list;
    size_t count;
};
STS_MUST_USE enum sts_status rollup_add_failures(struct store *store,
                                                 const struct rollup_failures *failures);
/* The number of a policy as it was reported, which a day had. */
STS_MUST_USE enum sts_status rollup_policy(struct store *store, TALLOC_CTX *work,
                                           const struct store_report_policy *policy, int64_t day,
                                           int64_t *ret);
/* How a sender writes its name in a report on that domain; NULL: it does not. */
STS_MUST_USE enum sts_status rollup_sender_name(struct store *store, TALLOC_CTX *work,
                                                int64_t domain, const char *submitter,
                                                const char *name);
/* Before and after the reports are forgotten. */
STS_MUST_USE enum sts_status rollup_before_prune(struct store *store, int64_t before);
STS_MUST_USE enum sts_status rollup_after_prune(struct store *store, int64_t before);

#endif
