/* SPDX-License-Identifier: MIT */
/* connection.h - one connection: its requests read one after the other, each answered before the
 * next is taken.  Every phase has an absolute deadline. */
#ifndef SERVE_CONNECTION_H
#define SERVE_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "serve/route.h"

struct connection;
struct crowd;
struct meter;
struct service;
struct soon;
struct tls_server;

struct connection_request {
    struct service *service;
    struct soon *soon;
    struct meter *meter;
    struct tls_server *tls; /* NULL: it is plain */
    enum route_role role;
    int fd;              /* the connection's from now on, also where it cannot begin */
    const char *peer;    /* its address; "" of a socket of this machine */
    struct crowd *crowd; /* counts what waits to be sent there; NULL: nobody does */
    unsigned char address[16];
    /* It is over, and frees itself right after. */
    void (*gone)(void *arg, struct connection *connection);
    void *arg;
};

STS_MUST_USE enum sts_status connection_start(TALLOC_CTX *ctx,
                                              const struct connection_request *request,
                                              struct connection **ret);
/* No request is under way, and none has begun. */
bool connection_is_idle(const struct connection *connection);
/* A route is at work on a request, or sends a stream. */
bool connection_is_answering(const struct connection *connection);
/* At once. */
void connection_close(struct connection *connection);
/* Closes an idle one; else it ends with the answer that is under way, and a stream is told. */
void connection_wind_down(struct connection *connection);

#endif
