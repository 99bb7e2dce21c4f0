/* SPDX-License-Identifier: MIT */
/* change_feed.c - what has changed about one domain, from where the subscriber is in its log. */
#include "history/change_feed.h"

#include "history/change_feed_work.h"

#define LOOK_BACK_S (60 * ADVISORY_DAY) /* twice as far as a repair looks */

/* ---- what is stored -------------------------------------------------------------------------- */

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Since when checks are needed: for a repair, and for all that is news. */
static enum sts_status find_since(struct feed_work *work, int64_t *ret)
{
    const char *domain = work->request->domain;
    int64_t news_since = INT64_MAX;
    enum sts_status status =
        store_notified(work->store, domain, work->request->subscriber, &work->notified);

    *ret = work->request->now - LOOK_BACK_S;
    if (status || work->notified.at == STORE_NEVER)
        return status;
    status = store_checked_since(work->store, domain, work->notified.seq, &news_since);
    *ret = earlier(*ret, earlier(work->notified.at, news_since));
    return status;
}

static enum sts_status read_store(struct feed_work *work)
{
    const struct change_feed_request *request = work->request;
    int64_t since;
    enum sts_status status = find_since(work, &since);

    if (!status)
        status = check_log_read(work->ctx, work->store, request->domain, since, &work->log);
    if (!status)
        status = session_log_read(work->ctx, work->store, request->domain,
                                  request->now - LOOK_BACK_S, &work->sessions);
    if (status)
        return status;
    work->check_count = check_log_until(work->log, request->now);
    session_log_keep_known(work->sessions, request->now);
    return STS_OK;
}

/* Of a domain of which nothing is stored. */
static enum sts_status read_nothing(struct feed_work *work)
{
    work->log = talloc_zero(work->ctx, struct check_log);
    work->sessions = talloc_zero(work->ctx, struct session_log);
    return work->log && work->sessions ? STS_OK : STS_E_NOMEM;
}

/* ---- the subscriber's place ------------------------------------------------------------------ */

/* Behind all that is in the feed; before what is later than now and is not. */
static struct store_place next_place(const struct feed_work *work)
{
    const struct check_log *log = work->log;
    struct store_place next = work->notified;

    for (size_t i = 0; i < work->check_count; i++)
        if (feed_is_news(work, &log->checks[i]) && log->checks[i].seq > next.seq)
            next.seq = log->checks[i].seq;
    for (size_t i = work->check_count; i < log->count; i++)
        if (feed_is_news(work, &log->checks[i]) && log->checks[i].seq <= next.seq)
            next.seq = log->checks[i].seq - 1;
    if (work->feed->at > next.at)
        next.at = work->feed->at;
    return next;
}

enum sts_status change_feed_begin(struct store *store, const char *domain, const char *subscriber,
                                  int64_t now)
{
    struct store_check *last = NULL;
    struct store_place notified;
    enum sts_status status = store_notified(store, domain, subscriber, &notified);

    if (!status && notified.at == STORE_NEVER)
        status = store_last_check(store, store, domain, now - 1, &last);
    if (!status && last)
        status = store_put_notified(store, domain, subscriber,
                                    (struct store_place){last->seq, last->observed_at});
    talloc_free(last);
    return status;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static enum sts_status make_feed(struct feed_work *work)
{
    const struct change_feed_request *request = work->request;
    struct change_feed *feed = work->feed;
    enum sts_status status;

    feed->advisory = advisory_new(feed, request->domain, NULL, request->now);
    if (!feed->advisory)
        return STS_E_NOMEM;
    feed->advisory->note_limit = FEED_CHANGES_MAX;
    status = work->store ? read_store(work) : read_nothing(work);
    if (!status)
        status = feed_compare(work);
    if (!status)
        status = feed_advisory(work);
    if (status)
        return status;
    feed->known = talloc_steal(feed, work->known);
    feed->notified = work->notified;
    feed->next = next_place(work);
    feed->sessions = session_log_recent(work->sessions, request->now);
    return feed->advisory->no_memory ? STS_E_NOMEM : STS_OK;
}

enum sts_status change_feed_read(TALLOC_CTX *ctx, struct store *store,
                                 const struct change_feed_request *request,
                                 struct change_feed **ret)
{
    struct change_feed *feed = talloc_zero(ctx, struct change_feed);
    struct feed_work work = {.ctx = talloc_new(feed),
                             .store = store,
                             .request = request,
                             .feed = feed,
                             .notified = {.at = STORE_NEVER}};
    enum sts_status status = feed && work.ctx ? make_feed(&work) : STS_E_NOMEM;

    talloc_free(work.ctx);
    if (status)
        talloc_free(feed);
    else
        *ret = feed;
    return status;
}
