/* SPDX-License-Identifier: MIT */
/* test_proxy.c - which texts name a proxy, and which hosts are reached without it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/proxy.h"

static void test_urls(void **state)
{
    static const struct {
        const char *text, *url, *name; /* NULL: no proxy */
    } cases[] = {
        {"http://proxy.example:3128", "http://proxy.example:3128", "proxy.example:3128"},
        {"HTTP://proxy.example:3128/", "http://proxy.example:3128", "proxy.example:3128"},
        {"proxy.example:8080", "http://proxy.example:8080", "proxy.example:8080"},
        {"http://proxy", "http://proxy:80", "proxy:80"},
        {"http://[2001:db8::1]:3128", "http://[2001:db8::1]:3128", "[2001:db8::1]:3128"},
        {"http://user:s%40cret@10.0.0.1:3128", "http://user:s%40cret@10.0.0.1:3128",
         "10.0.0.1:3128"},
        {"http://user:a@b@proxy:1", "http://user:a@b@proxy:1", "proxy:1"},
        {"socks5://proxy:1080", "socks5h://proxy:1080", "proxy:1080"},
        {"socks5h://proxy", "socks5h://proxy:1080", "proxy:1080"},
        {.text = ""},
        {.text = "http://"},
        {.text = "http://:3128"},
        {.text = "https://proxy:3128"},
        {.text = "ftp://proxy:21"},
        {.text = "http://proxy:0"},
        {.text = "http://proxy:65536"},
        {.text = "http://proxy:999999"},
        {.text = "http://proxy:"},
        {.text = "http://proxy:80x"},
        {.text = "http://proxy:80/path"},
        {.text = "http://pro xy:80"},
        {.text = "http://us er@proxy:80"},
        {.text = "http://us\ner@proxy:80"},
        {.text = "http://[2001:db8::1:80"},
        {.text = "http://[]:80"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct proxy *proxy = NULL;
        enum sts_status status = proxy_read(*state, cases[i].text, &proxy);

        if (!cases[i].url) {
            assert_int_equal(status, STS_E_INVALID);
            assert_false(proxy_is_valid(cases[i].text));
            continue;
        }
        assert_int_equal(status, STS_OK);
        assert_string_equal(proxy->url, cases[i].url);
        assert_string_equal(proxy->name, cases[i].name);
        assert_true(proxy_is_valid(cases[i].text));
        talloc_free(proxy);
    }
}

static void test_exceptions(void **state)
{
    static const struct {
        const char *list, *host;
        bool passed_by;
    } cases[] = {
        {NULL, "mta-sts.example.com", false},
        {"", "mta-sts.example.com", false},
        {"*", "mta-sts.example.com", true},
        {"example.com", "mta-sts.example.com", true},
        {".example.com", "mta-sts.example.com", true},
        {"EXAMPLE.com.", "mta-sts.example.com", true},
        {"localhost, 10.0.0.0/8,mta-sts.example.com", "mta-sts.example.com", true},
        {"localhost example.com", "mta-sts.example.com", true},
        {"ample.com", "mta-sts.example.com", false},
        {"other.mta-sts.example.com", "mta-sts.example.com", false},
        {"example.org,.,", "mta-sts.example.com", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(proxy_is_passed_by(cases[i].list, cases[i].host), cases[i].passed_by);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_urls),
        cmocka_unit_test(test_exceptions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
