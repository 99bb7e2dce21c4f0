/* SPDX-License-Identifier: MIT */
/* health.c - /healthz needs nothing but the loop; /readyz asks the store, and writes to it.
 *
 * Anybody may ask, so it is tried at most once in LIMIT_READY_MS: who asks while a trial is under
 * way waits for its end, and who asks soon after it hears what came of it. */
#include "serve/health.h"

#include <sys/queue.h>
#include <talloc.h>

#include "app/domain_watch.h"
#include "base/clock.h"
#include "event/loop.h"
#include "serve/exchange.h"
#include "serve/limits.h"
#include "serve/service.h"
#include "store/alerts.h"
#include "store/readers.h"
#include "store/writer.h"

#define TEXT "text/plain; charset=utf-8"

static void answer_alive(struct exchange *exchange)
{
    exchange_answer(exchange, 200, TEXT, bytes_of("ok\n"));
}

/* A child of the exchange, which may go first. */
struct ready_waiter {
    struct exchange *exchange;
    struct readiness *readiness;
    TAILQ_ENTRY(ready_waiter) link;
};

struct readiness {
    struct service *service;
    TAILQ_HEAD(, ready_waiter) waiting; /* for the trial that is under way */
    bool trying;
    struct jobs_handle *reading; /* of the last trial */
    int64_t until;    /* on the loop's clock, what came of the last one is told; 0: of none */
    const char *word; /* "ok"; or why not */
};

/* Whoever asks whether we are there is to send visitors here all the same. */
static const char *checks_word(const struct service *service)
{
    const struct domain_watch_state state = domain_watch_state(service->watch);

    return state.broken ? "checks: paused" : "checks: ok";
}

static const char ok[] = "ok";

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
        return ok;
    if (fault && (size_t)fault->trouble < sizeof words / sizeof *words)
        word = words[fault->trouble];
    return word ? word : "failed";
}

static void say(struct exchange *exchange, const char *word)
{
    char *text =
        talloc_asprintf(exchange, "store: %s\n%s\n", word, checks_word(exchange_service(exchange)));

    exchange_answer(exchange, word == ok ? 200 : 503, TEXT, bytes_of(text ? text : ""));
}

/* ---- a trial --------------------------------------------------------------------------------- */

static int waiter_drop(struct ready_waiter *waiter)
{
    TAILQ_REMOVE(&waiter->readiness->waiting, waiter, link);
    return 0;
}

static void end_trial(struct readiness *readiness, enum sts_status status,
                      const struct store_fault *fault)
{
    struct ready_waiter *waiter;

    readiness->trying = false;
    readiness->word = store_word(status, fault);
    readiness->until = loop_now(readiness->service->loop) + LIMIT_READY_MS;
    service_say_store(readiness->service, fault);
    while ((waiter = TAILQ_FIRST(&readiness->waiting))) {
        struct exchange *exchange = waiter->exchange;

        talloc_free(waiter);
        say(exchange, readiness->word);
    }
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
    (void)data;
    end_trial(arg, status, fault);
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
    struct readiness *readiness = arg;
    const struct store_writer_request request = {
        .write = write_row, .done = on_written, .arg = readiness};

    (void)data;
    if (status != STS_OK)
        end_trial(readiness, status, fault);
    else if (store_writer_put(readiness->service->writer, &request) != STS_OK)
        end_trial(readiness, STS_E_NOMEM, NULL);
}

static void start_trial(struct readiness *readiness)
{
    const struct store_read_request request = {ask_nothing, on_read, NULL, readiness};

    TALLOC_FREE(readiness->reading);
    readiness->trying = true;
    if (store_read_start(readiness, readiness->service->readers, &request, &readiness->reading) !=
        STS_OK)
        end_trial(readiness, STS_E_NOMEM, NULL);
}

/* ---- who asks -------------------------------------------------------------------------------- */

static bool wait_for_trial(struct exchange *exchange, struct readiness *readiness)
{
    struct ready_waiter *waiter = talloc_zero(exchange, struct ready_waiter);

    if (!waiter)
        return false;
    waiter->exchange = exchange;
    waiter->readiness = readiness;
    TAILQ_INSERT_TAIL(&readiness->waiting, waiter, link);
    talloc_set_destructor(waiter, waiter_drop);
    return true;
}

static void answer_ready(struct exchange *exchange)
{
    struct readiness *readiness = exchange_service(exchange)->readiness;

    if (readiness->until > loop_now(readiness->service->loop))
        say(exchange, readiness->word);
    else if (!wait_for_trial(exchange, readiness))
        say(exchange, store_word(STS_E_NOMEM, NULL));
    else if (!readiness->trying)
        start_trial(readiness);
}

static enum sts_status start(struct service *service)
{
    struct readiness *readiness = talloc_zero(service, struct readiness);

    if (!readiness)
        return STS_E_NOMEM;
    readiness->service = service;
    TAILQ_INIT(&readiness->waiting);
    service->readiness = readiness;
    return STS_OK;
}

static const struct route routes[] = {
    {HTTP_GET, "/healthz", answer_alive, ROUTE_PLAIN, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/readyz", answer_ready, ROUTE_PLAIN, NEED_PUBLIC, ROUTE_NO_BODY, 0},
};
const struct route_table health_routes = {routes, sizeof(routes) / sizeof(routes[0]), start,
                                          1u << ROLE_WEB | 1u << ROLE_METRICS};
