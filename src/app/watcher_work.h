/* SPDX-License-Identifier: MIT */
/* watcher_work.h - what a pass has in hand; private to app/. */
#ifndef APP_WATCHER_WORK_H
#define APP_WATCHER_WORK_H

#include "app/watcher.h"

/* What one domain showed. */
struct watcher_look {
    const char *domain;
    int64_t at;
    int64_t surely;      /* no later than now, even if the clock of this machine is fast */
    struct facts *facts; /* NULL: nothing was seen */
    struct facts *blind; /* then: those that say why; NULL: that was said */
    bool stored;
};

/* Of one domain: what is left to do when its news arrived. */
struct watcher_telling {
    struct watcher_news news; /* first: who hands news back hands over this */
    struct store_place place;
    bool may_move; /* the store has all that was told, and it is behind the subscriber's place */
};

struct watcher {
    struct watcher_request request;
    struct store *store; /* NULL: there is none, or it cannot be read */
    bool store_failed;   /* it takes no more in this pass */
    struct watcher_look *looks;
    size_t look_count;
    struct watcher_telling *tellings; /* as many as looks */
    size_t telling_count;
    bool blindness_told;
};

static inline void watcher_alive(const struct watcher *watcher)
{
    if (watcher->request.alive)
        watcher->request.alive();
}

static inline void watcher_fault(const struct watcher *watcher, enum sts_status status,
                                 const struct store *store)
{
    watcher->request.fault(watcher->request.arg, &(struct fault){.status = status, .store = store});
}

/* ---- all that writes to the store (watcher_store.c) ------------------------------------------ */

/* The looks of the pass, as checks. */
void watcher_store_looks(struct watcher *watcher);
void watcher_store_place(struct watcher *watcher, const struct watcher_telling *telling);
void watcher_prune(struct watcher *watcher);

#endif
