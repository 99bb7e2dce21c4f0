/* SPDX-License-Identifier: MIT */
/* test_timing.c - the spread over four hours, the back-off over a day, and giving up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "submit/limits.h"
#include "submit/timing.h"

#define DAY   20787
#define AFTER ((DAY + 1) * (int64_t)86400)
#define MANY  4000
#define PARTS 16

static void the_time_is_the_same_and_spread(void **state)
{
    size_t counts[PARTS] = {0};

    (void)state;
    for (int i = 0; i < MANY; i++) {
        char domain[32];
        int64_t due;

        snprintf(domain, sizeof(domain), "d%d.example", i);
        due = timing_due("Sender", domain, DAY);
        assert_int_equal(due, timing_due("Sender", domain, DAY));
        assert_in_range(due, AFTER + 60, AFTER + 60 + LIMIT_SPREAD - 1);
        counts[(due - AFTER - 60) * PARTS / LIMIT_SPREAD]++;
    }
    for (size_t i = 0; i < PARTS; i++) /* 250 each; seven deviations on either side */
        assert_in_range(counts[i], 140, 360);
    assert_true(timing_due("Sender", "a.example", DAY) != timing_due("Other", "a.example", DAY));
    assert_true(timing_due("Sender", "a.example", DAY) + 86400 !=
                timing_due("Sender", "a.example", DAY + 1));
}

static void it_is_tried_for_a_day(void **state)
{
    int64_t now = 1000, failures = 0, next, wait = 0;

    (void)state;
    while ((next = timing_again(1000, now, ++failures))) {
        assert_true(next - now >= wait && next - now <= LIMIT_RETRY_MOST);
        assert_true(next <= 1000 + LIMIT_RETRY_ALL);
        wait = next - now;
        now = next;
    }
    assert_int_equal(timing_again(1000, 1000, 1), 1000 + LIMIT_RETRY_FIRST);
    assert_int_equal(failures, 11);
    assert_int_equal(timing_again(0, LIMIT_RETRY_ALL, INT64_MAX), 0);
}

static void who_fails_for_long_is_asked_weekly(void **state)
{
    (void)state;
    assert_false(timing_suppressed(0, 0, LIMIT_FAILS_FOR * 2));
    assert_false(timing_suppressed(1000, 1000, 1000 + LIMIT_FAILS_FOR - 1));
    assert_true(timing_suppressed(1000, LIMIT_FAILS_FOR, 1000 + LIMIT_FAILS_FOR));
    assert_false(timing_suppressed(1000, LIMIT_FAILS_FOR, LIMIT_FAILS_FOR + LIMIT_ASKED_AGAIN));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_time_is_the_same_and_spread),
        cmocka_unit_test(it_is_tried_for_a_day),
        cmocka_unit_test(who_fails_for_long_is_asked_weekly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
