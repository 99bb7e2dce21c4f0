/* SPDX-License-Identifier: MIT */
/* loop.c - one libevent base a thread, its clock, one-shot timers, bells. */
#include "net/loop.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <event2/event.h>

#include "base/clock.h"
#include "base/memory.h"
#include "net/limits.h"
#include "net/loop_work.h"

struct net_loop {
    struct event_base *base;
    bool stopped;
    int64_t woke; /* when the first callback of this turn came, monotonic; 0: none did yet */
    int64_t held; /* ms that the clock lags behind the monotonic one */
    struct loop_work work;
};

struct net_timer {
    struct net_loop *loop;
    int64_t deadline;
    struct event *event;
    net_timer_fn done;
    void *arg;
};

static int loop_drop(struct net_loop *loop)
{
    watchdog_remove(&loop->work.watched);
    event_base_free(loop->base);
    return 0;
}

static void (*no_loop)(void);

/* libevent's own end has status 1. */
static void cannot_go_on(int error)
{
    (void)error;
    no_loop();
}

/* Its lines would stand before the one of the end. */
static void say_nothing(int severity, const char *message)
{
    (void)severity;
    (void)message;
}

void net_loop_on_end(void (*end)(void))
{
    no_loop = end;
    event_set_fatal_callback(cannot_go_on);
    event_set_log_callback(say_nothing);
}

enum sts_status net_loop_new(TALLOC_CTX *ctx, struct net_loop **ret)
{
    struct net_loop *loop = talloc_zero(ctx, struct net_loop);

    if (!loop)
        return STS_E_NOMEM;
    loop->base = event_base_new();
    if (!loop->base) {
        if (no_loop)
            no_loop();
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

struct loop_work *net_loop_work(struct net_loop *loop)
{
    return &loop->work;
}

/* ---- time ------------------------------------------------------------------------------------
 *
 * libevent tells when it waits by silence, so every callback says that it came.  Peers whose answer
 * arrives while we work for others are read late; within a turn the clock therefore stands still
 * after LIMIT_TURN_MS, and what was over is left out from then on. */

void net_loop_woke(struct net_loop *loop)
{
    if (!loop->woke)
        loop->woke = clock_monotonic_ms();
}

static int64_t held_in_turn(const struct net_loop *loop, int64_t now)
{
    int64_t over = loop->woke ? now - loop->woke - LIMIT_TURN_MS : 0;

    return over > 0 ? over : 0;
}

int64_t net_loop_now(const struct net_loop *loop)
{
    int64_t now = clock_monotonic_ms();

    return now - loop->held - held_in_turn(loop, now);
}

static void end_turn(struct net_loop *loop)
{
    loop->held += held_in_turn(loop, clock_monotonic_ms());
    loop->woke = 0;
}

enum sts_status net_loop_run(struct net_loop *loop)
{
    bool before = memory_forgive(true); /* a shortage is a fact (net/room.h) */
    int result = 0;

    watchdog_add(&loop->work.watched);
    loop->stopped = false;
    while (!loop->stopped && result == 0) {
        result = event_base_loop(loop->base, EVLOOP_ONCE | EVLOOP_NO_EXIT_ON_EMPTY);
        end_turn(loop);
    }
    memory_forgive(before);
    return result == 0 ? STS_OK : STS_E_IO;
}

void net_loop_stop(struct net_loop *loop)
{
    loop->stopped = true;
    event_base_loopbreak(loop->base);
}

/* ---- timers ---------------------------------------------------------------------------------- */

static int timer_drop(struct net_timer *timer)
{
    event_free(timer->event);
    return 0;
}

static void set(struct net_timer *timer, int64_t wait)
{
    event_add(timer->event,
              &(struct timeval){.tv_sec = wait / 1000, .tv_usec = wait % 1000 * 1000});
}

/* libevent counts from the beginning of the turn in which a timer was set, and knows nothing of our
 * clock: it may come too early. */
static void timer_fires(evutil_socket_t fd, short what, void *arg)
{
    struct net_timer *timer = arg;
    int64_t left;

    (void)fd;
    (void)what;
    net_loop_woke(timer->loop);
    left = timer->deadline - net_loop_now(timer->loop);
    if (left > 0)
        set(timer, left);
    else
        timer->done(timer->arg);
}

enum sts_status net_timer_start(TALLOC_CTX *ctx, struct net_loop *loop, int64_t deadline,
                                net_timer_fn done, void *arg, struct net_timer **ret)
{
    struct net_timer *timer = talloc_zero(ctx, struct net_timer);
    int64_t wait = deadline - net_loop_now(loop);

    if (!timer)
        return STS_E_NOMEM;
    timer->loop = loop;
    timer->deadline = deadline;
    timer->done = done;
    timer->arg = arg;
    timer->event = event_new(loop->base, -1, 0, timer_fires, timer);
    if (!timer->event) {
        talloc_free(timer);
        return STS_E_NOMEM;
    }
    talloc_set_destructor(timer, timer_drop);
    set(timer, wait > 0 ? wait : 0);
    *ret = timer;
    return STS_OK;
}

/* ---- bells ----------------------------------------------------------------------------------- */

struct net_bell {
    struct net_loop *loop;
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
    net_loop_woke(bell->loop);
    (void)eventfd_read((int)fd, &count);
    bell->rung(bell->arg);
}

enum sts_status net_bell_new(TALLOC_CTX *ctx, struct net_loop *loop, net_timer_fn rung, void *arg,
                             struct net_bell **ret)
{
    struct net_bell *bell = talloc_zero(ctx, struct net_bell);

    if (!bell)
        return STS_E_NOMEM;
    bell->loop = loop;
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
