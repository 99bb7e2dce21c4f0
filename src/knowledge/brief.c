/* SPDX-License-Identifier: MIT */
/* brief.c - findings as clauses.
 *
 * Only where the title alone leaves open which host is meant, or how long is left: there is one
 * policy host, but there may be several MX hosts.  A clause holds for all that its code can say. */
#include "knowledge/brief.h"

static const struct {
    enum finding_code code;
    const char *clause;
} rows[] = {
    {FINDING_POLICY_CERT_EXPIRES_SOON,
     N_("{!soon_ca}the certificate of {host} expires in {days|day|days}")},
    {FINDING_POLICY_CERT_EXPIRES_SOON,
     N_("a CA certificate in the chain of {host} expires in {days|day|days}")},
    {FINDING_RENEWAL_DNSSEC_BOGUS, N_("DNSSEC errors at {host} block certificate renewal")},
    {FINDING_RENEWAL_CAA_FORBIDDEN, N_("CAA records block certificate renewal for {host}")},

    {FINDING_MX_HOST_MISSING, N_("{host} has no address")},
    {FINDING_MX_ADDRESS_PRIVATE, N_("{host} has an address unreachable from the internet")},
    {FINDING_MX_NOT_COVERED, N_("the policy does not cover {host}")},
    {FINDING_MX_WILDCARD_DEPTH, N_("the wildcard {pattern} does not extend to {host}")},
    {FINDING_MX_UNREACHABLE, N_("{host} cannot be reached on port 25")},
    {FINDING_MX_ADDRESS_UNREACHABLE, N_("{host} cannot be reached at {address}")},
    {FINDING_MX_GREETING_REJECTED, N_("{host} rejected this check's connection")},
    {FINDING_MX_TIMEOUT, N_("{host} does not answer in time")},
    {FINDING_MX_STARTTLS_MISSING, N_("{host} does not offer STARTTLS")},
    {FINDING_MX_STARTTLS_REFUSED, N_("{host} offers STARTTLS but then refuses it")},
    {FINDING_MX_TLS_HANDSHAKE_FAILED, N_("the TLS handshake with {host} fails")},
    {FINDING_MX_TLS_CLIENT_CERTIFICATE, N_("{host} requires a client certificate")},
    {FINDING_MX_TLS_VERSION_OLD, N_("{host} offers only obsolete TLS versions")},
    {FINDING_MX_TLS_LARGE_HELLO, N_("{host} does not accept a large ClientHello")},
    {FINDING_MX_TLS13_ONLY, N_("{host} offers only TLS 1.3")},
    {FINDING_MX_TLS_NEEDS_SNI, N_("{host} refuses TLS without SNI")},
    {FINDING_MX_TLS_NO_FORWARD_SECRECY, N_("{host} chooses RSA key exchange")},

    {FINDING_MX_CERT_EXPIRED, N_("the certificate of {host} has expired")},
    {FINDING_MX_CERT_NOT_YET_VALID, N_("the certificate of {host} is not yet valid")},
    {FINDING_MX_CERT_NAME_MISMATCH, N_("the certificate does not name {host}")},
    {FINDING_MX_CERT_COMMON_NAME_ONLY, N_("the certificate names {host} only in its CN")},
    {FINDING_MX_CERT_SELF_SIGNED, N_("the certificate of {host} is self-signed")},
    {FINDING_MX_CERT_UNTRUSTED_ROOT, N_("the certificate of {host} is from an untrusted CA")},
    {FINDING_MX_CERT_WRONG_PURPOSE, N_("the certificate of {host} is not a server certificate")},
    {FINDING_MX_CERT_CHAIN_INCOMPLETE, N_("{host} sends an incomplete certificate chain")},
    {FINDING_MX_CERT_EXPIRES_SOON,
     N_("{!soon_ca}the certificate of {host} expires in {days|day|days}")},
    {FINDING_MX_CERT_EXPIRES_SOON,
     N_("a CA certificate in the chain of {host} expires in {days|day|days}")},
    {FINDING_MX_CERT_DIFFERS_BY_KEY, N_("a second certificate of {host} is faulty")},
    {FINDING_MX_CERT_MUST_STAPLE, N_("{host} does not staple the required OCSP response")},
    {FINDING_MX_CERT_DIFFERS_BY_ADDRESS,
     N_("the addresses of {host} present different certificates")},

    {FINDING_DANE_TLSA_MISMATCH, N_("{host} does not pass the DANE check")},
    {FINDING_DANE_TLSA_UNUSABLE, N_("no TLSA record of {host} is usable for SMTP")},
    {FINDING_DANE_TLSA_UNSIGNED, N_("the TLSA records of {host} have no effect without DNSSEC")},
    {FINDING_DANE_LOOKUP_FAILED, N_("the TLSA lookup for {host} fails in a signed zone")},
    {FINDING_DANE_STS_CONFLICT, N_("DANE and MTA-STS disagree about the certificate of {host}")},
};

const char *brief_for(enum finding_code code, size_t at)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].code == code && at-- == 0)
            return rows[i].clause;
    return NULL;
}
