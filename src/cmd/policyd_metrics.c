/* SPDX-License-Identifier: MIT */
/* policyd_metrics.c - a service of one route. */
#include "cmd/policyd_metrics.h"

#include <stdio.h>

#include "cmd/listen.h"
#include "policyd/metrics.h"
#include "serve/exchange.h"
#include "serve/service.h"

#define CONNECTIONS 64 /* whoever collects metrics has one */

/* The service comes first: an exchange knows it, and it is all of this. */
struct metrics_service {
    struct service service;
    const struct policyd *policyd;
};

static void answer_metrics(struct exchange *exchange)
{
    const struct metrics_service *own = (const void *)exchange_service(exchange);
    const struct policyd_counts counts = policyd_counts(own->policyd);
    const char *text = policyd_metrics(exchange, &counts);

    exchange_answer(exchange, text ? 200 : 503, "text/plain; version=0.0.4; charset=utf-8",
                    bytes_of(text ? text : ""));
}

static const struct route routes[] = {
    {HTTP_GET, "/metrics", answer_metrics, ROUTE_PLAIN, NEED_PUBLIC, ROUTE_NO_BODY, 0},
};
static const struct route_table table = {
    .routes = routes, .count = sizeof(routes) / sizeof(routes[0]), .roles = 1u << ROLE_METRICS};
static const struct route_table *const tables[] = {&table};

static void log_line(const char *line)
{
    fprintf(stderr, "%s\n", line);
}

enum sts_status policyd_metrics_start(TALLOC_CTX *ctx, struct loop *loop,
                                      const struct policyd *policyd,
                                      const struct server_socket *sockets, size_t socket_count)
{
    struct server_socket own[LISTEN_MAX];
    size_t count = 0;
    struct metrics_service *metrics;

    for (size_t i = 0; i < socket_count; i++)
        if (sockets[i].role == ROLE_METRICS)
            own[count++] = sockets[i];
    if (!count)
        return STS_OK;
    metrics = talloc_zero(ctx, struct metrics_service);
    if (!metrics)
        return STS_E_NOMEM;
    metrics->policyd = policyd;
    metrics->service = (struct service){.loop = loop,
                                        .origin = "",
                                        .host = "",
                                        .base_path = "/",
                                        .log = log_line,
                                        .tables = tables,
                                        .table_count = sizeof(tables) / sizeof(tables[0])};
    return server_start(&metrics->service, &(struct server_request){.sockets = own,
                                                                    .socket_count = count,
                                                                    .connections = CONNECTIONS});
}
