/* SPDX-License-Identifier: MIT */
/* test_cache.c - the policy held, the record seen, a time: what does a sender do? */
#include "mtasts/cache.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define T    1793491200 /* when the policy of the table was fetched */
#define HOUR ((int64_t)3600)
#define DAY  ((int64_t)86400)
#define WEEK (7 * DAY)

#define HELD(how, seconds) .entry = {true, T, seconds, STS_MODE_##how, "a", 0, NULL}
#define ENFORCE(seconds)   HELD(ENFORCE, seconds)
#define FAILED(at, id)     .entry = {true, T, WEEK, STS_MODE_ENFORCE, "a", at, id}
#define NOTHING            .entry = {0}
#define SEEN(value)        .record = {STS_SEEN_RECORD, value}
#define GONE               .record = {STS_SEEN_NONE, NULL}
#define UNKNOWN            .record = {STS_SEEN_UNKNOWN, NULL}
#define IS(what, why)      .action = STS_CACHE_##what, .reason = STS_CACHE_REASON_##why
#define UNTIL(expiry, n)   .expires_at = (expiry), .next_at = (n)

static const struct cache_case {
    struct sts_cache_entry entry;
    struct sts_cache_record record;
    int64_t after; /* seconds from T */
    enum sts_cache_action action;
    enum sts_cache_reason reason;
    int64_t expires_at, next_at; /* seconds from T; 0: none */
} cases[] = {
    /* nothing held */
    {NOTHING, SEEN("a"), 0, IS(FETCH, NOT_HELD)},
    {NOTHING, GONE, 0, IS(NONE, NO_RECORD)},
    {NOTHING, UNKNOWN, 0, IS(NONE, LOOKUP_FAILED)},

    /* held, and young */
    {ENFORCE(WEEK), SEEN("a"), 0, IS(USE, CURRENT), UNTIL(WEEK, DAY + 1)},
    {ENFORCE(WEEK), SEEN("a"), DAY, IS(USE, CURRENT), UNTIL(WEEK, DAY + 1)},
    {ENFORCE(WEEK), UNKNOWN, DAY, IS(USE, CURRENT), UNTIL(WEEK, DAY + 1)},
    {HELD(NONE, WEEK), SEEN("a"), DAY, IS(USE, CURRENT), UNTIL(WEEK, DAY + 1)},
    {HELD(TESTING, WEEK), SEEN("a"), 6 * HOUR, IS(USE, CURRENT), UNTIL(WEEK, 6 * HOUR + 1)},

    /* the id is another one, or not known: at any age */
    {ENFORCE(WEEK), SEEN("b"), 0, IS(REFETCH, ID_CHANGED), UNTIL(WEEK, 0)},
    {ENFORCE(WEEK), SEEN("A"), 0, IS(REFETCH, ID_CHANGED), UNTIL(WEEK, 0)},
    {ENFORCE(WEEK), SEEN("b"), WEEK, IS(REFETCH, ID_CHANGED), UNTIL(WEEK, 0)},
    {ENFORCE(WEEK), SEEN(NULL), 0, IS(REFETCH, ID_CHANGED), UNTIL(WEEK, 0)},
    {.entry = {true, T, WEEK, STS_MODE_ENFORCE, NULL, 0, NULL},
     SEEN("a"),
     0,
     IS(REFETCH, ID_CHANGED),
     UNTIL(WEEK, 0)},

    /* it is time to look again, also where the DNS is kept from us */
    {ENFORCE(WEEK), SEEN("a"), DAY + 1, IS(REFETCH, REFRESH_DUE), UNTIL(WEEK, 0)},
    {ENFORCE(WEEK), UNKNOWN, DAY + 1, IS(REFETCH, REFRESH_DUE), UNTIL(WEEK, 0)},
    {HELD(TESTING, WEEK), SEEN("a"), 6 * HOUR + 1, IS(REFETCH, TESTING), UNTIL(WEEK, 0)},
    {HELD(TESTING, WEEK), SEEN("a"), DAY + 1, IS(REFETCH, REFRESH_DUE), UNTIL(WEEK, 0)},
    {ENFORCE(WEEK), SEEN("a"), WEEK / 2, IS(REFETCH, REFRESH_DUE), UNTIL(WEEK, 0)},
    {ENFORCE(WEEK), SEEN("a"), WEEK / 2 + 1, IS(REFETCH, EXPIRING_SOON), UNTIL(WEEK, 0)},
    {ENFORCE(DAY), SEEN("a"), DAY / 2, IS(USE, CURRENT), UNTIL(DAY, DAY / 2 + 1)},
    {ENFORCE(DAY), UNKNOWN, DAY / 2 + 1, IS(REFETCH, EXPIRING_SOON), UNTIL(DAY, 0)},

    /* no record: the old policy stays until it is too old, and is refreshed as ever */
    {ENFORCE(WEEK), GONE, 0, IS(USE, RECORD_GONE), UNTIL(WEEK, DAY + 1)},
    {ENFORCE(WEEK), GONE, DAY, IS(USE, RECORD_GONE), UNTIL(WEEK, DAY + 1)},
    {ENFORCE(WEEK), GONE, DAY + 1, IS(REFETCH, REFRESH_DUE), UNTIL(WEEK, 0)},
    {ENFORCE(WEEK), GONE, WEEK / 2 + 1, IS(REFETCH, EXPIRING_SOON), UNTIL(WEEK, 0)},
    {ENFORCE(WEEK), GONE, WEEK, IS(REFETCH, EXPIRING_SOON), UNTIL(WEEK, 0)},
    {HELD(TESTING, WEEK), GONE, 6 * HOUR + 1, IS(REFETCH, TESTING), UNTIL(WEEK, 0)},
    {HELD(NONE, WEEK), GONE, DAY + 1, IS(REFETCH, REFRESH_DUE), UNTIL(WEEK, 0)},
    {ENFORCE(WEEK), GONE, -301, IS(REFETCH, CLOCK_SET_BACK), UNTIL(WEEK, 0)},
    {ENFORCE(0), GONE, 0, IS(USE, RECORD_GONE), UNTIL(0, 1)},
    {FAILED(T + DAY + 1, "a"), GONE, DAY + 2, IS(USE, PAUSED), UNTIL(WEEK, DAY + 301)},
    {FAILED(T + DAY + 1, "a"), GONE, DAY + 301, IS(REFETCH, REFRESH_DUE), UNTIL(WEEK, 0)},
    {FAILED(T + 100, "a"), GONE, 200, IS(USE, RECORD_GONE), UNTIL(WEEK, DAY + 1)},

    /* its age has exceeded max_age, or not */
    {ENFORCE(WEEK), SEEN("a"), WEEK, IS(REFETCH, EXPIRING_SOON), UNTIL(WEEK, 0)},
    {ENFORCE(WEEK), SEEN("a"), WEEK + 1, IS(FETCH, EXPIRED)},
    {ENFORCE(WEEK), GONE, WEEK + 1, IS(NONE, NO_RECORD)},
    {ENFORCE(WEEK), UNKNOWN, WEEK + 1, IS(NONE, LOOKUP_FAILED)},
    {ENFORCE(0), SEEN("a"), 0, IS(USE, CURRENT), UNTIL(0, 1)},
    {ENFORCE(0), SEEN("a"), 1, IS(FETCH, EXPIRED)},
    {ENFORCE(-1), SEEN("a"), 0, IS(FETCH, EXPIRED)},
    {ENFORCE(INT64_MIN), SEEN("a"), 0, IS(FETCH, EXPIRED)},
    {ENFORCE(9999999999), SEEN("a"), 31557600, IS(REFETCH, EXPIRING_SOON), UNTIL(31557600, 0)},
    {ENFORCE(9999999999), SEEN("a"), 31557601, IS(FETCH, EXPIRED)},
    {ENFORCE(INT64_MAX), SEEN("a"), 0, IS(USE, CURRENT), UNTIL(31557600, DAY + 1)},

    /* a fetch that failed a moment ago, for the same id */
    {FAILED(T + DAY + 1, "a"), SEEN("a"), DAY + 1, IS(USE, PAUSED), UNTIL(WEEK, DAY + 301)},
    {FAILED(T + DAY + 1, "a"), SEEN("a"), DAY + 300, IS(USE, PAUSED), UNTIL(WEEK, DAY + 301)},
    {FAILED(T + DAY + 1, "a"), SEEN("a"), DAY + 301, IS(REFETCH, REFRESH_DUE), UNTIL(WEEK, 0)},
    {FAILED(T + DAY + 1, NULL), SEEN("a"), DAY + 2, IS(USE, PAUSED), UNTIL(WEEK, DAY + 301)},
    {FAILED(T + DAY + 1, "a"), UNKNOWN, DAY + 2, IS(USE, PAUSED), UNTIL(WEEK, DAY + 301)},
    {FAILED(T + DAY + 1, "a"), SEEN("b"), DAY + 2, IS(REFETCH, ID_CHANGED), UNTIL(WEEK, 0)},
    {FAILED(T + 100, "b"), SEEN("b"), 200, IS(USE, PAUSED), UNTIL(WEEK, 400)},
    {FAILED(T + 100, "b"), SEEN("a"), 200, IS(USE, CURRENT), UNTIL(WEEK, DAY + 1)},
    {FAILED(T + DAY + HOUR, "a"), SEEN("a"), DAY + 1, IS(REFETCH, REFRESH_DUE), UNTIL(WEEK, 0)},
    {FAILED(T + WEEK - 1, "a"), SEEN("a"), WEEK, IS(USE, PAUSED), UNTIL(WEEK, WEEK + 1)},
    {FAILED(T + WEEK - 1, "a"), SEEN("a"), WEEK + 1, IS(NONE, PAUSED), UNTIL(0, WEEK + 299)},
    {.entry = {false, 0, 0, 0, NULL, T, "a"}, SEEN("a"), 1, IS(NONE, PAUSED), UNTIL(0, 300)},
    {.entry = {false, 0, 0, 0, NULL, T, "a"}, SEEN("a"), 300, IS(FETCH, NOT_HELD)},
    {.entry = {false, 0, 0, 0, NULL, T, "a"}, SEEN("b"), 1, IS(FETCH, NOT_HELD)},

    /* the clock was set back; a few minutes are no step */
    {ENFORCE(WEEK), SEEN("a"), -300, IS(USE, CURRENT), UNTIL(WEEK, DAY + 1)},
    {ENFORCE(WEEK), SEEN("a"), -301, IS(REFETCH, CLOCK_SET_BACK), UNTIL(WEEK, 0)},
    {ENFORCE(WEEK), UNKNOWN, -301, IS(REFETCH, CLOCK_SET_BACK), UNTIL(WEEK, 0)},
    {ENFORCE(WEEK), SEEN("b"), -301, IS(REFETCH, ID_CHANGED), UNTIL(WEEK, 0)},
    {ENFORCE(WEEK), SEEN("a"), -WEEK, IS(REFETCH, CLOCK_SET_BACK), UNTIL(WEEK, 0)},
    {ENFORCE(WEEK), SEEN("a"), -WEEK - 1, IS(FETCH, CLOCK_SET_BACK)},
    {ENFORCE(WEEK), GONE, -WEEK - 1, IS(NONE, NO_RECORD)},
    {FAILED(T, "a"), SEEN("a"), -HOUR, IS(REFETCH, CLOCK_SET_BACK), UNTIL(WEEK, 0)},
};

