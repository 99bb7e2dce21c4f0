/* SPDX-License-Identifier: MIT */
/* test_policy_history.c - what the store remembers, as plan and rollback get it; nothing from the
 * future. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "history/policy_history.h"
#include "history/test_history.h"

#define DAY TEST_DAY

static int open_store(void **state)
{
    struct store *store = test_store_open();

    test_put_policy(store, "1", "testing", 86400, 10 * DAY);
    test_put_policy(store, "1", "testing", 86400, 24 * DAY);
    test_put_policy(store, "2", "enforce", 604800, 25 * DAY);
    test_put_check(store, 10 * DAY, NULL, NULL);
    test_put_check(store, 12 * DAY, "mx-cert-expired", "high");
    test_put_check(store, 14 * DAY, "mx-unreachable", "high");
    test_put_check(store, 15 * DAY, "policy-mode-testing", "low");
    test_put_check(store, 24 * DAY, "no-such-code", "high");
    test_put_check(store, 26 * DAY, "mx-not-covered", "critical");
    test_put_report(store, "sender.example", 14 * DAY, 10, 2);
    test_put_report(store, "sender.example", 25 * DAY, 20, 0);
    *state = store;
    return 0;
}

static int close_store(void **state)
{
    test_store_close(*state);
    return 0;
}

static struct history *past(struct store *store, const char *domain, int64_t now)
{
    struct history *history;

    assert_int_equal(policy_history_read(store, store, domain, now, &history), STS_OK);
    return history;
}

static void all_of_it(void **state)
{
    struct history *h = past(*state, "example.com", 30 * DAY);

    assert_int_equal(h->policy_count, 2);
    assert_string_equal(h->policies[0].id, "1");
    assert_int_equal(h->policies[0].mode, STS_MODE_TESTING);
    assert_int_equal(h->policies[0].first_seen, 10 * DAY);
    assert_int_equal(h->policies[0].last_seen, 24 * DAY);
    assert_int_equal(h->policies[0].gone_at, 26 * DAY); /* not when the other was first seen */
    assert_int_equal(h->policies[1].gone_at, 26 * DAY);
    assert_int_equal(h->policies[1].mode, STS_MODE_ENFORCE);
    assert_int_equal(h->policies[1].max_age, 604800);
    assert_string_equal(h->policies[1].mx[1], "*.example.net");
    assert_int_equal(h->check_count, 6);
    assert_int_equal(h->first_check, 10 * DAY);
    assert_int_equal(h->last_bad, 26 * DAY);
    assert_int_equal(h->clean_since, 0);
    assert_int_equal(h->report_count, 2);
    assert_string_equal(h->reports[0].submitter, "sender.example");
    assert_int_equal(h->reports[0].failed, 2);
}

static void only_what_was_known_then(void **state)
{
    struct history *h = past(*state, "example.com", 20 * DAY);

    assert_int_equal(h->policy_count, 1);
    assert_int_equal(h->policies[0].last_seen, 20 * DAY);
    assert_int_equal(h->policies[0].gone_at, 0);
    assert_int_equal(h->check_count, 4);
    assert_int_equal(h->last_bad, 12 * DAY);
    assert_int_equal(h->clean_since, 15 * DAY); /* what could not be judged is not clean */
    assert_int_equal(h->report_count, 1);
}

static void another_domain(void **state)
{
    struct history *h = past(*state, "example.org", 30 * DAY);

    assert_int_equal(h->policy_count + h->check_count + h->report_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_it),
        cmocka_unit_test(only_what_was_known_then),
        cmocka_unit_test(another_domain),
    };

    return cmocka_run_group_tests(tests, open_store, close_store);
}
