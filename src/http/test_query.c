/* SPDX-License-Identifier: MIT */
/* test_query.c - queries and forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "http/limits.h"
#include "http/query.h"

/* "name=value|name=value", decoded; NULL where it is refused. */
static const char *decoded(TALLOC_CTX *ctx, struct bytes text)
{
    char *to = talloc_strdup(ctx, "");
    struct http_query *query;
    struct http_fault fault = http_query_read(ctx, text, &query);

    if (fault.status) {
        assert_int_equal(fault.status, 400);
        return NULL;
    }
    for (size_t i = 0; i < query->count; i++)
        to = talloc_asprintf_append(to, "%s%s=%s", i ? "|" : "", query->fields[i].name,
                                    query->fields[i].value);
    return to;
}

static void test_fields(void **state)
{
    static const struct {
        const char *text;
        const char *fields; /* NULL: refused */
    } rows[] = {
        {"", ""},
        {"domain=example.org&lang=de", "domain=example.org|lang=de"},
        {"a", "a="},
        {"a=", "a="},
        {"=b", "=b"},
        {"a=b=c", "a=b=c"},
        {"&&a=b&&c=d&", "a=b|c=d"},
        {"a=b;c=d", "a=b;c=d"}, /* one field: only '&' parts them */
        {"a=b+c%2Bd%20e", "a=b c+d e"},
        {"%61%3D=%26", "a==&"},
        {"text=version%3a%0D%0amode%09", "text=version:\r\nmode\t"},
        {"a=%25%36%31", "a=%61"}, /* decoded once */
        {"a=%c3%a4\xc3\xb6", "a=\xc3\xa4\xc3\xb6"},
        {"a=%", NULL},
        {"a=%4", NULL},
        {"a=%4&b", NULL},
        {"a=%zz", NULL},
        {"a=%00", NULL},
        {"a=%ff", NULL},
        {"a=\xe4", NULL},
        {"%c3=%a4", NULL},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *fields = decoded(ctx, bytes_of(rows[i].text));

        if (!fields || !rows[i].fields)
            assert_ptr_equal(fields, rows[i].fields);
        else
            assert_string_equal(fields, rows[i].fields);
    }
    assert_null(decoded(ctx, (struct bytes){"a\0b=c", 5}));
    talloc_free(ctx);
}

static void test_the_first_of_a_name(void **state)
{
    struct http_query *query = NULL;

    assert_int_equal(http_query_read(NULL, bytes_of("a=1&b=2&a=3"), &query).status, 0);
    assert_string_equal(http_query_get(query, "a"), "1");
    assert_string_equal(http_query_get(query, "b"), "2");
    assert_null(http_query_get(query, "c"));
    talloc_free(query);
}

static void test_ceilings(void **state)
{
    static char text[LIMIT_QUERY + 1];
    struct http_query *query = NULL;

    memset(text, '&', sizeof(text));
    for (size_t i = 0; i < LIMIT_QUERY_FIELDS; i++)
        text[2 * i] = 'a';
    assert_int_equal(http_query_read(NULL, (struct bytes){text, LIMIT_QUERY}, &query).status, 0);
    assert_int_equal(query->count, LIMIT_QUERY_FIELDS);
    talloc_free(query);
    text[LIMIT_QUERY - 1] = 'a';
    assert_int_equal(http_query_read(NULL, (struct bytes){text, LIMIT_QUERY}, &query).status, 400);
    assert_int_equal(http_query_read(NULL, (struct bytes){text, sizeof(text)}, &query).status, 413);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_the_first_of_a_name),
        cmocka_unit_test(test_ceilings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
