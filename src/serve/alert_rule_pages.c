/* SPDX-License-Identifier: MIT */
/* alert_rule_pages.c - /alerts/rules: who is told of what, and where. */
#include <string.h>

#include "alerts/alerts.h"
#include "alerts/condition.h"
#include "alerts/shown_alert.h"
#include "base/i18n.h"
#include "render/severity_text.h"
#include "serve/access.h"
#include "serve/account_pages.h"
#include "serve/alert_parts.h"
#include "serve/alert_service.h"
#include "serve/exchange.h"
#include "serve/page.h"

/* ---- the page -------------------------------------------------------------------------------- */

static const char *pace_text(struct exchange *exchange, const struct store_channel *channel)
{
    if (strcmp(channel->pace, "daily") == 0)
        return talloc_asprintf(exchange, _("daily digest, %02lld:00 UTC"),
                               (long long)channel->hour);
    if (strcmp(channel->pace, "weekly") == 0)
        return talloc_asprintf(exchange, _("weekly digest, Monday %02lld:00 UTC"),
                               (long long)channel->hour);
    return _("immediately");
}

static const struct alert_channel_row *channels_of(struct exchange *exchange,
                                                   const struct alert_rules_reading *reading)
{
    struct alert_channel_row *rows =
        talloc_zero_array(exchange, struct alert_channel_row, (unsigned)reading->channel_count + 1);

    for (size_t i = 0; rows && i < reading->channel_count; i++) {
        const struct store_channel *channel = &reading->channels[i];

        rows[i] = (struct alert_channel_row){.id = channel->id,
                                             .kind = shown_channel_kind(channel->kind),
                                             .target = channel->target,
                                             .pace = pace_text(exchange, channel),
                                             .language = channel->language,
                                             .paused = channel->paused,
                                             .paused_why = channel->paused_why,
                                             .unconfirmed = !channel->confirmed};
    }
    return rows;
}

static char *joined(char *list, const char *separator, const char *more)
{
    return list && *list ? talloc_asprintf_append(list, "%s%s", separator, more)
                         : talloc_strdup_append(list, more);
}

static const char *kinds_text(struct exchange *exchange, const struct store_alert_rule *rule)
{
    char *text = talloc_strdup(exchange, "");

    for (enum alert_kind kind = 0; text && kind < ALERT_CHANNEL; kind++) {
        char *word = talloc_asprintf(exchange, " %s ", alert_kind_name(kind));
        char *all = talloc_asprintf(exchange, " %s ", rule->kinds);

        if (word && all && strstr(all, word))
            text = joined(text, "\n", _(alert_kind_text(kind)));
    }
    return text;
}

static const char *channels_text(struct exchange *exchange, const struct store_alert_rule *rule,
                                 const struct alert_rules_reading *reading)
{
    char *text = talloc_strdup(exchange, "");

    for (size_t i = 0; text && i < reading->channel_count; i++)
        for (size_t j = 0; text && j < rule->channel_count; j++)
            if (reading->channels[i].id == rule->channels[j])
                text = joined(text, "; ",
                              *reading->channels[i].target
                                  ? reading->channels[i].target
                                  : shown_channel_kind(reading->channels[i].kind));
    return text;
}

static const char *when_text(struct exchange *exchange, const struct store_alert_rule *rule)
{
    char *text =
        talloc_asprintf(exchange, _("certificates: %lld days before; reports: after %lld days"),
                        (long long)rule->certificate_days, (long long)rule->silent_days);

    if (text && rule->quiet_from != rule->quiet_until)
        text = talloc_asprintf_append(text, _("; quiet from %02lld:00 to %02lld:00 UTC"),
                                      (long long)rule->quiet_from, (long long)rule->quiet_until);
    if (text && rule->remind_hours)
        text = talloc_asprintf_append(text, _("; reminder after %lld h"),
                                      (long long)rule->remind_hours);
    return text;
}

