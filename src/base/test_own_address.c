/* SPDX-License-Identifier: MIT */
/* test_own_address.c - which addresses are never connected to. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/own_address.h"

static const char *const own[] = {
    "0.0.0.0",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "febf::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:0:0",
    "::ffff:169.254.0.1",
};

/* Private addresses may be meant: that is for a rule to say. */
static const char *const others[] = {
    "1.0.0.1",
    "126.255.255.255",
    "128.0.0.1",
    "169.253.0.1",
    "223.255.255.255",
    "10.0.0.1",
    "198.18.0.1",
    "::2",
    "::1:1",
    "fec0::1",
    "fd00::1",
    "2001:2::1",
    "::ffff:198.18.0.1",
    "",
    "localhost",
    "127.1",
    "::1%lo",
};

static void the_machine_and_its_link_are_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (!own_address(own[i]))
            fail_msg("%s", own[i]);
}

static void others_are_not(void **state)
{
    (void)state;
    assert_false(own_address(NULL));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (own_address(others[i]))
            fail_msg("%s", others[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_machine_and_its_link_are_own),
        cmocka_unit_test(others_are_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
