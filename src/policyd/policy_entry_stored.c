/* SPDX-License-Identifier: MIT */
/* policy_entry_stored.c - what of an entry goes into a store, and comes out of it. */
#include "policyd/policy_cache_work.h"

#include "policyd/limits.h"

struct policy_stored policy_entry_stored(const struct policy_entry *entry)
{
    return (struct policy_stored){.policy = policy_entry_view(entry),
                                  .fetched_at = entry->policy ? entry->fetched_at : 0,
                                  .dane = (enum dane_cover)entry->dane,
                                  .dane_at = entry->dane_at,
                                  .used_at = entry->used_at};
}

/* Most domains have neither, and are looked up again when mail goes there. */
bool policy_entry_is_unsaved(const struct policy_entry *entry)
{
    if (entry->dane != entry->stored_dane ||
        (entry->policy && entry->fetched_at != entry->stored_fetched_at))
        return true;
    return entry->is_holding && (int64_t)entry->used_at - entry->stored_used_at > LIMIT_SAVED_USE_S;
}

void policy_entry_save(struct policy_entry *entry, bool waited)
{
    entry->storing = true;
    entry->unstored = waited;
}

void policy_entry_save_again(struct policy_entry *entry)
{
    entry->unstored = true;
    entry->unstored_next = true;
}

bool policy_entry_is_saving(const struct policy_entry *entry)
{
    return entry->storing;
}

void policy_entry_wait_no_more(struct policy_entry *entry)
{
    entry->unstored = false;
}

bool policy_entry_saved(struct policy_entry *entry, const struct policy_stored *saved)
{
    bool again = entry->unstored_next;

    entry->storing = false;
    entry->unstored = false;
    entry->unstored_next = false;
    if (!saved)
        return false;
    entry->stored_fetched_at = policy_stamp(saved->fetched_at);
    entry->stored_dane = saved->dane & 3u;
    entry->stored_used_at = policy_stamp(saved->used_at);
    return again;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static enum sts_status take_policy(struct policy_entry *entry, const struct policy_stored *stored,
                                   int64_t now, uint32_t chance)
{
    int64_t fetched_at = earlier(stored->fetched_at, now);

    if (!stored->policy || (entry->policy && fetched_at <= entry->fetched_at))
        return STS_OK;
    return policy_entry_hold(entry, stored->policy, fetched_at, chance);
}

static void take_dane(struct policy_entry *entry, const struct policy_stored *stored, int64_t now)
{
    if (!stored->dane_at || (entry->dane_at && stored->dane_at <= entry->dane_at))
        return;
    entry->dane_at = policy_stamp(earlier(stored->dane_at, now));
    if (entry->dane == stored->dane)
        return;
    entry->dane = stored->dane & 3u;
    policy_entry_forget_replies(entry);
}

enum sts_status policy_entry_restore(struct policy_entry *entry, const struct policy_stored *stored,
                                     int64_t now, uint32_t chance)
{
    enum sts_status status = STS_OK;

    entry->busy &= ~(1u << POLICY_PART_STORED);
    entry->recalled = true;
    if (entry->recent)
        entry->recent->recalled_at = policy_stamp(now);
    if (!stored)
        return STS_OK;
    entry->stored_fetched_at = stored->moved ? 0 : policy_stamp(stored->fetched_at);
    entry->stored_dane = stored->dane & 3u;
    entry->stored_used_at = stored->moved ? 0 : policy_stamp(earlier(stored->used_at, now));
    status = take_policy(entry, stored, now, chance);
    take_dane(entry, stored, now);
    policy_entry_sort(entry);
    return status;
}
