/* SPDX-License-Identifier: MIT */
/* alert_api.c - alerts, rules and webhooks for programs.  A token is of one group. */
#include <string.h>

#include "alerts/condition.h"
#include "alerts/shown_alert.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "serve/access.h"
#include "serve/account_pages.h"
#include "serve/alert_parts.h"
#include "serve/alert_service.h"
#include "serve/api_answer.h"
#include "serve/exchange.h"

#define LIST_DEFAULT 50
#define LIST_MAX     500
#define HOUR         ((int64_t)3600)
#define HOURS_MAX    ((int64_t)90 * 24)
#define BODY_MAX     16384
#define DEPTH_MAX    3

/* ---- what all of them need ------------------------------------------------------------------- */

static void answer_done(struct exchange *exchange, struct alert_change *change)
{
    if (change->outcome == ALERT_DONE)
        api_answer_done(exchange);
    else if (change->outcome == ALERT_FULL)
        exchange_problem(exchange, 409, "too-many", _("The group has reached its limit."));
    else
        exchange_problem(exchange, 404, "not-found", _("There is nothing at this address."));
}

/* ---- the body -------------------------------------------------------------------------------- */

struct body {
    struct exchange *exchange;
    struct json *json;
    bool answered;
};

static void wrong(struct body *body, const char *detail)
{
    if (!body->answered)
        exchange_problem(body->exchange, 422, "not-valid", detail);
    body->answered = true;
}

static struct body read_body(struct exchange *exchange, const char *const *members)
{
    struct body body = {.exchange = exchange};
    size_t at;

    if (json_read(exchange, exchange_body(exchange), false, DEPTH_MAX, &body.json, &at) !=
            JSON_OK ||
        !json_is(body.json, JSON_OBJECT)) {
        exchange_problem(exchange, 400, "no-json", _("The body must be a JSON object in UTF-8."));
        body.answered = true;
        return body;
    }
    for (size_t i = 0; i < body.json->count; i++) {
        const char *const *known = members;

        while (*known && !bytes_equal(body.json->items[i].name, *known))
            known++;
        if (!*known)
            wrong(&body, _("Unknown member."));
    }
    return body;
}

static const char *text_in(struct body *body, const char *name)
{
    const struct json *value = body->answered ? NULL : json_member(body->json, name);

    if (!value)
        return NULL;
    if (json_is(value, JSON_STRING) && strlen(value->text.data) == value->text.length)
        return value->text.data;
    wrong(body, _("A text was expected."));
    return NULL;
}

static int64_t number_in(struct body *body, const char *name, int64_t otherwise)
{
    const struct json *value = body->answered ? NULL : json_member(body->json, name);

    if (!value)
        return otherwise;
    if (json_is(value, JSON_INTEGER))
        return value->integer;
    wrong(body, _("An integer was expected."));
    return 0;
}

static const struct json *list_in(struct body *body, const char *name, enum json_kind kind)
{
    const struct json *value = body->answered ? NULL : json_member(body->json, name);

    for (size_t i = 0; value && json_is(value, JSON_ARRAY) && i < value->count; i++)
        if (!json_is(&value->items[i], kind))
            wrong(body, _("A list was expected."));
    if (value && !json_is(value, JSON_ARRAY))
        wrong(body, _("A list was expected."));
    return body->answered ? NULL : value;
}

/* "problem policy" of ["problem", "policy"]. */
static const char *words_in(struct body *body, const char *name)
{
    const struct json *list = list_in(body, name, JSON_STRING);
    char *words = list ? talloc_strdup(body->exchange, "") : NULL;

    for (size_t i = 0; words && i < list->count; i++)
        words = talloc_asprintf_append(words, "%s%s", *words ? " " : "", list->items[i].text.data);
    return words;
}

/* ---- alerts ---------------------------------------------------------------------------------- */

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

static void answer_list(struct exchange *exchange, void *data)
{
    const struct alert_listing *listing = data;
    bool open = listing->before_open != 0;
    const struct alert_copies *copies = open ? &listing->open : &listing->past;
    struct json_writer json = {.ctx = exchange};

    api_items_begin(&json);
    for (size_t i = 0; i < copies->count; i++)
        write_alert(exchange, &json, &copies->list[i]);
    api_items_end(&json, next_of(exchange, copies, open ? listing->more_open : listing->more_past));
    api_answer(exchange, 200, &json);
}

