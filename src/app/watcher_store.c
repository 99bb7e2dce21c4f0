/* SPDX-License-Identifier: MIT */
/* watcher_store.c - what a pass writes, through the store's writer.
 *
 * A write that failed is said once; what follows would fail as well, and wait for it, so it is not
 * tried.  Pruning is one request for all domains: where nothing is old, nothing is written. */
#include "app/watcher_work.h"
#include "event/loop.h"
#include "facts/facts_copy.h"
#include "history/stored_check.h"
#include "rules/rules.h"

static bool takes_writes(const struct watcher *watcher)
{
    return watcher->store && !watcher->store_failed;
}

/* ---- told by the writer ---------------------------------------------------------------------- */

static void fail(struct watcher *watcher, enum sts_status status, const struct store_fault *fault)
{
    if (watcher->store_failed)
        return;
    watcher->store_failed = true;
    if (fault && watcher->store)
        store_take_fault(watcher->store, fault);
    watcher_fault(watcher, status, watcher->store);
    store_writer_refuse(watcher->writer, status, fault);
}

/* Did the write succeed? */
static bool written(struct watcher *watcher, enum sts_status status,
                    const struct store_fault *fault)
{
    watcher->pending--;
    watcher_alive(watcher);
    if (status)
        fail(watcher, status, fault);
    if (!watcher->pending && watcher->settling)
        loop_stop(watcher->request.loop);
    return status == STS_OK;
}

static void on_written(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    (void)data;
    (void)written(arg, status, fault);
}

static enum sts_status put(struct watcher *watcher,
                           enum sts_status (*write)(struct store *store, void *data),
                           void (*done)(void *arg, void *data, enum sts_status status,
                                        const struct store_fault *fault),
                           void *data)
{
    enum sts_status status = store_writer_put(
        watcher->writer,
        &(struct store_writer_request){.write = write, .done = done, .data = data, .arg = watcher});

    watcher->pending += status == STS_OK;
    return status;
}

void watcher_settle(struct watcher *watcher)
{
    watcher->settling = true;
    if (watcher->pending && loop_run(watcher->request.loop) != STS_OK)
        watcher_fault(watcher, STS_E_NOMEM, NULL);
    watcher->settling = false;
}

/* ---- checks ---------------------------------------------------------------------------------- */

/* The writer's, facts and all, until it is told of. */
struct look_write {
    size_t index; /* of the look */
    const char *subscriber;
    struct judging by;
    struct facts *facts;
    enum sts_status diagnosed;
};

static enum sts_status store_diagnosis(struct store *store, struct look_write *write)
{
    struct diagnosis *diagnosis = NULL;
    enum sts_status status;

    write->diagnosed = diagnose_by(write, write->facts, &write->by, &diagnosis);
    if (write->diagnosed)
        return STS_OK;
    status = stored_check_put(store, diagnosis);
    talloc_free(diagnosis);
    return status;
}

static enum sts_status write_look(struct store *store, void *data)
{
    struct look_write *write = data;
    enum sts_status status =
        change_feed_begin(store, write->facts->domain, write->subscriber, write->by.now);

    return status ? status : store_diagnosis(store, write);
}

static void on_look_written(void *arg, void *data, enum sts_status status,
                            const struct store_fault *fault)
{
    struct watcher *watcher = arg;
    const struct look_write *write = data;
    struct watcher_look *look = &watcher->looks[write->index];

    look->facts = talloc_steal(watcher, write->facts);
    look->stored = written(watcher, status, fault) && !write->diagnosed;
    if (write->diagnosed)
        watcher_fault(watcher, write->diagnosed, NULL);
}

enum sts_status watcher_store_look(struct watcher *watcher, size_t index, const struct facts *facts)
{
    struct watcher_look *look = &watcher->looks[index];
    struct look_write *write = talloc_zero(watcher, struct look_write);

    if (!write || facts_copy(write, facts, &write->facts) != STS_OK) {
        talloc_free(write);
        return STS_E_NOMEM;
    }
    write->index = index;
    write->subscriber = talloc_strdup(write, watcher->request.subscriber);
    write->by = (struct judging){.now = look->at, .warn_days = watcher->request.warn_days};
    write->facts->observed_at = look->at;
    if (takes_writes(watcher) && write->subscriber)
        return put(watcher, write_look, on_look_written, write);
    look->facts = talloc_steal(watcher, write->facts);
    talloc_free(write);
    return STS_OK;
}

/* ---- the subscriber's place ------------------------------------------------------------------ */

struct place_write {
    const char *domain, *subscriber;
    struct store_place place;
};

static enum sts_status write_place(struct store *store, void *data)
{
    const struct place_write *write = data;

    return store_put_notified(store, write->domain, write->subscriber, write->place);
}

void watcher_store_place(struct watcher *watcher, const struct watcher_telling *telling)
{
    struct place_write *write;

    if (!telling->may_move || !takes_writes(watcher))
        return;
    write = talloc_zero(watcher, struct place_write);
    if (write)
        *write =
            (struct place_write){talloc_strdup(write, telling->news.domain),
                                 talloc_strdup(write, watcher->request.subscriber), telling->place};
    if (!write || !write->domain || !write->subscriber ||
        put(watcher, write_place, on_written, write) != STS_OK)
        fail(watcher, STS_E_NOMEM, NULL);
}

/* ---- pruning --------------------------------------------------------------------------------- */

struct old_checks {
    const char *domain;
    int64_t before;
};

struct prune_write {
    struct old_checks *domains;
    size_t count;
};

static enum sts_status write_prune(struct store *store, void *data)
{
    const struct prune_write *write = data;
    enum sts_status status = STS_OK;

    for (size_t i = 0; !status && i < write->count; i++)
        status = store_prune(store, write->domains[i].domain, write->domains[i].before);
    return status;
}

static enum sts_status add_old(struct prune_write *write, const char *domain, int64_t before)
{
    struct old_checks *place = &write->domains[write->count++];

    *place = (struct old_checks){talloc_strdup(write->domains, domain), before};
    return place->domain ? STS_OK : STS_E_NOMEM;
}

static enum sts_status fill_prune(const struct watcher *watcher, struct prune_write *write)
{
    int64_t keep_s = watcher->request.keep_days * 86400;
    enum sts_status status = STS_OK;

    write->domains = talloc_zero_array(write, struct old_checks, (unsigned)watcher->look_count + 1);
    if (!write->domains)
        return STS_E_NOMEM;
    for (size_t i = 0; !status && i < watcher->look_count; i++)
        if (watcher->looks[i].stored)
            status = add_old(write, watcher->looks[i].domain, watcher->looks[i].surely - keep_s);
    return status;
}

void watcher_prune(struct watcher *watcher)
{
    struct prune_write *write;

    if (!takes_writes(watcher))
        return;
    write = talloc_zero(watcher, struct prune_write);
    if (!write || fill_prune(watcher, write) != STS_OK ||
        put(watcher, write_prune, on_written, write) != STS_OK)
        fail(watcher, STS_E_NOMEM, NULL);
}
