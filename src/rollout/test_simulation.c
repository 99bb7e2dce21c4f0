/* SPDX-License-Identifier: MIT */
/* test_simulation.c - the dates of rollback, migration and removal against simulated senders.
 *
 * A world is what was published when: policies, each with a record that follows its file.  Its
 * senders take mail at every tick; they differ in how they look for changes, in when they had
 * their first mail, and in when the resolver they share refreshes the TXT answer.  A date that is
 * advised must not be earlier than the last sender that still acts on an old policy, and not much
 * later either. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "rollout/plan.h"
#include "rules/test_facts.h"

enum { TICK = 900, TTL = 3600, PUBLISHED_MAX = 4 };

/* ---- the world ------------------------------------------------------------------------------- */

struct publication {
    int64_t at; /* of the file and of its record; the record counts as its number */
    enum sts_mode mode;
    int64_t max_age;
    bool knows_new; /* the new MX host is covered */
};

struct world {
    struct publication all[PUBLISHED_MAX];
    int count;
    int64_t record_gone, host_gone; /* INT64_MAX: never */
};

/* The last one published by then; -1: none. */
static int published_at(const struct world *w, int64_t t)
{
    int last = -1;

    for (int i = 0; i < w->count; i++) {
        if (w->all[i].at <= t)
            last = i;
    }
    return last;
}

/* ---- one sender ------------------------------------------------------------------------------ */

struct sender {
    enum behaviour behaviour;
    int64_t phase; /* when the resolver it shares refreshes the TXT answer */
    int held;      /* -1: nothing */
    int64_t fetched_at, looked_at;
};

static int record_seen(const struct sender *s, const struct world *w, int64_t t)
{
    int64_t asked = t - (t - s->phase) % TTL;

    return asked >= w->record_gone ? -1 : published_at(w, asked);
}

static bool is_due(const struct sender *s, int64_t t)
{
    switch (s->behaviour) {
    case BEHAVIOUR_EACH_DELIVERY:
        return true;
    case BEHAVIOUR_DAILY:
        return t >= s->looked_at + ADVISORY_DAY;
    default:
        return false;
    }
}

/* One delivery: the policy that it goes by; -1: none. */
static int deliver(struct sender *s, const struct world *w, int64_t t)
{
    int record;

    if (s->held >= 0 && t >= s->fetched_at + w->all[s->held].max_age)
        s->held = -1;
    if (s->held >= 0 && !is_due(s, t))
        return s->held;
    s->looked_at = t;
    record = record_seen(s, w, t);
    /* No record, or the same: what is held stays in force.  The file may be newer than the record
     * that leads to it. */
    if (record >= 0 && record != s->held && t < w->host_gone) {
        s->held = published_at(w, t);
        s->fetched_at = t;
    }
    return s->held;
}

/* ---- all senders ----------------------------------------------------------------------------- */

typedef bool (*bad_fn)(const struct publication *held);

static bool enforces(const struct publication *held)
{
    return held->mode == STS_MODE_ENFORCE;
}

static bool refuses_new(const struct publication *held)
{
    return held->mode == STS_MODE_ENFORCE && !held->knows_new;
}

/* The last tick at which one that had its first mail at `first` goes by a bad policy; 0: never. */
static int64_t last_of(const struct world *w, enum behaviour behaviour, int64_t first,
                       int64_t phase, int64_t until, bad_fn bad)
{
    struct sender s = {.behaviour = behaviour, .phase = phase, .held = -1};
    int64_t last = 0;

    for (int64_t t = first; t < until; t += TICK) {
        int held = deliver(&s, w, t);

        if (held >= 0 && bad(&w->all[held]))
            last = t;
    }
    return last;
}

/* Of all that had their first mail within a day before one of the changes. */
static int64_t last_bad(const struct world *w, enum behaviour behaviour, int64_t until, bad_fn bad)
{
    int64_t last = 0;

    for (int i = 1; i < w->count; i++) {
        for (int64_t back = TICK; back <= ADVISORY_DAY + TICK; back += TICK) {
            for (int64_t late = 0; late < TTL; late += TICK) {
                int64_t one = last_of(w, behaviour, w->all[i].at - back,
                                      w->all[0].at - ADVISORY_DAY - late, until, bad);

                last = one > last ? one : last;
            }
        }
    }
    return last;
}

