/* SPDX-License-Identifier: MIT */
/* semaphore.c - two queues and a count. */
#include "event/semaphore.h"

#include <sys/queue.h>

#include <event2/event.h>

#include "event/loop.h"

struct semaphore {
    struct loop *loop;
    struct event *serve; /* active: somebody has left, and others wait */
    size_t room, inside;
    TAILQ_HEAD(line, permit) waiting[SEMAPHORE_LINES];
};

struct permit {
    struct semaphore *semaphore;
    struct semaphore_request request;
    bool inside;
    TAILQ_ENTRY(permit) link;
};

static struct permit *first(const struct semaphore *semaphore)
{
    for (size_t i = 0; i < SEMAPHORE_LINES; i++)
        if (!TAILQ_EMPTY(&semaphore->waiting[i]))
            return TAILQ_FIRST(&semaphore->waiting[i]);
    return NULL;
}

static void serve(evutil_socket_t fd, short what, void *arg)
{
    struct semaphore *semaphore = arg;
    struct permit *permit;

    (void)fd;
    (void)what;
    loop_woke(semaphore->loop);
    while (semaphore->inside < semaphore->room && (permit = first(semaphore))) {
        TAILQ_REMOVE(&semaphore->waiting[permit->request.line], permit, link);
        permit->inside = true;
        semaphore->inside++;
        permit->request.in(permit->request.arg);
    }
}

static int semaphore_drop(struct semaphore *semaphore)
{
    event_free(semaphore->serve);
    return 0;
}

enum sts_status semaphore_new(TALLOC_CTX *ctx, struct loop *loop, size_t room,
                              struct semaphore **ret)
{
    struct semaphore *semaphore = talloc_zero(ctx, struct semaphore);

    if (!semaphore)
        return STS_E_NOMEM;
    semaphore->loop = loop;
    semaphore->room = room;
    for (size_t i = 0; i < SEMAPHORE_LINES; i++)
        TAILQ_INIT(&semaphore->waiting[i]);
    semaphore->serve = event_new(loop_base(loop), -1, 0, serve, semaphore);
    if (!semaphore->serve) {
        talloc_free(semaphore);
        return STS_E_NOMEM;
    }
    talloc_set_destructor(semaphore, semaphore_drop);
    *ret = semaphore;
    return STS_OK;
}

static int permit_drop(struct permit *permit)
{
    struct semaphore *semaphore = permit->semaphore;

    if (!permit->inside) {
        TAILQ_REMOVE(&semaphore->waiting[permit->request.line], permit, link);
        return 0;
    }
    semaphore->inside--;
    if (first(semaphore))
        event_active(semaphore->serve, EV_TIMEOUT, 0);
    return 0;
}

enum sts_status semaphore_acquire(TALLOC_CTX *ctx, struct semaphore *semaphore,
                                  const struct semaphore_request *request, struct permit **ret,
                                  bool *ret_in)
{
    struct permit *permit = talloc_zero(ctx, struct permit);

    if (!permit)
        return STS_E_NOMEM;
    *permit = (struct permit){.semaphore = semaphore, .request = *request};
    permit->inside = semaphore->inside < semaphore->room && !first(semaphore);
    if (permit->inside)
        semaphore->inside++;
    else
        TAILQ_INSERT_TAIL(&semaphore->waiting[request->line], permit, link);
    talloc_set_destructor(permit, permit_drop);
    *ret = permit;
    *ret_in = permit->inside;
    return STS_OK;
}
