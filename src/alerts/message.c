/* SPDX-License-Identifier: MIT */
/* message.c - messages read from the store, whole, so that nothing is asked for while one is sent.
 */
#include "alerts/message.h"

#include <string.h>

#include "alerts/announce.h"
#include "alerts/limits.h"
#include "app/notify.h"
#include "base/array.h"

/* The channel is copied into the message; what fails is sticky. */
struct loading {
    struct message *message;
    bool failed;
};

static const char *kept(struct loading *loading, const char *text)
{
    char *copy = text ? talloc_strdup(loading->message, text) : NULL;

    loading->failed |= text && !copy;
    return copy;
}

/* ---- what it tells of ------------------------------------------------------------------------ */

static enum sts_status load_digest(struct store *store, struct message *m)
{
    const struct store_alert_page open = {m->channel.group, true, INT64_MAX, LIMIT_DIGEST_ALERTS};
    enum sts_status status = store_alerts_since(store, m->channel.group, m->delivery.since,
                                                LIMIT_DIGEST_ALERTS, alert_copies_take, &m->alerts);

    if (!status)
        status = store_alerts(store, &open, alert_copies_take, &m->open);
    if (!status)
        status = alert_copies_domains(store, &m->alerts, LIMIT_DIGEST_DOMAINS);
    return status ? status : alert_copies_domains(store, &m->open, LIMIT_DIGEST_DOMAINS);
}

static bool take_channel(void *arg, const struct store_channel *channel)
{
    struct loading *loading = arg;
    struct store_channel *made = &loading->message->channel;

    *made = *channel;
    made->kind = kept(loading, channel->kind);
    made->target = kept(loading, channel->target);
    made->language = kept(loading, channel->language);
    made->secret = kept(loading, channel->secret);
    made->pace = kept(loading, channel->pace);
    made->paused_why = NULL;
    return false;
}

static enum sts_status load(struct store *store, struct message *m)
{
    struct loading loading = {.message = m};
    enum sts_status status = store_channels(store, 0, m->delivery.channel, take_channel, &loading);

    m->alerts.ctx = m->open.ctx = m;
    if (!status && m->delivery.alert)
        status = store_alert_numbered(store, m->delivery.alert, alert_copies_take, &m->alerts);
    if (!status && m->delivery.alert)
        status = alert_copies_domains(store, &m->alerts, LIMIT_MESSAGE_DOMAINS);
    if (!status && m->delivery.since)
        status = load_digest(store, m);
    if (!status && loading.failed)
        status = STS_E_NOMEM;
    if (status || strcmp(m->delivery.event, CONFIRM_EVENT) != 0)
        return status;
    return confirm_prepare(m, store, &m->channel, m->now, &m->question);
}

/* ---- which ----------------------------------------------------------------------------------- */

struct gathering {
    struct messages *messages;
    bool failed;
};

static bool take_delivery(void *arg, const struct store_delivery *delivery)
{
    struct gathering *gathering = arg;
    struct messages *messages = gathering->messages;
    struct message *made = talloc_zero(messages, struct message);
    struct loading loading = {.message = made, .failed = !made};
    struct message **room =
        made ? array_grow(messages, &messages->list, &messages->count, sizeof(*room)) : NULL;

    gathering->failed |= !room;
    if (!room)
        return false;
    *room = made;
    made->now = messages->now;
    made->delivery = *delivery;
    made->delivery.channel_kind = kept(&loading, delivery->channel_kind);
    made->delivery.target = kept(&loading, delivery->target);
    made->delivery.event = kept(&loading, delivery->event);
    made->delivery.message = kept(&loading, delivery->message);
    made->delivery.state = made->delivery.error = NULL;
    gathering->failed |= loading.failed;
    return !gathering->failed;
}

static const struct kind {
    const char *name;
    int64_t lease;
    size_t share, doubtful;
} kinds[MESSAGE_KINDS] = {
    [MESSAGE_WEBHOOK] = {"webhook", LIMIT_LEASE_WEBHOOK, LIMIT_WEBHOOKS / LIMIT_SHARE,
                         LIMIT_WEBHOOKS / LIMIT_DOUBTFUL},
    [MESSAGE_MAIL] = {"mail", LIMIT_LEASE_PROGRAM, LIMIT_LANES_SHARE, LIMIT_LANES / LIMIT_DOUBTFUL},
    [MESSAGE_COMMAND] = {"command", LIMIT_LEASE_PROGRAM, LIMIT_LANES_SHARE,
                         LIMIT_LANES / LIMIT_DOUBTFUL},
};

enum sts_status messages_claim(struct store *store, void *data)
{
    struct messages *messages = data;
    struct gathering gathering = {.messages = messages};
    enum sts_status status = STS_OK;

    messages->count = 0; /* it may be called twice */
    for (size_t i = 0; !status && i < MESSAGE_KINDS; i++)
        status =
            store_claim_deliveries(store,
                                   &(struct store_delivery_claim){
                                       kinds[i].name, messages->now, messages->now + kinds[i].lease,
                                       kinds[i].share, messages->room[i], kinds[i].doubtful},
                                   take_delivery, &gathering);
    if (!status && gathering.failed)
        status = STS_E_NOMEM;
    for (size_t i = 0; !status && i < messages->count; i++)
        status = load(store, messages->list[i]);
    return status ? status : store_delivery_due(store, &messages->next_due);
}
