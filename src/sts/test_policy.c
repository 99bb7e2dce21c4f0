/* SPDX-License-Identifier: MIT */
/* test_policy.c - policies of RFC 8461: every issue, its place, and both verdicts. */
#include "sts/test_issues.h"

#include <string.h>

#include "mtasts/policy.h"

#define TEXT(literal) literal, sizeof(literal) - 1
#define V             STS_VALID
#define U             STS_USABLE
#define X             STS_REFUSED

enum verdict { STS_REFUSED, STS_USABLE, STS_VALID };

struct policy_case {
    const char *text;
    size_t length;
    enum verdict verdict;
    enum sts_mode mode;
    long long max_age;
    const char *mx, *issues;
};

#define VERSION "version: STSv1\n"
#define HEAD    VERSION "mode: enforce\nmax_age: 604800\n" /* 45 bytes */
#define GOOD    STS_MODE_ENFORCE, 604800, "a.example"
#define NO_MX   STS_MODE_ENFORCE, 604800, ""
#define NAME32  "abcdefghijklmnopqrstuvwxyz012345"

static const struct policy_case cases[] = {
    {TEXT(HEAD "mx: a.example\n"), V, GOOD, ""},
    {TEXT(HEAD "mx: a.example"), V, GOOD, ""},
    {TEXT("version: STSv1\r\nmode: enforce\r\nmax_age: 604800\r\nmx: a.example\r\n"), V, GOOD, ""},
    {TEXT("version: STSv1\r\nmode: enforce\nmax_age: 604800\r\nmx: a.example"), V, GOOD, ""},
    {TEXT("mx:a.example\nmax_age:604800\nmode:enforce\nversion:STSv1"), V, GOOD, ""},
    {TEXT("mx: \tA.Example \t\nmax_age: 604800\t\nmode: enforce  \nversion: STSv1 \n"), V, GOOD,
     ""},
    {TEXT(HEAD "mx: *.example\nmx: b.example\nmx: *.example\n"), V, STS_MODE_ENFORCE, 604800,
     "*.example b.example *.example", ""},
    {TEXT(VERSION "mode: testing\nmax_age: 0\nmx: a.example\n"), V, STS_MODE_TESTING, 0,
     "a.example", ""},
    {TEXT(VERSION "mode: none\nmax_age: 31557600\nmx: a.example\n"), V, STS_MODE_NONE, 31557600,
     "a.example", ""},
    {TEXT(VERSION "mode: none\nmax_age: 0000000060\n"), V, STS_MODE_NONE, 60, "",
     "policy-mx-missing-in-none none 4:1 @46+0"},
    /* not a policy at all */
    {TEXT(""), X, STS_MODE_INVALID, -1, "", "policy-empty none 1:1 @0+0"},
    {TEXT(" \r\n\t\n"), X, STS_MODE_INVALID, -1, "", "policy-empty none 1:1 @0+5"},
    {TEXT("<!DOCTYPE html>\n<html>"), X, STS_MODE_INVALID, -1, "", "policy-html none 1:1 @0+1"},
    {TEXT("\n\n  <HTML><body>x"), X, STS_MODE_INVALID, -1, "", "policy-html none 3:3 @4+1"},
    {TEXT("{\"version\": \"STSv1\"}"), X, STS_MODE_INVALID, -1, "",
     "policy-line-malformed json 1:1 @0+1"},
    {TEXT("\xff\xfev\0e\0"), X, STS_MODE_INVALID, -1, "", "policy-bom utf-16 1:1 @0+2"},
    {TEXT("\xfe\xff\0v\0e"), X, STS_MODE_INVALID, -1, "", "policy-bom utf-16 1:1 @0+2"},
    {TEXT("v\0e\0r\0"), X, STS_MODE_INVALID, -1, "", "policy-bom utf-16 1:1 @0+2"},
    {TEXT("\xef\xbb\xbf" HEAD "mx: a.example\n"), X, GOOD, "policy-bom none 1:1 @0+3"},
    {TEXT("\xef\xbb\xbf <html>"), X, STS_MODE_INVALID, -1, "",
     "policy-bom none 1:1 @0+3; policy-html none 1:5 @4+1"},
    /* line ends */
    {TEXT("version: STSv1\rmode: enforce\rmax_age: 604800\rmx: a.example\r"), X, GOOD,
     "policy-bare-cr none 1:15 @14+1; policy-bare-cr none 2:14 @28+1; "
     "policy-bare-cr none 3:16 @44+1; policy-bare-cr none 4:14 @58+1"},
    {TEXT(HEAD "mx: a.example\r\r\n"), X, GOOD, "policy-bare-cr none 4:14 @58+1"},
    {TEXT("\n" HEAD "mx: a.example\n"), U, GOOD, "policy-blank-line none 1:1 @0+0"},
    {TEXT(HEAD "\r\nmx: a.example\n"), U, GOOD, "policy-blank-line none 4:1 @45+0"},
    {TEXT(HEAD "mx: a.example\n \t\n"), U, GOOD, "policy-blank-line white-space 5:1 @59+2"},
    {TEXT(HEAD "mx: a.example\n\n"), U, GOOD, "policy-blank-line none 5:1 @59+0"},
    {TEXT(HEAD "  mx: a.example\n"), U, GOOD, "policy-spacing white-space 4:1 @45+2"},
    {TEXT(HEAD "mx : a.example\n"), U, GOOD, "policy-spacing white-space 4:3 @47+1"},
    /* lines that are none */
    {TEXT(HEAD "mx: a.example\n# note\n"), X, GOOD, "policy-line-malformed comment 5:1 @59+6"},
    {TEXT(HEAD "mx: a.example\n// a: b\n"), X, GOOD, "policy-line-malformed comment 5:1 @59+7"},
    {TEXT(HEAD "mx: a.example\n; note\n"), X, GOOD, "policy-line-malformed comment 5:1 @59+6"},
    {TEXT(HEAD "mx: a.example # primary\n"), X, GOOD, "policy-line-malformed comment 4:15 @59+9"},
    {TEXT(HEAD "mx: a.example\n}\n"), X, GOOD, "policy-line-malformed json 5:1 @59+1"},
    {TEXT(HEAD "mx: a.example\nend\n"), X, GOOD, "policy-line-malformed no-colon 5:1 @59+3"},
    {TEXT(HEAD "\"mx\": \"a.example\"\n"), X, NO_MX, "policy-line-malformed quoted 4:1 @45+17"},
    {TEXT(HEAD "mx=a.example\n"), X, NO_MX, "policy-line-malformed no-colon 4:1 @45+12"},
    {TEXT(HEAD "mx a.example\n"), X, NO_MX, "policy-line-malformed no-colon 4:1 @45+12"},
    {TEXT(HEAD "relax=1\n"), X, NO_MX,
     "policy-line-malformed no-colon 4:1 @45+7; policy-mx-missing none 5:1 @53+0"},
    {TEXT("version: STSv1 mode: enforce mx: a.example max_age: 60"), X, STS_MODE_INVALID, -1, "",
     "policy-version-invalid version-typo 1:10 @9+45"},
    {TEXT("version=STSv1\nmode=none\n"), X, STS_MODE_INVALID, -1, "",
     "policy-line-malformed no-colon 1:1 @0+13; policy-line-malformed no-colon 2:1 @14+9"},
    {TEXT("v=STSv1; id=1"), X, STS_MODE_INVALID, -1, "",
     "policy-line-malformed no-colon 1:1 @0+13"},
    {TEXT(HEAD "mx: \"a.example\"\n"), X, NO_MX, "policy-line-malformed quoted 4:5 @49+11"},
    {TEXT(VERSION "mode: 'enforce'\nmax_age: 604800\nmx: a.example\n"), X, STS_MODE_INVALID, 604800,
     "a.example", "policy-line-malformed quoted 2:7 @21+9"},
    {TEXT(HEAD "mx: a.ex\0ample\n"), X, NO_MX, "policy-line-malformed control-character 4:9 @53+1"},
    /* version */
    {TEXT("mode: none\nmax_age: 60\nmx: a.example\n"), X, STS_MODE_NONE, 60, "a.example",
     "policy-version-missing none 4:1 @37+0"},
    {TEXT("version: STSv2\nmode: none\nmax_age: 60\nmx: a.example"), X, STS_MODE_NONE, 60,
     "a.example", "policy-version-invalid version-typo 1:10 @9+5"},
    {TEXT("version: stsv1\nmode: none\nmax_age: 60\nmx: a.example"), X, STS_MODE_NONE, 60,
     "a.example", "policy-version-invalid letter-case 1:10 @9+5"},
    {TEXT("version:\nmode: none\nmax_age: 60\nmx: a.example"), X, STS_MODE_NONE, 60, "a.example",
     "policy-version-invalid empty-value 1:9 @8+0"},
    /* mode */
    {TEXT(VERSION "max_age: 60\nmx: a.example"), X, STS_MODE_INVALID, 60, "a.example",
     "policy-mode-missing none 3:14 @40+0"},
    {TEXT(VERSION "mode: Enforce\nmax_age: 60\nmx: a.example"), X, STS_MODE_INVALID, 60,
     "a.example", "policy-mode-invalid letter-case 2:7 @21+7"},
    {TEXT(VERSION "mode: report\nmax_age: 60\nmx: a.example"), X, STS_MODE_INVALID, 60, "a.example",
     "policy-mode-invalid draft-report 2:7 @21+6"},
    {TEXT(VERSION "mode: enforced\nmax_age: 60\nmx: a.example"), X, STS_MODE_INVALID, 60,
     "a.example", "policy-mode-invalid bad-value 2:7 @21+8"},
    {TEXT(VERSION "mode: \nmax_age: 60\nmx: a.example"), X, STS_MODE_INVALID, 60, "a.example",
     "policy-mode-invalid empty-value 2:6 @20+0"},
    /* max_age */
    {TEXT(VERSION "mode: none\nmx: a.example\n"), X, STS_MODE_NONE, -1, "a.example",
     "policy-max-age-missing none 4:1 @40+0"},
    {TEXT(VERSION "mode: none\nmx: a.example\nmax_age: 1d"), X, STS_MODE_NONE, -1, "a.example",
     "policy-max-age-invalid not-digits 4:10 @49+2"},
    {TEXT(VERSION "mode: none\nmx: a.example\nmax_age: -1"), X, STS_MODE_NONE, -1, "a.example",
     "policy-max-age-invalid not-digits 4:10 @49+2"},
    {TEXT(VERSION "mode: none\nmx: a.example\nmax_age: 12 34"), X, STS_MODE_NONE, -1, "a.example",
     "policy-max-age-invalid not-digits 4:10 @49+5"},
    {TEXT(VERSION "mode: none\nmx: a.example\nmax_age:"), X, STS_MODE_NONE, -1, "a.example",
     "policy-max-age-invalid empty-value 4:9 @48+0"},
    {TEXT(VERSION "mode: none\nmx: a.example\nmax_age: 00000000060"), X, STS_MODE_NONE, -1,
     "a.example", "policy-max-age-invalid too-many-digits 4:10 @49+11"},
    {TEXT(VERSION "mode: none\nmx: a.example\nmax_age: 31557601"), X, STS_MODE_NONE, 31557601,
     "a.example", "policy-max-age-too-large none 4:10 @49+8"},
    {TEXT(VERSION "mode: none\nmx: a.example\nmax_age: 9999999999"), X, STS_MODE_NONE, 9999999999,
     "a.example", "policy-max-age-too-large none 4:10 @49+10"},
    /* mx */
    {TEXT(HEAD), X, NO_MX, "policy-mx-missing none 4:1 @45+0"},
    {TEXT(HEAD "mx:\n"), X, NO_MX, "policy-mx-invalid empty-value 4:4 @48+0"},
    {TEXT(HEAD "mx: a@b.example"), X, NO_MX, "policy-mx-invalid mx-email 4:5 @49+11"},
    {TEXT(HEAD "mx: a.example."), X, NO_MX, "policy-mx-invalid mx-trailing-dot 4:5 @49+10"},
    {TEXT(HEAD "mx: .example"), X, NO_MX, "policy-mx-invalid mx-leading-dot 4:5 @49+8"},
    {TEXT(HEAD "mx: *"), X, NO_MX, "policy-mx-invalid mx-bare-star 4:5 @49+1"},
    {TEXT(HEAD "mx: foo*.example"), X, NO_MX, "policy-mx-invalid mx-star-inside 4:5 @49+12"},
    {TEXT(HEAD "mx: *.*.example"), X, NO_MX, "policy-mx-invalid mx-star-inside 4:5 @49+11"},
    {TEXT(HEAD "mx: *example.com"), X, NO_MX, "policy-mx-invalid mx-star-inside 4:5 @49+12"},
    {TEXT(HEAD "mx: 192.0.2.1"), X, NO_MX, "policy-mx-invalid mx-address 4:5 @49+9"},
    {TEXT(HEAD "mx: [2001:db8::1]"), X, NO_MX, "policy-mx-invalid mx-address 4:5 @49+13"},
    {TEXT(HEAD "mx: m\xc3\xbcller.example"), X, NO_MX, "policy-mx-invalid mx-u-label 4:5 @49+15"},
    {TEXT(HEAD "mx: m\xfcller.example"), X, NO_MX, "policy-mx-invalid bad-character 4:5 @49+14"},
    {TEXT(HEAD "mx: a.example, b.example"), X, NO_MX, "policy-mx-invalid mx-list 4:5 @49+20"},
    {TEXT(HEAD "mx: a.example b.example"), X, NO_MX, "policy-mx-invalid mx-list 4:5 @49+19"},
    {TEXT(HEAD "mx: 10 a.example"), X, NO_MX, "policy-mx-invalid mx-preference 4:5 @49+12"},
    {TEXT(HEAD "mx: mail_1.example"), X, NO_MX, "policy-mx-invalid mx-underscore 4:5 @49+14"},
    {TEXT(HEAD "mx: https://a.example"), X, NO_MX, "policy-mx-invalid mx-url 4:5 @49+17"},
    {TEXT(HEAD "mx: a..example"), X, NO_MX, "policy-mx-invalid mx-label 4:5 @49+10"},
    {TEXT(HEAD "mx: -a.example"), X, NO_MX, "policy-mx-invalid mx-label 4:5 @49+10"},
    {TEXT(HEAD "mx: a.example:25"), X, NO_MX, "policy-mx-invalid mx-port 4:5 @49+12"},
    {TEXT(HEAD "mx: a.example\nmx: b_.example"), X, GOOD,
     "policy-mx-invalid mx-underscore 5:5 @63+10"},
    /* keys */
    {TEXT(VERSION "Mode: enforce\nmax_age: 604800\nMX: a.example"), X, GOOD,
     "policy-key-case letter-case 2:1 @15+4; policy-key-case letter-case 4:1 @45+2"},
    /* a key in other letters beside the right one is a field that nobody knows */
    {TEXT(HEAD "mx: a.example\nMode: none\nMX: b.example"), V, GOOD,
     "policy-extension-unknown letter-case 5:1 @59+4; "
     "policy-extension-unknown letter-case 6:1 @70+2"},
    {TEXT("Mode: none\n" HEAD "mx: a.example\n"), V, GOOD,
     "policy-extension-unknown letter-case 1:1 @0+4"},
    {TEXT(HEAD "mx: a.example\nMode: none\nMode: none\n"), V, GOOD,
     "policy-extension-unknown letter-case 5:1 @59+4; "
     "policy-extension-unknown letter-case 6:1 @70+4"},
    /* a mistyped key is why the field is missing; beside the field it is a question */
    {TEXT(HEAD "nmx: a.example\nmx-host: b.example"), X, NO_MX,
     "policy-mx-missing key-typo 4:1 @45+3; policy-mx-missing key-typo 5:1 @60+7"},
    {TEXT(HEAD "mx: a.example\nmxs: b.example\n"), V, GOOD,
     "policy-extension-unknown key-typo 5:1 @59+3"},
    {TEXT("v: STSv1\nmodes: none\nmax-age: 60\nmx: a.example"), X, STS_MODE_INVALID, -1,
     "a.example",
     "policy-version-missing key-typo 1:1 @0+1; policy-mode-missing key-typo 2:1 @9+5; "
     "policy-max-age-missing key-typo 3:1 @21+7"},
    {TEXT(VERSION "mode: none\nmax age: 60\nmxx: a.example"), X, STS_MODE_NONE, -1, "",
     "policy-max-age-missing key-typo 3:1 @26+7; policy-mx-missing-in-none key-typo 4:1 @38+3"},
    {TEXT(HEAD "mxx: .a\n"), X, NO_MX, "policy-mx-missing key-typo 4:1 @45+3"},
    {TEXT(HEAD "my: note\n"), X, NO_MX,
     "policy-extension-unknown none 4:1 @45+2; policy-mx-missing none 5:1 @54+0"},
    {TEXT(HEAD "mx: a.example\nmy: a word\nnote: 1\n"), V, GOOD,
     "policy-extension-unknown none 5:1 @59+2; policy-extension-unknown none 6:1 @70+4"},
    /* characters that are not what they look like */
    {TEXT(HEAD "mx:\xc2\xa0 a.example"), X, NO_MX, "policy-mx-invalid hidden-character 4:4 @48+2"},
    {TEXT(HEAD "mx: a\xe2\x80\x93"
               "b.example"),
     X, NO_MX, "policy-mx-invalid hidden-character 4:6 @50+3"},
    {TEXT(HEAD "m\xc2\xadx: a.example"), X, NO_MX,
     "policy-line-malformed hidden-character 4:2 @46+2"},
    {TEXT(HEAD "mx\xef\xbc\x9a"
               "a.example"),
     X, NO_MX, "policy-line-malformed hidden-character 4:3 @47+3"},
    {TEXT(VERSION "mode: enforce\xe2\x80\x8b\nmax_age: 60\nmx: a.example"), X, STS_MODE_INVALID, 60,
     "a.example", "policy-mode-invalid hidden-character 2:14 @28+3"},
    {TEXT(HEAD "mx: a.example\nnote: a\xc2\xa0"
               "b\n"),
     V, GOOD, "policy-extension-unknown none 5:1 @59+4"},
    /* line ends written as two characters */
    {TEXT("version: STSv1\\nmode: enforce\\nmx: a.example\\nmax_age: 60"), X, STS_MODE_INVALID, -1,
     "", "policy-line-malformed literal-line-end 1:15 @14+2"},
    {TEXT(VERSION "mode: none\\n\nmax_age: 60\nmx: a.example"), X, STS_MODE_INVALID, 60,
     "a.example", "policy-line-malformed literal-line-end 2:11 @25+2"},
    {TEXT(HEAD "mx: a.example\nnote: a\\nmode: none\n"), V, GOOD,
     "policy-extension-unknown none 5:1 @59+4"},
    {TEXT(HEAD "mx: a.example 10"), X, NO_MX, "policy-mx-invalid mx-preference 4:5 @49+12"},
    {TEXT(HEAD "mx: a.example\nmode: enforce\n"), V, GOOD,
     "policy-duplicate-field none 5:1 @59+13"},
    {TEXT(HEAD "mx: a.example\nmode: none\n"), V, GOOD,
     "policy-duplicate-field different 5:1 @59+10"},
    {TEXT(HEAD "mx: a.example\nversion: STSv2\nmax_age: x\n"), V, GOOD,
     "policy-duplicate-field different 5:1 @59+14; policy-duplicate-field different 6:1 @74+10"},
    {TEXT(HEAD "mx: a.example\nx-note: a: b\n"), V, GOOD,
     "policy-extension-unknown none 5:1 @59+6"},
    {TEXT(HEAD "mx: a.example\nnote: m\xc3\xbcller\n"), V, GOOD,
     "policy-extension-unknown none 5:1 @59+4"},
    {TEXT(HEAD "mx: a.example\nnote:\n"), U, GOOD,
     "policy-extension-invalid empty-value 5:6 @64+0"},
    {TEXT(HEAD "mx: a.example\nnote: \xff\n"), U, GOOD,
     "policy-extension-invalid bad-value 5:7 @65+1"},
    {TEXT(HEAD "mx: a.example\nnote: a\tb\n"), U, GOOD,
     "policy-extension-invalid control-character 5:8 @66+1"},
    {TEXT(HEAD "mx: a.example\n_bad: x\n"), U, GOOD, "policy-extension-invalid bad-name 5:1 @59+1"},
    {TEXT(HEAD "mx: a.example\ntwo words: x\n"), U, GOOD,
     "policy-extension-invalid bad-name 5:4 @62+1"},
    {TEXT(HEAD "mx: a.example\n: x\n"), U, GOOD, "policy-extension-invalid bad-name 5:1 @59+0"},
    {TEXT(HEAD "mx: a.example\n" NAME32 "6: x\n"), U, GOOD,
     "policy-extension-invalid too-long 5:1 @59+33"},
    {TEXT("404: Not Found"), X, STS_MODE_INVALID, -1, "",
     "policy-extension-unknown none 1:1 @0+3; policy-line-malformed no-field 1:1 @0+0"},
    /* a hint in a line that is legal excuses nothing */
    {TEXT("version: STSv1\nmax_age: 60\nmx: a.example\nnote: mode: none\n"), X, STS_MODE_INVALID,
     60, "a.example",
     "policy-extension-unknown none 4:1 @41+4; policy-mode-missing none 5:1 @58+0"},
};

