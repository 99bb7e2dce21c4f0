/* SPDX-License-Identifier: MIT */
/* policy_cache.c - the table of domains, and what is stored of each. */
#include "policyd/policy_cache.h"

#include <string.h>
#include <sys/queue.h>

#include "base/table.h"
#include "policyd/limits.h"

/* The first is the one that was used last. */
TAILQ_HEAD(policy_list, policy_entry);

struct policy_cache {
    struct table table;
    struct policy_list idle, holding; /* do they protect anything? */
    size_t most;
};

struct policy_entry {
    struct policy_cache *cache;
    TAILQ_ENTRY(policy_entry) next;
    bool is_holding; /* which list it is on */
    const char *domain;
    int64_t used_at;
    bool busy[POLICY_PARTS];

    enum sts_seen seen;
    char *id;
    int64_t record_until; /* as is dane_until: then looked up again; 0: was never asked */

    struct live_policy *policy; /* NULL: none */
    int64_t fetched_at, refresh_after;
    int64_t failed_at;
    char *failed_id;
    unsigned failures; /* one after another, for the same id */

    enum dane_cover dane;
    const char **mx_hosts;
    size_t mx_host_count;
    int64_t dane_until;
};

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

enum sts_status policy_cache_new(TALLOC_CTX *ctx, size_t most, struct policy_cache **ret)
{
    static const struct table_kind kind = {entry_hash, entry_is};
    struct policy_cache *cache = talloc_zero(ctx, struct policy_cache);

    if (!cache)
        return STS_E_NOMEM;
    table_begin(&cache->table, cache, &kind, NULL);
    TAILQ_INIT(&cache->idle);
    TAILQ_INIT(&cache->holding);
    cache->most = most;
    *ret = cache;
    return STS_OK;
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

static bool is_under_way(const struct policy_entry *entry)
{
    for (size_t i = 0; i < POLICY_PARTS; i++)
        if (entry->busy[i])
            return true;
    return false;
}

static void entry_forget(struct policy_entry *entry)
{
    TAILQ_REMOVE(list_of(entry), entry, next);
    table_remove(&entry->cache->table, table_word(entry));
    talloc_free(entry);
}

static bool make_room_on(struct policy_list *list)
{
    struct policy_entry *entry;

    TAILQ_FOREACH_REVERSE(entry, list, policy_list, next)
    {
        if (is_under_way(entry))
            continue;
        entry_forget(entry);
        return true;
    }
    return false;
}

static bool make_room(struct policy_cache *cache)
{
    return cache->table.count < cache->most || make_room_on(&cache->idle) ||
           make_room_on(&cache->holding);
}

/* To the front of the list on which it belongs. */
static void entry_sort(struct policy_entry *entry)
{
    TAILQ_REMOVE(list_of(entry), entry, next);
    entry->is_holding = entry->policy || entry->dane != DANE_COVER_NONE;
    TAILQ_INSERT_HEAD(list_of(entry), entry, next);
}

static struct policy_entry *entry_new(struct policy_cache *cache, const char *domain)
{
    struct policy_entry *entry;

    if (!make_room(cache))
        return NULL;
    entry = talloc_zero(cache, struct policy_entry);
    if (!entry)
        return NULL;
    entry->cache = cache;
    entry->domain = talloc_strdup(entry, domain);
    if (!entry->domain || !table_add(&cache->table, table_word(entry))) {
        talloc_free(entry);
        return NULL;
    }
    TAILQ_INSERT_HEAD(&cache->idle, entry, next);
    return entry;
}

struct policy_entry *policy_cache_use(struct policy_cache *cache, const char *domain, int64_t now)
{
    struct policy_entry *entry = policy_cache_find(cache, domain);

