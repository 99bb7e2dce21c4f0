/* SPDX-License-Identifier: MIT */
/* test_policy_reply.c - replies that real Postfix was seen to take or to defer mail for, read by
 * the model; and our own, each of which the model must take. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "policyd/limits.h"
#include "policyd/policy_reply.h"

/* ---- the model ------------------------------------------------------------------------------- */

#define F POSTFIX_FOUND
#define N POSTFIX_NOT_FOUND
#define D POSTFIX_DEFERS
#define R POSTFIX_REFUSES

static const struct {
    const char *payload;
    enum postfix_outcome old, new;
} readings[] = {
#define READING(payload, old, new) {payload, old, new},
#define STRICTER                   READING
#include "policyd/postfix_readings.def"
};

static void test_readings(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++) {
        struct bytes payload = bytes_of(readings[i].payload);
        struct postfix_reading old = postfix_read(POSTFIX_3_4, payload);
        struct postfix_reading new = postfix_read(POSTFIX_3_10, payload);

        if (old.outcome != readings[i].old || new.outcome != readings[i].new)
            fail_msg("%s: %d (%s), %d (%s)", payload.data, (int)old.outcome, old.why,
                     (int)new.outcome, new.why);
        assert_true((new.outcome == R) == (new.why != NULL));
    }
}

/* A reply of 100,000 bytes is read, one more is not. */
static void test_too_long(void **state)
{
    char text[LIMIT_SOCKETMAP_REPLY + 1];

    (void)state;
    memset(text, ' ', sizeof(text));
    memcpy(text, "OK may", 6);
    assert_int_equal(postfix_read(POSTFIX_3_4, (struct bytes){text, sizeof(text) - 1}).outcome, F);
    assert_int_equal(postfix_read(POSTFIX_3_4, (struct bytes){text, sizeof(text)}).outcome, R);
}

/* ---- our own --------------------------------------------------------------------------------- */

static const char *const two_mx[] = {"mx.ok.tld", "*.in.ok.tld"};

#define STS(mode)                                                                                  \
    &(const struct live_policy)                                                                    \
    {                                                                                              \
        "1", (mode), 86400, two_mx, 2                                                              \
    }
#define PLAIN "OK secure match=mx.ok.tld:.in.ok.tld servername=hostname"
#define FULL                                                                                       \
    PLAIN " policy_type=sts policy_domain=ok.tld mx_host_pattern=mx.ok.tld "                       \
          "mx_host_pattern=*.in.ok.tld { policy_string = version: STSv1 } "                        \
          "{ policy_string = mode: enforce } { policy_string = mx: mx.ok.tld } "                   \
          "{ policy_string = mx: *.in.ok.tld } { policy_string = max_age: 86400 }"

