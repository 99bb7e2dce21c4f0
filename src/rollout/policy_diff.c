/* SPDX-License-Identifier: MIT */
/* policy_diff.c - what a change from one policy text to another needs. */
#include "rollout/policy_diff.h"

#include <inttypes.h>
#include <string.h>

#include "rollout/forecast.h"

struct pair {
    const struct live_policy *old, *new;
    const char **lost; /* patterns of the old alone that no pattern of the new stands for */
    size_t lost_count;
    const char **gained;
    size_t gained_count;
    const char **refused; /* MX hosts, of --mx, that only the new covers */
    size_t refused_count;
};

/* Is every host that the pattern stands for covered by the list?  "*.b" stands for "a.b"; only the
 * same wildcard stands for a wildcard. */
static bool listed(const struct live_policy *policy, const char *pattern)
{
    for (size_t i = 0; i < policy->mx_count; i++) {
        if (strcmp(policy->mx[i], pattern) == 0)
            return true;
    }
    return patterns_cover(policy->mx, policy->mx_count, pattern);
}

static const char **missing_in(struct advisory *a, const struct live_policy *from,
                               const struct live_policy *in, size_t *ret_count)
{
    const char **list = talloc_zero_array(a, const char *, (unsigned)from->mx_count + 1);

    *ret_count = 0;
    if (!list) {
        a->no_memory = true;
        return NULL;
    }
    for (size_t i = 0; i < from->mx_count; i++) {
        if (!listed(in, from->mx[i]))
            list[(*ret_count)++] = from->mx[i];
    }
    return list;
}

static void refused_hosts(struct advisory *a, struct pair *pair, const struct lint *new)
{
    pair->refused = talloc_zero_array(a, const char *, (unsigned)new->mx_count + 1);
    if (!pair->refused) {
        a->no_memory = true;
        return;
    }
    for (size_t i = 0; i < new->mx_count; i++) {
        const char *host = new->mx[i].host;

        if (new->mx[i].covered && !patterns_cover(pair->old->mx, pair->old->mx_count, host))
            pair->refused[pair->refused_count++] = host;
    }
}

static bool demands(const struct live_policy *policy)
{
    return policy->mode == STS_MODE_ENFORCE;
}

/* In what senders act on; comments, order and line ends do not matter. */
static bool differ(const struct pair *pair)
{
    return pair->old->mode != pair->new->mode || pair->old->max_age != pair->new->max_age ||
           pair->lost_count || pair->gained_count;
}

static const char *days(struct advisory *a, int64_t seconds)
{
    if (seconds % ADVISORY_DAY == 0)
        return advisory_format(a, "%" PRId64, seconds / ADVISORY_DAY);
    return advisory_format(a, "%.1f", (double)seconds / (double)ADVISORY_DAY);
}

/* ---- notes ----------------------------------------------------------------------------------- */

static void note_gained(struct advisory *a, const struct pair *pair)
{
    if (!demands(pair->old))
        return;
    if (pair->refused_count)
        advisory_note(a, SEVERITY_HIGH, "refused-by-old",
                      N_("Senders with the old policy refuse {hosts} until they fetch the new one; "
                         "those that never check the id keep the old one for {days|day|days}."),
                      "hosts", advisory_join(a, pair->refused, pair->refused_count), "days",
                      days(a, pair->old->max_age), NULL);
    else if (pair->gained_count)
        advisory_note(
            a, SEVERITY_MEDIUM, "gained",
            N_("New: {patterns}. Senders with the old policy refuse hosts that only these lines "
               "cover, for up to {days|day|days}: keep the MX hosts of the old policy until then."),
            "patterns", advisory_join(a, pair->gained, pair->gained_count), "days",
            days(a, pair->old->max_age), NULL);
}

static void note_lost(struct advisory *a, const struct pair *pair)
{
    if (pair->lost_count && pair->new->mode != STS_MODE_NONE)
        advisory_note(a, demands(pair->new) ? SEVERITY_MEDIUM : SEVERITY_LOW, "lost",
                      N_("Removed: {patterns}. Senders that fetch the new policy refuse a mail "
                         "server that only these lines cover (in testing mode they report it)."),
                      "patterns", advisory_join(a, pair->lost, pair->lost_count), NULL);
}

