/* SPDX-License-Identifier: MIT */
/* connection.h - connections of mail servers: each asks, and waits for the answer.
 *
 * None is ever closed for being idle: Postfix, which meets a closed connection behind an MX host
 * that timed out, defers the mail.  Only where descriptors run short the one goes that was idle for
 * longest. */
#ifndef POLICYD_CONNECTION_H
#define POLICYD_CONNECTION_H

#include "event/loop.h"
#include "policyd/socketmap.h"

struct connection;
struct connections;

struct connections_request {
    struct loop *loop;
    /* A request, to be answered at once or later; its bytes are borrowed until this returns.  What
     * hangs on the connection is freed with it. */
    void (*asked)(void *arg, struct connection *connection,
                  const struct socketmap_request *request);
    void *arg;
};
/* Freeing it closes all. */
STS_MUST_USE enum sts_status connections_new(TALLOC_CTX *ctx,
                                             const struct connections_request *request,
                                             struct connections **ret);
size_t connections_count(const struct connections *connections);
/* Takes one that was accepted; it is closed where memory runs out. */
void connections_add(struct connections *connections, int fd);
/* Closes the one that was idle for longest; false: none is idle. */
bool connections_close_idle(struct connections *connections);
/* The payload of the reply; NULL: there was no memory for it, and the connection is closed, so that
 * the client asks again. */
void connection_answer(struct connection *connection, const char *payload);

#endif
