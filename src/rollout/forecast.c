/* SPDX-License-Identifier: MIT */
/* forecast.c - the time by which senders of each behaviour act on a change. */
#include "rollout/forecast.h"

#include <string.h>

#include <mtasts/cache.h>
#include <mtasts/match.h>

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

int64_t forecast(const struct change *c, enum behaviour behaviour)
{
    switch (behaviour) {
    case BEHAVIOUR_EACH_DELIVERY:
        return c->record_at + c->record_ttl;
    case BEHAVIOUR_DAILY:
        /* The last look that still sees the old id is a TTL after the change; some count max_age
         * anew from it.  What expires within the day is looked up again before that. */
        return c->record_at + c->record_ttl + least(ADVISORY_DAY, c->old_max_age);
    default:
        /* Fetched last in the second before the file changed.  Who holds none looks as above. */
        if (!c->old_max_age && !c->held_until)
            return c->record_at + c->record_ttl;
        return most(c->file_at + c->old_max_age, c->held_until);
    }
}

void forecast_all(struct advisory *a, const struct change *change)
{
    a->effective_from = change->file_at;
    for (int b = 0; b < BEHAVIOUR_COUNT; b++)
        advisory_effective_by(a, (enum behaviour)b, forecast(change, (enum behaviour)b));
}

int64_t copies_expire(const struct served *served, int64_t now)
{
    return sts_cache_expiry(served->gone_at ? served->gone_at : now, served->max_age);
}

/* Its file was replaced under the id that is still published: who looks at the id alone (mox,
 * postfix-mta-sts-resolver) goes on counting its max_age anew, without reading the policy. */
static bool is_extended(const struct served *old, const struct live_policy *live)
{
    return live && old->gone_at && old->id && live->id && strcmp(old->id, live->id) == 0;
}

int64_t held_until(const struct history *history, const struct live_policy *live, int64_t now,
                   served_matters matters, void *arg)
{
    int64_t until = 0;

    for (size_t i = 0; history && i < history->policy_count; i++) {
        const struct served *old = &history->policies[i];

        if (!matters || matters(arg, old))
            until =
                most(until, is_extended(old, live) ? now + old->max_age : copies_expire(old, now));
    }
    if (live) {
        struct served served = {.id = live->id,
                                .mode = live->mode,
                                .max_age = live->max_age,
                                .mx = live->mx,
                                .mx_count = live->mx_count};

        if (!matters || matters(arg, &served))
            until = most(until, now + live->max_age);
    }
    /* A max_age of which only the person knows: served until now, for all we know. */
    if (history && history->max_age_told)
        until = most(until, now + history->max_age_told);
    return until;
}

static int64_t ttl_of(const struct dns_answer *answer)
{
    if (!answer)
        return -1;
    return answer->outcome == DNS_OUTCOME_FOUND ? answer->ttl : answer->negative_ttl;
}

/* A resolver tells what is left of the TTL, the domain's own servers tell all of it. */
int64_t record_ttl(const struct facts *facts, int64_t otherwise)
{
    int64_t ttl = facts ? ttl_of(facts->sts_txt) : -1;

    for (size_t i = 0; facts && i < facts->authority_count; i++)
        ttl = most(ttl, ttl_of(facts->authorities[i].sts_txt));
    return ttl >= 0 ? ttl : otherwise;
}

bool patterns_cover(const char *const *patterns, size_t count, const char *host)
{
    for (size_t i = 0; i < count; i++) {
        if (sts_name_match(patterns[i], host))
            return true;
    }
    return false;
}
