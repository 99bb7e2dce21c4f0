/* SPDX-License-Identifier: MIT */
/* cause_cache.c - overviews that were put together.
 *
 * An overview is a talloc context of its own, shared by whoever shows it and freed by the last: no
 * thread touches what another one allocates from. */
#include "app/cause_cache.h"

#include <pthread.h>
#include <string.h>

#include "app/limits.h"
#include "base/clock.h"

struct shared_causes {
    struct causes *causes;
    size_t holders; /* guarded by the cache's lock */
};

struct entry {
    struct store_sight sight;
    struct store_version version;
    struct shared_causes *shared; /* NULL: free */
    int64_t read_ms;              /* when it was put together, or last found to be right */
    int64_t used_ms;
};

struct cause_cache {
    pthread_mutex_t lock;
    struct entry entries[LIMIT_CAUSE_CACHE];
};

/* What holds one outlives the cache only at the end of the program, when nothing is shown any more.
 */
struct holding {
    struct held_causes held;
    struct cause_cache *cache;
    struct shared_causes *shared;
};

static bool drop_one(struct shared_causes *shared)
{
    return --shared->holders == 0;
}

static void drop(struct cause_cache *cache, struct shared_causes *shared)
{
    bool last;

    pthread_mutex_lock(&cache->lock);
    last = drop_one(shared);
    pthread_mutex_unlock(&cache->lock);
    if (last)
        talloc_free(shared);
}

static int end_holding(struct holding *holding)
{
    drop(holding->cache, holding->shared);
    return 0;
}

static int end_cache(struct cause_cache *cache)
{
    for (size_t i = 0; i < LIMIT_CAUSE_CACHE; i++)
        if (cache->entries[i].shared && drop_one(cache->entries[i].shared))
            talloc_free(cache->entries[i].shared);
    pthread_mutex_destroy(&cache->lock);
    return 0;
}

struct cause_cache *cause_cache_new(TALLOC_CTX *ctx)
{
    struct cause_cache *cache = talloc_zero(ctx, struct cause_cache);

    if (!cache || pthread_mutex_init(&cache->lock, NULL)) {
        talloc_free(cache);
        return NULL;
    }
    talloc_set_destructor(cache, end_cache);
    return cache;
}

/* ---- under the lock -------------------------------------------------------------------------- */

static bool is_of(const struct entry *entry, const struct store_sight *sight)
{
    return entry->shared && entry->sight.user == sight->user && entry->sight.all == sight->all &&
           entry->sight.group == sight->group && entry->sight.least == sight->least;
}

static bool is_version(const struct store_version *a, const struct store_version *b)
{
    return a->checks == b->checks && a->reports == b->reports && a->domains == b->domains &&
           a->added == b->added && a->todo == b->todo;
}

/* Whoever adds a domain looks for it at once; a check or a report more may be a moment late. */
static bool is_good_enough(const struct entry *entry, const struct store_version *version,
                           int64_t age_ms)
{
    struct store_version late = entry->version;

    late.checks = version->checks;
    late.reports = version->reports;
    late.todo = version->todo;
    return is_version(&entry->version, version) ||
           (age_ms < CAUSE_CACHE_MS && is_version(&late, version));
}

static struct entry *entry_of(struct cause_cache *cache, const struct store_sight *sight)
{
    for (size_t i = 0; i < LIMIT_CAUSE_CACHE; i++)
        if (is_of(&cache->entries[i], sight))
            return &cache->entries[i];
    return NULL;
}

/* That of the same eyes, a free one, or the one that was not used for longest. */
static struct entry *place_for(struct cause_cache *cache, const struct store_sight *sight)
{
    struct entry *place = entry_of(cache, sight);

    for (size_t i = 0; !place && i < LIMIT_CAUSE_CACHE; i++)
        if (!cache->entries[i].shared)
            place = &cache->entries[i];
    for (size_t i = 0; !place && i < LIMIT_CAUSE_CACHE; i++) {
        struct entry *oldest = &cache->entries[0];

        for (size_t j = 1; j < LIMIT_CAUSE_CACHE; j++)
            if (cache->entries[j].used_ms < oldest->used_ms)
                oldest = &cache->entries[j];
        place = oldest;
    }
    return place;
}

/* Memberships may have changed without a trace in the version; so what is older is made anew. */
#define OLDEST_MS 60000

/* Held for the caller; NULL: it is to be put together. */
static struct shared_causes *find(struct cause_cache *cache, const struct store_sight *sight,
                                  const struct store_version *version)
{
    struct shared_causes *found = NULL;
    int64_t now = clock_monotonic_ms();
    struct entry *entry;

    pthread_mutex_lock(&cache->lock);
    entry = entry_of(cache, sight);
    if (entry && now - entry->read_ms < OLDEST_MS &&
        is_good_enough(entry, version, now - entry->read_ms)) {
        entry->used_ms = now;
        found = entry->shared;
        found->holders++;
    }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

static void keep(struct cause_cache *cache, const struct store_sight *sight,
                 const struct store_version *version, struct shared_causes *shared)
{
    struct shared_causes *old;
    struct entry *entry;

    pthread_mutex_lock(&cache->lock);
    entry = place_for(cache, sight);
    old = entry->shared;
    *entry = (struct entry){*sight, *version, shared, clock_monotonic_ms(), clock_monotonic_ms()};
    shared->holders = 2; /* the cache and the caller */
    if (old && !drop_one(old))
        old = NULL;
    pthread_mutex_unlock(&cache->lock);
    talloc_free(old);
}

/* ---- reading --------------------------------------------------------------------------------- */

static enum sts_status put_together(struct store *store, const struct store_sight *sight,
                                    int64_t now, struct shared_causes **ret)
{
    struct shared_causes *shared = talloc_zero(NULL, struct shared_causes);
    enum sts_status status =
        shared ? causes_read(shared, store, sight, now, &shared->causes) : STS_E_NOMEM;

    if (status)
        talloc_free(shared);
    else
        *ret = shared;
    return status;
}

enum sts_status cause_cache_read(TALLOC_CTX *ctx, struct cause_cache *cache, struct store *store,
                                 const struct store_sight *sight, int64_t now,
                                 struct held_causes **ret)
{
    struct holding *holding = talloc_zero(ctx, struct holding);
    struct shared_causes *shared = NULL;
    struct store_version version;
    enum sts_status status = holding ? store_version(store, &version) : STS_E_NOMEM;

    if (!status)
        shared = find(cache, sight, &version);
    if (!status && !shared) {
        status = put_together(store, sight, now, &shared);
        if (!status)
            keep(cache, sight, &version, shared);
    }
    if (status) {
        talloc_free(holding);
        return status;
    }
    *holding = (struct holding){{shared->causes}, cache, shared};
    talloc_set_destructor(holding, end_holding);
    *ret = &holding->held;
    return STS_OK;
}
