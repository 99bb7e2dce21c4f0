/* SPDX-License-Identifier: MIT */
/* account_sessions.c - sessions of browsers, and tokens of the API. */
#include "store/accounts.h"

#include "store/rows.h"

/* ---- sessions -------------------------------------------------------------------------------- */

static struct store_login login_of(const struct db_value *row)
{
    return (struct store_login){.id = row[0].number,
                                .user = row[1].number,
                                .created = row[2].number,
                                .used = row[3].number,
                                .address = db_text_of(&row[4]),
                                .agent = db_text_of(&row[5])};
}

#define LOGIN_KINDS "nnnntt"

/* The agent is what a stranger's program says. */
enum sts_status store_add_login(struct store *store, const uint8_t *hash,
                                const struct store_login *login, int64_t *ret_id)
{
    TALLOC_CTX *work = talloc_new(store);
    const char *address = NULL, *agent = NULL;
    enum sts_status status = work ? db_fit(work, login->address, &address) : STS_E_NOMEM;

    if (!status)
        status = db_fit(work, login->agent, &agent);
    if (!status) {
        struct db_value args[] = {db_blob(hash, STORE_HASH_SIZE), db_number(login->user),
                                  db_number(login->created), db_text(address ? address : ""),
                                  db_text(agent ? agent : "")};

        status = rows_write(store, DB_LOGIN_ADD, args, 5, ret_id);
    }
    talloc_free(work);
    return status;
}

struct login_copy {
    TALLOC_CTX *ctx;
    struct store_login *login;
    bool no_memory;
};

static bool copy_login(void *arg, const struct db_value *row)
{
    struct login_copy *copy = arg;
    struct store_login *login = talloc_zero(copy->ctx, struct store_login);

    copy->login = login;
    copy->no_memory = !login;
    if (!login)
        return false;
    *login = login_of(row);
    login->address = talloc_strdup(login, login->address);
    login->agent = talloc_strdup(login, login->agent);
    copy->no_memory = !login->address || !login->agent;
    return false;
}

enum sts_status store_login(struct store *store, TALLOC_CTX *ctx, const uint8_t *hash,
                            struct store_login **ret)
{
    struct login_copy copy = {.ctx = ctx};
    struct rows_reader reader = {.kinds = LOGIN_KINDS, .each = copy_login, .arg = &copy};
    struct db_value args[] = {db_blob(hash, STORE_HASH_SIZE)};
    enum sts_status status = rows_run(store, DB_LOGIN, args, 1, &reader);

    if (!status && copy.no_memory)
        status = STS_E_NOMEM;
    if (status)
        talloc_free(copy.login);
    else
        *ret = copy.login;
    return status;
}

struct login_list {
    store_login_fn fn;
    void *arg;
};

static bool list_login(void *arg, const struct db_value *row)
{
    struct login_list *list = arg;
    struct store_login login = login_of(row);

    return list->fn(list->arg, &login);
}

enum sts_status store_logins_of(struct store *store, int64_t user, store_login_fn fn, void *arg)
{
    struct login_list list = {fn, arg};
    struct rows_reader reader = {.kinds = LOGIN_KINDS, .each = list_login, .arg = &list};
    struct db_value args[] = {db_number(user)};

    return rows_run(store, DB_LOGINS_OF, args, 1, &reader);
}

enum sts_status store_use_login(struct store *store, int64_t login, int64_t at, const char *address)
{
    struct db_value args[] = {db_number(login), db_number(at), db_text(address)};

    return rows_write(store, DB_LOGIN_USED, args, 3, NULL);
}

enum sts_status store_end_login(struct store *store, int64_t user, int64_t login, bool *ret_done)
{
    struct db_value args[] = {db_number(user), db_number(login)};

    return rows_change(store, DB_LOGIN_DROP, args, 2, ret_done);
}

enum sts_status store_end_logins(struct store *store, int64_t user, int64_t but)
{
    struct db_value args[] = {db_number(user), db_number(but)};

    return rows_write(store, DB_LOGINS_DROP, args, 2, NULL);
}

enum sts_status store_prune_logins(struct store *store, int64_t used_before, int64_t created_before)
{
    struct db_value args[] = {db_number(used_before), db_number(created_before)};

    return rows_write(store, DB_LOGINS_PRUNE, args, 2, NULL);
}

/* ---- tokens ---------------------------------------------------------------------------------- */

enum sts_status store_add_token(struct store *store, const struct store_token *token,
                                int64_t *ret_id)
{
    struct db_value args[] = {db_text(token->label),
                              db_blob(token->hash, STORE_HASH_SIZE),
                              db_number(token->user),
                              db_number(token->group),
                              db_text(token->name),
                              db_text(token->scopes),
                              db_number(token->created),
                              rows_number_or_null(token->expires),
                              rows_number_or_null(token->maker)};

    return rows_write(store, DB_TOKEN_ADD, args, 9, ret_id);
}

