/* SPDX-License-Identifier: MIT */
/* domain_model.h - how one domain is, from its newest check and from what senders report: what
 * happens to its mail, since when, and how that is known. */
#ifndef HISTORY_DOMAIN_MODEL_H
#define HISTORY_DOMAIN_MODEL_H

#include "history/certificate_log.h"
#include "history/check_runs.h"
#include "history/report_series.h"
#include "history/sender_log.h"
#include "rollout/advisory.h"
#include "rules/failures_now.h"

#define SUMMARY_STALE_S (26 * (int64_t)3600) /* a daily check that is late by two hours */

/* By harm.  X(symbol, name) */
#define DOMAIN_STATES(X)                                                                           \
    X(UNCHECKED, "unchecked")         /* no check is stored */                                     \
    X(UNDELIVERABLE, "undeliverable") /* senders find no mail server */                            \
    X(REFUSED, "refused")             /* senders refuse mail servers */                            \
    X(OFF, "off")                     /* MTA-STS is published, and no sender can use it */         \
    X(UNKNOWN, "unknown")             /* it could not be judged from here */                       \
    X(STALE, "stale")                 /* the newest check is old */                                \
    X(PROBLEM, "problem")             /* something else is wrong */                                \
    X(FAILING, "failing")             /* senders report failures that the check does not see */    \
    X(SOON, "soon")                   /* a certificate is about to expire */                       \
    X(ABSENT, "absent")               /* MTA-STS is not published, or is switched off */           \
    X(ONE_SENDER, "one-sender")       /* a single sender reports failures */                       \
    X(READY, "ready")                 /* in testing long enough: enforce is next */                \
    X(SILENT, "silent")               /* a sender that reported has stopped */                     \
    X(EMPTY, "empty")                 /* nobody has reported yet */                                \
    X(TESTING, "testing")                                                                          \
    X(FINE, "fine")

enum domain_state {
#define X(symbol, name) DOMAIN_##symbol,
    DOMAIN_STATES(X)
#undef X
        DOMAIN_STATE_COUNT
};

struct week_sums {
    int64_t successful, failed;
};

struct domain_summary {
    const char *domain;
    int64_t now, days;
    int64_t until; /* a time of the last of these days */
    enum domain_state state;
    enum verdict verdict;          /* of the state: a check that is old or missing is UNKNOWN */
    const struct diagnosis *check; /* of the newest check, at its time; NULL: there is none */
    int64_t checked_at;            /* 0 */
    bool stale;
    int64_t since; /* when its worst finding was found first, in a row; 0: not known */
    struct check_runs runs;
    const struct history *past; /* checks, policies and reports, of all time */
    struct certificate_log certificates;
    struct sender_log senders;     /* of these reports */
    struct week_sums week, before; /* the last seven days with reports, and the seven before */
    int64_t last_report;           /* the end of the last range; 0: there is none */
    /* The rest, and the state, are of the reports of these days; nothing in a brief summary. */
    const struct report_series *series;
    const struct report_view *reports;
    struct failures_now failures;
    bool enforce_now;       /* its next step is enforce, and is due */
    int64_t phase_since;    /* of the roll-out; 0: not known */
    int64_t phase_sessions; /* reported in it */
};

#endif
