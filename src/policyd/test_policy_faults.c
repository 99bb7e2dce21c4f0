/* SPDX-License-Identifier: MIT */
/* test_policy_faults.c - what no mail server reports, each beside what is no fault. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "facts/test_domain.h"
#include "policyd/policy_faults.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char *const patterns[] = {"mx1.example.com", "*.mail.example.com"};
static const char *const hosts[] = {"mx1.example.com", "a.mail.example.com", "b.a.mail.example.com",
                                    "other.example.net"};
static const struct live_policy policies[] = {
    [STS_MODE_ENFORCE] = {"1", STS_MODE_ENFORCE, 86400, patterns, 2},
    [STS_MODE_TESTING] = {"1", STS_MODE_TESTING, 86400, patterns, 2},
    [STS_MODE_NONE] = {"1", STS_MODE_NONE, 86400, patterns, 2}};

/* ---- the policy ------------------------------------------------------------------------------ */

static struct policy_faults found(TALLOC_CTX *ctx, const struct policy_known *known,
                                  const struct facts *facts, bool required)
{
    const struct policy_faults_request request = {
        .known = known, .facts = facts, .dane_required = required};
    struct policy_faults faults;

    assert_int_equal(policy_faults_find(ctx, &request, &faults), STS_OK);
    return faults;
}

static void test_hosts_outside(void **state)
{
    struct policy_known known = {"example.com", &policies[STS_MODE_ENFORCE], DANE_COVER_SOME, hosts,
                                 4};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct policy_faults faults = found(ctx, &known, NULL, false);

    (void)state;
    assert_int_equal(faults.count, 2);
    assert_string_equal(faults.list[0].host, "b.a.mail.example.com");
    assert_string_equal(faults.list[1].host, "other.example.net");
    assert_int_equal(faults.list[1].outcome, STS_OUTCOME_MX_NOT_COVERED);
    assert_string_equal(faults.list[1].reason, "mx-not-covered");
    assert_string_equal(faults.list[1].type, "sts");
    assert_string_equal(faults.list[1].domain, "example.com");
    assert_string_equal(faults.list[1].mx, "mx1.example.com\n*.mail.example.com");
    assert_string_equal(faults.list[1].lines, "version: STSv1\nmode: enforce\nmx: mx1.example.com\n"
                                              "mx: *.mail.example.com\nmax_age: 86400\n");
    known.policy = &policies[STS_MODE_TESTING];
    assert_int_equal(found(ctx, &known, NULL, false).count, 2);
    talloc_free(ctx);
}

static void test_nothing_to_report(void **state)
{
    const struct policy_known cases[] = {
        {"example.com", &policies[STS_MODE_ENFORCE], DANE_COVER_NONE, hosts, 2},
        {"example.com", &policies[STS_MODE_ENFORCE], DANE_COVER_NONE, NULL, 0},
        {"example.com", &policies[STS_MODE_ENFORCE], DANE_COVER_ALL, hosts, 4},
        {"example.com", &policies[STS_MODE_NONE], DANE_COVER_NONE, hosts, 4},
        {"example.com", NULL, DANE_COVER_NONE, hosts, 4}};
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(found(ctx, &cases[i], NULL, false).count, 0);
    talloc_free(ctx);
}

/* ---- DANE ------------------------------------------------------------------------------------ */

/* example.com, signed, with a TLSA record that fits. */
static struct facts *signed_domain(TALLOC_CTX *ctx)
{
    struct facts *f = healthy(ctx);
    struct dns_answer *tlsa = answer(f, "_25._tcp.mx1.example.com", DNS_TLSA, DNS_OUTCOME_FOUND);

    tlsa->records = talloc_zero_array(f, struct dns_record, 1);
    tlsa->records[0] =
        (struct dns_record){.usage = 3, .selector = 1, .matching = 1, .data = text_bytes(DIGEST)};
    tlsa->record_count = 1;
    f->mx[0].tlsa = tlsa;
    f->mx[0].tlsa->security = f->mx[0].a->security = f->mx_answer->security = DNS_SECURITY_SECURE;
    if (f->mx[0].aaaa)
        f->mx[0].aaaa->security = DNS_SECURITY_SECURE;
    return f;
}

static void set(struct facts *f, struct dns_answer *to, enum dns_security security)
{
    (void)f;
    to->security = security;
}

static void usage_of_pkix(struct facts *f)
{
    f->mx[0].tlsa->records[0].usage = 1;
}

static void no_records(struct facts *f)
{
    f->mx[0].tlsa->outcome = DNS_OUTCOME_NODATA;
    f->mx[0].tlsa->record_count = 0;
}

static void tlsa_bogus(struct facts *f)
{
    set(f, f->mx[0].tlsa, DNS_SECURITY_BOGUS);
}

static void tlsa_bogus_here(struct facts *f)
{
    tlsa_bogus(f);
    f->mx[0].tlsa->bogus_unconfirmed = true;
}

