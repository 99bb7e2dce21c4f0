/* SPDX-License-Identifier: MIT */
/* domain_api.c - what is known of one domain, for programs.  History, plan and rollback are what
 * the command line prints. */
#include "serve/domain_api.h"

#include <string.h>

#include "accounts/token.h"
#include "base/i18n.h"
#include "render/advisory.h"
#include "render/domain.h"
#include "render/history.h"
#include "serve/domain_service.h"
#include "serve/etag.h"
#include "serve/exchange.h"

#define JSON "application/json"
#define CSV  "text/csv; charset=utf-8"

static void send_made(struct exchange *exchange, const char *type, const char *made)
{
    bool line = made && !strcmp(type, JSON);
    const char *text = line ? talloc_asprintf(exchange, "%s\n", made) : made;

    if (text)
        etag_answer(exchange, type, bytes_of(text));
    else
        exchange_problem(exchange, 503, "no-room",
                         _("The service is too busy for this request. Try again later."));
}

static bool wants_csv(const struct exchange *exchange)
{
    const char *accept = http_request_field(exchange_request(exchange), "accept");

    return accept && !strncmp(accept, "text/csv", strlen("text/csv"));
}

/* ---- answers --------------------------------------------------------------------------------- */

static void send_verdict(struct exchange *exchange, const struct domain_reading *reading)
{
    send_made(exchange, JSON, json_domain_verdict(exchange, reading->summary));
}

static void send_history(struct exchange *exchange, const struct domain_reading *reading)
{
    send_made(exchange, JSON, json_history(exchange, reading->history));
}

static void send_policies(struct exchange *exchange, const struct domain_reading *reading)
{
    send_made(exchange, JSON, json_domain_policies(exchange, reading->history));
}

static void send_senders(struct exchange *exchange, const struct domain_reading *reading)
{
    send_made(exchange, JSON, json_domain_senders(exchange, reading->summary));
}

static void send_series(struct exchange *exchange, const struct domain_reading *reading)
{
    unsigned split;

    if (!series_split_read(exchange_query(exchange, "by"), &split))
        exchange_problem(exchange, 422, "wrong-member",
                         _("by: expected sender, mx or type, or several with commas between"));
    else if (wants_csv(exchange))
        send_made(exchange, CSV, csv_domain_series(exchange, reading->summary, split));
    else
        send_made(exchange, JSON, json_domain_series(exchange, reading->summary, split));
}

static void send_failures(struct exchange *exchange, const struct domain_reading *reading)
{
    const char *group = exchange_query(exchange, "group");

    if (group && !domain_group_is_known(group))
        exchange_problem(exchange, 422, "wrong-member",
                         _("group: expected mx, ip, sender or type"));
    else if (wants_csv(exchange))
        send_made(exchange, CSV, csv_domain_failures(exchange, reading->summary));
    else
        send_made(exchange, JSON, json_domain_failures(exchange, reading->summary, group));
}

static void send_advice(struct exchange *exchange, const struct domain_reading *reading,
                        enum domain_advice kind, const char *format)
{
    struct advisory *a;

    if (!reading->summary->check) {
        exchange_problem(exchange, 409, "not-checked",
                         _("There is no check of this domain yet. Check it first."));
        return;
    }
    a = domain_advice(exchange, reading->summary, kind);
    send_made(exchange, JSON, a ? json_advisory(exchange, a, format) : NULL);
}

static void send_plan(struct exchange *exchange, const struct domain_reading *reading)
{
    send_advice(exchange, reading, DOMAIN_PLAN, "mtasts.plan/1");
}

static void send_rollback(struct exchange *exchange, const struct domain_reading *reading)
{
    send_advice(exchange, reading, DOMAIN_ROLLBACK, "mtasts.rollback/1");
}

DOMAIN_ANSWER(verdict, domain_summary_ask, send_verdict)
DOMAIN_ANSWER(history, domain_history_ask, send_history)
DOMAIN_ANSWER(policies, domain_history_ask, send_policies)
DOMAIN_ANSWER(series, domain_summary_ask, send_series)
DOMAIN_ANSWER(failures, domain_summary_ask, send_failures)
DOMAIN_ANSWER(senders, domain_summary_ask, send_senders)
DOMAIN_ANSWER(plan, domain_brief_ask, send_plan)
DOMAIN_ANSWER(rollback, domain_brief_ask, send_rollback)

/* ---- the table ------------------------------------------------------------------------------- */

static const struct route_field places[] = {{"domain", "A domain of the group."}, {NULL, NULL}};
static const struct route_field picks[] = {
    {"days", "30, 90 or 365; 90 is the default."},
    {"from", "The first day instead, as in 2026-11-01; at most 366 are counted."},
    {"to", "The last day; today is the default."},
    {"group", "Also sums by one of mx, ip, sender, type."},
    {"sender", "Only reports of this sender."},
    {"mx", "Only failures at this MX host."},
    {"type", "Only failures of this result type."},
    {"ip", "Only failures of this sending address."},
    {NULL, NULL}};
static const struct route_field series_query[] = {
    {"days", "30, 90 or 365; 90 is the default."},
    {"from", "The first day instead, as in 2026-11-01; at most 366 are counted."},
    {"to", "The last day; today is the default."},
    {"by", "What days are split by: sender, mx, type, with commas between."},
    {"sender", "Only reports of this sender."},
    {"mx", "Only failures at this MX host."},
    {"type", "Only failures of this result type."},
    {"ip", "Only failures of this sending address."},
    {NULL, NULL}};
static const struct route_doc verdict_doc = {
    .summary = "Show how a domain is: what happens to its mail, the cause, and the next step.",
    .places = places,
    .answer = "domain-verdict"};
static const struct route_doc history_doc = {
    .summary = "Show what is stored of a domain, as mtasts history --json does.",
    .places = places,
    .answer = "history-1"};
static const struct route_doc policies_doc = {
    .summary = "List the policies that a domain served, and until when senders may have them.",
    .places = places,
    .answer = "domain-policies"};
static const struct route_doc series_doc = {
    .summary = "Show the reported sessions day by day.",
    .text = "With Accept: text/csv a table; one that is split by mx or type is of failures only.",
    .places = places,
    .query = series_query,
    .answer = "domain-series"};
static const struct route_doc failures_doc = {
    .summary = "List what senders reported as failed, each beside the newest check.",
    .text = "With Accept: text/csv a table.",
    .places = places,
    .query = picks,
    .answer = "domain-failures"};
static const struct route_doc senders_doc = {
    .summary = "List who reports on a domain, and who has stopped.",
    .places = places,
    .answer = "domain-senders"};
static const struct route_doc plan_doc = {
    .summary = "Show the next step of the rollout, as mtasts plan --json does.",
    .places = places,
    .answer = "plan-1"};
static const struct route_doc rollback_doc = {
    .summary = "Show the way back, as mtasts rollback --json does.",
    .places = places,
    .answer = "rollback-1"};

#define ROW(name)                                                                                  \
    {                                                                                              \
        HTTP_GET, "/api/v1/domains/{domain}/" #name, answer_##name, ROUTE_API, NEED_VIEWER,        \
            ROUTE_NO_BODY, 0, &name##_doc, TOKEN_READ                                              \
    }

static const struct route routes[] = {ROW(verdict),  ROW(history), ROW(policies), ROW(series),
                                      ROW(failures), ROW(senders), ROW(plan),     ROW(rollback)};
const struct route_table domain_api_routes = {routes, sizeof(routes) / sizeof(routes[0]), NULL};
