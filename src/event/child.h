/* SPDX-License-Identifier: MIT */
/* child.h - another program, run as a child: it gets a text on standard input and has so long.
 *
 * It runs in a process group of its own, which is killed as a whole when its time is over or the
 * handle is freed, with signals as they are before a program takes them.  Its standard output and
 * error are ours, unless its output is wanted; no other descriptor is, as all of ours are closed on
 * exec.  SIGPIPE must be ignored: a program that does not read its input is no failure, its status
 * tells. */
#ifndef EVENT_CHILD_H
#define EVENT_CHILD_H

#include <sys/types.h>

#include "base/bytes.h"
#include "event/loop.h"

struct child;

enum child_outcome { CHILD_EXITED, CHILD_KILLED, CHILD_TIMED_OUT };

struct child_end {
    enum child_outcome outcome;
    int number;          /* its exit status, or the signal that killed it */
    struct bytes output; /* the first bytes of it, as many as were wanted; until `over` returns */
};

struct child_request {
    const char *path;
    const char *const *words; /* argv; NULL at the end */
    char *const *environment;
    struct bytes input; /* borrowed until `over` */
    size_t
        output_max; /* so much of its standard output is wanted, and no standard error; 0: none */
    int64_t deadline;
    void (*over)(void *arg, const struct child_end *end);
    void *arg;
};

/* STS_E_IO: it cannot be begun, and errno tells why. */
STS_MUST_USE enum sts_status child_start(TALLOC_CTX *ctx, struct loop *loop,
                                         const struct child_request *request, struct child **ret);

/* Its process, and the number of its group; 0: it has ended. */
pid_t child_process(const struct child *child);

#endif
