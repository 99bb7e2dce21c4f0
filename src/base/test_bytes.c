/* SPDX-License-Identifier: MIT */
/* test_bytes.c - comparing and cutting at each end, base64, host names, times of a command line. */
#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base64.h"
#include "base/hname.h"
#include "base/time_span.h"

/* The bytes alone, so that a sanitizer sees what is read behind them. */
static struct bytes exact(TALLOC_CTX *ctx, const char *text)
{
    size_t length = strlen(text);

    return (struct bytes){talloc_memdup(ctx, text, length ? length : 1), length};
}

static void assert_text(struct bytes found, const char *expect)
{
    if (found.length != strlen(expect) || strncmp(found.data, expect, found.length) != 0)
        fail_msg("\"%.*s\", expected \"%s\"", (int)found.length, found.data, expect);
}

/* ---- bytes ----------------------------------------------------------------------------------- */

static void comparing(void **state)
{
    static const struct {
        const char *a, *b;
        bool equal, begins, equal_nocase, begins_nocase;
    } cases[] = {
        {"abc", "abc", true, true, true, true},     {"abc", "ab", false, true, false, true},
        {"ab", "abc", false, false, false, false},  {"abc", "ABC", false, false, true, true},
        {"ABC", "ab", false, false, false, true},   {"abc", "abd", false, false, false, false},
        {"xbc", "abc", false, false, false, false}, {"", "", true, true, true, true},
        {"a", "", false, true, false, true},        {"", "a", false, false, false, false},
        {"a[", "A{", false, false, false, false},   {"@", "`", false, false, false, false},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes a = exact(ctx, cases[i].a);

        assert_int_equal(bytes_equal(a, cases[i].b), cases[i].equal);
        assert_int_equal(bytes_begin(a, cases[i].b), cases[i].begins);
        assert_int_equal(bytes_equal_nocase(a, cases[i].b), cases[i].equal_nocase);
        assert_int_equal(bytes_begin_nocase(a, cases[i].b), cases[i].begins_nocase);
    }
    talloc_free(ctx);
}

static void cutting(void **state)
{
    static const struct {
        const char *text, *trimmed;
    } cases[] = {
        {" a ", "a"}, {"\t\r\na b\n \t", "a b"}, {"a", "a"}, {"   ", ""}, {"", ""}, {" a", "a"},
        {"a ", "a"}};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct bytes abc = exact(ctx, "abc");

    (void)state;
    assert_text(bytes_from(abc, 0), "abc");
    assert_text(bytes_from(abc, 1), "bc");
    assert_text(bytes_from(abc, 3), "");
    assert_text(bytes_from(abc, 4), "");
    assert_null(bytes_from((struct bytes){NULL, 0}, 0).data);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_text(bytes_trim(exact(ctx, cases[i].text)), cases[i].trimmed);
    talloc_free(ctx);
}

static void finding(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct bytes text = exact(ctx, "abcABC");

    (void)state;
    assert_int_equal(bytes_find_nocase(text, "ABC"), 0);
    assert_int_equal(bytes_find_nocase(text, "BCA"), 1);
    assert_int_equal(bytes_find_nocase(text, "c"), 2);
    assert_int_equal(bytes_find_nocase(text, "cabc"), 2);
    assert_int_equal(bytes_find_nocase(text, "cabcd"), -1);
    assert_int_equal(bytes_find_nocase(exact(ctx, "xyz"), "z"), 2);
    assert_int_equal(bytes_find_nocase(exact(ctx, ""), "z"), -1);
    assert_int_equal(bytes_find_char(text, 'a'), 0);
    assert_int_equal(bytes_find_char(text, 'C'), 5);
    assert_int_equal(bytes_find_char(text, 'x'), -1);
    assert_int_equal(bytes_find_char((struct bytes){NULL, 0}, 'x'), -1);
    talloc_free(ctx);
}

/* ---- base64 ---------------------------------------------------------------------------------- */

/* RFC 4648 section 10, and the two digits beside the letters. */
static void base64(void **state)
{
    static const struct {
        const char *plain, *text;
    } cases[] = {{"", ""},
                 {"f", "Zg=="},
                 {"fo", "Zm8="},
                 {"foo", "Zm9v"},
                 {"foob", "Zm9vYg=="},
                 {"fooba", "Zm9vYmE="},
                 {"foobar", "Zm9vYmFy"},
                 {"\xfb\xef\xbe", "++++"},
                 {"\xff\xff\xff", "////"}};
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes plain = exact(ctx, cases[i].plain), text = exact(ctx, cases[i].text), found;

        assert_string_equal(base64_encode(ctx, plain.data, plain.length), cases[i].text);
        assert_true(base64_decode(ctx, text.data, text.length, &found));
        assert_int_equal(found.length, plain.length);
        assert_memory_equal(found.data, plain.data, plain.length);
        assert_int_equal(found.data[found.length], 0);
    }
    talloc_free(ctx);
}

static void no_base64(void **state)
{
    static const char *const texts[] = {
        "Z",    "Zg",   "Zg=",  "Zh==",     "Zm9=",   "Z===", "====", "Zg=v",
        "=m9v", "Zm 9", "Zm9-", "Zg==Zg==", "Zm9v\n", "Zgg=", "Z@=="};
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct bytes text = exact(ctx, texts[i]), found = {NULL, 0};
        bool good = base64_decode(ctx, text.data, text.length, &found);

        if (good != !strcmp(texts[i], "Zgg="))
            fail_msg("%s: %d", texts[i], good);
    }
    talloc_free(ctx);
}

/* ---- host names ------------------------------------------------------------------------------ */

