/* SPDX-License-Identifier: MIT */
/* server.h - the listening sockets of a service and all its connections. */
#ifndef SERVE_SERVER_H
#define SERVE_SERVER_H

#include <stddef.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "event/loop.h"

struct server;
struct service;

/* Sets service->server.  fds: listening sockets, which the server closes. */
STS_MUST_USE enum sts_status server_start(struct service *service, const int *fds, size_t count);
/* Accepts nothing any more, lets requests end that have begun, and calls `stopped` when there are
 * no connections left, at the latest after LIMIT_STOP_MS. */
void server_stop(struct server *server, loop_fn stopped, void *arg);

#endif