static void api_alerts(struct exchange *exchange)
{
    struct alert_listing *listing = talloc_zero(exchange, struct alert_listing);
    int64_t *group = listing ? talloc_zero(listing, int64_t) : NULL;
    const char *state = exchange_query(exchange, "state"),
               *cursor = exchange_query(exchange, "cursor"),
               *limit = exchange_query(exchange, "limit");
    bool past = state && strcmp(state, "past") == 0;
    int64_t before = cursor ? exchange_query_number(exchange, "cursor") : INT64_MAX;
    int64_t rows = limit ? exchange_query_number(exchange, "limit") : LIST_DEFAULT;

    if (!group) {
        account_pages_no_room(exchange);
        return;
    }
    if ((state && !past && strcmp(state, "open") != 0) || before < 1 || rows < 1 ||
        rows > LIST_MAX) {
        exchange_problem(exchange, 422, "not-valid",
                         _("Expected state open or past, a limit from 1 to 500, and a cursor that "
                           "an earlier answer gave."));
        return;
    }
    *group = api_group(exchange);
    *listing = (struct alert_listing){.groups = group,
                                      .group_count = 1,
                                      .limit = (size_t)rows,
                                      .before_open = past ? 0 : before,
                                      .before_past = past ? before : 0};
    account_pages_read(exchange, alert_parts_list, listing, answer_list);
}

static void api_acknowledge(struct exchange *exchange)
{
    const struct alert_change change = {.action = ALERT_ACKNOWLEDGE,
                                        .group = api_group(exchange),
                                        .id = exchange_place_number(exchange, "id")};

    alert_parts_change(exchange, &change, answer_done);
}

static void api_mute(struct exchange *exchange)
{
    static const char *const members[] = {"hours", NULL};
    struct body body = read_body(exchange, members);
    int64_t hours = number_in(&body, "hours", -1);
    struct alert_change change = {.action = hours ? ALERT_MUTE : ALERT_UNMUTE,
                                  .group = api_group(exchange),
                                  .id = exchange_place_number(exchange, "id")};

    if (!body.answered && (hours < 0 || hours > HOURS_MAX))
        wrong(&body, _("An alert is muted for 1 to 2160 hours; 0 ends that."));
    if (body.answered)
        return;
    change.until = clock_now() + hours * HOUR;
    alert_parts_change(exchange, &change, answer_done);
}

/* ---- rules ----------------------------------------------------------------------------------- */

static void write_words(struct json_writer *json, const char *name, const char *words)
{
    json_write_begin(json, name, '[');
    while (words && *words) {
        size_t length = strcspn(words, " ");
        char *word = talloc_strndup(json->ctx, words, length);

        json_write_string(json, NULL, word ? word : "");
        words += length + (words[length] == ' ');
    }
    json_write_end(json, ']');
}

static void write_rule(struct json_writer *json, const struct store_alert_rule *rule)
{
    json_write_begin(json, NULL, '{');
    json_write_integer(json, "id", rule->id);
    write_words(json, "kinds", rule->kinds);
    json_write_string(json, "severity", rule->severity);
    write_words(json, "domains", rule->domains);
    json_write_integer(json, "certificate_days", rule->certificate_days);
    json_write_integer(json, "silent_days", rule->silent_days);
    json_write_integer(json, "quiet_from", rule->quiet_from);
    json_write_integer(json, "quiet_until", rule->quiet_until);
    json_write_integer(json, "remind_hours", rule->remind_hours);
    json_write_begin(json, "channels", '[');
    for (size_t i = 0; i < rule->channel_count; i++)
        json_write_integer(json, NULL, rule->channels[i]);
    json_write_end(json, ']');
    json_write_end(json, '}');
}

static void answer_rules(struct exchange *exchange, void *data)
{
    const struct alert_rules_reading *reading = data;
    struct json_writer json = {.ctx = exchange};

    api_items_begin(&json);
    for (size_t i = 0; i < reading->rule_count; i++)
        write_rule(&json, &reading->rules[i]);
    api_items_end(&json, NULL);
    api_answer(exchange, 200, &json);
}

