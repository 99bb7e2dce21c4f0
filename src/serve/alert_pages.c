/* SPDX-License-Identifier: MIT */
/* alert_pages.c - /alerts: what is open, what was, and one alert with its messages. */
#include <string.h>

#include "alerts/alerts.h"
#include "alerts/condition.h"
#include "alerts/shown_alert.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "render/severity_text.h"
#include "serve/access.h"
#include "serve/account_pages.h"
#include "serve/alert_parts.h"
#include "serve/alert_service.h"
#include "serve/exchange.h"
#include "serve/limits.h"
#include "serve/page.h"

#define PAGE_ROWS 50
#define HOUR      ((int64_t)3600)

/* ---- an alert -------------------------------------------------------------------------------- */

static struct alert_row row_of(struct exchange *exchange, const struct alert_copy *alert,
                               bool with_group)
{
    const struct store_alert *row = &alert->row;
    enum severity severity = severity_by_name(row->severity);
    bool is_finding = finding_by_name(row->cause) < FINDING_COUNT;
    struct alert_row made = {
        .id = row->id,
        .group_id = row->group,
        .title = shown_alert_title(exchange, row->kind, row->cause, row->subject),
        .mark = mark_of_severity(severity),
        .severity = text_severity(severity),
        .group = with_group ? row->group_name : NULL,
        .code = is_finding ? row->cause : NULL,
        .begun = row->begun,
        .ended = row->ended,
        .over = row->ended && row->ended != row->begun,
        .acknowledged = row->acknowledged,
        .acknowledged_by = row->acknowledged_by,
        .muted_until = row->muted_until > clock_now() ? row->muted_until : 0,
        .muted_by = row->muted_by,
        .domains = row->domains,
        .domain = row->domains == 1 && alert->domain_count ? alert->domains[0].domain : NULL};

    made.mark.word = NULL; /* stands beside it */
    return made;
}

/* ---- the list -------------------------------------------------------------------------------- */

/* What the list needs until it is read. */
struct list_request {
    struct alert_listing listing; /* first */
    struct alert_group_choice *choices;
    size_t choice_count;
    int64_t group; /* 0: all */
    bool history;
};

static const struct alert_row *rows_of(struct exchange *exchange, const struct alert_copies *copies,
                                       bool with_group)
{
    struct alert_row *rows =
        talloc_zero_array(exchange, struct alert_row, (unsigned)copies->count + 1);

    for (size_t i = 0; rows && i < copies->count; i++)
        rows[i] = row_of(exchange, &copies->list[i], with_group);
    return rows;
}

static int64_t last_of(const struct alert_copies *copies, bool more)
{
    return more && copies->count ? copies->list[copies->count - 1].row.id : 0;
}

static void answer_list(struct exchange *exchange, void *data)
{
    const struct list_request *request = data;
    const struct alert_listing *listing = &request->listing;
    bool several = listing->group_count > 1;
    struct alerts_page page = {.frame = page_frame(exchange, _("Alerts"), FRAME_ALERTS),
                               .missing = alert_parts_no_mail(exchange),
                               .groups = request->choices,
                               .group_count = request->choice_count,
                               .group = request->group,
                               .history = request->history,
                               .open = rows_of(exchange, &listing->open, several),
                               .open_count = listing->open.count,
                               .next_open = last_of(&listing->open, listing->more_open),
                               .past = rows_of(exchange, &listing->past, several),
                               .past_count = listing->past.count,
                               .next_past = last_of(&listing->past, listing->more_past)};
    struct html *out = page_begin(exchange);

    if (!out)
        return;
    page_alerts(out, &page);
    page_answer(exchange, 200, out);
}

/* The choices are those of all groups, of which one may be chosen. */
static struct list_request *new_request(struct exchange *exchange, const struct access_list *list)
{
    const struct account *account = exchange_account(exchange);
    struct list_request *request = talloc_zero(exchange, struct list_request);
    int64_t *groups =
        request ? talloc_zero_array(request, int64_t, (unsigned)list->count + 1) : NULL;

    if (!groups)
        return NULL;
    for (size_t i = 0; i < list->count; i++)
        groups[i] = list->groups[i].group;
    request->listing =
        (struct alert_listing){.groups = groups, .group_count = list->count, .limit = PAGE_ROWS};
    request->group = list->chosen ? list->groups[0].group : 0;
    request->choices =
        talloc_zero_array(request, struct alert_group_choice, (unsigned)account->role_count + 1);
    if (!request->choices)
        return NULL;
    for (size_t i = 0; account->role_count > 1 && i < account->role_count; i++)
        request->choices[request->choice_count++] = (struct alert_group_choice){
            account->roles[i].group, talloc_strdup(request, account->roles[i].group_name),
            account->roles[i].group == request->group};
    return request;
}

static void list_groups(struct exchange *exchange, const struct access_list *list)
{
    struct list_request *request = new_request(exchange, list);
    int64_t open = exchange_query_number(exchange, "open"),
            past = exchange_query_number(exchange, "before");

    if (request) {
        request->history = past != 0;
        request->listing.before_open = past ? 0 : open ? open : INT64_MAX;
        request->listing.before_past = past ? past : INT64_MAX;
    }
    account_pages_read(exchange, alert_parts_list, request, answer_list);
}

static void answer_alerts(struct exchange *exchange)
{
    access_groups(exchange, list_groups);
}

/* ---- one ------------------------------------------------------------------------------------- */

