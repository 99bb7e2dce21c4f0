/* SPDX-License-Identifier: MIT */
/* test_policy_entry_stored.c - what is stored, and what counts of it afterwards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "policyd/limits.h"
#include "policyd/policy_cache.h"
#include "policyd/policy_text.h"

#define NOW  1800000000
#define DAY  86400
#define WEEK ((int64_t)7 * DAY)

static const char *const mx[] = {"mx.example.com"};

static struct live_policy policy_of(const char *id)
{
    return (struct live_policy){id, STS_MODE_ENFORCE, WEEK, mx, 1};
}

static struct policy_entry *entry_new(struct policy_cache **ret_cache, int64_t now)
{
    assert_int_equal(policy_cache_new(NULL, 10, false, ret_cache), STS_OK);
    policy_cache_set_store(*ret_cache);
    return policy_cache_use(*ret_cache, "example.com", now);
}

static void fetch(struct policy_entry *entry, const char *id, int64_t now)
{
    const struct live_policy policy = policy_of(id);

    assert_int_equal(policy_entry_fetched(entry, &policy, now, 7), STS_OK);
}

static void see(struct policy_entry *entry, const char *id, int64_t now)
{
    const struct sts_cache_record record = {id ? STS_SEEN_RECORD : STS_SEEN_UNKNOWN, id};

    assert_int_equal(policy_entry_record(entry, &record, 300, now), STS_OK);
}

static void see_dane(struct policy_entry *entry, enum dane_cover dane, int64_t now)
{
    const struct policy_known found = {NULL, NULL, dane, mx, 1};

    assert_int_equal(policy_entry_dane(entry, &found, 300, now), STS_OK);
}

static void restore(struct policy_entry *entry, const char *id, int64_t fetched_at, int64_t now)
{
    const struct live_policy policy = policy_of(id);
    const struct policy_stored stored = {
        .policy = &policy, .fetched_at = fetched_at, .used_at = now};

    assert_int_equal(policy_entry_restore(entry, &stored, now, 7), STS_OK);
}

static const char *id_now(struct policy_entry *entry, int64_t now)
{
    const struct live_policy *policy = policy_entry_known(entry, now).policy;

    return policy ? policy->id : "none";
}

/* ---- what is read back ----------------------------------------------------------------------- */

/* Nobody is answered before it is known what an earlier run knew; and then without a network. */
static void test_restored(void **state)
{
    struct policy_cache *cache;
    struct policy_entry *entry = entry_new(&cache, NOW);

    (void)state;
    assert_true(policy_entry_due(entry, POLICY_PART_STORED, NOW));
    see(entry, NULL, NOW);
    see_dane(entry, DANE_COVER_NONE, NOW);
    assert_false(policy_entry_is_ready(entry, NOW));
    restore(entry, "1", NOW - DAY, NOW);
    assert_false(policy_entry_due(entry, POLICY_PART_STORED, NOW));
    assert_true(policy_entry_is_ready(entry, NOW));
    assert_string_equal(id_now(entry, NOW), "1");
    assert_string_equal(id_now(entry, NOW - DAY + WEEK), "1");
    assert_string_equal(id_now(entry, NOW - DAY + WEEK + 1), "none"); /* age is that of the fetch */
    assert_false(policy_entry_is_unsaved(entry));
    talloc_free(cache);
}

static void test_newest_counts(void **state)
{
    struct policy_cache *cache;
    struct policy_entry *entry = entry_new(&cache, NOW);

    (void)state;
    fetch(entry, "ours", NOW);
    restore(entry, "older", NOW - 1, NOW + 1);
    assert_string_equal(id_now(entry, NOW), "ours");
    assert_true(policy_entry_is_unsaved(entry));
    restore(entry, "newer", NOW + 5, NOW + 10);
    assert_string_equal(id_now(entry, NOW), "newer");
    assert_false(policy_entry_is_unsaved(entry));
    talloc_free(cache);
}

/* Stored by a clock that is ahead of ours: it counts as fetched now, and no longer than that. */
static void test_from_the_future(void **state)
{
    struct policy_cache *cache;
    struct policy_entry *entry = entry_new(&cache, NOW);

    (void)state;
    restore(entry, "1", NOW + 100 * WEEK, NOW);
    assert_string_equal(id_now(entry, NOW + WEEK), "1");
    assert_string_equal(id_now(entry, NOW + WEEK + 1), "none");
    talloc_free(cache);
}

