/* SPDX-License-Identifier: MIT */
/* change.c - a function an action; the log is written behind it, in the same batch. */
#include "accounts/change.h"

#include <string.h>

#include "accounts/add_token.h"
#include "accounts/crypto.h"
#include "accounts/limits.h"
#include "accounts/totp.h"

/* ---- the user's own -------------------------------------------------------------------------- */

static enum sts_status done_if(struct account_change *change, enum sts_status status, bool done,
                               enum account_outcome otherwise)
{
    change->outcome = done ? CHANGE_DONE : otherwise;
    return status;
}

/* Whoever knew the old password is signed out elsewhere. */
static enum sts_status set_password(struct store *store, struct account_change *change)
{
    enum sts_status status = store_set_password(store, change->actor, change->password);

    return status ? status : store_end_logins(store, change->actor, change->session);
}

static enum sts_status set_language(struct store *store, struct account_change *change)
{
    return store_set_language(store, change->actor, change->text);
}

static enum sts_status end_session(struct store *store, struct account_change *change)
{
    bool done = false;
    enum sts_status status = store_end_login(store, change->actor, change->id, &done);

    return done_if(change, status, done, CHANGE_ABSENT);
}

static enum sts_status end_sessions(struct store *store, struct account_change *change)
{
    return store_end_logins(store, change->actor, change->session);
}

static enum sts_status put_token(struct store *store, struct account_change *change)
{
    static const enum account_outcome outcomes[] = {[TOKEN_ADDED] = CHANGE_DONE,
                                                    [TOKEN_TAKEN] = CHANGE_TAKEN,
                                                    [TOKEN_NO_MAKER] = CHANGE_ABSENT,
                                                    [TOKEN_TOO_MANY] = CHANGE_TOKENS};
    const struct store_token token = {.label = change->label,
                                      .hash = change->hash,
                                      .user = change->actor,
                                      .group = change->group,
                                      .name = change->text,
                                      .scopes = change->scopes,
                                      .created = change->now,
                                      .expires = change->expires,
                                      .maker = change->token};
    enum token_added added = TOKEN_TAKEN;
    enum sts_status status = add_token(store, &token, &added, &change->made);

    change->outcome = outcomes[added];
    return status;
}

static enum sts_status drop_token(struct store *store, struct account_change *change)
{
    bool done = false;
    enum sts_status status =
        store_drop_token(store, change->id, change->actor, change->group, &done);

    return done_if(change, status, done, CHANGE_ABSENT);
}

static enum sts_status begin_factor(struct store *store, struct account_change *change)
{
    return store_put_factor(store, change->actor, change->secret);
}

/* With the first code that fits it is on, and there are recovery codes. */
static enum sts_status confirm_factor(struct store *store, struct account_change *change)
{
    TALLOC_CTX *work = talloc_new(NULL);
    struct bytes secret;
    int64_t last, step;
    bool fits = false;
    enum sts_status status =
        work ? store_factor(store, work, change->actor, &secret, &last) : STS_E_NOMEM;

    if (!status && secret.length > 0 && totp_check(secret, change->text, change->now, last, &step))
        status = store_use_step(store, change->actor, step, &fits);
    talloc_free(work);
    if (!status && fits)
        status = store_put_recovery(store, change->actor, (const uint8_t *)change->secret.data,
                                    change->secret.length / CRYPTO_SHA256_SIZE);
    return done_if(change, status, fits, CHANGE_WRONG);
}

static enum sts_status drop_factor(struct store *store, struct account_change *change)
{
    return store_drop_factor(store, change->actor);
}

static enum sts_status new_recovery(struct store *store, struct account_change *change)
{
    return store_put_recovery(store, change->actor, (const uint8_t *)change->secret.data,
                              change->secret.length / CRYPTO_SHA256_SIZE);
}

static enum sts_status nothing(struct store *store, struct account_change *change)
{
    (void)store;
    (void)change;
    return STS_OK;
}

/* ---- groups ---------------------------------------------------------------------------------- */

static enum sts_status add_group(struct store *store, struct account_change *change)
{
    enum sts_status status = store_add_group(store, change->text, change->now, &change->made);

    return done_if(change, status, change->made != 0, CHANGE_TAKEN);
}

static enum sts_status rename_group(struct store *store, struct account_change *change)
{
    bool done = false;
    enum sts_status status = store_rename_group(store, change->group, change->text, &done);

    return done_if(change, status, done, CHANGE_TAKEN);
}

