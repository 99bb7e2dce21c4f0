/* SPDX-License-Identifier: MIT */
/* queue.c - a list, a lock and a condition. */
#include "scan/queue.h"

#include <pthread.h>
#include <sys/queue.h>

struct node {
    STAILQ_ENTRY(node) link;
    void *item;
};

struct queue {
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t emptied;
    STAILQ_HEAD(, node) nodes;
    size_t count, room;
    bool closed;
};

static int queue_drop(struct queue *queue)
{
    void *item;

    queue_close(queue);
    while ((item = queue_take(queue, NULL)))
        talloc_free(item);
    pthread_cond_destroy(&queue->emptied);
    pthread_mutex_destroy(&queue->lock);
    return 0;
}

enum sts_status queue_new(TALLOC_CTX *ctx, size_t room, struct queue **ret)
{
    struct queue *queue = talloc_zero(ctx, struct queue);

    if (!queue)
        return STS_E_NOMEM;
    queue->room = room;
    STAILQ_INIT(&queue->nodes);
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->emptied, NULL);
    talloc_set_destructor(queue, queue_drop);
    *ret = queue;
    return STS_OK;
}

static bool append(struct queue *queue, void *item)
{
    struct node *node = queue->closed ? NULL : talloc_zero(NULL, struct node);

    if (!node) {
        talloc_free(item);
        return false;
    }
    node->item = item;
    STAILQ_INSERT_TAIL(&queue->nodes, node, link);
    queue->count++;
    return true;
}

bool queue_put(struct queue *queue, void *item, bool *ret_woke)
{
    bool put;

    pthread_mutex_lock(&queue->lock);
    while (queue->count >= queue->room && !queue->closed)
        pthread_cond_wait(&queue->emptied, &queue->lock);
    if (ret_woke)
        *ret_woke = queue->count == 0;
    put = append(queue, item);
    pthread_mutex_unlock(&queue->lock);
    return put;
}

bool queue_push(struct queue *queue, void *item)
{
    bool put;

    pthread_mutex_lock(&queue->lock);
    put = append(queue, item);
    pthread_mutex_unlock(&queue->lock);
    return put;
}

static void *remove_first(struct queue *queue)
{
    struct node *node = STAILQ_FIRST(&queue->nodes);
    void *item;

    if (!node)
        return NULL;
    item = node->item;
    STAILQ_REMOVE_HEAD(&queue->nodes, link);
    queue->count--;
    talloc_free(node);
    pthread_cond_signal(&queue->emptied);
    return item;
}

void *queue_take(struct queue *queue, bool *ret_over)
{
    void *item;

    pthread_mutex_lock(&queue->lock);
    item = remove_first(queue);
    if (ret_over)
        *ret_over = !item && queue->closed;
    pthread_mutex_unlock(&queue->lock);
    return item;
}

bool queue_is_full(struct queue *queue)
{
    bool full;

    pthread_mutex_lock(&queue->lock);
    full = queue->count >= queue->room;
    pthread_mutex_unlock(&queue->lock);
    return full;
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    pthread_cond_broadcast(&queue->emptied);
    pthread_mutex_unlock(&queue->lock);
}
