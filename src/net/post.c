/* SPDX-License-Identifier: MIT */
/* post.c - a lock, and a list of letters with a bell for each thread. */
#include "net/post.h"

#include <pthread.h>

#include "net/loop.h"

struct post {
    pthread_mutex_t lock;
};

struct post_box {
    struct post *post;
    struct net_loop *loop;
    struct net_bell *bell;
    TAILQ_HEAD(, letter) letters;
    size_t count;
    bool rung;
};

static int post_drop(struct post *post)
{
    pthread_mutex_destroy(&post->lock);
    return 0;
}

enum sts_status post_new(TALLOC_CTX *ctx, struct post **ret)
{
    struct post *post = talloc_zero(ctx, struct post);

    if (!post)
        return STS_E_NOMEM;
    pthread_mutex_init(&post->lock, NULL);
    talloc_set_destructor(post, post_drop);
    *ret = post;
    return STS_OK;
}

void post_lock(struct post *post)
{
    pthread_mutex_lock(&post->lock);
}

void post_unlock(struct post *post)
{
    pthread_mutex_unlock(&post->lock);
}

static void ring(struct post_box *box)
{
    if (!box->rung)
        net_bell_ring(box->bell);
    box->rung = true;
}

void letter_send(struct letter *letter)
{
    struct post_box *box = letter->to;

    if (letter->sent)
        return;
    letter->sent = true;
    TAILQ_INSERT_TAIL(&box->letters, letter, link);
    box->count++;
    ring(box);
}

void letter_cancel(struct letter *letter)
{
    if (!letter->sent)
        return;
    letter->sent = false;
    TAILQ_REMOVE(&letter->to->letters, letter, link);
    letter->to->count--;
}

/* No more letters than there are now: opening one may send others, and sockets wait too. */
static void open_letters(void *arg)
{
    struct post_box *box = arg;
    struct letter *letter;
    size_t due;

    post_lock(box->post);
    box->rung = false;
    for (due = box->count; due && (letter = TAILQ_FIRST(&box->letters)); due--) {
        letter_fn open = letter->open;
        void *whose = letter->arg;

        letter_cancel(letter);
        post_unlock(box->post);
        open(whose);
        post_lock(box->post);
    }
    if (box->count)
        ring(box);
    post_unlock(box->post);
}

enum sts_status post_box_new(TALLOC_CTX *ctx, struct post *post, struct net_loop *loop,
                             struct post_box **ret)
{
    struct post_box *box = talloc_zero(ctx, struct post_box);
    enum sts_status status;

    if (!box)
        return STS_E_NOMEM;
    box->post = post;
    box->loop = loop;
    TAILQ_INIT(&box->letters);
    status = net_bell_new(box, loop, open_letters, box, &box->bell);
    if (status != STS_OK) {
        talloc_free(box);
        return status;
    }
    *ret = box;
    return STS_OK;
}

struct net_loop *post_box_loop(struct post_box *box)
{
    return box->loop;
}
