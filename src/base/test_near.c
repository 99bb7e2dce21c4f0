/* SPDX-License-Identifier: MIT */
/* test_near.c - the distance of words. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/near.h"

static void test_distance(void **state)
{
    (void)state;
    assert_int_equal(near_distance("", ""), 0);
    assert_int_equal(near_distance("mode", "mode"), 0);
    assert_int_equal(near_distance("", "mode"), 4);
    assert_int_equal(near_distance("nmx", "mx"), 1);
    assert_int_equal(near_distance("moed", "mode"), 1);
    assert_int_equal(near_distance("mdoe", "mode"), 1);
    assert_int_equal(near_distance("verison", "version"), 1);
    assert_int_equal(near_distance("maxag", "maxage"), 1);
    assert_int_equal(near_distance("note", "mode"), 2);
    assert_int_equal(near_distance("ab", "bc"), 2); /* one of two letters in the other's place */
    assert_int_equal(near_distance("ab", "ca"), 2);
    assert_int_equal(near_distance("ab", "ba"), 1);
    assert_true(near_distance("abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz01",
                              "mx") == SIZE_MAX);
}

/* One change for each three letters, three at the most. */
static void test_enough(void **state)
{
    static const struct {
        const char *a, *b;
        bool near;
    } cases[] = {{"chekc", "check", true},
                 {"lnit", "lint", true},
                 {"lit", "lint", true},
                 {"enforced", "enforce", true},
                 {"reports", "report", true},
                 {"maxage", "max-age", true},
                 {"chk", "check", false},
                 {"no", "mx", false},
                 {"x", "", false},
                 {"strict", "testing", false},
                 {"frobnicate", "generate", false},
                 {"policy-file", "policy-html", false}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (near_enough(cases[i].a, cases[i].b) != cases[i].near)
            fail_msg("%s, %s", cases[i].a, cases[i].b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_distance),
                                       cmocka_unit_test(test_enough)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
