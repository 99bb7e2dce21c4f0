/* SPDX-License-Identifier: MIT */
/* health.c - /healthz needs nothing but the loop; /readyz asks the store. */
#include "serve/health.h"

#include <talloc.h>

#include "app/domain_watch.h"
#include "serve/exchange.h"
#include "serve/service.h"
#include "store/readers.h"

#define TEXT "text/plain; charset=utf-8"

static void answer_alive(struct exchange *exchange)
{
    exchange_answer(exchange, 200, TEXT, bytes_of("ok\n"));
}

static enum sts_status ask_nothing(struct store *store, void *data)
{
    (void)store;
    (void)data;
    return STS_OK;
}

/* Whoever asks whether we are there is to send visitors here all the same. */
static const char *checks_word(const struct service *service)
{
    const struct domain_watch_state state = domain_watch_state(service->watch);

    return state.broken ? "checks: paused" : "checks: ok";
}

/* No version, no path, no reason: anybody may ask.  The reason is in the log. */
static void on_asked(void *arg, void *data, enum sts_status status, const struct store_fault *fault)
{
    struct exchange *exchange = arg;
    const char *word = status == STS_OK ? "ok" : "failed";
    char *text =
        talloc_asprintf(exchange, "store: %s\n%s\n", word, checks_word(exchange_service(exchange)));

    (void)data;
    service_say_store(exchange_service(exchange), fault);
    exchange_answer(exchange, status == STS_OK ? 200 : 503, TEXT, bytes_of(text ? text : ""));
}

static void answer_ready(struct exchange *exchange)
{
    const struct store_read_request request = {ask_nothing, on_asked, NULL, exchange};
    struct jobs_handle *handle;

    if (store_read_start(exchange, exchange_service(exchange)->readers, &request, &handle) !=
        STS_OK)
        exchange_answer(exchange, 503, TEXT, bytes_of("store: failed\n"));
}

static const struct route routes[] = {
    {HTTP_GET, "/healthz", answer_alive, ROUTE_PLAIN, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/readyz", answer_ready, ROUTE_PLAIN, NEED_PUBLIC, ROUTE_NO_BODY, 0},
};
const struct route_table health_routes = {routes, sizeof(routes) / sizeof(routes[0]), NULL,
                                          1u << ROLE_WEB | 1u << ROLE_METRICS};
