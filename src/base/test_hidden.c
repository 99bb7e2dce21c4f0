/* SPDX-License-Identifier: MIT */
/* test_hidden.c - characters that are not what they look like. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/hidden.h"

static void test_find(void **state)
{
    static const struct {
        const char *text;
        long at;
        const char *name;
    } cases[] = {
        {"mx: a.example", -1, NULL},
        {"", -1, NULL},
        {"b\xc3\xbc"
         "cher.example",
         -1, NULL},
        {"mx:\xc2\xa0 a", 3, "U+00A0 NO-BREAK SPACE"},
        {"mx:\xa0"
         "a",
         3, "byte A0, the no-break space of ISO 8859-1"},
        /* the last byte of a letter is none */
        {"\xc3\xa0\xe2\x80\x8b", 2, "U+200B ZERO WIDTH SPACE"},
        {"\xef\xbb\xbfv", 0, "U+FEFF BYTE ORDER MARK"},
        {"mail\xe2\x80\x93"
         "1",
         4, "U+2013 EN DASH"},
        {"\xe2\x80", -1, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        long at = hidden_find(bytes_of(cases[i].text));

        assert_int_equal(at, cases[i].at);
        if (at >= 0)
            assert_string_equal(hidden_at(bytes_from(bytes_of(cases[i].text), (size_t)at))->name,
                                cases[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_find)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
