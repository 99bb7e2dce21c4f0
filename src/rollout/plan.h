/* SPDX-License-Identifier: MIT */
/* plan.h - the next step of a roll-out, its removal, and the change of MX hosts; and the way back
 * while mail is being refused.
 *
 * Each writes an advisory: headline, what was seen, the steps with dates, by when each takes
 * effect, and the files that are due now.  None advises to remove host, certificate or record while
 * a sender may still need them.  Pure. */
#ifndef ROLLOUT_PLAN_H
#define ROLLOUT_PLAN_H

#include "rollout/situation.h"

struct plan_wish {
    const char *const *new_mx; /* host names, lower case (plan_migration) */
    size_t new_mx_count;
    bool nsupdate; /* also write the script */
};

/* Where the roll-out stands and what comes next.  RFC 8461 and the usual phases. */
void plan_next(struct advisory *a, const struct situation *s, const struct plan_wish *wish);
/* RFC 8461 section 8.3. */
void plan_remove(struct advisory *a, const struct situation *s, const struct plan_wish *wish);
/* To other MX hosts without a mail refused. */
void plan_migration(struct advisory *a, const struct situation *s, const struct plan_wish *wish);
/* Mail is being refused. */
void plan_rollback(struct advisory *a, const struct situation *s, const struct plan_wish *wish);

/* What follows on a stage when that lasted long enough.  False: nothing. */
bool plan_stage_next(enum stage stage, enum sts_mode *ret_mode, int64_t *ret_max_age);

/* ---- shared by them -------------------------------------------------------------------------- */

/* Members of every JSON of plan and rollback: phase, since, policy. */
void plan_members(struct advisory *a, const struct situation *s);
/* The mx lines to go on with: those of the live policy, else of the one seen last, else what suits
 * the MX hosts. */
const char *const *plan_patterns(struct advisory *a, const struct situation *s, size_t *ret_count);
/* Publish a policy, file first and record second, each with its check: two steps not before `from`
 * (0: at once).  With `due` also the files. */
struct plan_change {
    enum sts_mode mode;
    int64_t max_age;
    const char *const *mx;
    size_t mx_count;
    int64_t from;
    bool due;
    int64_t ttl;      /* of the record; 0: the usual one */
    const char *text; /* msgid of its first step, with {mode} and {max_age}; NULL: the usual one */
};
void plan_change(struct advisory *a, const struct situation *s, const struct plan_wish *wish,
                 const struct plan_change *change);
/* By when such a change takes effect, made at that time: who holds the live policy, or an older
 * one that `matters` (NULL: all).  The last of them is returned. */
int64_t plan_effective_by(struct advisory *a, const struct situation *s, int64_t at,
                          served_matters matters, void *arg);
/* Where no policy can be fetched now: who may still go by an enforce policy of the past, and until
 * when.  False: nobody, as far as is known. */
bool plan_note_held(struct advisory *a, const struct situation *s);
/* The domain does not exist, or nothing of it could be seen from here: the advisory says so and
 * nothing else.  False: neither. */
bool advisory_no_plan(struct advisory *a, const struct diagnosis *d);
/* "7" or "0.5": days of seconds, for sentences. */
const char *plan_days(struct advisory *a, int64_t seconds);

#endif
