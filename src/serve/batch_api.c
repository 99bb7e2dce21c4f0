/* SPDX-License-Identifier: MIT */
/* batch_api.c - /api/v1/batches: the area, and what is read.  A token is of one group, and so is
 * what it sees. */
#include <string.h>

#include "app/domain_watch.h"
#include "app/limits.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "event/loop.h"
#include "render/json.h"
#include "serve/account_pages.h"
#include "serve/api_answer.h"
#include "serve/api_list.h"
#include "serve/batch_service.h"
#include "serve/check_service.h"
#include "serve/exchange.h"
#include "serve/limits.h"
#include "serve/service.h"

#define PATH   "/api/v1/batches"
#define NDJSON "application/x-ndjson"

/* ---- the area -------------------------------------------------------------------------------- */

static void on_more(void *arg)
{
    const struct service *service = arg;

    check_queue_more(service->checks->queue);
}

static bool may(void *arg)
{
    const struct service *service = arg;

    return domain_watch_may(service->watch);
}

static void on_doubt(void *arg, const struct facts *facts)
{
    const struct service *service = arg;

    domain_watch_doubt(service->watch, facts);
}

static void on_fault(void *arg, const struct store_fault *why)
{
    service_say_store(arg, why);
}

static enum sts_status start(struct service *service)
{
    const struct domain_batches_request request = {.loop = service->loop,
                                                   .writer = service->writer,
                                                   .keep_days = LIMIT_BATCH_KEEP_DAYS,
                                                   .result = json_check,
                                                   .more = on_more,
                                                   .may = may,
                                                   .doubt = on_doubt,
                                                   .fault = on_fault,
                                                   .arg = service};
    struct check_source source;
    enum sts_status status = domain_batches_new(service, &request, &service->batches);

    if (status != STS_OK)
        return status;
    source = domain_batches_source(service->batches);
    return check_queue_add_source(service->checks->queue, &source);
}

static void stop(struct service *service, loop_fn stopped, void *arg)
{
    domain_batches_stop(service->batches, stopped, arg);
}

/* ---- one of them ----------------------------------------------------------------------------- */

static void send_batch(struct exchange *exchange, void *data)
{
    const struct batch_view *view = data;

    if (batch_is_seen(exchange, view, STORE_ROLE_VIEWER))
        batch_send(exchange, 200, batch_json(exchange, view, NULL));
}

static void answer_batch(struct exchange *exchange)
{
    account_pages_read(exchange, batch_view_read,
                       batch_view_new(exchange, exchange_place_number(exchange, "id")), send_batch);
}

/* ---- all of them ----------------------------------------------------------------------------- */

struct batch_page {
    int64_t group, before, now;
    size_t limit;
    struct batch_view **views;
    size_t count;
    bool more;
};

static bool list_batch(void *arg, const struct store_domain_batch *batch)
{
    struct batch_page *page = arg;
    struct batch_view *view;

    page->more = page->count == page->limit;
    if (page->more)
        return false;
    view = talloc_zero(page, struct batch_view);
    if (!view || !batch_view_fill(view, batch))
        return false;
    view->now = page->now;
    page->views[page->count++] = view;
    return true;
}

static enum sts_status read_page(struct store *store, void *data)
{
    struct batch_page *page = data;
    enum sts_status status;

    page->views = talloc_zero_array(page, struct batch_view *, (unsigned)page->limit + 1);
    if (!page->views)
        return STS_E_NOMEM;
    status = store_batches(store, page->group, page->before, page->limit + 1, list_batch, page);
    for (size_t i = 0; !status && i < page->count; i++)
        status = batch_view_progress(store, page->views[i]);
    return status;
}

static void send_page(struct exchange *exchange, void *data)
{
    const struct batch_page *page = data;
    struct json_writer json = {.ctx = exchange};
    const char *next =
        page->more
            ? talloc_asprintf(exchange, "%lld", (long long)page->views[page->count - 1]->batch.id)
            : NULL;

    api_list_begin(&json);
    for (size_t i = 0; i < page->count; i++)
        batch_write(&json, page->views[i], NULL);
    api_list_end(exchange, &json, PATH, next);
}

static void answer_batches(struct exchange *exchange)
{
    struct batch_page *list = talloc_zero(exchange, struct batch_page);
    struct api_page page;
    int64_t before;

    if (!api_page_read(exchange, LIMIT_API_PAGE, &page) ||
        !api_page_below(exchange, &page, &before))
        return;
    if (list)
        *list = (struct batch_page){.group = api_group(exchange),
                                    .before = before,
                                    .now = clock_now(),
                                    .limit = page.limit};
    account_pages_read(exchange, read_page, list, send_page);
}

