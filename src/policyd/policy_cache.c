/* SPDX-License-Identifier: MIT */
/* policy_cache.c - the table of domains, and which of them go. */
#include "policyd/policy_cache.h"

#include <string.h>

#include "policyd/limits.h"
#include "policyd/policy_cache_work.h"

/* ---- the table ------------------------------------------------------------------------------- */

static uint64_t hash_of(const char *domain)
{
    return table_hash(0, domain, strlen(domain));
}

static uint64_t entry_hash(const void *owner, uint64_t word)
{
    const struct policy_entry *entry = table_thing(word);

    (void)owner;
    return hash_of(entry->domain);
}

static bool entry_is(const void *owner, uint64_t word, const void *key)
{
    const struct policy_entry *entry = table_thing(word);

    (void)owner;
    return !strcmp(entry->domain, key);
}

enum sts_status policy_cache_new(TALLOC_CTX *ctx, size_t most, bool no_dane,
                                 struct policy_cache **ret)
{
    static const struct table_kind kind = {entry_hash, entry_is};
    struct policy_cache *cache = talloc_zero(ctx, struct policy_cache);

    if (!cache)
        return STS_E_NOMEM;
    cache->pieces = pieces_new(cache);
    if (!cache->pieces) {
        talloc_free(cache);
        return STS_E_NOMEM;
    }
    table_begin(&cache->table, cache, &kind, NULL);
    policy_shelf_begin(&cache->shelf, cache->pieces);
    TAILQ_INIT(&cache->idle);
    TAILQ_INIT(&cache->holding);
    cache->most = most;
    cache->no_dane = no_dane;
    *ret = cache;
    return STS_OK;
}

void policy_cache_set_store(struct policy_cache *cache)
{
    cache->has_store = true;
}

size_t policy_cache_count(const struct policy_cache *cache)
{
    return cache->table.count;
}

struct policy_entry *policy_cache_find(const struct policy_cache *cache, const char *domain)
{
    return table_thing(table_find(&cache->table, hash_of(domain), domain));
}

const char *policy_entry_domain(const struct policy_entry *entry)
{
    return entry->domain;
}

/* ---- which goes ------------------------------------------------------------------------------ */

static struct policy_list *list_of(const struct policy_entry *entry)
{
    return entry->is_holding ? &entry->cache->holding : &entry->cache->idle;
}

bool policy_entry_is_under_way(const struct policy_entry *entry)
{
    return entry->storing || entry->busy;
}

static size_t size_of(const char *domain)
{
    return sizeof(struct policy_entry) + strlen(domain) + 1;
}

static void entry_forget(struct policy_entry *entry)
{
    struct policy_cache *cache = entry->cache;

    TAILQ_REMOVE(list_of(entry), entry, next);
    table_remove(&cache->table, table_word(entry));
    policy_entry_clear(entry);
    pieces_give(cache->pieces, entry, size_of(entry->domain));
}

enum policy_forgotten policy_cache_forget(struct policy_cache *cache, const char *domain)
{
    struct policy_entry *entry = policy_cache_find(cache, domain);

    if (!entry)
        return POLICY_UNKNOWN;
    if (policy_entry_is_under_way(entry))
        return POLICY_UNDER_WAY;
    entry_forget(entry);
    return POLICY_FORGOTTEN;
}

/* Has it something on the shelf? */
static bool has_weight(const struct policy_entry *entry)
{
    return entry->policy || policy_entry_recent(entry)->mx_hosts;
}

static bool make_room_on(struct policy_list *list, bool for_bytes)
{
    struct policy_entry *entry;

    TAILQ_FOREACH_REVERSE(entry, list, policy_list, next)
    {
        if (policy_entry_is_under_way(entry) || (for_bytes && !has_weight(entry)))
            continue;
        entry_forget(entry);
        return true;
    }
    return false;
}

static bool make_room(struct policy_cache *cache)
{
    /* MX hosts of what protects nothing never displace a policy */
    while (cache->shelf.bytes > LIMIT_POLICY_BYTES &&
           (make_room_on(&cache->idle, true) || make_room_on(&cache->holding, true)))
        ;
    return cache->table.count < cache->most || make_room_on(&cache->idle, false) ||
           make_room_on(&cache->holding, false);
}

static void to_front(struct policy_entry *entry)
{
    TAILQ_REMOVE(list_of(entry), entry, next);
    entry->is_holding = entry->policy || entry->dane != DANE_COVER_NONE;
    TAILQ_INSERT_HEAD(list_of(entry), entry, next);
}

void policy_entry_sort(struct policy_entry *entry)
{
    if (entry->is_holding != (entry->policy || entry->dane != DANE_COVER_NONE))
        to_front(entry);
}

static struct policy_entry *entry_new(struct policy_cache *cache, const char *domain)
{
    struct policy_entry *entry;

