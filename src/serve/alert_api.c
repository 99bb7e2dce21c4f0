/* SPDX-License-Identifier: MIT */
/* alert_api.c - alerts for programs.  A token is of one group. */
#include <string.h>

#include "alerts/condition.h"
#include "alerts/shown_alert.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "serve/access.h"
#include "serve/account_pages.h"
#include "serve/alert_parts.h"
#include "serve/alert_service.h"
#include "serve/api_answer.h"
#include "serve/api_json.h"
#include "serve/api_list.h"
#include "serve/exchange.h"
#include "serve/limits.h"

#define PATH "/api/v1/alerts"
#define HOUR ((int64_t)3600)

void alert_api_done(struct exchange *exchange, struct alert_change *change)
{
    if (change->outcome == ALERT_DONE)
        api_answer_done(exchange);
    else if (change->outcome == ALERT_FULL)
        exchange_problem(exchange, 409, "too-many", _("The group has reached its limit."));
    else if (change->outcome == ALERT_UNCONFIRMED)
        exchange_problem(exchange, 409, "unconfirmed",
                         _("The owner of this address has not confirmed it yet."));
    else if (change->outcome == ALERT_CONFIRMED)
        exchange_problem(exchange, 409, "confirmed",
                         _("This channel needs no confirmation, or has it already."));
    else
        access_not_there(exchange);
}

/* ---- the list -------------------------------------------------------------------------------- */

static void write_alert(struct exchange *exchange, struct json_writer *json,
                        const struct alert_copy *alert)
{
    const struct store_alert *row = &alert->row;
    char *title = shown_alert_title(exchange, row->kind, row->cause, row->subject);

    json_write_begin(json, NULL, '{');
    json_write_integer(json, "id", row->id);
    json_write_string(json, "kind", row->kind);
    json_write_string(json, "cause", row->cause);
    json_write_string(json, "subject", row->subject);
    json_write_string(json, "severity", row->severity);
    json_write_string(json, "title", title ? title : "");
    json_write_time_if(json, "begun", row->begun);
    json_write_time_if(json, "ended", row->ended);
    json_write_time_if(json, "acknowledged", row->acknowledged);
    if (row->acknowledged_by)
        json_write_string(json, "acknowledged_by", row->acknowledged_by);
    json_write_time_if(json, "muted_until", row->muted_until);
    json_write_integer(json, "domain_count", row->domains);
    json_write_begin(json, "domains", '[');
    for (size_t i = 0; i < alert->domain_count; i++)
        json_write_string(json, NULL, alert->domains[i].domain);
    json_write_end(json, ']');
    json_write_end(json, '}');
}

/* NULL: there are no more. */
static char *next_of(struct exchange *exchange, const struct alert_copies *copies, bool more)
{
    return more && copies->count
               ? talloc_asprintf(exchange, "%lld",
                                 (long long)copies->list[copies->count - 1].row.id)
               : NULL;
}

static void send_alerts(struct exchange *exchange, void *data)
{
    const struct alert_listing *listing = data;
    bool open = listing->before_open != 0;
    const struct alert_copies *copies = open ? &listing->open : &listing->past;
    struct json_writer json = {.ctx = exchange};

    api_list_begin(&json);
    for (size_t i = 0; i < copies->count; i++)
        write_alert(exchange, &json, &copies->list[i]);
    api_list_end(exchange, &json, PATH,
                 next_of(exchange, copies, open ? listing->more_open : listing->more_past));
}

/* False: it was answered. */
static bool read_state(struct exchange *exchange, bool *ret_past)
{
    const char *state = exchange_query(exchange, "state");

    *ret_past = state && strcmp(state, "past") == 0;
    if (!state || !*state || *ret_past || strcmp(state, "open") == 0)
        return true;
    api_list_wrong(exchange, "state", _("expected open or past"));
    return false;
}

static void api_alerts(struct exchange *exchange)
{
    struct alert_listing *listing = talloc_zero(exchange, struct alert_listing);
    int64_t *group = listing ? talloc_zero(listing, int64_t) : NULL;
    struct api_page page;
    int64_t before;
    bool past;

    if (!group) {
        account_pages_no_room(exchange);
        return;
    }
    if (!read_state(exchange, &past) || !api_page_read(exchange, LIMIT_API_PAGE, &page) ||
        !api_page_below(exchange, &page, &before))
        return;
    *group = api_group(exchange);
    *listing = (struct alert_listing){.groups = group,
                                      .group_count = 1,
                                      .limit = page.limit,
                                      .before_open = past ? 0 : before,
                                      .before_past = past ? before : 0};
    account_pages_read(exchange, alert_parts_list, listing, send_alerts);
}

/* ---- one of them ----------------------------------------------------------------------------- */

static void api_acknowledge(struct exchange *exchange)
{
    const struct alert_change change = {.action = ALERT_ACKNOWLEDGE,
                                        .group = api_group(exchange),
                                        .id = exchange_place_number(exchange, "id")};

    alert_parts_change(exchange, &change, alert_api_done);
}

static void api_mute(struct exchange *exchange)
{
    static const char *const members[] = {"hours", NULL};
    static const struct api_range range = {0, LIMIT_MUTE_HOURS, -1};
    struct api_call *call = api_body(exchange);
    const struct json *object = call ? api_object(call, members) : NULL;
    struct alert_change change = {.group = api_group(exchange),
                                  .id = exchange_place_number(exchange, "id")};
    int64_t hours = 0;

    if (object && api_integer(call, object, "hours", &range, &hours) && hours < 0)
        api_wrong(call, "hours", _("An alert is muted for 1 to 2160 hours; 0 ends that."));
    if (api_refuse(exchange, call))
        return;
    change.action = hours ? ALERT_MUTE : ALERT_UNMUTE;
    change.until = clock_now() + hours * HOUR;
    alert_parts_change(exchange, &change, alert_api_done);
}

/* ---- the table ------------------------------------------------------------------------------- */

static const struct route_field id_place[] = {{"id", "Its number."}, {NULL, NULL}};
static const struct route_field list_query[] = {
    {"state", "open (the default) or past."}, API_LIST_QUERY, {NULL, NULL}};
static const struct route_doc list_doc = {
    .summary = "List alerts, the newest first.",
    .query = list_query,
    .answer = "alert-list",
};
static const struct route_doc acknowledge_doc = {
    .summary = "Acknowledge an alert: no more reminders.",
    .text = "404 also where it was acknowledged before.",
    .places = id_place,
    .status = 204,
};
static const struct route_doc mute_doc = {
    .summary = "Mute an alert: nothing is sent about it for some hours.",
    .places = id_place,
    .body = "alert-mute-request",
    .status = 204,
};

static const struct route routes[] = {
    {HTTP_GET, PATH, api_alerts, ROUTE_API, NEED_VIEWER, ROUTE_NO_BODY, 0, &list_doc, TOKEN_READ},
    {HTTP_POST, PATH "/{id}/acknowledge", api_acknowledge, ROUTE_API, NEED_EDITOR, ROUTE_NO_BODY, 0,
     &acknowledge_doc, TOKEN_DOMAINS},
    {HTTP_POST, PATH "/{id}/mute", api_mute, ROUTE_API, NEED_EDITOR, ROUTE_JSON, LIMIT_ALERT_BODY,
     &mute_doc, TOKEN_DOMAINS},
};

const struct route_table alert_api_routes = {routes, sizeof routes / sizeof *routes, NULL};
