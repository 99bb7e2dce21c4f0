/* SPDX-License-Identifier: MIT */
/* test_policy_key.c - keys as mail servers send them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "policyd/policy_key.h"

static const struct {
    const char *key;
    enum policy_key_kind kind;
    const char *domain;
} keys[] = {
    {"example.com", POLICY_KEY_DOMAIN, "example.com"},
    {"OKSEC.TLD", POLICY_KEY_DOMAIN, "oksec.tld"},
    {"Mail.Example.COM.", POLICY_KEY_DOMAIN, "mail.example.com"},
    {"example.com..", POLICY_KEY_UNUSABLE, ""},
    {"bücher.tld", POLICY_KEY_DOMAIN, "xn--bcher-kva.tld"},
    {"BÜCHER.tld", POLICY_KEY_DOMAIN, "xn--bcher-kva.tld"},
    {"xn--bcher-kva.tld", POLICY_KEY_DOMAIN, "xn--bcher-kva.tld"},
    {"bücher.tld:25", POLICY_KEY_DOMAIN, "xn--bcher-kva.tld"},
    {"b\xfc"
     "cher.tld",
     POLICY_KEY_UNUSABLE, ""},
    {"dom.tld:25", POLICY_KEY_DOMAIN, "dom.tld"},
    {"dom.tld:submission", POLICY_KEY_DOMAIN, "dom.tld"},
    {"dom.tld.:25", POLICY_KEY_DOMAIN, "dom.tld"},
    {"dom.tld:", POLICY_KEY_UNUSABLE, ""},
    {"dom.tld:25:25", POLICY_KEY_UNUSABLE, ""},
    {"dom.tld:2 5", POLICY_KEY_UNUSABLE, ""},
    {":25", POLICY_KEY_UNUSABLE, ""},
    {"tld", POLICY_KEY_DOMAIN, "tld"},
    {".tld", POLICY_KEY_PARENT, ""},
    {".sub.tld", POLICY_KEY_PARENT, ""},
    {".b.sub.tld", POLICY_KEY_PARENT, ""},
    {".", POLICY_KEY_PARENT, ""},
    {"[mx.dom.tld]", POLICY_KEY_HOST, ""},
    {"[mx.dom.tld]:25", POLICY_KEY_HOST, ""},
    {"[192.0.2.1]", POLICY_KEY_HOST, ""},
    {"[192.0.2.1]:25", POLICY_KEY_HOST, ""},
    {"[IPv6:2001:db8::1]", POLICY_KEY_HOST, ""},
    {"[", POLICY_KEY_HOST, ""},
    {"192.0.2.1", POLICY_KEY_ADDRESS, ""},
    {"192.0.2.1:25", POLICY_KEY_ADDRESS, ""},
    {"2001:db8::1", POLICY_KEY_ADDRESS, ""},
    {"IPv6:2001:db8::1", POLICY_KEY_ADDRESS, ""},
    {"a_b.tld", POLICY_KEY_UNUSABLE, ""},
    {"_mta-sts.dom.tld", POLICY_KEY_UNUSABLE, ""},
    {"-a.tld", POLICY_KEY_UNUSABLE, ""},
    {"a..tld", POLICY_KEY_UNUSABLE, ""},
    {"a b.tld", POLICY_KEY_UNUSABLE, ""},
    {" dom.tld", POLICY_KEY_UNUSABLE, ""},
    {"user@dom.tld", POLICY_KEY_UNUSABLE, ""},
    {"*.dom.tld", POLICY_KEY_UNUSABLE, ""},
    {"dom.tld\r\n", POLICY_KEY_UNUSABLE, ""},
    {"dom.tld } match=evil", POLICY_KEY_UNUSABLE, ""},
    {"", POLICY_KEY_UNUSABLE, ""},
};

static void test_keys(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        char domain[STS_NAME_SIZE] = "";
        enum policy_key_kind kind = policy_key_read(bytes_of(keys[i].key), domain);

        if (kind != keys[i].kind || strcmp(domain, keys[i].domain) != 0)
            fail_msg("%s: %s \"%s\"", keys[i].key, policy_key_kind_name(kind), domain);
    }
}

/* A NUL ends no name, and what is too long is none. */
static void test_nonsense(void **state)
{
    char domain[STS_NAME_SIZE] = "", text[5000];

    (void)state;
    assert_int_equal(policy_key_read((struct bytes){"dom.tld\0.evil", 13}, domain),
                     POLICY_KEY_UNUSABLE);
    memset(text, 'a', sizeof(text));
    for (size_t i = 60; i < sizeof(text); i += 61)
        text[i] = '.';
    assert_int_equal(policy_key_read((struct bytes){text, sizeof(text)}, domain),
                     POLICY_KEY_UNUSABLE);
    assert_int_equal(policy_key_read((struct bytes){text, 254}, domain), POLICY_KEY_UNUSABLE);
    assert_int_equal(policy_key_read((struct bytes){text, 253}, domain), POLICY_KEY_DOMAIN);
    assert_int_equal(strlen(domain), 253);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_keys),
                                       cmocka_unit_test(test_nonsense)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
