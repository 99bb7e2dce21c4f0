/* SPDX-License-Identifier: MIT */
/* test_cause.c - the reasons that senders write, and what stands behind each: texts as their
 * programs have them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "rules/cause.h"

static const struct cause_case {
    const char *sender, *result_type, *reason, *mx, *policy_type, *cause, *fault;
} cases[] = {
    {"Any", "starttls-not-supported", "", "mx", "sts", "starttls-missing", "yours"},
    {"mox.example", "starttls-not-supported", "smtp-starttls-reply-code-454", "mx", "sts",
     "starttls-refused", "yours"},
    {"Stalwart", "starttls-not-supported", "454 4.7.0 TLS not available due to local problem", "mx",
     "sts", "starttls-refused", "yours"},
    {"Google Inc.", "certificate-expired", "", "mx", "sts", "certificate-expired", "yours"},
    {"Postfix", "certificate-host-mismatch", "", "mx", "sts", "certificate-names", "yours"},
    {"Momentum", "certificate-host-mismatch",
     "4.7.5 [internal] SSL certificate subject does not match host", "mx", "sts",
     "certificate-names", "yours"},
    {"Momentum", "other", "4.7.5 [internal] SSL certificate subject does not match host", "mx",
     "sts", "certificate-names", "yours"},
    {"Postfix", "certificate-not-trusted", "", "mx", "sts", "certificate-chain", "yours"},
    {"Postfix", "certificate-not-trusted", "", "mx", "tlsa", "tlsa-mismatch", "yours"},
    {"mox.example", "certificate-not-trusted", "", "mx", "sts", "certificate-chain", "yours"},
    {"mox.example", "certificate-not-trusted", "not-authorized-to-sign", "mx", "sts",
     "certificate-ca", "yours"},
    {"mox.example", "certificate-not-trusted", "ca-not-authorized-for-this-name", "mx", "sts",
     "certificate-ca", "yours"},
    {"Stalwart", "certificate-not-trusted", "invalid peer certificate: UnknownIssuer", "mx", "sts",
     "certificate-chain", "yours"},
    {"Stalwart", "certificate-not-trusted", "invalid peer certificate: NotValidForName", "mx",
     "sts", "certificate-names", "yours"},
    {"Stalwart", "certificate-not-trusted", "invalid peer certificate: NotValidYet", "mx", "sts",
     "certificate-not-yet-valid", "yours"},
    {"Stalwart", "certificate-not-trusted", "invalid peer certificate: Expired", "mx", "sts",
     "certificate-expired", "yours"},
    {"Stalwart", "certificate-not-trusted", "received fatal alert: HandshakeFailure", "mx", "sts",
     "tls-handshake", "between"},
    {"Stalwart", "certificate-not-trusted", "invalid peer certificate: BadSignature", "mx", "sts",
     "tls-handshake", "between"},
    {"Stalwart", "certificate-not-trusted", "received fatal alert: ProtocolVersion", "mx", "sts",
     "tls-version", "yours"},
    {"Google Inc.", "validation-failure", "", "mx", "sts", "mx-or-certificate", "unclear"},
    {"Google Inc.", "validation-failure", "", "", "sts", "policy-stage", "unclear"},
    {"Microsoft Corporation", "validation-failure", "MX_HOSTS_MISMATCH", "", "sts",
     "mx-not-covered", "yours"},
    {"Microsoft Corporation", "validation-failure", "VALIDATION_FAILURE", "mx", "sts",
     "certificate-any", "yours"},
    {"mox.example", "validation-failure", "mtasts-policy-mx-mismatch", "mx", "sts",
     "mx-not-covered", "yours"},
    {"Stalwart", "validation-failure", "MX not authorized by policy.", "mx", "sts",
     "mx-not-covered", "yours"},
    {"Postfix", "validation-failure", "self-signed_certificate", "mx", "sts",
     "certificate-self-signed", "yours"},
    {"Postfix", "validation-failure", "self_signed_certificate_in_certificate_chain", "mx", "sts",
     "certificate-self-signed", "yours"},
    {"Postfix", "validation-failure", "unable_to_get_local_issuer_certificate", "mx", "sts",
     "certificate-chain", "yours"},
    {"Postfix", "validation-failure", "unable_to_get_issuer_certificate", "mx", "sts",
     "certificate-chain", "yours"},
    {"Postfix", "validation-failure", "certificate_is_not_yet_valid", "mx", "sts",
     "certificate-not-yet-valid", "yours"},
    {"Postfix", "validation-failure", "unsuitable_certificate_purpose", "mx", "sts",
     "certificate-purpose", "yours"},
    {"Postfix", "validation-failure", "path_length_constraint_exceeded", "mx", "sts",
     "certificate-ca", "yours"},
    {"Postfix", "validation-failure", "certificate_chain_too_long", "mx", "sts", "certificate-ca",
     "yours"},
    {"Postfix", "validation-failure", "tls-handshake-failure", "mx", "sts", "tls-handshake",
     "between"},
    {"mox.example", "validation-failure", "tls-remote-alert-70-protocol-version-not-supported",
     "mx", "sts", "tls-version", "yours"},
    {"mox.example", "validation-failure", "tls-remote-alert-40-handshake-failure", "mx", "sts",
     "tls-handshake", "between"},
    {"mox.example", "validation-failure", "io-timeout-during-handshake", "mx", "sts",
     "tls-handshake", "between"},
    {"mox.example", "validation-failure", "connection-closed-during-handshake", "mx", "sts",
     "tls-handshake", "between"},
    {"mox.example", "validation-failure", "tls-record-header-error", "mx", "sts", "tls-handshake",
     "between"},
    {"mox.example", "validation-failure", "dane-no-match", "mx", "tlsa", "tlsa-mismatch", "yours"},
    {"Stalwart", "validation-failure", "No matching certificates found.", "mx", "tlsa",
     "tlsa-mismatch", "yours"},
    {"Microsoft Corporation", "validation-failure", "", "mx", "tlsa", "tlsa-mismatch", "yours"},
    {"Postfix", "validation-failure", "all-fingerprints-unusable", "mx", "sts",
     "sender-policy-broken", "sender"},
    {"Postfix", "validation-failure", "all-trust-anchors-unusable", "mx", "sts",
     "sender-policy-broken", "sender"},
    {"Microsoft Corporation", "sts-policy-fetch-error", "", "", "sts", "fetch-reachability",
     "between"},
    {"Mail.ru", "sts-policy-fetch-error", "bad https response code: 404", "", "sts",
     "fetch-missing", "yours"},
    {"Mail.ru", "sts-policy-fetch-error", "bad https response code: 500", "", "sts",
     "fetch-missing", "yours"},
    {"Mail.ru", "sts-policy-fetch-error",
     "unable to do http request: Get \"..\": context deadline exceeded (Client.Timeout exceeded "
     "while awaiting headers)",
     "", "sts", "fetch-slow", "between"},
    {"Mail.ru", "sts-policy-fetch-error", "dial tcp 192.0.2.1:443: connect: connection refused", "",
     "sts", "fetch-refused", "yours"},
    {"Mail.ru", "sts-policy-fetch-error", "x509: certificate has expired or is not yet valid", "",
     "sts", "policy-certificate", "yours"},
    {"Any", "sts-policy-fetch-error", "timeout", "", "sts", "fetch-slow", "between"},
    {"Any", "sts-policy-fetch-error", "operation timed out", "", "sts", "fetch-slow", "between"},
    {"Any", "sts-policy-fetch-error", "lookup mta-sts.d.example: no such host", "", "sts",
     "fetch-dns", "yours"},
    {"Mail.ru", "sts-policy-fetch-error", "x509: unhandled critical extension", "", "sts",
     "policy-certificate", "yours"},
    {"mox.example", "sts-policy-fetch-error", "no-policy-served", "", "sts", "fetch-missing",
     "yours"},
    {"mox.example", "sts-policy-fetch-error", "cannot-fetch-policy", "", "sts", "fetch", "unclear"},
    {"mox.example", "sts-policy-fetch-error", "back-off-after-recent-fetch-error", "", "sts",
     "fetch-again", "unclear"},
    {"mox.example", "sts-policy-fetch-error", "dns-lookup", "", "sts", "fetch-dns", "yours"},
    {"mox.example", "sts-policy-fetch-error", "dns-extended-error-6-dnssec-bogus", "", "sts",
     "fetch-dns", "yours"},
    {"Stalwart", "sts-policy-fetch-error", "error sending request: invalid peer certificate", "",
     "sts", "policy-certificate", "yours"},
    {"mox.example", "sts-policy-invalid", "policy-syntax-error", "", "sts", "policy-text", "yours"},
    {"Stalwart", "sts-policy-invalid", "Policy too large", "", "sts", "policy-too-large", "yours"},
    {"Any", "sts-policy-invalid", "", "", "sts", "policy-text", "yours"},
    {"mox.example", "sts-webpki-invalid", "certificate-expired", "", "sts",
     "policy-certificate-expired", "yours"},
    {"mox.example", "sts-webpki-invalid", "certificate-host-mismatch", "", "sts",
     "policy-certificate", "yours"},
    {"mox.example", "sts-webpki-invalid", "certificate-not-trusted+unknown-authority", "", "sts",
     "policy-certificate-chain", "yours"},
    {"Any", "sts-webpki-invalid", "", "", "sts", "policy-certificate", "yours"},
    {"Postfix", "tlsa-invalid", "all-TLSA-records-unusable", "mx", "tlsa", "tlsa-unusable",
     "yours"},
    {"Stalwart", "tlsa-invalid", "Invalid TLSA record.", "mx", "tlsa", "tlsa-unusable", "yours"},
    {"Microsoft Corporation", "tlsa-invalid", "", "mx", "tlsa", "tlsa-any", "yours"},
    {"Any", "tlsa-invalid", "", "mx", "tlsa", "tlsa-mismatch", "yours"},
    {"Stalwart", "dnssec-invalid", "Bogus TLSA records were found.", "mx", "tlsa",
     "dnssec-bogus-tlsa", "yours"},
    {"Stalwart", "dnssec-invalid", "Bogus MX records were found.", "", "tlsa", "dnssec-bogus-mx",
     "yours"},
    {"Microsoft Corporation", "dnssec-invalid", "", "", "tlsa", "dnssec-bogus", "yours"},
    {"Stalwart", "dane-required", "No TLSA DNSSEC records found.", "mx", "tlsa", "dane-demanded",
     "sender"},
    {"Stalwart", "dane-required", "No TLSA records found for MX.", "mx", "tlsa", "dane-demanded",
     "sender"},
    {"Stalwart", "dane-required", "MX host is not in a DNSSEC signed zone.", "mx", "tlsa",
     "dane-demanded-unsigned", "sender"},
    {"Stalwart", "other", "MTA-STS is required and no policy was found.", "", "sts", "sts-demanded",
     "sender"},
    {"Any", "", "", "", "sts", "no-details", "unclear"},
    {"Any", "x-new", "", "mx", "sts", "unknown", "unclear"},
};
#define CASES (sizeof(cases) / sizeof(cases[0]))

static const struct cause *of(const struct cause_case *c)
{
    static const struct sts_report_policy none;
    struct tally_failure failure = {.sender = c->sender,
                                    .result_type = c->result_type,
                                    .reason = c->reason,
                                    .info = "",
                                    .mx = c->mx,
                                    .policy_type = c->policy_type,
                                    .policy = &none};

    return cause_of(&failure);
}

static void each_reason_has_its_cause(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASES; i++) {
        const struct cause *cause = of(&cases[i]);

        if (strcmp(cause->name, cases[i].cause) != 0 ||
            strcmp(cause_fault_name(cause->fault), cases[i].fault) != 0)
            fail_msg("%s %s \"%s\": %s (%s), not %s (%s)", cases[i].sender, cases[i].result_type,
                     cases[i].reason, cause->name, cause_fault_name(cause->fault), cases[i].cause,
                     cases[i].fault);
    }
}

/* A policy in the report that does not cover the host proves the cause, whatever the sender. */
static void the_policy_in_the_report_proves_it(void **state)
{
    static const char *const mx[] = {"*.mail.example.com"};
    static const struct sts_report_policy policy = {.mx = mx, .mx_count = 1};
    struct tally_failure failure = {.sender = "Google Inc.",
                                    .result_type = "validation-failure",
                                    .reason = "",
                                    .info = "",
                                    .mx = "a.b.mail.example.com",
                                    .policy_type = "sts",
                                    .policy = &policy};

    (void)state;
    assert_string_equal(cause_of(&failure)->name, "mx-not-covered");
    failure.mx = "a.mail.example.com";
    assert_string_equal(cause_of(&failure)->name, "certificate-or-handshake");
}

