/* SPDX-License-Identifier: MIT */
/* sending.c - a message handed to sendmail(1), a webhook or the command, and what came of it. */
#include "alerts/sending.h"

#include <string.h>

#include "alerts/announce.h"
#include "alerts/change_alerts.h"
#include "alerts/limits.h"
#include "alerts/mail.h"
#include "alerts/webhook.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "net/web_client.h"
#include "store/writer.h"

/* ---- what came of it, written down ----------------------------------------------------------- */

struct outcome {
    int64_t delivery, alert, channel, group, now, delay, attempts;
    const char *target, *kind;
    const char *fault; /* NULL: it arrived */
    int64_t later;     /* not now, but then; 0: it was an attempt */
    bool dropped;
    bool changed;
};

/* It has failed for two days: nothing is sent there any more, and the other channels hear of it. */
static enum sts_status pause(struct store *store, const struct outcome *outcome)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct matching_rules rules;
    struct announcer announcer = {
        .group = outcome->group, .rules = &rules, .now = outcome->now, .delay = outcome->delay};
    const struct condition condition = {.kind = ALERT_CHANNEL, .severity = SEVERITY_CRITICAL};
    struct store_raise raise = {.group = outcome->group,
                                .kind = alert_kind_name(ALERT_CHANNEL),
                                .cause = ALERT_CHANNEL_CAUSE,
                                .subject = outcome->target,
                                .severity = severity_name(SEVERITY_HIGH),
                                .thread = ctx ? announce_new_id(ctx) : NULL,
                                .at = outcome->now};
    struct store_raised raised;
    bool done = false;
    enum sts_status status = raise.thread ? store_pause_channel(store, outcome->channel,
                                                                outcome->now, outcome->fault, &done)
                                          : STS_E_NOMEM;

    if (!status && done)
        status = matching_rules_read(ctx, store, outcome->group, &rules);
    if (!status && done)
        status = store_raise_alert(store, &raise, outcome->now, &raised);
    if (!status && done)
        status = announcer_open(&announcer, ctx, store);
    if (!status && done)
        status = announce_begin(&announcer, raised.alert, &condition, NULL);
    talloc_free(ctx);
    return status;
}

static enum sts_status write_failure(struct store *store, const struct outcome *outcome)
{
    int64_t wait = webhook_wait(outcome->attempts + 1);
    enum sts_status status;

    if (wait)
        return store_delivery_again(store, outcome->delivery, outcome->now + wait, outcome->fault);
    status = store_delivery_end(store, outcome->delivery, "failed", outcome->fault);
    return status ? status : pause(store, outcome);
}

static enum sts_status write_outcome(struct store *store, void *data)
{
    struct outcome *outcome = data;

    if (outcome->dropped)
        return store_delivery_end(store, outcome->delivery, "dropped", outcome->fault);
    if (outcome->later)
        return store_delivery_later(store, outcome->delivery, outcome->later);
    if (outcome->fault)
        return write_failure(store, outcome);
    return store_delivery_sent(store, outcome->delivery, outcome->now);
}

static void drop(struct sending *sending)
{
    struct alerts *alerts = sending->alerts;

    for (size_t i = 0; i < alerts->sending_count; i++)
        if (alerts->sendings[i] == sending) {
            alerts->sendings[i] = alerts->sendings[--alerts->sending_count];
            break;
        }
    talloc_free(sending);
    alerts_send_next(alerts);
}

/* Where it could not be written down it is sent again: in a while. */
static void on_dropped(void *arg)
{
    drop(arg);
}

static void on_written(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    struct sending *sending = arg;
    struct loop *loop = sending->alerts->setup.loop;

    (void)data;
    if (fault)
        sending->alerts->setup.fault(sending->alerts->setup.arg, fault);
    if (status && loop_timer_start(sending, loop, loop_now(loop) + LIMIT_RETRY_MS, on_dropped,
                                   sending, &sending->over) == STS_OK)
        return;
    drop(sending);
}

static void write_down(struct sending *sending, const struct outcome *like)
{
    const struct message *m = sending->message;
    struct outcome *outcome = talloc_memdup(NULL, like, sizeof(*like));
    struct store_writer_request request = {
        .write = write_outcome, .done = on_written, .data = outcome, .arg = sending};

    if (outcome) {
        outcome->delivery = m->delivery.id;
        outcome->channel = m->channel.id;
        outcome->group = m->channel.group;
        outcome->attempts = m->delivery.attempts;
        outcome->now = clock_now();
        outcome->delay = sending->alerts->setup.delay;
        outcome->target = *m->channel.target
                              ? webhook_hidden_target(outcome, m->channel.kind, m->channel.target)
                              : talloc_strdup(outcome, m->channel.kind);
        outcome->fault = like->fault ? talloc_strdup(outcome, like->fault) : NULL;
        if (outcome->target && store_writer_put(sending->alerts->setup.writer, &request) == STS_OK)
            return;
    }
    talloc_free(outcome);
    on_written(sending, NULL, STS_E_NOMEM, NULL);
}

void sending_end(struct sending *sending, const char *fault)
{
    write_down(sending, &(struct outcome){.fault = fault});
}

/* ---- mail and command ------------------------------------------------------------------------ */

