/* SPDX-License-Identifier: MIT */
/* test_pasted.c - what people paste, and the domain in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/pasted.h"

static const struct {
    const char *text, *name; /* NULL: none */
    enum pasted_form form;
} cases[] = {
    /* names, as ever */
    {"example.com", "example.com", PASTED_PLAIN},
    {"Example.COM.", "example.com", PASTED_PLAIN},
    {"b\303\274cher.example", "xn--bcher-kva.example", PASTED_PLAIN},
    {"localhost", "localhost", PASTED_PLAIN},
    {"r3---sn.example", "r3---sn.example", PASTED_PLAIN},
    /* what stands around one */
    {" example.com ", "example.com", PASTED_TAKEN},
    {"\texample.com\r\n", "example.com", PASTED_TAKEN},
    {"\302\240example.com\302\240", "example.com", PASTED_TAKEN},
    {"\357\273\277example.com", "example.com", PASTED_TAKEN},
    {"example.com\342\200\213", "example.com", PASTED_TAKEN},
    {"\"example.com\"", "example.com", PASTED_TAKEN},
    {"'example.com',", "example.com", PASTED_TAKEN},
    {"<example.com>", "example.com", PASTED_TAKEN},
    {"\342\200\234example.com\342\200\235", "example.com", PASTED_TAKEN},
    {"\342\200\236example.com\342\200\234,", "example.com", PASTED_TAKEN},
    {"\302\273 example.com \302\253", "example.com", PASTED_TAKEN},
    {"\342\200\230jo@example.com\342\200\231", "example.com", PASTED_TAKEN},
    {"( \"example.com\" )", "example.com", PASTED_TAKEN},
    {"example.com,", "example.com", PASTED_TAKEN},
    {"example.com;", "example.com", PASTED_TAKEN},
    /* URLs */
    {"https://example.com", "example.com", PASTED_TAKEN},
    {"https://example.com/", "example.com", PASTED_TAKEN},
    {"HTTP://Example.com:8080/a@b?c#d", "example.com", PASTED_TAKEN},
    {"https://user:pass@example.com/x", "example.com", PASTED_TAKEN},
    {"https://example.com?x=user@other.example", "example.com", PASTED_TAKEN},
    {"https://b\303\274cher.example/", "xn--bcher-kva.example", PASTED_TAKEN},
    {"smtp://mx.example.com:25", "mx.example.com", PASTED_TAKEN},
    {"//example.com/", "example.com", PASTED_TAKEN},
    {"example.com/path", "example.com", PASTED_TAKEN},
    {"<https://example.com/>", "example.com", PASTED_TAKEN},
    {"https://mta-sts.example.com/.well-known/mta-sts.txt", "example.com", PASTED_POLICY_HOST},
    {"mta-sts.example.com/.well-known/mta-sts.txt", "example.com", PASTED_POLICY_HOST},
    {"https://", NULL, 0},
    {"https:///path", NULL, 0},
    {"file:///etc/hosts", NULL, 0},
    /* addresses */
    {"jo@example.com", "example.com", PASTED_TAKEN},
    {"@example.com", "example.com", PASTED_TAKEN},
    {"<jo@example.com>", "example.com", PASTED_TAKEN},
    {"Jo Doe <jo@example.com>", "example.com", PASTED_TAKEN},
    {"\"Doe, Jo\" <jo@example.com>,", "example.com", PASTED_TAKEN},
    {"\"a@b\"@example.com", "example.com", PASTED_TAKEN},
    {"mailto:jo@example.com", "example.com", PASTED_TAKEN},
    {"MAILTO:jo@example.com?subject=a@b", "example.com", PASTED_TAKEN},
    {"jo@b\303\274cher.example", "xn--bcher-kva.example", PASTED_TAKEN},
    {"jo@", NULL, 0},
    {"mailto:jo", "jo", PASTED_TAKEN},
    {"Jo Doe <jo@example.com", "example.com", PASTED_TAKEN},
    {"Jo <jo@example.com> Doe", NULL, 0},
    /* ports */
    {"example.com:25", "example.com", PASTED_TAKEN},
    {"example.com.:443", "example.com", PASTED_TAKEN},
    {"example.com:", NULL, 0},
    {"example.com:smtp", NULL, 0},
    {"example.com:123456", NULL, 0},
    {":25", NULL, 0},
    /* names of a zone */
    {"*.example.com", "example.com", PASTED_TAKEN},
    {".example.com", "example.com", PASTED_TAKEN},
    {"_mta-sts.example.com", "example.com", PASTED_TAKEN},
    {"_MTA-STS.example.com.", "example.com", PASTED_TAKEN},
    {"_smtp._tls.example.com", "example.com", PASTED_TAKEN},
    {"_25._tcp.mx.example.com", "mx.example.com", PASTED_TAKEN},
    {"_dmarc.example.com", "example.com", PASTED_TAKEN},
    {"*._mta-sts.example.com", "example.com", PASTED_TAKEN},
    {"_mta-sts", NULL, 0},
    {"*", NULL, 0},
    {"*.", NULL, 0},
    {"a_b.example.com", NULL, 0},
    /* the policy host, and domains that are only called so */
    {"mta-sts.example.com", "example.com", PASTED_POLICY_HOST},
    {"MTA-STS.Example.com.", "example.com", PASTED_POLICY_HOST},
    {"mta-sts.example.co.uk", "example.co.uk", PASTED_POLICY_HOST},
    {"_mta-sts.mta-sts.example.com", "example.com", PASTED_POLICY_HOST},
    {"@mta-sts.example.com", "mta-sts.example.com", PASTED_TAKEN},
    {"jo@mta-sts.example.com", "mta-sts.example.com", PASTED_TAKEN},
    {"mta-sts.com", "mta-sts.com", PASTED_PLAIN},
    {"mta-sts.co.uk", "mta-sts.co.uk", PASTED_PLAIN},
    {"mta-sts", "mta-sts", PASTED_PLAIN},
    {"my-mta-sts.example.com", "my-mta-sts.example.com", PASTED_PLAIN},
    /* none */
    {"", NULL, 0},
    {" ", NULL, 0},
    {"\"\"", NULL, 0},
    {"a..b", NULL, 0},
    {"not a domain", NULL, 0},
    {"example.com other.example", NULL, 0},
    {"example.com. 300 IN TXT", NULL, 0},
    {"192.0.2.1", NULL, 0},
    {"[2001:db8::1]:25", NULL, 0},
    {"https://192.0.2.1/", NULL, 0},
    {"\033[31m.example", NULL, 0},
};

