/* SPDX-License-Identifier: MIT */
/* collector.h - a socket of events, counted and stored.
 *
 * Reading comes before everything else, and nothing holds it up: the store is written to by a
 * thread of its own, every LIMIT_FLUSH_MS.  What a kill can lose is what came since the last flush
 * began, and that flush where it is not durable.  A flush that fails is repeated until it is
 * written, and counts once (session_counts.h); meanwhile counting goes on within the ceilings of
 * limits.h. */
#ifndef COLLECT_COLLECTOR_H
#define COLLECT_COLLECTOR_H

#include <stdint.h>

#include "collect/session_event.h"
#include "event/loop.h"
#include "store/store.h"

struct collector;

struct collector_counts {
    uint64_t received, repeated;
    uint64_t faults[SESSION_EVENT_FAULT_COUNT]; /* by fault; of NONE those that were counted */
    uint64_t truncated, lost;
    uint64_t full; /* turns that found the queue of the socket full: others may be lost */
    uint64_t flushes, failures; /* of the store */
    uint64_t waiting_bytes;     /* counted, and not stored yet */
    int64_t flushed_at;         /* the last success; 0: none yet */
};

struct collector_request {
    const int *sockets; /* not closed */
    size_t socket_count;
    const char *store;     /* as store_open() has it */
    const char *collector; /* the name that counts are stored under */
    int64_t (*now)(void);
    int64_t flush_ms; /* 0: LIMIT_FLUSH_MS */
    /* The first event of a kind of fault since the last flush. */
    void (*malformed)(void *arg, enum session_event_fault fault, struct bytes datagram);
    void (*full)(void *arg); /* the first since the last flush */
    /* A flush is over; fault: of the store, NULL: it is durable. */
    void (*flushed)(void *arg, const struct store_fault *fault);
    void (*ended)(void *arg, bool all_stored); /* after collector_end() */
    void *arg;
};

STS_MUST_USE enum sts_status collector_start(TALLOC_CTX *ctx, struct loop *loop,
                                             const struct collector_request *request,
                                             struct collector **ret);
struct collector_counts collector_counts(const struct collector *collector);
/* As if it had come over a socket. */
void collector_take(struct collector *collector, struct bytes datagram);
/* An event that came in another form, and is none; NONE: it is one, and lost. */
void collector_refuse(struct collector *collector, enum session_event_fault fault);
/* Reads what waits, stores everything, and says `ended`: after LIMIT_END_MS at the latest. */
void collector_end(struct collector *collector);

#endif
