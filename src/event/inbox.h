/* SPDX-License-Identifier: MIT */
/* inbox.h - threads share what one lock guards, and learn of changes by notices.
 *
 * All inboxes of a run share that lock; each thread has an inbox, emptied in its loop.  A notice
 * belongs to whoever waits for it, in its thread; whoever holds the lock may send it, and it is
 * opened once for all the times it was sent since.  After notice_cancel() it is not opened.
 *
 * Nothing slow is done under the lock, and no callback is called under it. */
#ifndef EVENT_INBOX_H
#define EVENT_INBOX_H

#include <stdbool.h>
#include <sys/queue.h>

#include <talloc.h>

#include <mtasts/status.h>

struct loop;
struct inboxes;
struct inbox;

typedef void (*notice_fn)(void *arg);

struct notice {
    struct inbox *to;
    notice_fn open;
    void *arg;
    bool sent;
    TAILQ_ENTRY(notice) link;
};

STS_MUST_USE enum sts_status inboxes_new(TALLOC_CTX *ctx, struct inboxes **ret);
/* `inboxes` must outlive each inbox, and an inbox the notices to it. */
STS_MUST_USE enum sts_status inbox_new(TALLOC_CTX *ctx, struct inboxes *inboxes, struct loop *loop,
                                       struct inbox **ret);
struct loop *inbox_loop(struct inbox *inbox);

void inboxes_lock(struct inboxes *inboxes);
void inboxes_unlock(struct inboxes *inboxes);
/* Both with the lock held. */
void notice_send(struct notice *notice);
void notice_cancel(struct notice *notice);

#endif
