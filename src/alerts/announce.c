/* SPDX-License-Identifier: MIT */
/* announce.c - which channels hear of an alert, of what, and when.
 *
 * A channel hears first that it has begun, then that it has hit more domains, at last that it is
 * over.  A message that waits for its first attempt is not followed by another: it tells how
 * matters stand when it is sent. */
#include "alerts/announce.h"

#include <string.h>

#include "accounts/encoding.h"
#include "alerts/limits.h"
#include "base/array.h"

char *announce_new_id(TALLOC_CTX *ctx)
{
    char *chance = encoding_random_base62(ctx, 24);

    return chance ? talloc_asprintf(ctx, "msg_%s", chance) : NULL;
}

static bool take_channel(void *arg, const struct store_channel *channel)
{
    struct announcer *announcer = arg;
    int64_t *made;

    if (channel->paused || !channel->confirmed || strcmp(channel->pace, "at-once") != 0)
        return true;
    made =
        array_grow(announcer->ctx, &announcer->channels, &announcer->channel_count, sizeof(*made));
    if (made)
        *made = channel->id;
    return made;
}

enum sts_status announcer_open(struct announcer *announcer, TALLOC_CTX *ctx, struct store *store)
{
    announcer->ctx = ctx;
    announcer->store = store;
    announcer->channels = NULL;
    announcer->channel_count = 0;
    announcer->added = false;
    return store_channels(store, announcer->group, 0, take_channel, announcer);
}

/* ---- one channel ----------------------------------------------------------------------------- */

static enum sts_status put(struct announcer *announcer, int64_t alert, int64_t channel,
                           const char *event, int64_t when)
{
    const struct store_delivery delivery = {.alert = alert,
                                            .channel = channel,
                                            .event = event,
                                            .message = announce_new_id(announcer->ctx),
                                            .next_try = when,
                                            .created = announcer->now};

    if (!delivery.message)
        return STS_E_NOMEM;
    announcer->added = true;
    return store_add_delivery(announcer->store, &delivery);
}

/* The rule that lets it be told first; 0: none wants it. */
static int64_t when_told(const struct announcer *announcer, int64_t channel,
                         const struct condition *condition, const struct matching_domain *domain)
{
    int64_t first = 0;

    for (size_t i = 0; i < announcer->rules->count; i++) {
        const struct store_alert_rule *rule = &announcer->rules->list[i];

        for (size_t j = 0; j < rule->channel_count; j++) {
            int64_t when;

            if (rule->channels[j] != channel || !matching_is(rule, condition, domain))
                continue;
            when = matching_when(rule, announcer->now + announcer->delay);
            if (!first || when < first)
                first = when;
        }
    }
    return first;
}

/* ---- events ---------------------------------------------------------------------------------- */

enum sts_status announce_begin(struct announcer *announcer, int64_t alert,
                               const struct condition *condition,
                               const struct matching_domain *domain)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; !status && i < announcer->channel_count; i++) {
        int64_t channel = announcer->channels[i], when, heard = 0;

        when = when_told(announcer, channel, condition, domain);
        if (!when)
            continue;
        status = store_count_deliveries(announcer->store, alert, channel, &heard);
        if (!status && !heard)
            status = put(announcer, alert, channel, "begun", when);
        else if (!status)
            status = put(announcer, alert, channel, "joined",
                         when + (LIMIT_JOIN_FACTOR - 1) * announcer->delay);
    }
    return status;
}

static enum sts_status cover(struct announcer *announcer, int64_t alert, int64_t channel,
                             int64_t when)
{
    const char *digest = announce_new_id(announcer->ctx);
    const struct store_delivery delivery = {.alert = alert,
                                            .channel = channel,
                                            .message = announce_new_id(announcer->ctx),
                                            .since = announcer->now,
                                            .next_try = when,
                                            .created = announcer->now};

    if (!delivery.message || !digest)
        return STS_E_NOMEM;
    announcer->added = true;
    return store_cover_alert(announcer->store, &delivery, digest,
                             LIMIT_COVER_FACTOR * announcer->delay);
}

enum sts_status announce_brought(struct announcer *announcer, int64_t alert,
                                 const struct condition *condition,
                                 const struct matching_domain *domain)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; !status && i < announcer->channel_count; i++) {
        int64_t channel = announcer->channels[i], heard = 0;
        int64_t when = when_told(announcer, channel, condition, domain);

        if (!when)
            continue;
        status = store_count_deliveries(announcer->store, alert, channel, &heard);
        if (!status)
            status = cover(announcer, heard ? 0 : alert, channel, when);
    }
    return status;
}

enum sts_status announce_further(struct announcer *announcer, int64_t alert,
                                 const struct condition *condition,
                                 const struct matching_domain *domain)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; !status && i < announcer->channel_count; i++) {
        int64_t channel = announcer->channels[i], when, heard = 0;

        when = when_told(announcer, channel, condition, domain);
        if (!when)
            continue;
        status = store_count_deliveries(announcer->store, alert, channel, &heard);
        if (!status && !heard)
            status = put(announcer, alert, channel, "begun", when);
    }
    return status;
}

enum sts_status announce_end(struct announcer *announcer, int64_t alert,
                             const struct condition *condition)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; !status && i < announcer->channel_count; i++) {
        int64_t channel = announcer->channels[i], heard = 0;
        int64_t when = when_told(announcer, channel, condition, NULL);

        status = store_count_deliveries(announcer->store, alert, channel, &heard);
        if (!status && heard)
            status = put(announcer, alert, channel, "cleared",
                         when ? when : announcer->now + announcer->delay);
    }
    return status;
}
