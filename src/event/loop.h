/* SPDX-License-Identifier: MIT */
/* loop.h - the one event loop of a thread, and how asynchronous code is written here.
 *
 * Every start function returns a handle that is a talloc child of the memory context it was given.
 * talloc_free(handle) cancels: no callback comes after it.  A callback is never called from inside
 * start; when it is called the operation is over, and it is the callback's owner that frees the
 * handle (or its parent).  Deadlines are absolute, on the loop's own clock, loop_now().
 */
#ifndef EVENT_LOOP_H
#define EVENT_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

struct event_base;
struct loop;
struct loop_timer;
struct wakeup;

typedef void (*loop_fn)(void *arg);

/* Where libevent cannot begin or go on, or a wake-up is to be made, for want of open files; `end`
 * does not return. */
void loop_on_end(void (*end)(void));
STS_MUST_USE enum sts_status loop_new(TALLOC_CTX *ctx, struct loop **ret);
struct event_base *loop_base(struct loop *loop);
/* Runs until loop_stop(). */
STS_MUST_USE enum sts_status loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* Milliseconds of a clock that never steps, and that stands still while a turn of the loop takes
 * longer than LIMIT_TURN_MS: nobody is late because others kept us busy. */
int64_t loop_now(const struct loop *loop);
/* Milliseconds of the longest turn since this was last asked: so long nobody else was heard. */
int64_t loop_longest_hold(struct loop *loop);
/* To be called first by every callback that libevent calls outside of loop.c. */
void loop_woke(struct loop *loop);

/* One call at `deadline`; at the next turn of the loop if that has passed. */
STS_MUST_USE enum sts_status loop_timer_start(TALLOC_CTX *ctx, struct loop *loop, int64_t deadline,
                                              loop_fn done, void *arg, struct loop_timer **ret);
/* Another call, or another deadline of the one to come; needs no memory. */
void loop_timer_again(struct loop_timer *timer, int64_t deadline);

/* Any thread may signal it: `raised` is called in the loop, once for all the signals since. Whoever
 * signals must know that the wakeup still exists. */
STS_MUST_USE enum sts_status wakeup_new(TALLOC_CTX *ctx, struct loop *loop, loop_fn raised,
                                        void *arg, struct wakeup **ret);
void wakeup_signal(struct wakeup *wakeup);

#endif
