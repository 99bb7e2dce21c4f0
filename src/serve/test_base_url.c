/* SPDX-License-Identifier: MIT */
/* Base URLs, taken apart or refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "serve/base_url.h"

static void takes_apart(void **state)
{
    static const struct {
        const char *text, *origin, *host, *path;
    } cases[] = {
        {"https://a.example/", "https://a.example", "a.example", "/"},
        {"https://a.example", "https://a.example", "a.example", "/"},
        {"https://A.Example:443/a/b", "https://a.example", "a.example", "/a/b/"},
        {"http://a.example:80/a/", "http://a.example", "a.example", "/a/"},
        {"http://a.example:443/", "http://a.example:443", "a.example", "/"},
        {"https://[2001:db8::1]:8443/", "https://[2001:db8::1]:8443", "[2001:db8::1]", "/"},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct base_url url;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_true(base_url_read(ctx, cases[i].text, &url));
        assert_string_equal(url.origin, cases[i].origin);
        assert_string_equal(url.host, cases[i].host);
        assert_string_equal(url.path, cases[i].path);
    }
    talloc_free(ctx);
}

static void refuses_the_rest(void **state)
{
    static const char *const cases[] = {"",
                                        "a.example",
                                        "ftp://a.example/",
                                        "https://",
                                        "https:///a/",
                                        "https://user@a.example/",
                                        "https://a.example:0/",
                                        "https://a.example:65536/",
                                        "https://a.example:/",
                                        "https://a.example/?q",
                                        "https://a.example/#f",
                                        "https://a.example/a//b/",
                                        "https://a.example/../",
                                        "https://a.example/a b/",
                                        "https://a.example/%41/",
                                        "https://a.example/a;Path=x/",
                                        "https://[2001:db8::1/"};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct base_url url;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (base_url_read(ctx, cases[i], &url))
            fail_msg("%s", cases[i]);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_apart),
        cmocka_unit_test(refuses_the_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
