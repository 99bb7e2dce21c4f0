/* SPDX-License-Identifier: MIT */
/* domain_page.c - /d/{domain} and the pages below it. */
#include "serve/domain_page.h"

#include "app/reverse_names.h"
#include "base/i18n.h"
#include "pages/advisory.h"
#include "pages/domain.h"
#include "render/domain.h"
#include "serve/account_pages.h"
#include "serve/domain_reports.h"
#include "serve/domain_service.h"
#include "serve/exchange.h"
#include "serve/page.h"
#include "serve/service.h"
#include "serve/watch_service.h"

/* ---- GET /d/{domain} ------------------------------------------------------------------------- */

static const char *name_of(const void *names, const char *address)
{
    return reverse_name_of(names, address);
}

static void draw_domain(struct exchange *exchange, const struct domain_reading *reading)
{
    const struct domain_names names = {name_of, exchange_service(exchange)->reverse_names};
    struct html *html = page_begin(exchange);
    struct domain_page page;

    if (!html)
        return;
    page = domain_page_of(exchange, html, reading->summary, &reading->request.pick, &names);
    page.frame = page_frame(exchange, page.domain, FRAME_DOMAINS);
    page.may_check = reading->role >= STORE_ROLE_EDITOR;
    page_domain(html, &page);
    page_answer(exchange, 200, html);
}

struct domain_naming {
    struct exchange *exchange;
    const struct domain_reading *reading;
};

static void on_names(void *arg)
{
    const struct domain_naming *naming = arg;
    struct exchange *exchange = naming->exchange;
    enum i18n_language before = account_pages_speak(exchange);

    draw_domain(exchange, naming->reading);
    i18n_use(before);
}

/* Those that reports of the period name. */
static const char **sending_addresses(TALLOC_CTX *ctx, const struct domain_summary *summary)
{
    const struct names *all = &summary->series->all.sending_ips;
    const char **list = talloc_array(ctx, const char *, (unsigned)all->count + 1);

    for (size_t i = 0; list && i < all->count; i++)
        list[i] = ((const struct tally_count *)names_at(all, i))->name;
    return list;
}

/* It waits a moment for the names of sending addresses. */
static void show_domain(struct exchange *exchange, const struct domain_reading *reading)
{
    struct domain_naming *naming = talloc_zero(exchange, struct domain_naming);
    const struct reverse_request request = {
        .addresses = naming ? sending_addresses(naming, reading->summary) : NULL,
        .count = reading->summary->series->all.sending_ips.count,
        .done = on_names,
        .arg = naming};
    struct reverse_wait *wait;

    if (!request.addresses) {
        account_pages_no_room(exchange);
        return;
    }
    *naming = (struct domain_naming){exchange, reading};
    if (!request.count ||
        reverse_names_wait(naming, exchange_service(exchange)->reverse_names, &request, &wait))
        draw_domain(exchange, reading);
}

static enum sts_status start(struct service *service)
{
    char *why;
    enum sts_status status =
        reverse_names_new(service, service->loop, service->net, &service->reverse_names, &why);

    service->why = talloc_steal(service, why);
    return status;
}

/* ---- GET /d/{domain}/history ----------------------------------------------------------------- */

static void show_history(struct exchange *exchange, const struct domain_reading *reading)
{
    struct html *html = page_begin(exchange);
    struct domain_page page;

    if (!html)
        return;
    page = domain_history_page_of(exchange, reading->summary);
    page.frame = page_frame(
        exchange, talloc_asprintf(exchange, "%s: %s", page.domain, _("History")), FRAME_DOMAINS);
    page_domain_history(html, &page);
    page_answer(exchange, 200, html);
}

/* ---- plan and rollback ----------------------------------------------------------------------- */

static void show_advice(struct exchange *exchange, const struct domain_reading *reading,
                        enum domain_advice kind)
{
    bool plan = kind == DOMAIN_PLAN;
    struct html *html = page_begin(exchange);
    struct advisory *a = domain_advice(exchange, reading->summary, kind);
    struct advisory_page page = {.checked = false};