static const struct alert_rule_row *rules_of(struct exchange *exchange,
                                             const struct alert_rules_reading *reading)
{
    struct alert_rule_row *rows =
        talloc_zero_array(exchange, struct alert_rule_row, (unsigned)reading->rule_count + 1);

    for (size_t i = 0; rows && i < reading->rule_count; i++) {
        const struct store_alert_rule *rule = &reading->rules[i];

        rows[i] =
            (struct alert_rule_row){.id = rule->id,
                                    .kinds = kinds_text(exchange, rule),
                                    .severity = text_severity(severity_by_name(rule->severity)),
                                    .domains = rule->domains ? rule->domains : _("all"),
                                    .channels = channels_text(exchange, rule, reading),
                                    .when = when_text(exchange, rule)};
    }
    return rows;
}

static const struct alert_kind_choice *kind_choices(struct exchange *exchange)
{
    struct alert_kind_choice *rows =
        talloc_zero_array(exchange, struct alert_kind_choice, ALERT_KIND_COUNT);

    for (enum alert_kind kind = 0; rows && kind < ALERT_CHANNEL; kind++)
        rows[kind] = (struct alert_kind_choice){alert_kind_name(kind), _(alert_kind_text(kind))};
    return rows;
}

static const char *notice_of(const struct exchange *exchange)
{
    static const struct {
        const char *word, *text;
    } notices[] = {
        {"channel-add", N_("The channel was added. A rule says what goes there.")},
        {"channel-drop", N_("The channel was deleted.")},
        {"channel-resume", N_("The channel is active again.")},
        {"channel-test", N_("A test is on its way.")},
        {"channel-ask", N_("The link is on its way.")},
        {"channel-asked", N_("The channel was added. The owner of the address gets a message with "
                             "a link; nothing else is sent there until the address is confirmed.")},
        {"rule-add", N_("The rule was added.")},
        {"rule-drop", N_("The rule was deleted.")},
    };
    const char *word = exchange_query(exchange, "done");

    for (size_t i = 0; word && i < sizeof notices / sizeof *notices; i++)
        if (strcmp(notices[i].word, word) == 0)
            return _(notices[i].text);
    return NULL;
}

struct rules_request {
    struct alert_rules_reading reading; /* first */
    const char *group_name;
    struct alert_group_choice *choices;
    size_t choice_count;
};

static void answer_page(struct exchange *exchange, void *data)
{
    const struct rules_request *request = data;
    const struct alert_rules_reading *reading = &request->reading;
    const struct alerts_setup *setup = alert_parts_setup(exchange);
    const char *missing = alert_parts_no_mail(exchange);
    bool absent = exchange_query(exchange, "error") != NULL;
    struct alert_rules_page page = {
        .frame = page_frame(exchange, _("Rules and channels"), FRAME_ALERTS),
        .said.notice = notice_of(exchange),
        .said.error = absent
                          ? _("Nothing was changed: the entry no longer exists, or the group has "
                              "reached its limit.")
                          : NULL,
        .missing = missing,
        .mail = !missing,
        .command = setup->command,
        .groups = request->choices,
        .group_count = request->choice_count,
        .group = reading->group,
        .group_name = request->group_name,
        .changes = reading->whole,
        .channels = channels_of(exchange, reading),
        .channel_count = reading->channel_count,
        .rules = rules_of(exchange, reading),
        .rule_count = reading->rule_count,
        .kinds = kind_choices(exchange),
        .kind_count = ALERT_CHANNEL,
        .language = exchange_visitor(exchange)->language};
    struct html *out = page_begin(exchange);

    if (!out)
        return;
    page_alert_rules(out, &page);
    page_answer(exchange, 200, out);
}

static void show_no_group(struct exchange *exchange)
{
    const struct alert_no_group_page page = {
        .frame = page_frame(exchange, _("Rules and channels"), FRAME_ALERTS)};
    struct html *out = page_begin(exchange);

    if (!out)
        return;
    page_alert_no_group(out, &page);
    page_answer(exchange, 200, out);
}

