/* SPDX-License-Identifier: MIT */
/* account_domains.c - which domains a group owns, and which it claims. */
#include "store/accounts.h"

#include <string.h>

#include "store/rows.h"

static struct store_owned owned_of(const struct db_value *row)
{
    return (struct store_owned){.domain = db_text_of(&row[0]),
                                .group = row[1].number,
                                .group_name = db_text_of(&row[2]),
                                .added = row[3].number,
                                .proof = db_text_of(&row[4]),
                                .proven = row[5].number,
                                .looked = row[6].number,
                                .found = db_text_of(&row[7])};
}

#define OWNED_KINDS "tntntNNT"

/* ---- the owner ------------------------------------------------------------------------------- */

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
    owned->found = owned->found ? talloc_strdup(owned, owned->found) : NULL;
    copy->no_memory = !owned->domain || !owned->group_name || !owned->proof;
    return false;
}

static enum sts_status read_one(struct store *store, enum db_statement statement,
                                const struct db_value *args, size_t count, struct owned_copy *copy)
{
    struct rows_reader reader = {.kinds = OWNED_KINDS, .each = copy_owned, .arg = copy};
    enum sts_status status = rows_run(store, statement, args, count, &reader);

    if (!status && copy->no_memory)
        status = STS_E_NOMEM;
    if (status)
        TALLOC_FREE(copy->owned);
    return status;
}

enum sts_status store_owner(struct store *store, TALLOC_CTX *ctx, const char *domain,
                            struct store_owned **ret)
{
    struct owned_copy copy = {.ctx = ctx};
    struct db_value args[] = {db_text(domain)};
    enum sts_status status = read_one(store, DB_OWNER, args, 1, &copy);

    if (!status)
        *ret = copy.owned;
    return status;
}

enum sts_status store_domain_claim(struct store *store, TALLOC_CTX *ctx, const char *domain,
                                   int64_t group, struct store_owned **ret)
{
    struct owned_copy copy = {.ctx = ctx};
    struct db_value args[] = {db_text(domain), db_number(group)};
    enum sts_status status = read_one(store, DB_CLAIM, args, 2, &copy);

    if (!status)
        *ret = copy.owned;
    return status;
}

/* ---- adding ---------------------------------------------------------------------------------- */

struct giving {
    const struct store_owned *owned;
    int64_t group;
};

static bool take_group(void *arg, const struct db_value *row)
{
    *(int64_t *)arg = row[1].number;
    return false;
}

/* *ret_group: 0, nobody's. */
static enum sts_status owner_of(struct store *store, const char *domain, int64_t *ret_group)
{
    struct rows_reader reader = {.kinds = OWNED_KINDS, .each = take_group, .arg = ret_group};
    struct db_value args[] = {db_text(domain)};

    *ret_group = 0;
    return rows_run(store, DB_OWNER, args, 1, &reader);
}

static enum sts_status drop_claim(struct store *store, const char *domain, int64_t group)
{
    struct db_value args[] = {db_text(domain), db_number(group)};

    return db_run(store, DB_CLAIM_DROP, args, 2, NULL, NULL);
}

static enum sts_status add_claim(struct store *store, const struct store_owned *owned)
{
    struct db_value args[] = {db_number(owned->group), db_text(owned->domain),
                              db_number(owned->added), db_text(owned->proof)};

    return db_run(store, DB_CLAIM_ADD, args, 4, NULL, NULL);
}

/* Unless it is somebody's; the claim of that group is over then. */
static enum sts_status add_owner(struct store *store, const struct store_owned *owned)
{
    int64_t domain;
    enum sts_status status = db_domain(store, owned->domain, &domain);
    struct db_value args[] = {db_number(domain), db_number(owned->group), db_number(owned->added),
                              db_text(owned->proof), db_number(owned->proven)};

    if (status)
        return status;
    args[0] = db_number(domain);
    status = db_run(store, DB_OWNER_ADD, args, 5, NULL, NULL);
    return status ? status : drop_claim(store, owned->domain, owned->group);
}

