/* SPDX-License-Identifier: MIT */
/* domain_batch.c - many domains at once. */
#include "accounts/domain_batch.h"

#include "accounts/limits.h"
#include "base/array.h"

static enum account_action logged_as(enum domain_batch_action action)
{
    static const enum account_action actions[] = {
        [DOMAIN_BATCH_ADD] = ACCOUNT_DOMAINS_ADD,     [DOMAIN_BATCH_TAG] = ACCOUNT_DOMAINS_TAG,
        [DOMAIN_BATCH_UNTAG] = ACCOUNT_DOMAINS_UNTAG, [DOMAIN_BATCH_SET_TAGS] = ACCOUNT_DOMAINS_TAG,
        [DOMAIN_BATCH_CHECK] = ACCOUNT_DOMAINS_CHECK, [DOMAIN_BATCH_TAKE] = ACCOUNT_DOMAINS_DROP,
    };

    return actions[action];
}

/* "kunde-b (212)" */
static enum sts_status write_log(struct store *store, const struct domain_batch *batch,
                                 int64_t group, int64_t domains)
{
    char *object = batch->tag ? talloc_asprintf(NULL, "%s (%lld)", batch->tag, (long long)domains)
                              : talloc_asprintf(NULL, "%lld", (long long)domains);
    enum sts_status status = STS_E_NOMEM;

    if (object)
        status = store_add_audit(
            store, &(struct store_audit){.at = batch->now,
                                         .who = batch->who,
                                         .address = batch->address,
                                         .group = group,
                                         .action = account_action_name(logged_as(batch->action)),
                                         .object = object});
    talloc_free(object);
    return status;
}

/* ---- adding ---------------------------------------------------------------------------------- */

static bool take_owner(void *arg, const char *domain, int64_t owner, bool claimed)
{
    struct domain_batch *batch = arg;
    bool theirs = owner && owner != batch->group;
    const char **taken;

    if (owner == batch->group || (claimed && !(theirs && batch->proven)))
        batch->there++;
    else if (!theirs || !batch->proven)
        batch->domains++;
    if (!theirs || !batch->proven)
        return true;
    taken = array_grow(batch, &batch->taken, &batch->taken_count, sizeof(*taken));
    if (taken)
        *taken = talloc_strdup(batch, domain);
    batch->no_memory |= !taken || !*taken;
    return !batch->no_memory;
}

static enum sts_status count_new(struct store *store, struct domain_batch *batch)
{
    enum sts_status status =
        store_whose(store, batch->group, batch->proofs, batch->proof_count, take_owner, batch);
    int64_t claims = 0;

    if (!status && !batch->proven)
        status = store_count_claims(store, batch->group, &claims);
    batch->full = !batch->proven && claims + batch->domains > CLAIMS_MAX && batch->domains;
    return !status && batch->no_memory ? STS_E_NOMEM : status;
}

static enum sts_status add(struct store *store, struct domain_batch *batch)
{
    enum sts_status status =
        store_give_domains(store, batch->group, batch->proofs, batch->proof_count, batch->now,
                           batch->proven ? batch->now : 0);

    if (!status)
        status = store_tag_domains(store, batch->group, batch->tags, batch->tag_count);
    return status || !batch->domains ? status
                                     : write_log(store, batch, batch->group, batch->domains);
}

/* ---- what a filter matches ------------------------------------------------------------------- */

static bool add_count(void *arg, int64_t group, int64_t domains)
{
    (void)group;
    ((struct domain_batch *)arg)->domains += domains;
    return true;
}

static enum sts_status set_tags(struct store *store, const struct domain_batch *batch)
{
    enum sts_status status = store_untag_all_listed(store, &batch->filter);

    return status ? status : store_tag_domains(store, batch->group, batch->tags, batch->tag_count);
}

static enum sts_status change(struct store *store, const struct domain_batch *batch)
{
    if (batch->action == DOMAIN_BATCH_SET_TAGS)
        return set_tags(store, batch);
    if (batch->action == DOMAIN_BATCH_TAG)
        return store_tag_listed(store, &batch->filter, batch->tag);
    if (batch->action == DOMAIN_BATCH_UNTAG)
        return store_untag_listed(store, &batch->filter, batch->tag);
    if (batch->action == DOMAIN_BATCH_CHECK)
        return store_check_listed(store, &batch->filter);
    return store_take_listed(store, &batch->filter);
}

struct group_count {
    int64_t group, domains;
};

struct group_counts {
    struct group_count *list;
    size_t count;
    bool no_memory;
};

static bool keep_count(void *arg, int64_t group, int64_t domains)
{
    struct group_counts *counts = arg;
    struct group_count *one = array_grow(NULL, &counts->list, &counts->count, sizeof(*one));

    counts->no_memory = !one;
    if (one)
        *one = (struct group_count){group, domains};
    return one;
}

/* The log is written first: of what is taken away nothing can be counted any more. */
static enum sts_status log_and_change(struct store *store, const struct domain_batch *batch)
{
    struct group_counts counts = {0};
    enum sts_status status = store_count_list(store, &batch->filter, keep_count, &counts);

    if (!status && counts.no_memory)
        status = STS_E_NOMEM;
    for (size_t i = 0; !status && i < counts.count; i++)
        status = write_log(store, batch, counts.list[i].group, counts.list[i].domains);
    talloc_free(counts.list);
    return status ? status : change(store, batch);
}

/* ---- all of them ----------------------------------------------------------------------------- */

enum sts_status domain_batch_preview(struct store *store, void *data)
{
    struct domain_batch *batch = data;

    batch->domains = batch->there = 0;
    batch->taken_count = 0;
    batch->taken = NULL; /* the batch's, whose life is short */
    if (batch->action == DOMAIN_BATCH_ADD)
        return count_new(store, batch);
    return store_count_list(store, &batch->filter, add_count, batch);
}

enum sts_status domain_batch_write(struct store *store, void *data)
{
    struct domain_batch *batch = data;
    enum sts_status status = domain_batch_preview(store, batch);

    if (status)
        return status;
    if (batch->action == DOMAIN_BATCH_ADD)
        return batch->full ? STS_OK : add(store, batch);
    batch->differs = batch->action == DOMAIN_BATCH_TAKE && batch->expected >= 0 &&
                     batch->expected != batch->domains;
    return batch->differs ? STS_OK : log_and_change(store, batch);
}
