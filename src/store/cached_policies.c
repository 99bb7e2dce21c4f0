/* SPDX-License-Identifier: MIT */
/* cached_policies.c - what a policy daemon knows, and the clock it was seen by. */
#include "store/cached_policies.h"

#include "store/rows.h"

#define CLOCK_KEPT_S 31536000 /* a year: nobody runs for longer without a word */

enum sts_status store_put_cached_policy(struct store *store,
                                        const struct store_cached_policy *policy)
{
    struct db_value args[] = {db_text(policy->domain),   db_text(policy->policy),
                              db_text(policy->id),       db_number(policy->fetched_at),
                              db_number(policy->dane),   db_number(policy->dane_at),
                              db_number(policy->used_at)};

    if (!policy->domain)
        return STS_E_INVALID;
    return rows_write(store, DB_CACHED_PUT, args, 7, NULL);
}

static struct store_cached_policy row_of(const struct db_value *row)
{
    return (struct store_cached_policy){.domain = db_text_of(&row[0]),
                                        .policy = db_text_of(&row[1]),
                                        .id = db_text_of(&row[2]),
                                        .fetched_at = row[3].number,
                                        .dane = row[4].number,
                                        .dane_at = row[5].number,
                                        .used_at = row[6].number};
}

struct cached_read {
    TALLOC_CTX *ctx;
    struct store_cached_policy *found;
    bool no_memory;
};

static bool take(void *arg, const struct db_value *row)
{
    struct cached_read *read = arg;
    struct store_cached_policy *found = talloc_zero(read->ctx, struct store_cached_policy);

    read->no_memory = true;
    if (!found)
        return false;
    *found = row_of(row);
    found->domain = talloc_strdup(found, found->domain);
    read->no_memory = !found->domain;
    if (found->policy && !(found->policy = talloc_strdup(found, found->policy)))
        read->no_memory = true;
    if (found->id && !(found->id = talloc_strdup(found, found->id)))
        read->no_memory = true;
    read->found = found;
    return false;
}

enum sts_status store_cached_policy(struct store *store, TALLOC_CTX *ctx, const char *domain,
                                    struct store_cached_policy **ret)
{
    struct cached_read read = {.ctx = ctx};
    struct rows_reader reader = {.kinds = "tTTnnnn", .each = take, .arg = &read};
    struct db_value args[] = {db_text(domain)};
    enum sts_status status = rows_run(store, DB_CACHED, args, 1, &reader);

    if (!status && read.no_memory)
        status = STS_E_NOMEM;
    if (status)
        TALLOC_FREE(read.found);
    *ret = read.found;
    return status;
}

struct cached_page {
    store_cached_policy_fn fn;
    void *arg;
};

static bool pass_on(void *arg, const struct db_value *row)
{
    const struct cached_page *page = arg;
    const struct store_cached_policy policy = row_of(row);

    return page->fn(page->arg, &policy);
}

enum sts_status store_cached_policies(struct store *store, int64_t used_at, const char *domain,
                                      int64_t most, store_cached_policy_fn fn, void *arg)
{
    struct cached_page page = {fn, arg};
    struct rows_reader reader = {.kinds = "tTTnnnn", .each = pass_on, .arg = &page};
    struct db_value args[] = {db_number(used_at), db_text(domain), db_number(most)};

    return rows_run(store, DB_CACHED_PAGE, args, 3, &reader);
}

enum sts_status store_forget_cached_policy(struct store *store, const char *domain)
{
    struct db_value args[] = {db_text(domain)};

    return rows_write(store, DB_CACHED_FORGET, args, 1, NULL);
}

enum sts_status store_prune_cached_policies(struct store *store, int64_t used_before, int64_t keep)
{
    struct db_value before[] = {db_number(used_before)}, most[] = {db_number(keep)};
    enum sts_status status = rows_write(store, DB_CACHED_PRUNE, before, 1, NULL);

    return status ? status : rows_write(store, DB_CACHED_CUT, most, 1, NULL);
}

struct clock_put {
    const char *boot;
    int64_t start, most_later, before;
};

static enum sts_status put_clock(struct store *store, void *arg)
{
    struct clock_put *put = arg;
    struct db_value args[] = {db_text(put->boot), db_number(put->start)};
    struct db_value old[] = {db_number(put->start - CLOCK_KEPT_S)};
    enum sts_status status =
        db_run_number(store, DB_CACHE_CLOCK, args, 1, put->start, &put->before);

    if (status || put->start - put->before > put->most_later)
        return status;
    status = db_run(store, DB_CACHE_CLOCK_PUT, args, 2, NULL, NULL);
    return status ? status : db_run(store, DB_CACHE_CLOCK_PRUNE, old, 1, NULL, NULL);
}

enum sts_status store_put_cache_clock(struct store *store, const char *boot, int64_t start,
                                      int64_t most_later, int64_t *ret_before)
{
    struct clock_put put = {.boot = boot, .start = start, .most_later = most_later};
    enum sts_status status = store_batch(store, put_clock, &put);

    if (status == STS_OK)
        *ret_before = put.before;
    return status;
}
