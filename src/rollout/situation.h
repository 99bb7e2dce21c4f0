/* SPDX-License-Identifier: MIT */
/* situation.h - where a roll-out stands: what is live, since when, what blocks going on.
 *
 * The phases are those in which MTA-STS is usually brought in: testing for a day, testing for a
 * week, enforce for a week, enforce for a month; stages here, as facts.h has phases of its own.
 * Pure: facts (in a diagnosis), history, a time. */
#ifndef ROLLOUT_SITUATION_H
#define ROLLOUT_SITUATION_H

#include "rollout/forecast.h"

#define AGE_DAY   ADVISORY_DAY
#define AGE_WEEK  (7 * ADVISORY_DAY)
#define AGE_MONTH (30 * ADVISORY_DAY)

enum stage {
    STAGE_ABSENT,       /* nothing is published */
    STAGE_BROKEN,       /* something is, and no sender can use it */
    STAGE_UNSEEN,       /* it could not be seen what is */
    STAGE_NONE,         /* mode none */
    STAGE_TESTING,      /* max_age below a week */
    STAGE_TESTING_WEEK, /* a week or more */
    STAGE_ENFORCE_DAY,  /* below a week */
    STAGE_ENFORCE_WEEK, /* below a month */
    STAGE_ENFORCE,      /* the last one */
};
const char *stage_name(enum stage stage); /* "testing-week" */

/* What a finding has to do with going on. */
enum blocks {
    BLOCKS_NOTHING,
    BLOCKS_VIEW,   /* whether enforce would lose mail could not be seen */
    BLOCKS_POLICY, /* senders cannot rely on the policy, and nothing could be taken back */
    BLOCKS_MAIL,   /* senders that enforce refuse a mail server for it */
};
enum blocks finding_blocks(const struct finding *finding);

struct situation {
    const struct diagnosis *d;
    const struct history *past;
    int64_t now;
    enum stage stage;
    int64_t since; /* of the phase; 0: not known */
    bool told;     /* ... as the person says */
    /* Without failure since: the begin of the phase, or after the last bad check or report in it;
     * 0: not known. */
    int64_t clean;
    int64_t last_failed;               /* end of the last report with failures in the phase; 0 */
    int64_t successful, failed;        /* sessions reported in the phase */
    int64_t first_report, last_report; /* ranges of those reports; 0: none */
    enum blocks worst;                 /* of the live findings */
};

/* since_told: as the person says, 0: not.  history may be NULL. */
void situation_read(struct situation *s, const struct diagnosis *d, const struct history *past,
                    int64_t since_told, int64_t now);

enum stage stage_of(enum sts_mode mode, int64_t max_age);

/* The ids ever seen, for new_id(): of the live record, and of the past. */
const char *situation_new_id(struct advisory *a, const struct situation *s);

/* The live findings that hinder, as notes.  Those about the mail servers alone where `mail_only`
 * (nothing is published yet).  `most`: no note is made to weigh more. */
void situation_notes(struct advisory *a, const struct situation *s, bool mail_only,
                     enum severity most);

/* Does this served policy make senders refuse mail? */
bool served_enforces(void *arg, const struct served *served);
/* ... could it still be held for anything but "none"? */
bool served_matters_at_all(void *arg, const struct served *served);

#endif
