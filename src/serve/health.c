/* SPDX-License-Identifier: MIT */
/* health.c - /healthz needs nothing but the loop; /readyz asks the store, and writes to it. */
#include "serve/health.h"

#include <talloc.h>

#include "app/domain_watch.h"
#include "base/clock.h"
#include "serve/exchange.h"
#include "serve/service.h"
#include "store/alerts.h"
#include "store/readers.h"
#include "store/writer.h"

#define TEXT "text/plain; charset=utf-8"

static void answer_alive(struct exchange *exchange)
{
    exchange_answer(exchange, 200, TEXT, bytes_of("ok\n"));
}

/* Whoever asks whether we are there is to send visitors here all the same. */
static const char *checks_word(const struct service *service)
{
    const struct domain_watch_state state = domain_watch_state(service->watch);

    return state.broken ? "checks: paused" : "checks: ok";
}

/* Of the reasons those that name nothing: anybody may ask.  All of it is in the log. */
static const char *store_word(enum sts_status status, const struct store_fault *fault)
{
    static const char *const words[] = {[STORE_TROUBLE_READ_ONLY] = "read-only",
                                        [STORE_TROUBLE_FULL] = "full",
                                        [STORE_TROUBLE_BUSY] = "busy",
                                        [STORE_TROUBLE_AWAY] = "away",
                                        [STORE_TROUBLE_DAMAGED] = "damaged"};
    const char *word = NULL;

    if (status == STS_OK)
        return "ok";
    if (fault && (size_t)fault->trouble < sizeof words / sizeof *words)
        word = words[fault->trouble];
    return word ? word : "failed";
}

static void say(struct exchange *exchange, enum sts_status status, const struct store_fault *fault)
{
    char *text = talloc_asprintf(exchange, "store: %s\n%s\n", store_word(status, fault),
                                 checks_word(exchange_service(exchange)));

    service_say_store(exchange_service(exchange), fault);
    exchange_answer(exchange, status == STS_OK ? 200 : 503, TEXT, bytes_of(text ? text : ""));
}

struct trial {
    struct exchange *exchange;
    struct store_writer *writer;
};

static int trial_drop(struct trial *trial)
{
    store_writer_forget(trial->writer, trial);
    return 0;
}

/* A row of its own, so that there is something to write. */
static enum sts_status write_row(struct store *store, void *data)
{
    (void)data;
    return store_put_alert_place(store, "readyz", clock_now());
}

static void on_written(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    const struct trial *trial = arg;

    (void)data;
    say(trial->exchange, status, fault);
}

static bool try_writer(struct exchange *exchange)
{
    struct trial *trial = talloc_zero(exchange, struct trial);
    const struct store_writer_request request = {
        .write = write_row, .done = on_written, .arg = trial};

    if (!trial)
        return false;
    *trial = (struct trial){exchange, exchange_service(exchange)->writer};
    if (store_writer_put(trial->writer, &request) != STS_OK)
        return false;
    talloc_set_destructor(trial, trial_drop);
    return true;
}

static enum sts_status ask_nothing(struct store *store, void *data)
{
    (void)store;
    (void)data;
    return STS_OK;
}

/* A store that can be read may still be full, or not writable. */
static void on_read(void *arg, void *data, enum sts_status status, const struct store_fault *fault)
{
    struct exchange *exchange = arg;

    (void)data;
    if (status != STS_OK)
        say(exchange, status, fault);
    else if (!try_writer(exchange))
        say(exchange, STS_E_NOMEM, NULL);
}

static void answer_ready(struct exchange *exchange)
{
    const struct store_read_request request = {ask_nothing, on_read, NULL, exchange};
    struct jobs_handle *handle;

    if (store_read_start(exchange, exchange_service(exchange)->readers, &request, &handle) !=
        STS_OK)
        say(exchange, STS_E_NOMEM, NULL);
}

static const struct route routes[] = {
    {HTTP_GET, "/healthz", answer_alive, ROUTE_PLAIN, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/readyz", answer_ready, ROUTE_PLAIN, NEED_PUBLIC, ROUTE_NO_BODY, 0},
};
const struct route_table health_routes = {routes, sizeof(routes) / sizeof(routes[0]), NULL,
                                          1u << ROLE_WEB | 1u << ROLE_METRICS};