/* ---- results --------------------------------------------------------------------------------- */

struct batch_results {
    struct batch_view *view;
    int64_t after, last;
    size_t limit, count;
    char *text;
};

static bool add_result(void *arg, int64_t number, struct bytes result)
{
    struct batch_results *results = arg;

    results->text =
        talloc_asprintf_append_buffer(results->text, "%.*s\n", (int)result.length, result.data);
    results->last = number;
    results->count++;
    return results->text;
}

static enum sts_status read_results(struct store *store, void *data)
{
    struct batch_results *results = data;
    enum sts_status status = batch_view_read(store, results->view);

    results->text = talloc_strdup(results, "");
    if (status || !results->view->batch.id || !results->text)
        return status;
    status = store_batch_results(store, results->view->batch.id, results->after, results->limit,
                                 add_result, results);
    return status || results->text ? status : STS_E_NOMEM;
}

/* Where there are none behind these and none will come, there is no next page. */
static void say_next(struct exchange *exchange, const struct batch_results *results)
{
    const struct batch_view *view = results->view;
    char *path, *cursor;

    if (view->batch.ended && results->last >= view->counts.done)
        return;
    path = talloc_asprintf(exchange, PATH "/%lld/results", (long long)view->batch.id);
    cursor = talloc_asprintf(exchange, "%lld", (long long)results->last);
    if (path && cursor)
        api_list_link(exchange, path, cursor);
    if (results->last >= view->counts.done)
        exchange_field(exchange, "Retry-After", "5");
}

static void send_results(struct exchange *exchange, void *data)
{
    const struct batch_results *results = data;

    if (!batch_is_seen(exchange, results->view, STORE_ROLE_VIEWER))
        return;
    say_next(exchange, results);
    exchange_field(exchange, "Cache-Control", "no-store");
    exchange_answer(exchange, 200, NDJSON, bytes_of(results->text));
}

static void answer_results(struct exchange *exchange)
{
    struct batch_results *results = talloc_zero(exchange, struct batch_results);
    struct api_page page;

    if (!api_page_read(exchange, LIMIT_BATCH_RESULTS, &page))
        return;
    if (results) {
        results->after = results->last = exchange_query_number(exchange, "cursor");
        results->limit = page.limit;
        results->view = batch_view_new(exchange, exchange_place_number(exchange, "id"));
        (void)talloc_steal(results, results->view);
    }
    account_pages_read(exchange, read_results, results && results->view ? results : NULL,
                       send_results);
}

/* ---- the table ------------------------------------------------------------------------------- */

static const struct route_field batch_id[] = {{"id", "The id of the batch."}, {NULL, NULL}};
static const struct route_field paging[] = {API_LIST_QUERY, {NULL, NULL}};
static const struct route_field results_paging[] = {
    {"cursor", "Where the page before ended, as its Link says."},
    {"limit", "So many results: 1 to 500; the default is 200."},
    {NULL, NULL}};
static const struct route_doc list_doc = {
    .summary = "List the batches of the group, the newest first.",
    .query = paging,
    .answer = "batch-list",
};
static const struct route_doc one_doc = {
    .summary = "Show how far a batch is.",
    .places = batch_id,
    .answer = "batch",
};
static const struct route_doc results_doc = {
    .summary = "The results so far, one mtasts.check/1 a line.",
    .text = "Link with rel=\"next\" leads to those that follow, as long as there can be some.",
    .places = batch_id,
    .query = results_paging,
    .answer_type = NDJSON,
};

static const struct route routes[] = {
    {HTTP_GET, PATH, answer_batches, ROUTE_API, NEED_VIEWER, ROUTE_NO_BODY, 0, &list_doc,
     TOKEN_READ | TOKEN_CHECK},
    {HTTP_GET, PATH "/{id}", answer_batch, ROUTE_API, NEED_VIEWER, ROUTE_NO_BODY, 0, &one_doc,
     TOKEN_READ | TOKEN_CHECK},
    {HTTP_GET, PATH "/{id}/results", answer_results, ROUTE_API, NEED_VIEWER, ROUTE_NO_BODY, 0,
     &results_doc, TOKEN_READ | TOKEN_CHECK},
};
const struct route_table batch_routes = {
    .routes = routes, .count = sizeof routes / sizeof *routes, .start = start, .stop = stop};
