/* SPDX-License-Identifier: MIT */
/* cause_rows.c - the table of likely causes, the particular before the general. */
#include "rules/cause.h"

#include <stddef.h>

#define CHAIN                                                                                      \
    N_("{senders} could not build a chain from the certificate of {at} to a trusted root "         \
       "({count|session|sessions}). Most likely the server does not send its intermediate "        \
       "certificate, or the certificate is from a private CA.")
#define SELF_SIGNED                                                                                \
    N_("{senders} received a self-signed certificate from {at} ({count|session|sessions}). "       \
       "Often it is the one generated when the server was installed, presented where no other "    \
       "is configured.")
#define EXPIRED                                                                                    \
    N_("For {senders} the certificate of {at} had expired ({count|session|sessions}). Usually "    \
       "it was renewed on disk but the mail server was not reloaded, or one of several servers "   \
       "was missed.")
#define NAMES                                                                                      \
    N_("For {senders} the certificate did not name {at} ({count|session|sessions}). Most likely "  \
       "the name is missing from its SAN, or the server presents another certificate to clients "  \
       "that send no SNI.")
#define HANDSHAKE                                                                                  \
    N_("{senders} could not complete the TLS handshake with {at} ({count|session|sessions}): no "  \
       "common version or cipher, a middlebox, overload, or session tickets that the sender "      \
       "does not accept.")
#define UNCOVERED                                                                                  \
    N_("For {senders} the policy did not cover {at} ({count|session|sessions}). Most likely the "  \
       "MX record changed but the policy did not, or a wildcard was expected to match more than "  \
       "one label.")
#define TLSA                                                                                       \
    N_("{senders} found TLSA records that do not match the certificate of {at} "                   \
       "({count|session|sessions}). Most likely the certificate was renewed with a new key "       \
       "while the TLSA record still describes the old one.")
#define STARTTLS_REFUSED                                                                           \
    N_("{at} offered STARTTLS to {senders} but then refused it ({count|session|sessions}, "        \
       "reason: {reason}). Most likely the server could not load its key or certificate, or was "  \
       "overloaded.")
#define NOT_YET                                                                                    \
    N_("For {senders} the certificate of {at} was not yet valid ({count|session|sessions}). "      \
       "Check the clock of the machine that issued it.")
#define VERSIONS                                                                                   \
    N_("{senders} and {at} had no TLS version in common ({count|session|sessions}). Offer TLS "    \
       "1.2 and 1.3.")
#define WRONG_CA                                                                                   \
    N_("In the chain that {at} sends, {senders} found a CA that may not issue this certificate "   \
       "({count|session|sessions}, reason: {reason}). Get a certificate from a public CA and "     \
       "send the chain that came with it.")
#define FETCH_SLOW                                                                                 \
    N_("{senders} received no timely answer from the policy host of {domain} "                     \
       "({count|session|sessions}). Look for an IPv6 address that does not answer, a firewall "    \
       "or a bot filter.")
#define FETCH_MISSING                                                                              \
    N_("{senders} requested the policy of {domain}, but the web server had none or failed "        \
       "({count|session|sessions}). The file must be at the exact path and be served with HTTP "   \
       "status 200, without a redirect.")
#define FETCH_DNS                                                                                  \
    N_("{senders} could not resolve the policy host of {domain} ({count|session|sessions}). "      \
       "Look for a missing address or a broken DNSSEC chain.")
#define DNSSEC                                                                                     \
    N_("{senders} received DNS answers that fail DNSSEC validation ({count|session|sessions} at "  \
       "{at}). Most likely signatures have expired, or the DS record at the parent does not "      \
       "match the zone's keys.")

#define WEBPKI                                                                                     \
    N_("{senders} did not accept the certificate of the policy host of {domain} "                  \
       "({count|session|sessions}). This is the web server's certificate, not the mail "           \
       "server's: it must name mta-sts.{domain}.")
#define WEBPKI_EXPIRED                                                                             \
    N_("For {senders} the certificate of the policy host of {domain} had expired "                 \
       "({count|session|sessions}). This is the web server's certificate, not the mail "           \
       "server's.")
#define UNUSABLE                                                                                   \
    N_("{senders} could not use any TLSA record of {at} ({count|session|sessions}). For SMTP "     \
       "only usages 2 and 3 count, and the digest must have the right length.")
#define SENDERS_OWN                                                                                \
    N_("{senders} could not apply the local TLS policy for {at} ({count|session|sessions}, "       \
       "reason: {reason}). There is nothing to fix on your side: tell the sender.")

