/* SPDX-License-Identifier: MIT */
/* test_rua_uri.c - where a reporting URI leads. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "net/rua_uri.h"

static const struct {
    const char *uri, *host;
    int64_t port;
    const char *path;
} good[] = {
    {"https://example.com/v1/tlsrpt", "example.com", 0, "/v1/tlsrpt"},
    {"HTTPS://Reports.Example.COM./", "reports.example.com", 0, "/"},
    {"https://example.com", "example.com", 0, "/"},
    {"https://example.com?key=a%2Cb", "example.com", 0, "/?key=a%2Cb"},
    {"https://example.com/a?b=c/d#part", "example.com", 0, "/a?b=c/d"},
    {"https://example.com#part", "example.com", 0, "/"},
    {"https://example.com:8443/a", "example.com", 8443, "/a"},
    {"https://example.com:/a", "example.com", 0, "/a"},
    {"https://example.com:65535", "example.com", 65535, "/"},
    {"https://example.com/a:b", "example.com", 0, "/a:b"},
};

static const char *const bad[] = {
    "",
    "https:",
    "https://",
    "https:///path",
    "http://example.com/",
    "mailto:a@example.com",
    "https://user@example.com/",
    "https://user:secret@example.com/",
    "https://example.com:0/",
    "https://example.com:65536/",
    "https://example.com:99999999999999999999999/",
    "https://example.com:80a/",
    "https://[2001:db8::1]/",
    "https://example.com/a b",
    "https://example.com/\r\nHost: other",
    "https://example.com/\x7f",
    "https://example.com/\xc3\xa9",
    "https://exa mple.com/",
};

static void test_good(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct rua_uri uri;

        if (!rua_uri_read(ctx, good[i].uri, &uri))
            fail_msg("%s", good[i].uri);
        assert_string_equal(uri.host, good[i].host);
        assert_int_equal(uri.port, good[i].port);
        assert_string_equal(uri.path, good[i].path);
        talloc_free(ctx);
    }
}

static void test_bad(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct rua_uri uri;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (rua_uri_read(ctx, bad[i], &uri))
            fail_msg("%s", bad[i]);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_good), cmocka_unit_test(test_bad)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
