/* SPDX-License-Identifier: MIT */
/* test_downgrade.c - what protects less than before, in invented time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "policyd/downgrade.h"

#define NOW       1800000000
#define WEEK      604800
#define BIT(name) (1u << DOWNGRADE_##name)

static struct lab {
    TALLOC_CTX *ctx;
    struct policy_cache *cache;
    struct policy_entry *entry;
} lab;

static struct live_policy policy_of(enum sts_mode mode, int64_t max_age, const char *const *mx,
                                    size_t count)
{
    return (struct live_policy){"1", mode, max_age, mx, count};
}

/* A domain whose policy of a week was fetched at NOW. */
static int set_up(void **state)
{
    static const char *const mx[] = {"mx.example.com", "*.example.net"};
    const struct live_policy policy = policy_of(STS_MODE_ENFORCE, WEEK, mx, 2);
    const struct sts_cache_record record = {STS_SEEN_RECORD, "1"};

    (void)state;
    lab.ctx = talloc_new(NULL);
    assert_int_equal(policy_cache_new(lab.ctx, 10, false, &lab.cache), STS_OK);
    lab.entry = policy_cache_use(lab.cache, "example.com", NOW);
    assert_non_null(lab.entry);
    assert_int_equal(policy_entry_record(lab.entry, &record, 300, NOW), STS_OK);
    assert_int_equal(policy_entry_fetched(lab.entry, &policy, NOW, 0), STS_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    talloc_free(lab.ctx);
    return 0;
}

static unsigned by_policy(enum sts_mode mode, int64_t max_age, const char *pattern)
{
    const char *const mx[] = {pattern};
    const struct live_policy policy = policy_of(mode, max_age, mx, 1);
    const struct policy_found found = {.part = POLICY_PART_POLICY, .policy = &policy};

    return downgrades_of(lab.entry, &found, NOW + 60);
}

static void a_policy_becomes_weaker(void **state)
{
    (void)state;
    assert_int_equal(by_policy(STS_MODE_ENFORCE, WEEK, "mx.example.com"), 0);
    assert_int_equal(by_policy(STS_MODE_ENFORCE, WEEK * 2, "a.example.net"), 0);
    assert_int_equal(by_policy(STS_MODE_ENFORCE, WEEK, "*.example.net"), 0);
    assert_int_equal(by_policy(STS_MODE_ENFORCE, WEEK / 4, "mx.example.com"), 0);
    assert_int_equal(by_policy(STS_MODE_ENFORCE, WEEK / 4 - 1, "mx.example.com"), BIT(MAX_AGE));
    assert_int_equal(by_policy(STS_MODE_ENFORCE, WEEK, "mx.evil.example"), BIT(PATTERNS));
    assert_int_equal(by_policy(STS_MODE_ENFORCE, WEEK, "*.example.com"), BIT(PATTERNS));
    assert_int_equal(by_policy(STS_MODE_ENFORCE, WEEK, "*.a.example.net"), BIT(PATTERNS));
    assert_int_equal(by_policy(STS_MODE_ENFORCE, 60, "*.com"), BIT(PATTERNS) | BIT(MAX_AGE));
    assert_int_equal(by_policy(STS_MODE_TESTING, WEEK, "mx.example.com"), BIT(MODE));
    assert_int_equal(by_policy(STS_MODE_NONE, 60, "mx.example.com"), BIT(MODE));
}

static unsigned by_record(enum sts_seen seen, int64_t now)
{
    const struct policy_found found = {.part = POLICY_PART_RECORD, .record = {seen, "2"}};

    return downgrades_of(lab.entry, &found, now);
}

static void the_record_goes(void **state)
{
    const struct sts_cache_record none = {STS_SEEN_NONE, NULL};

    (void)state;
    assert_int_equal(by_record(STS_SEEN_RECORD, NOW + 60), 0);
    assert_int_equal(by_record(STS_SEEN_UNKNOWN, NOW + 60), 0);
    assert_int_equal(by_record(STS_SEEN_NONE, NOW + 60), BIT(RECORD));
    assert_int_equal(by_record(STS_SEEN_NONE, NOW + WEEK + 60), 0); /* no policy applies */
    assert_int_equal(policy_entry_record(lab.entry, &none, 300, NOW), STS_OK);
    assert_int_equal(by_record(STS_SEEN_NONE, NOW + 60), 0); /* it was told */
}

/* As after a restart: of the store only the policy is known. */
static void the_record_has_gone_since_the_last_run(void **state)
{
    static const char *const mx[] = {"mx.example.net"};
    const struct live_policy policy = policy_of(STS_MODE_ENFORCE, WEEK, mx, 1);
    const struct policy_stored stored = {.policy = &policy, .fetched_at = NOW};

    (void)state;
    lab.entry = policy_cache_use(lab.cache, "example.net", NOW);
    assert_int_equal(policy_entry_restore(lab.entry, &stored, NOW, 0), STS_OK);
    assert_int_equal(by_record(STS_SEEN_NONE, NOW + 60), BIT(RECORD));
}

static unsigned by_failure(const char *why)
{
    const struct policy_found found = {.part = POLICY_PART_POLICY, .why = why};

    return downgrades_of(lab.entry, &found, NOW + 60);
}

static void the_certificate_is_bad(void **state)
{
    (void)state;
    assert_int_equal(by_failure("unreachable"), 0);
    assert_int_equal(by_failure("certificate"), BIT(CERTIFICATE));
    policy_entry_failed(lab.entry, "unreachable", NOW);
    assert_int_equal(by_failure("certificate"), BIT(CERTIFICATE));
    policy_entry_failed(lab.entry, "certificate", NOW);
    assert_int_equal(by_failure("certificate"), 0);
}

static void dane_protects_less(void **state)
{
    static const char *const hosts[] = {"mx.example.com"};
    struct policy_found found = {.part = POLICY_PART_DANE, .dane_known = true};
    const struct policy_known all = {.dane = DANE_COVER_ALL, .mx_hosts = hosts, .mx_host_count = 1};

    (void)state;
    assert_int_equal(downgrades_of(lab.entry, &found, NOW), 0);
    assert_int_equal(policy_entry_dane(lab.entry, &all, 300, NOW), STS_OK);
    assert_int_equal(downgrades_of(lab.entry, &found, NOW), BIT(DANE));
    found.dane.dane = DANE_COVER_SOME;
    assert_int_equal(downgrades_of(lab.entry, &found, NOW), BIT(DANE));
    found.dane_known = false;
    assert_int_equal(downgrades_of(lab.entry, &found, NOW), 0);
    found.dane = all;
    found.dane_known = true;
    assert_int_equal(downgrades_of(lab.entry, &found, NOW), 0);
}

static void nothing_was_protected(void **state)
{
    static const char *const mx[] = {"mx.example.com"};
    const struct live_policy policy = policy_of(STS_MODE_TESTING, WEEK, mx, 1);

    (void)state;
    assert_int_equal(policy_entry_fetched(lab.entry, &policy, NOW, 0), STS_OK);
    assert_int_equal(by_record(STS_SEEN_NONE, NOW + 60), 0);
    assert_int_equal(by_policy(STS_MODE_NONE, 60, "*.com"), 0);
    assert_int_equal(by_failure("certificate"), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_policy_becomes_weaker),
        CASE(the_record_goes),
        CASE(the_record_has_gone_since_the_last_run),
        CASE(the_certificate_is_bad),
        CASE(dane_protects_less),
        CASE(nothing_was_protected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
