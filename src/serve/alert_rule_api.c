/* SPDX-License-Identifier: MIT */
/* alert_rule_api.c - rules and webhooks for programs.  A token is of one group. */
#include <string.h>

#include "base/i18n.h"
#include "serve/account_pages.h"
#include "serve/alert_parts.h"
#include "serve/alert_service.h"
#include "serve/api_answer.h"
#include "serve/api_json.h"
#include "serve/api_list.h"
#include "serve/exchange.h"
#include "serve/limits.h"

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

static void change_one(struct exchange *exchange, enum alert_action action)
{
    const struct alert_change change = {.action = action,
                                        .group = api_group(exchange),
                                        .id = exchange_place_number(exchange, "id")};

    alert_parts_change(exchange, &change, alert_api_done);
}

static void send_made(struct exchange *exchange, struct alert_change *change)
{
    struct json_writer json = {.ctx = exchange};

    if (change->outcome != ALERT_DONE) {
        alert_api_done(exchange, change);
        return;
    }
    json_write_begin(&json, NULL, '{');
    json_write_integer(&json, "id", change->made);
    if (change->channel.secret)
        json_write_string(&json, "secret", change->channel.secret);
    json_write_end(&json, '}');
    api_answer(exchange, 201, &json);
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

static void send_rules(struct exchange *exchange, void *data)
{
    const struct alert_rules_reading *reading = data;
    struct json_writer json = {.ctx = exchange};

    api_list_begin(&json);
    for (size_t i = 0; i < reading->rule_count; i++)
        write_rule(&json, &reading->rules[i]);
    api_list_end(exchange, &json, "/api/v1/rules", NULL);
}

static void api_rules(struct exchange *exchange)
{
    read_group(exchange, send_rules);
}

/* "problem policy" of ["problem", "policy"]; NULL where there is no such member. */
static bool read_words(struct api_call *call, const struct json *object, const char *name,
                       const char **ret)
{
    const char *const *list;
    size_t count;
    char *words = NULL;

    if (!api_list(call, object, name, LIMIT_ALERT_LIST, &list, &count))
        return false;
    if (json_member(object, name))
        words = talloc_strdup(call, "");
    for (size_t i = 0; words && i < count; i++)
        words = talloc_asprintf_append(words, "%s%s", i ? " " : "", list[i]);
    *ret = words;
    return true;
}

static bool read_channels(struct api_call *call, const struct json *object,
                          struct store_alert_rule *rule)
{
    const struct json *list = json_member(object, "channels");
    bool right = !list || (json_is(list, JSON_ARRAY) && list->count <= STORE_RULE_CHANNELS);

    for (size_t i = 0; right && list && i < list->count; i++) {
        right = json_is(&list->items[i], JSON_INTEGER);
        rule->channels[rule->channel_count++] = right ? list->items[i].integer : 0;
    }
    if (!right)
        api_wrong(call, "channels",
                  talloc_asprintf(call, _("Must be a list of at most %d integers."),
                                  STORE_RULE_CHANNELS));
    return right;
}

/* Whether they go together alert_parts_rule() knows. */
static bool read_numbers(struct api_call *call, const struct json *object,
                         struct store_alert_rule *rule)
{
    const struct {
        const char *name;
        struct api_range range;
        int64_t *to;
    } numbers[] = {{"certificate_days", {1, LIMIT_ALERT_NUMBER, 14}, &rule->certificate_days},
                   {"silent_days", {1, LIMIT_ALERT_NUMBER, 7}, &rule->silent_days},
                   {"quiet_from", {0, 23, 0}, &rule->quiet_from},
                   {"quiet_until", {0, 23, 0}, &rule->quiet_until},
                   {"remind_hours", {0, LIMIT_ALERT_NUMBER, 24}, &rule->remind_hours}};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!api_integer(call, object, numbers[i].name, &numbers[i].range, numbers[i].to))
            return false;
    return true;
}

static void api_rule_add(struct exchange *exchange)
{
    static const char *const members[] = {
        "kinds",      "severity",    "domains",      "certificate_days", "silent_days",
        "quiet_from", "quiet_until", "remind_hours", "channels",         NULL};
    struct api_call *call = api_body(exchange);
    const struct json *object = call ? api_object(call, members) : NULL;
    struct alert_change change = {.action = ALERT_RULE_ADD, .group = api_group(exchange)};
    struct store_alert_rule *rule = &change.rule;

    if (object && read_words(call, object, "kinds", &rule->kinds) &&
        read_words(call, object, "domains", &rule->domains) &&
        api_text(call, object, "severity", &rule->severity) && read_numbers(call, object, rule) &&
        read_channels(call, object, rule))
        api_fault(call, alert_parts_rule(rule));
    if (!api_refuse(exchange, call))
        alert_parts_change(exchange, &change, send_made);
}