static void every_row_has_a_case(void **state)
{
    (void)state;
    for (const struct cause *row = cause_rows;; row++) {
        bool there = row->host == CAUSE_HOST_UNCOVERED || row->host == CAUSE_HOST_COVERED;

        for (size_t i = 0; i < CASES && !there; i++)
            there = of(&cases[i]) == row;
        if (!there)
            fail_msg("row %s (%s, %s) has no case", row->name,
                     row->result_type ? row->result_type : "any", row->reason ? row->reason : "-");
        if (!strcmp(row->name, "unknown"))
            break;
    }
}

/* Steps for a cause that no row has would never be shown. */
static void steps_are_shown(void **state)
{
    static const struct sts_report_policy none;
    static const struct tally_failure handshake = {.sender = "x",
                                                   .result_type = "validation-failure",
                                                   .reason = "tls-handshake-failure",
                                                   .info = "",
                                                   .mx = "mx",
                                                   .policy_type = "sts",
                                                   .policy = &none};
    size_t with = 0;

    (void)state;
    for (const struct cause *row = cause_rows; strcmp(row->name, "unknown") != 0; row++)
        with += cause_fix(row) != NULL;
    assert_true(with > 9);
    assert_non_null(cause_fix(cause_of(&handshake)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_reason_has_its_cause),
        cmocka_unit_test(the_policy_in_the_report_proves_it),
        cmocka_unit_test(every_row_has_a_case),
        cmocka_unit_test(steps_are_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