static void test_dane(void **state)
{
    struct policy_cache *cache;
    struct policy_entry *entry = entry_new(&cache, NOW);
    struct policy_stored stored = {.dane = DANE_COVER_ALL, .dane_at = NOW - DAY, .used_at = NOW};

    (void)state;
    assert_int_equal(policy_entry_restore(entry, &stored, NOW, 7), STS_OK);
    assert_int_equal(policy_entry_known(entry, NOW).dane, DANE_COVER_ALL);
    assert_true(policy_entry_due(entry, POLICY_PART_DANE, NOW));
    assert_int_equal(policy_entry_dane(entry, NULL, -1, NOW), STS_OK); /* the look-up fails */
    assert_int_equal(policy_entry_known(entry, NOW).dane, DANE_COVER_ALL);
    assert_false(policy_entry_is_unsaved(entry));
    see_dane(entry, DANE_COVER_NONE, NOW + 60);
    assert_true(policy_entry_is_unsaved(entry)); /* or the next run would hold it against them */
    assert_int_equal(policy_entry_restore(entry, &stored, NOW + 70, 7), STS_OK);
    assert_int_equal(policy_entry_known(entry, NOW).dane, DANE_COVER_NONE);
    talloc_free(cache);
}

/* Another daemon may have fetched what is due; that is asked once a minute. */
static void test_others(void **state)
{
    struct policy_cache *cache;
    struct policy_entry *entry = entry_new(&cache, NOW);

    (void)state;
    assert_int_equal(policy_entry_restore(entry, NULL, NOW, 7), STS_OK);
    see(entry, "1", NOW);
    assert_true(policy_entry_due(entry, POLICY_PART_POLICY, NOW));
    assert_false(policy_entry_due(entry, POLICY_PART_STORED, NOW));
    fetch(entry, "1", NOW);
    see(entry, "2", NOW + 300);
    assert_true(policy_entry_due(entry, POLICY_PART_STORED, NOW + 300));
    restore(entry, "2", NOW + 299, NOW + 300);
    assert_false(policy_entry_due(entry, POLICY_PART_POLICY, NOW + 300));
    assert_false(policy_entry_due(entry, POLICY_PART_STORED, NOW + 400));
    talloc_free(cache);
}

/* ---- what is written ------------------------------------------------------------------------- */

static void test_saved(void **state)
{
    struct policy_cache *cache;
    struct policy_entry *entry = entry_new(&cache, NOW);
    struct policy_stored saved;

    (void)state;
    assert_int_equal(policy_entry_restore(entry, NULL, NOW, 7), STS_OK);
    see_dane(entry, DANE_COVER_NONE, NOW);
    assert_false(policy_entry_is_unsaved(entry)); /* nothing is known that is worth it */
    fetch(entry, "1", NOW);
    assert_true(policy_entry_is_unsaved(entry));
    policy_entry_save(entry, true);
    saved = policy_entry_stored(entry);
    assert_true(policy_entry_is_saving(entry));
    assert_false(policy_entry_is_ready(entry, NOW)); /* no promise that a kill would break */
    assert_false(policy_entry_saved(entry, NULL));   /* the disk is full: answered all the same */
    assert_true(policy_entry_is_ready(entry, NOW));
    assert_true(policy_entry_is_unsaved(entry));
    policy_entry_save(entry, false);
    assert_true(policy_entry_is_ready(entry, NOW));
    policy_entry_save_again(entry);
    policy_entry_wait_no_more(entry);
    assert_true(policy_entry_is_ready(entry, NOW));
    assert_true(policy_entry_saved(entry, &saved));
    assert_false(policy_entry_is_unsaved(entry));
    assert_ptr_equal(policy_cache_use(cache, "example.com", NOW + DAY), entry);
    assert_false(policy_entry_is_unsaved(entry));
    assert_ptr_equal(policy_cache_use(cache, "example.com", NOW + DAY + 1), entry);
    assert_true(policy_entry_is_unsaved(entry)); /* or it would be forgotten as unused */
    talloc_free(cache);
}

/* ---- the cache ------------------------------------------------------------------------------- */

static void test_read_in_advance(void **state)
{
    struct policy_cache *cache;
    struct policy_entry *used = entry_new(&cache, NOW);
    const struct live_policy policy = policy_of("1");
    struct policy_stored stored = {.policy = &policy, .fetched_at = NOW, .used_at = NOW - DAY};
    char name[] = "0.example";

    (void)state;
    fetch(used, "ours", NOW);
    for (int i = 0; i < 9; i++) {
        name[0] = (char)('0' + i);
        assert_int_equal(policy_cache_add(cache, name, &stored, NOW, 7), STS_OK);
    }
    assert_int_equal(policy_cache_add(cache, "x.example", &stored, NOW, 7), STS_E_LIMIT);
    assert_non_null(policy_cache_use(cache, "y.example", NOW)); /* the last one read goes */
    assert_null(policy_cache_find(cache, "8.example"));
    assert_non_null(policy_cache_find(cache, "0.example"));
    assert_string_equal(id_now(policy_cache_find(cache, "0.example"), NOW), "1");
    assert_false(policy_entry_is_unsaved(policy_cache_find(cache, "0.example")));
    talloc_free(cache);
}