    if (!entry)
        entry = entry_new(cache, domain);
    if (!entry)
        return NULL;
    entry->used_at = now;
    entry_sort(entry);
    return entry;
}

/* A clock that was set back makes nothing look unused. */
static bool is_unused(const struct policy_entry *entry, int64_t now)
{
    int64_t most = entry->is_holding ? LIMIT_POLICY_UNUSED_S : LIMIT_POLICY_IDLE_S;

    return now - entry->used_at > most && !is_under_way(entry);
}

static void sweep_list(struct policy_list *list, int64_t now,
                       void (*due)(void *arg, struct policy_entry *entry), void *arg)
{
    struct policy_entry *entry, *before;

    for (entry = TAILQ_LAST(list, policy_list); entry; entry = before) {
        before = TAILQ_PREV(entry, policy_list, next);
        if (is_unused(entry, now))
            entry_forget(entry);
        else if (policy_entry_decision(entry, now).action == STS_CACHE_REFETCH &&
                 !entry->busy[POLICY_PART_POLICY])
            due(arg, entry);
    }
}

void policy_cache_sweep(struct policy_cache *cache, int64_t now,
                        void (*due)(void *arg, struct policy_entry *entry), void *arg)
{
    sweep_list(&cache->idle, now, due, arg);
    sweep_list(&cache->holding, now, due, arg);
}

/* ---- what is due ----------------------------------------------------------------------------- */

/* What is to last longer than anything does was written before the clock was set back. */
static bool is_over(int64_t until, int64_t now)
{
    return now >= until || until - now > LIMIT_POLICY_TTL_MAX_S;
}

static int64_t pause_after(unsigned failures)
{
    int64_t pause = LIMIT_POLICY_PAUSE_S;

    for (; failures > 1 && pause < LIMIT_POLICY_PAUSE_MAX_S; failures--)
        pause *= 2;
    return pause < LIMIT_POLICY_PAUSE_MAX_S ? pause : LIMIT_POLICY_PAUSE_MAX_S;
}

struct sts_cache_decision policy_entry_decision(const struct policy_entry *entry, int64_t now)
{
    struct sts_cache_entry held = {.held = entry->policy != NULL,
                                   .fetched_at = entry->fetched_at,
                                   .failed_at = entry->failed_at,
                                   .failed_id = entry->failed_id};
    const struct sts_cache_record record = {entry->seen, entry->id};
    const struct sts_cache_tuning tuning = {.refresh_after = entry->refresh_after,
                                            .retry_after = pause_after(entry->failures)};