/* ---- the advice ------------------------------------------------------------------------------ */

static const char *const mx[] = {"mx1.example.com", "mx2.example.net"};

struct told {
    TALLOC_CTX *ctx;
    struct advisory *advisory;
};

typedef void (*plan_fn)(struct advisory *a, const struct situation *s, const struct plan_wish *w);

/* What the program says now of this world, whose last publication is the one it is about to
 * advise; the store has seen the others until the next took their place. */
static struct told ask(const struct world *w, plan_fn fn)
{
    struct told told = {.ctx = talloc_new(NULL)};
    struct facts *facts = healthy(told.ctx);
    struct served past[PUBLISHED_MAX];
    struct history history = {.policies = past, .policy_count = (size_t)w->count - 1};
    struct plan_wish wish = {.new_mx = mx + 1, .new_mx_count = 1};
    const struct publication *live = &w->all[w->count - 2];
    struct situation s;
    struct diagnosis *d;

    facts->sts_txt->ttl = TTL;
    set_policy(facts, talloc_asprintf(facts, "version: STSv1\nmode: %s\nmx: %s\n%smax_age: %lld\n",
                                      sts_mode_name(live->mode), mx[0],
                                      live->knows_new ? "mx: mx2.example.net\n" : "",
                                      (long long)live->max_age));
    for (int i = 0; i < w->count - 1; i++)
        past[i] = (struct served){.id = talloc_asprintf(told.ctx, "%d", i),
                                  .mode = w->all[i].mode,
                                  .max_age = w->all[i].max_age,
                                  .mx = mx,
                                  .mx_count = w->all[i].knows_new ? 2 : 1,
                                  .first_seen = w->all[i].at,
                                  .last_seen = w->all[i + 1].at - TICK,
                                  .gone_at = i + 2 < w->count ? w->all[i + 1].at : 0};
    assert_int_equal(diagnose(told.ctx, facts, NOW, &d), STS_OK);
    told.advisory = advisory_new(told.ctx, "example.com", facts, NOW);
    assert_non_null(told.advisory);
    situation_read(&s, d, &history, 0, NOW);
    fn(told.advisory, &s, &wish);
    assert_false(told.advisory->no_memory);
    return told;
}

static int64_t time_of(const struct told *told, const char *name)
{
    for (size_t i = 0; i < told->advisory->member_count; i++) {
        if (strcmp(told->advisory->members[i].name, name) == 0)
            return told->advisory->members[i].number;
    }
    fail_msg("%s is not said", name);
    return 0;
}

/* Not before the last bad delivery, and not long after it. */
static void bounds(const char *name, int64_t last, int64_t bound)
{
    if (last >= bound)
        fail_msg("%s: bad at %lld, said %lld", name, (long long)(last - NOW),
                 (long long)(bound - NOW));
    if (last + 3 * (int64_t)TICK < bound)
        fail_msg("%s: bad until %lld only, said %lld", name, (long long)(last - NOW),
                 (long long)(bound - NOW));
}

/* ---- the cases ------------------------------------------------------------------------------- */

#define FOREVER .record_gone = INT64_MAX, .host_gone = INT64_MAX

static void a_rollback(void **state)
{
    static const struct world worlds[] = {
        {.all = {{NOW - 50 * DAY, STS_MODE_ENFORCE, 2592000, false},
                 {NOW, STS_MODE_TESTING, 86400, false}},
         .count = 2,
         FOREVER},
        /* The month of the policy before lasts longer than the week of the live one. */
        {.all = {{NOW - 60 * DAY, STS_MODE_ENFORCE, 2592000, false},
                 {NOW - 20 * DAY, STS_MODE_ENFORCE, 604800, false},
                 {NOW, STS_MODE_TESTING, 86400, false}},
         .count = 3,
         FOREVER},
        {.all = {{NOW - 60 * DAY, STS_MODE_TESTING, 604800, false},
                 {NOW - 5 * DAY, STS_MODE_ENFORCE, 604800, false},
                 {NOW, STS_MODE_TESTING, 86400, false}},
         .count = 3,
         FOREVER},
    };

    for (size_t i = 0; i < sizeof(worlds) / sizeof(worlds[0]); i++) {
        struct told told = ask(&worlds[i], plan_rollback);

        for (int b = 0; b < BEHAVIOUR_COUNT; b++) {
            int64_t last = last_bad(&worlds[i], (enum behaviour)b, NOW + 35 * DAY, enforces);
            int64_t bound = told.advisory->effective_by[b].until;

            bounds(behaviour_name((enum behaviour)b), last, bound);
            assert_true(bound <= time_of(&told, "enforced_until"));
        }
        talloc_free(told.ctx);
    }
}

