/* SPDX-License-Identifier: MIT */
/* test_starts.c - which host a report goes to, and where the search for CAA records starts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <talloc.h>

#include "probe/caa.h"
#include "probe/rua_host.h"

static void same(const char *name, const char *found, const char *expected)
{
    if (!found != !expected || (found && strcmp(found, expected) != 0))
        fail_msg("%s: %s, expected %s", name, found ? found : "none", expected ? expected : "none");
}

static void a_report_uri_has_one_host(void **state)
{
    static const struct {
        const char *uri;
        const char *host;
    } rows[] = {
        {"mailto:tls@example.com", "example.com"},
        {"mailto:tls@EXAMPLE.com", "example.com"},
        {"mailto:tls@example.com?subject=a@b.example", "example.com"},
        {"mailto:tls?cc=a@b.example", NULL},
        {"mailto:a@x.example,b@y.example", "x.example"},
        {"mailto:tls@b\303\274cher.example", "xn--bcher-kva.example"},
        {"mailto:tls@", NULL},
        {"mailto:tls", NULL},
        {"https://example.com", "example.com"},
        {"https://example.com:8443/v1", "example.com"},
        {"https://example.com?a", "example.com"},
        {"https://example.com#a", "example.com"},
        {"https:example.com", NULL},
        {"https:///v1", NULL},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        same(rows[i].uri, rua_host(ctx, rows[i].uri, *rows[i].uri == 'm'), rows[i].host);
    talloc_free(ctx);
}

static void a_ca_starts_from_the_name_it_certified(void **state)
{
    static const struct {
        const char *names[2];
        const char *start;
    } rows[] = {
        {{"mail.example.com", "www.example.com"}, "mail.example.com"},
        {{"www.example.com", "MAIL.example.com"}, "mail.example.com"},
        {{"*.example.com", "example.com"}, "example.com"},
        {{"*.example.com", "mail.example.com"}, "mail.example.com"},
        {{"*.com", "example.com"}, NULL},
        {{"example.net", "*.example.net"}, NULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct certificate leaf = {.dns_names = (const char **)(uintptr_t)rows[i].names,
                                   .dns_name_count = 2};
        struct tls_session tls = {.trust = CHAIN_TRUSTED, .chain = &leaf, .chain_count = 1};

        same(rows[i].names[0], caa_start(&tls, "mail.example.com"), rows[i].start);
        tls.trust = CHAIN_SELF_SIGNED;
        assert_null(caa_start(&tls, "mail.example.com"));
        tls.trust = CHAIN_TRUSTED;
        tls.chain_count = 0;
        assert_null(caa_start(&tls, "mail.example.com"));
    }
    assert_null(caa_start(NULL, "mail.example.com"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_uri_has_one_host),
        cmocka_unit_test(a_ca_starts_from_the_name_it_certified),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
