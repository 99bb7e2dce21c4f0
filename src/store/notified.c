/* SPDX-License-Identifier: MIT */
/* notified.c - how far each subscriber was notified of what has changed. */
#include "store/db.h"
#include "store/hash.h"

struct notified {
    const char *domain;
    uint8_t subscriber[STORE_HASH_SIZE];
    struct store_place place;
};

static enum sts_status name_subscriber(struct store *store, struct notified *notified,
                                       const char *domain, const char *subscriber)
{
    struct hash *hash = hash_new(store);

    notified->domain = domain;
    if (!hash)
        return STS_E_NOMEM;
    hash_text(hash, subscriber);
    return hash_end(hash, notified->subscriber);
}

static enum sts_status put_notified(struct store *store, void *arg)
{
    struct notified *notified = arg;
    int64_t domain;
    enum sts_status status = db_domain(store, notified->domain, &domain);

    if (status)
        return status;
    struct db_value args[] = {db_number(domain), db_blob(notified->subscriber, STORE_HASH_SIZE),
                              db_number(notified->place.at), db_number(notified->place.seq)};
    return db_run(store, DB_TOLD_PUT, args, 4, NULL, NULL);
}

enum sts_status store_put_notified(struct store *store, const char *domain, const char *subscriber,
                                   struct store_place place)
{
    struct notified notified = {.place = place};
    enum sts_status status;

    if (!domain || !subscriber)
        return STS_E_INVALID;
    status = name_subscriber(store, &notified, domain, subscriber);
    return status ? status : store_batch(store, put_notified, &notified);
}

static bool take_place(void *arg, const struct db_value *row)
{
    *(struct store_place *)arg = (struct store_place){.at = row[0].number, .seq = row[1].number};
    return false;
}

enum sts_status store_notified(struct store *store, const char *domain, const char *subscriber,
                               struct store_place *ret)
{
    struct notified notified;
    enum sts_status status = name_subscriber(store, &notified, domain, subscriber);

    if (status)
        return status;
    struct db_value args[] = {db_text(domain), db_blob(notified.subscriber, STORE_HASH_SIZE)};
    *ret = (struct store_place){.at = STORE_NEVER};
    return db_run(store, DB_TOLD, args, 2, take_place, ret);
}
