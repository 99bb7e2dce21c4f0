/* SPDX-License-Identifier: MIT */
/* result_type.c - what senders write into TLS reports, and what it says of the receiver. */
#include "render/result_type.h"

#include <string.h>

#include "base/i18n.h"

#define CURL "curl -sSi {policy_url}"
#define MX_CERT                                                                                    \
    "openssl s_client -connect {host}:{smtp_port} -starttls smtp -servername {host} </dev/null "   \
    "2>/dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName"
#define SEE(...)                                                                                   \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }
#define TLSA "dig +dnssec TLSA _{smtp_port}._tcp.{host}"

const struct result_type result_types[] = {
    {"starttls-not-supported", N_("The mail server did not offer STARTTLS"),
     N_("The sender could not encrypt the connection. In mode enforce it did not deliver to this "
        "mail server. If only some senders report it, something between them and the server may "
        "have removed STARTTLS: an attack, or a firewall that inspects SMTP."),
     MX_CERT, FINDING_REPORT_STARTTLS_NOT_SUPPORTED, SEE("starttls", "result-types")},
    {"certificate-host-mismatch", N_("The certificate does not contain the MX host name"),
     N_("No name in the mail server's certificate matches the MX host name. In mode enforce the "
        "sender did not deliver to it."),
     MX_CERT, FINDING_REPORT_CERTIFICATE_HOST_MISMATCH, SEE("certificate", "result-types")},
    {"certificate-expired", N_("The certificate has expired"),
     N_("The mail server's certificate had expired. In mode enforce the sender did not deliver to "
        "it."),
     MX_CERT, FINDING_REPORT_CERTIFICATE_EXPIRED, SEE("certificate", "result-types")},
    {"certificate-not-trusted", N_("The certificate does not chain to a trusted root CA"),
     N_("The sender could not build a chain from the mail server's certificate to a root CA that "
        "it trusts. In mode enforce it did not deliver to this mail server. If only some senders "
        "report it, an intermediate certificate may be missing that the others have cached."),
     MX_CERT, FINDING_REPORT_CERTIFICATE_NOT_TRUSTED, SEE("certificate", "result-types")},
    {"validation-failure", N_("Validation failed for another reason"),
     N_("Senders use this type for every failure that has no type of its own: often an MX host "
        "that the policy does not cover, or a failed TLS handshake. The report's "
        "failure-reason-code may give more detail."),
     MX_CERT, FINDING_REPORT_VALIDATION_FAILURE, SEE("not-covered", "certificate", "result-types")},
    {"tlsa-invalid", N_("The TLSA records do not match"),
     N_("The sender uses DANE. No TLSA record of the mail server was usable, or none matched its "
        "certificate. The sender did not deliver to it."),
     TLSA, FINDING_REPORT_TLSA_INVALID, SEE("dane", "result-types")},
    {"dnssec-invalid", N_("DNSSEC validation failed"),
     N_("The sender uses DANE and got no valid answer from the signed zone. It did not deliver."),
     TLSA, FINDING_REPORT_DNSSEC_INVALID, SEE("dnssec", "dane", "result-types")},
    {"dane-required", N_("The sender requires DANE, but it was not available"),
     N_("The sender is configured to deliver to this domain only with DANE, but the mail server "
        "had no usable TLSA records."),
     TLSA, FINDING_REPORT_DANE_REQUIRED, SEE("dane", "result-types")},
    {"sts-policy-fetch-error", N_("The policy could not be fetched"),
     N_("The sender found the record but could not fetch the policy: no connection, or a status "
        "other than 200. It delivered without protection, or according to its cached policy."),
     CURL, FINDING_REPORT_STS_POLICY_FETCH_ERROR, SEE("fetch", "result-types")},
    {"sts-policy-invalid", N_("The policy is invalid"),
     N_("The sender fetched the policy but could not parse it. It delivered without protection, or "
        "according to its cached policy."),
     CURL, FINDING_REPORT_STS_POLICY_INVALID, SEE("policy", "result-types")},
    {"sts-webpki-invalid", N_("The policy host could not be authenticated"),
     N_("The policy host's certificate was invalid, so the sender did not accept the policy. It "
        "delivered without protection, or according to its cached policy."),
     CURL, FINDING_REPORT_STS_WEBPKI_INVALID, SEE("certificate", "fetch", "result-types")},
};
const size_t result_type_count = sizeof(result_types) / sizeof(result_types[0]);

const struct result_type *result_type_by_name(const char *name)
{
    for (size_t i = 0; i < result_type_count; i++) {
        if (strcmp(result_types[i].name, name) == 0)
            return &result_types[i];
    }
    return NULL;
}

bool result_type_of(const struct finding_info *info, const char *name)
{
    /* What reports tell is no cause of what reports tell. */
    if (info->topic == TOPIC_REPORT)
        return false;
    for (const char *at = info->result_types; *at; at += strcspn(at, "|"), at += *at == '|') {
        if (strcspn(at, "|") == strlen(name) && strncmp(at, name, strlen(name)) == 0)
            return true;
    }
    return false;
}