static void api_rule_drop(struct exchange *exchange)
{
    change_one(exchange, ALERT_RULE_DROP);
}

/* ---- webhooks, and the other channels -------------------------------------------------------- */

static void send_channels(struct exchange *exchange, void *data)
{
    const struct alert_rules_reading *reading = data;
    struct json_writer json = {.ctx = exchange};

    api_list_begin(&json);
    for (size_t i = 0; i < reading->channel_count; i++) {
        const struct store_channel *channel = &reading->channels[i];

        json_write_begin(&json, NULL, '{');
        json_write_integer(&json, "id", channel->id);
        json_write_string(&json, "kind", channel->kind);
        json_write_string(&json, "url", channel->target);
        json_write_string(&json, "language", channel->language);
        json_write_string(&json, "pace", channel->pace);
        json_write_integer(&json, "hour", channel->hour);
        json_write_time_if(&json, "confirmed", channel->confirmed);
        json_write_time_if(&json, "paused", channel->paused);
        if (channel->paused_why)
            json_write_string(&json, "paused_why", channel->paused_why);
        json_write_end(&json, '}');
    }
    api_list_end(exchange, &json, "/api/v1/webhooks", NULL);
}

static void api_channels(struct exchange *exchange)
{
    read_group(exchange, send_channels);
}

static void api_channel_add(struct exchange *exchange)
{
    static const char *const members[] = {"url", "language", "pace", "hour", NULL};
    static const struct api_range hours = {0, 23, 6};
    struct api_call *call = api_body(exchange);
    const struct json *object = call ? api_object(call, members) : NULL;
    struct alert_change change = {
        .action = ALERT_CHANNEL_ADD, .group = api_group(exchange), .channel = {.kind = "webhook"}};
    struct store_channel *channel = &change.channel;

    if (object && api_text(call, object, "url", &channel->target) &&
        api_text(call, object, "language", &channel->language) &&
        api_text(call, object, "pace", &channel->pace) &&
        api_integer(call, object, "hour", &hours, &channel->hour))
        api_fault(call, alert_parts_channel(exchange, channel));
    if (!api_refuse(exchange, call))
        alert_parts_change(exchange, &change, send_made);
}

static void api_channel_drop(struct exchange *exchange)
{
    change_one(exchange, ALERT_CHANNEL_DROP);
}

static void api_channel_test(struct exchange *exchange)
{
    change_one(exchange, ALERT_CHANNEL_TEST);
}

static void api_channel_ask(struct exchange *exchange)
{
    change_one(exchange, ALERT_CHANNEL_ASK);
}

/* ---- the table ------------------------------------------------------------------------------- */

static const struct route_field id_place[] = {{"id", "Its number."}, {NULL, NULL}};
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
    .summary = "List where messages go: webhooks, email addresses, the command.",
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
static const struct route_doc ask_doc = {
    .summary = "Send the owner of an email address the link for confirming it again.",
    .text = "It replaces the one before, and is valid for three days.",
    .places = id_place,
    .status = 204,
};

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/rules", api_rules, ROUTE_API, NEED_VIEWER, ROUTE_NO_BODY, 0, &rules_doc,
     TOKEN_READ},
    {HTTP_POST, "/api/v1/rules", api_rule_add, ROUTE_API, NEED_ADMIN, ROUTE_JSON, LIMIT_ALERT_BODY,
     &rule_add_doc, TOKEN_ADMIN},
    {HTTP_DELETE, "/api/v1/rules/{id}", api_rule_drop, ROUTE_API, NEED_ADMIN, ROUTE_NO_BODY, 0,
     &drop_doc, TOKEN_ADMIN},
    {HTTP_GET, "/api/v1/webhooks", api_channels, ROUTE_API, NEED_VIEWER, ROUTE_NO_BODY, 0,
     &channels_doc, TOKEN_READ},
    {HTTP_POST, "/api/v1/webhooks", api_channel_add, ROUTE_API, NEED_ADMIN, ROUTE_JSON,
     LIMIT_ALERT_BODY, &channel_add_doc, TOKEN_ADMIN},
    {HTTP_DELETE, "/api/v1/webhooks/{id}", api_channel_drop, ROUTE_API, NEED_ADMIN, ROUTE_NO_BODY,
     0, &drop_doc, TOKEN_ADMIN},
    {HTTP_POST, "/api/v1/webhooks/{id}/test", api_channel_test, ROUTE_API, NEED_ADMIN,
     ROUTE_NO_BODY, 0, &test_doc, TOKEN_ADMIN},
    {HTTP_POST, "/api/v1/webhooks/{id}/confirmation", api_channel_ask, ROUTE_API, NEED_ADMIN,
     ROUTE_NO_BODY, 0, &ask_doc, TOKEN_ADMIN},
};

const struct route_table alert_rule_api_routes = {routes, sizeof routes / sizeof *routes, NULL};
