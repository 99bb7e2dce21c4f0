/* SPDX-License-Identifier: MIT */
/* batch_api.c - /api/v1/batches.
 *
 * The list is read on a thread, then stored, then worked off by domain_batches.h.  A token is of
 * one group, and so is what it sees. */
#include <string.h>

#include "accounts/account.h"
#include "accounts/crypto.h"
#include "app/domain_watch.h"
#include "app/limits.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "event/loop.h"
#include "render/json.h"
#include "serve/access.h"
#include "serve/account_pages.h"
#include "serve/api_answer.h"
#include "serve/api_json.h"
#include "serve/batch_service.h"
#include "serve/check_service.h"
#include "serve/exchange.h"
#include "serve/limits.h"
#include "serve/service.h"
#include "serve/tools.h"

#define JSON   "application/json"
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

/* ---- answers --------------------------------------------------------------------------------- */

static void send_json(struct exchange *exchange, unsigned status, const char *text)
{
    exchange_field(exchange, "Cache-Control", "no-store");
    if (text)
        exchange_answer(exchange, status, JSON, bytes_of(text));
    else
        account_pages_no_room(exchange);
}

static void not_there(struct exchange *exchange)
{
    exchange_problem(exchange, 404, "no-such-batch", _("There is no batch at this address."));
}

/* ---- reading a batch ------------------------------------------------------------------------- */

static bool take_verdict(void *arg, const char *verdict, int64_t domains)
{
    struct batch_view *view = arg;

    for (size_t i = 0; i < BATCH_VERDICTS; i++)
        if (strcmp(verdict, batch_verdict(i)) == 0)
            view->verdicts[i] = domains;
    return true;
}

/* The texts are copied. */
static bool fill_batch(struct batch_view *view, const struct store_domain_batch *batch)
{
    view->batch = *batch;
    view->batch.name = talloc_strdup(view, batch->name);
    view->batch.who = talloc_strdup(view, batch->who);
    view->batch.language = "";
    return view->batch.name && view->batch.who;
}

static bool take_batch(void *arg, const struct store_domain_batch *batch)
{
    struct batch_view *view = arg;

    if (!fill_batch(view, batch))
        view->batch.id = 0;
    return false;
}

static enum sts_status read_progress(struct store *store, struct batch_view *view)
{
    enum sts_status status = store_count_batch(store, view->batch.id, view->now, &view->counts);

    return status ? status : store_batch_verdicts(store, view->batch.id, take_verdict, view);
}

static enum sts_status read_batch(struct store *store, void *data)
{
    struct batch_view *view = data;
    enum sts_status status = store_batch_numbered(store, view->batch.id, take_batch, view);

    if (!status && !view->batch.name)
        view->batch.id = 0;
    return status || !view->batch.id ? status : read_progress(store, view);
}

static struct batch_view *view_new(struct exchange *exchange, int64_t id)
{
    struct batch_view *view = talloc_zero(exchange, struct batch_view);

    if (view) {
        view->batch.id = id;
        view->now = clock_now();
    }
    return view;
}

/* Of another group it is not there. */
static bool is_seen(struct exchange *exchange, const struct batch_view *view, enum store_role least)
{
    if (view->batch.id)
        return access_allows(exchange, view->batch.group, least);
    not_there(exchange);
    return false;
}

static void send_batch(struct exchange *exchange, void *data)
{
    const struct batch_view *view = data;

    if (is_seen(exchange, view, STORE_ROLE_VIEWER))
        send_json(exchange, 200, batch_json(exchange, view, NULL));
}

static void answer_batch(struct exchange *exchange)
{
    account_pages_read(exchange, read_batch,
                       view_new(exchange, exchange_place_number(exchange, "id")), send_batch);
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
    if (!view || !fill_batch(view, batch))
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
        status = read_progress(store, page->views[i]);
    return status;
}

static void send_page(struct exchange *exchange, void *data)
{
    const struct batch_page *page = data;
    int64_t next = page->more ? page->views[page->count - 1]->batch.id : 0;

    send_json(exchange, 200,
              batch_list_json(exchange, (const struct batch_view *const *)page->views, page->count,
                              next));
}

