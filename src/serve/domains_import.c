/* SPDX-License-Identifier: MIT */
/* domains_import.c - /domains/import and its like in the API: a list is read, shown, and stored
 * when that was confirmed. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "accounts/encoding.h"
#include "app/domain_import.h"
#include "app/domain_tag.h"
#include "app/domain_watch.h"
#include "base/array.h"
#include "base/json.h"
#include "base/json_write.h"
#include "base/text.h"
#include "serve/access.h"
#include "serve/account_pages.h"
#include "serve/api_answer.h"
#include "serve/domains.h"
#include "serve/domains_batch.h"
#include "serve/domains_query.h"
#include "serve/domains_view.h"
#include "serve/exchange.h"
#include "serve/limits.h"
#include "serve/page.h"
#include "serve/service.h"
#include "serve/upload.h"

#define PROOF_LETTERS 24
#define JSON_DEPTH    4
#define SHOWN_MAX     1000 /* lines of each kind on the page */

/* A list on its way: read and compared with the store by a job. */
struct importing {
    int fd; /* of an upload; < 0: none */
    int64_t offset;
    size_t length;
    char *text;       /* typed; or read out of the upload */
    const char *tags; /* of all of them, as typed */
    const char *group_name;
    bool json;   /* the content is a JSON object with a list */
    bool stores; /* confirmed */
    struct domain_import *import;
    struct domain_batch *batch;
    enum { IMPORT_FINE, IMPORT_UNREAD, IMPORT_TOO_LONG, IMPORT_WRONG_TAGS, IMPORT_NO_JSON } fault;
};

static int importing_drop(struct importing *importing)
{
    if (importing->fd >= 0)
        (void)close(importing->fd);
    return 0;
}

/* ---- the job --------------------------------------------------------------------------------- */

