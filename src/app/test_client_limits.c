/* SPDX-License-Identifier: MIT */
/* test_client_limits.c - so many in a minute and in an hour, of one client, and no more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "app/client_limits.h"

#define MINUTE 60000

static const struct client_limit both[] = {{10, 60}, {60, 3600}};
static struct client_limits *limits;

static int fresh(void **state)
{
    (void)state;
    limits = client_limits_new(NULL, both, 2, 4);
    assert_non_null(limits);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    talloc_free(limits);
    return 0;
}

/* How many are let through, one after the other, at that time. */
static int passed(const char *address, int64_t now_ms, int tries)
{
    int count = 0;

    for (int i = 0; i < tries; i++)
        count += client_limits_take(limits, address, now_ms) == 0;
    return count;
}

static void ten_at_once_and_then_one_in_six_seconds(void **state)
{
    (void)state;
    assert_int_equal(passed("192.0.2.1", 0, 12), 10);
    assert_int_equal(client_limits_take(limits, "192.0.2.1", 0), 6);
    assert_int_equal(client_limits_take(limits, "192.0.2.1", 5500), 1);
    assert_int_equal(client_limits_ask(limits, "192.0.2.1", 6000), 0);
    assert_int_equal(passed("192.0.2.1", 6000, 3), 1);
    assert_int_equal(client_limits_ask(limits, "192.0.2.1", 6000), 6);
    assert_int_equal(client_limits_ask(limits, "192.0.2.2", 6000), 0);
}

/* What is refused uses nothing. */
static void sixty_in_an_hour(void **state)
{
    int count = 0;

    (void)state;
    for (int64_t minute = 0; minute < 60; minute++)
        count += passed("192.0.2.1", minute * MINUTE, 20);
    /* 60 at once at the most, and one a minute beside */
    assert_true(count >= 60 && count <= 120);
    count = 0;
    for (int64_t minute = 60; minute < 120; minute++)
        count += passed("192.0.2.1", minute * MINUTE, 20);
    assert_int_equal(count, 60);
}

static void who_is_one_client(void **state)
{
    (void)state;
    assert_int_equal(passed("2001:db8:1:2::1", 0, 6), 6);
    assert_int_equal(passed("2001:db8:1:2:ffff::9", 0, 6), 4);
    assert_int_equal(passed("2001:db8:1:3::1", 0, 11), 10);
    assert_int_equal(passed("192.0.2.1", 0, 6), 6);
    assert_int_equal(passed("::ffff:192.0.2.1", 0, 6), 4);
    assert_int_equal(passed("192.0.2.2", 0, 11), 10);
}

/* Four are remembered; a fifth waits until one of them is forgotten. */
static void the_number_of_clients_is_bounded(void **state)
{
    char address[16];

    (void)state;
    for (int i = 0; i < 4; i++) {
        snprintf(address, sizeof address, "192.0.2.%d", i);
        assert_int_equal(client_limits_take(limits, address, 0), 0);
    }
    assert_int_equal(client_limits_take(limits, "192.0.2.9", 1000), 60);
    assert_int_equal(client_limits_take(limits, "192.0.2.9", 2 * MINUTE), 0);
}

static void what_is_no_address_is_one_client(void **state)
{
    (void)state;
    assert_int_equal(passed("unix", 0, 6), 6);
    assert_int_equal(passed("", 0, 6), 4);
}

/* A token has a quota of its own, wherever it comes from; who is told what is left of it? */
static void a_token_is_a_client(void **state)
{
    const struct client_name token = {"192.0.2.1", 7}, other = {"192.0.2.1", 8};
    struct client_quota quota;

    (void)state;
    for (int i = 0; i < 10; i++) {
        assert_int_equal(client_limits_spend(limits, &token, 0, &quota), 0);
        assert_int_equal(quota.left, 9 - i);
        assert_int_equal(quota.full_in, 6 * (i + 1));
    }
    assert_int_equal(client_limits_spend(limits, &token, 0, &quota), 6);
    assert_int_equal(quota.left, 0);
    assert_int_equal(client_limits_spend(limits, &other, 0, &quota), 0);
    assert_int_equal(quota.left, 9);
    assert_int_equal(client_limits_take(limits, "192.0.2.1", 0), 0);
    assert_int_equal(client_limits_spend(limits, &token, MINUTE, &quota), 0);
    assert_int_equal(quota.left, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ten_at_once_and_then_one_in_six_seconds, fresh, gone),
        cmocka_unit_test_setup_teardown(sixty_in_an_hour, fresh, gone),
        cmocka_unit_test_setup_teardown(who_is_one_client, fresh, gone),
        cmocka_unit_test_setup_teardown(the_number_of_clients_is_bounded, fresh, gone),
        cmocka_unit_test_setup_teardown(what_is_no_address_is_one_client, fresh, gone),
        cmocka_unit_test_setup_teardown(a_token_is_a_client, fresh, gone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
