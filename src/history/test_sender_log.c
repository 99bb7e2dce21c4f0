/* SPDX-License-Identifier: MIT */
/* test_sender_log.c - who reports, how often, and who has stopped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "history/sender_log.h"

#define DAY   ADVISORY_DAY
#define TODAY (1000 * DAY)
#define ROOM  64

static struct reported reports[ROOM];
static struct session_log log_of_test = {reports, 0};

static int fresh(void **state)
{
    (void)state;
    log_of_test.count = 0;
    return 0;
}

/* Reports of so many days ago, each of a day. */
static void add(const char *sender, int64_t days_ago, int64_t successful)
{
    int64_t begins = TODAY - days_ago * DAY;

    assert_true(log_of_test.count < ROOM);
    reports[log_of_test.count++] = (struct reported){
        .submitter = sender, .begins = begins, .ends = begins + DAY - 1, .successful = successful};
}

static void every(const char *sender, int64_t first, int64_t last, int64_t step)
{
    for (int64_t days = first; days >= last; days -= step)
        add(sender, days, 10);
}

static struct logged_sender only(void)
{
    struct sender_log senders;
    struct logged_sender one;
    TALLOC_CTX *ctx = talloc_new(NULL);

    assert_int_equal(sender_log_of(ctx, &log_of_test, TODAY, &senders), STS_OK);
    assert_int_equal(senders.count, 1);
    one = senders.senders[0];
    assert_int_equal(senders.silent, one.silent);
    talloc_free(ctx);
    return one;
}

static void nobody(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct sender_log senders;

    (void)state;
    assert_int_equal(sender_log_of(ctx, &log_of_test, TODAY, &senders), STS_OK);
    assert_int_equal(senders.count, 0);
    talloc_free(ctx);
}

static void who_reports_daily(void **state)
{
    (void)state;
    every("a", 20, 1, 1);
    assert_int_equal(only().interval, DAY);
    assert_false(only().silent);
    assert_int_equal(only().reports, 20);
    assert_int_equal(only().successful, 200);
    assert_int_equal(only().first, TODAY - 20 * DAY);
    assert_int_equal(only().last, TODAY - 1);
}

/* Three intervals and two days after the end of the last one, and not before. */
static void who_has_stopped(void **state)
{
    (void)state;
    every("a", 20, 5, 1);
    assert_false(only().silent);
    fresh(NULL);
    every("a", 20, 6, 1);
    assert_true(only().silent);
}

static void who_reports_weekly(void **state)
{
    (void)state;
    every("a", 60, 18, 7);
    assert_int_equal(only().interval, 7 * DAY);
    assert_false(only().silent);
    fresh(NULL);
    every("a", 60, 25, 7);
    assert_true(only().silent);
}

/* The median: one long pause does not make a slow sender. */
static void a_pause(void **state)
{
    (void)state;
    every("a", 50, 45, 1);
    every("a", 20, 1, 1);
    assert_int_equal(only().interval, DAY);
}

static void too_few_to_tell(void **state)
{
    (void)state;
    every("a", 60, 58, 1);
    assert_int_equal(only().interval, 0);
    assert_false(only().silent);
    /* several of one day are one */
    for (int i = 0; i < 10; i++)
        add("a", 57, 1);
    assert_int_equal(only().interval, DAY);
}

static void the_most_sessions_first(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct sender_log senders;

    (void)state;
    add("b", 1, 5);
    add("c", 2, INT64_MAX);
    add("a", 3, 5);
    add("c", 1, INT64_MAX);
    assert_int_equal(sender_log_of(ctx, &log_of_test, TODAY, &senders), STS_OK);
    assert_int_equal(senders.count, 3);
    assert_string_equal(senders.senders[0].name, "c");
    assert_true(senders.senders[0].successful == INT64_MAX);
    assert_string_equal(senders.senders[1].name, "a");
    assert_string_equal(senders.senders[2].name, "b");
    talloc_free(ctx);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nobody, fresh),
        cmocka_unit_test_setup(who_reports_daily, fresh),
        cmocka_unit_test_setup(who_has_stopped, fresh),
        cmocka_unit_test_setup(who_reports_weekly, fresh),
        cmocka_unit_test_setup(a_pause, fresh),
        cmocka_unit_test_setup(too_few_to_tell, fresh),
        cmocka_unit_test_setup(the_most_sessions_first, fresh),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
