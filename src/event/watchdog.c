/* SPDX-License-Identifier: MIT */
/* watchdog.c - looks at all loops twice a second. */
#include "event/watchdog.h"

#include <stdatomic.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "event/limits.h"
#include "event/thread.h"

#define NS_PER_MS 1000000L
#define LOOK_MS   500 /* between two looks */

static LIST_HEAD(, watched) loops = LIST_HEAD_INITIALIZER(loops);
static pthread_mutex_t loops_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Atomic(watchdog_end_fn) at_end;
static _Atomic int64_t hold_ms = LIMIT_HOLD_MS, end_ms = LIMIT_HOLD_END_MS;

static void look_at(struct watched *watched)
{
    int64_t ms;
    watchdog_end_fn end = atomic_load(&at_end);

    pthread_mutex_lock(&watched->lock);
    ms = watched->busy ? (clock_spent_ns(watched->clock) - watched->since) / NS_PER_MS : 0;
    if (ms > atomic_load(&hold_ms) && watched->fd >= 0 && !watched->shut) {
        shutdown(watched->fd, SHUT_RDWR);
        watched->shut = true;
    }
    if (ms > atomic_load(&end_ms) && end)
        end(watched->domain);
    pthread_mutex_unlock(&watched->lock);
}

static void *watch(void *arg)
{
    (void)arg;
    for (;;) {
        struct watched *watched;

        nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * NS_PER_MS}, NULL);
        pthread_mutex_lock(&loops_lock);
        for (watched = LIST_FIRST(&loops); watched; watched = LIST_NEXT(watched, link))
            look_at(watched);
        pthread_mutex_unlock(&loops_lock);
    }
    return NULL;
}

static void start(void)
{
    pthread_t thread;

    if (thread_start(&thread, watch, NULL))
        pthread_detach(thread);
}

void watchdog_add(struct watched *watched)
{
    if (pthread_getcpuclockid(pthread_self(), &watched->clock) != 0 || watched->added)
        return;
    pthread_once(&once, start);
    pthread_mutex_init(&watched->lock, NULL);
    pthread_mutex_lock(&loops_lock);
    LIST_INSERT_HEAD(&loops, watched, link);
    watched->added = true;
    pthread_mutex_unlock(&loops_lock);
}

void watchdog_remove(struct watched *watched)
{
    if (!watched->added)
        return;
    pthread_mutex_lock(&loops_lock);
    LIST_REMOVE(watched, link);
    watched->added = false;
    pthread_mutex_unlock(&loops_lock);
    pthread_mutex_destroy(&watched->lock);
}

void watchdog_begin(struct watched *watched, const char *domain, int fd)
{
    if (!watched->added)
        return;
    pthread_mutex_lock(&watched->lock);
    watched->since = clock_spent_ns(watched->clock);
    watched->domain = domain;
    watched->fd = fd;
    watched->shut = false;
    watched->busy = true;
    pthread_mutex_unlock(&watched->lock);
}

int64_t watchdog_end(struct watched *watched)
{
    int64_t ns;

    if (!watched->added)
        return 0;
    pthread_mutex_lock(&watched->lock);
    ns = clock_spent_ns(watched->clock) - watched->since;
    watched->busy = false;
    watched->domain = NULL;
    pthread_mutex_unlock(&watched->lock);
    return ns;
}

bool watchdog_has_shut(struct watched *watched)
{
    bool shut;

    if (!watched->added)
        return false;
    pthread_mutex_lock(&watched->lock);
    shut = watched->shut;
    pthread_mutex_unlock(&watched->lock);
    return shut;
}

void watchdog_forget(struct watched *watched)
{
    if (!watched->added)
        return;
    pthread_mutex_lock(&watched->lock);
    watched->domain = NULL;
    pthread_mutex_unlock(&watched->lock);
}

void watchdog_on_end(watchdog_end_fn end)
{
    atomic_store(&at_end, end);
}

void watchdog_limits(int64_t hold, int64_t end)
{
    atomic_store(&hold_ms, hold);
    atomic_store(&end_ms, end);
}
