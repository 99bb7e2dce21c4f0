/* SPDX-License-Identifier: MIT */
/* domains_import_api.c - the same as /domains/import, for programs. */
#include <string.h>

#include "app/domain_watch.h"
#include "base/i18n.h"
#include "base/json_write.h"
#include "serve/account_pages.h"
#include "serve/api_answer.h"
#include "serve/domains.h"
#include "serve/domains_importing.h"
#include "serve/exchange.h"
#include "serve/service.h"

static void write_refused(struct json_writer *json, const struct domain_import *import)
{
    json_write_begin(json, "refused", '[');
    for (size_t i = 0; i < import->refused_count; i++) {
        json_write_begin(json, NULL, '{');
        json_write_integer(json, "line", import->refused[i].line);
        json_write_string(json, "given", import->refused[i].given);
        json_write_string(json, "reason", _(import_fault_text(import->refused[i].fault)));
        json_write_end(json, '}');
    }
    json_write_end(json, ']');
}

/* stored: false, it was tried only. */
static void send_result(struct exchange *exchange, const struct domain_import *import,
                        const struct domain_batch *batch, bool stored)
{
    struct json_writer json = {.ctx = exchange};

    json_write_begin(&json, NULL, '{');
    json_write_bool(&json, "stored", stored);
    json_write_integer(&json, "added", batch->domains);
    json_write_integer(&json, "present", batch->there);
    json_write_integer(&json, "repeated", (int64_t)import->repeated);
    json_write_begin(&json, "taken", '[');
    for (size_t i = 0; i < batch->taken_count; i++)
        json_write_string(&json, NULL, batch->taken[i]);
    json_write_end(&json, ']');
    write_refused(&json, import);
    json_write_end(&json, '}');
    api_answer(exchange, 200, &json);
}

struct api_import {
    struct domain_batch batch; /* the first member: what is written */
    struct domain_import *import;
};

static void on_api_stored(struct exchange *exchange, struct domain_batch *batch)
{
    if (importing_is_refused(exchange, batch))
        return;
    domain_watch_wake(exchange_service(exchange)->watch);
    send_result(exchange, ((struct api_import *)batch)->import, batch, true);
}

static void store_for_api(struct exchange *exchange, struct importing *importing)
{
    struct api_import *api = talloc_zero(NULL, struct api_import);

    if (!api) {
        account_pages_no_room(exchange);
        return;
    }
    (void)talloc_steal(api, importing->batch);
    (void)talloc_steal(api, importing->import);
    api->batch = *importing->batch;
    api->import = importing->import;
    domains_batch_start(exchange, &api->batch, on_api_stored);
}

static void on_api_read(struct exchange *exchange, void *data)
{
    struct importing *importing = talloc_steal(exchange, data);
    const char *fault = importing_fault(importing);

    if (fault)
        exchange_problem(exchange, 422, "wrong-list", fault);
    else if (importing->stores)
        store_for_api(exchange, importing);
    else
        send_result(exchange, importing->import, importing->batch, false);
}

static bool is_json(const struct exchange *exchange)
{
    const char *type = http_request_field(exchange_request(exchange), "content-type");

    return type && strncmp(type, "application/json", strlen("application/json")) == 0;
}

void api_domains_import(struct exchange *exchange)
{
    const struct upload *upload = exchange_upload(exchange, "file");
    const char *tags = exchange_query(exchange, "tags"), *dry = exchange_query(exchange, "dry_run");
    struct importing *importing;

    if (!upload) {
        exchange_problem(exchange, 422, "wrong-list",
                         _("The list is empty: enter domains, or choose a file."));
        return;
    }
    importing = importing_new(exchange, api_group(exchange));
    if (importing) {
        importing->tags = talloc_strdup(importing, tags ? tags : "");
        importing->json = is_json(exchange);
        importing->stores = !dry || !*dry || strcmp(dry, "0") == 0;
    }
    if (!importing || !importing->tags || !importing_take_upload(importing, upload))
        account_pages_no_room(exchange);
    else
        account_pages_read(exchange, importing_read, importing, on_api_read);
}