static char *mail_of(struct sending *sending)
{
    const struct message *m = sending->message;
    const struct alerts_setup *setup = &sending->alerts->setup;
    const struct message_site site = {setup->base, setup->from};
    const struct mail mail = {
        .from = setup->from,
        .to = m->channel.target,
        .subject = message_subject(sending, m),
        .id = m->delivery.message,
        .thread = m->alerts.count && m->delivery.alert ? m->alerts.list[0].row.thread : NULL,
        .language = m->channel.language,
        .unsubscribe = *setup->base && !m->question.word
                           ? talloc_asprintf(sending, "%salerts/rules", setup->base)
                           : NULL,
        .at = m->delivery.created,
        .text = message_text(sending, m, &site),
        .html = message_html(sending, m, &site)};

    return mail.subject && mail.text && mail.html ? mail_write(sending, &mail) : NULL;
}

static void send_mail(struct sending *sending)
{
    if (!sending->alerts->setup.from) {
        sending_end(sending, "--sendmail is not set");
        return;
    }
    if (sending->message->question.word && !*sending->alerts->setup.base) {
        sending_end(sending, "--base-url is not set");
        return;
    }
    sending->text = mail_of(sending);
    program_add(sending->alerts->mail, sending);
}

static char *json_of(struct sending *sending)
{
    const struct message_site site = {sending->alerts->setup.base, sending->alerts->setup.from};

    return message_json(sending, sending->message, &site);
}

static void run_command(struct sending *sending)
{
    if (!sending->alerts->setup.command) {
        sending_end(sending, "--alert-command");
        return;
    }
    sending->text = json_of(sending);
    program_add(sending->alerts->command, sending);
}

/* ---- webhook --------------------------------------------------------------------------------- */

static void on_answer(void *arg, const struct web_answer *answer)
{
    struct sending *sending = arg;
    char *fault = NULL;

    if (answer->code >= 200 && answer->code < 300)
        sending_end(sending, NULL);
    else {
        fault = answer->code ? talloc_asprintf(sending, "HTTP %ld", answer->code)
                             : talloc_strdup(sending, answer->fault ? answer->fault : "");
        sending_end(sending, fault ? fault : "");
    }
}

static void call_webhook(struct sending *sending)
{
    const struct message *m = sending->message;
    const struct webhook_message message = {m->delivery.message, sending->text = json_of(sending),
                                            clock_now()};
    const struct web_request request = {
        .url = m->channel.target,
        .body = sending->text,
        .fields = sending->text && m->channel.secret
                      ? webhook_fields(sending, &message, m->channel.secret)
                      : NULL,
        .public_only = !sending->alerts->setup.allow_private,
        .done = on_answer,
        .arg = sending};

    if (!request.fields ||
        web_request_start(sending, sending->alerts->web, &request, &sending->request) != STS_OK)
        on_written(sending, NULL, STS_E_NOMEM, NULL);
}

/* ---- how many at a time ---------------------------------------------------------------------- */

void sending_room_count(struct sending_room *room, int64_t began, int64_t now)
{
    room->running++;
    room->slow += now - began > LIMIT_SLOW_MS;
}

size_t sending_room_left(const struct sending_room *room)
{
    size_t most = room->usual + room->slow;

    if (most > room->all)
        most = room->all;
    return most > room->running ? most - room->running : 0;
}

/* ---- the beginning --------------------------------------------------------------------------- */

/* False: it is not to be sent now, or not at all, and that is being written down. */
static bool is_wanted(struct sending *sending)
{
    const struct message *m = sending->message;
    const struct store_alert *alert = m->alerts.count ? &m->alerts.list[0].row : NULL;

    if (m->delivery.since && !m->alerts.count && !m->open.count && *m->channel.pace == 'd') {
        write_down(sending, &(struct outcome){.dropped = true}); /* a day without news */
        return false;
    }
    if (!m->question.word &&
        strcmp(m->delivery.event, CONFIRM_EVENT) == 0) { /* confirmed meanwhile */
        write_down(sending, &(struct outcome){.dropped = true});
        return false;
    }
    if (!m->delivery.alert)
        return true;
    if (strcmp(m->delivery.event, "reminder") == 0 &&
        (!alert || alert->ended || alert->acknowledged)) {
        write_down(sending, &(struct outcome){.dropped = true});
        return false;
    }
    if (alert && alert->muted_until > m->now) {
        write_down(sending, &(struct outcome){.later = alert->muted_until});
        return false;
    }
    return true;
}

void sending_start(struct alerts *alerts, struct message *message)
{
    struct sending *sending = talloc_zero(alerts, struct sending);
    struct sending **room =
        sending ? array_grow(alerts, &alerts->sendings, &alerts->sending_count, sizeof(*room))
                : NULL;

    if (!room) {
        talloc_free(sending);
        talloc_free(message);
        return;
    }
    *room = sending;
    sending->alerts = alerts;
    sending->began = loop_now(alerts->setup.loop);
    sending->message = talloc_steal(sending, message);
    if (!is_wanted(sending))
        return;
    if (strcmp(message->channel.kind, "webhook") == 0)
        call_webhook(sending);
    else if (strcmp(message->channel.kind, "command") == 0)
        run_command(sending);
    else
        send_mail(sending);
}
