/* SPDX-License-Identifier: MIT */
/* confirm.c - words that confirm a channel: made, looked up, used. */
#include "alerts/confirm.h"

#include <string.h>

#include "accounts/crypto.h"
#include "accounts/token.h"
#include "alerts/change_alerts.h"
#include "alerts/limits.h"
#include "alerts/matching.h"
#include "store/accounts.h"
#include "store/alerts.h"

static bool hash_of(const char *word, uint8_t hash[CRYPTO_SHA256_SIZE])
{
    return crypto_sha256(bytes_of(word), hash);
}

static struct bytes bytes_of_hash(const uint8_t hash[CRYPTO_SHA256_SIZE])
{
    return (struct bytes){(const char *)hash, CRYPTO_SHA256_SIZE};
}

/* ---- asked ----------------------------------------------------------------------------------- */

struct asking {
    TALLOC_CTX *ctx;
    const struct store_channel *channel;
    struct confirm_question *question;
};

static bool take_group_name(void *arg, const struct store_group *group)
{
    struct asking *asking = arg;

    asking->question->group_name = talloc_strdup(asking->ctx, group->name);
    return false;
}

static bool take_asker(void *arg, const struct store_audit *audit)
{
    struct asking *asking = arg;
    bool asks = strcmp(audit->action, alert_action_name(ALERT_CHANNEL_ADD)) == 0 ||
                strcmp(audit->action, alert_action_name(ALERT_CHANNEL_ASK)) == 0;

    if (!asks || !audit->object || strcmp(audit->object, asking->channel->target) != 0)
        return true;
    asking->question->asker = talloc_strdup(asking->ctx, audit->who);
    return false;
}

enum sts_status confirm_prepare(TALLOC_CTX *ctx, struct store *store,
                                const struct store_channel *channel, int64_t now,
                                struct confirm_question *ret)
{
    struct asking asking = {ctx, channel, ret};
    uint8_t hash[CRYPTO_SHA256_SIZE];
    bool done = false;
    char *word = once_secret_new(ctx);
    enum sts_status status = word && hash_of(word, hash) ? STS_OK : STS_E_NOMEM;

    *ret = (struct confirm_question){.until = now + LIMIT_CONFIRM_S};
    if (!status)
        status = store_ask_channel(store, channel->id, bytes_of_hash(hash), ret->until, &done);
    if (status || !done)
        return status;
    ret->word = word;
    status = store_groups(store, channel->group, take_group_name, &asking);
    if (!status)
        status = store_audit(store, channel->group, INT64_MAX, LIMIT_ASKER, take_asker, &asking);
    return !status && !ret->group_name ? STS_E_NOMEM : status;
}

/* ---- confirmed ------------------------------------------------------------------------------- */

static bool take_channel(void *arg, const struct store_channel *channel)
{
    struct confirmation *c = arg;

    c->id = channel->id;
    c->group = channel->group;
    c->target = talloc_strdup(c, channel->target);
    c->pace = talloc_strdup(c, channel->pace);
    c->hour = channel->hour;
    c->no_memory |= !c->target || !c->pace;
    return false;
}

static bool take_group(void *arg, const struct store_group *group)
{
    struct confirmation *c = arg;

    c->group_name = talloc_strdup(c, group->name);
    return false;
}

enum sts_status confirmation_read(struct store *store, void *data)
{
    struct confirmation *c = data;
    uint8_t hash[CRYPTO_SHA256_SIZE];
    enum sts_status status = hash_of(c->word, hash) ? STS_OK : STS_E_NOMEM;

    c->id = 0; /* it may be called twice */
    if (!status)
        status = store_asked_channel(store, bytes_of_hash(hash), c->now, take_channel, c);
    if (status || !c->id)
        return status;
    status = store_groups(store, c->group, take_group, c);
    return !status && (c->no_memory || !c->group_name) ? STS_E_NOMEM : status;
}

static enum sts_status write_log(struct store *store, const struct confirmation *c)
{
    const struct store_audit audit = {.at = c->now,
                                      .who = c->target,
                                      .address = c->from,
                                      .group = c->group,
                                      .action = "channel-confirm",
                                      .object = c->target};

    return store_add_audit(store, &audit);
}

enum sts_status confirmation_write(struct store *store, void *data)
{
    struct confirmation *c = data;
    enum sts_status status = confirmation_read(store, c);
    bool done = false;

    if (status || !c->id)
        return status;
    status = store_confirm_channel(store, c->id, c->now, matching_digest(c->pace, c->hour, c->now),
                                   &done);
    if (!status && !done)
        c->id = 0;
    return status || !done ? status : write_log(store, c);
}
