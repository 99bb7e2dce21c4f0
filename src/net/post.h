/* SPDX-License-Identifier: MIT */
/* post.h - what threads share is guarded by one lock, and news of it go by letter.
 *
 * One post serves a run; each thread has a box, emptied in its loop.  A letter belongs to whoever
 * waits for it, in his thread; anybody who holds the lock may send it, and it is opened once for
 * all the times it was sent since.  letter_cancel() makes sure that it is not opened any more.
 *
 * Nothing slow is done under the lock, and no callback is called under it. */
#ifndef NET_POST_H
#define NET_POST_H

#include <stdbool.h>
#include <sys/queue.h>

#include <talloc.h>

#include <mtasts/status.h>

struct net_loop;
struct post;
struct post_box;

typedef void (*letter_fn)(void *arg);

struct letter {
    struct post_box *to;
    letter_fn open;
    void *arg;
    bool sent;
    TAILQ_ENTRY(letter) link;
};

STS_MUST_USE enum sts_status post_new(TALLOC_CTX *ctx, struct post **ret);
/* The post must outlive its boxes, and a box the letters to it. */
STS_MUST_USE enum sts_status post_box_new(TALLOC_CTX *ctx, struct post *post, struct net_loop *loop,
                                          struct post_box **ret);
struct net_loop *post_box_loop(struct post_box *box);

void post_lock(struct post *post);
void post_unlock(struct post *post);
/* Both with the lock held. */
void letter_send(struct letter *letter);
void letter_cancel(struct letter *letter);

#endif