/* Of one group: the one that was chosen, or the first. */
static void show_group(struct exchange *exchange, const struct access_list *list)
{
    struct rules_request *request = talloc_zero(exchange, struct rules_request);
    const struct account *account = exchange_account(exchange);

    if (!list->count) {
        show_no_group(exchange);
        return;
    }
    if (request)
        request->choices = talloc_zero_array(request, struct alert_group_choice,
                                             (unsigned)account->role_count + 1);
    if (!request || !request->choices) {
        account_pages_no_room(exchange);
        return;
    }
    request->reading.group = list->groups[0].group;
    request->reading.whole = alert_parts_may_change(exchange, request->reading.group);
    request->group_name = talloc_strdup(exchange, list->groups[0].group_name);
    for (size_t i = 0; account->role_count > 1 && i < account->role_count; i++)
        request->choices[request->choice_count++] = (struct alert_group_choice){
            account->roles[i].group, talloc_strdup(request, account->roles[i].group_name),
            account->roles[i].group == request->reading.group};
    account_pages_read(exchange, alert_parts_rules, request, answer_page);
}

static void answer_rules(struct exchange *exchange)
{
    access_groups(exchange, show_group);
}

/* ---- changed --------------------------------------------------------------------------------- */

static const char *word_of(const struct alert_change *change)
{
    bool asked = change->action == ALERT_CHANNEL_ADD && !change->channel.confirmed;

    return asked ? "channel-asked" : alert_action_name(change->action);
}

static void back(struct exchange *exchange, struct alert_change *change)
{
    char *path = change->outcome == ALERT_DONE
                     ? talloc_asprintf(exchange, "/alerts/rules?group=%lld&done=%s",
                                       (long long)change->group, word_of(change))
                     : talloc_asprintf(exchange, "/alerts/rules?group=%lld&error=absent",
                                       (long long)change->group);

    exchange_redirect(exchange, path ? path : "/alerts/rules");
}

static void show_secret(struct exchange *exchange, struct alert_change *change)
{
    struct alert_secret_page page = {
        .frame = page_frame(exchange, _("The secret of the new webhook"), FRAME_ALERTS),
        .target = change->channel.target,
        .secret = change->channel.secret,
        .group = change->group};
    struct html *out;

    if (!change->channel.secret || change->outcome != ALERT_DONE) {
        back(exchange, change);
        return;
    }
    out = page_begin(exchange);
    if (!out)
        return;
    page_alert_secret(out, &page);
    page_answer(exchange, 200, out);
}

static void take_channels(struct exchange *exchange)
{
    struct alert_change change = {.action = ALERT_CHANNEL_ADD,
                                  .group = account_pages_number(exchange, "group"),
                                  .channel = {.kind = exchange_form(exchange, "kind"),
                                              .target = exchange_form(exchange, "target"),
                                              .language = exchange_form(exchange, "language"),
                                              .pace = exchange_form(exchange, "pace"),
                                              .hour = account_pages_number(exchange, "hour")}};
    const char *wrong;

    if (!access_allows(exchange, change.group, STORE_ROLE_ADMIN))
        return;
    wrong = alert_parts_channel(exchange, &change.channel);
    if (wrong)
        exchange_problem(exchange, 422, "channel", wrong);
    else
        alert_parts_change(exchange, &change, show_secret);
}

static void take_channel(struct exchange *exchange)
{
    const char *what = exchange_form(exchange, "do");
    struct alert_change change = {.action = ALERT_CHANNEL_TEST,
                                  .group = account_pages_number(exchange, "group"),
                                  .id = exchange_place_number(exchange, "id")};

    if (!access_allows(exchange, change.group, STORE_ROLE_ADMIN))
        return;
    if (what && strcmp(what, "delete") == 0)
        change.action = ALERT_CHANNEL_DROP;
    else if (what && strcmp(what, "resume") == 0)
        change.action = ALERT_CHANNEL_RESUME;
    else if (what && strcmp(what, "ask") == 0)
        change.action = ALERT_CHANNEL_ASK;
    alert_parts_change(exchange, &change, back);
}