static bool read_upload(struct importing *importing)
{
    size_t done = 0;

    if (importing->fd < 0)
        return true;
    importing->text = talloc_size(importing, importing->length + 1);
    while (importing->text && done < importing->length) {
        ssize_t got = pread(importing->fd, importing->text + done, importing->length - done,
                            importing->offset + (int64_t)done);

        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return importing->text;
}

/* One of the lists of the object, its texts with a line end behind each.  NULL: it is none. */
static char *joined(struct importing *importing, const struct json *object, const char *name)
{
    const struct json *list = json_member(object, name);
    char *text = talloc_strdup(importing, "");

    if (list && !json_is(list, JSON_ARRAY))
        return NULL;
    for (size_t i = 0; text && list && i < list->count; i++) {
        const struct json *item = &list->items[i];

        if (!json_is(item, JSON_STRING))
            return NULL;
        text = talloc_strndup_append_buffer(text, item->text.data, item->text.length);
        text = text ? talloc_strdup_append_buffer(text, "\n") : NULL;
    }
    return text;
}

static bool unpack_json(struct importing *importing)
{
    const struct bytes body = {importing->text, importing->length};
    struct json *object;
    size_t at;
    bool is = text_is_utf8(body.data, body.length) &&
              json_read(importing, body, false, JSON_DEPTH, &object, &at) == JSON_OK &&
              json_is(object, JSON_OBJECT);

    if (!is)
        return false;
    importing->text = joined(importing, object, "domains");
    importing->tags = joined(importing, object, "tags");
    importing->length = importing->text ? strlen(importing->text) : 0;
    return importing->text && importing->tags;
}

static bool add_tags(struct domain_batch *batch, const char *domain, const char *tags)
{
    char *rest = talloc_strdup(batch, tags), *tag;

    while (rest && (tag = strsep(&rest, " "))) {
        struct store_pair *pair =
            *tag ? array_grow(batch, &batch->tags, &batch->tag_count, sizeof(*pair)) : NULL;

        if (*tag && !pair)
            return false;
        if (pair)
            *pair = (struct store_pair){domain, tag};
    }
    return true;
}

static enum sts_status fill_batch(struct importing *importing, const char *tags)
{
    struct domain_batch *batch = importing->batch;
    const struct domain_import *import = importing->import;

    batch->proofs = talloc_zero_array(batch, struct store_pair, (unsigned)import->domain_count + 1);
    for (size_t i = 0; batch->proofs && i < import->domain_count; i++) {
        const struct import_domain *domain = &import->domains[i];
        const char *proof = encoding_random_typed(batch, PROOF_LETTERS);

        batch->proofs[batch->proof_count++] = (struct store_pair){domain->name, proof};
        if (!proof || !add_tags(batch, domain->name, tags) ||
            !add_tags(batch, domain->name, domain->tags))
            return STS_E_NOMEM;
    }
    return batch->proofs ? STS_OK : STS_E_NOMEM;
}

static enum sts_status read_list(struct store *store, void *data)
{
    struct importing *importing = data;
    char *tags = NULL;
    enum sts_status status;

    if (!read_upload(importing))
        importing->fault = IMPORT_UNREAD;
    else if (importing->json && !unpack_json(importing))
        importing->fault = IMPORT_NO_JSON;
    else if (!(tags = domain_tags(importing, bytes_of(importing->tags))))
        importing->fault = IMPORT_WRONG_TAGS;
    if (importing->fault)
        return STS_OK;
    status = domain_import_read(importing, (struct bytes){importing->text, importing->length},
                                &importing->import);
    if (status == STS_E_LIMIT) {
        importing->fault = IMPORT_TOO_LONG;
        return STS_OK;
    }
    if (!status)
        status = fill_batch(importing, tags);
    return status ? status : domain_batch_preview(store, importing->batch);
}

/* ---- what came ------------------------------------------------------------------------------- */

static bool take_upload(struct importing *importing, const struct upload *upload)
{
    importing->fd = upload_open(upload, &importing->offset);
    importing->length = (size_t)upload->length;
    return importing->fd >= 0;
}

static bool take_text(struct importing *importing, const char *typed)
{
    importing->text = talloc_strdup(importing, typed);
    importing->length = importing->text ? strlen(typed) : 0;
    return importing->text;
}

static struct importing *importing_new(struct exchange *exchange, int64_t group)
{
    const struct account *account = exchange_account(exchange);
    struct importing *importing = talloc_zero(exchange, struct importing);

    if (!importing)
        return NULL;
    importing->fd = -1;
    talloc_set_destructor(importing, importing_drop);
    importing->batch = domains_batch_new(exchange, DOMAIN_BATCH_ADD);
    importing->tags = "";
    if (!importing->batch)
        return NULL;
    (void)talloc_steal(importing, importing->batch);
    importing->batch->group = group;
    importing->batch->proven = account->administrator;
    return importing;
}

/* A file that was chosen counts, else what was typed, which may be as long as a file. */
static bool take_content(struct exchange *exchange, struct importing *importing)
{
    const struct upload *file = exchange_upload(exchange, "file");
    const struct upload *long_text = exchange_upload(exchange, "domains");
    const char *typed = exchange_form(exchange, "domains");

    if (file && file->length)
        return take_upload(importing, file);
    if (!typed && long_text && long_text->length)
        return take_upload(importing, long_text);
    return take_text(importing, typed ? typed : "");
}

/* ---- the page -------------------------------------------------------------------------------- */

static void show(struct exchange *exchange, struct domains_import_page *page,
                 const struct access_list *groups)
{
    struct html *out;

    page->frame = page_frame(exchange, _("Add domains"), FRAME_DOMAINS);
    page->groups =
        domains_view_groups(exchange, groups, page->group ? strtoll(page->group, NULL, 10) : 0,
                            STORE_ROLE_EDITOR, false, &page->group_count);
    out = page->groups ? page_begin(exchange) : NULL;
    if (!page->groups)
        account_pages_no_room(exchange);
    if (!out)
        return;
    page_domains_import(out, page);
    page_answer(exchange, page->error ? 422 : 200, out);
}

static void show_empty(struct exchange *exchange, const struct access_list *groups)
{
    struct domains_import_page page = {0};

    show(exchange, &page, groups);
}

void page_domains_import_form(struct exchange *exchange)
{
    access_groups(exchange, show_empty);
}

static const char *fault_text(const struct importing *importing)
{
    switch (importing->fault) {
    case IMPORT_UNREAD:
        return _("The file could not be read. Try again.");
    case IMPORT_TOO_LONG:
        return _("The list is too long: at most 4 MiB.");
    case IMPORT_WRONG_TAGS:
        return _(import_fault_text(IMPORT_NO_TAG));
    case IMPORT_NO_JSON:
        return _("The body must be a JSON object in UTF-8 with lists of strings.");
    case IMPORT_FINE:
        break;
    }
    if (!importing->import->domain_count && !importing->import->refused_count)
        return _("The list is empty: enter domains, or choose a file.");
    return NULL;
}

static const struct domains_refused *refused_of(TALLOC_CTX *ctx, const struct domain_import *import,
                                                size_t *ret_count)
{
    size_t count = import->refused_count < SHOWN_MAX ? import->refused_count : SHOWN_MAX;
    struct domains_refused *list =
        talloc_zero_array(ctx, struct domains_refused, (unsigned)count + 1);

    for (size_t i = 0; list && i < count; i++)
        list[i] = (struct domains_refused){import->refused[i].line, import->refused[i].given,
                                           _(import_fault_text(import->refused[i].fault))};
    *ret_count = list ? count : 0;
    return list;
}

static const char *const *taken_of(TALLOC_CTX *ctx, const struct domain_batch *batch)
{
    size_t count = batch->taken_count < SHOWN_MAX ? batch->taken_count : SHOWN_MAX;
    const char **list = talloc_zero_array(ctx, const char *, (unsigned)count + 1);

    for (size_t i = 0; list && i < count; i++)
        list[i] = batch->taken[i];
    return list;
}

/* What is confirmed: read again it is the same. */
static const char *list_of(TALLOC_CTX *ctx, const struct domain_import *import)
{
    char *text = talloc_strdup(ctx, "domain,tags\n");

    for (size_t i = 0; text && i < import->domain_count; i++)
        text = talloc_asprintf_append_buffer(text, "@%s,%s\n", import->domains[i].name,
                                             import->domains[i].tags);
    return text;
}

static struct domains_import_page page_of(TALLOC_CTX *ctx, const struct importing *importing)
{
    const struct domain_import *import = importing->import;
    const struct domain_batch *batch = importing->batch;
    struct domains_import_page page = {
        .error = fault_text(importing),
        .group = talloc_asprintf(ctx, "%lld", (long long)batch->group),
        .group_name = importing->group_name,
        .tags = importing->tags,
    };

    if (page.error) {
        page.typed = importing->fd < 0 ? importing->text : NULL;
        return page;
    }
    page.read = true;
    page.fresh = batch->domains;
    page.there = batch->there;
    page.repeated = (int64_t)import->repeated;
    page.refused_total = (int64_t)import->refused_count;
    page.refused = refused_of(ctx, import, &page.refused_count);
    page.names_taken = batch->proven;
    page.taken = taken_of(ctx, batch);
    page.taken_total = (int64_t)batch->taken_count;
    if (batch->domains || (batch->there && batch->tag_count))
        page.list = list_of(ctx, import);
    return page;
}

static bool is_refused(struct exchange *exchange, const struct domain_batch *batch)
{
    if (batch->full)
        exchange_problem(exchange, 409, "too-many", account_pages_outcome(CHANGE_FULL));
    return batch->full;
}

static void on_stored(struct exchange *exchange, struct domain_batch *batch)
{
    if (is_refused(exchange, batch))
        return;
    domain_watch_wake(exchange_service(exchange)->watch);
    exchange_redirect(exchange, "/domains?done=domains-add");
}

/* The batch borrows names of the import, which go along. */
static void store(struct exchange *exchange, struct importing *importing)
{
    struct domain_batch *batch = talloc_steal(NULL, importing->batch);

    (void)talloc_steal(batch, importing->import);
    domains_batch_start(exchange, batch, on_stored);
}

static void on_read(struct exchange *exchange, void *data)
{
    struct importing *importing = talloc_steal(exchange, data);
    const struct account_role group = {importing->batch->group, importing->group_name,
                                       STORE_ROLE_EDITOR};
    const struct access_list groups = {&group, 1, true};
    struct domains_import_page page;

    if (importing->stores && !fault_text(importing)) {
        store(exchange, importing);
        return;
    }
    page = page_of(importing, importing);
    show(exchange, &page, &groups);
}

static void take_for(struct exchange *exchange, const struct access *access)
{
    const char *tags = exchange_form(exchange, "tags"), *what = exchange_form(exchange, "do");
    struct importing *importing = importing_new(exchange, access->group);

    if (importing) {
        importing->tags = talloc_strdup(importing, tags ? tags : "");
        importing->group_name = talloc_strdup(importing, access->group_name);
        importing->stores = what && strcmp(what, "add") == 0;
    }
    if (!importing || !importing->tags || !importing->group_name ||
        !take_content(exchange, importing))
        account_pages_no_room(exchange);
    else
        account_pages_read(exchange, read_list, importing, on_read);
}

void page_domains_import_take(struct exchange *exchange)
{
    access_group(exchange, account_pages_number(exchange, "group"), STORE_ROLE_EDITOR, take_for);
}

/* ---- the API --------------------------------------------------------------------------------- */

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
    if (is_refused(exchange, batch))
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
    const char *fault = fault_text(importing);

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
    if (!importing || !importing->tags || !take_upload(importing, upload))
        account_pages_no_room(exchange);
    else
        account_pages_read(exchange, read_list, importing, on_api_read);
}
