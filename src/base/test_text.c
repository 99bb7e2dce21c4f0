/* SPDX-License-Identifier: MIT */
/* test_text.c - what a stranger's text looks like on a terminal and in a shell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"

#define TEXT(literal) literal, sizeof(literal) - 1

static void test_printable(void **state)
{
    static const struct {
        const char *data;
        size_t length, limit;
        const char *expected;
    } cases[] = {
        {TEXT(""), 0, ""},
        {TEXT("v=STSv1; id=1;"), 0, "v=STSv1; id=1;"},
        {TEXT("a\0b"), 0, "a\\x00b"},
        {TEXT("\r\n\t\x7f"), 0, "\\x0d\\x0a\\x09\\x7f"},
        {TEXT("\x1b[31mred"), 0, "\\x1b[31mred"},
        {TEXT("C:\\x41"), 0, "C:\\\\x41"},
        {TEXT("\"quoted\""), 0, "\"quoted\""},
        {TEXT("m\xc3\xbcller"), 0, "m\xc3\xbcller"},
        {TEXT("m\xfcller"), 0, "m\\xfcller"},
        {TEXT("\xc2\x9b"), 0, "\\xc2\\x9b"},
        {TEXT("a\xe2\x80\xae"
              "b"),
         0, "a\\xe2\\x80\\xaeb"},
        {TEXT("a\xe2\x80\xa8"
              "b"),
         0, "a\\xe2\\x80\\xa8b"},
        {TEXT("a\xe2\x80\x8b"
              "b"),
         0, "a\\xe2\\x80\\x8bb"},
        {TEXT("\xef\xbb\xbfx"), 0, "\\xef\\xbb\\xbfx"},
        {TEXT("\xf3\xa0\x81\x81"), 0, "\\xf3\\xa0\\x81\\x81"},
        {TEXT("\xc0\xaf"), 0, "\\xc0\\xaf"},
        {TEXT("\xed\xa0\x80"), 0, "\\xed\\xa0\\x80"},
        {TEXT("\xf4\x90\x80\x80"), 0, "\\xf4\\x90\\x80\\x80"},
        {TEXT("\xe2\x82"), 0, "\\xe2\\x82"},
        {TEXT("abcdef"), 6, "abcdef"},
        {TEXT("abcdef"), 3, "abc\xe2\x80\xa6"},
        {TEXT("ab\xc3\xbc"
              "d"),
         3, "ab\xe2\x80\xa6"},
        {TEXT("ab\xc3\xbc"
              "d"),
         4, "ab\xc3\xbc\xe2\x80\xa6"},
        {TEXT("ab\xff"
              "d"),
         3, "ab\\xff\xe2\x80\xa6"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *text = text_printable(NULL, cases[i].data, cases[i].length, cases[i].limit);

        assert_non_null(text);
        assert_string_equal(text, cases[i].expected);
        talloc_free(text);
    }
}

/* Whatever goes in: UTF-8 without a control character comes out. */
static void test_printable_all(void **state)
{
    for (int a = 0; a < 256; a++)
        for (int b = 0; b < 256; b++) {
            char in[4] = {(char)a, (char)b, (char)(a ^ 0x40), (char)(b | 0x80)};
            char *text = text_printable(NULL, in, sizeof(in), 0);

            assert_true(text_is_utf8(text, strlen(text)));
            for (const char *c = text; *c; c++)
                assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
            talloc_free(text);
        }
}

static void test_utf8(void **state)
{
    assert_true(text_is_utf8(TEXT("")));
    assert_true(text_is_utf8(TEXT("\xf0\x9f\x98\x80 \xc3\xbc")));
    assert_false(text_is_utf8(TEXT("\x80")));
    assert_false(text_is_utf8(TEXT("\xe0\x9f\xbf")));
    assert_false(text_is_utf8(TEXT("ok\xf0\x9f\x98")));
    assert_int_equal(text_character(TEXT("ab")), 1);
    assert_int_equal(text_character(TEXT("\xf0\x9f\x98\x80z")), 4);
    assert_int_equal(text_character(TEXT("\xf0\x9f\x98")), 1);
}

static void test_json(void **state)
{
    static const struct {
        const char *json, *expected;
    } cases[] = {
        {"", ""},
        {"{\"a\":\"m\xc3\xbcller \xf0\x9f\x98\x80\"}",
         "{\"a\":\"m\xc3\xbcller \xf0\x9f\x98\x80\"}"},
        {"\"\x7f\"", "\"\\u007f\""},
        {"\"\xc2\x9b"
         "31m\"",
         "\"\\u009b31m\""},
        {"\"\xe2\x80\xaegnp\"", "\"\\u202egnp\""},
        {"\"\xef\xbb\xbf\"", "\"\\ufeff\""},
        {"\"\xf3\xa0\x81\x81\"", "\"\\udb40\\udc41\""},
        {"\"\xff\"", "\"\xff\""}, /* none of its business */
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *json = text_json(NULL, cases[i].json);

        assert_non_null(json);
        assert_string_equal(json, cases[i].expected);
        talloc_free(json);
    }
}

static void test_shell_quote(void **state)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"", "''"},
        {"mta-sts.example.com", "mta-sts.example.com"},
        {"https://mta-sts.example.com/.well-known/mta-sts.txt",
         "https://mta-sts.example.com/.well-known/mta-sts.txt"},
        {"-rf", "'-rf'"},
        {"a b", "'a b'"},
        {"$(reboot)", "'$(reboot)'"},
        {"it's", "'it'\\''s'"},
        {"''", "''\\'''\\'''"},
        {"~root", "'~root'"},
        {"a;b", "'a;b'"},
        {"*", "'*'"},
        {"m\xc3\xbcller", "'m\xc3\xbcller'"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *word = text_shell_quote(NULL, cases[i].text);

        assert_non_null(word);
        assert_string_equal(word, cases[i].expected);
        talloc_free(word);
    }
}

/* A real shell gives back what was quoted. */
static void test_shell_round_trip(void **state)
{
    static const char text[] = "x'\"$HOME`id`\\ !*?[a]{b,c}#&|<>();~ \xc3\xbc";
    char *word = text_shell_quote(NULL, text);
    char *command = talloc_asprintf(NULL, "printf %%s %s", word);
    char back[200];
    FILE *pipe = popen(command, "r");
    size_t length;

    assert_non_null(pipe);
    length = fread(back, 1, sizeof(back) - 1, pipe);
    back[length] = '\0';
    assert_int_equal(pclose(pipe), 0);
    assert_string_equal(back, text);
    talloc_free(command);
    talloc_free(word);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_printable),   cmocka_unit_test(test_printable_all),
        cmocka_unit_test(test_utf8),        cmocka_unit_test(test_json),
        cmocka_unit_test(test_shell_quote), cmocka_unit_test(test_shell_round_trip),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
