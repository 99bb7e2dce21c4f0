/* SPDX-License-Identifier: MIT */
/* loop.c - one libevent base a thread, and one-shot timers on the monotonic clock. */
#include "net/loop.h"

#include <event2/event.h>

#include "base/clock.h"

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
    return event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY) == 0 ? STS_OK : STS_E_IO;
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
