/* SPDX-License-Identifier: MIT */
/* test_cookie.c - cookies of browsers and of others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/cookie.h"

static void expect(const char *found, const char *wanted)
{
    assert_int_equal(found != NULL, wanted != NULL);
    if (wanted)
        assert_string_equal(found, wanted);
}

static void test_reading(void **state)
{
    static const struct {
        const char *cookie;
        const char *value; /* of "lang" */
    } rows[] = {
        {"lang=de", "de"},
        {"a=b; lang=de; c=d", "de"},
        {"a=b;lang=de;", "de"},
        {"lang=", ""},
        {"lang=a=b", "a=b"},
        {"lang=\"de\"", "de"},
        {"lang=de; lang=en", "de"},
        {"Lang=de", NULL},
        {"lang", ""},
        {"xlang=de; langx=de", NULL},
        {"lang =de", NULL},
        {"lang=d e", NULL},
        {"lang=d\\e", NULL},
        {"lang=\"de", NULL},
        {"lang=d\xc3\xa4", NULL},
        {"", NULL},
        {";;;", NULL},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct http_field fields[] = {{"host", "lang=x"}, {"cookie", rows[i].cookie}};
        struct http_request request = {.fields = fields, .field_count = 2};

        expect(http_cookie(ctx, &request, "lang"), rows[i].value);
    }
    talloc_free(ctx);
}

static void test_two_fields(void **state)
{
    struct http_field fields[] = {{"cookie", "a=b"}, {"cookie", "lang=de"}};
    struct http_request request = {.fields = fields, .field_count = 2};
    char *value = http_cookie(NULL, &request, "lang");

    expect(value, "de");
    talloc_free(value);
    assert_null(http_cookie(NULL, &request, "c"));
}

static void test_writing(void **state)
{
    static const struct {
        struct http_cookie cookie;
        const char *field;
    } rows[] = {
        {{"lang", "de", "/", 31536000, HTTP_SAME_SITE_LAX, true, false},
         "lang=de; Path=/; Max-Age=31536000; Secure; HttpOnly; SameSite=Lax"},
        {{"theme", "", "/a/b/", 0, HTTP_SAME_SITE_STRICT, false, true},
         "theme=; Path=/a/b/; Max-Age=0; SameSite=Strict"},
        {{"__Host-session", "x", "/", -1, HTTP_SAME_SITE_LAX, true, false},
         "__Host-session=x; Path=/; Secure; HttpOnly; SameSite=Lax"},
        {{"__Host-session", "x", "/a/", -1, HTTP_SAME_SITE_LAX, true, false}, NULL},
        {{"__Host-session", "x", "/", -1, HTTP_SAME_SITE_LAX, false, false}, NULL},
        {{"__Secure-session", "x", "/a/", -1, HTTP_SAME_SITE_LAX, false, false}, NULL},
        {{"__Secure-session", "x", "/a/", -1, HTTP_SAME_SITE_LAX, true, false},
         "__Secure-session=x; Path=/a/; Secure; HttpOnly; SameSite=Lax"},
        {{"", "x", "/", -1, HTTP_SAME_SITE_LAX, false, false}, NULL},
        {{"a b", "x", "/", -1, HTTP_SAME_SITE_LAX, false, false}, NULL},
        {{"a", "x; Domain=b", "/", -1, HTTP_SAME_SITE_LAX, false, false}, NULL},
        {{"a", "x\r\ny", "/", -1, HTTP_SAME_SITE_LAX, false, false}, NULL},
        {{"a", "x", "/;b", -1, HTTP_SAME_SITE_LAX, false, false}, NULL},
        {{"a", "x", "", -1, HTTP_SAME_SITE_LAX, false, false}, NULL},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        expect(http_set_cookie(ctx, &rows[i].cookie), rows[i].field);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading),
        cmocka_unit_test(test_two_fields),
        cmocka_unit_test(test_writing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