static int64_t from_t(int64_t seconds)
{
    return seconds ? T + seconds : 0;
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct cache_case *c = &cases[i];
        struct sts_cache_decision decision =
            sts_cache_decide(&c->entry, &c->record, T + c->after, NULL);
        /* a policy of max_age 0 applies until T itself */
        bool here = c->entry.max_age == 0 && c->action == STS_CACHE_USE;

        if (decision.action != c->action || decision.reason != c->reason)
            fail_msg("case %zu: %s %s", i, sts_cache_action_name(decision.action),
                     sts_cache_reason_name(decision.reason));
        if (decision.expires_at != (here ? T : from_t(c->expires_at)) ||
            decision.next_at != from_t(c->next_at))
            fail_msg("case %zu: expires %" PRId64 ", next %" PRId64, i, decision.expires_at - T,
                     decision.next_at - T);
    }
}

static void test_tuning(void **state)
{
    static const struct sts_cache_tuning often = {HOUR, 60, 900}, wrong = {-1, 0, 10};
    static const struct sts_cache_record same = {STS_SEEN_RECORD, "a"};
    struct sts_cache_entry entry = {true, T, WEEK, STS_MODE_ENFORCE, "a", 0, NULL};

    (void)state;
    assert_int_equal(sts_cache_decide(&entry, &same, T + HOUR + 1, &often).action,
                     STS_CACHE_REFETCH);
    assert_int_equal(sts_cache_decide(&entry, &same, T + HOUR, &often).action, STS_CACHE_USE);
    assert_int_equal(sts_cache_decide(&entry, &same, T + DAY, &wrong).next_at, T + DAY + 1);
    entry.failed_at = T + HOUR + 1;
    assert_int_equal(sts_cache_decide(&entry, &same, T + HOUR + 900, &often).reason,
                     STS_CACHE_REASON_PAUSED);
    entry.failed_at = T + DAY + 1; /* less than five minutes is not to be had */
    assert_int_equal(sts_cache_decide(&entry, &same, T + DAY + 300, &wrong).reason,
                     STS_CACHE_REASON_PAUSED);
    entry.failed_at = 0;
    entry.mode = STS_MODE_TESTING;
    assert_int_equal(sts_cache_decide(&entry, &same, T + 61, &often).reason,
                     STS_CACHE_REASON_TESTING);
}

