/* SPDX-License-Identifier: MIT */
/* change_alerts.c - a row an action. */
#include "alerts/change_alerts.h"

#include <string.h>

#include "alerts/announce.h"
#include "alerts/limits.h"
#include "alerts/webhook.h"
#include "base/ascii.h"
#include "store/accounts.h"

#define DAY ((int64_t)86400)

/* ---- channels and rules ---------------------------------------------------------------------- */

static bool count_channel(void *arg, const struct store_channel *channel)
{
    (void)channel;
    ++*(size_t *)arg;
    return true;
}

static bool count_rule(void *arg, const struct store_alert_rule *rule)
{
    (void)rule;
    ++*(size_t *)arg;
    return true;
}

/* Addresses are anybody's: how many mails somebody may cause there in a day is bounded, whatever
 * becomes of the channel.  asks: its owner has not agreed yet; what is sent to whoever has counts
 * for the group alone, so that it keeps nobody else out.  *ret_full: it is too many; else it is
 * counted. */
static enum sts_status count_mail(struct store *store, struct alert_change *change,
                                  const char *address, bool asks, bool *ret_full)
{
    char *plain = talloc_strdup(change, address);
    int64_t at = 0, ours = 0, by = 0;
    enum sts_status status = plain ? STS_OK : STS_E_NOMEM;

    for (char *letter = plain; letter && *letter; letter++)
        *letter = ascii_lower(*letter);
    if (!status && asks)
        status = store_count_asked(store, 0, plain, change->now - DAY, &at);
    if (!status && asks)
        status = store_count_asked(store, change->group, plain, change->now - DAY, &ours);
    if (!status)
        status = store_count_asked(store, change->group, NULL, change->now - DAY, &by);
    *ret_full = at >= LIMIT_ASKED_AT || ours >= LIMIT_ASKED_AT_BY || by >= LIMIT_ASKED_BY;
    if (!status && !*ret_full)
        status = store_add_asked(store, change->group, asks ? plain : "", change->now);
    talloc_free(plain);
    return status;
}

static enum sts_status send(struct store *store, struct alert_change *change, int64_t channel,
                            const char *event)
{
    const struct store_delivery delivery = {.channel = channel,
                                            .event = event,
                                            .message = announce_new_id(change),
                                            .next_try = change->now,
                                            .created = change->now};

    return delivery.message ? store_add_delivery(store, &delivery) : STS_E_NOMEM;
}

static enum sts_status add_channel(struct store *store, struct alert_change *change, bool *done)
{
    size_t count = 0;
    bool full = false;
    enum sts_status status = store_channels(store, change->group, 0, count_channel, &count);

    full = count >= LIMIT_CHANNELS;
    if (!status && !full && strcmp(change->channel.kind, "mail") == 0)
        status = count_mail(store, change, change->channel.target, true, &full);
    if (status || full) {
        change->outcome = ALERT_FULL;
        return status;
    }
    *done = true;
    status = store_add_channel(store, &change->channel, &change->made);
    return status || change->channel.confirmed ? status
                                               : send(store, change, change->made, CONFIRM_EVENT);
}

static enum sts_status add_rule(struct store *store, struct alert_change *change, bool *done)
{
    size_t count = 0;
    enum sts_status status = store_rules(store, change->group, count_rule, &count);

    if (status || count >= LIMIT_RULES) {
        change->outcome = ALERT_FULL;
        return status;
    }
    *done = true;
    return store_add_rule(store, &change->rule, &change->made);
}

static enum sts_status drop_channel(struct store *store, struct alert_change *change, bool *done)
{
    return store_drop_channel(store, change->id, change->group, done);
}

static enum sts_status drop_rule(struct store *store, struct alert_change *change, bool *done)
{
    return store_drop_rule(store, change->id, change->group, done);
}

struct target {
    TALLOC_CTX *ctx;
    char *text; /* NULL: there is no such channel */
    bool mail, confirmed;
};

static bool take_target(void *arg, const struct store_channel *channel)
{
    struct target *target = arg;

    target->confirmed = channel->confirmed != 0;
    target->mail = strcmp(channel->kind, "mail") == 0;
    target->text = *channel->target
                       ? webhook_hidden_target(target->ctx, channel->kind, channel->target)
                       : talloc_strdup(target->ctx, channel->kind);
    return false;
}

/* That it was paused is over with it. */
static enum sts_status resume_channel(struct store *store, struct alert_change *change, bool *done)
{
    struct target target = {.ctx = change};
    struct store_raise paused = {
        .group = change->group, .kind = "channel", .cause = ALERT_CHANNEL_CAUSE};
    int64_t alert = 0;
    bool ended;
    enum sts_status status = store_channels(store, change->group, change->id, take_target, &target);