    if (entry->policy) {
        held.max_age = entry->policy->max_age;
        held.mode = entry->policy->mode;
        held.id = entry->policy->id;
    }
    return sts_cache_decide(&held, &record, now, &tuning);
}

static bool is_to_be_fetched(enum sts_cache_action action)
{
    return action == STS_CACHE_FETCH || action == STS_CACHE_REFETCH;
}

bool policy_entry_due(const struct policy_entry *entry, enum policy_part part, int64_t now)
{
    if (entry->busy[part])
        return false;
    switch (part) {
    case POLICY_PART_RECORD:
        return is_over(entry->record_until, now);
    case POLICY_PART_DANE:
        return is_over(entry->dane_until, now);
    default:
        return is_to_be_fetched(policy_entry_decision(entry, now).action);
    }
}

void policy_entry_begin(struct policy_entry *entry, enum policy_part part)
{
    entry->busy[part] = true;
}

bool policy_entry_is_busy(const struct policy_entry *entry, enum policy_part part)
{
    return entry->busy[part];
}

bool policy_entry_is_ready(const struct policy_entry *entry, int64_t now)
{
    enum sts_cache_action action = policy_entry_decision(entry, now).action;

    if (is_over(entry->dane_until, now) || action == STS_CACHE_FETCH)
        return false;
    return action == STS_CACHE_USE || action == STS_CACHE_REFETCH ||
           !is_over(entry->record_until, now);
}

/* ---- what came of it ------------------------------------------------------------------------- */

static int64_t within(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

/* Never 0, which is "never asked". */
static int64_t until(int64_t now, int64_t ttl)
{
    return now + within(ttl, LIMIT_POLICY_TTL_MIN_S, LIMIT_POLICY_TTL_MAX_S);
}

enum sts_status policy_entry_record(struct policy_entry *entry,
                                    const struct sts_cache_record *record, int64_t ttl, int64_t now)
{
    char *id = NULL;

    entry->busy[POLICY_PART_RECORD] = false;
    entry->record_until = until(now, ttl);
    if (record->seen == STS_SEEN_UNKNOWN)
        return STS_OK;
    if (record->seen == STS_SEEN_RECORD && record->id) {
        id = talloc_strdup(entry, record->id);
        if (!id)
            return STS_E_NOMEM;
    }
    talloc_free(entry->id);
    entry->id = id;
    entry->seen = record->seen;
    return STS_OK;
}

static struct live_policy *copy_policy(struct policy_entry *entry, const struct live_policy *policy)
{
    struct live_policy *copy = talloc_zero(entry, struct live_policy);
    const char **mx = copy ? talloc_zero_array(copy, const char *, policy->mx_count) : NULL;
    bool good = mx != NULL;

    for (size_t i = 0; good && i < policy->mx_count; i++)
        good = (mx[i] = talloc_strdup(mx, policy->mx[i])) != NULL;
    if (good && policy->id)
        good = (copy->id = talloc_strdup(copy, policy->id)) != NULL;
    if (!good) {
        talloc_free(copy);
        return NULL;
    }
    copy->mode = policy->mode;
    copy->max_age = policy->max_age;
    copy->mx = mx;
    copy->mx_count = policy->mx_count;
    return copy;
}

/* Of a week or a day: in the last half of the first day, in the second quarter of it. */
static int64_t refresh_after(int64_t max_age, uint32_t chance)
{
    int64_t high = within(max_age / 2, 0, LIMIT_POLICY_REFRESH_S);
    int64_t low = high / 2;

    return low + (int64_t)(chance % (uint64_t)(high - low + 1));
}

enum sts_status policy_entry_fetched(struct policy_entry *entry, const struct live_policy *policy,
                                     int64_t now, uint32_t chance)
{
    struct live_policy *copy = copy_policy(entry, policy);

    entry->busy[POLICY_PART_POLICY] = false;
    if (!copy)
        return STS_E_NOMEM;
    talloc_free(entry->policy);
    TALLOC_FREE(entry->failed_id);
    entry->policy = copy;
    entry->fetched_at = now;
    entry->refresh_after = refresh_after(policy->max_age, chance);
    entry->failed_at = 0;
    entry->failures = 0;
    entry_sort(entry);
    return STS_OK;
}

static bool is_same(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

void policy_entry_failed(struct policy_entry *entry, int64_t now)
{
    entry->busy[POLICY_PART_POLICY] = false;
    if (entry->failed_at && !is_same(entry->failed_id, entry->id))
        entry->failures = 0;
    entry->failures++;
    entry->failed_at = now;
    talloc_free(entry->failed_id);
    entry->failed_id = entry->id ? talloc_strdup(entry, entry->id) : NULL; /* NULL: of any id */
    /* A clock that was set back: else it could apply for twice its max_age (cache.h). */
    if (entry->policy && entry->fetched_at > now)
        entry->fetched_at = now;
}

static const char **copy_hosts(struct policy_entry *entry, const struct policy_known *found)
{
    const char **hosts = talloc_zero_array(entry, const char *, found->mx_host_count);

    for (size_t i = 0; hosts && i < found->mx_host_count; i++) {
        hosts[i] = talloc_strdup(hosts, found->mx_hosts[i]);
        if (!hosts[i])
            TALLOC_FREE(hosts);
    }
    return hosts;
}

enum sts_status policy_entry_dane(struct policy_entry *entry, const struct policy_known *found,
                                  int64_t ttl, int64_t now)
{
    const char **hosts;

    entry->busy[POLICY_PART_DANE] = false;
    entry->dane_until = until(now, ttl);
    if (!found)
        return STS_OK;
    hosts = copy_hosts(entry, found);
    if (!hosts)
        return STS_E_NOMEM;
    talloc_free(entry->mx_hosts);
    entry->mx_hosts = hosts;
    entry->mx_host_count = found->mx_host_count;
    entry->dane = found->dane;
    entry_sort(entry);
    return STS_OK;
}

/* ---- the answer ------------------------------------------------------------------------------ */

struct policy_known policy_entry_known(const struct policy_entry *entry, int64_t now)
{
    enum sts_cache_action action = policy_entry_decision(entry, now).action;
    bool applies = action == STS_CACHE_USE || action == STS_CACHE_REFETCH;

    return (struct policy_known){.domain = entry->domain,
                                 .policy = applies ? entry->policy : NULL,
                                 .dane = entry->dane,
                                 .mx_hosts = entry->mx_hosts,
                                 .mx_host_count = entry->mx_host_count};
}
