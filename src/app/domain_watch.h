/* SPDX-License-Identifier: MIT */
/* domain_watch.h - domains of groups, looked at again and again by a service.
 *
 * When a domain is due stands in the store (store/schedule.h), so a kill, a restart or a long stop
 * changes nothing but that some are late, and of several services on one store each takes others.
 * Some are taken ahead, and given to the queue of checks as a source (check_queue.h): so they share
 * network, rate limiter and lookup cache with what visitors ask for, who go first.  What was seen
 * is diagnosed and stored by the writer as `mtasts watch` stores it, and in the same transaction
 * the domain is due again (watch_interval.h).  Checks that are too old are pruned there, too.
 *
 * How many are begun in a second is bounded by how many there are, so that a long stop leads to no
 * burst.  A new domain, and one that somebody asks for, is looked at at once.
 *
 * What cannot be seen from here is no news of a domain.  Our own place is looked at at the
 * beginning, now and then, and whenever a look saw nothing; where it is broken, nothing is looked
 * at until it is not. */
#ifndef APP_DOMAIN_WATCH_H
#define APP_DOMAIN_WATCH_H

#include "app/check_queue.h"
#include "app/own_place.h"
#include "event/loop.h"
#include "store/schedule.h"

struct domain_watch;
struct store_fault;
struct store_readers;
struct store_writer;

typedef enum sts_status (*own_place_start_fn)(TALLOC_CTX *ctx, struct loop *loop,
                                              const struct net_options *net, own_place_fn done,
                                              void *arg, struct own_place_look **ret);

/* Borrowed until the watch is freed. */
struct domain_watch_request {
    struct loop *loop;
    struct store_writer *writer;
    struct store_readers *readers;
    const struct net_options *net;
    bool off;          /* nothing is looked at, only domain_watch_take() works */
    int64_t every;     /* seconds, between two looks at a domain in which nothing is wrong */
    int64_t keep_days; /* checks that are older are pruned */
    int64_t warn_days; /* to judge by; 0: the default */
    int64_t pace;      /* so many domains in a second at least; 0: the default */
    int64_t doubt_ms; /* between two looks at our place because looks saw nothing; 0: the default */
    /* There is something for its source to give; our place has changed. */
    void (*more)(void *arg);
    void (*renew)(void *arg);
    void (*fault)(void *arg, const struct store_fault *why); /* until it returns; NULL: memory */
    void *arg;
    /* For tests.  NULL: the clock, the kernel's, own_place_start(). */
    int64_t (*now)(void);
    uint32_t (*chance)(void);
    own_place_start_fn look_at_place;
};

STS_MUST_USE enum sts_status domain_watch_new(TALLOC_CTX *ctx,
                                              const struct domain_watch_request *request,
                                              struct domain_watch **ret);
struct check_source domain_watch_source(struct domain_watch *watch);

/* A check that an owner asked for: it is stored as any other.  Copied. */
void domain_watch_take(struct domain_watch *watch, const struct facts *facts);
/* These are due at once; durable soon.  Those of no group are passed over. */
STS_MUST_USE enum sts_status domain_watch_now(struct domain_watch *watch,
                                              const char *const *domains, size_t count);
/* Can domains be looked at from here?  Also true where the watch is off. */
bool domain_watch_may(const struct domain_watch *watch);
/* Somebody else's look saw nothing: our own place is looked at soon. */
void domain_watch_doubt(struct domain_watch *watch, const struct facts *facts);
/* Domains were added, or made due at once (store_schedule_now()). */
void domain_watch_wake(struct domain_watch *watch);

/* Nothing is begun any more, and what is ours and not done is given back: another service, or the
 * next one, takes it at once.  `stopped`, when that is written, or could not be; maybe before this
 * returns.  Once. */
void domain_watch_stop(struct domain_watch *watch, loop_fn stopped, void *arg);

#define DOMAIN_WATCH_VERDICTS 4

struct domain_watch_state {
    bool on;
    int64_t every;
    size_t claimed, running, writing;
    uint64_t looks, blind, lost; /* stored; were none; could not be stored */
    size_t looks_of_hour;        /* stored within the last one */
    bool counted;                /* the numbers are known, as of that time */
    int64_t counted_at;
    struct store_schedule_numbers numbers;
    int64_t verdicts[DOMAIN_WATCH_VERDICTS]; /* domains, by enum verdict */
    bool place_known, broken;                /* nothing can be looked at from here ... */
    int64_t place_at, broken_since;          /* ... seen then */
    const struct facts *place;               /* NULL: not seen; until the loop's next turn */
};
/* As in JSON output. */
const char *domain_watch_verdict(size_t verdict);
struct domain_watch_state domain_watch_state(const struct domain_watch *watch);

#endif