static void note_mode(struct advisory *a, const struct pair *pair)
{
    if (!demands(pair->old) && demands(pair->new))
        advisory_note(a, SEVERITY_LOW, "to-enforce",
                      N_("With the new policy, senders refuse mail servers that fail validation. "
                         "Check first whether the domain is ready:\n"
                         "$ mtasts plan DOMAIN"),
                      NULL);
    else if (demands(pair->old) && !demands(pair->new))
        advisory_note(a, SEVERITY_LOW, "from-enforce",
                      N_("Senders that never check the id enforce the old policy for {days|more "
                         "day|more days}. This shows the dates:\n$ mtasts rollback DOMAIN"),
                      "days", days(a, pair->old->max_age), NULL);
    if (pair->new->max_age < pair->old->max_age)
        advisory_note(a, SEVERITY_INFO, "shorter",
                      N_("A shorter max_age only helps with the next change: cached copies of the "
                         "old policy remain valid for {days|day|days}."),
                      "days", days(a, pair->old->max_age), NULL);
}

/* ---- steps ----------------------------------------------------------------------------------- */

static void steps(struct advisory *a, const struct pair *pair)
{
    bool waits = demands(pair->old) && pair->gained_count;

    if (pair->lost_count && demands(pair->new))
        advisory_step(
            a, "mx-first", 0,
            N_("Remove the hosts of {patterns} from the MX records, then wait for the TTL "
               "of those records."),
            "patterns", advisory_join(a, pair->lost, pair->lost_count), NULL);
    advisory_step(a, "publish-policy", 0, N_("Publish the new policy file."), NULL);
    advisory_step(a, "publish-record", 0,
                  N_("Then publish the TXT record with a new id, never before the file."), NULL);
    if (waits)
        advisory_step(a, "mx-last", 0,
                      N_("Once one day and the TTL of the TXT record have passed, add MX records "
                         "for hosts that only {patterns} cover, next to the old ones; remove the "
                         "old ones after {days|day|days}."),
                      "patterns", advisory_join(a, pair->gained, pair->gained_count), "days",
                      days(a, pair->old->max_age), NULL);
}

static void compare(struct advisory *a, struct pair *pair, const struct lint *new)
{
    pair->lost = missing_in(a, pair->old, pair->new, &pair->lost_count);
    pair->gained = missing_in(a, pair->new, pair->old, &pair->gained_count);
    refused_hosts(a, pair, new);
    advisory_bool(a, "new_id_needed", differ(pair));
    advisory_list(a, "lost", pair->lost, pair->lost_count);
    advisory_list(a, "gained", pair->gained, pair->gained_count);
    advisory_list(a, "refused_by_old", pair->refused, pair->refused_count);
    advisory_number(a, "wait", pair->old->max_age);
    if (!differ(pair)) {
        advisory_headline(a, SEVERITY_INFO,
                          N_("both policies mean the same to senders. No new id is needed."), NULL);
        return;
    }
    advisory_headline(a, SEVERITY_INFO,
                      N_("the change needs a new id: without one, senders with the old policy do "
                         "not fetch the new one."),
                      NULL);
    note_gained(a, pair);
    note_lost(a, pair);
    note_mode(a, pair);
    steps(a, pair);
}

void policy_diff(struct advisory *a, const struct lint *old, const struct lint *new)
{
    struct pair pair = {.old = old->policy, .new = new->policy};

    if (!new->policy) {
        advisory_headline(a, SEVERITY_HIGH,
                          N_("the new policy is invalid: senders would keep the old one until it "
                             "expires, and new senders would have none."),
                          NULL);
        return;
    }
    if (!old->policy) {
        advisory_bool(a, "new_id_needed", true);
        advisory_headline(a, SEVERITY_INFO,
                          N_("the old policy is invalid, so no sender has it. Publish the new one, "
                             "then a new id."),
                          NULL);
        return;
    }
    compare(a, &pair, new);
}
