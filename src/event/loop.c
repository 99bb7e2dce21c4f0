/* SPDX-License-Identifier: MIT */
/* loop.c - one libevent base a thread, its clock, one-shot timers, wakeups. */
#include "event/loop.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>

#include "base/clock.h"
#include "base/memory.h"
#include "event/limits.h"
#include "event/loop_work.h"

#define NS_PER_MS 1000000

struct loop {
    struct event_base *base;
    bool stopped;
    int64_t woke;    /* when the first callback of this turn came, monotonic; 0: none did yet */
    int64_t held;    /* ms that the clock lags behind the monotonic one */
    int64_t longest; /* ms that a turn took, since it was asked */
    int64_t spent; /* of the thread's processor time when this turn began, ns; 0: it does not run */
    struct loop_work work;
};

struct loop_timer {
    struct loop *loop;
    int64_t deadline;
    struct event *event;
    loop_fn done;
    void *arg;
};

static int loop_drop(struct loop *loop)
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

void loop_on_end(void (*end)(void))
{
    no_loop = end;
    event_set_fatal_callback(cannot_go_on);
    event_set_log_callback(say_nothing);
}

/* Memory is not what was short. */
static void end_without_files(int error)
{
    if (no_loop && (error == EMFILE || error == ENFILE))
        no_loop();
}

enum sts_status loop_new(TALLOC_CTX *ctx, struct loop **ret)
{
    struct loop *loop = talloc_zero(ctx, struct loop);

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

struct event_base *loop_base(struct loop *loop)
{
    return loop->base;
}

struct loop_work *loop_work_of(struct loop *loop)
{
    return &loop->work;
}

/* ---- time ------------------------------------------------------------------------------------
 *
 * libevent tells when it waits by silence, so every callback says that it came.  Peers whose answer
 * arrives while we work for others are read late; within a turn the clock therefore stands still
 * after LIMIT_TURN_MS, and what was over is left out from then on.  libunbound's callbacks say
 * nothing; that they came before is seen by the processor time that they took. */

static int64_t spent_in_turn(const struct loop *loop)
{
    if (!loop->spent)
        return 0;
    return (clock_spent_ns(CLOCK_THREAD_CPUTIME_ID) - loop->spent) / NS_PER_MS;
}

void loop_woke(struct loop *loop)
{
    if (!loop->woke)
        loop->woke = clock_monotonic_ms() - spent_in_turn(loop);
}

static int64_t held_in_turn(const struct loop *loop, int64_t now)
{
    int64_t over = loop->woke ? now - loop->woke - LIMIT_TURN_MS : 0;

    return over > 0 ? over : 0;
}

int64_t loop_now(const struct loop *loop)
{
    int64_t now = clock_monotonic_ms();

    return now - loop->held - held_in_turn(loop, now);
}

static void end_turn(struct loop *loop)
{
    int64_t now = clock_monotonic_ms();

    loop_woke(loop);
    loop->held += held_in_turn(loop, now);
    if (now - loop->woke > loop->longest)
        loop->longest = now - loop->woke;
    loop->woke = 0;
}

enum sts_status loop_run(struct loop *loop)
{
    bool before = memory_forgive(true); /* a shortage is a fact (net/resources.h) */
    int result = 0;

    watchdog_add(&loop->work.watched);
    loop->stopped = false;
    while (!loop->stopped && result == 0) {
        loop->spent = clock_spent_ns(CLOCK_THREAD_CPUTIME_ID);
        result = event_base_loop(loop->base, EVLOOP_ONCE | EVLOOP_NO_EXIT_ON_EMPTY);
        end_turn(loop);
    }
    loop->spent = 0;
    memory_forgive(before);
    return result == 0 ? STS_OK : STS_E_IO;
}

void loop_stop(struct loop *loop)
{
    loop->stopped = true;
    event_base_loopbreak(loop->base);
}

int64_t loop_longest_hold(struct loop *loop)
{
    int64_t longest = loop->longest;

    loop->longest = 0;
    return longest;
}

/* ---- timers ---------------------------------------------------------------------------------- */

static int timer_drop(struct loop_timer *timer)
{
    event_free(timer->event);
    return 0;
}

static void set(struct loop_timer *timer, int64_t wait)
{
    if (wait < 0)
        wait = 0;
    event_add(timer->event,
              &(struct timeval){.tv_sec = wait / 1000, .tv_usec = wait % 1000 * 1000});
}

/* libevent counts from the beginning of the turn in which a timer was set, and knows nothing of our
 * clock: it may come too early. */
static void timer_fires(evutil_socket_t fd, short what, void *arg)
{
    struct loop_timer *timer = arg;
    int64_t left;

    (void)fd;
    (void)what;
    loop_woke(timer->loop);
    left = timer->deadline - loop_now(timer->loop);
    if (left > 0)
        set(timer, left);
    else
        timer->done(timer->arg);
}

enum sts_status loop_timer_start(TALLOC_CTX *ctx, struct loop *loop, int64_t deadline, loop_fn done,
                                 void *arg, struct loop_timer **ret)
{
    struct loop_timer *timer = talloc_zero(ctx, struct loop_timer);

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
    set(timer, deadline - loop_now(loop));
    *ret = timer;
    return STS_OK;
}

void loop_timer_again(struct loop_timer *timer, int64_t deadline)
{
    timer->deadline = deadline;
    set(timer, deadline - loop_now(timer->loop));
}

/* ---- wakeups -----------------------------------------------------------------------------------
 */

struct wakeup {
    struct loop *loop;
    int fd;
    struct event *event;
    loop_fn raised;
    void *arg;
};

static int wakeup_drop(struct wakeup *wakeup)
{
    if (wakeup->event)
        event_free(wakeup->event);
    if (wakeup->fd >= 0)
        close(wakeup->fd);
    return 0;
}

static void wakeup_comes(evutil_socket_t fd, short what, void *arg)
{
    struct wakeup *wakeup = arg;
    eventfd_t count;

    (void)what;
    loop_woke(wakeup->loop);
    (void)eventfd_read((int)fd, &count);
    wakeup->raised(wakeup->arg);
}

enum sts_status wakeup_new(TALLOC_CTX *ctx, struct loop *loop, loop_fn raised, void *arg,
                           struct wakeup **ret)
{
    struct wakeup *wakeup = talloc_zero(ctx, struct wakeup);

    if (!wakeup)
        return STS_E_NOMEM;
    wakeup->loop = loop;
    wakeup->raised = raised;
    wakeup->arg = arg;
    wakeup->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wakeup->fd < 0)
        end_without_files(errno);
    talloc_set_destructor(wakeup, wakeup_drop);
    if (wakeup->fd >= 0)
        wakeup->event =
            event_new(loop->base, wakeup->fd, EV_READ | EV_PERSIST, wakeup_comes, wakeup);
    if (!wakeup->event || event_add(wakeup->event, NULL) != 0) {
        talloc_free(wakeup);
        return STS_E_NOMEM;
    }
    *ret = wakeup;
    return STS_OK;
}

void wakeup_signal(struct wakeup *wakeup)
{
    (void)eventfd_write(wakeup->fd, 1);
}