static char *mx_text(const struct sts_policy *policy)
{
    size_t count;
    const char *const *mx = sts_policy_mx(policy, &count);
    char *text = talloc_strdup(NULL, "");

    for (size_t i = 0; i < count; i++)
        text = talloc_asprintf_append(text, "%s%s", i ? " " : "", mx[i]);
    return text;
}

static void check(const struct policy_case *c)
{
    struct sts_policy *policy;
    size_t count;
    const struct sts_issue *issues;
    char *copy = talloc_memdup(NULL, c->length ? c->text : "", c->length ? c->length : 1);
    char *text, *mx;
    bool valid, usable;

    assert_int_equal(sts_policy_parse(copy, c->length, &policy), STS_OK);
    talloc_free(copy); /* nothing is borrowed */
    issues = sts_policy_issues(policy, &count);
    issues_inside(issues, count, c->length);
    text = issues_text(issues, count);
    valid = sts_policy_valid(policy);
    usable = sts_policy_usable(policy);
    if (strcmp(text, c->issues) || valid != (c->verdict == V) || usable != (c->verdict >= U))
        fail_msg("%s\n  have %s\n  want %s\n  valid %d usable %d", c->text, text, c->issues, valid,
                 usable);
    assert_int_equal(sts_policy_mode(policy), c->mode);
    assert_int_equal(sts_policy_max_age(policy), c->max_age);
    mx = mx_text(policy);
    assert_string_equal(mx, c->mx);
    talloc_free(mx);
    talloc_free(text);
    sts_policy_free(policy);
}

