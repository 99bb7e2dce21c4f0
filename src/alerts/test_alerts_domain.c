/* SPDX-License-Identifier: MIT */
/* test_alerts_domain.c - one domain evaluated again and again: what is told of it. */
#include "alerts/test_alerts_fixture.h"

#include <string.h>

#include "alerts/limits.h"
#include "store/accounts.h"

static void each_change_is_told_once(void **state)
{
    struct fixture *f = *state;
    size_t open;

    put(f, NOW, false, false);
    (void)evaluate_at(f, NOW + 1);
    open = alerts_in(f, true);
    put(f, NOW + DAY, false, true);
    assert_true(evaluate_at(f, NOW + DAY + 1));
    assert_int_equal(alerts_in(f, true), open + 1);
    assert_false(evaluate_at(f, NOW + DAY + 2));
    assert_int_equal(due_at(f, NOW + DAY + 60), open);
    assert_int_equal(due_at(f, NOW + DAY + 61), open + 1);
    put(f, NOW + 2 * DAY, true, true);
    assert_true(evaluate_at(f, NOW + 2 * DAY + 1));
    assert_int_equal(alerts_in(f, false), 1); /* the policy changed */
    assert_false(evaluate_at(f, NOW + 2 * DAY + 2));
    put(f, NOW + 3 * DAY, true, false);
    (void)evaluate_at(f, NOW + 3 * DAY + 1);
    assert_int_equal(alerts_in(f, true), open);
    assert_int_equal(alerts_in(f, false), 2);
}

static bool take_earliest(void *arg, const struct store_alert *alert)
{
    int64_t *earliest = arg;

    if (alert->begun < *earliest)
        *earliest = alert->begun;
    return true;
}

static int64_t earliest_of_open(struct fixture *f)
{
    const struct store_alert_page page = {f->group, true, INT64_MAX, 100};
    int64_t earliest = INT64_MAX;

    assert_int_equal(store_alerts(f->store, &page, take_earliest, &earliest), STS_OK);
    return earliest;
}

/* It left the group and joined it again, at another time. */
static void join_again(struct fixture *f, int64_t now)
{
    struct store_owned owned = {
        .domain = TEST_DOMAIN, .group = f->group, .added = now, .proof = "p", .proven = now};
    int64_t id;
    bool done;

    assert_int_equal(store_take_domain(f->store, TEST_DOMAIN, f->group, &done), STS_OK);
    assert_int_equal(store_end_stray_alerts(f->store, now), STS_OK);
    assert_int_equal(alerts_in(f, true), 0);
    assert_int_equal(store_give_domain(f->store, &owned, &id), STS_OK);
}

static void what_a_domain_brings_along_is_one_message(void **state)
{
    struct fixture *f = *state;
    struct store_alert_numbers numbers;
    size_t open;

    put(f, NOW - 9 * DAY, false, false);
    put(f, NOW - 5 * DAY, true, true);
    put(f, NOW, true, true);
    assert_true(evaluate_at(f, NOW + 1));
    open = alerts_in(f, true);
    assert_true(open > 0);
    assert_int_equal(alerts_in(f, false), 0); /* the policy changed before */
    assert_int_equal(earliest_of_open(f), NOW - 5 * DAY);
    assert_int_equal(first_due(f), NOW + 61);
    assert_int_equal(store_alert_numbers(f->store, &numbers), STS_OK);
    assert_int_equal(numbers.open, open);
    assert_int_equal(numbers.waiting, 1);
    assert_int_equal(numbers.sent, open); /* with that message */
    assert_int_equal(numbers.failed + numbers.dropped, 0);
    assert_false(evaluate_at(f, NOW + 2));
    join_again(f, NOW + 10);
    assert_true(evaluate_at(f, NOW + 11));
    assert_int_equal(alerts_in(f, true), open);
    assert_int_equal(earliest_of_open(f), NOW - 5 * DAY);
    assert_int_equal(store_alert_numbers(f->store, &numbers), STS_OK);
    assert_int_equal(numbers.waiting, 1);
    put(f, NOW + DAY, true, false);
    assert_true(evaluate_at(f, NOW + DAY + 1)); /* who heard of it hears that it is over */
}

static bool count_joined(void *arg, const struct store_behind *behind)
{
    assert_string_equal(behind->domain, TEST_DOMAIN);
    return count_alert(arg, NULL);
}

static size_t joined_in(struct fixture *f)
{
    size_t count = 0;

    assert_int_equal(store_joined_behind(f->store, "", 9, count_joined, &count), STS_OK);
    return count;
}

static void who_has_joined_is_found_until_it_was_looked_at(void **state)
{
    struct fixture *f = *state;
    int64_t before, after;

    assert_int_equal(joined_in(f), 0); /* nothing is known of it */
    put(f, NOW, false, true);
    assert_int_equal(joined_in(f), 1);
    (void)evaluate_at(f, NOW + 1);
    assert_int_equal(joined_in(f), 0);
    assert_int_equal(store_owned_sum(f->store, &before), STS_OK);
    join_again(f, NOW + 10);
    assert_int_equal(joined_in(f), 1);
    assert_int_equal(store_owned_sum(f->store, &after), STS_OK);
    assert_int_not_equal(before, after);
}

/* Both have read the same; the second finds the place moved. */
static void of_two_that_evaluate_one_writes(void **state)
{
    struct fixture *f = *state;
    struct evaluation *one, *two;

    put(f, NOW, false, false);
    (void)evaluate_at(f, NOW + 1);
    put(f, NOW + DAY, true, false);
    one = read_at(f, NOW + DAY + 1);
    two = read_at(f, NOW + DAY + 1);
    assert_int_equal(evaluation_write(f->store, one), STS_OK);
    assert_int_equal(evaluation_write(f->store, two), STS_OK);
    assert_true(one->changed);
    assert_false(two->changed);
    assert_int_equal(alerts_in(f, false), 1);
}

static void nobodys_domain_is_passed_over(void **state)
{
    struct fixture *f = *state;
    bool done;

    put(f, NOW, false, true);
    assert_int_equal(store_take_domain(f->store, TEST_DOMAIN, f->group, &done), STS_OK);
    assert_int_equal(read_at(f, NOW + 1)->group, 0);
    assert_false(evaluate_at(f, NOW + 1));
    assert_int_equal(alerts_in(f, true), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_change_is_told_once, begin, end),
        cmocka_unit_test_setup_teardown(what_a_domain_brings_along_is_one_message, begin, end),
        cmocka_unit_test_setup_teardown(who_has_joined_is_found_until_it_was_looked_at, begin, end),
        cmocka_unit_test_setup_teardown(of_two_that_evaluate_one_writes, begin, end),
        cmocka_unit_test_setup_teardown(nobodys_domain_is_passed_over, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