/* A time that the caller chose counts up to three quarters of max_age. */
static void test_chosen(void **state)
{
    static const struct {
        int64_t chosen, age; /* the greatest at which it is not fetched again */
        enum sts_cache_reason reason;
    } rows[] = {
        {DAY / 4, DAY / 4, STS_CACHE_REASON_REFRESH_DUE},
        {DAY / 2, DAY / 2, STS_CACHE_REASON_EXPIRING_SOON},
        {DAY * 5 / 8, DAY * 5 / 8, STS_CACHE_REASON_EXPIRING_SOON},
        {DAY * 3 / 4, DAY * 3 / 4, STS_CACHE_REASON_EXPIRING_SOON},
        {DAY, DAY * 3 / 4, STS_CACHE_REASON_EXPIRING_SOON},
        {INT64_MAX, DAY * 3 / 4, STS_CACHE_REASON_EXPIRING_SOON},
        {0, DAY / 2, STS_CACHE_REASON_EXPIRING_SOON},
    };
    static const struct sts_cache_record same = {STS_SEEN_RECORD, "a"};
    const struct sts_cache_entry entry = {true, T, DAY, STS_MODE_ENFORCE, "a", 0, NULL};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct sts_cache_tuning tuning = {.refresh_after = rows[i].chosen};
        struct sts_cache_decision decision =
            sts_cache_decide(&entry, &same, T + rows[i].age, &tuning);

        assert_int_equal(decision.reason, STS_CACHE_REASON_CURRENT);
        assert_int_equal(decision.next_at, T + rows[i].age + 1);
        decision = sts_cache_decide(&entry, &same, T + rows[i].age + 1, &tuning);
        assert_int_equal(decision.action, STS_CACHE_REFETCH);
        assert_int_equal(decision.reason, rows[i].reason);
    }
}

