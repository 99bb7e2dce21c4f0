/* SPDX-License-Identifier: MIT */
/* failure_kinds.h - the rows of failures by kind, as the totals of reports have them: the same
 * sender, MX host, result type and reason, under the same policy. */
#ifndef HISTORY_FAILURE_KINDS_H
#define HISTORY_FAILURE_KINDS_H

#include "reports/reports.h"
#include "store/rollups.h"

struct failure_kind {
    const char *name; /* first: what makes the kind, joined */
    struct tally_failure failure;
    int64_t policy;              /* its number in the store; 0: not known */
    int64_t first_day, last_day; /* of the reports with it */
    size_t sender;               /* its place among the senders */
    int64_t once;                /* sessions of it that no other type of policy tells too */
};

struct failure_kinds;

/* The domain is borrowed.  NULL: no memory. */
struct failure_kinds *failure_kinds_new(TALLOC_CTX *ctx, const char *domain);
/* The days come before the failures; written: the sender's name.  False: no memory. */
bool failure_kinds_add_day(struct failure_kinds *kinds, const struct store_sender_day *day,
                           const char *written);
/* Its kind, until the next one is added; NULL: no memory. */
const struct failure_kind *failure_kinds_add(struct failure_kinds *kinds,
                                             const struct store_day_failure *from);
/* struct failure_kind. */
const struct names *failure_kinds_list(const struct failure_kinds *kinds);
/* Into the totals: the failures, and the policies that senders used last. */
STS_MUST_USE enum sts_status failure_kinds_tell(struct failure_kinds *kinds, struct store *store,
                                                struct tally *tally);

#endif
