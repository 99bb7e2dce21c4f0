/* SPDX-License-Identifier: MIT */
/* change_feed.h - what has become of one domain, from the checks and reports that the store keeps.
 *
 * The checks are the log, numbered as they were kept, and the number up to which a listener was
 * told is its place in it.  What came after is told, check by check; the place moves on only when
 * that was delivered.  So whoever was killed, or could not deliver, tells it again, and nothing is
 * lost: neither what was seen twice in a second, nor what was kept late or by a clock that was set
 * back. A check is compared with the one observed before it.  Checks that others kept (check
 * --save) are part of the log. */
#ifndef HISTORY_CHANGE_FEED_H
#define HISTORY_CHANGE_FEED_H

#include "history/sessions.h"
#include "rollout/outline.h"
#include "store/store.h"

struct change_feed_request {
    const char *domain;
    const char *listener;
    int64_t now;               /* no check and no report of later */
    struct bytes unkept;       /* facts of a check that the store could not take; NULL: none */
    bool seen;                 /* in this pass; else what is known stands */
    struct bytes blind;        /* facts that say why nothing was seen; NULL: none */
    int64_t warn_days;         /* to judge by; 0: the default */
    enum severity least_shown; /* of the findings that are still there */
};

struct change_feed {
    struct outline *outline;
    size_t changes;              /* 0: nothing to tell */
    int64_t at;                  /* of the newest check; 0: there is none */
    struct store_place told;     /* the listener's place; at STORE_NEVER: it has none yet */
    struct store_place next;     /* its place when it was told this */
    struct diagnosis *diagnosis; /* of the newest check; NULL */
    struct recent_sessions sessions;
};

/* To be called before the first check of a pass is kept: who listens for the first time is told of
 * what comes after the checks that are there. */
STS_MUST_USE enum sts_status change_feed_begin(struct store *store, const char *domain,
                                               const char *listener, int64_t now);
/* store NULL: nothing is known of earlier.  The strings of the wish are borrowed. */
STS_MUST_USE enum sts_status change_feed_read(TALLOC_CTX *ctx, struct store *store,
                                              const struct change_feed_request *wish,
                                              struct change_feed **ret);

#endif
