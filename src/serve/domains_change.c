/* SPDX-License-Identifier: MIT */
/* domains_change.c - POST /domains: what is done with all domains that a filter matches. */
#include <stdlib.h>
#include <string.h>

#include "accounts/accounts.h"
#include "accounts/domain_batch.h"
#include "app/domain_tag.h"
#include "app/domain_watch.h"
#include "base/clock.h"
#include "serve/access.h"
#include "serve/account_pages.h"
#include "serve/account_session.h"
#include "serve/domains.h"
#include "serve/domains_batch.h"
#include "serve/domains_view.h"
#include "serve/exchange.h"
#include "serve/page.h"
#include "serve/service.h"

/* ---- a batch on its way ---------------------------------------------------------------------- */

struct domain_batch *domains_batch_new(const struct exchange *exchange,
                                       enum domain_batch_action action)
{
    struct domain_batch *batch = talloc_zero(NULL, struct domain_batch);

    if (!batch)
        return NULL;
    batch->action = action;
    batch->who = talloc_strdup(batch, exchange_account(exchange)->name);
    batch->address = talloc_strdup(batch, exchange_visitor(exchange)->address);
    batch->now = clock_now();
    batch->expected = -1;
    if (batch->who && batch->address)
        return batch;
    talloc_free(batch);
    return NULL;
}

struct batching {
    struct exchange *exchange;
    domains_batch_fn done;
};

static void on_written(void *arg, void *data, enum sts_status status)
{
    const struct batching *batching = arg;
    struct exchange *exchange = batching->exchange;
    enum i18n_language before = account_pages_speak(exchange);

    if (status)
        account_pages_no_store(exchange);
    else
        batching->done(exchange, talloc_steal(exchange, data));
    i18n_use(before);
}

void domains_batch_start(struct exchange *exchange, struct domain_batch *batch,
                         domains_batch_fn done)
{
    struct batching *batching = talloc(exchange, struct batching);
    struct accounts_work work = {.work = domain_batch_write,
                                 .writes = true,
                                 .data = batch,
                                 .done = on_written,
                                 .arg = batching};
    struct accounts_handle *handle;

    if (batching && batch) {
        *batching = (struct batching){exchange, done};
        if (!accounts_work_start(exchange, account_session_service(exchange), &work, &handle))
            return;
    }
    talloc_free(batch);
    account_pages_no_room(exchange);
}

/* ---- of a page ------------------------------------------------------------------------------- */

/* Back to the list, as it was filtered. */
static void back(struct exchange *exchange, struct domain_batch *batch)
{
    static const char *const words[] = {
        [DOMAIN_BATCH_ADD] = "domains-add",     [DOMAIN_BATCH_TAG] = "domains-tag",
        [DOMAIN_BATCH_UNTAG] = "domains-untag", [DOMAIN_BATCH_SET_TAGS] = "domains-tag",
        [DOMAIN_BATCH_CHECK] = "domains-check", [DOMAIN_BATCH_TAKE] = "domains-drop",
    };
    struct domains_param params[DOMAINS_PARAMS_MAX];
    char *link;

    if (batch->action == DOMAIN_BATCH_CHECK)
        domain_watch_wake(exchange_service(exchange)->watch);
    (void)domains_params(batch, &batch->filter, params);
    link = domains_link(batch, params, NULL, batch->differs ? "error" : "done",
                        batch->differs ? "differs" : words[batch->action]);
    link = link ? talloc_asprintf(batch, "/domains%s", link) : NULL;
    exchange_redirect(exchange, link ? link : "/domains");
}

/* NULL: it was answered. */
static struct domain_batch *filtered(struct exchange *exchange, enum domain_batch_action action,
                                     enum store_role least)
{
    struct store_list_request request;
    struct domain_batch *batch;

    if (!domains_query_read(exchange, exchange_form, least, &request))
        return NULL;
    batch = domains_batch_new(exchange, action);
    if (batch && domain_list_filter_copy(batch, &request.filter, &batch->filter))
        return batch;
    talloc_free(batch);
    account_pages_no_room(exchange);
    return NULL;
}

static void change_tag(struct exchange *exchange, enum domain_batch_action action)
{
    const char *typed = exchange_form(exchange, "new_tag");
    char *tag = typed ? domain_tag(exchange, bytes_trim(bytes_of(typed))) : NULL;
    struct domain_batch *batch;

    if (!tag) {
        exchange_problem(exchange, 422, "tag",
                         _("Tags consist of letters and digits, with - _ . : / allowed in between; "
                           "at most 40 bytes per tag and 20 tags per domain."));
        return;
    }
    batch = filtered(exchange, action, STORE_ROLE_EDITOR);
    if (!batch)
        return;
    batch->tag = talloc_steal(batch, tag);
    domains_batch_start(exchange, batch, back);
}

static void add_tag(struct exchange *exchange)
{
    change_tag(exchange, DOMAIN_BATCH_TAG);
}

static void drop_tag(struct exchange *exchange)
{
    change_tag(exchange, DOMAIN_BATCH_UNTAG);
}

static void check_all(struct exchange *exchange)
{
    struct domain_batch *batch = filtered(exchange, DOMAIN_BATCH_CHECK, STORE_ROLE_EDITOR);

    if (batch)
        domains_batch_start(exchange, batch, back);
}

/* ---- removing -------------------------------------------------------------------------------- */

static void show_removal(struct exchange *exchange, void *data)
{
    struct domain_batch *batch = talloc_steal(exchange, data);
    struct domains_param params[DOMAINS_PARAMS_MAX];
    struct domains_remove_page page = {
        .frame = page_frame(exchange, _("Remove domains"), FRAME_DOMAINS),
        .total = batch->domains,
        .kept = (const struct domains_hidden *)(const void *)params,
        .kept_count = domains_params(batch, &batch->filter, params),
    };
    struct html *out;

    page.narrowings = domains_view_narrowings(batch, params, NULL, 0, &page.narrowing_count);
    out = page_begin(exchange);
    if (!out)
        return;
    page_domains_remove(out, &page);
    page_answer(exchange, 200, out);
}

static void ask_removal(struct exchange *exchange)
{
    struct domain_batch *batch = filtered(exchange, DOMAIN_BATCH_TAKE, STORE_ROLE_ADMIN);

    if (batch)
        account_pages_read(exchange, domain_batch_preview, talloc_steal(exchange, batch),
                           show_removal);
}

static void remove_all(struct exchange *exchange)
{
    const char *expected = exchange_form(exchange, "expected");
    struct domain_batch *batch = filtered(exchange, DOMAIN_BATCH_TAKE, STORE_ROLE_ADMIN);

    if (!batch)
        return;
    batch->expected = expected ? strtoll(expected, NULL, 10) : 0;
    domains_batch_start(exchange, batch, back);
}

static const struct {
    const char *word;
    void (*take)(struct exchange *exchange);
} changes[] = {
    {"tag", add_tag},
    {"untag", drop_tag},
    {"check", check_all},
    {"remove", ask_removal},
    {"remove-confirmed", remove_all},
};

void page_domains_change(struct exchange *exchange)
{
    const char *what = exchange_form(exchange, "do");

    for (size_t i = 0; what && i < sizeof(changes) / sizeof(changes[0]); i++)
        if (strcmp(changes[i].word, what) == 0) {
            changes[i].take(exchange);
            return;
        }
    access_not_there(exchange);
}
