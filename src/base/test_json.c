/* SPDX-License-Identifier: MIT */
/* test_json.c - what is JSON, what passes for it, and what the tree says. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"

#define DEPTH 8

static enum json_fault parse(TALLOC_CTX *ctx, const char *text, bool lenient, struct json **ret)
{
    size_t at = 0;
    enum json_fault fault =
        json_read(ctx, (struct bytes){text, strlen(text)}, lenient, DEPTH, ret, &at);

    assert_true(at <= strlen(text));
    assert_true((fault == JSON_OK) == (*ret != NULL));
    return fault;
}

static void test_what_is_json(void **state)
{
    static const struct {
        const char *text;
        enum json_fault strict, lenient;
    } cases[] = {
        {"0", JSON_OK, JSON_OK},
        {"-0.5e+3", JSON_OK, JSON_OK},
        {" [1, \"a\", null, true, false, {}] \r\n\t", JSON_OK, JSON_OK},
        {"{\"a\":{\"b\":[[]]}}", JSON_OK, JSON_OK},
        {"\"\\u00e4\\ud83d\\ude00\\n\\/\"", JSON_OK, JSON_OK},
        {"\"\\ud800\"", JSON_OK, JSON_OK},
        {"\"\\u0000\"", JSON_OK, JSON_OK},
        {"", JSON_ENDS_EARLY, JSON_ENDS_EARLY},
        {"[", JSON_ENDS_EARLY, JSON_ENDS_EARLY},
        {"{\"a\"", JSON_ENDS_EARLY, JSON_ENDS_EARLY},
        {"\"a", JSON_ENDS_EARLY, JSON_ENDS_EARLY},
        {"\"a\\", JSON_ENDS_EARLY, JSON_ENDS_EARLY},
        {"\"\\u12", JSON_ENDS_EARLY, JSON_ENDS_EARLY},
        {"-", JSON_ENDS_EARLY, JSON_ENDS_EARLY},
        {"]", JSON_SYNTAX, JSON_SYNTAX},
        {"[1 2]", JSON_SYNTAX, JSON_SYNTAX},
        {"[,1]", JSON_SYNTAX, JSON_SYNTAX},
        {"{1:2}", JSON_SYNTAX, JSON_SYNTAX},
        {"{\"a\" 1}", JSON_SYNTAX, JSON_SYNTAX},
        {"\"\\x41\"", JSON_SYNTAX, JSON_SYNTAX},
        {"\"\\u12g4\"", JSON_SYNTAX, JSON_SYNTAX},
        {"1e", JSON_ENDS_EARLY, JSON_ENDS_EARLY},
        {"+1", JSON_SYNTAX, JSON_SYNTAX},
        {"\xef\xbb\xbf{}", JSON_SYNTAX, JSON_SYNTAX},
        {"1 2", JSON_SYNTAX, JSON_OK},
        {"01", JSON_SYNTAX, JSON_OK},
        {"1.", JSON_ENDS_EARLY, JSON_OK},
        {"[1,]", JSON_SYNTAX, JSON_OK},
        {"{\"a\":1,}", JSON_SYNTAX, JSON_OK},
        {"{'a':'b\"c'}", JSON_SYNTAX, JSON_OK},
        {"\"a\nb\"", JSON_SYNTAX, JSON_OK},
        {"TRUE", JSON_SYNTAX, JSON_OK},
        {"NaN", JSON_SYNTAX, JSON_OK},
        {"[-Infinity, nan]", JSON_SYNTAX, JSON_OK},
        {"/* a */ [1, // b\n 2]", JSON_SYNTAX, JSON_OK},
        {"/* a", JSON_SYNTAX, JSON_ENDS_EARLY},
        {"[/", JSON_SYNTAX, JSON_ENDS_EARLY},
        {"[[[[[[[[1]]]]]]]]", JSON_OK, JSON_OK},
        {"[[[[[[[[[1]]]]]]]]]", JSON_TOO_DEEP, JSON_TOO_DEEP},
        {"{\"a\":[[[[[[[[", JSON_TOO_DEEP, JSON_TOO_DEEP},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct json *value;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (parse(ctx, cases[i].text, false, &value) != cases[i].strict)
            fail_msg("strict: %s", cases[i].text);
        if (parse(ctx, cases[i].text, true, &value) != cases[i].lenient)
            fail_msg("lenient: %s", cases[i].text);
    }
    assert_int_equal(json_read(ctx, (struct bytes){"1\0", 2}, false, DEPTH, &value, &(size_t){0}),
                     JSON_SYNTAX);
    talloc_free(ctx);
}