/* However long policies are: those that were used last stay, within the ceiling. */
static void test_bytes(void **state)
{
    static char host[STS_NAME_SIZE];
    const char *hosts[STS_POLICY_MX_MAX];
    struct live_policy policy = {"1", STS_MODE_ENFORCE, WEEK, hosts, STS_POLICY_MX_MAX};
    struct policy_cache *cache;
    char name[32];
    size_t most = 64 << 20;

    (void)state;
    memset(host, 'a', 240);
    for (size_t i = 0; i < STS_POLICY_MX_MAX; i++)
        hosts[i] = host;
    assert_int_equal(policy_cache_new(NULL, 1000, false, &cache), STS_OK);
    for (int i = 0; i < 400; i++) {
        snprintf(name, sizeof(name), "d%d.example", i);
        policy.max_age = WEEK + i; /* each is another */
        assert_int_equal(policy_entry_fetched(policy_cache_use(cache, name, NOW), &policy, NOW, 7),
                         STS_OK);
        assert_true(talloc_total_size(cache) < most + (1 << 20));
    }
    assert_null(policy_cache_find(cache, "d0.example"));
    assert_non_null(policy_cache_find(cache, "d399.example"));
    assert_true(policy_cache_count(cache) > 200);
    talloc_free(cache);
}

static void test_clock(void **state)
{
    struct policy_cache *cache;
    struct policy_entry *entry = entry_new(&cache, NOW);
    const int64_t step = 1000 * WEEK;

    (void)state;
    assert_int_equal(policy_entry_restore(entry, NULL, NOW, 7), STS_OK);
    see(entry, "1", NOW);
    see_dane(entry, DANE_COVER_NONE, NOW);
    fetch(entry, "1", NOW);
    policy_cache_shift(cache, step);
    assert_string_equal(id_now(entry, NOW + step + WEEK), "1");
    assert_string_equal(id_now(entry, NOW + step + WEEK + 1), "none");
    assert_true(policy_entry_is_ready(entry, NOW + step + 299));
    assert_false(policy_entry_due(entry, POLICY_PART_DANE, NOW + step + 299));
    assert_true(policy_entry_is_unsaved(entry)); /* the store is to have the new times */
    talloc_free(cache);
}

/* ---- its text -------------------------------------------------------------------------------- */

static void test_text(void **state)
{
    static const char *const two[] = {"mx.example.com", "*.example.net"};
    const struct live_policy policy = {"1", STS_MODE_TESTING, 86400, two, 2};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct live_policy *read;
    char *text = policy_text(ctx, &policy);

    (void)state;
    assert_string_equal(text, "version: STSv1\nmode: testing\nmx: mx.example.com\n"
                              "mx: *.example.net\nmax_age: 86400\n");
    assert_int_equal(policy_text_read(ctx, bytes_of(text), "1", &read), STS_OK);
    assert_non_null(read);
    assert_int_equal(read->mode, STS_MODE_TESTING);
    assert_int_equal(read->max_age, 86400);
    assert_int_equal(read->mx_count, 2);
    assert_string_equal(read->mx[1], "*.example.net");
    assert_string_equal(read->id, "1");
    talloc_free(ctx);
}

static void test_text_of_nobody(void **state)
{
    static const char *const texts[] = {
        "",
        "version: STSv1\nmode: enforce\nmax_age: 86400\n",
        "version: STSv1\nmode: enforce\nmx: a b\nmax_age: 86400\n",
        "version: STSv1\nmode: all\nmx: mx.example.com\nmax_age: 86400\n",
        "version: STSv1\nmode: enforce\nmx: mx.example.com\n",
    };
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct live_policy *read;
    char *longest = talloc_zero_size(ctx, STS_POLICY_MAX + 1);

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        assert_int_equal(policy_text_read(ctx, bytes_of(texts[i]), NULL, &read), STS_OK);
        assert_null(read);
    }
    assert_int_equal(
        policy_text_read(ctx, (struct bytes){longest, STS_POLICY_MAX + 1}, NULL, &read), STS_OK);
    assert_null(read);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_restored),        cmocka_unit_test(test_newest_counts),
        cmocka_unit_test(test_from_the_future), cmocka_unit_test(test_dane),
        cmocka_unit_test(test_others),          cmocka_unit_test(test_saved),
        cmocka_unit_test(test_read_in_advance), cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_clock),           cmocka_unit_test(test_text),
        cmocka_unit_test(test_text_of_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
