/* SPDX-License-Identifier: MIT */
/* change_feed.h - what has changed about one domain, from the stored checks and reports.
 *
 * The checks are the log, numbered as they were stored, and the number up to which a subscriber was
 * notified is its place in it.  The feed lists what came after, check by check; the place moves on
 * only when that was delivered.  So whoever was killed, or could not deliver, delivers it again,
 * and nothing is lost: neither what was seen twice in a second, nor what was stored late or by a
 * clock that was set back.  A check is compared with the one observed before it.  Checks that
 * others stored (check --save) are part of the log. */
#ifndef HISTORY_CHANGE_FEED_H
#define HISTORY_CHANGE_FEED_H

#include "history/session_log.h"
#include "rollout/advisory.h"
#include "rules/rules.h"
#include "store/store.h"

/* The check of this pass, as whoever made it still has it: it is neither read nor judged again. */
struct fresh_check {
    const struct facts *facts;         /* NULL: there is none */
    const struct diagnosis *diagnosis; /* of them, by warn_days; NULL: it is made anew */
    int64_t seq;                       /* in the log; 0: the store could not take it */
};

/* All is borrowed until the feed is freed. */
struct change_feed_request {
    const char *domain;
    const char *subscriber; /* as in store.h: any text */
    int64_t now;            /* no check and no report of later */
    struct fresh_check fresh;
    bool seen;                 /* in this pass; else what is known stands */
    const struct facts *blind; /* they say why nothing was seen; NULL: none */
    int64_t warn_days;         /* to judge by; 0: the default */
    enum severity least_shown; /* of the findings that are still there */
};

struct state;

struct change_feed {
    struct advisory *advisory;
    size_t changes;                    /* 0: nothing to notify anybody of */
    int64_t at;                        /* of the newest check; 0: there is none */
    struct store_place notified;       /* the subscriber's place; at STORE_NEVER: it has none yet */
    struct store_place next;           /* its place when it was notified of this */
    const struct diagnosis *diagnosis; /* of the newest check; NULL */
    struct recent_sessions sessions;
    const struct state *known; /* after the newest check (rollout/state.h) */
};

/* To be called before the first check of a pass is stored: who subscribes for the first time is
 * notified of what comes after the checks that are there. */
STS_MUST_USE enum sts_status change_feed_begin(struct store *store, const char *domain,
                                               const char *subscriber, int64_t now);
/* store NULL: nothing is known of earlier.  Owned by ctx. */
STS_MUST_USE enum sts_status change_feed_read(TALLOC_CTX *ctx, struct store *store,
                                              const struct change_feed_request *request,
                                              struct change_feed **ret);

#endif