static size_t limit_of(const struct exchange *exchange, size_t otherwise)
{
    int64_t limit = exchange_query_number(exchange, "limit");

    if (!limit)
        return otherwise;
    return limit < LIMIT_BATCH_MOST ? (size_t)limit : LIMIT_BATCH_MOST;
}

static void answer_batches(struct exchange *exchange)
{
    struct batch_page *page = talloc_zero(exchange, struct batch_page);
    int64_t before = exchange_query_number(exchange, "cursor");

    if (page)
        *page = (struct batch_page){.group = api_group(exchange),
                                    .before = before ? before : INT64_MAX,
                                    .now = clock_now(),
                                    .limit = limit_of(exchange, LIMIT_BATCH_PAGE)};
    account_pages_read(exchange, read_page, page, send_page);
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
    enum sts_status status = read_batch(store, results->view);

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

    if (view->batch.ended && results->last >= view->counts.done)
        return;
    api_link_next(exchange, talloc_asprintf(exchange, "%sapi/v1/batches/%lld/results?cursor=%lld",
                                            exchange_service(exchange)->base_path,
                                            (long long)view->batch.id, (long long)results->last));
    if (results->last >= view->counts.done)
        exchange_field(exchange, "Retry-After", "5");
}

static void send_results(struct exchange *exchange, void *data)
{
    const struct batch_results *results = data;

    if (!is_seen(exchange, results->view, STORE_ROLE_VIEWER))
        return;
    say_next(exchange, results);
    exchange_field(exchange, "Cache-Control", "no-store");
    exchange_answer(exchange, 200, NDJSON, bytes_of(results->text));
}

static void answer_results(struct exchange *exchange)
{
    struct batch_results *results = talloc_zero(exchange, struct batch_results);

    if (results) {
        results->after = results->last = exchange_query_number(exchange, "cursor");
        results->limit = limit_of(exchange, LIMIT_BATCH_RESULTS);
        results->view = view_new(exchange, exchange_place_number(exchange, "id"));
        (void)talloc_steal(results, results->view);
    }
    account_pages_read(exchange, read_results, results && results->view ? results : NULL,
                       send_results);
}

/* ---- writing --------------------------------------------------------------------------------- */

/* What is written, and what was read of it. */
struct batch_write {
    struct exchange *exchange; /* not for the writer's thread */
    struct store_new_batch add;
    uint8_t repeat[CRYPTO_SHA256_SIZE], content[CRYPTO_SHA256_SIZE];
    enum store_batch_added added;
    struct batch_view *view;
    struct domain_import *import;
    bool done;
};

static enum sts_status write_batch(struct store *store, void *data)
{
    struct batch_write *write = data;
    enum sts_status status =
        store_add_batch(store, &write->add, &write->added, &write->view->batch.id);

    if (status || write->added > STORE_BATCH_REPEATED)
        return status;
    return read_batch(store, write->view);
}

static enum sts_status write_cancel(struct store *store, void *data)
{
    struct batch_write *write = data;

    return store_cancel_batch(store, write->view->batch.id, write->view->now, &write->done);
}

static void answer_added(struct exchange *exchange, const struct batch_write *write)
{
    char *location =
        talloc_asprintf(exchange, "%sapi/v1/batches/%lld", exchange_service(exchange)->base_path,
                        (long long)write->view->batch.id);

    domain_batches_wake(exchange_service(exchange)->batches);
    exchange_field(exchange, "Location", location ? location : "");
    send_json(exchange, 202, batch_json(exchange, write->view, write->import));
}

static void on_added(struct exchange *exchange, void *data)
{
    const struct batch_write *write = data;

    if (write->added == STORE_BATCH_OTHER)
        exchange_problem(exchange, 422, "idempotency-key",
                         _("This Idempotency-Key was used for another batch."));
    else if (write->added == STORE_BATCH_FULL)
        exchange_problem(exchange, 429, "too-many-domains",
                         _("Too many domains of your group are waiting: at most 50,000."));
    else
        answer_added(exchange, write);
}

