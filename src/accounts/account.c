/* SPDX-License-Identifier: MIT */
/* account.c - from a cookie or a token to a user and their roles. */
#include "accounts/account.h"

#include "accounts/limits.h"
#include "accounts/token.h"
#include "base/array.h"

#define ALL_SCOPES (~0u)

enum store_role account_role_in(const struct account *account, int64_t group)
{
    if (account->administrator)
        return STORE_ROLE_ADMIN;
    for (size_t i = 0; i < account->role_count; i++)
        if (account->roles[i].group == group)
            return account->roles[i].role;
    return STORE_ROLE_NONE;
}

bool account_is_anywhere(const struct account *account, enum store_role role)
{
    bool is = account->administrator;

    for (size_t i = 0; !is && i < account->role_count; i++)
        is = account->roles[i].role >= role;
    return is;
}

/* ---- roles ----------------------------------------------------------------------------------- */

struct role_reader {
    struct account *account;
    int64_t group; /* only that one; 0: all */
    bool no_memory;
};

static bool take_role(void *arg, const struct store_member *member)
{
    struct role_reader *reader = arg;
    struct account *account = reader->account;
    struct account_role *role;

    if (reader->group && reader->group != member->group)
        return true;
    role = array_grow(account, &account->roles, &account->role_count, sizeof *role);
    if (role)
        *role = (struct account_role){member->group, talloc_strdup(account, member->group_name),
                                      member->role};
    reader->no_memory = !role || !role->group_name;
    return !reader->no_memory;
}

static enum sts_status read_roles(struct store *store, struct account *account, int64_t group)
{
    struct role_reader reader = {.account = account, .group = group};
    enum sts_status status = store_groups_of(store, account->user, take_role, &reader);

    return !status && reader.no_memory ? STS_E_NOMEM : status;
}

/* NULL: there is no such user any more, or one who may not. */
static enum sts_status read_user(struct store *store, TALLOC_CTX *ctx, int64_t number,
                                 struct account **ret)
{
    struct store_user *user = NULL;
    struct account *account;
    enum sts_status status = store_user_numbered(store, ctx, number, &user);

    *ret = NULL;
    if (status || !user || user->disabled)
        return status;
    account = talloc_zero(ctx, struct account);
    if (!account)
        return STS_E_NOMEM;
    (void)talloc_steal(account, user);
    *account = (struct account){.user = user->id,
                                .name = user->name,
                                .language = user->language,
                                .administrator = user->administrator,
                                .second_factor = user->second_factor,
                                .scopes = ALL_SCOPES};
    *ret = account;
    return STS_OK;
}

/* ---- proofs ---------------------------------------------------------------------------------- */

static enum sts_status find_by_session(struct store *store, TALLOC_CTX *ctx,
                                       const struct account_proof *proof, struct account **ret,
                                       int64_t *ret_mark)
{
    uint8_t hash[CRYPTO_SHA256_SIZE];
    struct store_login *login = NULL;
    enum sts_status status;

    if (!session_secret_hash(proof->session, hash))
        return STS_OK;
    status = store_login(store, ctx, hash, &login);
    if (status || !login || session_is_over(login, proof->now))
        return status;
    status = read_user(store, ctx, login->user, ret);
    if (status || !*ret)
        return status;
    (*ret)->session = login->id;
    (*ret)->form_token = session_form_token(*ret, proof->session);
    if (!(*ret)->form_token)
        return STS_E_NOMEM;
    if (proof->now - login->used >= SESSION_MARK_S || login->used > proof->now)
        *ret_mark = login->id;
    return read_roles(store, *ret, 0);
}

static bool take_group(void *arg, const struct store_group *group)
{
    struct role_reader *reader = arg;
    const struct store_member as_admin = {
        .group = group->id, .group_name = group->name, .role = STORE_ROLE_ADMIN};

    return take_role(arg, &as_admin) && group->id != reader->group;
}

/* A token may what its user may in its group, and of that what its scopes say.  So that of an
 * administrator of the service is one of its group's, and of no other. */
static enum sts_status read_token_role(struct store *store, struct account *account, int64_t group)
{
    struct role_reader reader = {.account = account, .group = group};
    enum sts_status status;

    if (!account->administrator)
        return read_roles(store, account, group);
    account->administrator = false;
    status = store_groups(store, group, take_group, &reader);
    return !status && reader.no_memory ? STS_E_NOMEM : status;
}

static enum sts_status find_by_token(struct store *store, TALLOC_CTX *ctx,
                                     const struct account_proof *proof, struct account **ret,
                                     int64_t *ret_mark)
{
    char label[TOKEN_LABEL_LENGTH + 1];
    uint8_t hash[CRYPTO_SHA256_SIZE];
    struct store_token *token = NULL;
    enum sts_status status;

    if (!token_read(proof->token, label, hash))
        return STS_OK;
    status = store_token(store, ctx, label, &token);
    if (status || !token || !token_is_good(token, hash, proof->now))
        return status;
    status = read_user(store, ctx, token->user, ret);
    if (status || !*ret)
        return status;
    (*ret)->token = token->id;
    (*ret)->token_ends = token->expires;
    (*ret)->scopes = token_scopes_read(token->scopes);
    if (proof->now - token->used >= SESSION_MARK_S)
        *ret_mark = token->id;
    return read_token_role(store, *ret, token->group);
}

enum sts_status account_find(struct store *store, TALLOC_CTX *ctx,
                             const struct account_proof *proof, struct account **ret,
                             int64_t *ret_mark)
{
    enum sts_status status = STS_OK;

    *ret = NULL;
    *ret_mark = 0;
    if (proof->token)
        status = find_by_token(store, ctx, proof, ret, ret_mark);
    else if (proof->session)
        status = find_by_session(store, ctx, proof, ret, ret_mark);
    if (status)
        *ret = NULL;
    return status;
}

enum sts_status account_mark(struct store *store, const struct account_proof *proof, int64_t mark)
{
    return proof->token ? store_use_token(store, mark, proof->now)
                        : store_use_login(store, mark, proof->now, proof->address);
}
