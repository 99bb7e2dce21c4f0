/* SPDX-License-Identifier: MIT */
/* watcher_tell.c - from a look that is settled to its news.
 *
 * Looks are told in the order in which they were taken.  Each needs its feed, which is read from
 * the store by threads beside the loop, some at a time: begun in order, and ready in any.  So at
 * the front of those that are begun is the next to be told, and what waits behind it is bounded. */
#include "app/watcher_work.h"
#include "event/jobs.h"

#define FEEDS_AT_A_TIME 64 /* each some tens of kilobytes: facts, diagnosis, notes */

/* A feed; all that its making needs hangs on it, as another thread may have it meanwhile. */
struct watcher_reading {
    size_t index; /* of the look */
    const char *domain, *subscriber;
    struct watcher_material *material;
    struct change_feed_request request;
    struct change_feed *feed; /* NULL: `status` tells why */
    enum sts_status status;
};

/* ---- the feed of one look -------------------------------------------------------------------- */

static enum sts_status read_feed(struct store *store, void *data)
{
    struct watcher_reading *reading = data;

    return change_feed_read(reading, store, &reading->request, &reading->feed);
}

/* The loop's own connection, where there is no thread for it; and where the store cannot be read,
 * what was seen is still worth a word. */
static void read_here(struct watcher *watcher, struct watcher_reading *reading)
{
    enum sts_status status;

    if (!watcher->store)
        reading->request.fresh.seq = 0;
    status = read_feed(watcher->store, reading);
    if (status == STS_E_IO) {
        if (!watcher->store_failed)
            watcher_fault(watcher, status, watcher->store);
        watcher->store_failed = true; /* for the writer too: it is said once */
        watcher->store = NULL;
        reading->request.fresh.seq = 0;
        status = read_feed(NULL, reading);
    }
    reading->status = status;
    watcher->looks[reading->index].reading = reading;
}

static void on_read(void *arg, void *data, enum sts_status status, const struct store_fault *fault)
{
    struct watcher *watcher = arg;
    struct watcher_reading *reading = data;

    (void)fault;
    watcher_alive(watcher);
    reading->status = status;
    watcher->looks[reading->index].reading = reading;
    if (status == STS_E_IO)
        read_here(watcher, reading);
    watcher_go_on(watcher);
    watcher_check_settled(watcher);
}

static void fill_request(const struct watcher *watcher, const struct watcher_look *look,
                         struct watcher_reading *reading)
{
    const struct watcher_material *material = reading->material;

    reading->request = (struct change_feed_request){
        .domain = reading->domain,
        .subscriber = reading->subscriber,
        .now = look->at,
        .fresh = {material->facts, material->diagnosis, look->stored ? material->seq : 0},
        .seen = look->seen,
        .blind = material->blind,
        .warn_days = watcher->request.warn_days,
        .least_shown = SEVERITY_MEDIUM,
    };
}

static struct watcher_reading *new_reading(struct watcher *watcher, size_t index)
{
    struct watcher_look *look = &watcher->looks[index];
    struct watcher_reading *reading = talloc_zero(watcher, struct watcher_reading);

    if (!reading)
        return NULL;
    reading->index = index;
    reading->domain = talloc_strdup(reading, look->domain);
    reading->subscriber = talloc_strdup(reading, watcher->request.subscriber);
    if (!reading->domain || !reading->subscriber) {
        talloc_free(reading);
        return NULL;
    }
    reading->material = talloc_steal(reading, look->material);
    look->material = NULL;
    fill_request(watcher, look, reading);
    return reading;
}

static bool starts_beside(struct watcher *watcher, struct watcher_reading *reading)
{
    const struct store_read_request request = {read_feed, on_read, reading, watcher};

    return watcher->store && watcher->readers &&
           store_read_start(watcher, watcher->readers, &request,
                            &watcher->looks[reading->index].job) == STS_OK;
}

static void begin_feed(struct watcher *watcher, size_t index)
{
    bool has_material = watcher->looks[index].material != NULL; /* else that was said */
    struct watcher_reading *reading = has_material ? new_reading(watcher, index) : NULL;

    if (!has_material)
        return;
    if (!reading)
        watcher_fault(watcher, STS_E_NOMEM, NULL);
    else if (!starts_beside(watcher, reading))
        read_here(watcher, reading);
}

/* ---- the news -------------------------------------------------------------------------------- */

static bool has_moved(const struct change_feed *feed)
{
    return feed->next.at != STORE_NEVER &&
           (feed->next.seq > feed->notified.seq || feed->next.at > feed->notified.at);
}

static void tell_feed(struct watcher *watcher, const struct watcher_look *look,
                      struct change_feed *feed, bool blind)
{
    struct watcher_telling *telling = talloc_zero(watcher, struct watcher_telling);

    if (!telling) {
        watcher_fault(watcher, STS_E_NOMEM, NULL);
        return;
    }
    *telling = (struct watcher_telling){
        .news = {look->domain, look->seen, blind, feed->changes, feed},
        .place = feed->next,
        .may_move = has_moved(feed) && (look->stored || !look->seen),
    };
    watcher->request.news(watcher->request.arg, &telling->news);
    telling->news.feed = NULL;
}

static void tell_look(struct watcher *watcher, struct watcher_look *look)
{
    struct watcher_reading *reading = look->reading;

    watcher_alive(watcher);
    if (reading && reading->status)
        watcher_fault(watcher, reading->status, NULL);
    else if (reading)
        tell_feed(watcher, look, reading->feed, reading->material->blind != NULL);
    look->reading = NULL;
    TALLOC_FREE(look->material);
    if (look->job)
        TALLOC_FREE(look->job); /* what was read beside the loop hangs on it */
    else
        talloc_free(reading);
}

static bool is_ready(const struct watcher_look *look)
{
    return !look->job || look->reading;
}

static bool may_begin(const struct watcher *watcher)
{
    return watcher->begun < watcher->look_count && watcher->looks[watcher->begun].settled &&
           watcher->begun - watcher->told < FEEDS_AT_A_TIME;
}

void watcher_go_on(struct watcher *watcher)
{
    if (!watcher->telling)
        return;
    for (;;) {
        if (may_begin(watcher)) {
            size_t index = watcher->begun++;

            if (!watcher->looks[index].outdated)
                begin_feed(watcher, index);
        } else if (watcher->told < watcher->begun && is_ready(&watcher->looks[watcher->told])) {
            tell_look(watcher, &watcher->looks[watcher->told++]);
        } else {
            return;
        }
    }
}
