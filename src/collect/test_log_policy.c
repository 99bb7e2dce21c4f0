/* SPDX-License-Identifier: MIT */
/* test_log_policy.c - what the daemon answers, and what the log says, in every combination that
 * differs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collect/log_policy.h"

#define CERTIFICATE "self-signed_certificate"
#define LINES       "version: STSv1\nmode: enforce\nmx: mx.example\nmax_age: 86400\n"

static const struct {
    const char *answer;
    enum sts_result result;
    const char *reason;
    bool verified;
    const char *type, *domain; /* of the policy; NULL: it is not known */
} rows[] = {
    /* a session that nothing bound is under no policy, whatever would have been */
    {"secure", STS_RESULT_NONE, "", false, "no-policy-found", "d.example"},
    {NULL, STS_RESULT_NONE, "", false, "no-policy-found", "d.example"},
    {"secure", STS_RESULT_NONE, "", true, "sts", "d.example"},
    {"dane", STS_RESULT_NONE, "", true, "tlsa", "mx.example"},
    {"dane-only", STS_RESULT_NONE, "", true, "tlsa", "mx.example"},
    {"notfound", STS_RESULT_NONE, "", true, NULL, NULL},
    {NULL, STS_RESULT_NONE, "", true, NULL, NULL},
    {"secure", STS_RESULT_CERTIFICATE_NOT_TRUSTED, CERTIFICATE, false, "sts", "d.example"},
    {"dane-only", STS_RESULT_STARTTLS_NOT_SUPPORTED, "", false, "tlsa", "mx.example"},
    /* a certificate that was refused was so by some policy */
    {"notfound", STS_RESULT_CERTIFICATE_NOT_TRUSTED, CERTIFICATE, false, NULL, NULL},
    {NULL, STS_RESULT_CERTIFICATE_NOT_TRUSTED, CERTIFICATE, false, NULL, NULL},
    /* a handshake fails without one, too */
    {"notfound", STS_RESULT_VALIDATION_FAILURE, "x", false, "no-policy-found", "d.example"},
    {NULL, STS_RESULT_VALIDATION_FAILURE, "x", false, NULL, NULL},
    /* the log itself says that it is DANE's */
    {"secure", STS_RESULT_VALIDATION_FAILURE, "no_matching_DANE_TLSA", false, "tlsa", "mx.example"},
    {NULL, STS_RESULT_VALIDATION_FAILURE, "no_matching_DANE_TLSA", false, "tlsa", "mx.example"},
};

static void by_which_policy_it_was(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct log_policy known = {"d.example", "v=TLSRPTv1;rua=mailto:a@d.example",
                                         rows[i].answer, LINES, "mx.example"};
        const struct log_session session = {.at = 1,
                                            .domain = "d.example",
                                            .host = "mx.example",
                                            .address = "192.0.2.1",
                                            .result = rows[i].result,
                                            .reason = rows[i].reason,
                                            .verified = rows[i].verified};
        struct log_event event;
        bool is_sts;

        assert_int_equal(log_policy_event(&known, &session, &event), rows[i].type != NULL);
        if (!rows[i].type)
            continue;
        is_sts = rows[i].type[0] == 's';
        assert_string_equal(event.policy.type, rows[i].type);
        assert_string_equal(event.policy.domain, rows[i].domain);
        assert_string_equal(event.policy.lines, is_sts ? LINES : "");
        assert_string_equal(event.policy.mx, is_sts ? "mx.example" : "");
        assert_int_equal(event.policy.failed, rows[i].result != STS_RESULT_NONE);
        assert_int_equal(event.policy.failure_count, rows[i].result != STS_RESULT_NONE);
        assert_ptr_equal(event.policy.failures, &event.failure);
        assert_ptr_equal(event.event.policies, &event.policy);
        assert_string_equal(event.event.domain, "d.example");
        assert_string_equal(event.event.record, known.record);
    }
}

static void a_failure_says_what_the_log_does(void **state)
{
    const struct log_policy known = {"d.example", "v=TLSRPTv1;rua=mailto:a@d.example", "secure",
                                     LINES, "mx.example"};
    const struct log_session session = {.domain = "d.example",
                                        .host = "mx.example",
                                        .address = "192.0.2.1",
                                        .result = STS_RESULT_CERTIFICATE_NOT_TRUSTED,
                                        .reason = CERTIFICATE};
    struct log_event event;

    (void)state;
    assert_true(log_policy_event(&known, &session, &event));
    assert_string_equal(event.failure.type, "certificate-not-trusted");
    assert_string_equal(event.failure.mx, "mx.example");
    assert_string_equal(event.failure.receiving_ip, "192.0.2.1");
    assert_string_equal(event.failure.reason, CERTIFICATE);
    assert_string_equal(event.failure.sending_ip, "");
    assert_string_equal(event.failure.helo, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_which_policy_it_was),
        cmocka_unit_test(a_failure_says_what_the_log_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
