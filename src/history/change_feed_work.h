/* SPDX-License-Identifier: MIT */
/* change_feed_work.h - private to change_feed*.c and
 * change_log.c: what the making of a feed has in hand. */
#ifndef HISTORY_CHANGE_FEED_WORK_H
#define HISTORY_CHANGE_FEED_WORK_H

#include "history/change_feed.h"
#include "history/check_log.h"
#include "rollout/state.h"

#define FEED_CHANGES_MAX 1000 /* listed of one pass; nobody reads more */
#define FEED_OTHERS_MAX  1000 /* notes of anything else */

struct feed_work {
    TALLOC_CTX *ctx;
    struct store *store; /* NULL: nothing is known of earlier */
    const struct change_feed_request *request;
    struct change_feed *feed;
    struct store_place notified; /* at STORE_NEVER: of nothing */
    int64_t only;                /* news is that check alone; 0: what is behind the place */
    struct check_log *log;       /* of two months, or since the first not notified */
    size_t check_count;          /* of the log, those that are not later than now */
    struct session_log *sessions;
    struct state *known;
    TALLOC_CTX *newest; /* facts and diagnosis of feed->diagnosis */
};

/* Is it behind the subscriber's place? */
static inline bool feed_is_news(const struct feed_work *work, const struct logged_check *check)
{
    if (work->only)
        return check->seq == work->only;
    return work->notified.at == STORE_NEVER || check->seq > work->notified.seq;
}

/* change_feed_compare.c: what the checks changed, as notes; feed->diagnosis and feed->at. */
STS_MUST_USE enum sts_status feed_compare(struct feed_work *work);
/* change_feed_advisory.c: all but the changes. */
STS_MUST_USE enum sts_status feed_advisory(struct feed_work *work);

#endif
