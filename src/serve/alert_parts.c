/* SPDX-License-Identifier: MIT */
/* alert_parts.c - reading and changing for the pages and the API of alerts. */
#include "serve/alert_parts.h"

#include <string.h>

#include "accounts/account.h"
#include "accounts/token.h"
#include "alerts/alerts.h"
#include "alerts/condition.h"
#include "alerts/limits.h"
#include "alerts/mail.h"
#include "alerts/matching.h"
#include "alerts/webhook.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "serve/account_pages.h"
#include "serve/exchange.h"
#include "serve/service.h"

const struct alerts_setup *alert_parts_setup(const struct exchange *exchange)
{
    return alerts_setup_of(exchange_service(exchange)->alerts);
}

const char *alert_parts_no_mail(const struct exchange *exchange)
{
    const struct alerts_setup *setup = alert_parts_setup(exchange);

    if (!setup->from)
        return _("This service cannot send mail: its administrator has to set --sendmail and "
                 "--mail-from.");
    return *setup->base
               ? NULL
               : _("Email addresses cannot be added, because their owners must confirm them with a "
                   "link: the administrator of this service must set --base-url.");
}

bool alert_parts_may_change(const struct exchange *exchange, int64_t group)
{
    const struct account *account = exchange_account(exchange);

    return account && account->scopes & TOKEN_ADMIN &&
           account_role_in(account, group) >= STORE_ROLE_ADMIN;
}

/* ---- changing -------------------------------------------------------------------------------- */

struct changing {
    struct alert_change change; /* first: it is what is written */
    alert_changed_fn done;
};

static void on_changed(struct exchange *exchange, void *data)
{
    struct changing *changing = data;

    alerts_wake(exchange_service(exchange)->alerts);
    changing->done(exchange, &changing->change);
}

static bool keep(TALLOC_CTX *ctx, const char **text)
{
    if (!*text)
        return true;
    *text = talloc_strdup(ctx, *text);
    return *text != NULL;
}

static struct changing *copy_change(const struct exchange *exchange,
                                    const struct alert_change *change)
{
    struct changing *changing = talloc_zero(NULL, struct changing);
    struct alert_change *copy;

    if (!changing)
        return NULL;
    copy = &changing->change;
    *copy = *change;
    copy->who = exchange_account(exchange)->name;
    copy->address = exchange_visitor(exchange)->address;
    copy->now = clock_now();
    copy->channel.created = copy->rule.created = copy->now;
    copy->channel.confirmed =
        copy->channel.kind && strcmp(copy->channel.kind, "mail") == 0 ? 0 : copy->now;
    copy->channel.group = copy->rule.group = copy->group;
    if (keep(copy, &copy->who) && keep(copy, &copy->address) && keep(copy, &copy->channel.kind) &&
        keep(copy, &copy->channel.target) && keep(copy, &copy->channel.language) &&
        keep(copy, &copy->channel.secret) && keep(copy, &copy->channel.pace) &&
        keep(copy, &copy->rule.kinds) && keep(copy, &copy->rule.severity) &&
        keep(copy, &copy->rule.domains))
        return changing;
    talloc_free(changing);
    return NULL;
}

void alert_parts_change(struct exchange *exchange, const struct alert_change *change,
                        alert_changed_fn done)
{
    struct changing *changing = copy_change(exchange, change);

    if (changing)
        changing->done = done;
    account_pages_write(exchange, alert_change, changing, on_changed);
}

/* ---- what somebody asks for ------------------------------------------------------------------ */

static const char *wrong_target(struct exchange *exchange, struct store_channel *channel)
{
    const struct alerts_setup *setup = alert_parts_setup(exchange);

    if (strcmp(channel->kind, "mail") == 0) {
        const char *missing = alert_parts_no_mail(exchange);

        if (missing)
            return missing;
        return mail_is_address(channel->target) ? NULL : _("This is not an email address.");
    }
    if (strcmp(channel->kind, "webhook") == 0) {
        channel->secret = webhook_secret_new(exchange);
        return webhook_is_url(channel->target)
                   ? NULL
                   : _("A webhook needs a URL that begins with https://.");
    }
    if (strcmp(channel->kind, "command") != 0)
        return _("Unknown kind of channel.");
    channel->target = "";
    return setup->command ? NULL
                          : _("This service runs no command: its administrator has to set "
                              "--alert-command.");
}

static bool is_one_of(const char *word, const char *words)
{
    char *wanted = talloc_asprintf(NULL, "|%s|", word);
    bool is = wanted && !strchr(word, '|') && strstr(words, wanted);

    talloc_free(wanted);
    return is;
}

const char *alert_parts_channel(struct exchange *exchange, struct store_channel *channel)
{
    if (!channel->kind)
        channel->kind = "";
    if (!channel->target)
        channel->target = "";
    if (!channel->language)
        channel->language = exchange_visitor(exchange)->language;
    if (!channel->pace)
        channel->pace = "at-once";
    if (!is_one_of(channel->language, "|en|de|"))
        return _("Unknown language.");
    if (!is_one_of(channel->pace, "|at-once|daily|weekly|") || channel->hour < 0 ||
        channel->hour > 23)
        return _("Unknown time of a digest.");
    channel->next_digest = matching_digest(channel->pace, channel->hour, clock_now());
    return wrong_target(exchange, channel);
}

static bool are_kinds(const char *kinds)
{
    char *copy = talloc_strdup(NULL, kinds), *save = NULL;
    bool all = copy && *kinds;

    for (char *word = copy ? strtok_r(copy, " ", &save) : NULL; all && word;
         word = strtok_r(NULL, " ", &save))
        all = alert_kind_named(word) < ALERT_CHANNEL;
    talloc_free(copy);
    return all;
}

