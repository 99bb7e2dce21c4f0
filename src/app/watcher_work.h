/* SPDX-License-Identifier: MIT */
/* watcher_work.h - what a pass has in hand; private to app/. */
#ifndef APP_WATCHER_WORK_H
#define APP_WATCHER_WORK_H

#include "app/watcher.h"
#include "store/readers.h"
#include "store/writer.h"

/* What a look is made of, besides its place in the pass: gone when its news were told. */
struct watcher_material {
    struct facts *facts; /* NULL: nothing was seen */
    struct facts *blind; /* where it was not seen: those that say why; NULL: that was said */
    struct diagnosis *diagnosis; /* of the facts; NULL: not made */
    int64_t seq;                 /* of the check in the store; 0: it is not there */
};

/* What one domain showed. */
struct watcher_look {
    const char *domain;
    int64_t at;
    int64_t surely; /* no later than now, even if the clock of this machine is fast */
    bool seen;
    bool stored;
    bool settled;                      /* it is durable, or never will be */
    bool outdated;                     /* the pass has a newer one of the domain, which is told */
    struct watcher_material *material; /* NULL: another thread has it, or it was told */
    struct jobs_handle *job;           /* its feed is read beside the loop; NULL: it is not */
    struct watcher_reading *reading;   /* its feed; NULL: not there yet, or told */
};

/* Of one domain: what is left to do when its news arrived. */
struct watcher_telling {
    struct watcher_news news; /* first: who hands news back hands over this */
    struct store_place place;
    bool may_move; /* the store has all that was told, and it is behind the subscriber's place */
};

struct watcher {
    struct watcher_request request;
    struct store *store;           /* NULL: there is none, or it cannot be read */
    struct store_writer *writer;   /* NULL: nothing is stored */
    struct store_readers *readers; /* NULL: nothing is read */
    size_t enough;                 /* the loop stops when so many are left; SIZE_MAX: it goes on */
    bool store_failed;             /* it takes no more in this pass */
    bool telling;                  /* it is known which look of a domain is told */
    struct watcher_look *looks;
    size_t look_count;
    size_t begun;  /* of the looks, whose feeds are being read or were */
    size_t told;   /* of these, from the first on */
    size_t pruned; /* looks whose domains were, from the first on */
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

/* A look that saw something: its material is the writer's until it is settled. */
STS_MUST_USE enum sts_status watcher_store_look(struct watcher *watcher, size_t index);
void watcher_store_place(struct watcher *watcher, const struct watcher_telling *telling);
/* Goes on from where it is. */
void watcher_prune(struct watcher *watcher);
/* Runs the loop until so many writes at the most are not yet durable or given up, and with 0 until
 * all that is to be told was told. */
void watcher_settle(struct watcher *watcher, size_t enough);
/* Something has come to its end: is it enough? */
void watcher_check_settled(const struct watcher *watcher);

/* ---- from a look to its news (watcher_tell.c) ------------------------------------------------ */

/* Goes on as far as it can. */
void watcher_go_on(struct watcher *watcher);

#endif
