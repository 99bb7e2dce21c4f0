/* SPDX-License-Identifier: MIT */
/* access.c - the one place that knows what belongs to whom. */
#include "serve/access.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/i18n.h"
#include "base/pasted.h"
#include "serve/account_pages.h"
#include "serve/exchange.h"

void access_not_there(struct exchange *exchange)
{
    exchange_problem(exchange, 404, "not-found", _("There is nothing at this address."));
}

bool access_allows(struct exchange *exchange, int64_t group, enum store_role least)
{
    enum store_role role = account_role_in(exchange_account(exchange), group);

    if (group <= 0 || role == STORE_ROLE_NONE)
        access_not_there(exchange);
    else if (role < least)
        exchange_problem(exchange, 403, "role", _("Your role does not allow this."));
    else
        return true;
    return false;
}

/* ---- one thing ------------------------------------------------------------------------------- */

struct asked {
    char *domain;
    int64_t group;
    enum store_role least;
    access_fn go_on;
    struct access access; /* group 0: nobody's */
};

static void on_asked(struct exchange *exchange, void *data)
{
    struct asked *asked = talloc_steal(exchange, data);
    struct access *access = &asked->access;

    if (!access_allows(exchange, access->group, asked->least))
        return;
    access->role = account_role_in(exchange_account(exchange), access->group);
    asked->go_on(exchange, access);
}

static enum sts_status read_owner(struct store *store, void *data)
{
    struct asked *asked = data;
    struct store_owned *owner = NULL;
    enum sts_status status = store_owner(store, asked, asked->domain, &owner);

    if (!status && owner && owner->proven)
        asked->access = (struct access){.group = owner->group, .group_name = owner->group_name};
    asked->access.domain = asked->domain;
    return status;
}

void access_domain(struct exchange *exchange, const char *domain, enum store_role least,
                   access_fn go_on)
{
    struct asked *asked;
    char name[STS_NAME_SIZE];
    enum pasted_form form;

    if (pasted_domain(domain, name, &form)) {
        access_not_there(exchange);
        return;
    }
    asked = talloc_zero(exchange, struct asked);
    if (asked) {
        *asked = (struct asked){.least = least, .go_on = go_on};
        asked->domain = talloc_strdup(asked, name);
    }
    account_pages_read(exchange, read_owner, asked && asked->domain ? asked : NULL, on_asked);
}

static bool take_group(void *arg, const struct store_group *group)
{
    struct asked *asked = arg;

    asked->access.group_name = talloc_strdup(asked, group->name);
    if (asked->access.group_name)
        asked->access.group = group->id;
    return false;
}

static enum sts_status read_group(struct store *store, void *data)
{
    struct asked *asked = data;

    return store_groups(store, asked->group, take_group, asked);
}

void access_group(struct exchange *exchange, int64_t group, enum store_role least, access_fn go_on)
{
    struct asked *asked;

    if (!access_allows(exchange, group, least))
        return;
    asked = talloc_zero(exchange, struct asked);
    if (asked)
        *asked = (struct asked){.group = group, .least = least, .go_on = go_on};
    account_pages_read(exchange, read_group, asked, on_asked);
}

/* ---- all of them ----------------------------------------------------------------------------- */

struct listing {
    struct account_role *groups;
    size_t count;
    bool no_memory;
    access_list_fn go_on;
};

static bool add_group(struct listing *listing, const struct account_role *group)
{
    struct account_role *role =
        array_grow(listing, &listing->groups, &listing->count, sizeof *role);

    if (role)
        *role = (struct account_role){group->group, talloc_strdup(listing, group->group_name),
                                      group->role};
    listing->no_memory |= !role || !role->group_name;
    return !listing->no_memory;
}

static bool list_group(void *arg, const struct store_group *group)
{
    return add_group(arg, &(struct account_role){group->id, group->name, STORE_ROLE_ADMIN});
}

static enum sts_status read_groups(struct store *store, void *data)
{
    struct listing *listing = data;
    enum sts_status status = store_groups(store, 0, list_group, listing);

    return !status && listing->no_memory ? STS_E_NOMEM : status;
}

/* NULL: there is none of that number. */
static const struct account_role *group_numbered(const struct listing *listing, int64_t number)
{
    for (size_t i = 0; i < listing->count; i++)
        if (listing->groups[i].group == number)
            return &listing->groups[i];
    return NULL;
}

static void on_listed(struct exchange *exchange, void *data)
{
    const struct listing *listing = talloc_steal(exchange, data);
    const char *chosen = exchange_query(exchange, "group");
    struct access_list list = {.groups = listing->groups, .count = listing->count};

    if (chosen && *chosen)
        list = (struct access_list){group_numbered(listing, strtoll(chosen, NULL, 10)), 1, true};
    if (list.chosen && !list.groups)
        access_not_there(exchange);
    else
        listing->go_on(exchange, &list);
}

void access_groups(struct exchange *exchange, access_list_fn go_on)
{
    const struct account *account = exchange_account(exchange);
    struct listing *listing = talloc_zero(exchange, struct listing);

    if (listing)
        listing->go_on = go_on;
    if (!listing || account->administrator) {
        account_pages_read(exchange, read_groups, listing, on_listed);
        return;
    }
    for (size_t i = 0; i < account->role_count; i++)
        if (!add_group(listing, &account->roles[i]))
            break;
    if (listing->no_memory)
        account_pages_no_room(exchange);
    else
        on_listed(exchange, listing);
}