const char *alert_parts_rule(struct store_alert_rule *rule)
{
    if (!rule->severity)
        rule->severity = "high";
    if (rule->domains && !*rule->domains)
        rule->domains = NULL;
    if (!rule->kinds || !are_kinds(rule->kinds))
        return _("A rule needs at least one kind of alert.");
    if (!is_one_of(rule->severity, "|medium|high|critical|"))
        return _("Unknown severity.");
    if (rule->domains && !matching_is_filter(rule->domains))
        return _("Specify domains such as example.org, .example.org for all below it, or #tag.");
    if (rule->certificate_days < 1 || rule->certificate_days > 90 || rule->silent_days < 2 ||
        rule->silent_days > 60 || rule->remind_hours < 0 || rule->remind_hours > 720)
        return _("A number of days or hours is out of range.");
    if (rule->quiet_from < 0 || rule->quiet_from > 23 || rule->quiet_until < 0 ||
        rule->quiet_until > 23)
        return _("Hours are from 0 to 23.");
    return NULL;
}

/* ---- reading --------------------------------------------------------------------------------- */

static int newer_first(const void *a, const void *b)
{
    int64_t one = ((const struct alert_copy *)a)->row.id,
            other = ((const struct alert_copy *)b)->row.id;

    return one < other ? 1 : one > other ? -1 : 0;
}

/* One more than asked for of each group tells whether there are more. */
static enum sts_status list_some(struct store *store, const struct alert_listing *listing,
                                 struct store_alert_page page, struct alert_copies *copies,
                                 bool *ret_more)
{
    enum sts_status status = STS_OK;

    page.limit = listing->limit + 1;
    for (size_t i = 0; !status && page.before && i < listing->group_count; i++) {
        page.group = listing->groups[i];
        status = store_alerts(store, &page, alert_copies_take, copies);
    }
    if (copies->count)
        qsort(copies->list, copies->count, sizeof(*copies->list), newer_first);
    *ret_more = copies->count > listing->limit;
    if (*ret_more)
        copies->count = listing->limit;
    return status ? status : alert_copies_domains(store, copies, 1);
}

enum sts_status alert_parts_list(struct store *store, void *data)
{
    struct alert_listing *listing = data;
    enum sts_status status;

    listing->open.ctx = listing->past.ctx = listing;
    status = list_some(store, listing,
                       (struct store_alert_page){.open = true, .before = listing->before_open},
                       &listing->open, &listing->more_open);
    return status ? status
                  : list_some(store, listing,
                              (struct store_alert_page){.before = listing->before_past},
                              &listing->past, &listing->more_past);
}

static const char *copied(TALLOC_CTX *ctx, const char *text, bool *no_memory)
{
    char *copy = text ? talloc_strdup(ctx, text) : NULL;

    *no_memory |= text && !copy;
    return copy;
}

static bool take_delivery(void *arg, const struct store_delivery *delivery)
{
    struct alert_reading *reading = arg;
    struct store_delivery *made =
        array_grow(reading, &reading->deliveries, &reading->delivery_count, sizeof(*made));

    reading->no_memory |= !made;
    if (!made)
        return false;
    *made = *delivery;
    made->channel_kind = copied(reading, delivery->channel_kind, &reading->no_memory);
    made->target = webhook_hidden_target(reading, delivery->channel_kind, delivery->target);
    reading->no_memory |= !made->target;
    made->event = copied(reading, delivery->event, &reading->no_memory);
    made->message = NULL;
    made->state = copied(reading, delivery->state, &reading->no_memory);
    made->error = copied(reading, delivery->error, &reading->no_memory);
    return !reading->no_memory;
}

enum sts_status alert_parts_read(struct store *store, void *data)
{
    struct alert_reading *reading = data;
    enum sts_status status;

    reading->alert.ctx = reading;
    status = store_alert_numbered(store, reading->id, alert_copies_take, &reading->alert);
    if (!status)
        status = alert_copies_domains(store, &reading->alert, LIMIT_MESSAGE_DOMAINS);
    if (!status)
        status =
            store_deliveries_of(store, reading->id, LIMIT_MESSAGE_DOMAINS, take_delivery, reading);
    return !status && reading->no_memory ? STS_E_NOMEM : status;
}

static bool take_channel(void *arg, const struct store_channel *channel)
{
    struct alert_rules_reading *reading = arg;
    struct store_channel *made =
        array_grow(reading, &reading->channels, &reading->channel_count, sizeof(*made));

    reading->no_memory |= !made;
    if (!made)
        return false;
    *made = *channel;
    made->secret = NULL; /* is shown once, when it is made */
    made->kind = copied(reading, channel->kind, &reading->no_memory);
    made->target = reading->whole ? talloc_strdup(reading, channel->target)
                                  : webhook_hidden_target(reading, channel->kind, channel->target);
    reading->no_memory |= !made->target;
    made->language = copied(reading, channel->language, &reading->no_memory);
    made->pace = copied(reading, channel->pace, &reading->no_memory);
    made->paused_why = copied(reading, channel->paused_why, &reading->no_memory);
    return !reading->no_memory;
}

enum sts_status alert_parts_rules(struct store *store, void *data)
{
    struct alert_rules_reading *reading = data;
    struct matching_rules rules;
    enum sts_status status = store_channels(store, reading->group, 0, take_channel, reading);

    if (!status)
        status = matching_rules_read(reading, store, reading->group, &rules);
    if (status)
        return status;
    reading->rules = rules.list;
    reading->rule_count = rules.count;
    return reading->no_memory ? STS_E_NOMEM : STS_OK;
}
