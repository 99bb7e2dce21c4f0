/* SPDX-License-Identifier: MIT */
/* change_api.c - /api/v1/changes: what changed about the domains of a group. */
#include "accounts/token.h"
#include "app/domain_tag.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/pasted.h"
#include "base/time_span.h"
#include "render/changes.h"
#include "serve/access.h"
#include "serve/account_pages.h"
#include "serve/api_list.h"
#include "serve/change_service.h"
#include "serve/domains_query.h"
#include "serve/exchange.h"
#include "serve/limits.h"

#define PATH "/api/v1/changes"

static const char *value_of(const struct exchange *exchange, const char *name)
{
    const char *value = exchange_query(exchange, name);

    return value && *value ? value : NULL;
}

/* False: it was answered, as below. */
static bool read_domain(struct exchange *exchange, struct change_list *list)
{
    const char *typed = value_of(exchange, "domain");
    char name[STS_NAME_SIZE];
    enum pasted_form form;

    if (!typed)
        return true;
    if (pasted_domain(typed, name, &form) != STS_OK) {
        api_list_wrong(exchange, "domain", _("expected a domain name"));
        return false;
    }
    list->filter.domain = talloc_strdup(list, name);
    if (!list->filter.domain)
        account_pages_no_room(exchange);
    return list->filter.domain;
}

static bool read_tag(struct exchange *exchange, struct change_list *list)
{
    const char *typed = value_of(exchange, "tag");

    list->filter.tag = typed ? domain_tag(list, bytes_of(typed)) : NULL;
    if (typed && !list->filter.tag)
        api_list_wrong(exchange, "tag", _("expected a tag"));
    return !typed || list->filter.tag;
}

static bool read_since(struct exchange *exchange, struct change_list *list)
{
    const char *since = value_of(exchange, "since");

    list->filter.since = 0;
    if (!since || time_span_begin(since, clock_now(), &list->filter.since))
        return true;
    api_list_wrong(exchange, "since", _("expected a time such as 2026-11-23T15:00:00Z, or a date"));
    return false;
}

static bool read_page(struct exchange *exchange, struct change_list *list)
{
    struct api_page page;

    if (!api_page_read(exchange, LIMIT_API_PAGE, &page))
        return false;
    list->limit = page.limit;
    list->after = STORE_LAST_CHANGE;
    if (!page.cursor || change_list_place_read(page.cursor, &list->after))
        return true;
    api_list_no_cursor(exchange);
    return false;
}

static void send_list(struct exchange *exchange, void *data)
{
    const struct change_list *list = data;
    const char *next = list->more && list->row_count ? change_list_place(exchange, list) : NULL;

    api_list_answer(exchange, json_changes(exchange, list, next), PATH, next);
}

static void answer_changes(struct exchange *exchange)
{
    struct change_list *list = talloc_zero(exchange, struct change_list);

    if (!list) {
        account_pages_no_room(exchange);
        return;
    }
    if (!domains_sight(exchange, 0, STORE_ROLE_VIEWER, &list->filter.sight)) {
        access_not_there(exchange);
        return;
    }
    if (read_domain(exchange, list) && read_tag(exchange, list) && read_since(exchange, list) &&
        read_page(exchange, list))
        account_pages_read(exchange, change_list_read, list, send_list);
}

/* ---- the table ------------------------------------------------------------------------------- */

static const struct route_field query[] = {
    {"domain", "Only of this domain."},
    {"tag", "Only of domains with this tag."},
    {"since", "Only of checks since then: a time or a day, such as 2026-11-23."},
    API_LIST_QUERY,
    {NULL, NULL}};
static const struct route_doc changes_doc = {
    .summary = "List what changed about the domains of the group, the newest first.",
    .text = "Each is a note of mtasts watch --json with its domain: verdict, posture and delivery, "
            "record, policy and its id, MX hosts, addresses, certificates, and findings that "
            "appeared or are gone.",
    .query = query,
    .answer = "change-list"};
static const struct route routes[] = {
    {HTTP_GET, PATH, answer_changes, ROUTE_API, NEED_VIEWER, ROUTE_NO_BODY, 0, &changes_doc,
     TOKEN_READ},
};
const struct route_table change_api_routes = {routes, sizeof routes / sizeof *routes, NULL};
