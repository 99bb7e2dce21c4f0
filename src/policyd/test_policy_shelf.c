/* SPDX-License-Identifier: MIT */
/* test_policy_shelf.c - what many domains have in common is there once, and who is not in use keeps
 * what outlives an hour. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "policyd/limits.h"
#include "policyd/policy_cache_work.h"

#define NOW  1800000000
#define WEEK 604800

#define HOSTS  32 /* of a domain, each with a name as long as that */
#define LENGTH 200

static const char *const mx[] = {"mx1.hoster.example", "*.hoster.example"};

/* ---- the shelf ------------------------------------------------------------------------------- */

static void test_each_once(void **state)
{
    struct pieces *pieces = pieces_new(NULL);
    struct live_policy policy = {"1", STS_MODE_ENFORCE, WEEK, mx, 2};
    const struct live_policy others[] = {{"1", STS_MODE_TESTING, WEEK, mx, 2},
                                         {"1", STS_MODE_ENFORCE, WEEK + 1, mx, 2},
                                         {"1", STS_MODE_ENFORCE, WEEK, mx, 1},
                                         {"1", STS_MODE_ENFORCE, WEEK, mx + 1, 1},
                                         {"1", STS_MODE_ENFORCE, WEEK, mx, 0}};
    struct policy_shelf shelf;
    struct shelved_policy *first;
    size_t bytes;

    (void)state;
    policy_shelf_begin(&shelf, pieces);
    first = policy_shelf_take(&shelf, &policy);
    assert_string_equal(first->policy.mx[1], "*.hoster.example");
    assert_null(first->policy.id);
    bytes = shelf.bytes;
    policy.id = "2";
    assert_ptr_equal(policy_shelf_take(&shelf, &policy), first);
    assert_int_equal(shelf.bytes, bytes);
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        struct shelved_policy *other = policy_shelf_take(&shelf, &others[i]);

        assert_ptr_not_equal(other, first);
        assert_true(shelf.bytes > bytes);
        policy_shelf_give(&shelf, other);
        assert_int_equal(shelf.bytes, bytes);
    }
    policy_shelf_give(&shelf, first);
    assert_int_equal(shelf.bytes, bytes);
    policy_shelf_give(&shelf, first);
    policy_shelf_give(&shelf, NULL);
    assert_int_equal(shelf.bytes, 0);
    talloc_free(pieces);
}

/* ---- not in use ------------------------------------------------------------------------------ */

static struct policy_cache *cache_new(void)
{
    struct policy_cache *cache;

    assert_int_equal(policy_cache_new(NULL, 10, false, &cache), STS_OK);
    return cache;
}

static struct policy_entry *with_policy(struct policy_cache *cache, const char *domain)
{
    const struct sts_cache_record record = {STS_SEEN_RECORD, "7"};
    const struct live_policy policy = {"7", STS_MODE_ENFORCE, WEEK, mx, 2};
    const struct policy_known found = {NULL, NULL, DANE_COVER_NONE, mx, 1};
    struct policy_entry *entry = policy_cache_use(cache, domain, NOW);

    assert_int_equal(policy_entry_record(entry, &record, 300, NOW), STS_OK);
    assert_int_equal(policy_entry_dane(entry, &found, 300, NOW), STS_OK);
    assert_int_equal(policy_entry_fetched(entry, &policy, NOW, 7), STS_OK);
    assert_non_null(policy_entry_reply(entry, PROFILE_PLAIN, NOW));
    return entry;
}

static void nothing(void *arg, struct policy_entry *entry)
{
    (void)arg;
    (void)entry;
}

static void sweep(struct policy_cache *cache, int64_t now)
{
    const struct policy_sweep sweep = {.due = nothing};

    policy_cache_sweep(cache, now, &sweep);
}

static void test_rest(void **state)
{
    struct policy_cache *cache = cache_new();
    struct policy_entry *entry = with_policy(cache, "example.com");
    int64_t later = NOW + LIMIT_POLICY_RECENT_S + 1;
    const struct sts_cache_record gone = {STS_SEEN_NONE, NULL};

    (void)state;
    sweep(cache, NOW + LIMIT_POLICY_RECENT_S);
    assert_non_null(entry->recent);
    sweep(cache, later);
    assert_null(entry->recent);
    assert_string_equal(policy_entry_id(entry), "7");
    assert_true(policy_entry_is_ready(entry, later));
    assert_false(policy_entry_due(entry, POLICY_PART_RECORD, later)); /* nobody asks */
    assert_ptr_equal(policy_cache_use(cache, "example.com", later), entry);
    assert_string_equal(policy_entry_id(entry), "7");
    assert_true(policy_entry_due(entry, POLICY_PART_RECORD, later));
    assert_string_equal(policy_entry_reply(entry, PROFILE_PLAIN, later)->text,
                        "OK secure match=mx1.hoster.example:.hoster.example servername=hostname");
    assert_int_equal(policy_entry_record(entry, &gone, 300, later), STS_OK);
    assert_null(policy_entry_id(entry));
    assert_true(policy_entry_is_ready(entry, later));
    talloc_free(cache);
}

