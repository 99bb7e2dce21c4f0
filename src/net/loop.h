/* SPDX-License-Identifier: MIT */
/* loop.h - the one event loop of a thread, and how asynchronous code is written here.
 *
 * Every start function returns a handle that is a talloc child of the memory context it was given.
 * talloc_free(handle) cancels: no callback comes after it.  A callback is never called from inside
 * start; when it is called the operation is over, and it is the callback's owner that frees the
 * handle (or its parent).  Deadlines are absolute, on the loop's own clock, net_loop_now().
 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

struct event_base;
struct net_loop;
struct net_timer;
struct net_bell;

typedef void (*net_timer_fn)(void *arg);

/* Where libevent cannot begin or go on, for want of open files; `end` does not return. */
void net_loop_on_end(void (*end)(void));
STS_MUST_USE enum sts_status net_loop_new(TALLOC_CTX *ctx, struct net_loop **ret);
struct event_base *net_loop_base(struct net_loop *loop);
/* Runs until net_loop_stop(). */
STS_MUST_USE enum sts_status net_loop_run(struct net_loop *loop);
void net_loop_stop(struct net_loop *loop);

/* Milliseconds of a clock that never steps, and that stands still while a turn of the loop takes
 * longer than LIMIT_TURN_MS: nobody is late because others kept us busy. */
int64_t net_loop_now(const struct net_loop *loop);
/* To be called first by every callback that libevent calls outside of loop.c. */
void net_loop_woke(struct net_loop *loop);

/* One call at `deadline`; at the next turn of the loop if that has passed. */
STS_MUST_USE enum sts_status net_timer_start(TALLOC_CTX *ctx, struct net_loop *loop,
                                             int64_t deadline, net_timer_fn done, void *arg,
                                             struct net_timer **ret);

/* A bell in a loop that any thread may ring: `rung` is called in the loop, once for all the times
 * it was rung since.  Whoever rings must know that the bell is still there. */
STS_MUST_USE enum sts_status net_bell_new(TALLOC_CTX *ctx, struct net_loop *loop, net_timer_fn rung,
                                          void *arg, struct net_bell **ret);
void net_bell_ring(struct net_bell *bell);

#endif
