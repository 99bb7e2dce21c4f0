/* SPDX-License-Identifier: MIT */
/* report_series.h - what the stored reports on one domain count, day by day: sessions by sender,
 * failures by sender, MX host and result type; and the totals of all of them. */
#ifndef HISTORY_REPORT_SERIES_H
#define HISTORY_REPORT_SERIES_H

#include "reports/reports.h"
#include "store/store.h"

#define REPORT_SERIES_MAX 100000 /* days of senders, the first; and failures, the newest */

/* NULL: any. */
struct report_pick {
    const char *sender, *mx, *result_type, *sending_ip;
};

struct report_series_request {
    const char *domain;   /* borrowed */
    int64_t since, until; /* reports that begin on the days of that time */
    struct report_pick pick;
};

/* Sessions of one sender that began on a day. */
struct series_sessions {
    const char *name; /* first: the members below joined */
    int64_t day;      /* its midnight */
    const char *sender;
    int64_t successful, failed;
};

struct series_failure {
    const char *name; /* first: the members below joined */
    int64_t day;
    const char *sender, *mx, *result_type; /* "" where not told, the last two */
    int64_t sessions;
};

/* What can be picked; struct tally_count.  Failures as the details of the reports count them. */
struct report_choices {
    struct names senders, mx, result_types, sending_ips;
};

struct report_series {
    size_t reports;
    bool cut;                  /* there is more than REPORT_SERIES_MAX */
    struct names sessions;     /* struct series_sessions, of the senders picked */
    struct names failures;     /* struct series_failure, of what was picked */
    struct report_choices all; /* whatever is picked */
    const struct tally *tally; /* likewise */
    struct names texts;
};

/* Of reports that were revised the last revision counts.  Owned by ctx. */
STS_MUST_USE enum sts_status report_series_read(TALLOC_CTX *ctx, struct store *store,
                                                const struct report_series_request *request,
                                                struct report_series **ret);

/* By day, then by the other members; owned by ctx. */
const struct series_sessions **series_sessions_sorted(TALLOC_CTX *ctx,
                                                      const struct report_series *series);
const struct series_failure **series_failures_sorted(TALLOC_CTX *ctx,
                                                     const struct report_series *series);

#endif
