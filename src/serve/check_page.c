/* SPDX-License-Identifier: MIT */
/* check_page.c - checks as pages.
 *
 * A check begins by POST alone: links are followed by whoever previews or indexes them. */
#include "serve/check_page.h"

#include <string.h>

#include "facts/facts_copy.h"
#include "pages/badge.h"
#include "serve/access.h"
#include "serve/check_api.h"
#include "serve/check_live.h"
#include "serve/check_service.h"
#include "serve/exchange.h"
#include "serve/home.h"
#include "serve/page.h"
#include "serve/service.h"

static bool is_id(const char *text)
{
    return text && strlen(text) == CHECK_ID_SIZE - 1 &&
           strspn(text, "0123456789abcdef") == CHECK_ID_SIZE - 1;
}

/* ---- POST /check ----------------------------------------------------------------------------- */

static void answer_asked(struct exchange *exchange)
{
    const char *meant = exchange_form(exchange, "meant");
    const char *text = meant ? meant : exchange_form(exchange, "domain");
    const char *since = exchange_form(exchange, "since");
    const struct check_run *run;
    char name[STS_NAME_SIZE];
    const char *wrong = check_service_name(exchange, text ? text : "", name);
    char *path;

    if (wrong) {
        home_answer_error(exchange, text, wrong);
        return;
    }
    if (!check_service_ask(exchange, text, &run))
        return;
    path = is_id(since) && strcmp(since, run->id) != 0
               ? talloc_asprintf(exchange, "c/%s?since=%s", run->id, since)
               : talloc_asprintf(exchange, "c/%s", run->id);
    exchange_redirect(exchange, path ? path : "");
}

/* ---- GET /c/{id} ----------------------------------------------------------------------------- */

struct viewing {
    struct exchange *exchange;
    const struct diagnosis *previous; /* the check to compare with; NULL: none */
};

static void answer_view(void *arg, const struct check_run *run)
{
    const struct viewing *viewing = arg;
    struct exchange *exchange = viewing->exchange;
    struct check_page page;
    struct html *html;

    if (!run) {
        check_service_absent(exchange);
        return;
    }
    exchange_field(exchange, "X-Robots-Tag", "noindex");
    exchange_field(exchange, "Cache-Control", "no-store");
    if (run->state < CHECK_DONE) {
        check_live_begin(exchange, run, viewing->previous);
        return;
    }
    html = page_begin(exchange);
    if (!html)
        return;
    page = check_page_of(exchange, run, viewing->previous);
    page_check(html, &page);
    page_answer(exchange, 200, html);
}

static void find_wanted(struct viewing *viewing)
{
    const struct check_link link = {exchange_place(viewing->exchange, "id"), NULL};

    check_service_find(viewing->exchange, &link, answer_view, viewing);
}

/* It may be gone before the other is there: so it is copied. */
static void take_previous(void *arg, const struct check_run *run)
{
    struct viewing *viewing = arg;
    struct diagnosis *diagnosis;
    struct facts *facts;

    if (run && run->diagnosis && run->state == CHECK_DONE &&
        facts_copy(viewing, run->diagnosis->facts, &facts) == STS_OK &&
        diagnose(viewing, facts, facts->observed_at, &diagnosis) == STS_OK)
        viewing->previous = diagnosis;
    find_wanted(viewing);
}

static void answer_check(struct exchange *exchange)
{
    const struct check_link since = {exchange_query(exchange, "since"), NULL};
    struct viewing *viewing = talloc_zero(exchange, struct viewing);

    if (!viewing) {
        check_service_absent(exchange);
        return;
    }
    viewing->exchange = exchange;
    if (is_id(since.id))
        check_service_find(exchange, &since, take_previous, viewing);
    else
        find_wanted(viewing);
}

static void answer_facts(struct exchange *exchange)
{
    const struct check_link link = {exchange_place(exchange, "id"), NULL};

    check_service_find(exchange, &link, check_api_facts, exchange);
}

/* ---- GET /badge/{file} ----------------------------------------------------------------------- */

struct badge_wish {
    struct exchange *exchange;
    char domain[STS_NAME_SIZE];
};

static void answer_badge_of(void *arg, const struct check_run *run)
{
    const struct badge_wish *wish = arg;
    struct exchange *exchange = wish->exchange;
    const struct badge_page page =
        badge_page_of(exchange, wish->domain, run ? run->diagnosis : NULL);
    struct html *html = page_begin(exchange);

    if (!html)
        return;
    page_badge(html, &page);
    exchange_field(exchange, "Cache-Control", "public, max-age=300");
    exchange_answer(exchange, 200, "image/svg+xml; charset=utf-8", html_content(html));
}

/* What was seen last; nothing is looked at for a picture. */
static void answer_badge(struct exchange *exchange)
{
    const char *file = exchange_place(exchange, "file");
    struct badge_wish *wish = talloc_zero(exchange, struct badge_wish);
    const char *end = strstr(file, ".svg");
    char *text = end && !end[4] ? talloc_strndup(exchange, file, (size_t)(end - file)) : NULL;
    struct check_link link = {NULL, NULL};

    if (!wish || !text || check_service_name(exchange, text, wish->domain)) {
        access_not_there(exchange);
        return;
    }
    wish->exchange = exchange;
    link.domain = wish->domain;
    check_service_find(exchange, &link, answer_badge_of, wish);
}

static const struct route routes[] = {
    {HTTP_POST, "/check", answer_asked, ROUTE_PAGE, NEED_PUBLIC, ROUTE_FORM, 0},
    {HTTP_GET, "/c/{id}", answer_check, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/c/{id}/facts", answer_facts, ROUTE_PLAIN, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/badge/{file}", answer_badge, ROUTE_PLAIN, NEED_PUBLIC, ROUTE_NO_BODY, 0},
};
const struct route_table check_page_routes = {routes, sizeof(routes) / sizeof(routes[0]), NULL};