static enum sts_status drop_group(struct store *store, struct account_change *change)
{
    bool done = false;
    enum sts_status status = store_drop_group(store, change->group, &done);

    return done_if(change, status, done, CHANGE_ABSENT);
}

/* An administrator of the service knows all users, others those of their own groups. */
static enum sts_status knows(struct store *store, int64_t actor, int64_t other, bool *ret)
{
    struct store_user *self = NULL;
    enum sts_status status = store_user_numbered(store, NULL, actor, &self);

    *ret = self && self->administrator;
    talloc_free(self);
    return status || *ret ? status : store_share_group(store, actor, other, ret);
}

/* Who is unknown to whoever asks, and who is not there at all, look the same. */
static enum sts_status set_member(struct store *store, struct account_change *change)
{
    struct store_user *user = NULL;
    bool known = false;
    enum sts_status status = store_user_named(store, NULL, change->text, &user);

    if (!status && user)
        status = knows(store, change->actor, user->id, &known);
    if (!status && known)
        status = store_set_role(store, user->id, change->group, change->role);
    talloc_free(user);
    return done_if(change, status, known, CHANGE_UNKNOWN);
}

static enum sts_status drop_member(struct store *store, struct account_change *change)
{
    return store_set_role(store, change->user, change->group, STORE_ROLE_NONE);
}

static enum sts_status add_domain(struct store *store, struct account_change *change)
{
    const struct store_owned owned = {.domain = change->text,
                                      .group = change->group,
                                      .added = change->now,
                                      .proof = change->proven ? "" : change->proof,
                                      .proven = change->proven ? change->now : 0};
    int64_t owner = 0, claims = 0;
    enum sts_status status = STS_OK;

    if (!change->proven)
        status = store_count_claims(store, change->group, &claims);
    if (status || claims >= CLAIMS_MAX)
        return done_if(change, status, false, CHANGE_FULL);
    status = store_give_domain(store, &owned, &owner);
    return done_if(change, status, owner == change->group, CHANGE_TAKEN);
}

static enum sts_status drop_domain(struct store *store, struct account_change *change)
{
    bool done = false;
    enum sts_status status = store_take_domain(store, change->text, change->group, &done);

    return done_if(change, status, done, CHANGE_ABSENT);
}

static enum sts_status prove_domain(struct store *store, struct account_change *change)
{
    const struct store_proving what = {.domain = change->text,
                                       .group = change->group,
                                       .at = change->now,
                                       .by_administrator = true};
    int64_t owner = 0;
    enum sts_status status = store_prove_domain(store, &what, &owner);

    return done_if(change, status, owner == change->group, owner ? CHANGE_TAKEN : CHANGE_ABSENT);
}

/* ---- users ----------------------------------------------------------------------------------- */

static enum sts_status add_user(struct store *store, struct account_change *change)
{
    const struct store_user user = {
        .name = change->text, .password = change->password, .created = change->now};
    enum sts_status status = store_add_user(store, &user, &change->made);

    return done_if(change, status, change->made != 0, CHANGE_TAKEN);
}

static enum sts_status reset_password(struct store *store, struct account_change *change)
{
    enum sts_status status = store_set_password(store, change->user, change->password);

    return status ? status : store_end_logins(store, change->user, 0);
}

static enum sts_status set_rights(struct store *store, struct account_change *change)
{
    struct store_user *user = NULL;
    enum sts_status status = store_user_numbered(store, change, change->user, &user);
    bool done = false;

    if (!status && user)
        status = store_set_rights(store, change->user,
                                  change->sets_administrator ? change->administrator
                                                             : user->administrator,
                                  change->sets_disabled ? change->disabled : user->disabled, &done);
    talloc_free(user);
    return done_if(change, status, done, CHANGE_LAST);
}

static enum sts_status drop_users_factor(struct store *store, struct account_change *change)
{
    return store_drop_factor(store, change->user);
}

static enum sts_status drop_user(struct store *store, struct account_change *change)
{
    bool done = false;
    enum sts_status status = store_drop_user(store, change->user, &done);

    return done_if(change, status, done, CHANGE_LAST);
}

/* ---- all of them ----------------------------------------------------------------------------- */

static const struct {
    const char *name, *text;
} words[] = {
#define X(symbol, word, sentence) [ACCOUNT_##symbol] = {word, sentence},
    ACCOUNT_ACTIONS(X)
#undef X
};

