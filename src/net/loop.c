/* SPDX-License-Identifier: MIT */
/* loop.c - one libevent base a thread, and one-shot timers on the monotonic clock, bells. */
#include "net/loop.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <event2/event.h>

#include "base/clock.h"
#include "base/memory.h"

struct net_loop {
    struct event_base *base;
};

struct net_timer {
    struct event *event;
    net_timer_fn done;
    void *arg;
};

static int loop_drop(struct net_loop *loop)
{
    event_base_free(loop->base);
    return 0;
}

enum sts_status net_loop_new(TALLOC_CTX *ctx, struct net_loop **ret)
{
    struct net_loop *loop = talloc_zero(ctx, struct net_loop);

    if (!loop)
        return STS_E_NOMEM;
    loop->base = event_base_new();
    if (!loop->base) {
        talloc_free(loop);
        return STS_E_NOMEM;
    }
    talloc_set_destructor(loop, loop_drop);
    *ret = loop;
    return STS_OK;
}

struct event_base *net_loop_base(struct net_loop *loop)
{
    return loop->base;
}

enum sts_status net_loop_run(struct net_loop *loop)
{
    bool before = memory_forgive(true); /* a shortage is a fact (net/room.h) */
    int result = event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY);

    memory_forgive(before);
    return result == 0 ? STS_OK : STS_E_IO;
}

void net_loop_stop(struct net_loop *loop)
{
    event_base_loopbreak(loop->base);
}

static int timer_drop(struct net_timer *timer)
{
    event_free(timer->event);
    return 0;
}

static void timer_fires(evutil_socket_t fd, short what, void *arg)
{
    struct net_timer *timer = arg;

    (void)fd;
    (void)what;
    timer->done(timer->arg);
}

enum sts_status net_timer_start(TALLOC_CTX *ctx, struct net_loop *loop, int64_t deadline,
                                net_timer_fn done, void *arg, struct net_timer **ret)
{
    struct net_timer *timer = talloc_zero(ctx, struct net_timer);
    int64_t wait = deadline - clock_monotonic_ms();

    if (!timer)
        return STS_E_NOMEM;
    timer->done = done;
    timer->arg = arg;
    timer->event = event_new(loop->base, -1, 0, timer_fires, timer);
    if (!timer->event) {
        talloc_free(timer);
        return STS_E_NOMEM;
    }
    talloc_set_destructor(timer, timer_drop);
    if (wait < 0)
        wait = 0;
    event_add(timer->event,
              &(struct timeval){.tv_sec = wait / 1000, .tv_usec = wait % 1000 * 1000});
    *ret = timer;
    return STS_OK;
}

/* ---- bells ----------------------------------------------------------------------------------- */

struct net_bell {
    int fd;
    struct event *event;
    net_timer_fn rung;
    void *arg;
};

static int bell_drop(struct net_bell *bell)
{
    if (bell->event)
        event_free(bell->event);
    if (bell->fd >= 0)
        close(bell->fd);
    return 0;
}

static void bell_rings(evutil_socket_t fd, short what, void *arg)
{
    struct net_bell *bell = arg;
    eventfd_t count;

    (void)what;
    (void)eventfd_read((int)fd, &count);
    bell->rung(bell->arg);
}

enum sts_status net_bell_new(TALLOC_CTX *ctx, struct net_loop *loop, net_timer_fn rung, void *arg,
                             struct net_bell **ret)
{
    struct net_bell *bell = talloc_zero(ctx, struct net_bell);

    if (!bell)
        return STS_E_NOMEM;
    bell->rung = rung;
    bell->arg = arg;
    bell->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    talloc_set_destructor(bell, bell_drop);
    if (bell->fd >= 0)
        bell->event = event_new(loop->base, bell->fd, EV_READ | EV_PERSIST, bell_rings, bell);
    if (!bell->event || event_add(bell->event, NULL) != 0) {
        talloc_free(bell);
        return STS_E_NOMEM;
    }
    *ret = bell;
    return STS_OK;
}

void net_bell_ring(struct net_bell *bell)
{
    (void)eventfd_write(bell->fd, 1);
}
