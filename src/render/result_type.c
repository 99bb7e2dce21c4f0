/* SPDX-License-Identifier: MIT */
/* result_type.c - what senders write into TLS reports, and what it says of the receiver. */
#include "render/result_type.h"

#include <string.h>

#include "base/i18n.h"

#define CURL "curl -sSi {policy_url}"
#define MX_CERT                                                                                    \
    "openssl s_client -connect {host}:{smtp_port} -starttls smtp -servername {host} </dev/null "   \
    "2>/dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName"
#define TLSA "dig +dnssec TLSA _{smtp_port}._tcp.{host}"

const struct result_type result_types[] = {
    {"starttls-not-supported", N_("The mail server did not offer STARTTLS"),
     N_("The sender could not encrypt the connection. Under mode enforce it did not deliver to "
        "this mail server. Where only some senders report it, something between them and the "
        "server may have removed STARTTLS: an attack, or a firewall that inspects SMTP."),
     MX_CERT},
    {"certificate-host-mismatch", N_("The certificate names other hosts"),
     N_("No name in the certificate of the mail server is the name of the MX host. Under mode "
        "enforce the sender did not deliver to it."),
     MX_CERT},
    {"certificate-expired", N_("The certificate had expired"),
     N_("The certificate of the mail server was past its end. Under mode enforce the sender did "
        "not deliver to it."),
     MX_CERT},
    {"certificate-not-trusted", N_("The certificate leads to no trusted root"),
     N_("The sender could not build a chain from the certificate of the mail server to a root it "
        "trusts. Under mode enforce it did not deliver to it. Where only some senders report it, "
        "an intermediate certificate may be missing that the others know already."),
     MX_CERT},
    {"validation-failure", N_("The check failed for another reason"),
     N_("What everything is reported as that has no name of its own: often an MX host that the "
        "policy does not cover, or a failed TLS handshake. The report's failure-reason-code may "
        "say more."),
     MX_CERT},
    {"tlsa-invalid", N_("The TLSA records do not fit"),
     N_("The sender uses DANE. No TLSA record of the mail server could be used, or none matches "
        "its certificate. The sender did not deliver to it."),
     TLSA},
    {"dnssec-invalid", N_("DNSSEC validation failed"),
     N_("The sender uses DANE and got no valid answer from the signed zone. It did not deliver."),
     TLSA},
    {"dane-required", N_("The sender demands DANE, and it was not there"),
     N_("The sender is set up to deliver to this domain by DANE only, and the mail server had no "
        "usable TLSA records."),
     TLSA},
    {"sts-policy-fetch-error", N_("The policy could not be fetched"),
     N_("The sender saw the record but could not get the policy: no connection, or a status other "
        "than 200. It delivered without protection, or by the policy it had cached."),
     CURL},
    {"sts-policy-invalid", N_("The policy is not valid"),
     N_("The sender fetched the policy and could not read it. It delivered without protection, or "
        "by the policy it had cached."),
     CURL},
    {"sts-webpki-invalid", N_("The policy host could not be authenticated"),
     N_("The certificate of the policy host was not valid, so the sender did not accept the "
        "policy. It delivered without protection, or by the policy it had cached."),
     CURL},
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
