/* SPDX-License-Identifier: MIT */
/* account_users.c - the users of the web service.  Who changes rights holds the only right to write
 * until the end of the batch, so that what was counted before stays true. */
#include "store/accounts.h"

#include "store/rows.h"

#define USER_KINDS "ntTTnnnNn"

static struct store_user user_of(const struct db_value *row)
{
    return (struct store_user){.id = row[0].number,
                               .name = db_text_of(&row[1]),
                               .language = db_text_of(&row[2]),
                               .password = db_text_of(&row[3]),
                               .administrator = row[4].number == 1,
                               .disabled = row[5].number != 0,
                               .created = row[6].number,
                               .signed_in = row[7].number,
                               .second_factor = row[8].number > 0};
}

/* ---- added ----------------------------------------------------------------------------------- */

enum sts_status store_add_user(struct store *store, const struct store_user *user, int64_t *ret_id)
{
    struct db_value args[] = {db_text(user->name), db_text(user->language), db_text(user->password),
                              db_number(user->administrator), db_number(user->created)};

    if (!user->name || !*user->name)
        return STS_E_INVALID;
    return rows_write(store, DB_USER_ADD, args, 5, ret_id);
}

/* Besides that one; 0: all of them. */
static enum sts_status count_others(struct store *store, int64_t but, int64_t *ret)
{
    struct db_value args[] = {db_number(but)};

    return db_run_number(store, DB_ADMINISTRATORS, args, 1, 0, ret);
}

enum sts_status store_count_administrators(struct store *store, int64_t *ret)
{
    return count_others(store, 0, ret);
}

struct claim {
    struct store_user user;
    enum store_claimed result;
    int64_t id;
};

static enum sts_status claim_service(struct store *store, void *arg)
{
    struct claim *claim = arg;
    int64_t others;
    enum sts_status status = count_others(store, 0, &others);

    claim->id = 0;
    if (status)
        return status;
    if (others > 0) {
        claim->result = STORE_CLAIMED_BEFORE;
        return STS_OK;
    }
    claim->user.administrator = true;
    status = store_add_user(store, &claim->user, &claim->id);
    claim->result = claim->id ? STORE_CLAIMED : STORE_CLAIM_NAME_TAKEN;
    return status;
}

enum sts_status store_claim(struct store *store, const struct store_user *user,
                            enum store_claimed *ret, int64_t *ret_id)
{
    struct claim claim = {.user = *user};
    enum sts_status status = store_batch(store, claim_service, &claim);

    if (status)
        return status;
    *ret = claim.result;
    *ret_id = claim.id;
    return STS_OK;
}

/* ---- read ------------------------------------------------------------------------------------ */

struct user_copy {
    TALLOC_CTX *ctx;
    struct store_user *user;
    bool no_memory;
};

static bool same_text(TALLOC_CTX *ctx, const char **text)
{
    if (!*text)
        return true;
    *text = talloc_strdup(ctx, *text);
    return *text != NULL;
}

static bool copy_user(void *arg, const struct db_value *row)
{
    struct user_copy *copy = arg;
    struct store_user *user = talloc_zero(copy->ctx, struct store_user);

    if (user) {
        *user = user_of(row);
        copy->no_memory = !same_text(user, &user->name) || !same_text(user, &user->language) ||
                          !same_text(user, &user->password);
    }
    copy->user = user;
    copy->no_memory = copy->no_memory || !user;
    return false;
}

static enum sts_status read_user(struct store *store, TALLOC_CTX *ctx, enum db_statement statement,
                                 struct db_value key, struct store_user **ret)
{
    struct user_copy copy = {.ctx = ctx};
    struct rows_reader reader = {.kinds = USER_KINDS, .each = copy_user, .arg = &copy};
    enum sts_status status = rows_run(store, statement, &key, 1, &reader);

    if (!status && copy.no_memory)
        status = STS_E_NOMEM;
    if (status)
        talloc_free(copy.user);
    else
        *ret = copy.user;
    return status;
}

enum sts_status store_user_numbered(struct store *store, TALLOC_CTX *ctx, int64_t user,
                                    struct store_user **ret)
{
    return read_user(store, ctx, DB_USER, db_number(user), ret);
}

enum sts_status store_user_named(struct store *store, TALLOC_CTX *ctx, const char *name,
                                 struct store_user **ret)
{
    return read_user(store, ctx, DB_USER_NAMED, db_text(name), ret);
}

struct user_list {
    store_user_fn fn;
    void *arg;
};

static bool list_user(void *arg, const struct db_value *row)
{
    struct user_list *list = arg;
    struct store_user user = user_of(row);

    return list->fn(list->arg, &user);
}

enum sts_status store_users(struct store *store, store_user_fn fn, void *arg)
{
    struct user_list list = {fn, arg};
    struct rows_reader reader = {.kinds = USER_KINDS, .each = list_user, .arg = &list};

    return rows_run(store, DB_USERS_ALL, NULL, 0, &reader);
}

/* ---- changed --------------------------------------------------------------------------------- */

enum sts_status store_set_password(struct store *store, int64_t user, const char *password)
{
    struct db_value args[] = {db_number(user), db_text(password)};

    return rows_write(store, DB_USER_PASSWORD, args, 2, NULL);
}

enum sts_status store_set_language(struct store *store, int64_t user, const char *language)
{
    struct db_value args[] = {db_number(user), db_text(language)};

    return rows_write(store, DB_USER_LANGUAGE, args, 2, NULL);
}

enum sts_status store_signed_in(struct store *store, int64_t user, int64_t at)
{
    struct db_value args[] = {db_number(user), db_number(at)};

    return rows_write(store, DB_USER_SIGNED_IN, args, 2, NULL);
}

struct rights {
    int64_t user;
    bool administrator, disabled, drop;
    bool done;
};

static enum sts_status write_rights(struct store *store, const struct rights *rights,
                                    int64_t *ret_id)
{
    struct db_value args[] = {db_number(rights->user), db_number(rights->administrator),
                              db_number(rights->disabled)};
    enum sts_status status = rights->drop ? rows_write(store, DB_USER_DROP, args, 1, ret_id)
                                          : rows_write(store, DB_USER_RIGHTS, args, 3, ret_id);

    return status || !rights->disabled ? status : store_end_logins(store, rights->user, 0);
}

static enum sts_status change_rights(struct store *store, void *arg)
{
    struct rights *rights = arg;
    bool stays = rights->administrator && !rights->disabled && !rights->drop;
    int64_t others = 1, all = 1, id = 0;
    enum sts_status status = stays ? STS_OK : count_others(store, rights->user, &others);

    if (!status && others == 0)
        status = count_others(store, 0, &all);
    rights->done = false;
    if (status || (others == 0 && all > 0)) /* the last one, or a failure */
        return status;
    status = write_rights(store, rights, &id);
    rights->done = id != 0;
    return status;
}

enum sts_status store_set_rights(struct store *store, int64_t user, bool administrator,
                                 bool disabled, bool *ret_done)
{
    struct rights rights = {.user = user, .administrator = administrator, .disabled = disabled};
    enum sts_status status = store_batch(store, change_rights, &rights);

    if (!status)
        *ret_done = rights.done;
    return status;
}

enum sts_status store_drop_user(struct store *store, int64_t user, bool *ret_done)
{
    struct rights rights = {.user = user, .drop = true};
    enum sts_status status = store_batch(store, change_rights, &rights);

    if (!status)
        *ret_done = rights.done;
    return status;
}
