/* SPDX-License-Identifier: MIT */
/* watcher.h - one pass over domains: what they show now is stored, and what has changed since a
 * subscriber was notified is handed over.
 *
 * In this order: watcher_new(); watcher_take() for the facts of each domain, as they come;
 * watcher_tell(), when the network is done; watcher_delivered() for what has arrived, from within
 * news() or later; watcher_end().  What is told is taken from the store (change_feed.h), so a pass
 * may be killed anywhere.
 *
 * All is done beside the network.  The store's writer (store/writer.h, watcher_store.c) diagnoses
 * what watcher_take() took and stores it.  When that is durable, a reader (store/readers.h,
 * watcher_tell.c) compares it with what is stored of earlier, and the loop calls news(): in the
 * order in which the looks were taken.  Facts and diagnosis go from one to the next and then are
 * freed, so nothing is judged twice, and memory is that of what is under way.  Looks out of a file
 * are told when all are there, since a domain may have several and the newest tells.
 *
 * watcher_tell() waits until all is told; watcher_delivered() hands the writer the subscriber's
 * place; watcher_end() prunes and waits for the end of it.  Those that wait run the loop, so they
 * are not to be called from within it; watcher_take() only if the looks are live. */
#ifndef APP_WATCHER_H
#define APP_WATCHER_H

#include "app/fault.h"
#include "facts/facts.h"
#include "history/change_feed.h"

struct loop;

/* What there is to say of a domain, each once in a pass. */
struct watcher_news {
    const char *domain;
    bool seen;                /* in this pass; else all is of earlier ones */
    bool blind;               /* the feed says why it was not seen */
    size_t changes;           /* of the feed */
    struct change_feed *feed; /* until news() returns */
    bool delivered;           /* for whoever was told to note */
};

/* All is borrowed until the watcher is freed. */
struct watcher_request {
    struct store *store;    /* to read; NULL: nothing is known of earlier, nothing is stored */
    const char *where;      /* the same, as store_open() has it, for those beside the loop */
    struct loop *loop;      /* of the writer and the readers */
    bool live;              /* looks come from within the loop, of each domain one */
    const char *subscriber; /* as in store.h: any text */
    int64_t now;
    bool at_now;       /* looks are of this time, whatever their facts say */
    bool blind_once;   /* why nothing was seen is the same for all domains: say it for the first */
    int64_t warn_days; /* to judge by; 0: the default */
    int64_t keep_days; /* checks that are older are pruned */
    /* What has changed about a domain, or that nothing has. */
    void (*news)(void *arg, struct watcher_news *news);
    void (*fault)(void *arg, const struct fault *fault);
    /* For each domain, while the store is at work; NULL. */
    void (*alive)(void);
    void *arg; /* of news and fault */
};

struct watcher;

STS_MUST_USE enum sts_status watcher_new(TALLOC_CTX *ctx, const struct watcher_request *request,
                                         struct watcher **ret);
/* Of one domain, copied.  A look that was interrupted is passed over. */
STS_MUST_USE enum sts_status watcher_take(struct watcher *watcher, const struct facts *facts);
/* Live looks: are there not too many that are not yet told? */
bool watcher_has_room(const struct watcher *watcher);
/* Is this no look at the domain, for want of our own? */
bool watcher_is_blind(const struct facts *facts);
/* A store that fails is said once and left alone from then on: what was seen is told all the same,
 * and again in the next pass. */
void watcher_tell(struct watcher *watcher);
/* The news arrived, and need not be told again. */
void watcher_delivered(struct watcher *watcher, const struct watcher_news *news);
void watcher_end(struct watcher *watcher);

#endif
