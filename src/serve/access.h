/* SPDX-License-Identifier: MIT */
/* access.h - whose a thing is, and what whoever asks may do with it.
 *
 * All answer by themselves where it may not be: 404 for what is nobody's or another group's, as if
 * it were not there; 403 where the asker's role in the group is too low for what was asked.  For
 * routes that need somebody (route.h), and in the loop; what they give belongs to the exchange. */
#ifndef SERVE_ACCESS_H
#define SERVE_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "accounts/account.h"

struct exchange;

/* 404, for anything that is not there, whether or not it could be somebody's. */
void access_not_there(struct exchange *exchange);
/* Of a thing whose group was read together with it. */
bool access_allows(struct exchange *exchange, int64_t group, enum store_role least);

struct access {
    int64_t group;
    const char *group_name;
    enum store_role role; /* of the asker in it; an administrator of the service is ADMIN */
    const char *domain;   /* as the store knows it; NULL: access_group() */
};
/* Called once, in the visitor's language, unless it was answered. */
typedef void (*access_fn)(struct exchange *exchange, const struct access *access);

/* domain: as it stands in an address, or was typed.  What a group has not proven yet is not its
 * own.
 */
void access_domain(struct exchange *exchange, const char *domain, enum store_role least,
                   access_fn go_on);
void access_group(struct exchange *exchange, int64_t group, enum store_role least, access_fn go_on);

/* The groups whose things a list may show, by name: those of the asker, with an administrator of
 * the service all; with ?group=NUMBER that one. */
struct access_list {
    const struct account_role *groups;
    size_t count;
    bool chosen; /* by ?group= */
};
typedef void (*access_list_fn)(struct exchange *exchange, const struct access_list *list);
void access_groups(struct exchange *exchange, access_list_fn go_on);

#endif
