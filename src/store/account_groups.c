/* SPDX-License-Identifier: MIT */
/* account_groups.c - groups, and who is a member of them. */
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

enum sts_status store_share_group(struct store *store, int64_t one, int64_t other, bool *ret)
{
    struct db_value args[] = {db_number(one), db_number(other)};
    int64_t count = 0;
    enum sts_status status = db_run_number(store, DB_MEMBERS_TOGETHER, args, 2, 0, &count);

    *ret = count > 0;
    return status;
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

    /* a file may say anything: who has no role is no member */
    return member.role == STORE_ROLE_NONE || list->fn(list->arg, &member);
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