static void test_parse(void **state)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check(&cases[i]);
}

/* A policy of the given size from one repeated piece. */
static struct sts_policy *parse_flood(const char *head, const char *piece, size_t length)
{
    char *text = talloc_size(NULL, length + strlen(head) + strlen(piece));
    size_t at = strlen(head);
    struct sts_policy *policy = NULL;

    memcpy(text, head, at);
    for (; at < length; at += strlen(piece))
        memcpy(text + at, piece, strlen(piece));
    assert_int_equal(sts_policy_parse(text, length, &policy), STS_OK);
    talloc_free(text);
    return policy;
}

static void test_limits(void **state)
{
    static char text[STS_POLICY_MAX + 1];
    struct sts_policy *policy = NULL;
    size_t count;

    assert_int_equal(sts_policy_parse(text, sizeof(text), &policy), STS_E_LIMIT);
    assert_null(policy);
    policy = parse_flood(HEAD, "mx:a\n", strlen(HEAD) + 13000 * 5);
    sts_policy_mx(policy, &count);
    assert_int_equal(count, STS_POLICY_MX_MAX);
    assert_int_equal(sts_policy_issues(policy, &count)->reason, STS_REASON_TOO_LONG);
    assert_int_equal(count, 1);
    assert_false(sts_policy_usable(policy));
    sts_policy_free(policy);
    sts_policy_free(NULL);
}

