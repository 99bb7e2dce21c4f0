/* SPDX-License-Identifier: MIT */
/* test_zone.c - what goes into a zone file stays in its place. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/zone.h"

static void test_names(void **state)
{
    static const struct {
        const char *name, *text;
    } cases[] = {
        {"mx.example.com", "mx.example.com"},
        {"_25._tcp.*.example", "_25._tcp.*.example"},
        {"a\\032b\\.c.example", "a\\032b\\.c.example"},
        {"x;y.example", "x\\;y.example"},
        {"x\\;y.example", "x\\;y.example"},
        {"@.example", "\\@.example"},
        {"$INCLUDE.(\"a\")", "\\$INCLUDE.\\(\\\"a\\\"\\)"},
        {".", "."},
        {"", NULL},
        {"a b", NULL},
        {"a\nb", NULL},
        {"a.", NULL},
        {"a\\", NULL},
        {"b\xc3\xbc"
         "cher",
         NULL},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *text = zone_name(ctx, cases[i].name);

        if (cases[i].text)
            assert_string_equal(text, cases[i].text);
        else
            assert_null(text);
    }
    talloc_free(ctx);
}

static void test_strings(void **state)
{
    static const struct {
        const char *plain, *quoted;
    } cases[] = {
        {"", ""},
        {"v=STSv1; id=1;", "v=STSv1; id=1;"},
        {"a\"b\\c", "a\\\"b\\\\c"},
        {"a\nupdate delete b\r\t", "a\\010update delete b\\013\\009"},
        {"b\xc3\xbc\x7f", "b\\195\\188\\127"},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(zone_quoted(ctx, cases[i].plain), cases[i].quoted);
        assert_string_equal(zone_strings(ctx, cases[i].plain),
                            talloc_asprintf(ctx, "\"%s\"", cases[i].quoted));
    }
    talloc_free(ctx);
}

/* The octets count, not the characters that stand for them. */
static void test_long_strings_are_cut(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char plain[257], *text;

    (void)state;
    memset(plain, '"', 256);
    plain[256] = '\0';
    text = zone_strings(ctx, plain);
    assert_int_equal(strlen(text), 1 + 2 * 255 + 3 + 2 + 1);
    assert_string_equal(text + 2 * 255, "\"\" \"\\\"\"");
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_long_strings_are_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