/* ---- whatever the numbers -------------------------------------------------------------------- */

static int64_t any_number(uint64_t *seed)
{
    static const int64_t corners[] = {
        0,    1,   -1,  INT64_MAX, INT64_MIN,        T, T + 1, T + WEEK, T - WEEK, STS_MAX_AGE_MAX,
        WEEK, DAY, 300, 299,       (int64_t)1 << 40, -T};

    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return corners[*seed >> 33 & 15] + (int64_t)(*seed >> 40 & 1) * (*seed >> 41 & 1 ? 1 : 0);
}

/* No record is no more of a reason to keep an old policy than a lookup that failed. */
static void check_gone(const struct sts_cache_entry *entry, int64_t now)
{
    static const struct sts_cache_record gone = {STS_SEEN_NONE, NULL}, unknown = {0};
    struct sts_cache_decision a = sts_cache_decide(entry, &gone, now, NULL);
    struct sts_cache_decision b = sts_cache_decide(entry, &unknown, now, NULL);

    assert_int_equal(a.action, b.action);
    assert_int_equal(a.next_at, b.next_at);
    assert_int_equal(a.expires_at, b.expires_at);
}

/* A policy never outlives its max_age by much, is never thrown away before, and who is told when
 * to come again hears something else then. */
static void check_any(const struct sts_cache_entry *entry, const struct sts_cache_record *record,
                      int64_t now)
{
    struct sts_cache_decision decision = sts_cache_decide(entry, record, now, NULL);
    bool applies = decision.action == STS_CACHE_USE || decision.action == STS_CACHE_REFETCH;

    assert_true(!applies || entry->held);
    assert_true(decision.action != STS_CACHE_FETCH || record->seen == STS_SEEN_RECORD);
    assert_true(!applies || now <= decision.expires_at);
    assert_true(!applies ||
                decision.expires_at == sts_cache_expiry(entry->fetched_at, entry->max_age));
    if (entry->held && entry->max_age >= 0 && now >= entry->fetched_at &&
        now <= sts_cache_expiry(entry->fetched_at, entry->max_age))
        assert_true(applies);
    if (decision.action == STS_CACHE_USE && now != INT64_MAX) {
        struct sts_cache_decision next = sts_cache_decide(entry, record, decision.next_at, NULL);

        assert_true(decision.next_at > now);
        assert_true(next.action != decision.action || next.reason != decision.reason);
    }
}