static enum sts_status (*const functions[ACCOUNT_ACTION_COUNT])(struct store *store,
                                                                struct account_change *change) = {
    [ACCOUNT_SIGN_OUT] = end_session,
    [ACCOUNT_PASSWORD] = set_password,
    [ACCOUNT_LANGUAGE] = set_language,
    [ACCOUNT_SESSION_END] = end_session,
    [ACCOUNT_SESSIONS_END] = end_sessions,
    [ACCOUNT_TOKEN_ADD] = put_token,
    [ACCOUNT_TOKEN_DROP] = drop_token,
    [ACCOUNT_FACTOR_BEGIN] = begin_factor,
    [ACCOUNT_FACTOR_CONFIRM] = confirm_factor,
    [ACCOUNT_FACTOR_DROP] = drop_factor,
    [ACCOUNT_RECOVERY_NEW] = new_recovery,
    [ACCOUNT_GROUP_ADD] = add_group,
    [ACCOUNT_GROUP_RENAME] = rename_group,
    [ACCOUNT_GROUP_DROP] = drop_group,
    [ACCOUNT_MEMBER_SET] = set_member,
    [ACCOUNT_MEMBER_DROP] = drop_member,
    [ACCOUNT_DOMAIN_ADD] = add_domain,
    [ACCOUNT_DOMAIN_DROP] = drop_domain,
    [ACCOUNT_DOMAIN_PROVE] = prove_domain,
    [ACCOUNT_USER_ADD] = add_user,
    [ACCOUNT_USER_PASSWORD] = reset_password,
    [ACCOUNT_USER_RIGHTS] = set_rights,
    [ACCOUNT_USER_FACTOR_DROP] = drop_users_factor,
    [ACCOUNT_USER_DROP] = drop_user,
};

const char *account_action_name(enum account_action action)
{
    return words[action].name;
}

/* Written to the log elsewhere. */
static const struct {
    const char *name, *text;
} others[] = {
    {"alert-acknowledge", N_("Acknowledged an alert")},
    {"alert-mute", N_("Muted an alert")},
    {"alert-unmute", N_("Unmuted an alert")},
    {"channel-add", N_("Added a channel for alerts")},
    {"channel-ask", N_("Asked the owner of an address to confirm a channel for alerts")},
    {"channel-confirm", N_("Confirmed a channel for alerts")},
    {"channel-drop", N_("Deleted a channel for alerts")},
    {"channel-resume", N_("Resumed a channel for alerts")},
    {"channel-test", N_("Sent a test to a channel for alerts")},
    {"rule-add", N_("Added a rule for alerts")},
    {"rule-drop", N_("Deleted a rule for alerts")},
};

const char *account_action_text(const char *name)
{
    for (size_t i = 0; i < ACCOUNT_ACTION_COUNT; i++)
        if (strcmp(words[i].name, name) == 0)
            return words[i].text;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(others[i].name, name) == 0)
            return others[i].text;
    return NULL;
}

/* A code is a secret, and no name of what was changed. */
static bool has_object(enum account_action action)
{
    return action != ACCOUNT_FACTOR_CONFIRM && action != ACCOUNT_LANGUAGE;
}

struct object {
    TALLOC_CTX *ctx;
    const char *name;
};

static bool take_group(void *arg, const struct store_group *group)
{
    struct object *object = arg;

    object->name = talloc_strdup(object->ctx, group->name);
    return false;
}

/* The name of what was changed, read before it may be gone. */
static enum sts_status name_object(struct store *store, const struct account_change *change,
                                   struct object *object)
{
    struct store_user *user = NULL;
    enum sts_status status = STS_OK;

    if (has_object(change->action) && change->text)
        object->name = change->text;
    else if (change->user)
        status = store_user_numbered(store, object->ctx, change->user, &user);
    else if (change->group)
        status = store_groups(store, change->group, take_group, object);
    if (user)
        object->name = user->name;
    return status;
}

enum sts_status account_change(struct store *store, void *data)
{
    struct account_change *change = data;
    struct object object = {talloc_new(NULL), NULL};
    enum sts_status status = object.ctx ? name_object(store, change, &object) : STS_E_NOMEM;

    change->outcome = CHANGE_DONE;
    change->made = 0;
    if (!status)
        status = (functions[change->action] ? functions[change->action] : nothing)(store, change);
    change->object = talloc_strdup(change, object.name);
    if (!status && change->outcome == CHANGE_DONE)
        status = store_add_audit(
            store, &(struct store_audit){.at = change->now,
                                         .who = change->who,
                                         .address = change->address,
                                         .group = change->group,
                                         .action = account_action_name(change->action),
                                         .object = object.name});
    talloc_free(object.ctx);
    return status;
}
