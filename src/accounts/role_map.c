/* SPDX-License-Identifier: MIT */
/* role_map.c - rows, looked through one by one: there are few. */
#include "accounts/role_map.h"

#include <string.h>

#include "accounts/account_name.h"

#define EVERYBODY "*"
#define SERVICE   "*"

struct role_row {
    const char *theirs;
    struct role_grant grant;
};

struct role_map {
    struct role_row *rows;
    size_t count;
};

struct role_map *role_map_new(TALLOC_CTX *ctx)
{
    return talloc_zero(ctx, struct role_map);
}

bool role_map_add(struct role_map *map, const char *text)
{
    const char *colon = strrchr(text, ':'), *equals = strrchr(text, '=');
    struct role_row row = {NULL, {NULL, STORE_ROLE_NONE}}, *rows;
    char *group;

    if (!equals || !colon || equals == text || equals > colon)
        return false;
    row.grant.role = store_role_named(colon + 1);
    row.theirs = talloc_strndup(map, text, (size_t)(equals - text));
    group = talloc_strndup(map, equals + 1, (size_t)(colon - equals - 1));
    if (group && strcmp(group, SERVICE) != 0)
        row.grant.group = account_name_of_group(map, group);
    if (!group || !row.theirs || row.grant.role == STORE_ROLE_NONE ||
        (!row.grant.group && (strcmp(group, SERVICE) != 0 || row.grant.role != STORE_ROLE_ADMIN)))
        return false;
    rows = talloc_realloc(map, map->rows, struct role_row, (unsigned)map->count + 1);
    if (!rows)
        return false;
    map->rows = rows;
    rows[map->count++] = row;
    return true;
}

static bool is_given(const struct role_row *row, const char *const *theirs, size_t count)
{
    bool given = strcmp(row->theirs, EVERYBODY) == 0;

    for (size_t i = 0; !given && i < count; i++)
        given = strcmp(row->theirs, theirs[i]) == 0;
    return given;
}

static bool same_group(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void merge(struct role_grant *grants, size_t *count, const struct role_grant *more)
{
    size_t i = 0;

    while (i < *count && !same_group(grants[i].group, more->group))
        i++;
    if (i == *count)
        grants[(*count)++] = *more;
    else if (more->role > grants[i].role)
        grants[i].role = more->role;
}

struct role_grant *role_map_apply(TALLOC_CTX *ctx, const struct role_map *map,
                                  const char *const *theirs, size_t count, size_t *ret_count)
{
    struct role_grant *grants = talloc_zero_array(ctx, struct role_grant, (unsigned)map->count + 1);

    *ret_count = 0;
    for (size_t i = 0; grants && i < map->count; i++)
        if (is_given(&map->rows[i], theirs, count))
            merge(grants, ret_count, &map->rows[i].grant);
    return grants;
}