/* ---- the rows: one line a failure, by result type, sender, reason and members ---------------- */

#define ROW(name, type, sender, reason, host, fault, detail)                                       \
    {                                                                                              \
        name, type, sender, reason, CAUSE_##host, CAUSE_FAULT_##fault, detail                      \
    }
#define ANY(type, reason, name, fault, detail)                                                     \
    ROW(name, type, NULL, reason, ANY_HOST, fault, detail)

#define STARTTLS   "starttls-not-supported"
#define EXPIRY     "certificate-expired"
#define MISMATCH   "certificate-host-mismatch"
#define UNTRUSTED  "certificate-not-trusted"
#define VALIDATION "validation-failure"
#define FETCHING   "sts-policy-fetch-error"
#define INVALID    "sts-policy-invalid"
#define WEB        "sts-webpki-invalid"

const struct cause cause_rows[] = {
    /* what the report itself proves */
    ROW("mx-not-covered", VALIDATION, NULL, NULL, HOST_UNCOVERED, YOURS, UNCOVERED),
    /* Postfix compares the certificate with the mx lines */
    ROW("mx-not-covered", MISMATCH, NULL, NULL, HOST_UNCOVERED, YOURS,
        N_("For {senders} the certificate of {at} did not match ({count|session|sessions}), and "
           "the policy used does not name this host. Most likely the MX record changed but the "
           "policy did not.")),

    /* mox writes the reply code, Stalwart the server's reply */
    ANY(STARTTLS, "reply-code", "starttls-refused", YOURS, STARTTLS_REFUSED),
    ANY(STARTTLS, "TLS not available", "starttls-refused", YOURS, STARTTLS_REFUSED),
    ROW("starttls-missing", STARTTLS, NULL, NULL, HOST_UNCOVERED, YOURS,
        N_("{senders} found no STARTTLS at {at} ({count|session|sessions}), and the policy used "
           "does not name this host. Most likely it should not be among the MX records.")),
    ANY(STARTTLS, NULL, "starttls-missing", YOURS,
        N_("{senders} found no STARTTLS at {at} ({count|session|sessions}). Most likely one "
           "server or address behind this name lacks it, or a firewall that inspects SMTP "
           "removes it.")),

    ROW("certificate-expired", EXPIRY, NULL, NULL, HOST_UNCOVERED, YOURS,
        N_("For {senders} the certificate of {at} had expired ({count|session|sessions}), and "
           "the policy used does not name this host: it needs both a valid certificate and an "
           "mx line.")),
    ANY(EXPIRY, NULL, "certificate-expired", YOURS, EXPIRED),
    ANY(MISMATCH, NULL, "certificate-names", YOURS, NAMES),
    ANY(NULL, "subject does not match", "certificate-names", YOURS, NAMES), /* Momentum */

    /* Stalwart writes certificate-not-trusted for every TLS error, and the truth as the reason. */
    ANY(UNTRUSTED, "UnknownIssuer", "certificate-chain", YOURS, CHAIN),
    ANY(UNTRUSTED, "NotValidForName", "certificate-names", YOURS, NAMES),
    ANY(UNTRUSTED, "NotValidYet", "certificate-not-yet-valid", YOURS, NOT_YET),
    ANY(UNTRUSTED, "Expired", "certificate-expired", YOURS, EXPIRED),
    ANY(UNTRUSTED, "Handshake", "tls-handshake", BETWEEN, HANDSHAKE),
    ANY(UNTRUSTED, "BadSignature", "tls-handshake", BETWEEN, HANDSHAKE),
    ANY(UNTRUSTED, "ProtocolVersion", "tls-version", YOURS, VERSIONS),
    /* mox: a CA that may not sign this */
    ANY(UNTRUSTED, "not-authorized", "certificate-ca", YOURS, WRONG_CA),
    /* Postfix: what its TLSA policy does not match is not trusted either */
    ROW("tlsa-mismatch", UNTRUSTED, NULL, NULL, UNDER_TLSA, YOURS, TLSA),
    ROW("certificate-chain", UNTRUSTED, NULL, NULL, HOST_UNCOVERED, YOURS,
        N_("{senders} did not trust the certificate of {at} ({count|session|sessions}), and the "
           "policy used does not name this host: it needs both a certificate with its chain and "
           "an mx line.")),
    ANY(UNTRUSTED, NULL, "certificate-chain", YOURS, CHAIN),

    /* Microsoft, mox, Stalwart, Postfix: the reason names what validation-failure means. */
    ANY(VALIDATION, "MX_HOSTS_MISMATCH", "mx-not-covered", YOURS, UNCOVERED),
    ANY(VALIDATION, "policy-mx-mismatch", "mx-not-covered", YOURS, UNCOVERED),
    ANY(VALIDATION, "MX not authorized", "mx-not-covered", YOURS, UNCOVERED),
    ANY(VALIDATION, "VALIDATION_FAILURE", "certificate-any", YOURS,
        N_("{senders} did not accept the certificate of {at} ({count|session|sessions}), and "
           "the report does not say why: it may have expired, lack the name or lack its "
           "intermediate.")),
    ANY(VALIDATION, "self-signed", "certificate-self-signed", YOURS, SELF_SIGNED),
    ANY(VALIDATION, "self_signed", "certificate-self-signed", YOURS, SELF_SIGNED),
    ANY(VALIDATION, "issuer_certificate", "certificate-chain", YOURS, CHAIN),
    ANY(VALIDATION, "not_yet_valid", "certificate-not-yet-valid", YOURS, NOT_YET),
    ANY(VALIDATION, "purpose", "certificate-purpose", YOURS,
        N_("For {senders} the certificate of {at} is not a server certificate "
           "({count|session|sessions}, reason: {reason}). Its extended key usage must list "
           "serverAuth.")),
    ANY(VALIDATION, "path_length", "certificate-ca", YOURS, WRONG_CA),
    ANY(VALIDATION, "chain_too_long", "certificate-ca", YOURS, WRONG_CA),
    ANY(VALIDATION, "protocol-version", "tls-version", YOURS, VERSIONS),
    ANY(VALIDATION, "handshake", "tls-handshake", BETWEEN, HANDSHAKE),
    ANY(VALIDATION, "tls-re", "tls-handshake", BETWEEN,
        HANDSHAKE), /* remote-alert, record-header */
    ANY(VALIDATION, "dane-no-match", "tlsa-mismatch", YOURS, TLSA),
    ANY(VALIDATION, "No matching certificates", "tlsa-mismatch", YOURS, TLSA),
    ANY(VALIDATION, "all-fingerprints-unusable", "sender-policy-broken", SENDER, SENDERS_OWN),
    ANY(VALIDATION, "all-trust-anchors-unusable", "sender-policy-broken", SENDER, SENDERS_OWN),
    ROW("tlsa-mismatch", VALIDATION, NULL, NULL, UNDER_TLSA, YOURS, TLSA),
    ROW("certificate-or-handshake", VALIDATION, NULL, NULL, HOST_COVERED, UNCLEAR,
        N_("{senders} did not accept {at} ({count|session|sessions}), and the report does not "
           "say why. The policy used names this host, so the fault is in the certificate or the "
           "TLS handshake: the certificate may be self-signed or expired, or lack the name or "
           "its intermediate.")),
    ROW("mx-or-certificate", VALIDATION, NULL, NULL, WITH_HOST, UNCLEAR,
        N_("{senders} did not accept {at} ({count|session|sessions}), and the report does not "
           "say why: the policy may not cover the host, its certificate may be self-signed, or "
           "the TLS handshake failed.")),
    ROW("policy-stage", VALIDATION, NULL, NULL, WITHOUT_HOST, UNCLEAR,
        N_("{senders} reported a validation failure for {domain} ({count|session|sessions}) "
           "without naming a mail server. First compare the MX records with the mx lines of the "
           "policy.")),

    /* Mail.ru and Stalwart write what their HTTP client said, mox words of its own. */
    ANY(FETCHING, "certificate", "policy-certificate", YOURS, WEBPKI),
    ANY(FETCHING, "x509", "policy-certificate", YOURS, WEBPKI),
    ANY(FETCHING, "response code", "fetch-missing", YOURS, FETCH_MISSING),
    ANY(FETCHING, "no-policy-served", "fetch-missing", YOURS, FETCH_MISSING),
    ANY(FETCHING, "deadline exceeded", "fetch-slow", BETWEEN, FETCH_SLOW),
    ANY(FETCHING, "timeout", "fetch-slow", BETWEEN, FETCH_SLOW),
    ANY(FETCHING, "timed out", "fetch-slow", BETWEEN, FETCH_SLOW),
    ANY(FETCHING, "refused", "fetch-refused", YOURS,
        N_("The policy host of {domain} refused connections from {senders} "
           "({count|session|sessions}). The web server must listen on port 443 at every address "
           "of mta-sts.{domain}.")),
    ANY(FETCHING, "dns-", "fetch-dns", YOURS, FETCH_DNS),
    ANY(FETCHING, "no such host", "fetch-dns", YOURS, FETCH_DNS),
    ANY(FETCHING, "back-off", "fetch-again", UNCLEAR,
        N_("{senders} had failed to fetch the policy of {domain} shortly before and had not "
           "retried yet ({count|session|sessions}). The first failure is in an earlier line or "
           "report.")),
    ROW("fetch-reachability", FETCHING, "microsoft", NULL, ANY_HOST, BETWEEN,
        N_("{senders} could not fetch the policy of {domain} ({count|session|sessions}) and "
           "gave no reason, as usual. If others can fetch it, look for an IPv6 address that "
           "does not answer, a firewall or bot filter, and a web server without TLS 1.2.")),
    ANY(FETCHING, NULL, "fetch", UNCLEAR,
        N_("{senders} could not fetch the policy of {domain} ({count|session|sessions}). The "
           "policy host may be unreachable for this sender, or its certificate may be bad: some "
           "senders report both alike.")),

    ANY(INVALID, "too large", "policy-too-large", YOURS,
        N_("{senders} found the policy of {domain} too large ({count|session|sessions}). Most "
           "likely a web page is served in its place.")),
    ANY(INVALID, NULL, "policy-text", YOURS,
        N_("{senders} could not parse the policy of {domain} ({count|session|sessions}). Most "
           "likely a key is misspelt or missing, or a web page is served in its place with HTTP "
           "status 200.")),

    ANY(WEB, "expired", "policy-certificate-expired", YOURS, WEBPKI_EXPIRED),
    ANY(WEB, "not-trusted", "policy-certificate-chain", YOURS,
        N_("{senders} could not build a chain from the certificate of the policy host of "
           "{domain} to a trusted root ({count|session|sessions}). This is the web server's "
           "certificate: make the server send its intermediates, from a public CA.")),
    ANY(WEB, NULL, "policy-certificate", YOURS, WEBPKI),

    ANY("tlsa-invalid", "unusable", "tlsa-unusable", YOURS, UNUSABLE),
    ANY("tlsa-invalid", "Invalid TLSA", "tlsa-unusable", YOURS, UNUSABLE),
    ROW("tlsa-any", "tlsa-invalid", "microsoft", NULL, ANY_HOST, YOURS,
        N_("{senders} did not accept the TLSA records of {at} ({count|session|sessions}) and "
           "gave no reason: they may describe an old key or be of a kind that SMTP does not "
           "use, or the certificate is not yet valid.")),
    ANY("tlsa-invalid", NULL, "tlsa-mismatch", YOURS, TLSA),
    ANY("dnssec-invalid", "Bogus TLSA", "dnssec-bogus-tlsa", YOURS,
        N_("{senders} received TLSA records that fail DNSSEC validation "
           "({count|session|sessions} at {at}). The fault is in the mail server's zone: expired "
           "signatures, or a name server that answers TLSA queries incorrectly.")),
    ANY("dnssec-invalid", "Bogus MX", "dnssec-bogus-mx", YOURS,
        N_("{senders} received MX records of {domain} that fail DNSSEC validation "
           "({count|session|sessions}). Most likely signatures have expired, or the DS record "
           "at the parent does not match the zone's keys.")),
    ANY("dnssec-invalid", NULL, "dnssec-bogus", YOURS, DNSSEC),
    ANY("dane-required", "not in a DNSSEC signed zone", "dane-demanded-unsigned", SENDER,
        N_("{senders|delivers|deliver} to {domain} only with DANE, but the zone of {at} is not "
           "signed ({count|session|sessions}). Sign it and publish TLSA records, or ask the "
           "sender to drop this requirement.")),
    ANY("dane-required", NULL, "dane-demanded", SENDER,
        N_("{senders|delivers|deliver} to {domain} only with DANE but found no usable TLSA "
           "records ({count|session|sessions} at {at}). Publish them in a signed zone, or ask "
           "the sender to drop this requirement.")),
    ANY(NULL, "MTA-STS is required", "sts-demanded", SENDER,
        N_("{senders|delivers|deliver} to {domain} only with MTA-STS but found no policy "
           "({count|session|sessions}).")),

    ANY("", NULL, "no-details", UNCLEAR,
        N_("{senders} counted {count|failed session|failed sessions} of {at} without saying "
           "what failed. Search the mail server's log for TLS errors of this sender.")),

    ANY(NULL, NULL, "unknown", UNCLEAR,
        N_("{senders} reported \"{result_type}\" for {at} ({count|session|sessions}). RFC 8460 "
           "does not define this type; the reason may tell more: \"{reason}\".")),
};
