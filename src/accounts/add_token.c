/* SPDX-License-Identifier: MIT */
/* add_token.c - may there be one more? */
#include "accounts/add_token.h"

#include "accounts/limits.h"

/* Those that have ended make room. */
static enum sts_status has_room(struct store *store, const struct store_token *token, bool *ret)
{
    int64_t count = 0;
    enum sts_status status = store_count_tokens(store, token->user, &count);

    if (!status && count >= TOKENS_MAX)
        status = store_drop_ended_tokens(store, token->user, token->created);
    if (!status && count >= TOKENS_MAX)
        status = store_count_tokens(store, token->user, &count);
    *ret = count < TOKENS_MAX;
    return status;
}

enum sts_status add_token(struct store *store, const struct store_token *token,
                          enum token_added *ret, int64_t *ret_id)
{
    bool is = true, room = false;
    enum sts_status status = token->maker ? store_has_token(store, token->maker, &is) : STS_OK;

    *ret_id = 0;
    if (!status && is)
        status = has_room(store, token, &room);
    if (!status && room)
        status = store_add_token(store, token, ret_id);
    *ret = !is ? TOKEN_NO_MAKER : !room ? TOKEN_TOO_MANY : *ret_id ? TOKEN_ADDED : TOKEN_TAKEN;
    return status;
}
