/* SPDX-License-Identifier: MIT */
/* fast_clock.c - loaded before a program, makes its time go FAST times as fast.
 *
 * Deadlines are on the clock that never steps, and the loop waits in epoll_wait(): so both are all
 * that a test needs in order to see a deadline of 30 seconds in one. */
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NS 1000000000L

static long factor = 1;
static struct timespec begun;

__attribute__((constructor)) static void start(void)
{
    const char *fast = getenv("FAST");

    factor = fast ? strtol(fast, NULL, 10) : 1;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &begun);
}

int clock_gettime(clockid_t clock_id, struct timespec *tp)
{
    int failed = (int)syscall(SYS_clock_gettime, clock_id, tp);
    long ns;

    if (failed || (clock_id != CLOCK_MONOTONIC && clock_id != CLOCK_MONOTONIC_COARSE))
        return failed;
    ns = ((tp->tv_sec - begun.tv_sec) * NS + tp->tv_nsec - begun.tv_nsec) * factor;
    tp->tv_sec = begun.tv_sec + (begun.tv_nsec + ns) / NS;
    tp->tv_nsec = (begun.tv_nsec + ns) % NS;
    return 0;
}

int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout)
{
    static int (*real)(int, struct epoll_event *, int, int);

    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "epoll_wait");
    return real(epfd, events, maxevents,
                timeout < 0 ? timeout : (int)((timeout + factor - 1) / factor));
}
