/* SPDX-License-Identifier: MIT */
/* overview.c - rows of the store, copied. */
#include "accounts/overview.h"

#include "base/array.h"

static bool keep(TALLOC_CTX *ctx, const char **text)
{
    if (!*text)
        return true;
    *text = talloc_strdup(ctx, *text);
    return *text != NULL;
}

/* ---- a user's own ---------------------------------------------------------------------------- */

static bool take_login(void *arg, const struct store_login *login)
{
    struct own_overview *own = arg;
    struct store_login *copy = array_grow(own, &own->logins, &own->login_count, sizeof *copy);

    if (copy)
        *copy = *login;
    own->no_memory = !copy || !keep(own, &copy->address) || !keep(own, &copy->agent);
    return !own->no_memory;
}

static bool take_token(void *arg, const struct store_token *token)
{
    struct own_overview *own = arg;
    struct store_token *copy = array_grow(own, &own->tokens, &own->token_count, sizeof *copy);

    if (copy)
        *copy = *token;
    own->no_memory = !copy || !keep(own, &copy->label) || !keep(own, &copy->name) ||
                     !keep(own, &copy->user_name) || !keep(own, &copy->group_name) ||
                     !keep(own, &copy->scopes);
    if (copy)
        copy->hash = NULL; /* nobody needs it */
    return !own->no_memory;
}

enum sts_status own_overview_read(struct store *store, void *data)
{
    struct own_overview *own = data;
    enum sts_status status = store_user_numbered(store, own, own->user, &own->self);

    if (!status)
        status = store_logins_of(store, own->user, take_login, own);
    if (!status)
        status = store_tokens_of_user(store, own->user, take_token, own);
    if (!status)
        status = store_count_recovery(store, own->user, &own->recovery_left);
    return !status && own->no_memory ? STS_E_NOMEM : status;
}

enum sts_status factor_overview_read(struct store *store, void *data)
{
    struct factor_overview *factor = data;

    return store_factor(store, factor, factor->user, &factor->secret, &factor->step);
}

/* ---- the service ----------------------------------------------------------------------------- */

static bool take_group(void *arg, const struct store_group *group)
{
    struct service_overview *all = arg;
    struct store_group *copy = array_grow(all, &all->groups, &all->group_count, sizeof *copy);

    if (copy)
        *copy = *group;
    all->no_memory = !copy || !keep(all, &copy->name);
    return !all->no_memory;
}

static bool take_user(void *arg, const struct store_user *user)
{
    struct service_overview *all = arg;
    struct store_user *copy = array_grow(all, &all->users, &all->user_count, sizeof *copy);

    if (copy)
        *copy = *user;
    all->no_memory = !copy || !keep(all, &copy->name);
    if (copy)
        copy->language = copy->password = NULL;
    return !all->no_memory;
}

enum sts_status service_overview_read(struct store *store, void *data)
{
    struct service_overview *all = data;
    enum sts_status status = store_groups(store, 0, take_group, all);

    if (!status)
        status = store_users(store, take_user, all);
    return !status && all->no_memory ? STS_E_NOMEM : status;
}

/* ---- a group --------------------------------------------------------------------------------- */

static bool take_one_group(void *arg, const struct store_group *group)
{
    struct group_overview *one = arg;
    struct store_group *copy = array_grow(one, &one->groups, &one->group_count, sizeof *copy);

    if (copy)
        *copy = *group;
    one->no_memory = !copy || !keep(one, &copy->name);
    return !one->no_memory;
}

static bool take_member(void *arg, const struct store_member *member)
{
    struct group_overview *one = arg;
    struct store_member *copy = array_grow(one, &one->members, &one->member_count, sizeof *copy);

    if (copy)
        *copy = *member;
    one->no_memory = !copy || !keep(one, &copy->user_name) || !keep(one, &copy->group_name);
    return !one->no_memory;
}

static bool take_domain(void *arg, const struct store_owned *owned)
{
    struct group_overview *one = arg;
    struct store_owned *copy = array_grow(one, &one->domains, &one->domain_count, sizeof *copy);

    if (copy)
        *copy = *owned;
    one->no_memory = !copy || !keep(one, &copy->domain) || !keep(one, &copy->group_name) ||
                     !keep(one, &copy->proof) || !keep(one, &copy->found);
    return !one->no_memory;
}

enum sts_status group_overview_read(struct store *store, void *data)
{
    struct group_overview *one = data;
    enum sts_status status = store_groups(store, one->group, take_one_group, one);

    if (!status)
        status = store_members_of(store, one->group, take_member, one);
    if (!status)
        status = store_owned_by(store, one->group, one->after, OVERVIEW_PAGE + 1, take_domain, one);
    return !status && one->no_memory ? STS_E_NOMEM : status;
}

/* ---- the log --------------------------------------------------------------------------------- */

static bool take_audit(void *arg, const struct store_audit *audit)
{
    struct audit_overview *log = arg;
    struct store_audit *copy = array_grow(log, &log->entries, &log->entry_count, sizeof *copy);

    if (copy)
        *copy = *audit;
    log->no_memory = !copy || !keep(log, &copy->who) || !keep(log, &copy->address) ||
                     !keep(log, &copy->action) || !keep(log, &copy->object);
    return !log->no_memory;
}

enum sts_status audit_overview_read(struct store *store, void *data)
{
    struct audit_overview *log = data;
    enum sts_status status = store_audit(store, 0, log->before, OVERVIEW_PAGE + 1, take_audit, log);

    return !status && log->no_memory ? STS_E_NOMEM : status;
}
