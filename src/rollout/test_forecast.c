/* SPDX-License-Identifier: MIT */
/* test_forecast.c - effective dates against a small simulation of senders.
 *
 * Each simulated sender has a resolver that keeps the TXT answer for its TTL, and a copy of the
 * policy with the time it was fetched.  Mail comes at every tick; senders differ in when they
 * began.  The last tick at which any of them still acts on the old policy must lie a few ticks
 * before the forecast, never behind it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rollout/forecast.h"

enum { TICK = 300 };

struct sender {
    enum behaviour behaviour;
    int64_t phase;      /* when its resolver, which others use too, refreshes the TXT answer */
    int64_t fetched_at; /* -1: holds none */
    int policy, held_id;
    int64_t looked_at; /* at the id, of the daily one */
};

struct world {
    struct change change;
    bool first; /* nothing was published before */
};

static int txt_seen(const struct sender *s, const struct world *w, int64_t now)
{
    int64_t asked = now - (now - s->phase) % w->change.record_ttl;

    if (asked >= w->change.record_at)
        return 2;
    return w->first ? 0 : 1;
}

static void fetch(struct sender *s, const struct world *w, int64_t now, int id)
{
    s->policy = now >= w->change.file_at ? 2 : 1;
    s->fetched_at = now;
    s->held_id = id;
}

/* One delivery: the policy that is applied, 0 none. */
static int deliver(struct sender *s, const struct world *w, int64_t now)
{
    int64_t max_age = s->policy == 2 ? 86400 * 365 : w->change.old_max_age;
    bool holds = s->fetched_at >= 0 && now < s->fetched_at + max_age;
    bool due = !holds || s->behaviour == BEHAVIOUR_EACH_DELIVERY ||
               (s->behaviour == BEHAVIOUR_DAILY && now >= s->looked_at + ADVISORY_DAY);
    int id = due ? txt_seen(s, w, now) : 0;

    if (due)
        s->looked_at = now;
    if (id && (!holds || id != s->held_id))
        fetch(s, w, now, id);
    else if (!holds)
        s->policy = 0;
    return s->policy;
}

/* One sender from its first mail on: the last tick at which it did not act on the new policy. */
static int64_t last_old_of(const struct world *w, enum behaviour behaviour, int64_t begin,
                           int64_t phase)
{
    int64_t end = w->change.record_at + w->change.old_max_age + w->change.record_ttl + 172800;
    struct sender s = {.behaviour = behaviour, .phase = phase, .fetched_at = -1};
    int64_t last = 0;

    for (int64_t now = begin; now < end; now += TICK) {
        if (deliver(&s, w, now) != 2)
            last = now;
    }
    return last;
}

/* The last of all, whenever within the last day they and their resolvers began. */
static int64_t last_old(const struct world *w, enum behaviour behaviour)
{
    int64_t last = 0;

    for (int64_t begin = w->change.file_at - 87000; begin < w->change.file_at; begin += TICK) {
        for (int64_t late = 0; late < w->change.record_ttl; late += TICK) {
            int64_t one = last_old_of(w, behaviour, begin, w->change.file_at - 172800 - late);

            last = one > last ? one : last;
        }
    }
    return last;
}

#define AT ((int64_t)300000 * TICK)

static void senders_follow_in_time(void **state)
{
    static const struct {
        int64_t file_at, record_at, ttl, max_age;
        bool first;
    } cases[] = {
        {AT, AT, 300, 86400, false},           {AT, AT, 3600, 604800, false},
        {AT, AT + 3600, 43200, 604800, false}, {AT, AT, 3600, 2592000, false},
        {AT, AT + 600, 900, 3600, false},      {AT, AT, 3600, 0, true},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct world w = {.change = {.file_at = cases[i].file_at,
                                     .record_at = cases[i].record_at,
                                     .record_ttl = cases[i].ttl,
                                     .old_max_age = cases[i].max_age},
                          .first = cases[i].first};

        for (int b = 0; b < BEHAVIOUR_COUNT; b++) {
            int64_t bound = forecast(&w.change, (enum behaviour)b);
            int64_t last = last_old(&w, (enum behaviour)b);

            if (last >= bound)
                fail_msg("case %zu, %s: old at %lld, forecast %lld", i,
                         behaviour_name((enum behaviour)b), (long long)(last - AT),
                         (long long)(bound - AT));
            if (w.change.old_max_age && w.change.old_max_age < ADVISORY_DAY)
                continue; /* wider, for senders that count max_age anew when they see the id */
            /* Not so wide that it says nothing: three ticks are lost by counting in ticks. */
            if (last + 3 * TICK < bound)
                fail_msg("case %zu, %s: old until %lld only, forecast %lld", i,
                         behaviour_name((enum behaviour)b), (long long)(last - AT),
                         (long long)(bound - AT));
        }
    }
}

static void older_copies_count(void **state)
{
    struct served policies[] = {
        {.mode = STS_MODE_ENFORCE, .max_age = 2592000, .last_seen = 900, .gone_at = 1000},
        {.mode = STS_MODE_TESTING, .max_age = 86400, .last_seen = 2000, .gone_at = 2500},
    };
    struct history history = {.policies = policies, .policy_count = 2};
    struct live_policy live = {.mode = STS_MODE_ENFORCE, .max_age = 604800};

    assert_int_equal(held_until(&history, &live, 3000, NULL, NULL), 1000 + 2592000);
    assert_int_equal(held_until(NULL, &live, 3000, NULL, NULL), 3000 + 604800);
    /* Replaced under the same id: some extend it as long as they see the id. */
    policies[0].id = live.id = "1";
    assert_int_equal(held_until(&history, &live, 3000, NULL, NULL), 3000 + 2592000);
    live.id = "2";
    assert_int_equal(held_until(&history, &live, 3000, NULL, NULL), 1000 + 2592000);
    /* As long as it was not seen to be gone, it may be served. */
    history.policy_count = 1;
    assert_int_equal(held_until(&history, NULL, 3000, NULL, NULL), 1000 + 2592000);
    assert_int_equal(copies_expire(&(struct served){.max_age = 60, .last_seen = 5}, 3000), 3060);
    history.max_age_told = 31557600;
    assert_int_equal(held_until(&history, NULL, 3000, NULL, NULL), 3000 + 31557600);
}

static void the_whole_ttl_counts(void **state)
{
    struct dns_answer left = {.outcome = DNS_OUTCOME_FOUND, .ttl = 37, .negative_ttl = -1};
    struct dns_answer whole = {.outcome = DNS_OUTCOME_FOUND, .ttl = 7200, .negative_ttl = -1};
    struct dns_answer none = {.outcome = DNS_OUTCOME_NXDOMAIN, .ttl = -1, .negative_ttl = 900};
    struct authority servers[] = {{.sts_txt = NULL}, {.sts_txt = &whole}};
    struct facts facts = {.sts_txt = &left};

    assert_int_equal(record_ttl(&facts, 3600), 37);
    facts.authorities = servers;
    facts.authority_count = 2;
    assert_int_equal(record_ttl(&facts, 3600), 7200);
    facts = (struct facts){.sts_txt = &none};
    assert_int_equal(record_ttl(&facts, 3600), 900);
    facts.sts_txt = NULL;
    assert_int_equal(record_ttl(&facts, 3600), 3600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(senders_follow_in_time),
        cmocka_unit_test(older_copies_count),
        cmocka_unit_test(the_whole_ttl_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