#define L9   "abcdefghi"
#define L63  L9 L9 L9 L9 L9 L9 L9
#define N191 L63 "." L63 "." L63

static void host_names(void **state)
{
    static const struct {
        const char *name;
        bool valid;
    } cases[] = {
        {"mx1.example.com", true},
        {"MX1.Example.COM", true},
        {"a", true},
        {"", false},
        {"a.", false},
        {".a", false},
        {"a..b", false},
        {"-a.b", false},
        {"a-.b", false},
        {"a-b.c", true},
        {"a_b.c", false},
        {"1.b", true},
        {"a.1", false},
        {"a.1b", true},
        {"192.0.2.1", false},
        {"a b", false},
        {L63 ".b", true},
        {L63 "j.b", false},
        {"xn--bcher-kva.example", true},
        {N191 "." L9 L9 L9 L9 L9 L9 "abcdefg", true},   /* 253 */
        {N191 "." L9 L9 L9 L9 L9 L9 "abcdefgh", false}, /* 254 */
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (hname_valid(exact(ctx, cases[i].name)) != cases[i].valid)
            fail_msg("%s", cases[i].name);
    talloc_free(ctx);
}

static void addresses(void **state)
{
    static const struct {
        const char *text;
        bool address;
    } cases[] = {{"192.0.2.1", true},
                 {"[192.0.2.1]", true},
                 {"2001:db8::1", true},
                 {"[2001:db8::1]", true},
                 {"[IPv6:2001:db8::1]", true},
                 {"ipv6:::1", true},
                 {"192.0.2", false},
                 {"192.0.2.256", false},
                 {"[192.0.2.1", false},
                 {"192.0.2.1]", false},
                 {"[]", false},
                 {"[", false},
                 {"", false},
                 {"IPv6:", false},
                 {"mx1.example.com", false},
                 {"1:2:3:4:5:6:255.255.255.255", true},
                 {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", true}, /* the longest, 45 */
                 {"0ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", false}};
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (hname_is_address(exact(ctx, cases[i].text)) != cases[i].address)
            fail_msg("%s", cases[i].text);
    assert_false(hname_is_address((struct bytes){"192.0.2.1\0", 10}));
    talloc_free(ctx);
}

static void names_of_a_tree(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    assert_true(hname_equal(exact(ctx, "a.B"), exact(ctx, "A.b")));
    assert_false(hname_equal(exact(ctx, "a.b"), exact(ctx, "a.bc")));
    assert_false(hname_equal(exact(ctx, "a.b"), exact(ctx, "a.c")));
    assert_true(hname_ends_with("mx.example.com", ".Example.com"));
    assert_true(hname_ends_with(".example.com", ".example.com"));
    assert_false(hname_ends_with("example.com", ".example.com"));
    assert_false(hname_ends_with("mx.example.org", ".example.com"));
    assert_text(hname_parent(exact(ctx, "a.b.c")), "b.c");
    assert_text(hname_parent(exact(ctx, "a.")), "");
    assert_text(hname_parent(exact(ctx, "a")), "");
    talloc_free(ctx);
}

static void registered_domains(void **state)
{
    static const struct {
        const char *name, *registered;
    } cases[] = {{"mx.example.com", "example.com"},
                 {"example.com", "example.com"},
                 {"com", "com"},
                 {"a.b.example.co.uk", "example.co.uk"},
                 {"example.co.uk", "example.co.uk"},
                 {"co.uk", "co.uk"},
                 {"mx.example.CO.uk", "example.CO.uk"},
                 {"mx.cos.uk", "cos.uk"},
                 {"mx.c.uk", "c.uk"},
                 {"mx.co.com", "co.com"},
                 {"*.example.com", "example.com"},
                 {"a.org.br", "a.org.br"},
                 {"x.a.ac.at", "a.ac.at"},
                 {"", ""}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(hname_registered(cases[i].name), cases[i].registered);
}

/* ---- times ----------------------------------------------------------------------------------- */

static void times(void **state)
{
    static const struct {
        const char *text;
        bool good;
        int64_t begin, end; /* of 1,000,000,000 */
    } cases[] = {{"2026-11-23", true, 1795392000, 1795478400},
                 {"2026-11-23T15:00:00Z", true, 1795446000, 1795446000},
                 {"1h", true, 999996400, 999996400},
                 {"24h", true, 999913600, 999913600},
                 {"1d", true, 999913600, 999913600},
                 {"2w", true, 998790400, 998790400},
                 {"999999h", true, -2599996400, -2599996400},
                 {"1000000h", false, 0, 0},
                 {"1m", false, 0, 0},
                 {"d", false, 0, 0},
                 {"1", false, 0, 0},
                 {"1dd", false, 0, 0},
                 {"1d ", false, 0, 0},
                 {"-1d", false, 0, 0},
                 {"2026-11-2", false, 0, 0},
                 {"2026-11-231", false, 0, 0},
                 {"2026-13-01", false, 0, 0},
                 {"", false, 0, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t begin = 0, end = 0;

        if (time_span_begin(cases[i].text, 1000000000, &begin) != cases[i].good ||
            time_span_end(cases[i].text, 1000000000, &end) != cases[i].good ||
            (cases[i].good && (begin != cases[i].begin || end != cases[i].end)))
            fail_msg("%s: %lld %lld", cases[i].text, (long long)begin, (long long)end);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparing),
        cmocka_unit_test(cutting),
        cmocka_unit_test(finding),
        cmocka_unit_test(base64),
        cmocka_unit_test(no_base64),
        cmocka_unit_test(host_names),
        cmocka_unit_test(addresses),
        cmocka_unit_test(names_of_a_tree),
        cmocka_unit_test(registered_domains),
        cmocka_unit_test(times),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
