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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_addresses),
        cmocka_unit_test(counts_networks),
        cmocka_unit_test(forgets_who_was_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