static void read_group(struct exchange *exchange,
                       void (*done)(struct exchange *exchange, void *data))
{
    struct alert_rules_reading *reading = talloc_zero(exchange, struct alert_rules_reading);

    if (reading) {
        reading->group = api_group(exchange);
        reading->whole = alert_parts_may_change(exchange, reading->group);
    }
    account_pages_read(exchange, alert_parts_rules, reading, done);
}

static void api_rules(struct exchange *exchange)
{
    read_group(exchange, answer_rules);
}

static void answer_made(struct exchange *exchange, struct alert_change *change)
{
    struct json_writer json = {.ctx = exchange};

    if (change->outcome != ALERT_DONE) {
        answer_done(exchange, change);
        return;
    }
    json_write_begin(&json, NULL, '{');
    json_write_integer(&json, "id", change->made);
    if (change->channel.secret)
        json_write_string(&json, "secret", change->channel.secret);
    json_write_end(&json, '}');
    api_answer(exchange, 201, &json);
}

static void api_rule_add(struct exchange *exchange)
{
    static const char *const members[] = {
        "kinds",      "severity",    "domains",      "certificate_days", "silent_days",
        "quiet_from", "quiet_until", "remind_hours", "channels",         NULL};
    struct body body = read_body(exchange, members);
    struct alert_change change = {
        .action = ALERT_RULE_ADD,
        .group = api_group(exchange),
        .rule = {.kinds = words_in(&body, "kinds"),
                 .severity = text_in(&body, "severity"),
                 .domains = words_in(&body, "domains"),
                 .certificate_days = number_in(&body, "certificate_days", 14),
                 .silent_days = number_in(&body, "silent_days", 7),
                 .quiet_from = number_in(&body, "quiet_from", 0),
                 .quiet_until = number_in(&body, "quiet_until", 0),
                 .remind_hours = number_in(&body, "remind_hours", 24)}};
    const struct json *channels = list_in(&body, "channels", JSON_INTEGER);
    const char *fault = body.answered ? NULL : alert_parts_rule(&change.rule);

    for (size_t i = 0; channels && i < channels->count && i < STORE_RULE_CHANNELS; i++)
        change.rule.channels[change.rule.channel_count++] = channels->items[i].integer;
    if (fault)
        wrong(&body, fault);
    if (!body.answered)
        alert_parts_change(exchange, &change, answer_made);
}

static void api_rule_drop(struct exchange *exchange)
{
    const struct alert_change change = {.action = ALERT_RULE_DROP,
                                        .group = api_group(exchange),
                                        .id = exchange_place_number(exchange, "id")};

    alert_parts_change(exchange, &change, answer_done);
}

/* ---- webhooks, and the other channels -------------------------------------------------------- */

static void answer_channels(struct exchange *exchange, void *data)
{
    const struct alert_rules_reading *reading = data;
    struct json_writer json = {.ctx = exchange};

    api_items_begin(&json);
    for (size_t i = 0; i < reading->channel_count; i++) {
        const struct store_channel *channel = &reading->channels[i];

        json_write_begin(&json, NULL, '{');
        json_write_integer(&json, "id", channel->id);
        json_write_string(&json, "kind", channel->kind);
        json_write_string(&json, "url", channel->target);
        json_write_string(&json, "language", channel->language);
        json_write_string(&json, "pace", channel->pace);
        json_write_integer(&json, "hour", channel->hour);
        json_write_time_if(&json, "paused", channel->paused);
        if (channel->paused_why)
            json_write_string(&json, "paused_why", channel->paused_why);
        json_write_end(&json, '}');
    }
    api_items_end(&json, NULL);
    api_answer(exchange, 200, &json);
}

static void api_channels(struct exchange *exchange)
{
    read_group(exchange, answer_channels);
}

static void api_channel_add(struct exchange *exchange)
{
    static const char *const members[] = {"url", "language", "pace", "hour", NULL};
    struct body body = read_body(exchange, members);
    struct alert_change change = {.action = ALERT_CHANNEL_ADD,
                                  .group = api_group(exchange),
                                  .channel = {.kind = "webhook",
                                              .target = text_in(&body, "url"),
                                              .language = text_in(&body, "language"),
                                              .pace = text_in(&body, "pace"),
                                              .hour = number_in(&body, "hour", 6)}};
    const char *fault = body.answered ? NULL : alert_parts_channel(exchange, &change.channel);

    if (fault)
        wrong(&body, fault);
    if (!body.answered)
        alert_parts_change(exchange, &change, answer_made);
}