    if (status || change->id <= 0 || !target.text)
        return status;
    status = store_resume_channel(store, change->id, change->group, done);
    paused.subject = target.text;
    if (!status)
        status = store_open_alert(store, &paused, &alert);
    return status || !alert ? status : store_end_alert(store, alert, change->now, &ended);
}

static enum sts_status test_channel(struct store *store, struct alert_change *change, bool *done)
{
    struct target target = {.ctx = change};
    bool full = false;
    enum sts_status status = store_channels(store, change->group, change->id, take_target, &target);

    if (status || change->id <= 0 || !target.text) /* 0 is all channels to store_channels() */
        return status;
    if (!target.confirmed) {
        change->outcome = ALERT_UNCONFIRMED;
        return status;
    }
    if (target.mail)
        status = count_mail(store, change, target.text, false, &full);
    if (status || full) {
        change->outcome = ALERT_FULL;
        return status;
    }
    *done = true;
    return send(store, change, change->id, "test");
}

static enum sts_status ask_channel(struct store *store, struct alert_change *change, bool *done)
{
    struct target target = {.ctx = change};
    bool full = false;
    enum sts_status status = store_channels(store, change->group, change->id, take_target, &target);

    if (status || change->id <= 0 || !target.text)
        return status;
    if (target.confirmed) {
        change->outcome = ALERT_CONFIRMED;
        return status;
    }
    status = count_mail(store, change, target.text, true, &full);
    if (status || full) {
        change->outcome = ALERT_FULL;
        return status;
    }
    *done = true;
    change->channel.kind = "mail"; /* for the log */
    change->channel.target = target.text;
    return send(store, change, change->id, CONFIRM_EVENT);
}

/* ---- alerts ---------------------------------------------------------------------------------- */

static enum sts_status acknowledge(struct store *store, struct alert_change *change, bool *done)
{
    return store_acknowledge_alert(store, change->id, change->group, change->now, change->who,
                                   done);
}

static enum sts_status mute(struct store *store, struct alert_change *change, bool *done)
{
    if (change->until <= change->now)
        return STS_E_INVALID;
    return store_mute_alert(store, change->id, change->group, change->until, change->who, done);
}

static enum sts_status unmute(struct store *store, struct alert_change *change, bool *done)
{
    return store_mute_alert(store, change->id, change->group, 0, change->who, done);
}

/* ---- all of them ----------------------------------------------------------------------------- */

static const struct {
    const char *name;
    enum sts_status (*change)(struct store *store, struct alert_change *change, bool *done);
} actions[] = {
    [ALERT_ACKNOWLEDGE] = {"alert-acknowledge", acknowledge},
    [ALERT_MUTE] = {"alert-mute", mute},
    [ALERT_UNMUTE] = {"alert-unmute", unmute},
    [ALERT_CHANNEL_ADD] = {"channel-add", add_channel},
    [ALERT_CHANNEL_DROP] = {"channel-drop", drop_channel},
    [ALERT_CHANNEL_RESUME] = {"channel-resume", resume_channel},
    [ALERT_CHANNEL_TEST] = {"channel-test", test_channel},
    [ALERT_CHANNEL_ASK] = {"channel-ask", ask_channel},
    [ALERT_RULE_ADD] = {"rule-add", add_rule},
    [ALERT_RULE_DROP] = {"rule-drop", drop_rule},
};

const char *alert_action_name(enum alert_action action)
{
    return actions[action].name;
}

static enum sts_status write_log(struct store *store, const struct alert_change *change)
{
    const char *target = change->channel.target;
    char *object =
        target && *target
            ? webhook_hidden_target(store, change->channel.kind, target)
            : talloc_asprintf(store, "%lld", (long long)(change->made ? change->made : change->id));
    const struct store_audit audit = {.at = change->now,
                                      .who = change->who,
                                      .address = change->address,
                                      .group = change->group,
                                      .action = actions[change->action].name,
                                      .object = object};
    enum sts_status status = object ? store_add_audit(store, &audit) : STS_E_NOMEM;

    talloc_free(object);
    return status;
}

enum sts_status alert_change(struct store *store, void *data)
{
    struct alert_change *change = data;
    bool done = false;
    enum sts_status status;

    change->outcome = ALERT_ABSENT;
    status = actions[change->action].change(store, change, &done);
    if (status || !done)
        return status;
    change->outcome = ALERT_DONE;
    return write_log(store, change);
}
