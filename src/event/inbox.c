/* SPDX-License-Identifier: MIT */
/* inbox.c - a lock, and a list of notices with a wakeup for each thread. */
#include "event/inbox.h"

#include <pthread.h>

#include "event/loop.h"

struct inboxes {
    pthread_mutex_t lock;
};

struct inbox {
    struct inboxes *inboxes;
    struct loop *loop;
    struct wakeup *wakeup;
    TAILQ_HEAD(, notice) notices;
    size_t count;
    bool signalled;
};

static int inboxes_drop(struct inboxes *inboxes)
{
    pthread_mutex_destroy(&inboxes->lock);
    return 0;
}

enum sts_status inboxes_new(TALLOC_CTX *ctx, struct inboxes **ret)
{
    struct inboxes *inboxes = talloc_zero(ctx, struct inboxes);

    if (!inboxes)
        return STS_E_NOMEM;
    pthread_mutex_init(&inboxes->lock, NULL);
    talloc_set_destructor(inboxes, inboxes_drop);
    *ret = inboxes;
    return STS_OK;
}

void inboxes_lock(struct inboxes *inboxes)
{
    pthread_mutex_lock(&inboxes->lock);
}

void inboxes_unlock(struct inboxes *inboxes)
{
    pthread_mutex_unlock(&inboxes->lock);
}

static void signal_once(struct inbox *inbox)
{
    if (!inbox->signalled)
        wakeup_signal(inbox->wakeup);
    inbox->signalled = true;
}

void notice_send(struct notice *notice)
{
    struct inbox *inbox = notice->to;

    if (notice->sent)
        return;
    notice->sent = true;
    TAILQ_INSERT_TAIL(&inbox->notices, notice, link);
    inbox->count++;
    signal_once(inbox);
}

void notice_cancel(struct notice *notice)
{
    if (!notice->sent)
        return;
    notice->sent = false;
    TAILQ_REMOVE(&notice->to->notices, notice, link);
    notice->to->count--;
}

/* No more notices than there are now: opening one may send others, and sockets wait too. */
static void open_notices(void *arg)
{
    struct inbox *inbox = arg;
    struct notice *notice;
    size_t due;

    inboxes_lock(inbox->inboxes);
    inbox->signalled = false;
    for (due = inbox->count; due && (notice = TAILQ_FIRST(&inbox->notices)); due--) {
        notice_fn open = notice->open;
        void *whose = notice->arg;

        notice_cancel(notice);
        inboxes_unlock(inbox->inboxes);
        open(whose);
        inboxes_lock(inbox->inboxes);
    }
    if (inbox->count)
        signal_once(inbox);
    inboxes_unlock(inbox->inboxes);
}

enum sts_status inbox_new(TALLOC_CTX *ctx, struct inboxes *inboxes, struct loop *loop,
                          struct inbox **ret)
{
    struct inbox *inbox = talloc_zero(ctx, struct inbox);
    enum sts_status status;

    if (!inbox)
        return STS_E_NOMEM;
    inbox->inboxes = inboxes;
    inbox->loop = loop;
    TAILQ_INIT(&inbox->notices);
    status = wakeup_new(inbox, loop, open_notices, inbox, &inbox->wakeup);
    if (status != STS_OK) {
        talloc_free(inbox);
        return status;
    }
    *ret = inbox;
    return STS_OK;
}

struct loop *inbox_loop(struct inbox *inbox)
{
    return inbox->loop;
}
