/* SPDX-License-Identifier: MIT */
/* stepping_clock.c - loaded before a program, makes the clock of its machine step.
 *
 * STEP seconds, STEP_AFTER milliseconds behind the start; clocks that only run do not step. */
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long step, after_ms;
static struct timespec begun;

static int read_clock(clockid_t clock, struct timespec *now)
{
    return (int)syscall(SYS_clock_gettime, clock, now);
}

__attribute__((constructor)) static void start(void)
{
    const char *seconds = getenv("STEP"), *after = getenv("STEP_AFTER");

    step = seconds ? strtol(seconds, NULL, 10) : 0;
    after_ms = after ? strtol(after, NULL, 10) : 0;
    read_clock(CLOCK_MONOTONIC, &begun);
}

static long stepped(void)
{
    struct timespec now;

    read_clock(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - begun.tv_sec) * 1000 + (now.tv_nsec - begun.tv_nsec) / 1000000 < after_ms
               ? 0
               : step;
}

int clock_gettime(clockid_t clock_id, struct timespec *tp)
{
    int failed = read_clock(clock_id, tp);

    if (!failed && (clock_id == CLOCK_REALTIME || clock_id == CLOCK_REALTIME_COARSE))
        tp->tv_sec += stepped();
    return failed;
}

int gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
    struct timespec exact;

    (void)tz;
    if (clock_gettime(CLOCK_REALTIME, &exact) != 0)
        return -1;
    *tv = (struct timeval){exact.tv_sec, exact.tv_nsec / 1000};
    return 0;
}

time_t time(time_t *timer)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (timer)
        *timer = now.tv_sec;
    return now.tv_sec;
}
