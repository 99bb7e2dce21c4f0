/* SPDX-License-Identifier: MIT */
/* quarantine.c - what was rejected. */
#include "store/quarantine.h"

#include "store/hash.h"
#include "store/rows.h"

/* ---- in -------------------------------------------------------------------------------------- */

struct addition {
    const struct store_quarantined *one;
    uint8_t key[STORE_HASH_SIZE];
    const char *source, *part, *detail; /* fit to be kept */
};

static enum sts_status make_fit(TALLOC_CTX *work, struct addition *addition)
{
    const struct store_quarantined *one = addition->one;
    struct hash *hash = hash_new(work);
    enum sts_status status = db_fit(work, one->source, &addition->source);

    if (!status)
        status = db_fit(work, one->part, &addition->part);
    if (!status)
        status = db_fit(work, one->detail, &addition->detail);
    if (status || !hash)
        return STS_E_NOMEM;
    hash_text(hash, one->kind);
    hash_part(hash, one->raw);
    return hash_end(hash, addition->key);
}

static enum sts_status add(struct store *store, const struct addition *addition)
{
    const struct store_quarantined *one = addition->one;
    bool fits = one->raw.length <= STORE_QUARANTINE_ONE;
    struct db_value args[] = {db_blob(addition->key, STORE_HASH_SIZE),
                              db_number(one->at),
                              db_text(one->kind),
                              db_number(one->mail),
                              db_number((int64_t)one->raw.length),
                              db_number(fits ? (int64_t)one->raw.length : 0),
                              db_number(one->parts),
                              db_text(addition->source),
                              db_text(addition->part),
                              db_text(one->why),
                              db_text(addition->detail),
                              fits ? db_blob(one->raw.data, one->raw.length) : db_text(NULL)};

    return db_run(store, DB_QUARANTINE_ADD, args, 12, NULL, NULL);
}

static enum sts_status prune(struct store *store, const struct store_quarantined *one)
{
    struct db_value most[] = {db_text(one->kind), db_number(STORE_QUARANTINE_BYTES),
                              db_number(STORE_QUARANTINE_MAX)};
    struct db_value since[] = {db_number(one->at - STORE_QUARANTINE_S)};
    enum sts_status status = db_run(store, DB_QUARANTINE_FULL, most, 3, NULL, NULL);

    return status ? status : db_run(store, DB_QUARANTINE_OLD, since, 1, NULL, NULL);
}

static enum sts_status put(struct store *store, void *arg)
{
    const struct addition *addition = arg;
    struct db_value key[] = {db_blob(addition->key, STORE_HASH_SIZE)};
    enum sts_status status = db_run(store, DB_QUARANTINE_AGAIN, key, 1, NULL, NULL);

    if (!status)
        status = add(store, addition);
    return status ? status : prune(store, addition->one);
}

enum sts_status store_quarantine(struct store *store, const struct store_quarantined *one)
{
    TALLOC_CTX *work = talloc_new(store);
    struct addition addition = {.one = one};
    enum sts_status status = work ? make_fit(work, &addition) : STS_E_NOMEM;

    if (!status)
        status = store_batch(store, put, &addition);
    talloc_free(work);
    return status;
}

/* ---- out ------------------------------------------------------------------------------------- */

struct quarantine_list {
    store_quarantined_fn fn;
    void *arg;
    bool with_raw;
};

static bool list(void *arg, const struct db_value *row)
{
    const struct quarantine_list *all = arg;
    const struct store_quarantined one = {
        .id = row[0].number,
        .at = row[1].number,
        .kind = db_text_of(&row[2]),
        .mail = row[3].number,
        .size = row[4].number,
        .kept = row[5].number,
        .parts = row[6].number,
        .source = db_text_of(&row[7]),
        .part = db_text_of(&row[8]),
        .why = db_text_of(&row[9]),
        .detail = db_text_of(&row[10]),
        .raw = all->with_raw && row[5].number ? row[11].bytes : (struct bytes){NULL, 0}};

    return all->fn(all->arg, &one);
}

enum sts_status store_quarantine_page(struct store *store, int64_t before, size_t limit,
                                      store_quarantined_fn fn, void *arg)
{
    struct quarantine_list all = {fn, arg, false};
    struct rows_reader reader = {.kinds = "nntnnnntTtT", .each = list, .arg = &all};
    struct db_value args[] = {db_number(before), db_number((int64_t)limit)};

    return rows_run(store, DB_QUARANTINE, args, 2, &reader);
}

enum sts_status store_quarantine_one(struct store *store, int64_t id, store_quarantined_fn fn,
                                     void *arg)
{
    struct quarantine_list all = {fn, arg, true};
    struct rows_reader reader = {.kinds = "nntnnnntTtTB", .each = list, .arg = &all};
    struct db_value args[] = {db_number(id)};

    return rows_run(store, DB_QUARANTINE_ONE, args, 1, &reader);
}

enum sts_status store_drop_quarantined(struct store *store, int64_t id, bool *ret_done)
{
    struct db_value args[] = {db_number(id)};

    return rows_change(store, DB_QUARANTINE_DROP, args, 1, ret_done);
}

enum sts_status store_count_quarantine(struct store *store, int64_t *ret)
{
    return db_run_number(store, DB_QUARANTINE_COUNT, NULL, 0, 0, ret);
}
