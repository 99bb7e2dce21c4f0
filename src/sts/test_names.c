/* SPDX-License-Identifier: MIT */
/* test_names.c - where a policy domain publishes. */
#include "mtasts/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_each(void **state)
{
    char name[STS_NAME_SIZE], url[STS_POLICY_URL_SIZE];

    (void)state;
    assert_int_equal(sts_record_name("example.com", name), STS_OK);
    assert_string_equal(name, "_mta-sts.example.com");
    assert_int_equal(sts_tlsrpt_record_name("example.com", name), STS_OK);
    assert_string_equal(name, "_smtp._tls.example.com");
    assert_int_equal(sts_policy_host("example.com", name), STS_OK);
    assert_string_equal(name, "mta-sts.example.com");
    assert_int_equal(sts_policy_url("example.com", url), STS_OK);
    assert_string_equal(url, "https://mta-sts.example.com/.well-known/mta-sts.txt");
}

static void test_domains(void **state)
{
    static const struct {
        const char *domain;
        enum sts_status status;
        const char *host;
    } cases[] = {
        {"Example.COM.", STS_OK, "mta-sts.example.com"},
        {"xn--bcher-kva.example", STS_OK, "mta-sts.xn--bcher-kva.example"},
        {"example", STS_OK, "mta-sts.example"},
        {"", STS_E_INVALID, NULL},
        {".", STS_E_INVALID, NULL},
        {"example.com..", STS_E_INVALID, NULL},
        {".example.com", STS_E_INVALID, NULL},
        {"b\xc3\xbc"
         "cher.example",
         STS_E_INVALID, NULL},
        {"192.0.2.1", STS_E_INVALID, NULL},
        {"[192.0.2.1]", STS_E_INVALID, NULL},
        {"example.com:25", STS_E_INVALID, NULL},
        {"user@example.com", STS_E_INVALID, NULL},
        {"example.com/", STS_E_INVALID, NULL},
        {"example.com\n", STS_E_INVALID, NULL},
        {"_mta-sts.example.com", STS_E_INVALID, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char name[STS_NAME_SIZE] = "as it was";

        if (sts_policy_host(cases[i].domain, name) != cases[i].status)
            fail_msg("%s", cases[i].domain);
        assert_string_equal(name, cases[i].host ? cases[i].host : "as it was");
    }
}

/* A valid name of so many bytes. */
static void make_domain(size_t length, char *domain)
{
    for (size_t i = 0; i < length; i++)
        domain[i] = i % 60 == 59 && i + 1 < length ? '.' : 'a';
    domain[length] = '\0';
}

static void test_lengths(void **state)
{
    static const struct {
        enum sts_status (*make)(const char *domain, char *name);
        size_t most;
    } cases[] = {
        {sts_record_name, 244},
        {sts_tlsrpt_record_name, 242},
        {sts_policy_host, 245},
        {sts_policy_url, 245},
    };
    char domain[STS_NAME_SIZE + 2], name[STS_POLICY_URL_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        make_domain(cases[i].most, domain);
        assert_int_equal(cases[i].make(domain, name), STS_OK);
        memcpy(domain + cases[i].most, ".", sizeof(".")); /* does not count */
        assert_int_equal(cases[i].make(domain, name), STS_OK);
        make_domain(cases[i].most + 1, domain);
        assert_int_equal(cases[i].make(domain, name), STS_E_LIMIT);
        make_domain(253, domain);
        assert_int_equal(cases[i].make(domain, name), STS_E_LIMIT);
        make_domain(254, domain);
        assert_int_equal(cases[i].make(domain, name), STS_E_INVALID);
    }
    make_domain(245, domain);
    assert_int_equal(sts_policy_url(domain, name), STS_OK);
    assert_int_equal(strlen(name), 253 + strlen("https://" STS_POLICY_PATH));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each),
        cmocka_unit_test(test_domains),
        cmocka_unit_test(test_lengths),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