static const struct alert_domain_row *domains_of(struct exchange *exchange,
                                                 const struct alert_copy *alert)
{
    struct alert_domain_row *rows =
        talloc_zero_array(exchange, struct alert_domain_row, (unsigned)alert->domain_count + 1);

    for (size_t i = 0; rows && i < alert->domain_count; i++) {
        const struct store_alert_domain *domain = &alert->domains[i];

        rows[i] =
            (struct alert_domain_row){.domain = domain->domain,
                                      .detail = shown_alert_detail(exchange, domain->detail),
                                      .begun = domain->begun,
                                      .ended = domain->ended != domain->begun ? domain->ended : 0};
    }
    return rows;
}

static const struct alert_delivery_row *deliveries_of(struct exchange *exchange,
                                                      const struct alert_reading *reading)
{
    struct alert_delivery_row *rows = talloc_zero_array(exchange, struct alert_delivery_row,
                                                        (unsigned)reading->delivery_count + 1);

    for (size_t i = 0; rows && i < reading->delivery_count; i++) {
        const struct store_delivery *delivery = &reading->deliveries[i];

        rows[i] = (struct alert_delivery_row){
            .channel = talloc_asprintf(
                exchange, "%s %s", shown_channel_kind(delivery->channel_kind), delivery->target),
            .event = shown_alert_event(delivery->event),
            .state = shown_alert_state(delivery->state),
            .error = delivery->error,
            .attempts = delivery->attempts,
            .when = delivery->sent ? delivery->sent : delivery->next_try};
    }
    return rows;
}

static const char *notice_of(const struct exchange *exchange)
{
    static const struct {
        const char *word, *text;
    } notices[] = {
        {"alert-acknowledge", N_("Acknowledged: no further reminders.")},
        {"alert-mute", N_("Muted: nothing is sent about this alert until then.")},
        {"alert-unmute", N_("No longer muted.")},
    };
    const char *word = exchange_query(exchange, "done");

    for (size_t i = 0; word && i < sizeof notices / sizeof *notices; i++)
        if (strcmp(notices[i].word, word) == 0)
            return _(notices[i].text);
    return NULL;
}

static void answer_one(struct exchange *exchange, void *data)
{
    const struct alert_reading *reading = data;
    const struct alert_copy *alert = reading->alert.count ? reading->alert.list : NULL;
    const struct account *account = exchange_account(exchange);
    struct alert_page page = {0};
    struct html *out;

    if (!access_allows(exchange, alert ? alert->row.group : 0, STORE_ROLE_VIEWER) || !alert)
        return;
    page = (struct alert_page){.said.notice = notice_of(exchange),
                               .alert = row_of(exchange, alert, account->role_count > 1),
                               .changes =
                                   account_role_in(account, alert->row.group) >= STORE_ROLE_EDITOR,
                               .domains = domains_of(exchange, alert),
                               .domain_count = alert->domain_count,
                               .more = (size_t)alert->row.domains - alert->domain_count,
                               .deliveries = deliveries_of(exchange, reading),
                               .delivery_count = reading->delivery_count};
    page.frame = page_frame(exchange, page.alert.title, FRAME_ALERTS);
    page.muted = page.alert.muted_until != 0;
    out = page_begin(exchange);
    if (!out)
        return;
    page_alert(out, &page);
    page_answer(exchange, 200, out);
}

static void answer_alert(struct exchange *exchange)
{
    struct alert_reading *reading = talloc_zero(exchange, struct alert_reading);

    if (reading)
        reading->id = exchange_place_number(exchange, "id");
    account_pages_read(exchange, alert_parts_read, reading, answer_one);
}

/* ---- changed --------------------------------------------------------------------------------- */

static void back(struct exchange *exchange, struct alert_change *change)
{
    char *path =
        talloc_asprintf(exchange, "/alerts/%lld?done=%s", (long long)change->id,
                        change->outcome == ALERT_DONE ? alert_action_name(change->action) : "");

    exchange_redirect(exchange, path ? path : "/alerts");
}

static bool read_action(const struct exchange *exchange, struct alert_change *change)
{
    const char *what = exchange_form(exchange, "do");
    int64_t hours = account_pages_number(exchange, "hours");

    if (what && strcmp(what, "acknowledge") == 0)
        change->action = ALERT_ACKNOWLEDGE;
    else if (what && strcmp(what, "unmute") == 0)
        change->action = ALERT_UNMUTE;
    else if (what && strcmp(what, "mute") == 0 && hours >= 1 && hours <= LIMIT_MUTE_HOURS) {
        change->action = ALERT_MUTE;
        change->until = clock_now() + hours * HOUR;
    } else
        return false;
    return true;
}

static void take_alert(struct exchange *exchange)
{
    struct alert_change change = {.id = exchange_place_number(exchange, "id"),
                                  .group = account_pages_number(exchange, "group")};

    if (!access_allows(exchange, change.group, STORE_ROLE_EDITOR))
        return;
    if (!read_action(exchange, &change))
        exchange_problem(exchange, 422, "alert",
                         _("An alert can be acknowledged, unmuted, or muted for 1 to 2160 hours."));
    else
        alert_parts_change(exchange, &change, back);
}

static const struct route routes[] = {
    {HTTP_GET, "/alerts", answer_alerts, ROUTE_PAGE, NEED_VIEWER, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/alerts/{id}", answer_alert, ROUTE_PAGE, NEED_VIEWER, ROUTE_NO_BODY, 0},
    {HTTP_POST, "/alerts/{id}", take_alert, ROUTE_PAGE, NEED_EDITOR, ROUTE_FORM, 0},
};

const struct route_table alert_routes = {routes, sizeof routes / sizeof *routes, NULL};
