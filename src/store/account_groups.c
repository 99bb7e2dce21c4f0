/* SPDX-License-Identifier: MIT */
/* account_groups.c - groups, who is a member of them, and which domains they own. */
#include "store/accounts.h"

#include <string.h>

#include "store/rows.h"

/* ---- groups ---------------------------------------------------------------------------------- */

enum sts_status store_add_group(struct store *store, const char *name, int64_t at, int64_t *ret_id)
{
    struct db_value args[] = {db_text(name), db_number(at)};

    return name && *name ? rows_write(store, DB_GROUP_ADD, args, 2, ret_id) : STS_E_INVALID;
}

enum sts_status store_rename_group(struct store *store, int64_t group, const char *name,
                                   bool *ret_done)
{
    struct db_value args[] = {db_number(group), db_text(name)};

    return name && *name ? rows_change(store, DB_GROUP_RENAME, args, 2, ret_done) : STS_E_INVALID;
}

enum sts_status store_drop_group(struct store *store, int64_t group, bool *ret_done)
{
    struct db_value args[] = {db_number(group)};

    return rows_change(store, DB_GROUP_DROP, args, 1, ret_done);
}

enum sts_status store_group_named(struct store *store, const char *name, int64_t *ret_id)
{
    struct db_value args[] = {db_text(name)};

    return db_run_number(store, DB_GROUP_NAMED, args, 1, 0, ret_id);
}

struct group_list {
    store_group_fn fn;
    void *arg;
};

static bool list_group(void *arg, const struct db_value *row)
{
    struct group_list *list = arg;
    struct store_group group = {.id = row[0].number,
                                .name = db_text_of(&row[1]),
                                .created = row[2].number,
                                .members = row[3].number,
                                .domains = row[4].number};

    return list->fn(list->arg, &group);
}

enum sts_status store_groups(struct store *store, int64_t group, store_group_fn fn, void *arg)
{
    struct group_list list = {fn, arg};
    struct rows_reader reader = {.kinds = "ntnnn", .each = list_group, .arg = &list};
    struct db_value args[] = {db_number(group)};

    return rows_run(store, DB_GROUPS, args, 1, &reader);
}

/* ---- roles ----------------------------------------------------------------------------------- */

static const char *const role_names[] = {
    [STORE_ROLE_VIEWER] = "viewer",
    [STORE_ROLE_EDITOR] = "editor",
    [STORE_ROLE_ADMIN] = "admin",
};

const char *store_role_name(enum store_role role)
{
    return role_names[role];
}

enum store_role store_role_named(const char *name)
{
    enum store_role role = STORE_ROLE_ADMIN;

    while (role != STORE_ROLE_NONE && strcmp(role_names[role], name) != 0)
        role--;
    return role;
}

enum sts_status store_set_role(struct store *store, int64_t user, int64_t group,
                               enum store_role role)
{
    struct db_value args[] = {db_number(user), db_number(group), db_text(store_role_name(role))};

    return role == STORE_ROLE_NONE ? rows_write(store, DB_MEMBER_DROP, args, 2, NULL)
                                   : rows_write(store, DB_MEMBER_PUT, args, 3, NULL);
}

struct member_list {
    store_member_fn fn;
    void *arg;
};

static bool list_member(void *arg, const struct db_value *row)
{
    struct member_list *list = arg;
    struct store_member member = {.user = row[0].number,
                                  .user_name = db_text_of(&row[1]),
                                  .group = row[2].number,
                                  .group_name = db_text_of(&row[3]),
                                  .role = store_role_named(db_text_of(&row[4]))};

    return list->fn(list->arg, &member);
}

static enum sts_status list_members(struct store *store, enum db_statement statement, int64_t of,
                                    struct member_list list)
{
    struct rows_reader reader = {.kinds = "ntntt", .each = list_member, .arg = &list};
    struct db_value args[] = {db_number(of)};

    return rows_run(store, statement, args, 1, &reader);
}

enum sts_status store_groups_of(struct store *store, int64_t user, store_member_fn fn, void *arg)
{
    return list_members(store, DB_MEMBERS_OF_USER, user, (struct member_list){fn, arg});
}

enum sts_status store_members_of(struct store *store, int64_t group, store_member_fn fn, void *arg)
{
    return list_members(store, DB_MEMBERS_OF_GROUP, group, (struct member_list){fn, arg});
}

/* ---- domains --------------------------------------------------------------------------------- */