enum sts_status store_count_tokens(struct store *store, int64_t user, int64_t *ret)
{
    struct db_value args[] = {db_number(user)};

    return db_run_number(store, DB_TOKENS_COUNT, args, 1, 0, ret);
}

enum sts_status store_drop_ended_tokens(struct store *store, int64_t user, int64_t now)
{
    struct db_value args[] = {db_number(user), db_number(now)};

    return rows_write(store, DB_TOKENS_ENDED_DROP, args, 2, NULL);
}

enum sts_status store_has_token(struct store *store, int64_t token, bool *ret)
{
    struct db_value args[] = {db_number(token)};
    int64_t count = 0;
    enum sts_status status = db_run_number(store, DB_TOKEN_IS, args, 1, 0, &count);

    *ret = count > 0;
    return status;
}

static struct store_token token_of(const struct db_value *row)
{
    return (struct store_token){.id = row[0].number,
                                .label = db_text_of(&row[1]),
                                .hash = (const uint8_t *)row[2].bytes.data,
                                .user = row[3].number,
                                .user_name = db_text_of(&row[4]),
                                .group = row[5].number,
                                .group_name = db_text_of(&row[6]),
                                .name = db_text_of(&row[7]),
                                .scopes = db_text_of(&row[8]),
                                .created = row[9].number,
                                .expires = row[10].number,
                                .used = row[11].number,
                                .maker = row[12].number};
}

#define TOKEN_KINDS "ntbntntttnNNN"

struct token_copy {
    TALLOC_CTX *ctx;
    struct store_token *token;
    bool no_memory, damaged;
};

static bool copy_token(void *arg, const struct db_value *row)
{
    struct token_copy *copy = arg;
    struct store_token *token = talloc_zero(copy->ctx, struct store_token);

    copy->damaged = row[2].bytes.length != STORE_HASH_SIZE;
    copy->token = token;
    copy->no_memory = !token;
    if (!token || copy->damaged)
        return false;
    *token = token_of(row);
    token->label = talloc_strdup(token, token->label);
    token->hash = talloc_memdup(token, token->hash, STORE_HASH_SIZE);
    token->user_name = talloc_strdup(token, token->user_name);
    token->group_name = talloc_strdup(token, token->group_name);
    token->name = talloc_strdup(token, token->name);
    token->scopes = talloc_strdup(token, token->scopes);
    copy->no_memory = !token->label || !token->hash || !token->user_name || !token->group_name ||
                      !token->name || !token->scopes;
    return false;
}

enum sts_status store_token(struct store *store, TALLOC_CTX *ctx, const char *label,
                            struct store_token **ret)
{
    struct token_copy copy = {.ctx = ctx};
    struct rows_reader reader = {.kinds = TOKEN_KINDS, .each = copy_token, .arg = &copy};
    struct db_value args[] = {db_text(label)};
    enum sts_status status = rows_run(store, DB_TOKEN, args, 1, &reader);

    if (!status && copy.damaged)
        status = db_damaged(store);
    if (!status && copy.no_memory)
        status = STS_E_NOMEM;
    if (status)
        talloc_free(copy.token);
    else
        *ret = copy.token;
    return status;
}

struct token_list {
    store_token_fn fn;
    void *arg;
};

static bool list_token(void *arg, const struct db_value *row)
{
    struct token_list *list = arg;
    struct store_token token = token_of(row);

    return list->fn(list->arg, &token);
}

static enum sts_status list_tokens(struct store *store, enum db_statement statement, int64_t of,
                                   struct token_list list)
{
    struct rows_reader reader = {.kinds = TOKEN_KINDS, .each = list_token, .arg = &list};
    struct db_value args[] = {db_number(of)};

    return rows_run(store, statement, args, 1, &reader);
}

enum sts_status store_tokens_of_user(struct store *store, int64_t user, store_token_fn fn,
                                     void *arg)
{
    return list_tokens(store, DB_TOKENS_OF_USER, user, (struct token_list){fn, arg});
}

enum sts_status store_tokens_of_group(struct store *store, int64_t group, store_token_fn fn,
                                      void *arg)
{
    return list_tokens(store, DB_TOKENS_OF_GROUP, group, (struct token_list){fn, arg});
}

enum sts_status store_use_token(struct store *store, int64_t token, int64_t at)
{
    struct db_value args[] = {db_number(token), db_number(at)};

    return rows_write(store, DB_TOKEN_USED, args, 2, NULL);
}

enum sts_status store_drop_token(struct store *store, int64_t token, int64_t user, int64_t group,
                                 bool *ret_done)
{
    struct db_value args[] = {db_number(token), db_number(user), db_number(group)};

    return rows_change(store, DB_TOKEN_DROP, args, 3, ret_done);
}
