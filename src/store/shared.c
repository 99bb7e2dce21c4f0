/* SPDX-License-Identifier: MIT */
/* shared.c - checks that whoever knows their id may read. */
#include "store/rows.h"
#include "store/shared.h"

enum sts_status store_put_shared(struct store *store, const struct store_shared *shared)
{
    struct db_value args[] = {db_text(shared->id), db_text(shared->domain),
                              db_number(shared->created), db_number(shared->expires),
                              db_blob(shared->facts.data, shared->facts.length)};

    if (!shared->id || !shared->domain || shared->facts.length > STORE_RAW_MAX)
        return STS_E_INVALID;
    return rows_write(store, DB_SHARED_PUT, args, 5, NULL);
}

struct shared_read {
    TALLOC_CTX *ctx;
    struct store_shared *found;
    bool no_memory;
};

static bool take(void *arg, const struct db_value *row)
{
    struct shared_read *read = arg;
    struct store_shared *shared = talloc_zero(read->ctx, struct store_shared);

    read->no_memory = true;
    if (!shared)
        return false;
    shared->id = talloc_strdup(shared, db_text_of(&row[0]));
    shared->domain = talloc_strdup(shared, db_text_of(&row[1]));
    shared->created = row[2].number;
    shared->expires = row[3].number;
    shared->facts = (struct bytes){talloc_strndup(shared, row[4].bytes.data, row[4].bytes.length),
                                   row[4].bytes.length};
    read->no_memory = !shared->id || !shared->domain || !shared->facts.data;
    read->found = shared;
    return false;
}

static enum sts_status read_one(struct store *store, enum db_statement statement,
                                struct shared_read *read, const char *key, int64_t now)
{
    struct rows_reader reader = {.kinds = "ttnnb", .each = take, .arg = read};
    struct db_value args[] = {db_text(key), db_number(now)};
    enum sts_status status = rows_run(store, statement, args, 2, &reader);

    if (!status && read->no_memory)
        status = STS_E_NOMEM;
    if (status)
        TALLOC_FREE(read->found);
    return status;
}

enum sts_status store_shared(struct store *store, TALLOC_CTX *ctx, const char *id, int64_t now,
                             struct store_shared **ret)
{
    struct shared_read read = {.ctx = ctx};
    enum sts_status status = read_one(store, DB_SHARED, &read, id, now);

    *ret = read.found;
    return status;
}

enum sts_status store_last_shared(struct store *store, TALLOC_CTX *ctx, const char *domain,
                                  int64_t now, struct store_shared **ret)
{
    struct shared_read read = {.ctx = ctx};
    enum sts_status status = read_one(store, DB_SHARED_LAST, &read, domain, now);

    *ret = read.found;
    return status;
}

enum sts_status store_prune_shared(struct store *store, int64_t now, int64_t keep)
{
    struct db_value args[] = {db_number(now), db_number(keep)};

    return rows_write(store, DB_SHARED_PRUNE, args, 2, NULL);
}
