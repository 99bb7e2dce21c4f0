/* SPDX-License-Identifier: MIT */
/* overview.c - my domains by what is wrong with them.  Beside it what an earlier version stored is
 * brought into the roll-ups, of which it is made. */
#include "serve/overview.h"

#include <stdlib.h>

#include "accounts/token.h"
#include "app/cause_cache.h"
#include "app/rollups.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "pages/overview.h"
#include "render/cause_text.h"
#include "serve/access.h"
#include "serve/account_pages.h"
#include "serve/etag.h"
#include "serve/exchange.h"
#include "serve/page.h"
#include "serve/service.h"

struct overview_service {
    struct cause_cache *cache;
};

#define API_CAUSES 1000 /* of one answer */

/* ---- reading --------------------------------------------------------------------------------- */

struct reading {
    struct cause_cache *cache;
    struct store_sight sight;
    int64_t now;
    struct held_causes *held;
    struct overview_group *groups;
    size_t group_count;
    bool chosen;
};

static enum sts_status read_causes(struct store *store, void *data)
{
    struct reading *reading = data;

    return cause_cache_read(reading, reading->cache, store, &reading->sight, reading->now,
                            &reading->held);
}

/* Groups to choose from are shown where there are several, also when one is chosen. */
static void note_groups(struct exchange *exchange, struct reading *reading,
                        const struct access_list *list)
{
    const struct account *account = exchange_account(exchange);
    size_t count = list->chosen && !account->administrator ? account->role_count : list->count;

    reading->groups = talloc_zero_array(reading, struct overview_group, (unsigned)count + 1);
    for (size_t i = 0; reading->groups && count > 1 && i < count; i++) {
        const struct account_role *role =
            list->chosen && !account->administrator ? &account->roles[i] : &list->groups[i];

        reading->groups[i] =
            (struct overview_group){role->group, talloc_strdup(reading, role->group_name),
                                    role->group == reading->sight.group};
        reading->group_count++;
    }
}

static struct reading *reading_new(struct exchange *exchange, const struct access_list *list)
{
    const struct account *account = exchange_account(exchange);
    struct reading *reading = talloc_zero(exchange, struct reading);
    bool one = list->chosen || !account->session;

    if (!reading)
        return NULL;
    reading->cache = exchange_service(exchange)->overview->cache;
    reading->now = clock_now();
    reading->chosen = list->chosen;
    reading->sight = (struct store_sight){.user = account->user,
                                          .all = account->administrator,
                                          .group = one && list->count ? list->groups[0].group : 0,
                                          .least = STORE_ROLE_VIEWER};
    note_groups(exchange, reading, list);
    return reading;
}

/* ---- the page -------------------------------------------------------------------------------- */

static void show(struct exchange *exchange, void *data)
{
    const struct reading *reading = talloc_steal(exchange, data);
    struct html *html = page_begin(exchange);
    struct overview_page page = {
        .frame = page_frame(exchange, _("Overview"), FRAME_OVERVIEW),
        .groups = reading->groups,
        .group_count = reading->group_count,
        .group = reading->chosen ? reading->sight.group : 0,
        .editor = account_is_anywhere(exchange_account(exchange), STORE_ROLE_EDITOR),
        .list = page_is_served("/domains"),
    };

    if (!html)
        return;
    overview_fill(exchange, &page, reading->held->causes, reading->now);
    page_overview(html, &page);
    page_answer(exchange, 200, html);
}

static void read_page(struct exchange *exchange, const struct access_list *list)
{
    account_pages_read(exchange, read_causes, reading_new(exchange, list), show);
}

static void answer_page(struct exchange *exchange)
{
    access_groups(exchange, read_page);
}

/* ---- the API --------------------------------------------------------------------------------- */

static void send(struct exchange *exchange, void *data)
{
    const struct reading *reading = talloc_steal(exchange, data);
    const char *json = json_causes(exchange, reading->held->causes, API_CAUSES);
    const char *text = json ? talloc_asprintf(exchange, "%s\n", json) : NULL;

    if (text)
        etag_answer(exchange, "application/json", bytes_of(text));
    else
        account_pages_no_room(exchange);
}

static void read_api(struct exchange *exchange, const struct access_list *list)
{
    account_pages_read(exchange, read_causes, reading_new(exchange, list), send);
}

static void answer_api(struct exchange *exchange)
{
    access_groups(exchange, read_api);
}

/* ---- the table ------------------------------------------------------------------------------- */

static enum sts_status start(struct service *service)
{
    struct overview_service *overview = talloc_zero(service, struct overview_service);

    if (!overview)
        return STS_E_NOMEM;
    overview->cache = cause_cache_new(overview);
    service->overview = overview;
    if (!overview->cache)
        return STS_E_NOMEM;
    return rollups_fill_start(service, service->writer);
}

static const struct route_doc doc = {
    .summary = "What is wrong with the domains of the group, by common cause.",
    .text = "Findings of the newest checks from severity medium up, gathered by what they have in "
            "common: an MX host, a certificate, a host of policies.",
    .answer = "causes",
};

static const struct route routes[] = {
    {HTTP_GET, "/overview", answer_page, ROUTE_PAGE, NEED_SIGNED_IN, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/api/v1/causes", answer_api, ROUTE_API, NEED_VIEWER, ROUTE_NO_BODY, 0, &doc,
     TOKEN_READ},
};
const struct route_table overview_routes = {routes, sizeof(routes) / sizeof(routes[0]), start};
