/* SPDX-License-Identifier: MIT */
/* alerts_upkeep.c - what is due by time alone: digests, reminders, and old alerts forgotten. */
#include "alerts/alerts_work.h"

#include "alerts/announce.h"
#include "alerts/limits.h"
#include "base/array.h"

#define WEEK ((int64_t)7 * 86400)
#define DAY  ((int64_t)86400)

/* Lists are read first, as a callback must not call the store. */
struct due {
    TALLOC_CTX *ctx;
    struct due_channel {
        int64_t id, next_digest, hour;
        const char *pace;
    } * channels;
    size_t channel_count;
    struct store_reminder *reminders;
    size_t reminder_count;
    bool no_memory;
};

/* ---- digests --------------------------------------------------------------------------------- */

static bool take_channel(void *arg, const struct store_channel *channel)
{
    struct due *due = arg;
    struct due_channel *made =
        array_grow(due->ctx, &due->channels, &due->channel_count, sizeof(*made));

    due->no_memory |= !made;
    if (!made)
        return false;
    *made = (struct due_channel){channel->id, channel->next_digest, channel->hour,
                                 talloc_strdup(due->ctx, channel->pace)};
    due->no_memory |= !made->pace;
    return !due->no_memory;
}

static enum sts_status add_digest(struct store *store, const struct due *due,
                                  const struct due_channel *channel, int64_t now)
{
    bool weekly = *channel->pace == 'w', done;
    const struct store_delivery delivery = {.channel = channel->id,
                                            .event = "digest",
                                            .message = announce_new_id(due->ctx),
                                            .since = channel->next_digest - (weekly ? WEEK : DAY),
                                            .next_try = now,
                                            .created = now};
    enum sts_status status =
        delivery.message
            ? store_move_digest(store, channel->id, channel->next_digest,
                                matching_digest(channel->pace, channel->hour, now), &done)
            : STS_E_NOMEM;

    return status || !done ? status : store_add_delivery(store, &delivery);
}

/* ---- reminders ------------------------------------------------------------------------------- */

static bool take_reminder(void *arg, const struct store_reminder *reminder)
{
    struct due *due = arg;
    struct store_reminder *made =
        array_grow(due->ctx, &due->reminders, &due->reminder_count, sizeof(*made));

    due->no_memory |= !made;
    if (made)
        *made = *reminder;
    return made;
}

static enum sts_status add_reminder(struct store *store, const struct due *due,
                                    const struct store_reminder *reminder, int64_t now)
{
    const struct store_delivery delivery = {.alert = reminder->alert,
                                            .channel = reminder->channel,
                                            .event = "reminder",
                                            .message = announce_new_id(due->ctx),
                                            .next_try = now,
                                            .created = now};

    return delivery.message ? store_add_delivery(store, &delivery) : STS_E_NOMEM;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static enum sts_status read_due(struct store *store, struct due *due, int64_t now)
{
    enum sts_status status = store_due_digests(store, now, LIMIT_BATCH, take_channel, due);

    if (!status)
        status = store_due_reminders(store, now, LIMIT_BATCH, take_reminder, due);
    return !status && due->no_memory ? STS_E_NOMEM : status;
}

static enum sts_status write_due(struct store *store, const struct due *due, int64_t now)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; !status && i < due->channel_count; i++)
        status = add_digest(store, due, &due->channels[i], now);
    for (size_t i = 0; !status && i < due->reminder_count; i++)
        status = add_reminder(store, due, &due->reminders[i], now);
    return status;
}

enum sts_status alerts_upkeep(struct store *store, void *data)
{
    struct upkeep *upkeep = data;
    struct due due = {.ctx = talloc_new(upkeep)};
    enum sts_status status = due.ctx ? read_due(store, &due, upkeep->now) : STS_E_NOMEM;

    if (!status)
        status = write_due(store, &due, upkeep->now);
    if (!status && upkeep->all)
        status = store_end_stray_alerts(store, upkeep->now);
    if (!status && upkeep->all)
        status = store_prune_alerts(store, upkeep->now - LIMIT_ALERT_KEPT);
    if (!status && upkeep->all)
        status = store_prune_asked(store, upkeep->now - DAY);
    if (!status)
        status = store_alert_numbers(store, &upkeep->numbers);
    upkeep->changed = due.channel_count || due.reminder_count;
    talloc_free(due.ctx);
    return status;
}
