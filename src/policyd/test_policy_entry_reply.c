/* SPDX-License-Identifier: MIT */
/* test_policy_entry_reply.c - replies are kept, and made anew when something else is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "policyd/policy_cache.h"

#define NOW  1800000000
#define WEEK 604800

static void fetch(struct policy_entry *entry, const char *host, int64_t now)
{
    const char *const mx[] = {host};
    const struct live_policy policy = {"1", STS_MODE_ENFORCE, WEEK, mx, 1};

    assert_int_equal(policy_entry_fetched(entry, &policy, now, 7), STS_OK);
}

static void see_dane(struct policy_entry *entry, enum dane_cover dane)
{
    static const char *const mx[] = {"mx.example.com"};
    const struct policy_known found = {NULL, NULL, dane, mx, 1};

    assert_int_equal(policy_entry_dane(entry, &found, 300, NOW), STS_OK);
}

static const char *reply(struct policy_entry *entry, enum reply_profile profile, int64_t now)
{
    const struct policy_made *made = policy_entry_reply(entry, profile, now);

    assert_non_null(made);
    assert_false(made->refused);
    return made->text;
}

static void test_kept(void **state)
{
    struct policy_cache *cache;
    struct policy_entry *entry;
    const char *first;

    (void)state;
    assert_int_equal(policy_cache_new(NULL, 10, false, &cache), STS_OK);
    entry = policy_cache_use(cache, "example.com", NOW);
    assert_string_equal(reply(entry, PROFILE_PLAIN, NOW), "NOTFOUND ");
    fetch(entry, "mx.example.com", NOW);
    first = reply(entry, PROFILE_PLAIN, NOW);
    assert_string_equal(first, "OK secure match=mx.example.com servername=hostname");
    assert_ptr_equal(reply(entry, PROFILE_PLAIN, NOW + 9), first);
    assert_non_null(strstr(reply(entry, PROFILE_ATTRIBUTES, NOW), "policy_type=sts"));
    assert_ptr_equal(reply(entry, PROFILE_PLAIN, NOW + 9), first);
    talloc_free(cache);
}

static void test_made_anew(void **state)
{
    struct policy_cache *cache;
    struct policy_entry *entry;

    (void)state;
    assert_int_equal(policy_cache_new(NULL, 10, false, &cache), STS_OK);
    entry = policy_cache_use(cache, "example.com", NOW);
    fetch(entry, "a.example.com", NOW);
    assert_non_null(strstr(reply(entry, PROFILE_PLAIN, NOW), "=a.example.com"));
    fetch(entry, "b.example.com", NOW);
    assert_non_null(strstr(reply(entry, PROFILE_PLAIN, NOW), "=b.example.com"));
    see_dane(entry, DANE_COVER_ALL);
    assert_string_equal(reply(entry, PROFILE_PLAIN, NOW), "OK dane-only");
    see_dane(entry, DANE_COVER_SOME);
    assert_non_null(strstr(reply(entry, PROFILE_PLAIN, NOW), "=b.example.com"));
    assert_string_equal(reply(entry, PROFILE_PLAIN, NOW + WEEK + 1), "OK dane"); /* expired */
    see_dane(entry, DANE_COVER_NONE);
    assert_string_equal(reply(entry, PROFILE_PLAIN, NOW + WEEK + 1), "NOTFOUND ");
    talloc_free(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kept),
        cmocka_unit_test(test_made_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
