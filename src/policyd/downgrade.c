/* SPDX-License-Identifier: MIT */
/* downgrade.c - by the part that was looked up. */
#include "policyd/downgrade.h"

#include <string.h>

#include <mtasts/match.h>

#include "policyd/limits.h"
#include "policyd/policy_cache_work.h"

#define BIT(downgrade) (1u << (downgrade))

const char *downgrade_name(enum downgrade downgrade)
{
    static const char *const names[DOWNGRADES] = {
        [DOWNGRADE_RECORD] = "record",           [DOWNGRADE_MODE] = "mode",
        [DOWNGRADE_PATTERNS] = "patterns",       [DOWNGRADE_MAX_AGE] = "max-age",
        [DOWNGRADE_CERTIFICATE] = "certificate", [DOWNGRADE_DANE] = "dane"};

    return names[downgrade];
}

/* Of a wildcard only the same wildcard covers all hosts. */
static bool is_covered(const struct live_policy *policy, const char *pattern)
{
    for (size_t i = 0; i < policy->mx_count; i++)
        if (!strcmp(policy->mx[i], pattern) ||
            (pattern[0] != '*' && sts_name_match(policy->mx[i], pattern)))
            return true;
    return false;
}

static unsigned of_policy(const struct live_policy *before, const struct live_policy *now)
{
    unsigned found = 0;

    if (now->mode != STS_MODE_ENFORCE)
        return BIT(DOWNGRADE_MODE);
    for (size_t i = 0; i < now->mx_count; i++)
        if (!is_covered(before, now->mx[i]))
            found |= BIT(DOWNGRADE_PATTERNS);
    if (now->max_age < before->max_age / LIMIT_MAX_AGE_SHORTER)
        found |= BIT(DOWNGRADE_MAX_AGE);
    return found;
}

static unsigned of_fetch(const struct policy_entry *entry, const struct live_policy *before,
                         const struct policy_found *found)
{
    const char *failure = policy_entry_failure(entry);
    bool is_new = !failure || strcmp(failure, "certificate") != 0;

    if (found->policy)
        return of_policy(before, found->policy);
    return is_new && found->why && !strcmp(found->why, "certificate") ? BIT(DOWNGRADE_CERTIFICATE)
                                                                      : 0;
}

unsigned downgrades_of(const struct policy_entry *entry, const struct policy_found *found,
                       int64_t now)
{
    const struct live_policy *policy = policy_entry_known(entry, now).policy;

    if (found->part == POLICY_PART_DANE)
        return entry->dane == DANE_COVER_ALL && found->dane_known &&
                       found->dane.dane != DANE_COVER_ALL
                   ? BIT(DOWNGRADE_DANE)
                   : 0;
    if (!policy || policy->mode != STS_MODE_ENFORCE)
        return 0;
    if (found->part == POLICY_PART_POLICY)
        return of_fetch(entry, policy, found);
    /* Of a policy out of the store it is not known whether the record was there until now. */
    return entry->seen != STS_SEEN_NONE && found->record.seen == STS_SEEN_NONE
               ? BIT(DOWNGRADE_RECORD)
               : 0;
}
