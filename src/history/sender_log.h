/* SPDX-License-Identifier: MIT */
/* sender_log.h - who reports on a domain, how often, and who has stopped. */
#ifndef HISTORY_SENDER_LOG_H
#define HISTORY_SENDER_LOG_H

#include "history/session_log.h"

struct logged_sender {
    const char *name; /* first */
    size_t reports;
    int64_t successful, failed;
    int64_t first, last; /* begin of the first range, end of the last */
    int64_t interval;    /* usual seconds from one report to the next; 0: too few are known */
    bool silent;         /* it is overdue */
};

struct sender_log {
    struct logged_sender *senders; /* the most sessions first */
    size_t count, silent;
};

/* Of the reports of the log; owned by ctx, names are borrowed from it. */
STS_MUST_USE enum sts_status sender_log_of(TALLOC_CTX *ctx, const struct session_log *log,
                                           int64_t now, struct sender_log *ret);

#endif