static struct store_owned owned_of(const struct db_value *row)
{
    return (struct store_owned){.domain = db_text_of(&row[0]),
                                .group = row[1].number,
                                .group_name = db_text_of(&row[2]),
                                .added = row[3].number,
                                .proof = db_text_of(&row[4]),
                                .proven = row[5].number};
}

#define OWNED_KINDS "tntntN"

struct owned_copy {
    TALLOC_CTX *ctx;
    struct store_owned *owned;
    bool no_memory;
};

static bool copy_owned(void *arg, const struct db_value *row)
{
    struct owned_copy *copy = arg;
    struct store_owned *owned = talloc_zero(copy->ctx, struct store_owned);

    copy->owned = owned;
    copy->no_memory = !owned;
    if (!owned)
        return false;
    *owned = owned_of(row);
    owned->domain = talloc_strdup(owned, owned->domain);
    owned->group_name = talloc_strdup(owned, owned->group_name);
    owned->proof = talloc_strdup(owned, owned->proof);
    copy->no_memory = !owned->domain || !owned->group_name || !owned->proof;
    return false;
}

enum sts_status store_owner(struct store *store, TALLOC_CTX *ctx, const char *domain,
                            struct store_owned **ret)
{
    struct owned_copy copy = {.ctx = ctx};
    struct rows_reader reader = {.kinds = OWNED_KINDS, .each = copy_owned, .arg = &copy};
    struct db_value args[] = {db_text(domain)};
    enum sts_status status = rows_run(store, DB_OWNER, args, 1, &reader);

    if (!status && copy.no_memory)
        status = STS_E_NOMEM;
    if (status)
        talloc_free(copy.owned);
    else
        *ret = copy.owned;
    return status;
}

struct giving {
    const struct store_owned *owned;
    int64_t group;
};

static bool take_group(void *arg, const struct db_value *row)
{
    *(int64_t *)arg = row[1].number;
    return false;
}

static enum sts_status give_domain(struct store *store, void *arg)
{
    struct giving *giving = arg;
    const struct store_owned *owned = giving->owned;
    int64_t domain;
    enum sts_status status = db_domain(store, owned->domain, &domain);

    if (status)
        return status;
    struct db_value args[] = {db_number(domain), db_number(owned->group), db_number(owned->added),
                              db_text(owned->proof), rows_number_or_null(owned->proven)};
    struct db_value name[] = {db_text(owned->domain)};
    struct rows_reader reader = {.kinds = OWNED_KINDS, .each = take_group, .arg = &giving->group};

    status = db_run(store, DB_OWNER_ADD, args, 5, NULL, NULL);
    return status ? status : rows_run(store, DB_OWNER, name, 1, &reader);
}

enum sts_status store_give_domain(struct store *store, const struct store_owned *owned,
                                  int64_t *ret_group)
{
    struct giving giving = {.owned = owned};
    enum sts_status status;

    if (!owned->domain || !owned->proof)
        return STS_E_INVALID;
    status = store_batch(store, give_domain, &giving);
    if (!status)
        *ret_group = giving.group;
    return status;
}

enum sts_status store_prove_domain(struct store *store, const char *domain, int64_t group,
                                   int64_t at)
{
    struct db_value args[] = {db_text(domain), db_number(group), db_number(at)};

    return rows_write(store, DB_OWNER_PROVE, args, 3, NULL);
}

enum sts_status store_take_domain(struct store *store, const char *domain, int64_t group,
                                  bool *ret_done)
{
    struct db_value args[] = {db_text(domain), db_number(group)};

    return rows_change(store, DB_OWNER_DROP, args, 2, ret_done);
}

struct owned_list {
    store_owned_fn fn;
    void *arg;
};

static bool list_owned(void *arg, const struct db_value *row)
{
    struct owned_list *list = arg;
    struct store_owned owned = owned_of(row);

    return list->fn(list->arg, &owned);
}

enum sts_status store_owned_by(struct store *store, int64_t group, const char *after, size_t limit,
                               store_owned_fn fn, void *arg)
{
    struct owned_list list = {fn, arg};
    struct rows_reader reader = {.kinds = OWNED_KINDS, .each = list_owned, .arg = &list};
    struct db_value args[] = {db_number(group), db_text(after ? after : ""),
                              db_number((int64_t)limit)};

    if (limit == 0 || limit > STORE_OWNED_MAX)
        return STS_E_INVALID;
    return rows_run(store, DB_OWNED_BY, args, 3, &reader);
}
