/* SPDX-License-Identifier: MIT */
/* watcher.c - a pass: looks are gathered, and of each domain the newest tells its news. */
#include "app/watcher.h"

#include "app/watcher_work.h"
#include "base/array.h"
#include "facts/facts_copy.h"
#include "reports/names.h"
#include "verdict/place.h"

enum sts_status watcher_new(TALLOC_CTX *ctx, const struct watcher_request *request,
                            struct watcher **ret)
{
    struct watcher *watcher = talloc_zero(ctx, struct watcher);

    if (!watcher)
        return STS_E_NOMEM;
    watcher->request = *request;
    watcher->store = request->store;
    if (request->store &&
        store_writer_new(watcher, request->loop, request->where, &watcher->writer) != STS_OK) {
        talloc_free(watcher);
        return STS_E_NOMEM;
    }
    *ret = watcher;
    return STS_OK;
}

/* ---- looking --------------------------------------------------------------------------------- */

static struct watcher_look *add_look(struct watcher *watcher, const char *domain)
{
    char *name = talloc_strdup(watcher, domain);
    struct watcher_look *look =
        name ? array_grow(watcher, &watcher->looks, &watcher->look_count, sizeof(*look)) : NULL;

    if (look)
        look->domain = name;
    return look;
}

bool watcher_is_blind(const struct facts *facts)
{
    return facts->shortage || place_is_blind(facts);
}

static bool is_told_why(struct watcher *watcher)
{
    bool told = watcher->blindness_told && watcher->request.blind_once;

    watcher->blindness_told = true;
    return told;
}

/* What is old is forgotten by this time, so it must not come from a clock that is fast, nor from
 * facts that say they are of the future. */
static int64_t surely_past(const struct watcher *watcher, const struct facts *facts, int64_t at)
{
    int64_t now = watcher->request.now;

    if (facts->vantage && facts->vantage->clock_known && facts->vantage->clock_offset < 0)
        at += facts->vantage->clock_offset;
    return at < now ? at : now;
}

enum sts_status watcher_take(struct watcher *watcher, const struct facts *facts)
{
    bool blind = watcher_is_blind(facts);
    struct watcher_look *look;

    if (facts->interrupted)
        return STS_OK;
    look = add_look(watcher, facts->domain);
    if (!look)
        return STS_E_NOMEM;
    look->at = watcher->request.at_now ? watcher->request.now : facts->observed_at;
    look->surely = surely_past(watcher, facts, look->at);
    look->seen = !blind;
    if (!blind)
        return watcher_store_look(watcher, watcher->look_count - 1, facts);
    if (is_told_why(watcher))
        return STS_OK;
    if (facts_copy(watcher, facts, &look->blind) != STS_OK)
        return STS_E_NOMEM;
    look->blind->observed_at = look->at;
    return STS_OK;
}

/* ---- telling --------------------------------------------------------------------------------- */

static bool has_moved(const struct change_feed *feed)
{
    return feed->next.at != STORE_NEVER &&
           (feed->next.seq > feed->notified.seq || feed->next.at > feed->notified.at);
}

static void tell_feed(struct watcher *watcher, const struct watcher_look *look,
                      struct change_feed *feed)
{
    struct watcher_telling *telling = &watcher->tellings[watcher->telling_count++];

    *telling = (struct watcher_telling){
        .news = {look->domain, look->seen, look->blind != NULL, feed},
        .place = feed->next,
        .may_move = has_moved(feed) && (look->stored || !look->seen),
    };
    watcher->request.news(watcher->request.arg, &telling->news);
    telling->news.feed = NULL;
}

/* A store that cannot be read: what was seen is still worth a word. */
static enum sts_status read_feed(struct watcher *watcher, struct change_feed_request *request,
                                 const struct watcher_look *look, struct change_feed **ret)
{
    enum sts_status status = change_feed_read(watcher, watcher->store, request, ret);

    if (status != STS_E_IO)
        return status;
    if (!watcher->store_failed)
        watcher_fault(watcher, status, watcher->store);
    watcher->store_failed = true; /* for the writer too: it is said once */
    watcher->store = NULL;
    request->unstored = look->facts;
    return change_feed_read(watcher, NULL, request, ret);
}

static void tell_look(struct watcher *watcher, const struct watcher_look *look)
{
    struct change_feed_request request = {
        .domain = look->domain,
        .subscriber = watcher->request.subscriber,
        .now = look->at,
        .unstored = look->stored ? NULL : look->facts,
        .seen = look->seen,
        .blind = look->blind,
        .warn_days = watcher->request.warn_days,
        .least_shown = SEVERITY_MEDIUM,
    };
    struct change_feed *feed;
    enum sts_status status = read_feed(watcher, &request, look, &feed);

    if (status) {
        watcher_fault(watcher, status, NULL);
        return;
    }
    tell_feed(watcher, look, feed);
    talloc_free(feed);
}

/* Of several looks at one domain the newest represents it. */
struct newest {
    const char *name; /* of the domain */
    const struct watcher_look *look;
};

static bool find_newest(const struct watcher *watcher, struct names *newest)
{
    for (size_t i = 0; i < watcher->look_count; i++) {
        const struct watcher_look *look = &watcher->looks[i];
        struct newest *known = names_get(newest, look->domain);

        if (!known)
            return false;
        if (!known->look || look->at >= known->look->at)
            known->look = look;
    }
    return true;
}

static bool is_newest(const struct names *newest, const struct watcher_look *look)
{
    const struct newest *known = names_find(newest, look->domain);

    return known && known->look == look;
}

void watcher_tell(struct watcher *watcher)
{
    struct names newest;

    watcher_settle(watcher);
    watcher->tellings =
        talloc_zero_array(watcher, struct watcher_telling, (unsigned)watcher->look_count + 1);
    names_begin(&newest, watcher, sizeof(struct newest));
    if (!watcher->tellings || !find_newest(watcher, &newest)) {
        watcher_fault(watcher, STS_E_NOMEM, NULL);
        return;
    }
    for (size_t i = 0; i < watcher->look_count; i++) {
        watcher_alive(watcher);
        if (is_newest(&newest, &watcher->looks[i]))
            tell_look(watcher, &watcher->looks[i]);
    }
}

/* ---- the end --------------------------------------------------------------------------------- */

void watcher_delivered(struct watcher *watcher, const struct watcher_news *news)
{
    watcher_store_place(watcher, (const struct watcher_telling *)news);
}

void watcher_end(struct watcher *watcher)
{
    watcher_prune(watcher);
    watcher_settle(watcher);
}