static void test_replies(void **state)
{
    const struct {
        const struct live_policy *policy;
        enum dane_cover dane;
        enum policy_answer answer;
        const char *plain, *attributes;
    } rows[] = {
        {NULL, DANE_COVER_NONE, POLICY_ANSWER_NONE, "NOTFOUND ", "NOTFOUND "},
        {NULL, DANE_COVER_SOME, POLICY_ANSWER_DANE, "OK dane", "OK dane"},
        {NULL, DANE_COVER_ALL, POLICY_ANSWER_DANE_ONLY, "OK dane-only", "OK dane-only"},
        {STS(STS_MODE_ENFORCE), DANE_COVER_NONE, POLICY_ANSWER_STS, PLAIN, FULL},
        {STS(STS_MODE_ENFORCE), DANE_COVER_SOME, POLICY_ANSWER_STS, PLAIN, FULL},
        {STS(STS_MODE_ENFORCE), DANE_COVER_ALL, POLICY_ANSWER_DANE_ONLY, "OK dane-only",
         "OK dane-only"},
        {STS(STS_MODE_TESTING), DANE_COVER_NONE, POLICY_ANSWER_TESTING, "NOTFOUND ", "NOTFOUND "},
        {STS(STS_MODE_TESTING), DANE_COVER_SOME, POLICY_ANSWER_DANE, "OK dane", "OK dane"},
        {STS(STS_MODE_NONE), DANE_COVER_NONE, POLICY_ANSWER_NONE, "NOTFOUND ", "NOTFOUND "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct policy_known known = {"ok.tld", rows[i].policy, rows[i].dane, NULL, 0};
        enum reply_cut cut;
        char *plain = policy_reply(NULL, PROFILE_PLAIN, &known, &cut);
        char *attributes = policy_reply(NULL, PROFILE_ATTRIBUTES, &known, &cut);

        assert_int_equal(policy_answer_of(&known), rows[i].answer);
        assert_string_equal(plain, rows[i].plain);
        assert_string_equal(attributes, rows[i].attributes);
        assert_int_equal(cut, REPLY_WHOLE);
        assert_int_not_equal(postfix_read(POSTFIX_3_4, bytes_of(plain)).outcome, R);
        assert_int_not_equal(postfix_read(POSTFIX_3_10, bytes_of(plain)).outcome, R);
        assert_int_not_equal(postfix_read(POSTFIX_3_10, bytes_of(attributes)).outcome, R);
        talloc_free(plain);
        talloc_free(attributes);
    }
}

/* ---- policies that are too long -------------------------------------------------------------- */

/* So many patterns of so many bytes. */
static const char *const *patterns(TALLOC_CTX *ctx, size_t count, int length)
{
    const char **mx = talloc_zero_array(ctx, const char *, count);
    char labels[256];

    for (size_t i = 0; i < sizeof(labels); i++)
        labels[i] = i % 50 ? 'x' : '.';
    for (size_t i = 0; i < count; i++)
        mx[i] = talloc_asprintf(mx, "m%04zu%.*s.tld", i, length - 9, labels);
    return mx;
}

static void check_cut(size_t count, int length, const char *mx_host, enum reply_profile profile,
                      enum reply_cut expected)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *const *mx = patterns(ctx, count, length);
    const struct live_policy policy = {"1", STS_MODE_ENFORCE, 86400, mx, count};
    const char *hosts[] = {mx_host && *mx_host ? mx_host : mx[count - 1]};
    struct policy_known known = {"ok.tld", &policy, DANE_COVER_NONE, hosts, mx_host ? 1 : 0};
    enum reply_cut cut;
    char *reply = policy_reply(ctx, profile, &known, &cut);
    struct postfix_reading seen = postfix_read(reply_profile_version(profile), bytes_of(reply));

    assert_int_equal(cut, expected);
    assert_int_equal(seen.outcome, F);
    assert_int_equal(seen.policy_strings > 0, profile == PROFILE_ATTRIBUTES && cut == REPLY_WHOLE);
    assert_int_equal(seen.mx_patterns, profile == PROFILE_ATTRIBUTES ? seen.matches : 0);
    if (cut == REPLY_WHOLE || cut == REPLY_NO_STRINGS)
        assert_int_equal(seen.matches, count);
    if (cut == REPLY_KNOWN_MX_ONLY)
        assert_int_equal(seen.matches, 1);
    if (cut == REPLY_CUT_OFF)
        assert_true(strlen(reply) > LIMIT_SOCKETMAP_REPLY / 2);
    talloc_free(ctx);
}

static void test_long(void **state)
{
    (void)state;
    check_cut(450, 40, NULL, PROFILE_ATTRIBUTES, REPLY_WHOLE);
    check_cut(650, 40, NULL, PROFILE_ATTRIBUTES, REPLY_NO_STRINGS);
    check_cut(650, 40, NULL, PROFILE_PLAIN, REPLY_WHOLE);
    check_cut(650, 200, "", PROFILE_ATTRIBUTES, REPLY_KNOWN_MX_ONLY);
    check_cut(650, 200, "", PROFILE_PLAIN, REPLY_KNOWN_MX_ONLY);
    check_cut(650, 200, "mx.other.tld", PROFILE_ATTRIBUTES, REPLY_CUT_OFF);
    check_cut(STS_POLICY_MX_MAX, 250, NULL, PROFILE_PLAIN, REPLY_CUT_OFF);
    check_cut(STS_POLICY_MX_MAX, 250, "", PROFILE_ATTRIBUTES, REPLY_KNOWN_MX_ONLY);
}

/* ---- maps ------------------------------------------------------------------------------------ */

static void test_profiles(void **state)
{
    static const struct {
        const char *map;
        enum reply_profile profile;
        bool known;
    } rows[] = {
        {"postfix", PROFILE_PLAIN, true},
        {"QUERY", PROFILE_PLAIN, true},
        {"QUERYwithTLSRPT", PROFILE_ATTRIBUTES, true},
        {"sts", PROFILE_PLAIN, false},
        {"", PROFILE_PLAIN, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool known;

        assert_int_equal(reply_profile_of(bytes_of(rows[i].map), &known), rows[i].profile);
        assert_int_equal(known, rows[i].known);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_readings), cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_replies),  cmocka_unit_test(test_long),
        cmocka_unit_test(test_profiles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
