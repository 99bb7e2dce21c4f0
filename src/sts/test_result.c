/* SPDX-License-Identifier: MIT */
/* test_result.c - from what a sending MTA saw to the result type of its report. */
#include "mtasts/result.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mtasts/report.h"

static void test_outcomes(void **state)
{
    static const struct {
        enum sts_outcome outcome;
        const char *result; /* NULL: none */
        bool counts;
    } cases[] = {
        {STS_OUTCOME_SUCCESS, NULL, true},
        {STS_OUTCOME_NOT_CONNECTED, NULL, false},
        {STS_OUTCOME_SMTP_REJECTED, NULL, false},
        {STS_OUTCOME_STARTTLS_NOT_OFFERED, "starttls-not-supported", true},
        {STS_OUTCOME_STARTTLS_REFUSED, "starttls-not-supported", true},
        {STS_OUTCOME_TLS_HANDSHAKE_FAILED, "validation-failure", true},
        {STS_OUTCOME_TLS_VERSION_TOO_OLD, "validation-failure", true},
        {STS_OUTCOME_TLS_CLIENT_CERTIFICATE, "validation-failure", true},
        {STS_OUTCOME_MX_NOT_COVERED, "validation-failure", true},
        {STS_OUTCOME_CERTIFICATE_NAME, "certificate-host-mismatch", true},
        {STS_OUTCOME_CERTIFICATE_EXPIRED, "certificate-expired", true},
        {STS_OUTCOME_CERTIFICATE_NOT_YET_VALID, "certificate-not-trusted", true},
        {STS_OUTCOME_CERTIFICATE_SELF_SIGNED, "certificate-not-trusted", true},
        {STS_OUTCOME_CERTIFICATE_UNKNOWN_CA, "certificate-not-trusted", true},
        {STS_OUTCOME_CERTIFICATE_INCOMPLETE, "certificate-not-trusted", true},
        {STS_OUTCOME_CERTIFICATE_PURPOSE, "certificate-not-trusted", true},
        {STS_OUTCOME_CERTIFICATE_REVOKED, "certificate-not-trusted", true},
        {STS_OUTCOME_TLSA_MISMATCH, "tlsa-invalid", true},
        {STS_OUTCOME_TLSA_BOGUS, "dnssec-invalid", true},
        {STS_OUTCOME_TLSA_LOOKUP_FAILED, "dnssec-invalid", true},
        {STS_OUTCOME_TLSA_MISSING, "dane-required", true},
        {STS_OUTCOME_TLSA_UNUSABLE, "tlsa-invalid", true},
        {STS_OUTCOME_POLICY_HOST_MISSING, "sts-policy-fetch-error", true},
        {STS_OUTCOME_POLICY_UNREACHABLE, "sts-policy-fetch-error", true},
        {STS_OUTCOME_POLICY_TIMEOUT, "sts-policy-fetch-error", true},
        {STS_OUTCOME_POLICY_REDIRECT, "sts-policy-fetch-error", true},
        {STS_OUTCOME_POLICY_HTTP_STATUS, "sts-policy-fetch-error", true},
        {STS_OUTCOME_POLICY_TOO_LARGE, "sts-policy-fetch-error", true},
        {STS_OUTCOME_POLICY_TRUNCATED, "sts-policy-fetch-error", true},
        {STS_OUTCOME_POLICY_TLS_FAILED, "sts-policy-fetch-error", true},
        {STS_OUTCOME_POLICY_CERTIFICATE, "sts-webpki-invalid", true},
        {STS_OUTCOME_POLICY_CONTENT_TYPE, "sts-policy-invalid", true},
        {STS_OUTCOME_POLICY_SYNTAX, "sts-policy-invalid", true},
        {STS_OUTCOME_COUNT, NULL, false},
    };

    (void)state;
    assert_int_equal(sizeof(cases) / sizeof(cases[0]), STS_OUTCOME_COUNT + 1);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *result = sts_result_name(sts_outcome_result(cases[i].outcome));

        if (!result != !cases[i].result || (result && strcmp(result, cases[i].result) != 0) ||
            sts_outcome_counts(cases[i].outcome) != cases[i].counts)
            fail_msg("%s: %s", sts_outcome_name(cases[i].outcome), result ? result : "none");
    }
}

static void test_results(void **state)
{
    static const struct {
        const char *name;
        enum sts_stage stage;
    } cases[] = {
        {"starttls-not-supported", STS_STAGE_MX},     {"certificate-host-mismatch", STS_STAGE_MX},
        {"certificate-expired", STS_STAGE_MX},        {"certificate-not-trusted", STS_STAGE_MX},
        {"validation-failure", STS_STAGE_MX},         {"tlsa-invalid", STS_STAGE_DANE},
        {"dnssec-invalid", STS_STAGE_DANE},           {"dane-required", STS_STAGE_DANE},
        {"sts-policy-fetch-error", STS_STAGE_POLICY}, {"sts-policy-invalid", STS_STAGE_POLICY},
        {"sts-webpki-invalid", STS_STAGE_POLICY},
    };

    (void)state;
    assert_int_equal(sizeof(cases) / sizeof(cases[0]), STS_RESULT_COUNT - 1);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum sts_result result = sts_result_of(cases[i].name);

        assert_int_equal(result, i + 1);
        assert_string_equal(sts_result_name(result), cases[i].name);
        assert_int_equal(sts_result_stage(result), cases[i].stage);
        assert_true(sts_result_type_known(cases[i].name));
    }
    assert_int_equal(sts_result_of("Certificate-Expired"), STS_RESULT_NONE);
    assert_int_equal(sts_result_of(""), STS_RESULT_NONE);
    assert_int_equal(sts_result_of(NULL), STS_RESULT_NONE);
    assert_false(sts_result_type_known(NULL));
    assert_int_equal(sts_result_stage(STS_RESULT_COUNT), STS_STAGE_NONE);
    assert_null(sts_result_name(STS_RESULT_NONE));
    assert_null(sts_result_name(STS_RESULT_COUNT));
    assert_false(sts_result_type_known("starttls-not-support"));
    assert_string_equal(sts_outcome_name(STS_OUTCOME_COUNT), "unknown");
}

/* A name is never two outcomes', and fits into a failure-reason-code. */
static void test_names(void **state)
{
    (void)state;
    for (int i = 0; i < STS_OUTCOME_COUNT; i++) {
        const char *name = sts_outcome_name((enum sts_outcome)i);

        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz-"), strlen(name));
        for (int j = 0; j < i; j++)
            assert_string_not_equal(name, sts_outcome_name((enum sts_outcome)j));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_results),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
