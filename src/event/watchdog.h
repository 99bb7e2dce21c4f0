/* SPDX-License-Identifier: MIT */
/* watchdog.h - a thread that sees when one callback of a loop takes too much processor time.
 *
 * No callback should take a second; if a library never returns, no deadline comes any more.  After
 * LIMIT_HOLD_MS of processor time the connection that the callback works on is shut down, which
 * ends whatever reads from it: a fact about that domain.  If that does not help, nothing inside the
 * process can, and after LIMIT_HOLD_END_MS it ends, by a function that says whose fault it was. */
#ifndef EVENT_WATCHDOG_H
#define EVENT_WATCHDOG_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>
#include <sys/types.h>

/* One a loop. */
struct watched {
    LIST_ENTRY(watched) link;
    pthread_mutex_t lock; /* for what follows */
    bool added, busy;
    clockid_t clock;    /* processor time of the loop's thread */
    int64_t since;      /* ns of it, when the callback began */
    const char *domain; /* NULL: none, or several */
    int fd;             /* -1: none */
    bool shut;          /* by us */
};

/* Called in the thread that runs the loop.  Without a thread of its own the watchdog sleeps. */
void watchdog_add(struct watched *watched);
void watchdog_remove(struct watched *watched);

/* A callback begins and ends; the second returns what a loop spent, in ns. */
void watchdog_begin(struct watched *watched, const char *domain, int fd);
int64_t watchdog_end(struct watched *watched);
/* Since the callback began: was its connection shut down? */
bool watchdog_has_shut(struct watched *watched);
/* The domain is no more. */
void watchdog_forget(struct watched *watched);

/* The last resort; does not return.  domain as above. */
typedef void (*watchdog_end_fn)(const char *domain);
void watchdog_on_end(watchdog_end_fn end);
/* For tests: other limits, in ms. */
void watchdog_limits(int64_t hold, int64_t end);

#endif
