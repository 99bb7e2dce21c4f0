/* SPDX-License-Identifier: MIT */
/* test_policy_cache.c - the life of entries, in invented time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "policyd/limits.h"
#include "policyd/policy_cache.h"

#define NOW  1800000000
#define DAY  86400
#define WEEK ((int64_t)7 * DAY)

static const char *const mx[] = {"mx.example.com"};

static struct policy_cache *cache_new(size_t most)
{
    struct policy_cache *cache;

    assert_int_equal(policy_cache_new(NULL, most, false, &cache), STS_OK);
    return cache;
}

static void see(struct policy_entry *entry, enum sts_seen seen, const char *id, int64_t now)
{
    const struct sts_cache_record record = {seen, id};

    assert_int_equal(policy_entry_record(entry, &record, 300, now), STS_OK);
}

static void see_dane(struct policy_entry *entry, enum dane_cover dane, int64_t now)
{
    const struct policy_known found = {NULL, NULL, dane, mx, 1};

    assert_int_equal(policy_entry_dane(entry, &found, 300, now), STS_OK);
}

static void fetch(struct policy_entry *entry, const char *id, int64_t max_age, int64_t now)
{
    const struct live_policy policy = {id, STS_MODE_ENFORCE, max_age, mx, 1};

    assert_int_equal(policy_entry_fetched(entry, &policy, now, 7), STS_OK);
}

/* A domain with a policy of a week, fetched at NOW. */
static struct policy_entry *with_policy(struct policy_cache *cache, const char *domain)
{
    struct policy_entry *entry = policy_cache_use(cache, domain, NOW);

    assert_non_null(entry);
    see(entry, STS_SEEN_RECORD, "1", NOW);
    see_dane(entry, DANE_COVER_NONE, NOW);
    fetch(entry, "1", WEEK, NOW);
    return entry;
}

static enum policy_answer answer(const struct policy_entry *entry, int64_t now)
{
    struct policy_known known = policy_entry_known(entry, now);

    return policy_answer_of(&known);
}

/* ---- a first contact ------------------------------------------------------------------------- */

static void test_first(void **state)
{
    struct policy_cache *cache = cache_new(10);
    struct policy_entry *entry = policy_cache_use(cache, "example.com", NOW);

    (void)state;
    assert_true(policy_entry_due(entry, POLICY_PART_RECORD, NOW));
    assert_true(policy_entry_due(entry, POLICY_PART_DANE, NOW));
    assert_false(policy_entry_due(entry, POLICY_PART_POLICY, NOW));
    policy_entry_begin(entry, POLICY_PART_RECORD);
    assert_true(policy_entry_is_busy(entry, POLICY_PART_RECORD));
    assert_false(policy_entry_due(entry, POLICY_PART_RECORD, NOW));
    see(entry, STS_SEEN_RECORD, "1", NOW);
    assert_false(policy_entry_is_busy(entry, POLICY_PART_RECORD));
    assert_true(policy_entry_due(entry, POLICY_PART_POLICY, NOW));
    see_dane(entry, DANE_COVER_NONE, NOW);
    assert_false(policy_entry_is_ready(entry, NOW)); /* fetch before the delivery */
    policy_entry_begin(entry, POLICY_PART_POLICY);
    assert_false(policy_entry_due(entry, POLICY_PART_POLICY, NOW));
    assert_false(policy_entry_is_ready(entry, NOW));
    fetch(entry, "1", WEEK, NOW);
    assert_true(policy_entry_is_ready(entry, NOW));
    assert_int_equal(answer(entry, NOW), POLICY_ANSWER_STS);
    assert_ptr_equal(policy_cache_find(cache, "example.com"), entry);
    assert_string_equal(policy_entry_known(entry, NOW).domain, "example.com");
    assert_string_equal(policy_entry_known(entry, NOW).mx_hosts[0], "mx.example.com");
    talloc_free(cache);
}

/* Nothing is published, or nothing could be seen: both are answers, until they are too old. */
static void test_nothing(void **state)
{
    static const enum sts_seen ways[] = {STS_SEEN_NONE, STS_SEEN_UNKNOWN};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct policy_cache *cache = cache_new(10);
        struct policy_entry *entry = policy_cache_use(cache, "example.com", NOW);

        see(entry, ways[i], NULL, NOW);
        assert_false(policy_entry_is_ready(entry, NOW));
        see_dane(entry, DANE_COVER_NONE, NOW);
        assert_true(policy_entry_is_ready(entry, NOW));
        assert_int_equal(answer(entry, NOW), POLICY_ANSWER_NONE);
        assert_true(policy_entry_is_ready(entry, NOW + 299));
        assert_false(policy_entry_is_ready(entry, NOW + 300));
        assert_true(policy_entry_due(entry, POLICY_PART_RECORD, NOW + 300));
        talloc_free(cache);
    }
}

