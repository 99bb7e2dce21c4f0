/* SPDX-License-Identifier: MIT */
/* batch_post.c - /api/v1/batches: begun and cancelled.  The list is read on a thread, then stored,
 * then worked off by domain_batches.h. */
#include <string.h>

#include "accounts/account.h"
#include "accounts/crypto.h"
#include "app/limits.h"
#include "base/i18n.h"
#include "base/text.h"
#include "serve/account_pages.h"
#include "serve/api_answer.h"
#include "serve/api_json.h"
#include "serve/batch_service.h"
#include "serve/exchange.h"
#include "serve/limits.h"
#include "serve/service.h"
#include "serve/tools.h"

#define PATH "/api/v1/batches"

/* ---- writing --------------------------------------------------------------------------------- */

/* What is written, and what was read of it. */
struct batch_write {
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
    return batch_view_read(store, write->view);
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
    batch_send(exchange, 202, batch_json(exchange, write->view, write->import));
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
        api_wrong(&batch->call, "name", _("Must be at most 200 bytes long."));
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
    write->view = batch_view_new(exchange, id);
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
                         _("The Idempotency-Key must be at most 200 bytes long."));
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

    if (batch_is_seen(exchange, view, STORE_ROLE_EDITOR))
        account_pages_write(exchange, write_cancel, write_new(exchange, view->batch.id),
                            on_cancelled);
}

static void answer_cancel(struct exchange *exchange)
{
    account_pages_read(exchange, batch_view_read,
                       batch_view_new(exchange, exchange_place_number(exchange, "id")),
                       cancel_batch);
}

/* ---- the table ------------------------------------------------------------------------------- */

static const struct route_field batch_id[] = {{"id", "The id of the batch."}, {NULL, NULL}};
static const struct route_doc add_doc = {
    .summary = "Check many domains once.",
    .text = "The body can also be the list itself, as text/plain or text/csv, with ?name=. With an "
            "Idempotency-Key the same request can be repeated.",
    .body = "batch-request",
    .status = 202,
    .answer = "batch",
};
static const struct route_doc cancel_doc = {
    .summary = "Cancel a batch; what was checked stays.",
    .places = batch_id,
    .status = 204,
};

static const struct route routes[] = {
    {HTTP_POST, PATH, take_batch_request, ROUTE_API, NEED_EDITOR, ROUTE_JSON, LIMIT_BATCH_BODY,
     &add_doc, TOKEN_CHECK},
    {HTTP_DELETE, PATH "/{id}", answer_cancel, ROUTE_API, NEED_EDITOR, ROUTE_NO_BODY, 0,
     &cancel_doc, TOKEN_CHECK},
};
const struct route_table batch_post_routes = {routes, sizeof routes / sizeof *routes, NULL};
