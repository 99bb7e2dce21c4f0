/* SPDX-License-Identifier: MIT */
/* test_overrides.c - files of overrides, good ones and bad ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "policyd/limits.h"
#include "policyd/overrides.h"

#define NEW_YEAR 1798761600 /* 2027-01-01T00:00:00Z */

static struct overrides *read_good(TALLOC_CTX *ctx, const char *text)
{
    struct overrides *overrides = NULL;
    size_t line = 0;
    enum override_fault fault = overrides_read(ctx, bytes_of(text), &overrides, &line);

    if (fault != OVERRIDE_OK)
        fail_msg("fault %d in line %zu: %s", (int)fault, line, text);
    return overrides;
}

static const char good[] = "# ours\n"
                           "\n"
                           "example.com  none  \"their certificate expired\"  2026-12-31\n"
                           "B\xc3\xbc"
                           "cher.example\tmay\t\"x\"\tnever\n"
                           "enc.example encrypt \"self-signed\" never\r\n"
                           "dane.example dane \"x\" never\n"
                           "only.example dane-only \"x\" never\n"
                           "[Relay.example] secure=relay.example:.b.example \"our relay\" never\n"
                           "half.example no-dane \"TLSA records are wrong\" never";

static const struct {
    const char *key, *payload; /* NULL: the override has none */
    enum override_action action;
} rows[] = {
    {"example.com", "NOTFOUND ", OVERRIDE_NONE},
    {"Example.COM.", "NOTFOUND ", OVERRIDE_NONE},
    {"example.com:25", "NOTFOUND ", OVERRIDE_NONE},
    {"xn--bcher-kva.example", "OK may", OVERRIDE_MAY},
    {"enc.example", "OK encrypt", OVERRIDE_ENCRYPT},
    {"dane.example", "OK dane", OVERRIDE_DANE},
    {"only.example", "OK dane-only", OVERRIDE_DANE_ONLY},
    {"[relay.example]:587", "OK secure match=relay.example:.b.example servername=hostname",
     OVERRIDE_SECURE},
    {"half.example", NULL, OVERRIDE_NO_DANE},
};

static const struct override *find(const struct overrides *overrides, const char *key, int64_t now)
{
    char domain[STS_NAME_SIZE] = "";
    enum policy_key_kind kind = policy_key_read(bytes_of(key), domain);

    return overrides_find(overrides, bytes_of(key), kind, domain, now);
}

static void each_is_found_and_postfix_takes_it(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const struct overrides *overrides = read_good(ctx, good);

    (void)state;
    assert_int_equal(overrides->count, 7);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct override *found = find(overrides, rows[i].key, NEW_YEAR - 1);

        if (!found)
            fail_msg("%s is not found", rows[i].key);
        assert_int_equal(found->action, rows[i].action);
        if (!rows[i].payload) {
            assert_null(found->payload);
            continue;
        }
        assert_string_equal(found->payload, rows[i].payload);
        assert_int_not_equal(postfix_read(POSTFIX_3_4, bytes_of(found->payload)).outcome,
                             POSTFIX_REFUSES);
    }
    talloc_free(ctx);
}

static void others_are_not(void **state)
{
    static const char *const keys[] = {"sub.example.com",
                                       ".example.com",
                                       "com",
                                       "relay.example",
                                       "[example.com]",
                                       "[192.0.2.1]",
                                       "[",
                                       "[]",
                                       ""};
    TALLOC_CTX *ctx = talloc_new(NULL);
    const struct overrides *overrides = read_good(ctx, good);

    (void)state;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        assert_null(find(overrides, keys[i], NEW_YEAR - 1));
    assert_null(find(NULL, "example.com", 0));
    assert_null(find(read_good(ctx, ""), "example.com", 0));
    talloc_free(ctx);
}

static void they_expire_at_the_end_of_the_day(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const struct overrides *overrides = read_good(ctx, good);

    (void)state;
    assert_null(find(overrides, "example.com", NEW_YEAR));
    assert_non_null(find(overrides, "enc.example", INT64_MAX));
    assert_string_equal(find(overrides, "example.com", 0)->reason, "their certificate expired");
    assert_int_equal(find(overrides, "example.com", 0)->line, 3);
    talloc_free(ctx);
}

