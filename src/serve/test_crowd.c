/* SPDX-License-Identifier: MIT */
/* Connections counted by address and network. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/network.h"
#include "serve/crowd.h"

static bool join(struct crowd *crowd, const char *text)
{
    unsigned char address[16];

    assert_true(network_address(text, address));
    return crowd_join(crowd, address);
}

static void leave(struct crowd *crowd, const char *text)
{
    unsigned char address[16];

    assert_true(network_address(text, address));
    crowd_leave(crowd, address);
}

static void counts_addresses(void **state)
{
    struct crowd *crowd = crowd_new(NULL, 2, 100);

    (void)state;
    assert_true(join(crowd, "192.0.2.1"));
    assert_true(join(crowd, "192.0.2.1"));
    assert_false(join(crowd, "192.0.2.1"));
    assert_true(join(crowd, "192.0.2.2"));
    leave(crowd, "192.0.2.1");
    assert_true(join(crowd, "192.0.2.1"));
    assert_true(join(crowd, "2001:db8::1"));
    assert_true(join(crowd, "2001:db8::ffff:1"));
    assert_false(join(crowd, "2001:db8::2")); /* the same /64 */
    assert_true(join(crowd, "2001:db8:0:1::2"));
    talloc_free(crowd);
}

static void counts_networks(void **state)
{
    struct crowd *crowd = crowd_new(NULL, 100, 2);

    (void)state;
    assert_true(join(crowd, "192.0.2.1"));
    assert_true(join(crowd, "192.0.2.2"));
    assert_false(join(crowd, "192.0.2.3"));
    assert_true(join(crowd, "192.0.3.3"));
    leave(crowd, "192.0.2.2");
    assert_true(join(crowd, "192.0.2.3"));
    assert_true(join(crowd, "2001:db8:1:1::1"));
    assert_true(join(crowd, "2001:db8:1:2::1"));
    assert_false(join(crowd, "2001:db8:1:3::1"));
    assert_true(join(crowd, "2001:db8:2::1"));
    talloc_free(crowd);
}

/* Whoever is turned away leaves no trace in either count. */
static void forgets_who_was_refused(void **state)
{
    struct crowd *crowd = crowd_new(NULL, 2, 1);

    (void)state;
    assert_true(join(crowd, "192.0.2.1"));
    for (int i = 0; i < 5; i++)
        assert_false(join(crowd, "192.0.2.2"));
    leave(crowd, "192.0.2.1");
    assert_true(join(crowd, "192.0.2.2"));
    talloc_free(crowd);
}

static size_t unsent(struct crowd *crowd, const char *text)
{
    unsigned char address[16];

    assert_true(network_address(text, address));
    return crowd_unsent_by(crowd, address);
}

static void wait_for(struct crowd *crowd, const char *text, size_t before, size_t now)
{
    unsigned char address[16];

    assert_true(network_address(text, address));
    crowd_unsent(crowd, address, before, now);
}

/* All connections of an address together, a /64 of IPv6; not of its network. */
static void adds_up_what_waits(void **state)
{
    struct crowd *crowd = crowd_new(NULL, 9, 9);

    (void)state;
    assert_true(join(crowd, "192.0.2.1"));
    assert_true(join(crowd, "192.0.2.1"));
    assert_true(join(crowd, "192.0.2.2"));
    assert_true(join(crowd, "2001:db8::1"));
    assert_true(join(crowd, "2001:db8::2"));
    wait_for(crowd, "192.0.2.1", 0, 100);
    wait_for(crowd, "192.0.2.1", 0, 30);
    wait_for(crowd, "192.0.2.1", 100, 20);
    wait_for(crowd, "2001:db8::1", 0, 7);
    wait_for(crowd, "2001:db8::2", 0, 5);
    assert_int_equal(unsent(crowd, "192.0.2.1"), 50);
    assert_int_equal(unsent(crowd, "192.0.2.2"), 0);
    assert_int_equal(unsent(crowd, "2001:db8::3"), 12);
    wait_for(crowd, "192.0.2.1", 30, 0); /* as one ends */
    leave(crowd, "192.0.2.1");
    assert_int_equal(unsent(crowd, "192.0.2.1"), 20);
    leave(crowd, "192.0.2.1");
    wait_for(crowd, "192.0.2.1", 20, 0); /* behind the last one nothing is left */
    assert_true(join(crowd, "192.0.2.1"));
    assert_int_equal(unsent(crowd, "192.0.2.1"), 0);
    talloc_free(crowd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_addresses),
        cmocka_unit_test(counts_networks),
        cmocka_unit_test(forgets_who_was_refused),
        cmocka_unit_test(adds_up_what_waits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