enum sts_status store_count_claims(struct store *store, int64_t group, int64_t *ret)
{
    struct db_value args[] = {db_number(group)};

    return db_run_number(store, DB_CLAIMS_COUNT, args, 1, 0, ret);
}

static enum sts_status give_domain(struct store *store, void *arg)
{
    struct giving *giving = arg;
    const struct store_owned *owned = giving->owned;
    enum sts_status status = owner_of(store, owned->domain, &giving->group);

    if (status || giving->group == owned->group)
        return status;
    if (owned->proven && giving->group)
        return STS_OK;
    giving->group = owned->group;
    return owned->proven ? add_owner(store, owned) : add_claim(store, owned);
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

/* ---- proving --------------------------------------------------------------------------------- */

struct proving {
    const struct store_proving *what;
    int64_t group;
};

/* Whoever owned it until now goes on claiming it, by the same record. */
static enum sts_status give_up(struct store *store, const struct store_owned *owner, int64_t at)
{
    struct db_value args[] = {db_text(owner->domain), db_number(owner->group)};
    struct store_owned claim = *owner;
    enum sts_status status = db_run(store, DB_OWNER_DROP, args, 2, NULL, NULL);

    claim.added = at;
    return status ? status : add_claim(store, &claim);
}

static enum sts_status take_over(struct store *store, const struct store_proving *what,
                                 struct store_owned *claim, int64_t *ret_group)
{
    struct store_owned *owner = NULL, owned = *claim;
    enum sts_status status = store_owner(store, claim, what->domain, &owner);

    owned.proven = what->at;
    if (what->by_administrator)
        owned.proof = "";
    if (!status && owner && owner->group != claim->group) {
        *ret_group = owner->group;
        if (what->from != owner->group)
            return STS_OK;
        status = give_up(store, owner, what->at);
    }
    *ret_group = claim->group;
    return status ? status : add_owner(store, &owned);
}

static enum sts_status prove(struct store *store, void *arg)
{
    struct proving *proving = arg;
    const struct store_proving *what = proving->what;
    struct store_owned *claim = NULL;
    enum sts_status status = store_domain_claim(store, NULL, what->domain, what->group, &claim);

    if (!status && claim)
        status = take_over(store, what, claim, &proving->group);
    else if (!status)
        status = owner_of(store, what->domain, &proving->group);
    talloc_free(claim);
    return status;
}

enum sts_status store_prove_domain(struct store *store, const struct store_proving *what,
                                   int64_t *ret_group)
{
    struct proving proving = {.what = what};
    enum sts_status status = store_batch(store, prove, &proving);

    if (!status)
        *ret_group = proving.group;
    return status;
}

enum sts_status store_put_look(struct store *store, const struct store_look *look)
{
    struct db_value args[] = {db_text(look->domain), db_number(look->group), db_number(look->at),
                              db_text(look->found), db_number(look->due)};

    return rows_write(store, DB_CLAIM_LOOKED, args, 5, NULL);
}

/* ---- removing -------------------------------------------------------------------------------- */

enum sts_status store_take_domain(struct store *store, const char *domain, int64_t group,
                                  bool *ret_done)
{
    struct db_value args[] = {db_text(domain), db_number(group)};
    bool owned = false, claimed = false;
    enum sts_status status = rows_change(store, DB_OWNER_DROP, args, 2, &owned);

    if (!status)
        status = rows_change(store, DB_CLAIM_DROP, args, 2, &claimed);
    *ret_done = owned || claimed;
    return status;
}

/* ---- lists ----------------------------------------------------------------------------------- */

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

enum sts_status store_claims_due(struct store *store, int64_t now, size_t limit, store_owned_fn fn,
                                 void *arg)
{
    struct owned_list list = {fn, arg};
    struct rows_reader reader = {.kinds = OWNED_KINDS, .each = list_owned, .arg = &list};
    struct db_value args[] = {db_number(now), db_number((int64_t)limit)};

    return rows_run(store, DB_CLAIMS_DUE, args, 2, &reader);
}
