/* SPDX-License-Identifier: MIT */
/* test_textout.c - wrapping keeps words, indents and widths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "render/textout.h"

static void test_wrap(void **state)
{
    static const struct {
        size_t width, indent;
        const char *first, *text, *out;
    } cases[] = {
        {30, 0, "", "one two", "one two\n"},
        {30, 2, "1. ", "abcdefgh ijklmnop qrstuvw xyz abc",
         "  1. abcdefgh ijklmnop qrstuvw\n     xyz abc\n"},
        {30, 2, "", "averyveryveryverylongwordindeedverylong b",
         "  averyveryveryverylongwordindeedverylong\n  b\n"},
        {30, 0, "",
         "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 "
         "bbbbbbbbbbbbbbbbbbb",
         "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 "
         "bbbbbbbbbbbbbbbbbbb\n"},
        {0, 1, "", "never wrapped however long it may be, since nobody looks at it",
         " never wrapped however long it may be, since nobody looks at it\n"},
        {5, 4, "", "aaaaaaaaaa bbbbbbbbb ccc", "    aaaaaaaaaa bbbbbbbbb\n    ccc\n"},
        {30, 0, "x", "", "x\n"},
        {30, 0, "", "Publish TXT \"v=STSv1; id=20260101\".",
         "Publish TXT\n\"v=STSv1; id=20260101\".\n"},
        {30, 0, "", "an \"open quotation mark that never ends",
         "an \"open quotation mark that\nnever ends\n"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct textout_options options = {.width = cases[i].width};
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct textout *out = textout_new(ctx, &options);

        textout_wrap(out, cases[i].indent, STYLE_BOLD, cases[i].first, STYLE_PLAIN, cases[i].text);
        assert_string_equal(textout_end(out), cases[i].out);
        talloc_free(ctx);
    }
}

static void test_colour(void **state)
{
    struct textout_options options = {.width = 80, .colour = true};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct textout *out = textout_new(ctx, &options);

    textout_wrap(out, 0, STYLE_BAD, "x ", STYLE_PLAIN, "plain");
    textout_line(out, 2, STYLE_GOOD, "y");
    textout_blank(out);
    assert_string_equal(textout_end(out), "\x1b[1;31mx \x1b[0mplain\n  \x1b[32my\x1b[0m\n\n");
    talloc_free(ctx);
}

static void test_columns(void **state)
{
    assert_int_equal(textout_columns("abc", 3), 3);
    assert_int_equal(textout_columns("\xe2\x9c\x93 x", 5), 3);           /* a check mark */
    assert_int_equal(textout_columns("\xe6\x97\xa5\xe6\x9c\xac", 6), 4); /* two wide ones */
    assert_int_equal(textout_columns("e\xcc\x81", 3), 1);                /* a combining accent */
}

/* Whole characters: two of East Asia are four columns, an accent of its own none. */
static void test_fit(void **state)
{
    static const struct {
        const char *text;
        size_t columns, length;
    } cases[] = {
        {"abc", 5, 3},
        {"abc", 3, 3},
        {"abc", 2, 2},
        {"abc", 0, 0},
        {"", 4, 0},
        {"f\xc3\xbcr", 2, 3},
        {"\xe6\xbc\xa2\xe5\xad\x97", 3, 3},
        {"\xe6\xbc\xa2\xe5\xad\x97", 4, 6},
        {"e\xcc\x81x", 1, 3},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(textout_fit(cases[i].text, cases[i].columns), cases[i].length);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrap),
        cmocka_unit_test(test_colour),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
