/* SPDX-License-Identifier: MIT */
/* domains_import.c - /domains/import: a list is read, shown, and stored when that was confirmed. */
#include <stdlib.h>
#include <string.h>

#include "app/domain_watch.h"
#include "base/i18n.h"
#include "serve/access.h"
#include "serve/account_pages.h"
#include "serve/domains.h"
#include "serve/domains_importing.h"
#include "serve/domains_view.h"
#include "serve/exchange.h"
#include "serve/page.h"
#include "serve/service.h"

#define SHOWN_MAX 1000 /* lines of each kind on the page */

/* A file that was chosen counts, else what was typed, which may be as long as a file. */
static bool take_content(struct exchange *exchange, struct importing *importing)
{
    const struct upload *file = exchange_upload(exchange, "file");
    const struct upload *long_text = exchange_upload(exchange, "domains");
    const char *typed = exchange_form(exchange, "domains");

    if (file && file->length)
        return importing_take_upload(importing, file);
    if (!typed && long_text && long_text->length)
        return importing_take_upload(importing, long_text);
    return importing_take_text(importing, typed ? typed : "");
}

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
        .error = importing_fault(importing),
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

static void on_stored(struct exchange *exchange, struct domain_batch *batch)
{
    if (importing_is_refused(exchange, batch))
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

    if (importing->stores && !importing_fault(importing)) {
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
        account_pages_read(exchange, importing_read, importing, on_read);
}

void page_domains_import_take(struct exchange *exchange)
{
    access_group(exchange, account_pages_number(exchange, "group"), STORE_ROLE_EDITOR, take_for);
}