/* The pause behind a failure, another id and what is under way are not forgotten. */
static void test_no_rest(void **state)
{
    struct policy_cache *cache = cache_new();
    struct policy_entry *failed = with_policy(cache, "failed.example"),
                        *other = with_policy(cache, "other.example"),
                        *busy = with_policy(cache, "busy.example");
    const struct sts_cache_record record = {STS_SEEN_RECORD, "8"};

    (void)state;
    policy_entry_failed(failed, "tls", NOW);
    assert_int_equal(policy_entry_record(other, &record, 300, NOW), STS_OK);
    policy_entry_begin(busy, POLICY_PART_RECORD);
    sweep(cache, NOW + LIMIT_POLICY_RECENT_S + 1);
    assert_string_equal(policy_entry_failure(failed), "tls");
    assert_string_equal(policy_entry_id(other), "8");
    assert_non_null(busy->recent);
    talloc_free(cache);
}

/* A refresh wakes who sleeps. */
static void due(void *arg, struct policy_entry *entry)
{
    *(bool *)arg = policy_entry_due(entry, POLICY_PART_RECORD, NOW + 86401);
}

static void test_wakes(void **state)
{
    struct policy_cache *cache = cache_new();
    struct policy_entry *entry = with_policy(cache, "example.com");
    bool seen = false;
    const struct policy_sweep at_last = {.due = due, .arg = &seen};

    (void)state;
    sweep(cache, NOW + LIMIT_POLICY_RECENT_S + 1);
    assert_null(entry->recent);
    policy_cache_sweep(cache, NOW + 86401, &at_last);
    assert_true(seen);
    talloc_free(cache);
}

/* Domains of one provider share what it says, and all that they have goes with them. */
static void test_shared(void **state)
{
    struct policy_cache *cache = cache_new();
    char name[32];
    size_t one;

    (void)state;
    with_policy(cache, "0.example");
    one = cache->shelf.bytes;
    for (int i = 1; i < 10; i++) {
        snprintf(name, sizeof(name), "%d.example", i);
        with_policy(cache, name);
    }
    assert_int_equal(cache->shelf.bytes, one);
    sweep(cache, NOW + LIMIT_POLICY_UNUSED_S + 1);
    assert_int_equal(policy_cache_count(cache), 0);
    assert_int_equal(cache->shelf.bytes, 0);
    talloc_free(cache);
}

/* Whoever has many domains with long lists of MX hosts displaces no policy. */
static void test_hosts_displace_nothing(void **state)
{
    static char names[HOSTS][STS_NAME_SIZE];
    const char *hosts[HOSTS];
    const struct policy_known found = {NULL, NULL, DANE_COVER_NONE, hosts, HOSTS};
    struct policy_cache *cache;
    size_t many = LIMIT_POLICY_BYTES / (HOSTS * LENGTH) + 100;

    (void)state;
    assert_int_equal(policy_cache_new(NULL, 2 * many, false, &cache), STS_OK);
    with_policy(cache, "example.com");
    for (size_t i = 0; i < many; i++) {
        char domain[32];

        snprintf(domain, sizeof(domain), "%zu.example", i);
        for (size_t host = 0; host < HOSTS; host++) {
            snprintf(names[host], sizeof(names[host]), "%0*zu.%zu.example", LENGTH, host, i);
            hosts[host] = names[host];
        }
        assert_int_equal(policy_entry_dane(policy_cache_use(cache, domain, NOW), &found, 300, NOW),
                         STS_OK);
    }
    assert_non_null(policy_cache_find(cache, "example.com"));
    assert_true(cache->shelf.bytes <= LIMIT_POLICY_BYTES + sizeof(names));
    talloc_free(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_once), cmocka_unit_test(test_rest),
        cmocka_unit_test(test_no_rest),   cmocka_unit_test(test_wakes),
        cmocka_unit_test(test_shared),    cmocka_unit_test(test_hosts_displace_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
