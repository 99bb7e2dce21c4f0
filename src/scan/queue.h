/* SPDX-License-Identifier: MIT */
/* queue.h - hands things from one thread to another, first in, first out.
 *
 * An item is a talloc chunk without a parent; who takes it owns it.  All functions may be called
 * from any thread. */
#ifndef SCAN_QUEUE_H
#define SCAN_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include <mtasts/status.h>

struct queue;

/* room: how many items there may be before queue_put() waits.  Freeing the queue frees what is in
 * it; nobody may use it any more then. */
STS_MUST_USE enum sts_status queue_new(TALLOC_CTX *ctx, size_t room, struct queue **ret);
/* Waits while the queue is full.  False: it was closed, and the item is freed.  ret_woke (may be
 * NULL): the queue was empty before. */
bool queue_put(struct queue *queue, void *item, bool *ret_woke);
/* As queue_put(), but never waits, however many there are. */
bool queue_push(struct queue *queue, void *item);
/* Never waits.  NULL: nothing is there; ret_over (may be NULL): and nothing will be. */
void *queue_take(struct queue *queue, bool *ret_over);
bool queue_is_full(struct queue *queue);
/* Nothing more comes in; what is there can still be taken. */
void queue_close(struct queue *queue);

#endif
