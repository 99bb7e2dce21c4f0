/* SPDX-License-Identifier: MIT */
/* shuffled_events.c - loaded before a program, lets what happens come in another order.
 *
 * What is ready at one time is shuffled, and some of it is kept for later: epoll tells of it again.
 * A pause now and then lets more be ready at a time.  SHUFFLE is the seed. */
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PAUSE_NS 4000000u

static _Thread_local uint64_t state;

/* xorshift64 */
static size_t chance(size_t count)
{
    if (!state) {
        const char *seed = getenv("SHUFFLE");

        state = (seed ? strtoull(seed, NULL, 10) : 0) * 0x9e3779b97f4a7c15u + 88172645463325252u;
    }
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state % count);
}

static void shuffle(struct epoll_event *events, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = chance(i);
        struct epoll_event kept = events[i - 1];

        events[i - 1] = events[other];
        events[other] = kept;
    }
}

int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout)
{
    struct timespec pause = {0, (long)chance(PAUSE_NS)};
    long got;

    if (timeout && !chance(3))
        nanosleep(&pause, NULL);
    got = syscall(SYS_epoll_wait, epfd, events, maxevents, timeout);
    if (got < 2)
        return (int)got;
    shuffle(events, (size_t)got);
    return (int)(1 + chance((size_t)got));
}
