/* SPDX-License-Identifier: MIT */
/* watcher_work.h - what a pass has in hand; private to app/. */
#ifndef APP_WATCHER_WORK_H
#define APP_WATCHER_WORK_H

#include "app/watcher.h"
#include "store/writer.h"

/* What one domain showed. */
struct watcher_look {
    const char *domain;
    int64_t at;
    int64_t surely; /* no later than now, even if the clock of this machine is fast */
    bool seen;
    struct facts *facts; /* NULL: nothing was seen, or the writer has them */
    struct facts *blind; /* where it was not seen: those that say why; NULL: that was said */
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
    struct store *store;         /* NULL: there is none, or it cannot be read */
    struct store_writer *writer; /* NULL: nothing is stored */
    size_t pending;              /* writes that it has not told of */
    bool settling;               /* until there are none */
    bool store_failed;           /* it takes no more in this pass */
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

/* A look that saw something: its facts are the writer's until it is settled. */
STS_MUST_USE enum sts_status watcher_store_look(struct watcher *watcher, size_t index,
                                                const struct facts *facts);
void watcher_store_place(struct watcher *watcher, const struct watcher_telling *telling);
void watcher_prune(struct watcher *watcher);
/* Runs the loop until all that was written is durable, or was given up. */
void watcher_settle(struct watcher *watcher);

#endif
