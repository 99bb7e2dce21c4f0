/* SPDX-License-Identifier: MIT */
/* failures_now.h - what reports say failed, each beside what a check sees of it now. */
#ifndef RULES_FAILURES_NOW_H
#define RULES_FAILURES_NOW_H

#include "rules/report_rules.h"

/* X(symbol, name) */
#define FAILURE_STATES(X)                                                                          \
    X(PERSISTS, "persists")       /* the check shows the same fault */                             \
    X(FIXED, "fixed")             /* it does not, and since a time nothing else does either */     \
    X(ONE_SENDER, "one-sender")   /* it does not, and a single sender reports it */                \
    X(NOT_SEEN, "not-seen")       /* it does not; later reports decide */                          \
    X(UNDECIDED, "undecided")     /* a check cannot tell */                                        \
    X(NOT_CHECKED, "not-checked") /* there is no check of the domain */

enum failure_state {
#define X(symbol, name) FAILURE_##symbol,
    FAILURE_STATES(X)
#undef X
        FAILURE_STATE_COUNT
};
const char *failure_state_name(enum failure_state state);

/* A finding that a check had and the one after it had no longer, at that time. */
struct failure_gone {
    const char *code, *subject;
    int64_t at;
};

struct failure_now {
    const struct finding *failure; /* its likely cause and the rest of what is said of it */
    const char *domain;
    const char *mx;          /* "" where none is told, as are the next three */
    const char *result_type; /* of RFC 8460 4.3 */
    const char *senders;     /* with commas between, as are the addresses */
    const char *sending_ips;
    int64_t sessions;
    int64_t first, last; /* the days of the first and the last report, at midnight; 0: not known */
    enum failure_state state;
    const char *codes;  /* PERSISTS: of the findings; NULL */
    int64_t since;      /* FIXED */
    int64_t checked_at; /* 0: not */
};

struct failures_now {
    struct failure_now *list; /* the most sessions first */
    size_t count;
};

/* The view was made with the checks.  gone: what earlier checks found; may be empty.  All is
 * borrowed but the list, which is owned by ctx. */
struct failures_now_request {
    const struct report_view *view;
    const struct diagnosis *const *checks;
    size_t check_count;
    const struct failure_gone *gone;
    size_t gone_count;
};
STS_MUST_USE enum sts_status failures_now(TALLOC_CTX *ctx,
                                          const struct failures_now_request *request,
                                          struct failures_now *ret);

/* Is it a kind of failure that reports tell, and not something that is said of one? */
bool report_finding_is_failure(const struct finding *finding);
/* What the check says of a failure: REPORT_CONFIRMED or REPORT_NOT_CONFIRMED; NULL: nothing. */
const struct finding *report_failure_checked(const struct report_view *view,
                                             const struct finding *failure);

#endif
