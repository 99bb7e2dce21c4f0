/* SPDX-License-Identifier: MIT */
/* told.c - how far each listener was told of what has changed. */
#include "store/db.h"
#include "store/hash.h"

struct told {
    const char *domain;
    uint8_t listener[STORE_HASH_SIZE];
    int64_t at;
};

static enum sts_status name_listener(struct store *store, struct told *told, const char *domain,
                                     const char *listener)
{
    struct hash *hash = hash_new(store);

    told->domain = domain;
    if (!hash)
        return STS_E_NOMEM;
    hash_text(hash, listener);
    return hash_end(hash, told->listener);
}

static enum sts_status put_told(struct store *store, void *arg)
{
    struct told *told = arg;
    int64_t domain;
    enum sts_status status = db_domain(store, told->domain, &domain);

    if (status)
        return status;
    struct db_value args[] = {db_number(domain), db_blob(told->listener, STORE_HASH_SIZE),
                              db_number(told->at)};
    return db_run(store, DB_TOLD_PUT, args, 3, NULL, NULL);
}

enum sts_status store_put_told(struct store *store, const char *domain, const char *listener,
                               int64_t at)
{
    struct told told = {.at = at};
    enum sts_status status;

    if (!domain || !listener)
        return STS_E_INVALID;
    status = name_listener(store, &told, domain, listener);
    return status ? status : db_write(store, put_told, &told);
}

enum sts_status store_told(struct store *store, const char *domain, const char *listener,
                           int64_t *ret)
{
    struct told told;
    enum sts_status status = name_listener(store, &told, domain, listener);

    if (status)
        return status;
    struct db_value args[] = {db_text(domain), db_blob(told.listener, STORE_HASH_SIZE)};
    return db_run_number(store, DB_TOLD, args, 2, STORE_NEVER, ret);
}
