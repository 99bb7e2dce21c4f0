/* SPDX-License-Identifier: MIT */
/* datagrams.h - unix sockets that take datagrams, and sending one.
 *
 * A unix socket holds net.unix.max_dgram_qlen datagrams that nobody has read, counted when it is
 * made; a sender that does not wait loses what comes then.  So what waits is read with as few calls
 * as possible, and before anything else. */
#ifndef EVENT_DATAGRAMS_H
#define EVENT_DATAGRAMS_H

#include "base/bytes.h"
#include "event/listener.h"

struct datagrams;

/* Opens a socket at unix:PATH, without blocking; an abandoned one at the path is replaced. */
enum listener_trouble datagrams_open(const char *where, int *ret);
/* Is it a socket of this kind? */
bool datagrams_is(int fd);
/* How many datagrams a socket that is made now may hold; 0: not known. */
long datagrams_queue(void);

struct datagrams_request {
    int fd;       /* not closed */
    size_t size;  /* of a datagram, at most */
    size_t batch; /* read with one call, at most */
    size_t turn;  /* batches, before others in the loop have their turn */
    /* complete: false where more was sent than fits. */
    void (*received)(void *arg, struct bytes datagram, bool complete);
    /* After each turn: so many were waiting when it began, as far as can be seen. */
    void (*read)(void *arg, size_t waiting);
    void *arg;
};

STS_MUST_USE enum sts_status datagrams_start(TALLOC_CTX *ctx, struct loop *loop,
                                             const struct datagrams_request *request,
                                             struct datagrams **ret);
/* Reads what waits, outside the loop too. */
void datagrams_drain(struct datagrams *datagrams);

/* A socket that sends to unix:PATH; false: errno says why.  wait_ms: how long a datagram waits
 * where there is no room; 0: not at all, which is for whoever has a loop. */
bool datagrams_connect(const char *where, int64_t wait_ms, int *ret);
bool datagrams_send(int fd, struct bytes datagram);

#endif