/* ---- a policy -------------------------------------------------------------------------------- */

static void test_id(void **state)
{
    struct policy_cache *cache = cache_new(10);
    struct policy_entry *entry = with_policy(cache, "example.com");

    (void)state;
    assert_false(policy_entry_due(entry, POLICY_PART_RECORD, NOW + 299));
    assert_true(policy_entry_due(entry, POLICY_PART_RECORD, NOW + 300));
    see(entry, STS_SEEN_RECORD, "1", NOW + 300);
    assert_false(policy_entry_due(entry, POLICY_PART_POLICY, NOW + 300));
    see(entry, STS_SEEN_RECORD, "2", NOW + 600);
    see_dane(entry, DANE_COVER_NONE, NOW + 600);
    assert_true(policy_entry_due(entry, POLICY_PART_POLICY, NOW + 600));
    assert_true(policy_entry_is_ready(entry, NOW + 600)); /* the old one applies meanwhile */
    assert_int_equal(answer(entry, NOW + 600), POLICY_ANSWER_STS);
    fetch(entry, "2", WEEK, NOW + 601);
    assert_false(policy_entry_due(entry, POLICY_PART_POLICY, NOW + 601));
    talloc_free(cache);
}

/* Neither a record that is gone, nor failures, nor the same id change when a policy ends. */
static void test_age(void **state)
{
    struct policy_cache *cache = cache_new(10);
    struct policy_entry *entry = with_policy(cache, "example.com");

    (void)state;
    see(entry, STS_SEEN_RECORD, "1", NOW + WEEK - 100);
    assert_null(policy_entry_failure(entry));
    policy_entry_failed(entry, "status", NOW + WEEK - 50);
    assert_string_equal(policy_entry_failure(entry), "status");
    assert_string_equal(policy_entry_id(entry), "1");
    assert_int_equal(answer(entry, NOW + WEEK), POLICY_ANSWER_STS);
    assert_int_equal(answer(entry, NOW + WEEK + 1), POLICY_ANSWER_NONE);
    see(entry, STS_SEEN_NONE, NULL, NOW + WEEK - 40);
    assert_int_equal(answer(entry, NOW + WEEK), POLICY_ANSWER_STS);
    assert_int_equal(policy_entry_decision(entry, NOW + WEEK).expires_at, NOW + WEEK);
    assert_int_equal(answer(entry, NOW + WEEK + 1), POLICY_ANSWER_NONE);
    see(entry, STS_SEEN_RECORD, "2", NOW + WEEK + 1); /* and one that is expired is fetched first */
    see_dane(entry, DANE_COVER_NONE, NOW + WEEK + 1);
    assert_false(policy_entry_is_ready(entry, NOW + WEEK + 1));
    talloc_free(cache);
}

