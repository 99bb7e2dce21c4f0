/* SPDX-License-Identifier: MIT */
/* line_server.h - a socket of connections on which mail servers write lines, one event each.
 *
 * Nothing is answered.  A connection may stay open for one line after the other, or end behind one,
 * which then needs no line end.  Where too many are open, the one that was silent for longest is
 * closed. */
#ifndef COLLECT_LINE_SERVER_H
#define COLLECT_LINE_SERVER_H

#include "base/bytes.h"
#include "event/loop.h"

struct line_server;

struct line_server_request {
    int fd; /* that listens; not closed */
    /* Without its end; borrowed.  A NUL is behind it. */
    void (*line)(void *arg, struct bytes line);
    /* One that is longer than LIMIT_DATAGRAM, whose rest is passed over. */
    void (*too_long)(void *arg);
    void *arg;
};

STS_MUST_USE enum sts_status line_server_start(TALLOC_CTX *ctx, struct loop *loop,
                                               const struct line_server_request *request,
                                               struct line_server **ret);
/* At the end: takes what was written until now, also on connections that wait to be accepted, then
 * ends them and takes no more. */
void line_server_drain(struct line_server *server);

#endif
