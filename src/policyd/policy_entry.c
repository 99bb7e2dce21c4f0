/* SPDX-License-Identifier: MIT */
/* policy_entry.c - what is known of a domain, what is due, and what came of it. */
#include "policyd/policy_cache_work.h"

#include <string.h>

#include "policyd/limits.h"

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
    const struct policy_recent *recent = policy_entry_recent(entry);
    struct sts_cache_entry held = {.held = entry->policy != NULL,
                                   .fetched_at = entry->fetched_at,
                                   .failed_at = recent->failed_at,
                                   .failed_id = recent->failed_id};
    const struct sts_cache_record record = {(enum sts_seen)entry->seen, policy_entry_id(entry)};
    const struct sts_cache_tuning tuning = {.refresh_after = entry->refresh_after,
                                            .retry_after = pause_after(recent->failures)};

    if (entry->policy) {
        held.max_age = entry->policy->policy.max_age;
        held.mode = entry->policy->policy.mode;
        held.id = entry->policy_id;
    }
    return sts_cache_decide(&held, &record, now, &tuning);
}

static bool lacks_dane(const struct policy_entry *entry, int64_t now)
{
    return !entry->cache->no_dane && is_over(policy_entry_recent(entry)->dane_until, now);
}

static bool is_to_be_fetched(enum sts_cache_action action)
{
    return action == STS_CACHE_FETCH || action == STS_CACHE_REFETCH;
}

/* Others may have fetched what is to be fetched. */
static bool lacks_stored(const struct policy_entry *entry, int64_t now)
{
    int64_t recalled_at = policy_entry_recent(entry)->recalled_at;

    if (!entry->cache->has_store)
        return false;
    return !entry->recalled || (is_to_be_fetched(policy_entry_decision(entry, now).action) &&
                                (now - recalled_at >= LIMIT_RECALL_S || now < recalled_at));
}

