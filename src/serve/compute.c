/* SPDX-License-Identifier: MIT */
/* compute.c - a job an answer. */
#include "serve/compute.h"

#include "base/i18n.h"
#include "event/jobs.h"
#include "serve/etag.h"
#include "serve/exchange.h"

struct compute_pool {
    struct jobs *jobs;
    size_t count, max; /* of those that wait or are at work for somebody who is still there */
};

/* Hangs on the exchange, and is counted as long as that lives. */
struct compute_place {
    struct compute_pool *pool;
    struct exchange *exchange;
};

void computed_problem(struct computed *computed, unsigned status, const char *code,
                      const char *detail)
{
    computed->problem = status;
    computed->code = code;
    computed->detail = detail;
}

static void no_memory(struct computed *computed)
{
    computed_problem(computed, 503, "no-memory",
                     _("The service is out of memory. Try again later."));
}

void computed_text(struct computed *computed, const char *type, const char *text)
{
    if (!text) {
        no_memory(computed);
        return;
    }
    computed->type = type;
    computed->body = bytes_of(text);
}

enum sts_status compute_pool_new(TALLOC_CTX *ctx, struct loop *loop, size_t workers,
                                 size_t waiting_max, struct compute_pool **ret)
{
    struct compute_pool *pool = talloc_zero(ctx, struct compute_pool);
    enum sts_status status = pool ? jobs_new(pool, loop, workers, &pool->jobs) : STS_E_NOMEM;

    if (status != STS_OK) {
        talloc_free(pool);
        return status;
    }
    pool->max = waiting_max;
    *ret = pool;
    return STS_OK;
}

static int leave(struct compute_place *place)
{
    place->pool->count--;
    return 0;
}

static void work(void *data)
{
    struct computed *computed = data;

    computed->work(computed);
}

static void answer(struct exchange *exchange, struct computed *computed)
{
    if (computed->problem)
        exchange_problem(exchange, computed->problem, computed->code, computed->detail);
    else if (computed->finish)
        computed->finish(exchange, computed);
    else if (computed->stable)
        etag_answer(exchange, computed->type, computed->body);
    else
        exchange_answer(exchange, 200, computed->type, computed->body);
}

static void done(void *arg, void *data)
{
    const struct compute_place *place = arg;
    struct exchange *exchange = place->exchange;
    enum i18n_language before = i18n_use(i18n_language_named(exchange_visitor(exchange)->language));

    answer(exchange, data);
    i18n_use(before);
}

static void refuse(struct exchange *exchange)
{
    exchange_field(exchange, "Retry-After", "5");
    exchange_problem(exchange, 503, "busy", _("The service is busy. Try again in a few seconds."));
}

void compute_answer(struct exchange *exchange, struct compute_pool *pool, struct computed *computed)
{
    struct compute_place *place = NULL;
    struct jobs_handle *handle;

    if (computed && pool->count < pool->max)
        place = talloc(exchange, struct compute_place);
    if (place) {
        struct jobs_request request = {work, done, computed, place};

        *place = (struct compute_place){pool, exchange};
        pool->count++;
        talloc_set_destructor(place, leave);
        if (jobs_start(place, pool->jobs, &request, &handle) == STS_OK)
            return;
        talloc_free(place);
    }
    talloc_free(computed);
    refuse(exchange);
}
