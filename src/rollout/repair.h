/* SPDX-License-Identifier: MIT */
/* repair.h - after a repair: is it over?
 *
 * A check is bad where it shows a finding that is high or critical.  The repair is the first check
 * after the last bad one that is not.  From then on 48 hours are counted: a report covers a day and
 * comes up to a day later.  A report that begins after the repair and counts failed sessions begins
 * the 48 hours anew at its end; one that began before it may tell of the time before it and counts
 * for nothing.
 *
 * Senders that reported failures before the repair are to confirm it: by a report that begins after
 * it, has sessions, and none that failed.  One that has no mail for the domain reports nothing, so
 * they are waited for a week at the longest.  Pure: times are arguments. */
#ifndef ROLLOUT_REPAIR_H
#define ROLLOUT_REPAIR_H

#include "rollout/forecast.h"

#define REPAIR_CLEAN_S (2 * ADVISORY_DAY)
#define REPAIR_WAIT_S  (7 * ADVISORY_DAY)  /* for senders that do not report */
#define REPAIR_LOOK_S  (30 * ADVISORY_DAY) /* how far back a sender's failures matter */
#define REPAIR_PAUSE_S REPAIR_CLEAN_S      /* clean that long: the next fault is another matter */

enum look { LOOK_CLEAN, LOOK_BAD, LOOK_UNKNOWN };
struct repair_check {
    int64_t at;
    enum look look;
};

enum repair_stage {
    REPAIR_NONE,     /* nothing was ever bad */
    REPAIR_BROKEN,   /* the last check was bad */
    REPAIR_COUNTING, /* the 48 hours are not over */
    REPAIR_WAITING,  /* they are; senders have not confirmed yet */
    REPAIR_DONE,
    REPAIR_STAGES
};
const char *repair_stage_name(enum repair_stage stage); /* "counting" */

enum sender_stage { SENDER_CONFIRMED, SENDER_OUTSTANDING, SENDER_FAILING, SENDER_STAGES };

struct repair {
    int64_t at; /* the time it is judged by */
    enum repair_stage stage;
    int64_t bad_since;           /* the first bad check of this trouble; 0: none */
    int64_t clean_since;         /* the repair; 0: not repaired */
    int64_t reports_clean_since; /* end of the last report with failures; 0: none has any */
    int64_t counted_from;        /* what the 48 hours begin with; 0 */
    int64_t done_at;             /* when it may be called done if all stays as it is; 0 */
    const char **senders[SENDER_STAGES];
    size_t sender_count[SENDER_STAGES];
};

/* What a repair is judged by.  Borrowed. */
struct repair_evidence {
    const struct repair_check *checks; /* in the order of time */
    size_t check_count;
    const struct reported *reports; /* in any */
    size_t report_count;
};

/* What is known at a time; what is later is passed over.  Names are borrowed.  STS_E_NOMEM. */
STS_MUST_USE enum sts_status repair_of(TALLOC_CTX *ctx, const struct repair_evidence *evidence,
                                       int64_t now, struct repair **ret);

/* What is news at a time against an earlier one, as notes; how many: "reports-failing", failures in
 * reports that came in between, and "repair-done". */
size_t repair_news(struct advisory *a, const struct reported *reports, size_t report_count,
                   const struct repair *then, const struct repair *now);
/* Where it stands, as members and notes ("repair-broken", "repair-counting" ...); no note where
 * nothing was bad, or where it was done already then. */
void repair_tell(struct advisory *a, const struct repair *then, const struct repair *now);

#endif