bool policy_entry_due(const struct policy_entry *entry, enum policy_part part, int64_t now)
{
    if (!entry->recent || policy_entry_is_busy(entry, part))
        return false;
    switch (part) {
    case POLICY_PART_RECORD:
        return is_over(policy_entry_recent(entry)->record_until, now);
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
    entry->busy |= 1u << part;
}

bool policy_entry_is_busy(const struct policy_entry *entry, enum policy_part part)
{
    return entry->busy >> part & 1;
}

/* What is secured by a policy does not wait for DANE that did not protect all hosts a moment ago.
 */
static bool waits_for_dane(const struct policy_entry *entry, bool applies, int64_t now)
{
    bool secured = applies && entry->policy->policy.mode == STS_MODE_ENFORCE && entry->dane_at &&
                   entry->dane != DANE_COVER_ALL;

    return lacks_dane(entry, now) && !secured;
}

static bool waits_for_store(const struct policy_entry *entry)
{
    return entry->unstored || (entry->cache->has_store && !entry->recalled);
}

bool policy_entry_is_ready(const struct policy_entry *entry, int64_t now)
{
    enum sts_cache_action action = policy_entry_decision(entry, now).action;
    bool applies = action == STS_CACHE_USE || action == STS_CACHE_REFETCH;

    if (action == STS_CACHE_FETCH || waits_for_store(entry) || waits_for_dane(entry, applies, now))
        return false;
    return applies || !is_over(policy_entry_recent(entry)->record_until, now);
}

/* ---- what came of it ------------------------------------------------------------------------- */

static int64_t within(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

static void end_part(struct policy_entry *entry, enum policy_part part)
{
    entry->busy &= ~(1u << part);
}

/* Never 0, which is "never asked". */
static uint32_t until(int64_t now, int64_t ttl)
{
    return policy_stamp(now + within(ttl, LIMIT_POLICY_TTL_MIN_S, LIMIT_POLICY_TTL_MAX_S));
}

enum sts_status policy_entry_record(struct policy_entry *entry,
                                    const struct sts_cache_record *record, int64_t ttl, int64_t now)
{
    struct pieces *pieces = entry->cache->pieces;
    char *id = NULL;

    end_part(entry, POLICY_PART_RECORD);
    entry->recent->record_until = until(now, ttl);
    if (record->seen == STS_SEEN_UNKNOWN)
        return STS_OK;
    if (record->seen == STS_SEEN_RECORD && record->id) {
        id = pieces_text(pieces, record->id);
        if (!id)
            return STS_E_NOMEM;
    }
    pieces_give_text(pieces, entry->recent->id);
    entry->recent->id = id;
    entry->seen = record->seen;
    return STS_OK;
}

/* Between a quarter and three quarters of max_age; of a week, in the last half of the first day. */
int64_t policy_refresh_after(int64_t max_age, uint32_t chance)
{
    int64_t high = within(max_age - max_age / 4, 0, LIMIT_POLICY_REFRESH_S);
    int64_t low = within(max_age / 4, 0, LIMIT_POLICY_REFRESH_S / 2);

    return low + (int64_t)(chance % (uint64_t)(high - low + 1));
}

static void forget_failure(struct policy_entry *entry)
{
    struct policy_recent *recent = entry->recent;

    if (!recent)
        return;
    pieces_give_text(entry->cache->pieces, recent->failed_id);
    recent->failed_id = NULL;
    recent->failed_at = 0;
    recent->failures = 0;
    recent->failed_why = NULL;
}

enum sts_status policy_entry_hold(struct policy_entry *entry, const struct live_policy *policy,
                                  int64_t fetched_at, uint32_t chance)
{
    struct policy_cache *cache = entry->cache;
    char *id = policy->id ? pieces_text(cache->pieces, policy->id) : NULL;
    struct shelved_policy *shelved = policy_shelf_take(&cache->shelf, policy);

    if ((policy->id && !id) || !shelved) {
        pieces_give_text(cache->pieces, id);
        policy_shelf_give(&cache->shelf, shelved);
        return STS_E_NOMEM;
    }
    policy_shelf_give(&cache->shelf, entry->policy);
    pieces_give_text(cache->pieces, entry->policy_id);
    entry->policy = shelved;
    entry->policy_id = id;
    entry->fetched_at = policy_stamp(fetched_at);
    entry->refresh_after = (unsigned)policy_refresh_after(policy->max_age, chance) & 0x1ffff;
    forget_failure(entry);
    policy_entry_forget_replies(entry);
    return STS_OK;
}

enum sts_status policy_entry_fetched(struct policy_entry *entry, const struct live_policy *policy,
                                     int64_t now, uint32_t chance)
{
    enum sts_status status = policy_entry_hold(entry, policy, now, chance);

    end_part(entry, POLICY_PART_POLICY);
    policy_entry_sort(entry);
    return status;
}

static bool is_same(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

void policy_entry_failed(struct policy_entry *entry, const char *why, int64_t now)
{
    struct policy_recent *recent = entry->recent;
    const char *id = policy_entry_id(entry);

    end_part(entry, POLICY_PART_POLICY);
    if (recent->failed_at && !is_same(recent->failed_id, id))
        recent->failures = 0;
    recent->failures++;
    recent->failed_at = policy_stamp(now);
    recent->failed_why = why;
    pieces_give_text(entry->cache->pieces, recent->failed_id);
    recent->failed_id = id ? pieces_text(entry->cache->pieces, id) : NULL; /* NULL: of any id */
    /* A clock that was set back: else it could apply for twice its max_age (cache.h). */
    if (entry->policy && entry->fetched_at > now)
        entry->fetched_at = policy_stamp(now);
}

void policy_entry_failed_here(struct policy_entry *entry)
{
    struct policy_recent *recent = entry->recent;

    if (!recent || !recent->failed_why || !strcmp(recent->failed_why, "memory"))
        return;
    recent->failed_why = "local";
    recent->failures = 1;
}

enum sts_status policy_entry_dane(struct policy_entry *entry, const struct policy_known *found,
                                  int64_t ttl, int64_t now)
{
    struct policy_shelf *shelf = &entry->cache->shelf;
    struct shelved_policy *hosts;

    end_part(entry, POLICY_PART_DANE);
    entry->recent->dane_until = until(now, ttl);
    if (!found)
        return STS_OK;
    entry->dane_at = policy_stamp(now);
    hosts = policy_shelf_take(
        shelf, &(struct live_policy){.mx = found->mx_hosts, .mx_count = found->mx_host_count});
    if (!hosts)
        return STS_E_NOMEM;
    policy_shelf_give(shelf, entry->recent->mx_hosts);
    entry->recent->mx_hosts = hosts;
    entry->dane = found->dane;
    policy_entry_forget_replies(entry);
    policy_entry_sort(entry);
    return STS_OK;
}

/* ---- what is in use -------------------------------------------------------------------------- */

const struct policy_recent *policy_entry_recent(const struct policy_entry *entry)
{
    static const struct policy_recent none;

    return entry->recent ? entry->recent : &none;
}

bool policy_entry_wake(struct policy_entry *entry)
{
    struct pieces *pieces = entry->cache->pieces;
    struct policy_recent *recent = entry->recent;
    const char *id = policy_entry_id(entry);

    if (recent)
        return true;
    recent = pieces_take(pieces, sizeof(*recent));
    if (!recent)
        return false;
    recent->id = id ? pieces_text(pieces, id) : NULL;
    if (id && !recent->id) {
        pieces_give(pieces, recent, sizeof(*recent));
        return false;
    }
    entry->recent = recent;
    return true;
}

static void sleep_now(struct policy_entry *entry)
{
    struct pieces *pieces = entry->cache->pieces;
    struct policy_recent *recent = entry->recent;

    if (!recent)
        return;
    policy_entry_forget_replies(entry);
    policy_shelf_give(&entry->cache->shelf, recent->mx_hosts);
    pieces_give_text(pieces, recent->id);
    pieces_give_text(pieces, recent->failed_id);
    pieces_give(pieces, recent, sizeof(*recent));
    entry->recent = NULL;
}

/* A failure counts until it is over; and who sleeps has seen the record of its policy, or none. */
void policy_entry_rest(struct policy_entry *entry, int64_t now)
{
    const struct policy_recent *recent = policy_entry_recent(entry);

    if (now - entry->used_at > LIMIT_POLICY_RECENT_S && !policy_entry_is_under_way(entry) &&
        is_over(recent->record_until, now) && is_over(recent->dane_until, now) &&
        !recent->failed_at && is_same(policy_entry_id(entry), entry->policy_id))
        sleep_now(entry);
}

void policy_entry_clear(struct policy_entry *entry)
{
    sleep_now(entry);
    policy_shelf_give(&entry->cache->shelf, entry->policy);
    pieces_give_text(entry->cache->pieces, entry->policy_id);
}

/* ---- the answer ------------------------------------------------------------------------------ */

const struct live_policy *policy_entry_view(const struct policy_entry *entry)
{
    struct live_policy *view = &entry->cache->view;

    if (!entry->policy)
        return NULL;
    *view = entry->policy->policy;
    view->id = entry->policy_id;
    return view;
}

struct policy_known policy_entry_known(const struct policy_entry *entry, int64_t now)
{
    const struct shelved_policy *hosts = policy_entry_recent(entry)->mx_hosts;
    enum sts_cache_action action = policy_entry_decision(entry, now).action;
    bool applies = action == STS_CACHE_USE || action == STS_CACHE_REFETCH;

    return (struct policy_known){.domain = entry->domain,
                                 .policy = applies ? policy_entry_view(entry) : NULL,
                                 .dane = (enum dane_cover)entry->dane,
                                 .mx_hosts = hosts ? hosts->policy.mx : NULL,
                                 .mx_host_count = hosts ? hosts->policy.mx_count : 0};
}

const char *policy_entry_id(const struct policy_entry *entry)
{
    if (entry->seen != STS_SEEN_RECORD)
        return NULL;
    return entry->recent ? entry->recent->id : entry->policy_id;
}

const char *policy_entry_failure(const struct policy_entry *entry)
{
    return policy_entry_recent(entry)->failed_why;
}
