/* SPDX-License-Identifier: MIT */
/* test_accept.c - wishes of browsers, of programs, and of nobody. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/accept.h"

struct row {
    const char *value;
    size_t best;
};

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static void test_language(void **state)
{
    static const char *const languages[] = {"en", "de"};
    static const struct row rows[] = {
        {NULL, 0},
        {"", 0},
        {"de", 1},
        {"DE", 1},
        {"de-AT", 1},
        {"de_AT", 0},
        {"deu", 0},
        {"fr", 0},
        {"fr, de;q=0.1", 1},
        {"de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7", 1},
        {"en-US,en;q=0.9,de;q=0.8", 0},
        {"en;q=0.8, de;q=0.9", 1},
        {"en;q=0.899, de;q=0.9", 1},
        {"de, en", 1}, /* of those liked equally the first of the client's */
        {"de;q=0", 0},
        {"en;q=0, de;q=0.001", 1},
        {"de;q=2, en;q=0.5", 0}, /* a weight that is none */
        {"de;q=0.5555, en;q=0.1", 0},
        {"de;q=, en;q=0.1", 0},
        {"*", 0},
        {"*;q=0.1, de;q=0.5", 1},
        {" , ,de ; q=0.3", 1},
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(http_accept_language(rows[i].value, languages, 2), rows[i].best);
}

static void test_gzip(void **state)
{
    static const struct row rows[] = {
        {NULL, 0},
        {"", 0},
        {"gzip", 1},
        {"GZIP", 1},
        {"x-gzip", 1},
        {"gzip, deflate, br, zstd", 1},
        {"br;q=1.0, gzip;q=0.8, *;q=0.1", 1},
        {"deflate, br", 0},
        {"gzip;q=0", 0},
        {"gzip;q=0.000, *", 0},
        {"gzip;q=0.001", 1},
        {"*", 1},
        {"*;q=0", 0},
        {"identity, *;q=0", 0},
        {"gzipped", 0},
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(http_accept_gzip(rows[i].value), rows[i].best);
}

static void test_type(void **state)
{
    static const char *const types[] = {"text/html", "application/json", "text/plain"};
    static const struct row rows[] = {
        {NULL, 0},
        {"", 0},
        {"*/*", 0},
        {"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", 0},
        {"application/json", 1},
        {"Application/JSON; charset=utf-8", 1},
        {"text/plain", 2},
        {"text/*", 0},
        {"TEXT/*;q=0.5, application/json;q=0.4", 0},
        {"text/*, text/html;q=0.1", 2}, /* what names it closest decides */
        {"text/html;q=0, */*", 1},
        {"text/html;q=0, */*;q=0, text/plain;q=0.1", 2},
        {"application/json;q=0.9, text/plain;q=0.95", 2},
        {"application/*", 1},
        {"image/png", 3},
        {"texts/*", 3},
        {"text/", 3},
        {"text", 3},
        {"text/html;level=\"a,b\";q=0.1, text/plain;q=0.2", 2},
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(http_accept_type(rows[i].value, types, 3), rows[i].best);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_language),
        cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_type),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
