/* SPDX-License-Identifier: MIT */
/* test_match.c - which hosts a pattern and a policy cover. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "mtasts/match.h"

static void test_pairs(void **state)
{
    static const struct {
        const char *pattern, *host;
        bool match;
    } cases[] = {
        {"mail.example.com", "mail.example.com", true},
        {"mail.example.com", "MAIL.Example.COM", true},
        {"MAIL.example.com", "mail.example.com", true},
        {"mail.example.com", "mail.example.com.", true},
        {"mail.example.com", "mail.example.com..", false},
        {"mail.example.com.", "mail.example.com", false},
        {"mail.example.com", "notmail.example.com", false},
        {"mail.example.com", "mail.example.com.evil.net", false},
        {"mail.example.com", "mailXexample.com", false},
        {"mail.example.com", "mail.example.co", false},
        {"*.example.com", "mail.example.com", true},
        {"*.EXAMPLE.com", "mail.example.COM.", true},
        {"*.example.com", "example.com", false},
        {"*.example.com", "foo.bar.example.com", false},
        {"*.example.com", "xexample.com", false},
        {"*.example.com", ".example.com", false},
        {"*.example.com", "*.example.com", false},
        {"*.example.com", "mail.example.com.evil.net", false},
        {"*.google.com", "aspmx.l.google.com", false},
        {"*.l.google.com", "aspmx.l.google.com", true},
        {"*.com", "example.com", true},
        {"*", "example", false},
        {"*.", "example", false},
        {"*.*.com", "a.b.com", false},
        {"m*.example.com", "mail.example.com", false},
        {"*example.com", "example.com", false},
        {".example.com", "mail.example.com", false},
        {"192.0.2.1", "192.0.2.1", false},
        {"mail_1.example", "mail_1.example", false},
        {"", "", false},
        {"example.com", "", false},
        {"xn--mller-kva.example", "XN--MLLER-KVA.example", true},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (sts_name_match(cases[i].pattern, cases[i].host) != cases[i].match)
            fail_msg("%s and %s", cases[i].pattern, cases[i].host);
}

static void test_policy(void **state)
{
    static const char text[] = "version: STSv1\nmode: enforce\nmax_age: 86400\n"
                               "mx: mx1.example.com\nmx: *.Example.NET\nmx: *.example.com\n";
    struct sts_policy *policy;
    const char *pattern = "untouched";

    assert_int_equal(sts_policy_parse(text, strlen(text), &policy), STS_OK);
    assert_true(sts_policy_covers(policy, "MX1.example.com.", &pattern));
    assert_string_equal(pattern, "mx1.example.com");
    assert_true(sts_policy_covers(policy, "a.example.net", &pattern));
    assert_string_equal(pattern, "*.example.net");
    assert_false(sts_policy_covers(policy, "a.b.example.net", &pattern));
    assert_null(pattern);
    assert_true(sts_policy_covers(policy, "mx2.example.com", NULL));
    sts_policy_free(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_policy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