    if (!html)
        return;
    if (a)
        page = advisory_page_of(exchange, a);
    page.domain = reading->summary->domain;
    page.checked_at = reading->summary->checked_at;
    page.rolls_back = !plan;
    page.title = plan ? _("Plan") : _("Rollback");
    page.lead = plan ? _("How far the rollout has come and what to do next, based on the newest "
                         "check and the reports.")
                     : _("How to get mail flowing again if senders refuse it, and what to keep in "
                         "place until the change has reached all senders.");
    page.command = talloc_asprintf(exchange, "mtasts %s %s", plan ? "plan" : "rollback",
                                   reading->summary->domain);
    page.frame = page_frame(exchange, talloc_asprintf(exchange, "%s: %s", page.domain, page.title),
                            FRAME_DOMAINS);
    page_advisory(html, &page);
    page_answer(exchange, 200, html);
}

static void show_plan(struct exchange *exchange, const struct domain_reading *reading)
{
    show_advice(exchange, reading, DOMAIN_PLAN);
}

static void show_rollback(struct exchange *exchange, const struct domain_reading *reading)
{
    show_advice(exchange, reading, DOMAIN_ROLLBACK);
}

/* ---- tables ---------------------------------------------------------------------------------- */

static void send_table(struct exchange *exchange, const struct domain_reading *reading,
                       const char *what, const char *text)
{
    char *name = talloc_asprintf(exchange, "attachment; filename=\"%s-%s.csv\"",
                                 reading->summary->domain, what);

    if (!text || !name) {
        exchange_problem(exchange, 503, "no-room",
                         _("The service is too busy for this request. Try again later."));
        return;
    }
    exchange_field(exchange, "Content-Disposition", name);
    exchange_answer(exchange, 200, "text/csv; charset=utf-8", bytes_of(text));
}

static void send_series(struct exchange *exchange, const struct domain_reading *reading)
{
    send_table(exchange, reading, "series",
               csv_domain_series(exchange, reading->summary, SPLIT_SENDER));
}

static void send_failures(struct exchange *exchange, const struct domain_reading *reading)
{
    send_table(exchange, reading, "failures", csv_domain_failures(exchange, reading->summary));
}

/* ---- POST /d/{domain}/check ------------------------------------------------------------------ */

static void on_check_allowed(struct exchange *exchange, const struct access *access)
{
    const struct check_run *run;
    char *path;

    if (!watch_service_check(exchange, access, &run))
        return;
    path = talloc_asprintf(exchange, "c/%s", run->id);
    exchange_redirect(exchange, path ? path : "");
}

static void answer_check(struct exchange *exchange)
{
    access_domain(exchange, exchange_place(exchange, "domain"), STORE_ROLE_EDITOR,
                  on_check_allowed);
}

DOMAIN_ANSWER(domain, domain_summary_ask, show_domain)
DOMAIN_ANSWER(history, domain_brief_ask, show_history)
DOMAIN_ANSWER(plan, domain_brief_ask, show_plan)
DOMAIN_ANSWER(rollback, domain_brief_ask, show_rollback)
DOMAIN_ANSWER(series, domain_summary_ask, send_series)
DOMAIN_ANSWER(failures, domain_summary_ask, send_failures)

static const struct route routes[] = {
    {HTTP_GET, "/d/{domain}", answer_domain, ROUTE_PAGE, NEED_VIEWER, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/d/{domain}/history", answer_history, ROUTE_PAGE, NEED_VIEWER, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/d/{domain}/reports", domain_reports_answer, ROUTE_PAGE, NEED_VIEWER, ROUTE_NO_BODY,
     0},
    {HTTP_GET, "/d/{domain}/plan", answer_plan, ROUTE_PAGE, NEED_VIEWER, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/d/{domain}/rollback", answer_rollback, ROUTE_PAGE, NEED_VIEWER, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/d/{domain}/series.csv", answer_series, ROUTE_PAGE, NEED_VIEWER, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/d/{domain}/failures.csv", answer_failures, ROUTE_PAGE, NEED_VIEWER, ROUTE_NO_BODY,
     0},
    {HTTP_POST, "/d/{domain}/check", answer_check, ROUTE_PAGE, NEED_EDITOR, ROUTE_FORM, 0},
};
const struct route_table domain_page_routes = {routes, sizeof(routes) / sizeof(routes[0]), start};
