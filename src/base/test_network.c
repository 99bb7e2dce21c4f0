/* SPDX-License-Identifier: MIT */
/* Networks read, and held against addresses. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include "base/network.h"

static void reads_networks(void **state)
{
    static const struct {
        const char *text;
        bool good;
    } cases[] = {
        {"192.0.2.0/24", true},    {"192.0.2.1", true},      {"0.0.0.0/0", true},
        {"2001:db8::/32", true},   {"2001:db8::1", true},    {"::/0", true},
        {"192.0.2.1/24", false},   {"192.0.2.0/33", false},  {"192.0.2.0/", false},
        {"192.0.2.0/2x", false},   {"192.0.2.0/-1", false},  {"2001:db8::/129", false},
        {"2001:db8::1/64", false}, {"example.org/8", false}, {"", false},
        {"192.0.2.0/0024", false}, {"192.0.2/24", false},    {"[2001:db8::]/32", false},
    };
    struct network network;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (network_read(cases[i].text, &network) != cases[i].good)
            fail_msg("%s", cases[i].text);
}

static void holds_addresses(void **state)
{
    static const struct {
        const char *network, *address;
        bool inside;
    } cases[] = {
        {"192.0.2.0/24", "192.0.2.255", true},
        {"192.0.2.0/24", "192.0.3.0", false},
        {"192.0.2.128/25", "192.0.2.127", false},
        {"192.0.2.128/25", "192.0.2.200", true},
        {"192.0.2.7", "192.0.2.7", true},
        {"192.0.2.7", "192.0.2.6", false},
        {"0.0.0.0/0", "203.0.113.9", true},
        {"0.0.0.0/0", "2001:db8::1", false},
        {"2001:db8::/32", "2001:db8:9::1", true},
        {"2001:db8::/33", "2001:db8:8000::", false},
        {"::/0", "2001:db8::1", true},
        {"192.0.2.0/24", "::ffff:192.0.2.1", true},
    };
    struct network network;
    unsigned char address[16];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_true(network_read(cases[i].network, &network));
        assert_true(network_address(cases[i].address, address));
        if (network_holds(&network, address) != cases[i].inside)
            fail_msg("%s in %s", cases[i].address, cases[i].network);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_networks),
        cmocka_unit_test(holds_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
