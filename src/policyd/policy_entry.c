/* SPDX-License-Identifier: MIT */
/* policy_entry.c - what is known of a domain, what is due, and what came of it. */
#include "policyd/policy_cache_work.h"

#include <string.h>

#include "policyd/limits.h"
#include "policyd/policy_text.h"

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

static bool lacks_dane(const struct policy_entry *entry, int64_t now)
{
    return !entry->cache->no_dane && is_over(entry->dane_until, now);
}

static bool is_to_be_fetched(enum sts_cache_action action)
{
    return action == STS_CACHE_FETCH || action == STS_CACHE_REFETCH;
}

/* Others may have fetched what is to be fetched. */
static bool lacks_stored(const struct policy_entry *entry, int64_t now)
{
    if (!entry->cache->has_store)
        return false;
    return !entry->recalled_at ||
           (is_to_be_fetched(policy_entry_decision(entry, now).action) &&
            (now - entry->recalled_at >= LIMIT_RECALL_S || now < entry->recalled_at));
}

bool policy_entry_due(const struct policy_entry *entry, enum policy_part part, int64_t now)
{
    if (entry->busy[part])
        return false;
    switch (part) {
    case POLICY_PART_RECORD:
        return is_over(entry->record_until, now);
    case POLICY_PART_DANE:
        return lacks_dane(entry, now);
    case POLICY_PART_STORED:
        return lacks_stored(entry, now);
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

/* What is secured by a policy does not wait for DANE that did not protect all hosts a moment ago.
 */
static bool waits_for_dane(const struct policy_entry *entry, bool applies, int64_t now)
{
    bool secured = applies && entry->policy->mode == STS_MODE_ENFORCE && entry->dane_at &&
                   entry->dane != DANE_COVER_ALL;

    return lacks_dane(entry, now) && !secured;
}

static bool waits_for_store(const struct policy_entry *entry)
{
    return entry->unstored || (entry->cache->has_store && !entry->recalled_at);
}

bool policy_entry_is_ready(const struct policy_entry *entry, int64_t now)
{
    enum sts_cache_action action = policy_entry_decision(entry, now).action;
    bool applies = action == STS_CACHE_USE || action == STS_CACHE_REFETCH;

    if (action == STS_CACHE_FETCH || waits_for_store(entry) || waits_for_dane(entry, applies, now))
        return false;
    return applies || !is_over(entry->record_until, now);
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

/* Of a week or a day: in the last half of the first day, in the second quarter of it. */
int64_t policy_refresh_after(int64_t max_age, uint32_t chance)
{
    int64_t high = within(max_age / 2, 0, LIMIT_POLICY_REFRESH_S);
    int64_t low = high / 2;

    return low + (int64_t)(chance % (uint64_t)(high - low + 1));
}

void policy_entry_hold(struct policy_entry *entry, struct live_policy *policy, int64_t fetched_at)
{
    struct policy_cache *cache = entry->cache;

    if (entry->policy)
        cache->bytes -= talloc_get_size(entry->policy);
    talloc_free(entry->policy);
    entry->policy = policy;
    cache->bytes += talloc_get_size(policy);
    entry->fetched_at = fetched_at;
    policy_entry_forget_replies(entry);
}

enum sts_status policy_entry_fetched(struct policy_entry *entry, const struct live_policy *policy,
                                     int64_t now, uint32_t chance)
{
    struct live_policy *copy = policy_copy(entry, policy);

    entry->busy[POLICY_PART_POLICY] = false;
    if (!copy)
        return STS_E_NOMEM;
    TALLOC_FREE(entry->failed_id);
    policy_entry_hold(entry, copy, now);
    entry->refresh_after = policy_refresh_after(policy->max_age, chance);
    entry->failed_at = 0;
    entry->failures = 0;
    entry->failed_why = NULL;
    policy_entry_sort(entry);
    return STS_OK;
}

static bool is_same(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

void policy_entry_failed(struct policy_entry *entry, const char *why, int64_t now)
{
    entry->busy[POLICY_PART_POLICY] = false;
    if (entry->failed_at && !is_same(entry->failed_id, entry->id))
        entry->failures = 0;
    entry->failures++;
    entry->failed_at = now;
    entry->failed_why = why;
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
    entry->dane_at = now;
    hosts = copy_hosts(entry, found);
    if (!hosts)
        return STS_E_NOMEM;
    talloc_free(entry->mx_hosts);
    entry->mx_hosts = hosts;
    entry->mx_host_count = found->mx_host_count;
    entry->dane = found->dane;
    policy_entry_forget_replies(entry);
    policy_entry_sort(entry);
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

const char *policy_entry_id(const struct policy_entry *entry)
{
    return entry->id;
}

const char *policy_entry_failure(const struct policy_entry *entry)
{
    return entry->failed_why;
}
