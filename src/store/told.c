/* SPDX-License-Identifier: MIT */
/* told.c - how far each listener was told of what has changed. */
#include "store/db.h"
#include "store/hash.h"

struct told {
    const char *domain;
    uint8_t listener[STORE_HASH_SIZE];
    struct store_place place;
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
                              db_number(told->place.at), db_number(told->place.seq)};
    return db_run(store, DB_TOLD_PUT, args, 4, NULL, NULL);
}

enum sts_status store_put_told(struct store *store, const char *domain, const char *listener,
                               struct store_place place)
{
    struct told told = {.place = place};
    enum sts_status status;

    if (!domain || !listener)
        return STS_E_INVALID;
    status = name_listener(store, &told, domain, listener);
    return status ? status : db_write(store, put_told, &told);
}

static bool take_place(void *arg, const struct db_value *row)
{
    *(struct store_place *)arg = (struct store_place){.at = row[0].number, .seq = row[1].number};
    return false;
}

enum sts_status store_told(struct store *store, const char *domain, const char *listener,
                           struct store_place *ret)
{
    struct told told;
    enum sts_status status = name_listener(store, &told, domain, listener);

    if (status)
        return status;
    struct db_value args[] = {db_text(domain), db_blob(told.listener, STORE_HASH_SIZE)};
    *ret = (struct store_place){.at = STORE_NEVER};
    return db_run(store, DB_TOLD, args, 2, take_place, ret);
}