/* ---- POST ------------------------------------------------------------------------------------ */

struct batch_call {
    struct api_call call;
    bool plain; /* the body is the list itself */
    const char *name;
    struct batch_write *write;
};

/* Domains by lines. */
static bool read_members(struct batch_call *batch, struct bytes *ret)
{
    static const char *const members[] = {"name", "domains", NULL};
    const struct json *object = api_object(&batch->call, members);
    const char *const *domains;
    char *text;
    size_t count;

    if (!object || !api_text(&batch->call, object, "name", &batch->name) ||
        !api_list(&batch->call, object, "domains", LIMIT_BATCH_DOMAINS, &domains, &count))
        return false;
    text = talloc_strdup(batch, "");
    for (size_t i = 0; text && i < count; i++)
        text = talloc_asprintf_append_buffer(text, "%s\n", domains[i]);
    *ret = bytes_of(text ? text : "");
    return true;
}

/* False: the answer is made. */
static bool read_list(struct batch_call *batch)
{
    struct computed *computed = &batch->call.computed;
    struct bytes list = batch->call.body;

    if (!batch->plain && !read_members(batch, &list))
        return false;
    if (batch->name && strlen(batch->name) > LIMIT_BATCH_NAME) {
        api_wrong(&batch->call, "name", _("Must have at most 200 bytes."));
        return false;
    }
    if (domain_import_read(batch->write, list, &batch->write->import) != STS_OK) {
        computed_problem(computed, 413, "too-large", _("The list is too long."));
        return false;
    }
    if (batch->write->import->domain_count > LIMIT_BATCH_DOMAINS)
        computed_problem(computed, 422, "too-many-domains",
                         _("A batch has at most 20,000 domains."));
    else if (!batch->write->import->domain_count)
        computed_problem(computed, 422, "no-domains", _("There is no domain in the list."));
    return !computed->problem;
}

static void work_list(struct computed *computed)
{
    struct batch_call *batch = (struct batch_call *)computed;
    struct batch_write *write = batch->write;
    const char *name;

    if (!read_list(batch))
        return;
    name = batch->name ? batch->name : "";
    write->add.batch.name = text_printable(write, name, strlen(name), LIMIT_BATCH_NAME);
    write->add.batch.domains = (int64_t)write->import->domain_count;
    write->add.list = batch_domains_json(write, write->import);
    if (!write->add.batch.name || !write->add.list ||
        !crypto_sha256(bytes_of(write->add.list), write->content))
        computed_problem(computed, 503, "no-room",
                         _("The service is too busy for this request. Try again later."));
    write->add.content = (struct bytes){(const char *)write->content, sizeof write->content};
}

static void store_list(struct exchange *exchange, struct computed *computed)
{
    const struct batch_call *batch = (const struct batch_call *)computed;

    account_pages_write(exchange, write_batch, talloc_steal(exchange, batch->write), on_added);
}

static struct batch_write *write_new(struct exchange *exchange, int64_t id)
{
    struct batch_write *write = talloc_zero(exchange, struct batch_write);

    if (!write)
        return NULL;
    write->view = view_new(exchange, id);
    (void)talloc_steal(write, write->view);
    if (!write->view)
        TALLOC_FREE(write);
    return write;
}

/* False: the key is no good. */
static bool take_key(struct exchange *exchange, struct batch_write *write)
{
    const char *key = http_request_field(exchange_request(exchange), "idempotency-key");

    if (!key)
        return true;
    if (strlen(key) > LIMIT_BATCH_KEY || !crypto_sha256(bytes_of(key), write->repeat))
        return false;
    write->add.repeat = (struct bytes){(const char *)write->repeat, sizeof write->repeat};
    return true;
}

static struct batch_write *new_batch(struct exchange *exchange)
{
    struct batch_write *write = write_new(exchange, 0);

    if (!write)
        return NULL;
    write->add.batch = (struct store_domain_batch){
        .group = api_group(exchange),
        .who = talloc_strdup(write, exchange_account(exchange)->name),
        .language = strcmp(exchange_visitor(exchange)->language, "de") ? "en" : "de",
        .created = write->view->now};
    write->add.most = LIMIT_BATCH_WAITING;
    return write->add.batch.who ? write : NULL;
}

