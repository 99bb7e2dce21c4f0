/* SPDX-License-Identifier: MIT */
/* test_scanner.c - the scanner stays inside the text, and its error sticks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/ascii.h"
#include "base/scanner.h"

static void test_takes(void **state)
{
    struct scanner scanner = scanner_begin(bytes_of("key : 12345;rest"));

    assert_true(bytes_equal(scanner_while(&scanner, ascii_is_alpha), "key"));
    assert_false(scanner_try(&scanner, ':'));
    assert_int_equal(scanner_while(&scanner, ascii_is_blank).length, 1);
    assert_true(scanner_try_text(&scanner, ": "));
    assert_int_equal(scanner_number(&scanner, 1, 4), 1234);
    assert_true(bytes_equal(scanner_until(&scanner, ';'), "5"));
    assert_int_equal(scanner_peek(&scanner), ';');
    scanner_expect(&scanner, ';');
    assert_true(bytes_equal(scanner_until(&scanner, ';'), "rest"));
    assert_true(scanner_finished(&scanner));
    assert_int_equal(scanner_peek(&scanner), -1);
}

static bool is_any(unsigned char c)
{
    return true;
}

static void test_takes_nul(void **state)
{
    struct scanner scanner = scanner_begin((struct bytes){"a\0b", 3});

    assert_int_equal(scanner_while(&scanner, is_any).length, 3);
}

static void test_error_sticks(void **state)
{
    struct scanner scanner = scanner_begin(bytes_of("a1b"));

    scanner_expect(&scanner, 'x');
    assert_false(scanner_try(&scanner, 'a'));
    assert_false(scanner_try_text(&scanner, "a1"));
    assert_int_equal(scanner_while(&scanner, ascii_is_alnum).length, 0);
    assert_int_equal(scanner_until(&scanner, 'b').length, 0);
    assert_int_equal(scanner_number(&scanner, 0, 1), 0);
    assert_int_equal(scanner.at, 0);
    assert_false(scanner_finished(&scanner));
}

static void test_ends(void **state)
{
    struct scanner empty = scanner_begin((struct bytes){NULL, 0});
    struct scanner cut = scanner_begin((struct bytes){"12345", 2});
    struct scanner few = scanner_begin(bytes_of("12"));

    assert_true(scanner_finished(&empty));
    assert_false(scanner_try_text(&empty, "a"));
    assert_int_equal(scanner_until(&empty, 'x').length, 0);
    assert_int_equal(scanner_number(&cut, 1, 18), 12);
    assert_true(scanner_finished(&cut));
    scanner_number(&few, 3, 4);
    assert_true(few.failed);
    scanner_expect(&empty, 'x');
    assert_false(scanner_finished(&empty));
}

static void test_bytes(void **state)
{
    struct bytes text = bytes_of("Hello");

    assert_true(bytes_begin(text, "Hel") && !bytes_begin(text, "hel") && bytes_begin(text, ""));
    assert_true(bytes_begin_nocase(text, "hELLO") && !bytes_begin_nocase(text, "hello!"));
    assert_true(bytes_equal_nocase(text, "HELLO") && !bytes_equal(text, "HELLO"));
    assert_int_equal(bytes_find_nocase(text, "LO"), 3);
    assert_int_equal(bytes_find_nocase(text, "x"), -1);
    assert_int_equal(bytes_find_char(text, 'l'), 2);
    assert_int_equal(bytes_from(text, 9).length, 0);
    assert_true(bytes_equal(bytes_trim(bytes_of(" \t\r\n a b\n ")), "a b"));
    assert_int_equal(bytes_trim(bytes_of(" \n")).length, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_takes),        cmocka_unit_test(test_takes_nul),
        cmocka_unit_test(test_error_sticks), cmocka_unit_test(test_ends),
        cmocka_unit_test(test_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
