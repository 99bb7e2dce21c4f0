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

/* What each text is: by the standard, and where senders are forgiven. */
static const struct {
    const char *text;
    enum json_fault strict, lenient;
} texts[] = {
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
    /* next to what is a hexadecimal digit, a blank, a control character */
    {"\"\\u09af\\u09AF\"", JSON_OK, JSON_OK},
    {"\"\\u000/\"", JSON_SYNTAX, JSON_SYNTAX},
    {"\"\\u000:\"", JSON_SYNTAX, JSON_SYNTAX},
    {"\"\\u000@\"", JSON_SYNTAX, JSON_SYNTAX},
    {"\"\\u000G\"", JSON_SYNTAX, JSON_SYNTAX},
    {"\"\\u000`\"", JSON_SYNTAX, JSON_SYNTAX},
    {"\"\\u000g\"", JSON_SYNTAX, JSON_SYNTAX},
    {"\"\x1f\"", JSON_SYNTAX, JSON_OK},
    {"\" \"", JSON_OK, JSON_OK},
    {"\"\\'\"", JSON_SYNTAX, JSON_OK},
    {"'a'", JSON_SYNTAX, JSON_OK},
    {"{'a\":1}", JSON_SYNTAX, JSON_ENDS_EARLY},
    {"\"\\ud800\\u12\"", JSON_SYNTAX, JSON_SYNTAX},
    {"00", JSON_SYNTAX, JSON_OK},
    {"-01", JSON_SYNTAX, JSON_OK},
    {"10", JSON_OK, JSON_OK},
    {"1.e1", JSON_SYNTAX, JSON_OK},
    {"1e+", JSON_ENDS_EARLY, JSON_ENDS_EARLY},
    {"1e-x", JSON_SYNTAX, JSON_SYNTAX},
    {"/", JSON_SYNTAX, JSON_ENDS_EARLY},
    {":", JSON_SYNTAX, JSON_SYNTAX},
    {"[]]", JSON_SYNTAX, JSON_OK},
    {"[,]", JSON_SYNTAX, JSON_SYNTAX},
    {"[1,,2]", JSON_SYNTAX, JSON_SYNTAX},
    {"{\"a\":1 \"b\":2}", JSON_SYNTAX, JSON_SYNTAX},
    {"{\"a\"}", JSON_SYNTAX, JSON_SYNTAX},
    {"[1}", JSON_SYNTAX, JSON_SYNTAX},
    {"tru", JSON_SYNTAX, JSON_SYNTAX},
    {"nul", JSON_SYNTAX, JSON_SYNTAX},
    {"//", JSON_SYNTAX, JSON_ENDS_EARLY},
    {"// a\n1", JSON_SYNTAX, JSON_OK},
    {"/**/1", JSON_SYNTAX, JSON_OK},
    {"/* a */1", JSON_SYNTAX, JSON_OK},
    {"/a/ 1", JSON_SYNTAX, JSON_ENDS_EARLY},
};

