/* SPDX-License-Identifier: MIT */
/* metrics.c - /metrics. */
#include "serve/metrics.h"

#include "event/jobs.h"
#include "event/loop.h"
#include "serve/alert_service.h"
#include "serve/exchange.h"
#include "serve/meter.h"
#include "serve/server.h"
#include "serve/service.h"
#include "serve/watch_page.h"

static void answer_metrics(struct exchange *exchange)
{
    const struct service *service = exchange_service(exchange);
    struct meter_now now = {.longest_hold_ms = loop_longest_hold(service->loop),
                            .jobs_waiting = jobs_waiting(service->jobs)};
    char *text;

    server_count(service->server, &now);
    text = meter_text(exchange, server_meter(service->server), &now);
    text = watch_page_metrics(text, service);
    text = alert_metrics(text, service);
    exchange_answer(exchange, text ? 200 : 503, "text/plain; version=0.0.4; charset=utf-8",
                    bytes_of(text ? text : ""));
}

static const struct route routes[] = {
    {HTTP_GET, "/metrics", answer_metrics, ROUTE_PLAIN, NEED_PUBLIC, ROUTE_NO_BODY, 0},
};
const struct route_table metrics_routes = {routes, sizeof(routes) / sizeof(routes[0]), NULL,
                                           1u << ROLE_METRICS};
