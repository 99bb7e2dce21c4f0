/* SPDX-License-Identifier: MIT */
/* semaphore.h - so many at a time in this thread; the rest wait, and cost next to nothing.
 *
 * A question under way costs libunbound tens of kilobytes, a connection as much again and a file.
 * Whoever wants to begin one acquires a permit; freeing it lets the next one in.  Those who
 * continue what is begun go before those who begin, so that what is begun ends and is out of the
 * way. */
#ifndef EVENT_SEMAPHORE_H
#define EVENT_SEMAPHORE_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include <mtasts/status.h>

struct loop;
struct semaphore;
struct permit;

enum semaphore_line { SEMAPHORE_CONTINUES, SEMAPHORE_BEGINS, SEMAPHORE_LINES };

typedef void (*semaphore_fn)(void *arg);

STS_MUST_USE enum sts_status semaphore_new(TALLOC_CTX *ctx, struct loop *loop, size_t room,
                                           struct semaphore **ret);
struct semaphore_request {
    enum semaphore_line line;
    semaphore_fn in;
    void *arg;
};
/* *ret_in: there was room, go on now, and no callback comes.  Else it comes, from the loop. */
STS_MUST_USE enum sts_status semaphore_acquire(TALLOC_CTX *ctx, struct semaphore *semaphore,
                                               const struct semaphore_request *request,
                                               struct permit **ret, bool *ret_in);

#endif