static void pasted(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char name[STS_NAME_SIZE] = "";
        enum pasted_form form = PASTED_PLAIN;
        enum sts_status status = pasted_domain(cases[i].text, name, &form);

        if (!cases[i].name && status == STS_E_INVALID)
            continue;
        if (status || !cases[i].name || strcmp(name, cases[i].name) != 0 || form != cases[i].form)
            fail_msg("\"%s\": status %d, %s, form %d", cases[i].text, (int)status, name, (int)form);
    }
}

static void too_long(void **state)
{
    static char text[5000] = "https://example.com/";
    char name[STS_NAME_SIZE];
    enum pasted_form form;

    (void)state;
    memset(text + strlen(text), 'x', sizeof(text) - strlen(text) - 1);
    assert_int_equal(pasted_domain(text, name, &form), STS_E_INVALID);
    text[4096] = '\0';
    assert_int_equal(pasted_domain(text, name, &form), STS_OK);
    assert_string_equal(name, "example.com");
}

/* What was meant, or nothing where that is not clear. */
static void meant(void **state)
{
    static const struct {
        const char *text, *name;
    } slips[] = {
        {"example,org", "example.org"},
        {"mail.example,org", "mail.example.org"},
        {"someone@example,org", "example.org"},
        {"example .org", "example.org"},
        {" example . org ", "example.org"},
        {"example..org", "example.org"},
        {"example;org.", "example.org"},
        {"http//example.org/path", "example.org"},
        {"https:/example.org", "example.org"},
        {"https;//example.org", "example.org"},
        {"my_domain.example", "my-domain.example"},
        {"check example.org now", "example.org"},
        {"b\303\274cher,example", "xn--bcher-kva.example"},
        {"example.com, other.example", NULL},
        {"example.com other.example", NULL},
        {"not a domain", NULL},
        {"a b", NULL},
        {"", NULL},
        {",", NULL},
        {"192.0.2.1", NULL},
    };
    enum pasted_form form;
    char name[STS_NAME_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
        bool found = pasted_domain(slips[i].text, name, &form) == STS_OK ||
                     pasted_meant(slips[i].text, name);

        if (found != (slips[i].name != NULL) || (found && strcmp(name, slips[i].name) != 0))
            fail_msg("\"%s\": %d %s", slips[i].text, found, found ? name : "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pasted), cmocka_unit_test(too_long),
                                       cmocka_unit_test(meant)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
