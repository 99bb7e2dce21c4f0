/* SPDX-License-Identifier: MIT */
/* listener.h - sockets that others connect to: opened by an address, and their connections. */
#ifndef EVENT_LISTENER_H
#define EVENT_LISTENER_H

#include "event/local_path.h"
#include "event/loop.h"

struct listener;

/* Is it of the form that listener_open() takes? */
bool listener_is_address(const char *where);
/* A socket that listens, without blocking, *ret.  An abandoned socket at a path is replaced. */
enum listener_trouble listener_open(const char *where, int *ret);

struct listener_request {
    int fd; /* not closed by the listener */
    /* The new connection is non-blocking and the callee's. */
    void (*accepted)(void *arg, int fd);
    /* There is one, and no descriptor left for it (EMFILE, ENFILE ...).  It comes again as long as
     * that holds; who can do nothing about it calls listener_rest(). */
    void (*short_of)(void *arg, int error);
    void *arg;
};

STS_MUST_USE enum sts_status listener_start(TALLOC_CTX *ctx, struct loop *loop,
                                            const struct listener_request *request,
                                            struct listener **ret);
/* Takes those that wait, a few hundred at most; outside the loop too. */
void listener_drain(struct listener *listener);
/* Takes nothing until a time of loop_now(). */
void listener_rest(struct listener *listener, int64_t until);

#endif
