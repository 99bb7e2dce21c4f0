/* SPDX-License-Identifier: MIT */
/* watcher_store.c - what a pass writes.
 *
 * Each write is a batch of its own, but for pruning, which is one for all domains: where nothing is
 * old, nothing is written.  A write that failed is said once; what follows would fail as well, and
 * wait for it, so it is not tried. */
#include "app/watcher_work.h"
#include "history/stored_check.h"
#include "rules/rules.h"

static bool takes_writes(const struct watcher *watcher)
{
    return watcher->store && !watcher->store_failed;
}

/* Did the write succeed? */
static bool written(struct watcher *watcher, enum sts_status status)
{
    if (status) {
        watcher_fault(watcher, status, watcher->store);
        watcher->store_failed = true;
    }
    return status == STS_OK;
}

static void store_look(struct watcher *watcher, struct watcher_look *look)
{
    const struct judging by = {.now = look->at, .warn_days = watcher->request.warn_days};
    struct diagnosis *diagnosis;
    enum sts_status status = diagnose_by(watcher, look->facts, &by, &diagnosis);

    if (status) {
        watcher_fault(watcher, status, NULL);
        return;
    }
    look->stored = written(watcher, stored_check_put(watcher->store, diagnosis));
    talloc_free(diagnosis);
}

void watcher_store_looks(struct watcher *watcher)
{
    for (size_t i = 0; i < watcher->look_count; i++) {
        struct watcher_look *look = &watcher->looks[i];

        watcher_alive(watcher);
        if (look->facts && takes_writes(watcher) &&
            written(watcher, change_feed_begin(watcher->store, look->domain,
                                               watcher->request.subscriber, look->at)))
            store_look(watcher, look);
    }
}

void watcher_store_place(struct watcher *watcher, const struct watcher_telling *telling)
{
    if (telling->may_move && takes_writes(watcher))
        (void)written(watcher, store_put_notified(watcher->store, telling->news.domain,
                                                  watcher->request.subscriber, telling->place));
}

void watcher_prune(struct watcher *watcher)
{
    int64_t keep_s = watcher->request.keep_days * 86400;
    enum sts_status status;

    if (!takes_writes(watcher))
        return;
    status = store_begin(watcher->store);
    for (size_t i = 0; !status && i < watcher->look_count; i++) {
        const struct watcher_look *look = &watcher->looks[i];

        watcher_alive(watcher);
        if (look->stored)
            status = store_prune(watcher->store, look->domain, look->surely - keep_s);
    }
    if (!status)
        status = store_commit(watcher->store);
    (void)written(watcher, status);
    store_rollback(watcher->store);
}