static void test_what_is_json(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct json *value;

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (parse(ctx, texts[i].text, false, &value) != texts[i].strict)
            fail_msg("strict: %s", texts[i].text);
        if (parse(ctx, texts[i].text, true, &value) != texts[i].lenient)
            fail_msg("lenient: %s", texts[i].text);
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
        {"9223372036854775806", JSON_INTEGER, INT64_MAX - 1, 0},
        {"-9223372036854775807", JSON_INTEGER, -INT64_MAX, 0},
        {"-9223372036854775808", JSON_INTEGER, INT64_MIN, 0},
        {"92233720368547758070", JSON_INTEGER, INT64_MAX, 0},
        {"12.0625", JSON_DOUBLE, 0, 12.0625},
        {"0.5e1", JSON_DOUBLE, 0, 5},
        {"125e-3", JSON_DOUBLE, 0, 0.125},
        {"1e0", JSON_DOUBLE, 0, 1},
        {"-1E+2", JSON_DOUBLE, 0, -100},
        {"1e22", JSON_DOUBLE, 0, 1e22},
        {"1e-22", JSON_DOUBLE, 0, 1e-22},
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
        /* the last of one byte, of two, of three, and the first of the next */
        {"\"\\u007f\\u0080\"", "\x7f\xc2\x80"},
        {"\"\\u07ff\\u0800\"", "\xdf\xbf\xe0\xa0\x80"},
        {"\"\\uffff\\ud800\\udc00\"", "\xef\xbf\xbf\xf0\x90\x80\x80"},
        {"\"\\udbff\\udfff\"", "\xf4\x8f\xbf\xbf"},
        /* around the surrogates */
        {"\"\\ud7ff\\ue000\"", "\xed\x9f\xbf\xee\x80\x80"},
        {"\"\\udc00\\udc00\"", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"\"\\udfff\"", "\xef\xbf\xbd"},
        {"\"\\ud800\\udbff\"", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"\"\\ud800\\ue000\"", "\xef\xbf\xbd\xee\x80\x80"},
        {"\"\\ud83d\\n\"", "\xef\xbf\xbd\n"},
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

/* Where reading ended, or what is wrong stands. */
static void test_where(void **state)
{
    static const struct {
        const char *text;
        bool lenient;
        size_t at;
    } cases[] = {
        {"[1 2]", false, 3},    {"{\"a\" 1}", false, 5},   {" 1 ", false, 3},
        {" 1 ", true, 2},       {"[1] x", true, 3},        {"[1] x", false, 4},
        {"\"a\\x\"", false, 3}, {"\"\\u00g0\"", false, 5}, {"[1,", false, 3},
        {"/*b*/1", true, 6},    {"//b\n1", true, 5},       {"/*b", true, 3},
        {"/b", true, 2},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct json *value;
    size_t at;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        json_read(ctx, bytes_of(cases[i].text), cases[i].lenient, DEPTH, &value, &at);
        if (at != cases[i].at)
            fail_msg("%s: %zu", cases[i].text, at);
    }
    talloc_free(ctx);
}

/* What NaN and Infinity are, where they are taken. */
static void test_no_numbers(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct json *value;

    (void)state;
    assert_int_equal(parse(ctx, "[NaN, Infinity, -infinity]", true, &value), JSON_OK);
    assert_true(value->items[0].number != value->items[0].number);
    assert_true(value->items[1].number > 1e308);
    assert_true(value->items[2].number < -1e308);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(value->items[i].kind, JSON_DOUBLE);
    talloc_free(ctx);
}

/* The room for values grows when it is full, and not later. */
static void test_lists_of_any_length(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *text = talloc_strdup(ctx, "[[7]");
    struct json *value;

    (void)state;
    for (size_t length = 2; length < 140; length++) {
        char *whole;

        text = talloc_asprintf_append_buffer(text, ",%zu", length);
        whole = talloc_asprintf(ctx, "%s]", text);
        assert_int_equal(parse(ctx, whole, false, &value), JSON_OK);
        assert_int_equal(value->count, length);
        assert_int_equal(value->items[0].items[0].integer, 7);
        assert_int_equal(value->items[length - 1].integer, length);
    }
    talloc_free(ctx);
}

/* Names of which one begins another, with bytes above those of ASCII; the last of each counts. */
static void test_names_alike(void **state)
{
    static const char text[] = "{\"a\":1,\"aa\":2,\"\":3,\"\xc3\xa4\":4,\"a\":5,\"aa\":6,\"b\":7,"
                               "\"\":8,\"\xc3\xa4\":9,\"ab\":10}";
    static const char *const names[] = {"a", "aa", "", "\xc3\xa4", "b", "ab"};
    static const int64_t numbers[] = {5, 6, 8, 9, 7, 10};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct json *value;

    (void)state;
    assert_int_equal(parse(ctx, text, false, &value), JSON_OK);
    assert_int_equal(value->count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_string_equal(value->items[i].name.data, names[i]);
        assert_int_equal(value->items[i].integer, numbers[i]);
    }
    assert_int_equal(parse(ctx, "{\"a\":1,\"a\":2}", false, &value), JSON_OK);
    assert_int_equal(value->count, 1);
    assert_int_equal(value->items[0].integer, 2);
    talloc_free(ctx);
}

/* A hundred thousand members of few names, all members of one name: no square. */
static void test_many_members(void **state)
{
    enum { MEMBERS = 100000, ROOM = MEMBERS * sizeof(",\"n999\":99999") };
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *text = talloc_array(ctx, char, ROOM); /* to grow takes a minute with the sanitizers */
    size_t at = (size_t)snprintf(text, ROOM, "{\"n\":0");
    struct json *value;

    (void)state;
    for (int i = 1; i < MEMBERS; i++)
        at += (size_t)snprintf(text + at, ROOM - at, ",\"%c%d\":%d", "mn"[i % 2], i % 1000, i);
    (void)snprintf(text + at, ROOM - at, "}");
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
        cmocka_unit_test(test_what_is_json),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_many_members),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_where),
        cmocka_unit_test(test_no_numbers),
        cmocka_unit_test(test_lists_of_any_length),
        cmocka_unit_test(test_names_alike),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
