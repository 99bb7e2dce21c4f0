/* SPDX-License-Identifier: MIT */
/* watcher_store.c - what a pass writes, through the store's writer.
 *
 * A write that failed is said once; what follows would fail as well, and wait for it, so it is not
 * tried.  Only what one check is to blame for is that check's alone.  Pruning is a request for some
 * hundred domains: where nothing is old, nothing is written. */
#include "app/watcher_work.h"
#include "event/loop.h"
#include "history/stored_check.h"
#include "rules/rules.h"

#define PRUNED_AT_ONCE 100 /* domains: a batch shows no sign of life before its end */

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

static void on_written(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    struct watcher *watcher = arg;

    (void)data;
    watcher_alive(watcher);
    if (status)
        fail(watcher, status, fault);
    watcher_check_settled(watcher);
}

static enum sts_status put(struct watcher *watcher, struct store_writer_request request)
{
    request.arg = watcher;
    return store_writer_put(watcher->writer, &request);
}

static bool is_settled(const struct watcher *watcher)
{
    size_t pending = store_writer_pending(watcher->writer);

    if (watcher->enough)
        return pending <= watcher->enough;
    return !pending && (!watcher->telling || watcher->told == watcher->look_count);
}

void watcher_check_settled(const struct watcher *watcher)
{
    if (watcher->enough != SIZE_MAX && is_settled(watcher))
        loop_stop(watcher->request.loop);
}

void watcher_settle(struct watcher *watcher, size_t enough)
{
    watcher->enough = enough;
    if (!is_settled(watcher) && loop_run(watcher->request.loop) != STS_OK)
        watcher_fault(watcher, STS_E_NOMEM, NULL);
    watcher->enough = SIZE_MAX;
}

/* ---- checks ---------------------------------------------------------------------------------- */

/* The writer's, facts and all, until it is told of. */
struct look_write {
    size_t index; /* of the look */
    const char *subscriber;
    struct judging by;
    struct watcher_material *material;
    struct stored_check *check; /* NULL: it is none */
};

static enum sts_status prepare_look(void *data)
{
    struct look_write *write = data;
    struct watcher_material *material = write->material;
    enum sts_status status =
        diagnose_by(material, material->facts, &write->by, &material->diagnosis);

    return status ? status : stored_check_new(write, material->diagnosis, &write->check);
}

static enum sts_status write_look(struct store *store, void *data)
{
    struct look_write *write = data;
    struct watcher_material *material = write->material;
    enum sts_status status =
        change_feed_begin(store, material->facts->domain, write->subscriber, write->by.now);

    if (status || !write->check)
        return status;
    return stored_check_write(store, write->check, &material->seq);
}

static void on_look_written(void *arg, void *data, enum sts_status status,
                            const struct store_fault *fault)
{
    struct watcher *watcher = arg;
    struct look_write *write = data;
    struct watcher_look *look = &watcher->looks[write->index];

    look->material = talloc_steal(watcher, write->material);
    look->stored = status == STS_OK;
    watcher_alive(watcher);
    if (status == STS_E_LIMIT) /* the store can take those of other domains */
        watcher->request.fault(watcher->request.arg,
                               &(struct fault){.status = status, .domain = look->domain});
    else if (status)
        fail(watcher, status, fault);
    look->settled = true;
    watcher_go_on(watcher);
    watcher_check_settled(watcher);
}

enum sts_status watcher_store_look(struct watcher *watcher, size_t index)
{
    struct watcher_look *look = &watcher->looks[index];
    struct look_write *write;
    enum sts_status status;

    if (!takes_writes(watcher)) {
        look->settled = true;
        return STS_OK;
    }
    write = talloc_zero(watcher, struct look_write);
    if (!write)
        return STS_E_NOMEM;
    write->index = index;
    write->subscriber = talloc_strdup(write, watcher->request.subscriber);
    write->by = (struct judging){.now = look->at, .warn_days = watcher->request.warn_days};
    write->material = talloc_steal(write, look->material);
    look->material = NULL;
    status = write->subscriber
                 ? put(watcher, (struct store_writer_request){prepare_look, write_look,
                                                              on_look_written, write, NULL})
                 : STS_E_NOMEM;
    if (status)
        talloc_free(write);
    return status;
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
        put(watcher, (struct store_writer_request){NULL, write_place, on_written, write, NULL}) !=
            STS_OK)
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

/* The looks from `pruned` on. */
static enum sts_status fill_prune(struct watcher *watcher, struct prune_write *write)
{
    int64_t keep_s = watcher->request.keep_days * 86400;
    enum sts_status status = STS_OK;

    write->domains = talloc_zero_array(write, struct old_checks, PRUNED_AT_ONCE);
    if (!write->domains)
        return STS_E_NOMEM;
    for (; !status && watcher->pruned < watcher->look_count && write->count < PRUNED_AT_ONCE;
         watcher->pruned++) {
        const struct watcher_look *look = &watcher->looks[watcher->pruned];

        if (look->stored)
            status = add_old(write, look->domain, look->surely - keep_s);
    }
    return status;
}

/* The next request is put when the one before is over, or the writer would make one batch of all.
 */
static void on_pruned(void *arg, void *data, enum sts_status status,
                      const struct store_fault *fault)
{
    struct watcher *watcher = arg;

    (void)data;
    watcher_alive(watcher);
    if (status)
        fail(watcher, status, fault);
    watcher_prune(watcher);
    watcher_check_settled(watcher);
}

void watcher_prune(struct watcher *watcher)
{
    struct prune_write *write;

    if (watcher->pruned == watcher->look_count || !takes_writes(watcher))
        return;
    write = talloc_zero(watcher, struct prune_write);
    if (!write || fill_prune(watcher, write) != STS_OK ||
        put(watcher, (struct store_writer_request){NULL, write_prune, on_pruned, write, NULL}) !=
            STS_OK)
        fail(watcher, STS_E_NOMEM, NULL);
}