static void tlsa_unknown(struct facts *f)
{
    f->mx[0].tlsa->outcome = DNS_OUTCOME_FAILED;
    f->mx[0].tlsa->record_count = 0;
    set(f, f->mx[0].tlsa, DNS_SECURITY_UNCHECKED);
}

static void mx_bogus(struct facts *f)
{
    set(f, f->mx_answer, DNS_SECURITY_BOGUS);
    f->mx_count = 0;
}

static void mx_unsigned(struct facts *f)
{
    set(f, f->mx_answer, DNS_SECURITY_INSECURE);
    f->mx[0].tlsa = f->mx[0].a = f->mx[0].aaaa = NULL;
}

static void record_bogus(struct facts *f)
{
    set(f, f->sts_txt, DNS_SECURITY_BOGUS);
}

static void nothing(struct facts *f)
{
    (void)f;
}

static void test_dane(void **state)
{
    static const struct {
        void (*change)(struct facts *f);
        bool required;
        const char *reason, *type, *host; /* NULL: no fault */
        enum sts_result result;
    } cases[] = {
        {nothing, true, NULL, NULL, NULL, STS_RESULT_NONE},
        {usage_of_pkix, false, "tlsa-unusable", "tlsa", "mx1.example.com", STS_RESULT_TLSA_INVALID},
        {no_records, false, NULL, NULL, NULL, STS_RESULT_NONE},
        {no_records, true, "tlsa-missing", "tlsa", "mx1.example.com", STS_RESULT_DANE_REQUIRED},
        {tlsa_bogus, true, "tlsa-bogus", "tlsa", "mx1.example.com", STS_RESULT_DNSSEC_INVALID},
        {tlsa_bogus_here, true, NULL, NULL, NULL, STS_RESULT_NONE},
        {tlsa_unknown, true, NULL, NULL, NULL, STS_RESULT_NONE},
        {mx_bogus, true, "mx-bogus", "tlsa", "", STS_RESULT_DNSSEC_INVALID},
        {mx_unsigned, false, NULL, NULL, NULL, STS_RESULT_NONE},
        {mx_unsigned, true, "tlsa-missing", "tlsa", "mx1.example.com", STS_RESULT_DANE_REQUIRED},
        {record_bogus, false, "record-bogus", "sts", "", STS_RESULT_DNSSEC_INVALID},
    };
    const struct policy_known known = {.domain = "example.com"};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct facts *f = signed_domain(ctx);
        struct policy_faults faults;

        cases[i].change(f);
        faults = found(ctx, &known, f, cases[i].required);
        if (faults.count != (cases[i].reason != NULL))
            fail_msg("case %zu: %zu faults", i, faults.count);
        if (faults.count) {
            assert_string_equal(faults.list[0].reason, cases[i].reason);
            assert_string_equal(faults.list[0].type, cases[i].type);
            assert_string_equal(faults.list[0].host, cases[i].host);
            assert_int_equal(sts_outcome_result(faults.list[0].outcome), cases[i].result);
        }
        talloc_free(ctx);
    }
}

static void test_records_are_told(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct facts *f = signed_domain(ctx);
    const struct policy_known known = {.domain = "example.com"};
    struct policy_faults faults;

    (void)state;
    usage_of_pkix(f);
    faults = found(ctx, &known, f, false);
    assert_int_equal(faults.count, 1);
    assert_string_equal(faults.list[0].lines, "1 1 1 " DIGEST);
    assert_string_equal(faults.list[0].domain, "mx1.example.com");
    talloc_free(ctx);
}

/* Where the administrator has decided otherwise, nothing of it is told. */
static void test_overridden(void **state)
{
    const struct policy_known known = {"example.com", &policies[STS_MODE_ENFORCE], DANE_COVER_ALL,
                                       hosts, 4};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct facts *f = signed_domain(ctx);
    struct policy_faults_request request = {.known = &known, .facts = f};
    struct policy_faults faults;

    (void)state;
    record_bogus(f);
    tlsa_bogus(f);
    request.no_policy = true;
    assert_int_equal(policy_faults_find(ctx, &request, &faults), STS_OK);
    assert_int_equal(faults.count, 1);
    assert_string_equal(faults.list[0].reason, "tlsa-bogus");
    request.no_dane = true;
    assert_int_equal(policy_faults_find(ctx, &request, &faults), STS_OK);
    assert_int_equal(faults.count, 0);
    request.no_policy = false;
    assert_int_equal(policy_faults_find(ctx, &request, &faults), STS_OK);
    assert_int_equal(faults.count, 3); /* two hosts outside, as DANE protects nobody here */
    assert_string_equal(faults.list[0].reason, "mx-not-covered");
    assert_string_equal(faults.list[2].reason, "record-bogus");
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hosts_outside), cmocka_unit_test(test_nothing_to_report),
        cmocka_unit_test(test_dane),          cmocka_unit_test(test_records_are_told),
        cmocka_unit_test(test_overridden),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