static void test_any(void **state)
{
    static const char *const ids[] = {"a", "b", NULL, "a"};
    uint64_t seed = 8461;

    (void)state;
    for (int i = 0; i < 200000; i++) {
        struct sts_cache_entry entry = {
            .held = any_number(&seed) != 0,
            .fetched_at = any_number(&seed) / 2,
            .max_age = any_number(&seed),
            .mode = (enum sts_mode)(seed >> 35 & 3),
            .failed_at = any_number(&seed) / 2,
            .id = ids[seed >> 37 & 3],
            .failed_id = ids[seed >> 39 & 3],
        };
        struct sts_cache_record record = {(enum sts_seen)((seed >> 50) % 3), ids[seed >> 45 & 3]};

        int64_t now = any_number(&seed) / 2;

        check_any(&entry, &record, now);
        check_gone(&entry, now);
    }
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(sts_cache_action_name(STS_CACHE_REFETCH), "refetch");
    assert_string_equal(sts_cache_action_name(STS_CACHE_ACTION_COUNT), "unknown");
    assert_string_equal(sts_cache_reason_name(STS_CACHE_REASON_ID_CHANGED), "id-changed");
    assert_string_equal(sts_cache_reason_name(STS_CACHE_REASON_COUNT), "unknown");
    assert_int_equal(sts_cache_expiry(T, WEEK), T + WEEK);
    assert_int_equal(sts_cache_expiry(T, -5), T);
    assert_int_equal(sts_cache_expiry(INT64_MAX, 5), INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases), cmocka_unit_test(test_tuning), cmocka_unit_test(test_chosen),
        cmocka_unit_test(test_any),   cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
