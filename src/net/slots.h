/* SPDX-License-Identifier: MIT */
/* slots.h - at most LIMIT_PER_ADDRESS connections at a time to one address and port.
 *
 * Whoever wants to connect takes a slot; `ready` is called from the loop when it has one.  Freeing
 * the slot gives it back, or leaves the queue.  First come, first served. */
#ifndef NET_SLOTS_H
#define NET_SLOTS_H

#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

struct net_loop;
struct slots;
struct slot;

typedef void (*slot_ready_fn)(void *arg);

STS_MUST_USE enum sts_status slots_new(TALLOC_CTX *ctx, struct net_loop *loop, struct slots **ret);
STS_MUST_USE enum sts_status slot_take(TALLOC_CTX *ctx, struct slots *slots, const char *address,
                                       int64_t port, slot_ready_fn ready, void *arg,
                                       struct slot **ret);

#endif
