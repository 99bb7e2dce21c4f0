/* SPDX-License-Identifier: MIT */
/* test_issue_text.c - what is told of an issue. */
#include "mtasts/issue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mtasts/policy.h"
#include "mtasts/record.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Every code has a sentence, whatever the reason, and all of its places are filled in. */
static void test_all(void **state)
{
    char text[STS_ISSUE_TEXT_SIZE];
    struct sts_issue issue = {.line = 1, .column = 2, .offset = 1, .length = 3};

    (void)state;
    for (int code = 0; code < STS_ISSUE_COUNT; code++)
        for (int reason = 0; reason < STS_REASON_COUNT; reason++) {
            const char *sentence =
                sts_issue_sentence((enum sts_issue_code)code, (enum sts_issue_reason)reason);

            assert_true(strlen(sentence) > 10);
            assert_int_equal(sts_issue_text(&issue, sentence, "mode: x", 7, text, sizeof(text)),
                             STS_OK);
            if (strpbrk(text, "{}"))
                fail_msg("%s", text);
        }
    assert_string_equal(sts_issue_sentence(STS_ISSUE_COUNT, STS_REASON_NONE), "");
}

static void test_reason_comes_first(void **state)
{
    (void)state;
    assert_string_equal(sts_issue_sentence(STS_ISSUE_POLICY_MX_INVALID, STS_REASON_EMPTY_VALUE),
                        "The pattern in line {line} is empty.");
    assert_string_equal(sts_issue_sentence(STS_ISSUE_POLICY_MX_INVALID, STS_REASON_TOO_LONG),
                        "The policy has more than 1,024 mx lines; those from line {line} on were "
                        "not read: \"{line_text}\".");
    assert_string_equal(sts_issue_sentence(STS_ISSUE_POLICY_MX_INVALID, STS_REASON_COMMENT),
                        sts_issue_sentence(STS_ISSUE_POLICY_MX_INVALID, STS_REASON_NONE));
}

static void expect_policy(const char *text, const char *wanted)
{
    char told[STS_ISSUE_TEXT_SIZE];
    struct sts_policy *policy;
    const struct sts_issue *issues;
    size_t count;
    bool found = false;

    assert_int_equal(sts_policy_parse(text, strlen(text), &policy), STS_OK);
    issues = sts_policy_issues(policy, &count);
    for (size_t i = 0; i < count && !found; i++) {
        assert_int_equal(sts_issue_text(&issues[i],
                                        sts_issue_sentence(issues[i].code, issues[i].reason), text,
                                        strlen(text), told, sizeof(told)),
                         STS_OK);
        found = !strcmp(told, wanted);
    }
    if (!found)
        fail_msg("%s: %s", wanted, told);
    sts_policy_free(policy);
}

static void test_policies(void **state)
{
    (void)state;
    expect_policy("version: STSv1\nmode: Enforce\n",
                  "The mode in line 2 must be in lower case: \"mode: Enforce\".");
    expect_policy("version: STSv1\r\nmx: 10 a.example\r\nmode: none\r\n",
                  "Line 2 contains a preference number, which does not belong there: "
                  "\"10 a.example\".");
    expect_policy("version: STSv1\nmode: none\nmax-age: 1\n",
                  "The \"max_age:\" line is missing; line 3 is probably meant to be it, but its "
                  "key is \"max-age\": \"max-age: 1\".");
    expect_policy("version: STSv1\nmode:\xc2\xa0none\n",
                  "Line 2 contains U+00A0 NO-BREAK SPACE at column 6, where only ASCII is allowed: "
                  "\"mode:\\xc2\\xa0none\".");
    expect_policy("version: STSv1\nmode: none\nmode: testing\n",
                  "Line 3 repeats \"mode\" with a different value; some senders use the first, "
                  "others the last.");
    expect_policy("", "The policy file is empty.");
}

static void test_untrusted(void **state)
{
    static const struct sts_issue issue = {.line = 1, .column = 1, .length = 2000};
    char value[2001], text[STS_ISSUE_TEXT_SIZE];
    char small[8] = "";

    (void)state;
    memset(value, '\x1b', 2000);
    value[2000] = '\0';
    assert_int_equal(sts_issue_text(&issue, "{found}!", value, 2000, text, sizeof(text)), STS_OK);
    assert_null(strchr(text, '\x1b'));
    assert_string_equal(text + strlen(text) - 4, "\xe2\x80\xa6!"); /* cut, and goes on */
    memset(value, '{', 2000);                                      /* a value is no template */
    assert_int_equal(sts_issue_text(&issue, "{found}", "{line}", 6, text, sizeof(text)), STS_OK);
    assert_string_equal(text, "{line}");
    assert_int_equal(sts_issue_text(&issue, "a {b} {", "", 0, text, sizeof(text)), STS_OK);
    assert_string_equal(text, "a {b} {");
    assert_int_equal(sts_issue_text(&issue, "{text}", NULL, 0, text, sizeof(text)), STS_OK);
    assert_string_equal(text, "");
    assert_int_equal(sts_issue_text(&issue, "12345\xc3\xbc\xc3\xbc", "", 0, small, sizeof(small)),
                     STS_OK);
    assert_string_equal(small, "12345\xc3\xbc");
    assert_int_equal(sts_issue_text(&issue,
                                    "12345\xc3\xbc"
                                    "67",
                                    "", 0, small, 7),
                     STS_OK);
    assert_string_equal(small, "12345");
    assert_int_equal(sts_issue_text(&issue, "x", "", 0, small, 0), STS_E_INVALID);
}

/* An issue of another text does no harm. */
static void test_out_of_range(void **state)
{
    static const struct sts_issue issue = {
        .line = 9, .column = 9, .offset = 900, .length = SIZE_MAX};
    char text[STS_ISSUE_TEXT_SIZE];

    (void)state;
    assert_int_equal(sts_issue_text(&issue, "{line}:{column} {found} {line_text} {key} {character}",
                                    "a: b", 4, text, sizeof(text)),
                     STS_OK);
    assert_string_equal(text, "9:9  a: b a ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all),          cmocka_unit_test(test_reason_comes_first),
        cmocka_unit_test(test_policies),     cmocka_unit_test(test_untrusted),
        cmocka_unit_test(test_out_of_range),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
