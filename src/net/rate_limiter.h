/* SPDX-License-Identifier: MIT */
/* rate_limiter.h - how many connections go to one place, at a time and in a second.
 *
 * Whoever wants to connect takes a slot; `ready` is called from its loop when it is free.  Freeing
 * the slot gives it back, or leaves the queue.  There are two ceilings, for an address with its
 * port and for the network that it is in (/24, /48); first come, first served at each address, and
 * the addresses of a full network take turns.  All threads of a run share the limiter. */
#ifndef NET_RATE_LIMITER_H
#define NET_RATE_LIMITER_H

#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

struct inboxes;
struct inbox;
struct rate_limiter;
struct slot;

struct ceiling {
    int64_t at_a_time;
    int64_t per_second; /* 0: any number.  As many as at_a_time may come at once. */
};

typedef void (*slot_ready_fn)(void *arg);

STS_MUST_USE enum sts_status rate_limiter_new(TALLOC_CTX *ctx, struct inboxes *inboxes,
                                              struct ceiling address, struct ceiling network,
                                              struct rate_limiter **ret);
struct slot_request {
    struct inbox *inbox; /* of the thread that asks */
    const char *address;
    int64_t port;
    slot_ready_fn ready;
    void *arg;
};
STS_MUST_USE enum sts_status rate_limiter_take(TALLOC_CTX *ctx, struct rate_limiter *limiter,
                                               const struct slot_request *request,
                                               struct slot **ret);

#endif
