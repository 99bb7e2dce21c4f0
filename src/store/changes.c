/* SPDX-License-Identifier: MIT */
/* changes.c - what checks changed: written, and listed over many domains. */
#include "store/changes.h"

#include <string.h>

#include "store/rows.h"

/* ---- what the newest check showed ------------------------------------------------------------ */

static bool take_shown(void *arg, const struct db_value *row)
{
    struct store_shown *shown = arg;

    shown->observed_at = row[0].number;
    shown->known = row[1].kind == DB_BLOB && row[1].bytes.length == sizeof shown->hash;
    if (shown->known)
        memcpy(shown->hash, row[1].bytes.data, sizeof shown->hash);
    return false;
}

enum sts_status store_shown(struct store *store, const char *domain, struct store_shown *ret)
{
    const struct db_value args[] = {db_text(domain)};
    struct rows_reader reader = {.kinds = "nB", .each = take_shown, .arg = ret};

    *ret = (struct store_shown){.observed_at = INT64_MIN};
    return rows_run(store, DB_SHOWN, args, 1, &reader);
}

enum sts_status store_put_shown(struct store *store, const char *domain,
                                const uint8_t hash[STORE_HASH_SIZE])
{
    const struct db_value args[] = {db_text(domain), db_blob(hash, STORE_HASH_SIZE)};

    return rows_write(store, DB_SHOWN_PUT, args, 2, NULL);
}

/* ---- writing --------------------------------------------------------------------------------- */

struct changes_put {
    int64_t check;
    const struct store_change *list;
    size_t count;
};

/* The rows of a check are listed backwards, so that the first one has the largest number. */
static enum sts_status put_one(struct store *store, const struct changes_put *put, size_t i)
{
    const struct store_change *change = &put->list[i];
    const struct db_value args[] = {db_number(put->check),     db_number((int64_t)(put->count - i)),
                                    db_text(change->code),     db_text(change->severity),
                                    db_text(change->sentence), db_text(change->values)};

    return db_run(store, DB_CHANGE_ADD, args, 6, NULL, NULL);
}

static enum sts_status put_all(struct store *store, void *arg)
{
    const struct changes_put *put = arg;
    const struct db_value args[] = {db_number(put->check)};
    enum sts_status status = db_run(store, DB_CHANGES_DROP, args, 1, NULL, NULL);

    for (size_t i = 0; !status && i < put->count; i++)
        status = put_one(store, put, i);
    return status;
}

enum sts_status store_put_changes(struct store *store, int64_t check,
                                  const struct store_change *changes, size_t count)
{
    struct changes_put put = {check, changes, count};

    return count > STORE_LIST_MAX ? STS_E_LIMIT : store_batch(store, put_all, &put);
}

/* ---- reading --------------------------------------------------------------------------------- */

#define FEW_DOMAINS 200 /* whose changes can be sorted while somebody waits */

struct lister {
    store_change_fn fn;
    void *arg;
};

static bool list_change(void *arg, const struct db_value *row)
{
    const struct lister *lister = arg;
    const struct store_listed_change change = {
        .place = {row[0].number, row[1].number, row[2].number},
        .domain = db_text_of(&row[3]),
        .change = {db_text_of(&row[4]), db_text_of(&row[5]), db_text_of(&row[6]),
                   db_text_of(&row[7])},
    };

    return lister->fn(lister->arg, &change);
}

static void fill_filter(const struct store_change_filter *filter, struct db_value *args)
{
    sight_args(&filter->sight, args);
    args[SIGHT_ARGS] = db_text(filter->domain ? filter->domain : "");
    args[SIGHT_ARGS + 1] = db_text(filter->tag ? filter->tag : "");
}

/* Where the domains are many, most changes are of one of them, and the list is read in time; where
 * they are few, what there is of them is sorted. */
static enum sts_status choose(struct store *store, const struct store_change_filter *filter,
                              enum db_statement *ret)
{
    struct db_value args[SIGHT_ARGS + 2];
    bool many;
    int64_t tagged;
    enum sts_status status;

    *ret = DB_CHANGES_OF_DOMAIN;
    if (filter->domain)
        return STS_OK;
    if (!filter->tag) {
        status = store_sees_more(store, &filter->sight, FEW_DOMAINS, &many);
        *ret = !status && many ? DB_CHANGES_OF_MANY : DB_CHANGES_OF_FEW;
        return status;
    }
    sight_args(&filter->sight, args);
    args[SIGHT_ARGS] = db_text(filter->tag);
    args[SIGHT_ARGS + 1] = db_number(FEW_DOMAINS + 1);
    status = db_run_number(store, DB_CHANGES_TAGGED, args, SIGHT_ARGS + 2, 0, &tagged);
    *ret = !status && tagged > FEW_DOMAINS ? DB_CHANGES_OF_MANY : DB_CHANGES_OF_TAG;
    return status;
}

enum sts_status store_changes(struct store *store, const struct store_change_filter *filter,
                              struct store_change_place after, size_t limit, store_change_fn fn,
                              void *arg)
{
    struct lister lister = {fn, arg};
    struct rows_reader reader = {.kinds = "nnnttttt", .each = list_change, .arg = &lister};
    struct db_value args[SIGHT_ARGS + 7];
    enum db_statement statement;
    enum sts_status status;

    if (!limit || limit > STORE_CHANGES_PAGE_MAX)
        return STS_E_INVALID;
    status = choose(store, filter, &statement);
    if (status)
        return status;
    fill_filter(filter, args);
    args[SIGHT_ARGS + 2] = db_number(filter->since);
    args[SIGHT_ARGS + 3] = db_number(after.at);
    args[SIGHT_ARGS + 4] = db_number(after.check);
    args[SIGHT_ARGS + 5] = db_number(after.row);
    args[SIGHT_ARGS + 6] = db_number((int64_t)limit);
    return rows_run(store, statement, args, SIGHT_ARGS + 7, &reader);
}
