/* SPDX-License-Identifier: MIT */
/* test_check_log.c - the stored checks, and those in a row that found the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "history/check_runs.h"
#include "history/test_history.h"

static const struct store_code expired = {"mx-cert-expired", "high", "mx1.example.com"};
static const struct store_code expired_too = {"mx-cert-expired", "high", "mx2.example.com"};
static const struct store_code testing = {"policy-mode-testing", "low", NULL};

static int open_store(void **state)
{
    *state = test_store_open();
    return 0;
}

static int close_store(void **state)
{
    test_store_close(*state);
    return 0;
}

/* One check a second from 1 on, one letter each: what it found. */
static void put_checks(struct store *store, const char *letters)
{
    const struct store_code both[] = {expired, testing}, other_way[] = {testing, expired};

    for (int64_t at = 1; letters[at - 1]; at++) {
        switch (letters[at - 1]) {
        case '-':
            test_put_codes(store, at, "ok", NULL, 0);
            break;
        case 'w':
            test_put_codes(store, at, "warning", NULL, 0);
            break;
        case 'e':
            test_put_codes(store, at, "ok", &expired, 1);
            break;
        case 'E':
            test_put_codes(store, at, "ok", &expired_too, 1);
            break;
        case 'b':
            test_put_codes(store, at, "ok", both, 2);
            break;
        default:
            test_put_codes(store, at, "ok", other_way, 2);
        }
    }
}

static struct check_log *read_log(struct store *store, int64_t since)
{
    struct check_log *log;

    assert_int_equal(check_log_read(store, store, TEST_DOMAIN, since, &log), STS_OK);
    return log;
}

static struct check_runs runs_of(struct store *store, const struct check_log *log, bool each)
{
    struct check_runs runs;

    assert_int_equal(check_runs_of(store, log->checks, log->count, each, &runs), STS_OK);
    return runs;
}

static void nothing_stored(void **state)
{
    const struct check_log *log = read_log(*state, INT64_MIN);

    assert_int_equal(log->count, 0);
    assert_int_equal(check_log_until(log, INT64_MAX), 0);
    assert_int_equal(runs_of(*state, log, false).count, 0);
}

static void by_time(void **state)
{
    const struct check_log *log;

    put_checks(*state, "-eeb");
    test_put_check(*state, -5, NULL, NULL); /* stored last, observed first */
    log = read_log(*state, INT64_MIN);
    assert_int_equal(log->count, 5);
    assert_int_equal(log->checks[0].observed_at, -5);
    assert_int_equal(log->checks[0].seq, 5);
    assert_int_equal(log->checks[4].observed_at, 4);
    assert_int_equal(check_log_until(log, -6), 0);
    assert_int_equal(check_log_until(log, 2), 3);
    assert_int_equal(check_log_until(log, INT64_MAX), 5);
    assert_int_equal(read_log(*state, 3)->count, 2);
}

static void what_is_the_same_is_stored_once(void **state)
{
    const struct check_log *log;

    put_checks(*state, "eeb");
    log = read_log(*state, INT64_MIN);
    assert_int_equal(log->checks[0].found.count, 1);
    assert_string_equal(log->checks[0].found.list[0].subject, "mx1.example.com");
    assert_ptr_equal(log->checks[1].found.list, log->checks[0].found.list);
    assert_ptr_equal(log->checks[2].verdict, log->checks[0].verdict);
    assert_int_equal(log->checks[2].found.count, 2);
    assert_null(log->checks[2].found.list[1].subject);
}

static void in_a_row(void **state)
{
    struct check_runs runs;

    put_checks(*state, "--eeeE-");
    runs = runs_of(*state, read_log(*state, INT64_MIN), false);
    assert_int_equal(runs.count, 4);
    assert_int_equal(runs.list[0].checks, 2);
    assert_int_equal(runs.list[0].appeared.count, 0);
    assert_int_equal(runs.list[1].first, 3);
    assert_int_equal(runs.list[1].last, 5);
    assert_int_equal(runs.list[1].checks, 3);
    assert_int_equal(runs.list[1].appeared.count, 1);
    assert_string_equal(runs.list[2].appeared.list[0].subject, "mx2.example.com");
    assert_string_equal(runs.list[2].gone.list[0].subject, "mx1.example.com");
    assert_int_equal(runs.list[3].appeared.count, 0);
    assert_int_equal(runs.list[3].gone.count, 1);
}

static void the_order_of_findings_is_no_change(void **state)
{
    struct check_runs runs;

    put_checks(*state, "bBb");
    runs = runs_of(*state, read_log(*state, INT64_MIN), false);
    assert_int_equal(runs.count, 1);
    assert_int_equal(runs.list[0].checks, 3);
    assert_int_equal(runs.list[0].appeared.count, 2); /* the first has all appear */
}

static void another_verdict_begins_a_run(void **state)
{
    struct check_runs runs;

    put_checks(*state, "-ww");
    runs = runs_of(*state, read_log(*state, INT64_MIN), false);
    assert_int_equal(runs.count, 2);
    assert_string_equal(runs.list[1].verdict, "warning");
    assert_int_equal(runs.list[1].appeared.count + runs.list[1].gone.count, 0);
}

static void each_by_itself(void **state)
{
    struct check_runs runs;

    put_checks(*state, "eee");
    runs = runs_of(*state, read_log(*state, INT64_MIN), true);
    assert_int_equal(runs.count, 3);
    assert_int_equal(runs.list[0].appeared.count, 1);
    assert_int_equal(runs.list[2].appeared.count + runs.list[2].gone.count, 0);
}

#define WITH_STORE(name) cmocka_unit_test_setup_teardown(name, open_store, close_store)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(nothing_stored),
        WITH_STORE(by_time),
        WITH_STORE(what_is_the_same_is_stored_once),
        WITH_STORE(in_a_row),
        WITH_STORE(the_order_of_findings_is_no_change),
        WITH_STORE(another_verdict_begins_a_run),
        WITH_STORE(each_by_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
