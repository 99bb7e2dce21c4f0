/* SPDX-License-Identifier: MIT */
/* make_token.c - whose it is to be, then one batch: the token and the log. */
#include "accounts/make_token.h"

#include "accounts/change.h"
#include "accounts/token.h"

struct membership {
    int64_t group;
    bool is;
};

static bool take_member(void *arg, const struct store_member *member)
{
    struct membership *membership = arg;

    membership->is |= member->group == membership->group && member->role != STORE_ROLE_NONE;
    return !membership->is;
}

static enum sts_status find(TALLOC_CTX *ctx, struct store *store,
                            const struct make_token_request *request, struct account_change *change,
                            enum make_token_outcome *ret)
{
    struct store_user *user = NULL;
    struct membership membership = {0, false};
    enum sts_status status = store_user_named(store, ctx, request->user, &user);

    if (!status)
        status = store_group_named(store, request->group, &membership.group);
    if (!status && user && membership.group)
        status = store_groups_of(store, user->id, take_member, &membership);
    if (status)
        return status;
    *ret = !user || user->disabled ? MAKE_TOKEN_NO_USER
           : !membership.group     ? MAKE_TOKEN_NO_GROUP
           : !membership.is        ? MAKE_TOKEN_NO_MEMBER
                                   : MAKE_TOKEN_DONE;
    change->actor = user ? user->id : 0;
    change->group = membership.group;
    return STS_OK;
}

enum sts_status make_token(TALLOC_CTX *ctx, struct store *store,
                           const struct make_token_request *request,
                           enum make_token_outcome *ret_outcome, char **ret_token)
{
    char label[TOKEN_LABEL_LENGTH + 1], *token = token_new(ctx);
    uint8_t hash[CRYPTO_SHA256_SIZE];
    struct account_change *change = talloc_zero(ctx, struct account_change);
    enum sts_status status;

    if (!change || !token || !token_read(token, label, hash))
        return STS_E_NOMEM;
    *change = (struct account_change){.action = ACCOUNT_TOKEN_ADD,
                                      .who = "mtasts serve --create-token",
                                      .now = request->now,
                                      .text = request->purpose,
                                      .scopes = token_scopes_write(ctx, request->scopes),
                                      .label = label,
                                      .expires = request->expires,
                                      .hash = hash};
    status = change->scopes ? find(ctx, store, request, change, ret_outcome) : STS_E_NOMEM;
    if (!status && *ret_outcome == MAKE_TOKEN_DONE)
        status = account_change(store, change);
    if (!status && change->outcome == CHANGE_TOKENS)
        *ret_outcome = MAKE_TOKEN_FULL;
    else if (!status && *ret_outcome == MAKE_TOKEN_DONE && change->outcome != CHANGE_DONE)
        status = STS_E_NOMEM; /* the label is taken: one of 2^47 */
    *ret_token = token;
    return status;
}
