/* SPDX-License-Identifier: MIT */
/* test_idna.c - names as people type them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/hname.h"
#include "mtasts/match.h"

#define L63 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123"
#define L61 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff1"

static void test_names(void **state)
{
    static const struct {
        const char *typed, *expected;
    } cases[] = {
        {"example.com", "example.com"},
        {"EXAMPLE.Com.", "example.com"},
        {"localhost", "localhost"},
        {"m\xc3\xbcller.example", "xn--mller-kva.example"},
        {"M\xc3\x9cLLER.Example.", "xn--mller-kva.example"},
        {"mu\xcc\x88ller.example", "xn--mller-kva.example"},
        {"stra\xc3\x9f"
         "e.example",
         "xn--strae-oqa.example"},
        {"\xe4\xbe\x8b\xe3\x81\x88\xe3\x80\x82\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88",
         "xn--r8jz45g.xn--zckzah"},
        {"xn--mller-kva.EXAMPLE", "xn--mller-kva.example"},
        {"r3---sn-4g5e.example", "r3---sn-4g5e.example"},
        {"3com.example", "3com.example"},
        {L63 "." L63 "." L63 "." L61, L63 "." L63 "." L63 "." L61},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char name[STS_NAME_SIZE];

        if (sts_name_from_user(cases[i].typed, name) != STS_OK)
            fail_msg("refused: %s", cases[i].typed);
        assert_string_equal(name, cases[i].expected);
    }
}

static void test_refused(void **state)
{
    static const char *const cases[] = {
        "",
        ".",
        "..",
        "example..com",
        ".example.com",
        "example.com..",
        "exam ple.com",
        " example.com",
        "-a.example",
        "a-.example",
        "_mta-sts.example",
        "user@example.com",
        "https://example.com",
        "192.0.2.1",
        "[192.0.2.1]",
        "2001:db8::1",
        "*.example.com",
        "example.com\n",
        L63 "4.example",
        L63 "." L63 "." L63 "." L63,
        "\xff.example",
        "m\xc3\xbc_ller.example",
        "a\xe2\x80\xae.example",
        "\xc3\xbc..example",
        "1.2.3",
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char name[STS_NAME_SIZE] = "untouched";

        if (sts_name_from_user(cases[i], name) != STS_E_INVALID)
            fail_msg("taken: %s", cases[i]);
        assert_string_equal(name, "untouched");
    }
}

static void test_addresses(void **state)
{
    static const char *const addresses[] = {"192.0.2.1", "[192.0.2.1]",   "2001:db8::1",
                                            "::",        "[2001:db8::1]", "[IPv6:2001:db8::1]"};
    static const char *const others[] = {"", "[]", "[", "1.2.3", "192.0.2.256", "example.com", ":"};

    for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
        assert_true(hname_is_address(bytes_of(addresses[i])));
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_false(hname_is_address(bytes_of(others[i])));
    assert_false(hname_is_address((struct bytes){"192.0.2.1\0", 10}));
}

static void test_registered(void **state)
{
    static const struct {
        const char *name, *domain;
    } cases[] = {
        {"example.com", "example.com"},
        {"mx.mail.example.com", "example.com"},
        {"*.example.com", "example.com"},
        {"mx.example.co.uk", "example.co.uk"},
        {"co.uk", "co.uk"},
        {"mx.co.example", "co.example"},
        {"mx.vk.de", "vk.de"},
        {"localhost", "localhost"},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(hname_registered(cases[i].name), cases[i].domain);
}

static void test_ends_with(void **state)
{
    (void)state;
    assert_true(hname_ends_with("mx.example.com", ".example.com"));
    assert_true(hname_ends_with("MX.EXAMPLE.COM", ".example.com"));
    assert_true(hname_ends_with("example.com", "example.com"));
    assert_true(hname_ends_with("example.com", ""));
    assert_false(hname_ends_with("example.com", ".example.com"));
    assert_false(hname_ends_with("mx.example.org", ".example.com"));
    assert_false(hname_ends_with("mx.example.com.", ".example.com"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),     cmocka_unit_test(test_refused),
        cmocka_unit_test(test_addresses), cmocka_unit_test(test_registered),
        cmocka_unit_test(test_ends_with),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
