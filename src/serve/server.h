/* SPDX-License-Identifier: MIT */
/* server.h - the listening sockets of a service and all its connections. */
#ifndef SERVE_SERVER_H
#define SERVE_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "event/loop.h"
#include "serve/route.h"

struct meter;
struct meter_now;
struct server;
struct service;
struct tls_server;

struct server_socket {
    int fd; /* it listens; closed by the server */
    enum route_role role;
    bool plain; /* no TLS, whatever there is of certificates */
};

struct server_request {
    const struct server_socket *sockets;
    size_t socket_count;
    size_t connections;     /* at most */
    struct tls_server *tls; /* NULL: none */
};

/* Sets service->server. */
STS_MUST_USE enum sts_status server_start(struct service *service,
                                          const struct server_request *request);
/* Accepts nothing any more, lets requests end that have begun, and calls `stopped` when there are
 * no connections left, at the latest after LIMIT_STOP_MS. */
void server_stop(struct server *server, loop_fn stopped, void *arg);

/* How many connections there are, and how many of them are answering. */
void server_count(const struct server *server, struct meter_now *now);
struct meter *server_meter(const struct server *server);

#endif
