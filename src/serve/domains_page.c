/* SPDX-License-Identifier: MIT */
/* domains_page.c - /domains: the list. */
#include <string.h>

#include "base/array.h"
#include "base/i18n.h"
#include "serve/access.h"
#include "serve/account_pages.h"
#include "serve/domains.h"
#include "serve/domains_view.h"
#include "serve/exchange.h"
#include "serve/page.h"
#include "serve/service.h"

/* The list, and the groups to choose from. */
struct listing {
    struct domain_list *list;
    struct account_role *groups;
    size_t group_count;
    bool all_groups; /* of the service; else they are there already */
    bool no_memory;
};

static bool take_group(void *arg, const struct store_group *group)
{
    struct listing *listing = arg;
    struct account_role *role =
        array_grow(listing, &listing->groups, &listing->group_count, sizeof(*role));

    if (role)
        *role =
            (struct account_role){group->id, talloc_strdup(listing, group->name), STORE_ROLE_ADMIN};
    listing->no_memory |= !role || !role->group_name;
    return !listing->no_memory;
}

static enum sts_status read_listing(struct store *store, void *data)
{
    struct listing *listing = data;
    enum sts_status status = STS_OK;

    if (listing->all_groups)
        status = store_groups(store, 0, take_group, listing);
    if (!status && listing->no_memory)
        status = STS_E_NOMEM;
    return status ? status : domain_list_read(store, listing->list);
}

/* ---- drawn ----------------------------------------------------------------------------------- */

static bool fill_filter(TALLOC_CTX *ctx, struct domains_page *page, const struct listing *listing)
{
    const struct store_list_filter *filter = &listing->list->request.filter;
    const struct access_list groups = {listing->groups, listing->group_count, false};

    page->q = filter->text;
    page->sort = domain_list_order_text(ctx, listing->list->request.order);
    page->verdicts = domains_view_verdicts(ctx, filter->verdict, &page->verdict_count);
    page->postures = domains_view_postures(ctx, filter->posture, &page->posture_count);
    page->tags = domains_view_tags(ctx, listing->list, &page->tag_count);
    page->groups = domains_view_groups(ctx, &groups, filter->sight.group, STORE_ROLE_VIEWER, true,
                                       &page->group_count);
    return page->sort && page->verdicts && page->postures && page->tags && page->groups;
}

static const char *page_link(TALLOC_CTX *ctx, const struct domains_param *params, const char *name,
                             const char *place)
{
    return place ? domains_link(ctx, params, NULL, name, place) : NULL;
}

static bool fill_links(TALLOC_CTX *ctx, struct domains_page *page, const struct listing *listing)
{
    const struct domain_list *list = listing->list;
    struct domains_param *params = talloc_zero_array(ctx, struct domains_param, DOMAINS_PARAMS_MAX);
    size_t count = params ? domains_params(ctx, &list->request.filter, params) : 0;

    if (!params)
        return false;
    page->any = count > 0;
    page->heads = domains_view_heads(ctx, params, list->request.order, &page->head_count);
    page->narrowings = domains_view_narrowings(ctx, params, page->groups, page->group_count,
                                               &page->narrowing_count);
    page->kept = (const struct domains_hidden *)(const void *)params;
    page->kept_count = count;
    page->csv = domains_link(ctx, params, NULL, NULL, NULL);
    params[count] = (struct domains_param){"sort", page->sort};
    page->next = page_link(ctx, params, "cursor",
                           list->later ? list->rows[list->row_count - 1].place : NULL);
    page->previous = page_link(ctx, params, "before",
                               list->earlier && list->row_count ? list->rows[0].place : NULL);
    return page->heads && page->narrowings && page->csv;
}

static const char *error_of(const struct exchange *exchange)
{
    const char *word = exchange_query(exchange, "error");

    return word && strcmp(word, "differs") == 0
               ? _("Nothing was removed: the number of domains that match the filter has "
                   "changed. Check the list and try again.")
               : account_pages_error(exchange);
}

static void show(struct exchange *exchange, void *data)
{
    struct listing *listing = talloc_steal(exchange, data);
    const struct account *account = exchange_account(exchange);
    struct domains_page page = {
        .frame = page_frame(exchange, _("Domains"), FRAME_DOMAINS),
        .said.notice = account_pages_notice(exchange),
        .said.error = error_of(exchange),
        .edits = account_is_anywhere(account, STORE_ROLE_EDITOR),
        .checks = exchange_service(exchange)->watch != NULL,
        .removes = account_is_anywhere(account, STORE_ROLE_ADMIN),
        .total = listing->list->total,
        .rows = domains_view_rows(listing, listing->list, listing->group_count > 1),
        .row_count = listing->list->row_count,
    };
    struct html *out;

    if (!page.rows || !fill_filter(listing, &page, listing) ||
        !fill_links(listing, &page, listing)) {
        account_pages_no_room(exchange);
        return;
    }
    page.csv = talloc_asprintf(listing, "%sdomains.csv%s", exchange_service(exchange)->base_path,
                               page.csv);
    out = page_begin(exchange);
    if (!out)
        return;
    page_domains(out, &page);
    page_answer(exchange, 200, out);
}

void page_domains_list(struct exchange *exchange)
{
    const struct account *account = exchange_account(exchange);
    struct listing *listing;
    struct store_list_request request;

    if (!domains_query_read(exchange, exchange_query, STORE_ROLE_VIEWER, &request))
        return;
    listing = talloc_zero(exchange, struct listing);
    if (listing)
        listing->list = domain_list_new(listing, &request);
    if (!listing || !listing->list) {
        account_pages_no_room(exchange);
        return;
    }
    listing->list->counted = true;
    listing->all_groups = account->administrator;
    if (!listing->all_groups) {
        listing->groups = account->roles;
        listing->group_count = account->role_count;
    }
    account_pages_read(exchange, read_listing, listing, show);
}