/* What spoils nothing cannot push out what does, nor can its number change the verdict. */
static void test_flood(void **state)
{
    struct sts_policy *policy = parse_flood(HEAD "mx: a\n", "\n", 20000);
    size_t count;
    const struct sts_issue *issues;

    assert_true(sts_policy_usable(policy));
    sts_policy_free(policy);

    policy = parse_flood("", "\n\n\nx\n", 40000);
    issues = sts_policy_issues(policy, &count);
    assert_int_equal(count, STS_POLICY_ISSUES_MAX);
    assert_int_equal(issues[count - 1].code, STS_ISSUE_POLICY_LINE_MALFORMED);
    assert_false(sts_policy_usable(policy));
    sts_policy_free(policy);
}

static void test_names(void **state)
{
    assert_string_equal(sts_mode_name(STS_MODE_ENFORCE), "enforce");
    assert_string_equal(sts_mode_name(STS_MODE_TESTING), "testing");
    assert_string_equal(sts_mode_name(STS_MODE_NONE), "none");
    assert_string_equal(sts_mode_name(STS_MODE_INVALID), "invalid");
    assert_string_equal(sts_issue_name(STS_ISSUE_COUNT), "unknown");
    assert_string_equal(sts_reason_name(STS_REASON_COUNT), "unknown");
    assert_string_equal(sts_status_text(STS_E_LIMIT), "input too large");
    assert_non_null(sts_version());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_flood),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
