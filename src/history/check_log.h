/* SPDX-License-Identifier: MIT */
/* check_log.h - the stored checks of one domain, without their facts.
 *
 * Most checks find what the one before found, so checks in a row that found the same share one list
 * of it: a year of hourly checks costs as much as its changes.  Names of verdicts, postures,
 * deliveries, severities and codes are those of JSON output; a newer mtasts may have stored some
 * that are unknown here. */
#ifndef HISTORY_CHECK_LOG_H
#define HISTORY_CHECK_LOG_H

#include "store/store.h"

struct logged_code {
    const char *code, *severity;
    const char *subject; /* NULL: none */
};

struct logged_codes {
    struct logged_code *list;
    size_t count;
};

struct logged_check {
    int64_t seq; /* as in store.h: the order in which they were stored */
    int64_t observed_at;
    const char *verdict, *posture, *delivery;
    struct logged_codes found;
};

struct check_log {
    struct logged_check *checks; /* by the time of their observation */
    size_t count;
};

/* The checks observed at or after a time; owned by ctx. */
STS_MUST_USE enum sts_status check_log_read(TALLOC_CTX *ctx, struct store *store,
                                            const char *domain, int64_t since,
                                            struct check_log **ret);
/* So many of them, the first ones, were observed at or before a time. */
size_t check_log_until(const struct check_log *log, int64_t at);

/* Same code, severity and subject. */
bool logged_code_is_same(const struct logged_code *a, const struct logged_code *b);
bool logged_code_is_among(const struct logged_code *code, const struct logged_codes *codes);

#endif