    if (!make_room(cache))
        return NULL;
    entry = pieces_take(cache->pieces, size_of(domain));
    if (!entry)
        return NULL;
    entry->cache = cache;
    memcpy(entry->domain, domain, strlen(domain) + 1);
    if (!table_add(&cache->table, table_word(entry))) {
        pieces_give(cache->pieces, entry, size_of(domain));
        return NULL;
    }
    TAILQ_INSERT_HEAD(&cache->idle, entry, next);
    return entry;
}

static void to_back(struct policy_entry *entry)
{
    TAILQ_REMOVE(list_of(entry), entry, next);
    TAILQ_INSERT_TAIL(list_of(entry), entry, next);
}

enum sts_status policy_cache_add(struct policy_cache *cache, const char *domain,
                                 const struct policy_stored *stored, int64_t now, uint32_t chance)
{
    struct policy_entry *entry;
    enum sts_status status;

    if (cache->table.count >= cache->most || cache->shelf.bytes > LIMIT_POLICY_BYTES)
        return STS_E_LIMIT;
    entry = entry_new(cache, domain);
    if (!entry)
        return STS_E_NOMEM;
    status = policy_entry_restore(entry, stored, now, chance);
    entry->used_at = policy_stamp(stored->used_at < now ? stored->used_at : now);
    to_back(entry);
    return status;
}

struct policy_entry *policy_cache_use(struct policy_cache *cache, const char *domain, int64_t now)
{
    struct policy_entry *entry = policy_cache_find(cache, domain);

    if (!entry)
        entry = entry_new(cache, domain);
    if (!entry || !policy_entry_wake(entry))
        return NULL;
    entry->used_at = policy_stamp(now);
    to_front(entry);
    return entry;
}

struct policy_entry *policy_cache_see(struct policy_cache *cache, const char *domain)
{
    struct policy_entry *entry = policy_cache_find(cache, domain);

    if (!entry) {
        entry = entry_new(cache, domain);
        if (entry)
            to_back(entry);
    }
    return entry && policy_entry_wake(entry) ? entry : NULL;
}

/* A clock that was set back makes nothing look unused. */
static bool is_unused(const struct policy_entry *entry, int64_t now)
{
    int64_t most = entry->is_holding ? LIMIT_POLICY_UNUSED_S : LIMIT_POLICY_IDLE_S;

    return now - entry->used_at > most && !policy_entry_is_under_way(entry);
}

static void sweep_list(struct policy_list *list, int64_t now, const struct policy_sweep *sweep)
{
    struct policy_entry *entry, *before;

    for (entry = TAILQ_LAST(list, policy_list); entry; entry = before) {
        before = TAILQ_PREV(entry, policy_list, next);
        if (is_unused(entry, now)) {
            entry_forget(entry);
            continue;
        }
        if (policy_entry_decision(entry, now).action == STS_CACHE_REFETCH &&
            !policy_entry_is_busy(entry, POLICY_PART_POLICY) && policy_entry_wake(entry))
            sweep->due(sweep->arg, entry);
        if (sweep->unsaved && policy_entry_is_unsaved(entry))
            sweep->unsaved(sweep->arg, entry);
        policy_entry_rest(entry, now);
    }
}

void policy_cache_sweep(struct policy_cache *cache, int64_t now, const struct policy_sweep *sweep)
{
    sweep_list(&cache->idle, now, sweep);
    sweep_list(&cache->holding, now, sweep);
}

static void unsaved_list(struct policy_list *list, const struct policy_sweep *sweep)
{
    struct policy_entry *entry;

    TAILQ_FOREACH(entry, list, next)
    if (policy_entry_is_unsaved(entry))
        sweep->unsaved(sweep->arg, entry);
}

void policy_cache_unsaved(struct policy_cache *cache, const struct policy_sweep *sweep)
{
    unsaved_list(&cache->idle, sweep);
    unsaved_list(&cache->holding, sweep);
}

static void shift(uint32_t *time, int64_t seconds)
{
    if (*time)
        *time = policy_stamp(*time + seconds);
}

static void shift_list(struct policy_list *list, int64_t seconds)
{
    struct policy_entry *entry;

    TAILQ_FOREACH(entry, list, next)
    {
        struct policy_recent *recent = entry->recent;

        shift(&entry->used_at, seconds);
        shift(&entry->fetched_at, seconds);
        shift(&entry->dane_at, seconds);
        if (!recent)
            continue;
        shift(&recent->record_until, seconds);
        shift(&recent->failed_at, seconds);
        shift(&recent->dane_until, seconds);
        shift(&recent->recalled_at, seconds);
    }
}

void policy_cache_shift(struct policy_cache *cache, int64_t seconds)
{
    shift_list(&cache->idle, seconds);
    shift_list(&cache->holding, seconds);
}