static int64_t due_after(struct policy_entry *entry, int64_t from)
{
    int64_t low = 0, high = WEEK;

    while (low < high) {
        int64_t middle = (low + high) / 2;

        if (policy_entry_due(entry, POLICY_PART_POLICY, from + middle))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* The pause doubles, and ends with another id. */
static void test_pause(void **state)
{
    static const int64_t pauses[] = {300, 600, 1200, 2400, 3600, 3600, 3600};
    struct policy_cache *cache = cache_new(10);
    struct policy_entry *entry = policy_cache_use(cache, "example.com", NOW);
    int64_t now = NOW;

    (void)state;
    see(entry, STS_SEEN_RECORD, "1", now);
    see_dane(entry, DANE_COVER_NONE, now);
    for (size_t i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++) {
        policy_entry_failed(entry, "status", now);
        assert_true(policy_entry_is_ready(entry, now)); /* with "no policy" */
        assert_int_equal(due_after(entry, now), pauses[i]);
        now += pauses[i];
        see(entry, STS_SEEN_RECORD, "1", now);
        see_dane(entry, DANE_COVER_NONE, now);
    }
    policy_entry_failed(entry, "status", now);
    see(entry, STS_SEEN_RECORD, "2", now + 1);
    assert_true(policy_entry_due(entry, POLICY_PART_POLICY, now + 1));
    policy_entry_failed(entry, "status", now + 1);
    assert_int_equal(due_after(entry, now + 1), 300);
    talloc_free(cache);
}

/* At any time between a quarter and three quarters of max_age, but within a day; and nothing else
 * chooses it. */
static void test_refresh(void **state)
{
    static const int64_t ages[] = {4000, DAY, WEEK, STS_MAX_AGE_MAX};

    (void)state;
    for (size_t a = 0; a < sizeof(ages) / sizeof(ages[0]); a++) {
        int64_t high = ages[a] * 3 / 4 < DAY ? ages[a] * 3 / 4 : DAY;
        int64_t low = ages[a] / 4 < DAY / 2 ? ages[a] / 4 : DAY / 2;
        int64_t first = INT64_MAX, last = 0;

        for (uint32_t chance = 0; chance < 4000; chance++) {
            struct policy_cache *cache = cache_new(10);
            struct policy_entry *entry = with_policy(cache, "example.com");
            const struct live_policy policy = {"1", STS_MODE_ENFORCE, ages[a], mx, 1};
            int64_t after;

            assert_int_equal(policy_entry_fetched(entry, &policy, NOW, chance * 1000003u), STS_OK);
            after = due_after(entry, NOW);
            assert_in_range(after, low + 1, high + 1);
            first = after < first ? after : first;
            last = after > last ? after : last;
            talloc_free(cache);
        }
        assert_true(first < low + (high - low) / 10);
        assert_true(last > high - (high - low) / 10);
    }
}

/* ---- clocks ---------------------------------------------------------------------------------- */

/* A year back and a year ahead: nothing that protects is lost by the first, and the second makes no
 * entry immortal. */
static void test_clock(void **state)
{
    struct policy_cache *cache = cache_new(10);
    struct policy_entry *entry = with_policy(cache, "example.com");
    int64_t back = NOW - DAY, year = (int64_t)365 * DAY;

    (void)state;
    assert_int_equal(answer(entry, back), POLICY_ANSWER_STS);
    assert_true(policy_entry_due(entry, POLICY_PART_RECORD, back));
    assert_true(policy_entry_due(entry, POLICY_PART_DANE, back));
    assert_true(policy_entry_due(entry, POLICY_PART_POLICY, back));
    policy_entry_failed(entry, "status", back); /* from now on its age counts from here */
    assert_int_equal(answer(entry, back + WEEK), POLICY_ANSWER_STS);
    assert_int_equal(answer(entry, back + WEEK + 1), POLICY_ANSWER_NONE);
    fetch(entry, "1", WEEK, NOW + year);
    assert_int_equal(answer(entry, NOW), POLICY_ANSWER_NONE); /* it may be any age */
    fetch(entry, "1", WEEK, NOW);
    assert_int_equal(answer(entry, NOW), POLICY_ANSWER_STS);
    assert_int_equal(due_after(entry, NOW) <= DAY + 1, true);
    talloc_free(cache);
}

/* ---- DANE ------------------------------------------------------------------------------------ */

static void test_dane(void **state)
{
    struct policy_cache *cache = cache_new(10);
    struct policy_entry *entry = with_policy(cache, "example.com");

    (void)state;
    see_dane(entry, DANE_COVER_ALL, NOW);
    assert_int_equal(answer(entry, NOW), POLICY_ANSWER_DANE_ONLY);
    assert_false(policy_entry_is_ready(entry, NOW + 300));
    assert_int_equal(policy_entry_dane(entry, NULL, -1, NOW + 300), STS_OK); /* failed */
    assert_true(policy_entry_is_ready(entry, NOW + 300));
    assert_int_equal(answer(entry, NOW + 300), POLICY_ANSWER_DANE_ONLY);
    assert_true(policy_entry_due(entry, POLICY_PART_DANE, NOW + 300 + LIMIT_POLICY_TTL_MIN_S));
    see_dane(entry, DANE_COVER_NONE, NOW + 400);
    assert_int_equal(answer(entry, NOW + 400), POLICY_ANSWER_STS);
    talloc_free(cache);
}

/* Nobody looks for it. */
static void test_no_dane(void **state)
{
    struct policy_cache *cache;
    struct policy_entry *entry;

    (void)state;
    assert_int_equal(policy_cache_new(NULL, 10, true, &cache), STS_OK);
    entry = policy_cache_use(cache, "example.com", NOW);
    assert_false(policy_entry_due(entry, POLICY_PART_DANE, NOW));
    assert_false(policy_entry_is_ready(entry, NOW));
    see(entry, STS_SEEN_NONE, NULL, NOW);
    assert_true(policy_entry_is_ready(entry, NOW));
    talloc_free(cache);
}

/* ---- room ------------------------------------------------------------------------------------ */

static struct policy_entry *nth(struct policy_cache *cache, unsigned number, int64_t now)
{
    char domain[32];

    snprintf(domain, sizeof(domain), "d%u.example", number);
    return policy_cache_use(cache, domain, now);
}

/* A flood of names with nothing displaces no policy, and what is under way stays. */
static void test_room(void **state)
{
    struct policy_cache *cache = cache_new(10);
    struct policy_entry *busy;

    (void)state;
    with_policy(cache, "example.com");
    busy = policy_cache_use(cache, "busy.example", NOW);
    policy_entry_begin(busy, POLICY_PART_RECORD);
    for (unsigned i = 0; i < 1000; i++) {
        assert_non_null(nth(cache, i, NOW + i));
        assert_true(policy_cache_count(cache) <= 10);
    }
    assert_non_null(policy_cache_find(cache, "example.com"));
    assert_ptr_equal(policy_cache_find(cache, "busy.example"), busy);
    assert_non_null(policy_cache_find(cache, "d999.example"));
    assert_null(policy_cache_find(cache, "d0.example"));
    for (unsigned i = 0; i < 9; i++)
        policy_entry_begin(nth(cache, 2000 + i, NOW), POLICY_PART_DANE);
    assert_null(policy_cache_find(cache, "example.com"));
    assert_null(policy_cache_use(cache, "more.example", NOW));
    assert_ptr_equal(policy_cache_use(cache, "busy.example", NOW), busy);
    talloc_free(cache);
}

static void count_due(void *arg, struct policy_entry *entry)
{
    assert_string_equal(policy_entry_domain(entry), "used.example");
    ++*(unsigned *)arg;
}

static void test_sweep(void **state)
{
    struct policy_cache *cache = cache_new(10);
    unsigned due = 0;
    int64_t later = NOW + LIMIT_POLICY_UNUSED_S;

    (void)state;
    with_policy(cache, "unused.example");
    with_policy(cache, "used.example");
    policy_cache_use(cache, "nothing.example", NOW);
    policy_cache_sweep(cache, NOW + 3600, &(struct policy_sweep){count_due, NULL, &due});
    assert_int_equal(policy_cache_count(cache), 3);
    assert_int_equal(due, 0);
    policy_cache_use(cache, "used.example", later);
    policy_cache_sweep(cache, later + 1, &(struct policy_sweep){count_due, NULL, &due});
    assert_int_equal(policy_cache_count(cache), 1);
    assert_int_equal(due, 0); /* expired long ago; a mail makes it due */
    fetch(policy_cache_find(cache, "used.example"), "1", WEEK, later + 2);
    policy_cache_sweep(cache, later + 3, &(struct policy_sweep){count_due, NULL, &due});
    assert_int_equal(due, 0);
    policy_cache_sweep(cache, later + 3 + DAY, &(struct policy_sweep){count_due, NULL, &due});
    assert_int_equal(due, 1);
    talloc_free(cache);
}

/* To ask what is known is no use: what is in use stays so, and nothing else stays. */
static void test_see(void **state)
{
    struct policy_cache *cache = cache_new(2);
    unsigned due = 0;
    int64_t later = NOW + LIMIT_POLICY_UNUSED_S;
    const struct policy_sweep sweep = {count_due, NULL, &due};
    struct policy_entry *entry = policy_cache_see(cache, "seen.example");

    (void)state;
    assert_true(policy_entry_due(entry, POLICY_PART_RECORD, NOW));
    see(entry, STS_SEEN_RECORD, "1", NOW);
    see_dane(entry, DANE_COVER_NONE, NOW);
    fetch(entry, "1", WEEK, NOW);
    assert_int_equal(answer(entry, NOW), POLICY_ANSWER_STS);
    with_policy(cache, "used.example");
    policy_cache_use(cache, "other.example", NOW); /* there is room for two */
    assert_null(policy_cache_find(cache, "seen.example"));
    assert_non_null(policy_cache_see(cache, "used.example"));
    policy_cache_see(cache, "seen.example");
    policy_cache_sweep(cache, NOW + 60, &sweep);
    assert_null(policy_cache_find(cache, "seen.example"));
    assert_non_null(policy_cache_find(cache, "used.example"));
    assert_non_null(policy_cache_see(cache, "used.example"));
    policy_cache_sweep(cache, later + 1, &sweep);
    assert_null(policy_cache_find(cache, "used.example"));
    talloc_free(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first),   cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_id),      cmocka_unit_test(test_age),
        cmocka_unit_test(test_pause),   cmocka_unit_test(test_refresh),
        cmocka_unit_test(test_clock),   cmocka_unit_test(test_dane),
        cmocka_unit_test(test_room),    cmocka_unit_test(test_sweep),
        cmocka_unit_test(test_no_dane), cmocka_unit_test(test_see),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
