/* SPDX-License-Identifier: MIT */
/* check_runs.h - the checks of a log, those in a row that found the same taken together, and what
 * each run found that the one before did not. */
#ifndef HISTORY_CHECK_RUNS_H
#define HISTORY_CHECK_RUNS_H

#include "history/check_log.h"

struct same_checks {
    int64_t first, last; /* when it was found; seconds, UTC */
    size_t checks;
    const char *verdict, *posture, *delivery;
    struct logged_codes found;
    struct logged_codes appeared, gone; /* against the run before; the first has all appear */
};

struct check_runs {
    struct same_checks *list;
    size_t count;
};

/* Of so many checks, in the order of time; `each`: every check is a run of its own.  The lists are
 * owned by ctx, texts are borrowed from the checks. */
STS_MUST_USE enum sts_status check_runs_of(TALLOC_CTX *ctx, const struct logged_check *checks,
                                           size_t count, bool each, struct check_runs *ret);

#endif
