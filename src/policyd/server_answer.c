/* SPDX-License-Identifier: MIT */
/* server_answer.c - the answer to a request, counted and told. */
#include "policyd/server_work.h"

static void count_answer(struct policyd_counts *counts, const struct policyd_decision *decision)
{
    static const int64_t bounds[POLICYD_BUCKETS - 1] = {1, 10, 100, 1000, 5000};
    size_t bucket = 0;

    while (bucket < POLICYD_BUCKETS - 1 && decision->elapsed_ms > bounds[bucket])
        bucket++;
    counts->buckets[bucket]++;
    counts->elapsed_ms += decision->elapsed_ms;
    if (decision->override && decision->override->payload)
        counts->overridden++;
    else
        counts->answers[decision->answer]++;
    counts->late += decision->late;
    counts->refused += decision->refused;
}

/* As if the domain had no DANE. */
static const struct policy_made *reply_without_dane(struct policyd *policyd,
                                                    const struct policy_entry *entry,
                                                    enum reply_profile profile)
{
    struct policy_known known = policy_entry_known(entry, refresh_now(policyd->refresh));

    known.dane = DANE_COVER_NONE;
    talloc_free(policyd->overridden);
    policyd->overridden = policy_make(policyd, profile, &known);
    return policyd->overridden;
}

/* Where the cache has no room for the domain, nothing is known of it. */
static const struct policy_made *reply_of(struct policyd *policyd,
                                          const struct policyd_decision *decision,
                                          struct policy_entry *entry, enum reply_profile profile)
{
    static const struct policy_made nothing = {.text = SOCKETMAP_NOTHING};

    if (entry && decision->override)
        return reply_without_dane(policyd, entry, profile);
    return entry ? policy_entry_reply(entry, profile, refresh_now(policyd->refresh)) : &nothing;
}

void policyd_tell(struct policyd *policyd, const struct policyd_decision *decision)
{
    count_answer(&policyd->counts, decision);
    policyd->request.decided(policyd->request.arg, decision);
}

const char *policyd_decide(struct policyd *policyd, struct policyd_decision *decision,
                           struct policy_entry *entry, enum reply_profile profile)
{
    const struct policy_made *made = reply_of(policyd, decision, entry, profile);
    int64_t now = refresh_now(policyd->refresh);
    struct policy_known known;

    if (entry) {
        known = policy_entry_known(entry, now);
        decision->known = &known;
        decision->reason = policy_entry_decision(entry, now).reason;
        decision->why = policy_entry_failure(entry);
        decision->id = known.policy ? known.policy->id : NULL;
    }
    if (made) {
        decision->answer = made->answer;
        decision->cut = made->cut;
        decision->refused = made->refused;
    }
    policyd_tell(policyd, decision);
    decision->known = NULL;
    return made ? made->text : NULL;
}
