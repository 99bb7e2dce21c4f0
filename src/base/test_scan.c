/* SPDX-License-Identifier: MIT */
/* test_scan.c - the scanner stays inside the text, and its error sticks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/ascii.h"
#include "base/scan.h"

static void test_takes(void **state)
{
    struct scan scan = scan_begin(bytes_of("key : 12345;rest"));

    assert_true(bytes_equal(scan_while(&scan, ascii_is_alpha), "key"));
    assert_false(scan_try(&scan, ':'));
    assert_int_equal(scan_while(&scan, ascii_is_blank).length, 1);
    assert_true(scan_try_text(&scan, ": "));
    assert_int_equal(scan_number(&scan, 1, 4), 1234);
    assert_true(bytes_equal(scan_until(&scan, ';'), "5"));
    assert_int_equal(scan_peek(&scan), ';');
    scan_expect(&scan, ';');
    assert_true(bytes_equal(scan_until(&scan, ';'), "rest"));
    assert_true(scan_finished(&scan));
    assert_int_equal(scan_peek(&scan), -1);
}

static bool is_any(unsigned char c)
{
    return true;
}

static void test_takes_nul(void **state)
{
    struct scan scan = scan_begin((struct bytes){"a\0b", 3});

    assert_int_equal(scan_while(&scan, is_any).length, 3);
}

static void test_error_sticks(void **state)
{
    struct scan scan = scan_begin(bytes_of("a1b"));

    scan_expect(&scan, 'x');
    assert_false(scan_try(&scan, 'a'));
    assert_false(scan_try_text(&scan, "a1"));
    assert_int_equal(scan_while(&scan, ascii_is_alnum).length, 0);
    assert_int_equal(scan_until(&scan, 'b').length, 0);
    assert_int_equal(scan_number(&scan, 0, 1), 0);
    assert_int_equal(scan.at, 0);
    assert_false(scan_finished(&scan));
}

static void test_ends(void **state)
{
    struct scan empty = scan_begin((struct bytes){NULL, 0});
    struct scan cut = scan_begin((struct bytes){"12345", 2});
    struct scan few = scan_begin(bytes_of("12"));

    assert_true(scan_finished(&empty));
    assert_false(scan_try_text(&empty, "a"));
    assert_int_equal(scan_until(&empty, 'x').length, 0);
    assert_int_equal(scan_number(&cut, 1, 18), 12);
    assert_true(scan_finished(&cut));
    scan_number(&few, 3, 4);
    assert_true(few.failed);
    scan_expect(&empty, 'x');
    assert_false(scan_finished(&empty));
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