static void change_channel(struct exchange *exchange, enum alert_action action)
{
    const struct alert_change change = {.action = action,
                                        .group = api_group(exchange),
                                        .id = exchange_place_number(exchange, "id")};

    alert_parts_change(exchange, &change, answer_done);
}

static void api_channel_drop(struct exchange *exchange)
{
    change_channel(exchange, ALERT_CHANNEL_DROP);
}

static void api_channel_test(struct exchange *exchange)
{
    change_channel(exchange, ALERT_CHANNEL_TEST);
}

/* ---- the table ------------------------------------------------------------------------------- */

static const struct route_field id_place[] = {{"id", "Its number."}, {NULL, NULL}};
static const struct route_field list_query[] = {
    {"state", "open (the default) or past."},
    {"limit", "So many at most: 1 to 500; the default is 50."},
    {"cursor", "The member next of the answer before."},
    {NULL, NULL}};
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
static const struct route_doc rules_doc = {
    .summary = "List the rules by which the group is told of alerts.",
    .answer = "alert-rule-list",
};
static const struct route_doc rule_add_doc = {
    .summary = "Add a rule.",
    .body = "alert-rule-request",
    .status = 201,
    .answer = "alert-made",
};
static const struct route_doc drop_doc = {
    .summary = "Delete it.",
    .places = id_place,
    .status = 204,
};
static const struct route_doc channels_doc = {
    .summary = "List where messages go: webhooks, mail addresses, the command.",
    .answer = "alert-channel-list",
};
static const struct route_doc channel_add_doc = {
    .summary = "Add a webhook.",
    .text = "Its secret, with which messages are signed as Standard Webhooks has it, is shown in "
            "this answer only.",
    .body = "webhook-request",
    .status = 201,
    .answer = "alert-made",
};
static const struct route_doc test_doc = {
    .summary = "Send a test there.",
    .places = id_place,
    .status = 204,
};

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/alerts", api_alerts, ROUTE_API, NEED_VIEWER, ROUTE_NO_BODY, 0, &list_doc,
     TOKEN_READ},
    {HTTP_POST, "/api/v1/alerts/{id}/acknowledge", api_acknowledge, ROUTE_API, NEED_EDITOR,
     ROUTE_NO_BODY, 0, &acknowledge_doc, TOKEN_DOMAINS},
    {HTTP_POST, "/api/v1/alerts/{id}/mute", api_mute, ROUTE_API, NEED_EDITOR, ROUTE_JSON, BODY_MAX,
     &mute_doc, TOKEN_DOMAINS},
    {HTTP_GET, "/api/v1/rules", api_rules, ROUTE_API, NEED_VIEWER, ROUTE_NO_BODY, 0, &rules_doc,
     TOKEN_READ},
    {HTTP_POST, "/api/v1/rules", api_rule_add, ROUTE_API, NEED_ADMIN, ROUTE_JSON, BODY_MAX,
     &rule_add_doc, TOKEN_ADMIN},
    {HTTP_DELETE, "/api/v1/rules/{id}", api_rule_drop, ROUTE_API, NEED_ADMIN, ROUTE_NO_BODY, 0,
     &drop_doc, TOKEN_ADMIN},
    {HTTP_GET, "/api/v1/webhooks", api_channels, ROUTE_API, NEED_VIEWER, ROUTE_NO_BODY, 0,
     &channels_doc, TOKEN_READ},
    {HTTP_POST, "/api/v1/webhooks", api_channel_add, ROUTE_API, NEED_ADMIN, ROUTE_JSON, BODY_MAX,
     &channel_add_doc, TOKEN_ADMIN},
    {HTTP_DELETE, "/api/v1/webhooks/{id}", api_channel_drop, ROUTE_API, NEED_ADMIN, ROUTE_NO_BODY,
     0, &drop_doc, TOKEN_ADMIN},
    {HTTP_POST, "/api/v1/webhooks/{id}/test", api_channel_test, ROUTE_API, NEED_ADMIN,
     ROUTE_NO_BODY, 0, &test_doc, TOKEN_ADMIN},
};

const struct route_table alert_api_routes = {routes, sizeof routes / sizeof *routes, NULL};
