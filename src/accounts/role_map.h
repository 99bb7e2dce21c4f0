/* SPDX-License-Identifier: MIT */
/* role_map.h - what the groups of another provider mean here: "mail-team=Mail:editor". */
#ifndef ACCOUNTS_ROLE_MAP_H
#define ACCOUNTS_ROLE_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include "store/accounts.h"

struct role_map;

struct role_grant {
    const char *group; /* NULL: the service; then role is ADMIN */
    enum store_role role;
};

/* NULL: no memory. */
struct role_map *role_map_new(TALLOC_CTX *ctx);
/* THEIRS=GROUP:ROLE, or THEIRS=*:admin for an administrator of the service; with * for THEIRS it is
 * for everybody who signs in.  False: it is none of these. */
bool role_map_add(struct role_map *map, const char *text);
/* What somebody with these groups gets, each group of ours once, with the best role; owned by ctx.
 * NULL: no memory.  *ret_count 0: nothing, so no entry. */
struct role_grant *role_map_apply(TALLOC_CTX *ctx, const struct role_map *map,
                                  const char *const *theirs, size_t count, size_t *ret_count);

#endif