static void a_migration(void **state)
{
    static const struct world worlds[] = {
        {.all = {{NOW - 50 * DAY, STS_MODE_ENFORCE, 604800, false},
                 {NOW, STS_MODE_ENFORCE, 604800, true}},
         .count = 2,
         FOREVER},
        {.all = {{NOW - 50 * DAY, STS_MODE_ENFORCE, 2592000, false},
                 {NOW - 15 * DAY, STS_MODE_ENFORCE, 604800, false},
                 {NOW, STS_MODE_ENFORCE, 604800, true}},
         .count = 3,
         FOREVER},
    };

    for (size_t i = 0; i < sizeof(worlds) / sizeof(worlds[0]); i++) {
        struct told told = ask(&worlds[i], plan_migration);
        int64_t last = last_bad(&worlds[i], BEHAVIOUR_MAX_AGE, NOW + 35 * DAY, refuses_new);

        bounds("alone", last, time_of(&told, "safe_alone_at"));
        for (int b = 0; b < BEHAVIOUR_MAX_AGE; b++) {
            last = last_bad(&worlds[i], (enum behaviour)b, NOW + 35 * DAY, refuses_new);
            bounds(behaviour_name((enum behaviour)b), last, told.advisory->effective_by[b].until);
        }
        talloc_free(told.ctx);
    }
}

/* Record and host go on the days advised: whoever demanded anything has stopped by then. */
static void a_removal(void **state)
{
    static const struct world worlds[] = {
        {.all = {{NOW - 50 * DAY, STS_MODE_ENFORCE, 604800, false},
                 {NOW, STS_MODE_NONE, 86400, false}},
         .count = 2,
         FOREVER},
        {.all = {{NOW - 50 * DAY, STS_MODE_ENFORCE, 2592000, false},
                 {NOW - 3 * DAY, STS_MODE_TESTING, 86400, false},
                 {NOW, STS_MODE_NONE, 86400, false}},
         .count = 3,
         FOREVER},
    };

    for (size_t i = 0; i < sizeof(worlds) / sizeof(worlds[0]); i++) {
        struct told told = ask(&worlds[i], plan_remove);
        struct world w = worlds[i];
        int64_t last = 0;

        w.record_gone = time_of(&told, "remove_record_at");
        w.host_gone = time_of(&told, "remove_host_at");
        assert_true(w.record_gone < w.host_gone);
        for (int b = 0; b < BEHAVIOUR_COUNT; b++) {
            int64_t one = last_bad(&w, (enum behaviour)b, NOW + 40 * DAY, enforces);

            last = one > last ? one : last;
        }
        bounds("removed", last, w.record_gone);
        talloc_free(told.ctx);
    }
}

/* Why host and record stay: without them those that do look learn of nothing, and enforce for as
 * long as those that do not. */
static void a_hasty_removal(void **state)
{
    struct world w = {.all = {{NOW - 50 * DAY, STS_MODE_ENFORCE, 2592000, false},
                              {NOW, STS_MODE_NONE, 86400, false}},
                      .count = 2,
                      .record_gone = NOW,
                      .host_gone = NOW};
    struct told told = ask(&w, plan_remove);

    assert_true(last_bad(&w, BEHAVIOUR_EACH_DELIVERY, NOW + 40 * DAY, enforces) >
                told.advisory->effective_by[BEHAVIOUR_EACH_DELIVERY].until + 20 * DAY);
    talloc_free(told.ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rollback),
        cmocka_unit_test(a_migration),
        cmocka_unit_test(a_removal),
        cmocka_unit_test(a_hasty_removal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
