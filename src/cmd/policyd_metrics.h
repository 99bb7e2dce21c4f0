/* SPDX-License-Identifier: MIT */
/* policyd_metrics.h - /metrics of the policy daemon, on listening sockets of that role only: by the
 * HTTP server of the web service, without the rest of it. */
#ifndef CMD_POLICYD_METRICS_H
#define CMD_POLICYD_METRICS_H

#include "policyd/server.h"
#include "serve/server.h"

/* Sockets of other roles are left alone; without one for metrics there is nothing to do.  Until ctx
 * is freed. */
STS_MUST_USE enum sts_status policyd_metrics_start(TALLOC_CTX *ctx, struct loop *loop,
                                                   const struct policyd *policyd,
                                                   const struct server_socket *sockets,
                                                   size_t socket_count);

#endif
