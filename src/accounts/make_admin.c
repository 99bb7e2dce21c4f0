/* SPDX-License-Identifier: MIT */
/* make_admin.c - one batch: the user, the rights, the log. */
#include "accounts/make_admin.h"

#include <talloc.h>

#include "accounts/change.h"
#include "store/accounts.h"

struct making {
    const char *name, *hash;
    int64_t now;
    bool is_new;
};

static enum sts_status add(struct store *store, struct making *making)
{
    const struct store_user user = {.name = making->name,
                                    .password = making->hash,
                                    .administrator = true,
                                    .created = making->now};
    int64_t id;

    making->is_new = true;
    return store_add_user(store, &user, &id);
}

static enum sts_status restore(struct store *store, const struct making *making, int64_t user)
{
    bool done;
    enum sts_status status = store_set_password(store, user, making->hash);

    if (!status)
        status = store_set_rights(store, user, true, false, &done);
    if (!status)
        status = store_drop_factor(store, user);
    return status ? status : store_end_logins(store, user, 0);
}

static enum sts_status write_admin(struct store *store, void *arg)
{
    struct making *making = arg;
    TALLOC_CTX *work = talloc_new(NULL);
    struct store_user *user = NULL;
    enum sts_status status =
        work ? store_user_named(store, work, making->name, &user) : STS_E_NOMEM;

    making->is_new = false;
    if (!status)
        status = user ? restore(store, making, user->id) : add(store, making);
    talloc_free(work);
    if (status)
        return status;
    return store_add_audit(
        store, &(struct store_audit){.at = making->now,
                                     .who = "mtasts serve --create-admin",
                                     .action = account_action_name(
                                         making->is_new ? ACCOUNT_USER_ADD : ACCOUNT_USER_RIGHTS),
                                     .object = making->name});
}

enum sts_status make_admin(struct store *store, const char *name, const char *hash, int64_t now,
                           bool *ret_new)
{
    struct making making = {.name = name, .hash = hash, .now = now};
    enum sts_status status = store_batch(store, write_admin, &making);

    if (!status)
        *ret_new = making.is_new;
    return status;
}