static const char *chosen_kinds(struct exchange *exchange)
{
    char *kinds = talloc_strdup(exchange, "");

    for (enum alert_kind kind = 0; kinds && kind < ALERT_CHANNEL; kind++) {
        char *name = talloc_asprintf(exchange, "kind-%s", alert_kind_name(kind));

        if (name && exchange_form(exchange, name))
            kinds = talloc_asprintf_append(kinds, "%s%s", *kinds ? " " : "", alert_kind_name(kind));
    }
    return kinds;
}

/* Those that the group has are read first, as the form names them by number. */
static void add_rule(struct exchange *exchange, void *data)
{
    const struct alert_rules_reading *reading = data;
    struct alert_change change = {
        .action = ALERT_RULE_ADD,
        .group = reading->group,
        .rule = {.kinds = chosen_kinds(exchange),
                 .severity = exchange_form(exchange, "severity"),
                 .domains = exchange_form(exchange, "domains"),
                 .certificate_days = account_pages_number(exchange, "certificate-days"),
                 .silent_days = account_pages_number(exchange, "silent-days"),
                 .quiet_from = account_pages_number(exchange, "quiet-from"),
                 .quiet_until = account_pages_number(exchange, "quiet-until"),
                 .remind_hours = account_pages_number(exchange, "remind-hours")}};
    const char *wrong;

    for (size_t i = 0; i < reading->channel_count; i++) {
        char *name = talloc_asprintf(exchange, "channel-%lld", (long long)reading->channels[i].id);

        if (name && exchange_form(exchange, name) &&
            change.rule.channel_count < STORE_RULE_CHANNELS)
            change.rule.channels[change.rule.channel_count++] = reading->channels[i].id;
    }
    wrong = alert_parts_rule(&change.rule);
    if (!wrong && !change.rule.channel_count)
        wrong = _("A rule needs at least one channel.");
    if (wrong)
        exchange_problem(exchange, 422, "rule", wrong);
    else
        alert_parts_change(exchange, &change, back);
}

static void take_rules(struct exchange *exchange)
{
    struct alert_rules_reading *reading = talloc_zero(exchange, struct alert_rules_reading);
    int64_t group = account_pages_number(exchange, "group");

    if (!access_allows(exchange, group, STORE_ROLE_ADMIN))
        return;
    if (reading)
        reading->group = group;
    account_pages_read(exchange, alert_parts_rules, reading, add_rule);
}

static void take_rule(struct exchange *exchange)
{
    struct alert_change change = {.action = ALERT_RULE_DROP,
                                  .group = account_pages_number(exchange, "group"),
                                  .id = exchange_place_number(exchange, "id")};

    if (access_allows(exchange, change.group, STORE_ROLE_ADMIN))
        alert_parts_change(exchange, &change, back);
}

static const struct route routes[] = {
    {HTTP_GET, "/alerts/rules", answer_rules, ROUTE_PAGE, NEED_VIEWER, ROUTE_NO_BODY, 0},
    {HTTP_POST, "/alerts/rules", take_rules, ROUTE_PAGE, NEED_ADMIN, ROUTE_FORM, 0},
    {HTTP_POST, "/alerts/rules/{id}", take_rule, ROUTE_PAGE, NEED_ADMIN, ROUTE_FORM, 0},
    {HTTP_POST, "/alerts/channels", take_channels, ROUTE_PAGE, NEED_ADMIN, ROUTE_FORM, 0},
    {HTTP_POST, "/alerts/channels/{id}", take_channel, ROUTE_PAGE, NEED_ADMIN, ROUTE_FORM, 0},
};

const struct route_table alert_rule_routes = {.routes = routes,
                                              .count = sizeof routes / sizeof *routes,
                                              .start = alert_service_start,
                                              .stop = alert_service_stop};