static void take_batch_request(struct exchange *exchange)
{
    const char *type = http_request_field(exchange_request(exchange), "content-type");
    const char *name = exchange_query(exchange, "name");
    struct batch_write *write = new_batch(exchange);
    struct batch_call *batch = write ? API_CALL(exchange, struct batch_call, work_list) : NULL;

    if (write && !take_key(exchange, write)) {
        exchange_problem(exchange, 400, "idempotency-key",
                         _("The Idempotency-Key must have at most 200 bytes."));
        return;
    }
    if (batch) {
        batch->plain = type && strncmp(type, "text/", 5) == 0;
        batch->name = batch->plain && name ? talloc_strdup(batch, name) : NULL;
        batch->write = talloc_steal(batch, write);
        batch->call.computed.finish = store_list;
    }
    compute_answer(exchange, tools_of(exchange)->texts, batch ? &batch->call.computed : NULL);
}

/* ---- DELETE ---------------------------------------------------------------------------------- */

static void on_cancelled(struct exchange *exchange, void *data)
{
    const struct batch_write *write = data;

    if (write->done)
        api_answer_done(exchange);
    else
        exchange_problem(exchange, 409, "batch-over", _("The batch has already ended."));
}

static void cancel_batch(struct exchange *exchange, void *data)
{
    const struct batch_view *view = data;

    if (is_seen(exchange, view, STORE_ROLE_EDITOR))
        account_pages_write(exchange, write_cancel, write_new(exchange, view->batch.id),
                            on_cancelled);
}

static void answer_cancel(struct exchange *exchange)
{
    account_pages_read(exchange, read_batch,
                       view_new(exchange, exchange_place_number(exchange, "id")), cancel_batch);
}

/* ---- the table ------------------------------------------------------------------------------- */

static const struct route_field batch_id[] = {{"id", "The id of the batch."}, {NULL, NULL}};
static const struct route_field paging[] = {
    {"cursor", "Where the page before ended: its \"next\"."},
    {"limit", "So many batches; 50, and 500 at most."},
    {NULL, NULL}};
static const struct route_field results_paging[] = {
    {"cursor", "Where the page before ended, as its Link says."},
    {"limit", "So many results; 200, and 500 at most."},
    {NULL, NULL}};
static const struct route_doc add_doc = {
    .summary = "Check many domains once.",
    .text = "The body can also be the list itself, as text/plain or text/csv, with ?name=. With an "
            "Idempotency-Key the same request can be repeated.",
    .body = "batch-request",
    .status = 202,
    .answer = "batch",
};
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
static const struct route_doc cancel_doc = {
    .summary = "Cancel a batch; what was checked stays.",
    .places = batch_id,
    .status = 204,
};

static const struct route routes[] = {
    {HTTP_POST, "/api/v1/batches", take_batch_request, ROUTE_API, NEED_EDITOR, ROUTE_JSON,
     LIMIT_BATCH_BODY, &add_doc, TOKEN_CHECK},
    {HTTP_GET, "/api/v1/batches", answer_batches, ROUTE_API, NEED_VIEWER, ROUTE_NO_BODY, 0,
     &list_doc, TOKEN_READ | TOKEN_CHECK},
    {HTTP_GET, "/api/v1/batches/{id}", answer_batch, ROUTE_API, NEED_VIEWER, ROUTE_NO_BODY, 0,
     &one_doc, TOKEN_READ | TOKEN_CHECK},
    {HTTP_GET, "/api/v1/batches/{id}/results", answer_results, ROUTE_API, NEED_VIEWER,
     ROUTE_NO_BODY, 0, &results_doc, TOKEN_READ | TOKEN_CHECK},
    {HTTP_DELETE, "/api/v1/batches/{id}", answer_cancel, ROUTE_API, NEED_EDITOR, ROUTE_NO_BODY, 0,
     &cancel_doc, TOKEN_CHECK},
};
const struct route_table batch_routes = {routes, sizeof routes / sizeof *routes, start};
