/* SPDX-License-Identifier: MIT */
/* session_log.h - TLS sessions that the stored reports on one domain count. */
#ifndef HISTORY_SESSION_LOG_H
#define HISTORY_SESSION_LOG_H

#include "reports/names.h"
#include "rollout/forecast.h"
#include "store/store.h"

struct session_log {
    struct reported *reports; /* by the begin of their ranges */
    size_t count;
};

/* Of the reports whose range ends at or after a time; owned by ctx. */
STS_MUST_USE enum sts_status session_log_read(TALLOC_CTX *ctx, struct store *store,
                                              const char *domain, int64_t since,
                                              struct session_log **ret);
/* Of all of them, those of one sender and day as one, out of the roll-ups (store/rollups.h): for
 * pages, where there may be many.  They came in when they ended. */
STS_MUST_USE enum sts_status session_log_read_days(TALLOC_CTX *ctx, struct store *store,
                                                   const char *domain, struct session_log **ret);
/* The store knows senders by a key in lower case: put the names that they write in their reports in
 * its place, to be shown.  The sums are of the same senders before and after. */
STS_MUST_USE enum sts_status session_log_name_senders(struct session_log *log, struct store *store,
                                                      const char *domain);
/* So many of them, the first ones, begin at or before a time. */
size_t session_log_until(const struct session_log *log, int64_t at);
/* Leave out those whose range had not ended, or that had not come in, by that time. */
void session_log_keep_known(struct session_log *log, int64_t now);

/* Those of the last days. */
#define RECENT_SESSIONS_DAYS 7
struct recent_sessions {
    bool any; /* there is a report, of whatever time */
    int64_t successful, failed;
    int64_t last_report; /* the end of the last one */
};
struct recent_sessions session_log_recent(const struct session_log *log, int64_t now);

/* Sessions that began on a day, or those of one sender on it. */
struct session_sums {
    const char *name; /* first: "2026-11-01", or the sender */
    int64_t successful, failed;
    struct names senders; /* of a day; struct session_sums */
};

/* The sums of the first reports of the log by day, each with those of its senders; struct
 * session_sums, owned by ctx. */
STS_MUST_USE enum sts_status session_log_by_day(TALLOC_CTX *ctx, const struct session_log *log,
                                                size_t count, struct names *ret);

#endif