static void test_numbers(void **state)
{
    static const struct {
        const char *text;
        enum json_kind kind;
        int64_t integer;
        double number;
    } cases[] = {
        {"0", JSON_INTEGER, 0, 0},
        {"-12", JSON_INTEGER, -12, 0},
        {"9223372036854775807", JSON_INTEGER, INT64_MAX, 0},
        {"9223372036854775808", JSON_INTEGER, INT64_MAX, 0},
        {"-99999999999999999999999999", JSON_INTEGER, INT64_MIN, 0},
        {"1.5", JSON_DOUBLE, 0, 1.5},
        {"-2.25e2", JSON_DOUBLE, 0, -225},
        {"1e1", JSON_DOUBLE, 0, 10},
        {"25E-1", JSON_DOUBLE, 0, 2.5},
        {"1e-999999999999999999999", JSON_DOUBLE, 0, 0},
        {"0e999999999999999999999", JSON_DOUBLE, 0, 0},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct json *value;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(parse(ctx, cases[i].text, false, &value), JSON_OK);
        assert_int_equal(value->kind, cases[i].kind);
        if (value->kind == JSON_INTEGER)
            assert_int_equal(value->integer, cases[i].integer);
        else
            assert_true(value->number == cases[i].number);
    }
    assert_int_equal(parse(ctx, "1e999", false, &value), JSON_OK);
    assert_true(value->number > 1e300);
    talloc_free(ctx);
}

static void test_texts(void **state)
{
    static const struct {
        const char *json, *text;
    } cases[] = {
        {"\"\"", ""},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
        {"\"\\u0041\\u00E4\\u20ac\\uD83D\\uDE00\"", "A\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"},
        {"\"\\ud83dx\"", "\xef\xbf\xbdx"},
        {"\"\\ud83d\\u0041\"", "\xef\xbf\xbd"
                               "A"},
        {"\"\\ude00\\ud83d\"", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"\"b\xc3\xbc\xff\"", "b\xc3\xbc\xff"}, /* bytes are the caller's affair */
    };
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct json *value;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(parse(ctx, cases[i].json, false, &value), JSON_OK);
        assert_string_equal(value->text.data, cases[i].text);
        assert_int_equal(value->text.length, strlen(cases[i].text));
    }
    assert_int_equal(parse(ctx, "\"a\\u0000b\"", false, &value), JSON_OK);
    assert_int_equal(value->text.length, 3);
    talloc_free(ctx);
}

static void test_members(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct json *value;

    (void)state;
    assert_int_equal(parse(ctx,
                           "{\"b\": 1, \"a\": [1, null], \"b\": {\"x\":2}, \"c\": null, \"b\": 3 }",
                           false, &value),
                     JSON_OK);
    assert_int_equal(value->count, 3);
    assert_string_equal(value->items[0].name.data, "b");
    assert_int_equal(json_member(value, "b")->integer, 3);
    assert_string_equal(value->items[1].name.data, "a");
    assert_int_equal(json_item(json_member(value, "a"), 0)->integer, 1);
    assert_null(json_item(json_member(value, "a"), 1));
    assert_null(json_member(value, "c"));
    assert_null(json_member(value, "d"));
    assert_true(json_is(NULL, JSON_NULL));
    assert_false(json_is(NULL, JSON_OBJECT));
    assert_memory_equal(json_member(value, "a")->source.data, "[1, null]", 9);
    talloc_free(ctx);
}

/* A hundred thousand members of few names, all members of one name: no square. */
static void test_many_members(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *text = talloc_strdup(ctx, "{\"n\":0");
    struct json *value;
    size_t at;

    (void)state;
    for (int i = 1; i < 100000; i++)
        text = talloc_asprintf_append_buffer(text, ",\"%s%d\":%d", i % 2 ? "n" : "m", i % 1000, i);
    text = talloc_strdup_append_buffer(text, "}");
    assert_int_equal(json_read(ctx, bytes_of(text), false, DEPTH, &value, &at), JSON_OK);
    assert_int_equal(value->count, 1001);
    assert_int_equal(json_member(value, "n999")->integer, 99999);
    assert_int_equal(json_member(value, "n")->integer, 0);
    talloc_free(ctx);
}

/* Every beginning of a text is refused. */
static void test_truncated(void **state)
{
    static const char text[] = "{\"a\": [1.5e3, \"\\u00e4\\n\", true], \"b\": {\"c\": null}}";
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct json *value;
    size_t at;

    (void)state;
    for (size_t length = 0; length < strlen(text); length++) {
        char *exact = talloc_memdup(ctx, text, length + 1);

        for (int lenient = 0; lenient < 2; lenient++)
            assert_int_not_equal(
                json_read(ctx, (struct bytes){exact, length}, lenient, DEPTH, &value, &at),
                JSON_OK);
    }
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_json), cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_texts),        cmocka_unit_test(test_members),
        cmocka_unit_test(test_many_members), cmocka_unit_test(test_truncated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
