/* SPDX-License-Identifier: MIT */
/* domain_watch_work.h - what the parts of domain_watch.c share; private to app/. */
#ifndef APP_DOMAIN_WATCH_WORK_H
#define APP_DOMAIN_WATCH_WORK_H

#include <sys/queue.h>

#include "app/domain_watch.h"
#include "event/loop.h"

#define WATCH_MINUTES 60

/* A domain that is ours to look at, for some minutes. */
struct watch_look {
    TAILQ_ENTRY(watch_look) link;
    char *domain;
    int64_t claimed;      /* of the loop's clock */
    int64_t until, first; /* it is ours until then, and was due at first */
};
TAILQ_HEAD(watch_looks, watch_look);

/* A look that saw nothing, until it is known whose fault that is. */
struct watch_doubt {
    TAILQ_ENTRY(watch_doubt) link;
    struct facts *facts;
    int64_t until, first;
    bool late; /* it came while our place was being looked at */
};
TAILQ_HEAD(watch_doubts, watch_doubt);

struct domain_watch {
    struct domain_watch_request request;
    struct loop_timer *turn;
    struct watch_looks claimed, looking; /* looking: the queue of checks has them */
    size_t claimed_count, running, writing;
    bool claiming;   /* under way */
    bool rest;       /* the store failed: not at once again */
    bool woken;      /* somebody has added domains since the last claim began */
    loop_fn stopped; /* nothing is begun any more; NULL */
    void *stopped_arg;
    int64_t updated; /* the table, by the loop's clock */
    int64_t tokens;  /* so many domains may be begun, in millionths */
    int64_t earned;  /* up to this time of the loop's clock */
    /* the state */
    uint64_t looks, blind, lost;
    struct {
        int64_t minute;
        size_t looks;
    } minutes[WATCH_MINUTES];
    struct jobs_handle *counting; /* NULL: not under way */
    bool counted;
    int64_t counted_ms, counted_at;
    struct store_schedule_numbers numbers;
    int64_t verdicts[DOMAIN_WATCH_VERDICTS];
    /* our own place */
    struct own_place_look *place_look;
    struct net_options net; /* of that */
    bool asking, place_known, broken, stale;
    int64_t place_ms, place_due; /* of the loop's clock */
    int64_t place_at, broken_since;
    unsigned failures;
    struct facts *place; /* NULL */
    struct watch_doubts doubts;
    size_t doubt_count;
};

/* domain_watch_store.c */
enum watch_reason { WATCH_DUE, WATCH_ASKED };
/* Diagnosed, stored, and due again. */
void watch_store_look(struct domain_watch *watch, const struct facts *facts,
                      enum watch_reason reason);
/* It was no look. */
void watch_store_blind(struct domain_watch *watch, const char *domain);
void watch_fail(struct domain_watch *watch, const struct store_fault *fault);
/* Asks the store for the numbers, where those that are known are old. */
void watch_count(struct domain_watch *watch);

/* domain_watch_place.c */
/* Looks at our place where that is due. */
void watch_place_turn(struct domain_watch *watch);
/* May domains be looked at? */
bool watch_place_is_fine(const struct domain_watch *watch);
/* A look saw nothing. */
void watch_place_doubt(struct domain_watch *watch, const struct watch_look *look,
                       const struct facts *facts);

/* domain_watch_stop.c: no claim is under way any more. */
void watch_give_back(struct domain_watch *watch);

#endif
