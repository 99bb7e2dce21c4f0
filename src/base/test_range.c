/* SPDX-License-Identifier: MIT */
/* test_range.c - the table of the guidelines, its neighbours, and what is no range. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/range.h"

static const struct {
    const char *text;
    double value;
    bool alerts;
} cases[] = {
    /* "< 0 or > 10" */
    {"10", -1, true},
    {"10", 0, false},
    {"10", 10, false},
    {"10", 11, true},
    {"10", 10.5, true},
    {"0", 0, false},
    {"0", 1, true},
    /* "< 10" */
    {"10:", 9, true},
    {"10:", 9.99, true},
    {"10:", 10, false},
    {"10:", 1e9, false},
    {"0:", -1, true},
    /* "> 10" */
    {"~:10", 10, false},
    {"~:10", 11, true},
    {"~:10", -1e9, false},
    /* "< 10 or > 20" */
    {"10:20", 9, true},
    {"10:20", 10, false},
    {"10:20", 20, false},
    {"10:20", 21, true},
    {"-10:-5", -7, false},
    {"-10:-5", -4, true},
    {"7.5:20", 7, true},
    {"7.5:20", 7.5, false},
    {"10:10", 10, false},
    /* ">= 10 and <= 20" */
    {"@10:20", 9, false},
    {"@10:20", 10, true},
    {"@10:20", 20, true},
    {"@10:20", 21, false},
    {"@10", 5, true},
    {"@10", -1, false},
    {"@~:0", -3, true},
    {"@~:0", 1, false},
    {"~:", -1e9, false},
    {"@~:", 3, true},
};

static const char *const wrong[] = {
    "",
    ":",
    ":10",
    "@",
    "@@10",
    "20:10",
    "10:20:30",
    "ten",
    "10 ",
    " 10",
    "+10",
    "1e3",
    "0x10",
    "inf",
    "nan",
    "~",
    "10:~",
    "--1",
    ".5",
    "5.",
    "5.:",
    "-",
    "-:",
    "10:-",
    "10,20",
    "~10",
    "10d",
    "14;7",
    "1111111111111111111111111111111111:",
};

static void ranges(void **state)
{
    struct range range;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (!range_parse(cases[i].text, &range))
            fail_msg("%s: not read", cases[i].text);
        if (range_alerts(&range, cases[i].value) != cases[i].alerts)
            fail_msg("%s: %g", cases[i].text, cases[i].value);
    }
}

static void no_ranges(void **state)
{
    struct range range;

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        if (range_parse(wrong[i], &range))
            fail_msg("\"%s\" was read", wrong[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges),
        cmocka_unit_test(no_ranges),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