static const struct {
    const char *text;
    enum override_fault fault;
    size_t line;
} bad[] = {
    {"a_b.example none \"x\" never", OVERRIDE_BAD_DOMAIN, 1},
    {"*.example none \"x\" never", OVERRIDE_BAD_DOMAIN, 1},
    {"[] none \"x\" never", OVERRIDE_BAD_DOMAIN, 1},
    {"[a.example none \"x\" never", OVERRIDE_BAD_DOMAIN, 1},
    {"#\n\na.example", OVERRIDE_BAD_ACTION, 3},
    {"a.example nothing \"x\" never", OVERRIDE_BAD_ACTION, 1},
    {"a.example None \"x\" never", OVERRIDE_BAD_ACTION, 1},
    {"a.example secure \"x\" never", OVERRIDE_BAD_NAMES, 1},
    {"a.example secure= \"x\" never", OVERRIDE_BAD_NAMES, 1},
    {"a.example secure=a.example: \"x\" never", OVERRIDE_BAD_NAMES, 1},
    {"a.example secure=*.example \"x\" never", OVERRIDE_BAD_NAMES, 1},
    {"a.example secure=a,b \"x\" never", OVERRIDE_BAD_NAMES, 1},
    {"a.example none never", OVERRIDE_BAD_REASON, 1},
    {"a.example none \"\" never", OVERRIDE_BAD_REASON, 1},
    {"a.example none \"x never", OVERRIDE_BAD_REASON, 1},
    {"a.example none \"\x1b[0m\" never", OVERRIDE_BAD_REASON, 1},
    {"a.example none \"x\"", OVERRIDE_BAD_EXPIRY, 1},
    {"a.example none \"x\" tomorrow", OVERRIDE_BAD_EXPIRY, 1},
    {"a.example none \"x\" 2026-02-30", OVERRIDE_BAD_EXPIRY, 1},
    {"a.example none \"x\" 2026-12-31T00:00:00Z", OVERRIDE_BAD_EXPIRY, 1},
    {"a.example none \"x\" never never", OVERRIDE_MORE, 1},
    {"a.example none \"x\" never\nb.example may \"x\" never\nA.example. may \"x\" never",
     OVERRIDE_TWICE, 3},
};

static void one_bad_line_refuses_all(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct overrides *overrides = NULL;
        size_t line = 0;
        enum override_fault fault = overrides_read(ctx, bytes_of(bad[i].text), &overrides, &line);

        if (fault != bad[i].fault || line != bad[i].line || overrides)
            fail_msg("%s: fault %d in line %zu", bad[i].text, (int)fault, line);
    }
    talloc_free(ctx);
}

static bool is_unneeded(enum override_action action, enum sts_mode mode, enum dane_cover dane)
{
    static const char *const mx[] = {"mx.example.com"};
    const struct live_policy policy = {"1", mode, 86400, mx, 1};
    const struct policy_known known = {.domain = "example.com", .policy = &policy, .dane = dane};
    const struct override override = {.action = action};

    return override_is_unneeded(&override, &known);
}

static void some_are_not_needed_any_more(void **state)
{
    (void)state;
    assert_true(is_unneeded(OVERRIDE_NONE, STS_MODE_NONE, DANE_COVER_NONE));
    assert_true(is_unneeded(OVERRIDE_NONE, STS_MODE_TESTING, DANE_COVER_NONE));
    assert_false(is_unneeded(OVERRIDE_NONE, STS_MODE_ENFORCE, DANE_COVER_NONE));
    assert_false(is_unneeded(OVERRIDE_MAY, STS_MODE_NONE, DANE_COVER_ALL));
    assert_true(is_unneeded(OVERRIDE_SECURE, STS_MODE_ENFORCE, DANE_COVER_NONE));
    assert_false(is_unneeded(OVERRIDE_SECURE, STS_MODE_TESTING, DANE_COVER_NONE));
    assert_false(is_unneeded(OVERRIDE_DANE_ONLY, STS_MODE_ENFORCE, DANE_COVER_SOME));
    assert_true(is_unneeded(OVERRIDE_NO_DANE, STS_MODE_ENFORCE, DANE_COVER_NONE));
    assert_false(is_unneeded(OVERRIDE_NO_DANE, STS_MODE_ENFORCE, DANE_COVER_ALL));
}

static void what_is_published_counts_or_not(void **state)
{
    static const struct {
        bool policy, dane;
    } counts[OVERRIDE_ACTIONS] = {[OVERRIDE_DANE] = {false, true},
                                  [OVERRIDE_DANE_ONLY] = {false, true},
                                  [OVERRIDE_NO_DANE] = {true, false}};

    (void)state;
    for (int i = 0; i < OVERRIDE_ACTIONS; i++) {
        const struct override override = {.action = (enum override_action)i};

        assert_int_equal(override_heeds_policy(&override), counts[i].policy);
        assert_int_equal(override_heeds_dane(&override), counts[i].dane);
    }
    assert_true(override_heeds_policy(NULL) && override_heeds_dane(NULL));
}

static void there_is_a_ceiling(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *text = talloc_strdup(ctx, "");
    struct overrides *overrides = NULL;
    size_t line = 0;

    (void)state;
    for (size_t i = 0; i <= LIMIT_OVERRIDES; i++)
        text = talloc_asprintf_append_buffer(text, "d%zu.example none \"x\" never\n", i);
    assert_int_equal(overrides_read(ctx, bytes_of(text), &overrides, &line), OVERRIDE_TOO_MANY);
    assert_int_equal(line, LIMIT_OVERRIDES + 1);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_found_and_postfix_takes_it),
        cmocka_unit_test(others_are_not),
        cmocka_unit_test(they_expire_at_the_end_of_the_day),
        cmocka_unit_test(one_bad_line_refuses_all),
        cmocka_unit_test(some_are_not_needed_any_more),
        cmocka_unit_test(what_is_published_counts_or_not),
        cmocka_unit_test(there_is_a_ceiling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
