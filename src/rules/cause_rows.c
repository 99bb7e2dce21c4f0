/* SPDX-License-Identifier: MIT */
/* cause_rows.c - the table of likely causes, the particular before the general. */
#include "rules/cause.h"

#include <stddef.h>

#define CHAIN                                                                                      \
    N_("{senders} could build no chain from the certificate of {at} to a trusted root ({count} "   \
       "sessions). Most likely the server does not send its intermediate certificate, or the "     \
       "certificate is from a private CA.")
#define SELF_SIGNED                                                                                \
    N_("{senders} met a self-signed certificate at {at} ({count} sessions). Often that is the "    \
       "server's own certificate of its installation, presented where no other is set up.")
#define EXPIRED                                                                                    \
    N_("For {senders} the certificate of {at} had expired ({count} sessions). Most often it was "  \
       "renewed on disk and the mail server was not reloaded, or one of several servers was "      \
       "missed.")
#define NAMES                                                                                      \
    N_("For {senders} the certificate did not name {at} ({count} sessions). Most likely the name " \
       "is missing from its SAN, or the server presents another certificate to clients that send " \
       "no SNI.")
#define HANDSHAKE                                                                                  \
    N_("{senders} could not finish the TLS handshake with {at} ({count} sessions): no common "     \
       "version or cipher, a middlebox, overload, or session tickets the sender does not take.")
#define UNCOVERED                                                                                  \
    N_("{senders} found {at} not covered by the policy ({count} sessions). Most likely the MX "    \
       "record changed and the policy did not, or a wildcard was meant to reach further than one " \
       "label.")
#define TLSA                                                                                       \
    N_("{senders} found TLSA records that do not match the certificate of {at} ({count} "          \
       "sessions). Most likely the certificate was renewed with a new key and the TLSA record "    \
       "still names the old one.")
#define STARTTLS_REFUSED                                                                           \
    N_("{at} offered STARTTLS to {senders} and refused it when asked ({count} sessions, reason: "  \
       "{reason}). Most likely the server could not load its key or certificate, or was "          \
       "overloaded.")
#define NOT_YET                                                                                    \
    N_("For {senders} the certificate of {at} was not valid yet ({count} sessions). Look at the "  \
       "clock of the machine that made it.")
#define VERSIONS                                                                                   \
    N_("{senders} and {at} had no TLS version in common ({count} sessions). Offer TLS 1.2 and "    \
       "1.3.")
#define WRONG_CA                                                                                   \
    N_("In the chain that {at} sends, {senders} met a CA that may not sign this certificate "      \
       "({count} sessions, reason: {reason}). Get the certificate from a public CA and send the "  \
       "chain that came with it.")
#define FETCH_SLOW                                                                                 \
    N_("{senders} got no answer in time from the policy host of {domain} ({count} sessions). "     \
       "Look "                                                                                     \
       "for an IPv6 address that does not answer, a firewall or a bot filter.")
#define FETCH_MISSING                                                                              \
    N_("{senders} asked for the policy of {domain} and the web server had none or failed "         \
       "({count} "                                                                                 \
       "sessions). The file must lie at the exact path and be served with status 200, without a "  \
       "redirect.")
#define FETCH_DNS                                                                                  \
    N_("{senders} could not resolve the policy host of {domain} ({count} sessions). Look for a "   \
       "missing address or a broken DNSSEC chain.")
#define DNSSEC                                                                                     \
    N_("{senders} got answers from DNS that DNSSEC rejects ({count} sessions at {at}). Most "      \
       "likely "                                                                                   \
       "signatures expired, or the DS record at the parent does not fit the zone's keys.")

#define WEBPKI                                                                                     \
    N_("{senders} did not accept the certificate of the policy host of {domain} ({count} "         \
       "sessions). It is the web server's certificate, not the mail server's: it must name "       \
       "mta-sts.{domain}.")
#define WEBPKI_EXPIRED                                                                             \
    N_("For {senders} the certificate of the policy host of {domain} had expired ({count} "        \
       "sessions). It is the web server's certificate, not the mail server's.")
#define UNUSABLE                                                                                   \
    N_("{senders} could use none of the TLSA records of {at} ({count} sessions). For SMTP only "   \
       "usages 2 and 3 count, and the digest must have the right length.")
#define SENDERS_OWN                                                                                \
    N_("{senders} could use nothing of its own TLS policy for {at} ({count} sessions, reason: "    \
       "{reason}). There is nothing to repair on your side: tell the sender.")

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
        N_("For {senders} the certificate of {at} did not match ({count} sessions), and the policy "
           "they used does not name this host. Most likely the MX record changed and the policy "
           "did not.")),

    /* mox writes the reply code, Stalwart the server's reply */
    ANY(STARTTLS, "reply-code", "starttls-refused", YOURS, STARTTLS_REFUSED),
    ANY(STARTTLS, "TLS not available", "starttls-refused", YOURS, STARTTLS_REFUSED),
    ROW("starttls-missing", STARTTLS, NULL, NULL, HOST_UNCOVERED, YOURS,
        N_("{senders} found no STARTTLS at {at} ({count} sessions), and the policy they used does "
           "not name this host. Most likely it should not be among the MX records.")),
    ANY(STARTTLS, NULL, "starttls-missing", YOURS,
        N_("{senders} found no STARTTLS at {at} ({count} sessions). Most likely one server or "
           "address behind this name lacks it, or a firewall that inspects SMTP removes it.")),

    ROW("certificate-expired", EXPIRY, NULL, NULL, HOST_UNCOVERED, YOURS,
        N_("For {senders} the certificate of {at} had expired ({count} sessions), and the policy "
           "they used does not name this host: it needs both a valid certificate and an mx line.")),
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
        N_("{senders} did not trust the certificate of {at} ({count} sessions), and the policy "
           "they used does not name this host: it needs both a certificate with its chain and an "
           "mx line.")),
    ANY(UNTRUSTED, NULL, "certificate-chain", YOURS, CHAIN),

    /* Microsoft, mox, Stalwart, Postfix: the reason names what validation-failure means. */
    ANY(VALIDATION, "MX_HOSTS_MISMATCH", "mx-not-covered", YOURS, UNCOVERED),
    ANY(VALIDATION, "policy-mx-mismatch", "mx-not-covered", YOURS, UNCOVERED),
    ANY(VALIDATION, "MX not authorized", "mx-not-covered", YOURS, UNCOVERED),
    ANY(VALIDATION, "VALIDATION_FAILURE", "certificate-any", YOURS,
        N_("{senders} did not accept the certificate of {at} ({count} sessions), and the report "
           "does not say why: it may have expired, lack the name or lack its intermediate.")),
    ANY(VALIDATION, "self-signed", "certificate-self-signed", YOURS, SELF_SIGNED),
    ANY(VALIDATION, "self_signed", "certificate-self-signed", YOURS, SELF_SIGNED),
    ANY(VALIDATION, "issuer_certificate", "certificate-chain", YOURS, CHAIN),
    ANY(VALIDATION, "not_yet_valid", "certificate-not-yet-valid", YOURS, NOT_YET),
    ANY(VALIDATION, "purpose", "certificate-purpose", YOURS,
        N_("For {senders} the certificate of {at} was not made for servers ({count} sessions, "
           "reason: {reason}). Its extended key usage must list serverAuth.")),
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
        N_("{senders} did not accept {at} ({count} sessions), and the report does not say why. The "
           "policy they used names this host, so it is the certificate or the TLS handshake: it "
           "may be self-signed, expired, lack the name or its intermediate.")),
    ROW("mx-or-certificate", VALIDATION, NULL, NULL, WITH_HOST, UNCLEAR,
        N_("{senders} did not accept {at} ({count} sessions), and the report does not say why: the "
           "policy may not cover the host, its certificate may be self-signed, or the TLS "
           "handshake failed.")),
    ROW("policy-stage", VALIDATION, NULL, NULL, WITHOUT_HOST, UNCLEAR,
        N_("{senders} reported a failed check for {domain} ({count} sessions) and named no mail "
           "server. Compare the MX records with the mx lines of the policy first.")),

    /* Mail.ru and Stalwart write what their HTTP client said, mox words of its own. */
    ANY(FETCHING, "certificate", "policy-certificate", YOURS, WEBPKI),
    ANY(FETCHING, "x509", "policy-certificate", YOURS, WEBPKI),
    ANY(FETCHING, "response code", "fetch-missing", YOURS, FETCH_MISSING),
    ANY(FETCHING, "no-policy-served", "fetch-missing", YOURS, FETCH_MISSING),
    ANY(FETCHING, "deadline exceeded", "fetch-slow", BETWEEN, FETCH_SLOW),
    ANY(FETCHING, "timeout", "fetch-slow", BETWEEN, FETCH_SLOW),
    ANY(FETCHING, "timed out", "fetch-slow", BETWEEN, FETCH_SLOW),
    ANY(FETCHING, "refused", "fetch-refused", YOURS,
        N_("The policy host of {domain} refused the connection of {senders} ({count} sessions). "
           "The web server must listen on port 443 at every address of mta-sts.{domain}.")),
    ANY(FETCHING, "dns-", "fetch-dns", YOURS, FETCH_DNS),
    ANY(FETCHING, "no such host", "fetch-dns", YOURS, FETCH_DNS),
    ANY(FETCHING, "back-off", "fetch-again", UNCLEAR,
        N_("{senders} had failed to fetch the policy of {domain} shortly before and had not "
           "retried yet ({count} sessions). The first failure is in an earlier line or report.")),
    ROW("fetch-reachability", FETCHING, "microsoft", NULL, ANY_HOST, BETWEEN,
        N_("{senders} could not fetch the policy of {domain} ({count} sessions) and gave no "
           "reason, as always. If others fetch it, look for an IPv6 address that does not answer, "
           "a firewall or bot filter, and a web server without TLS 1.2.")),
    ANY(FETCHING, NULL, "fetch", UNCLEAR,
        N_("{senders} could not fetch the policy of {domain} ({count} sessions). The policy host "
           "may not be reachable for this sender, or its certificate may be bad: some senders "
           "report both alike.")),

    ANY(INVALID, "too large", "policy-too-large", YOURS,
        N_("{senders} found the policy of {domain} too large ({count} sessions). Most likely a web "
           "page comes in its place.")),
    ANY(INVALID, NULL, "policy-text", YOURS,
        N_("{senders} could not read the policy of {domain} ({count} sessions). Most likely a key "
           "is misspelt or missing, or a web page comes in its place with status 200.")),

    ANY(WEB, "expired", "policy-certificate-expired", YOURS, WEBPKI_EXPIRED),
    ANY(WEB, "not-trusted", "policy-certificate-chain", YOURS,
        N_("{senders} could build no chain from the certificate of the policy host of {domain} to "
           "a trusted root ({count} sessions). It is the web server's certificate: let the server "
           "send its intermediates, from a public CA.")),
    ANY(WEB, NULL, "policy-certificate", YOURS, WEBPKI),

    ANY("tlsa-invalid", "unusable", "tlsa-unusable", YOURS, UNUSABLE),
    ANY("tlsa-invalid", "Invalid TLSA", "tlsa-unusable", YOURS, UNUSABLE),
    ROW("tlsa-any", "tlsa-invalid", "microsoft", NULL, ANY_HOST, YOURS,
        N_("{senders} did not accept the TLSA records of {at} ({count} sessions) and gave no "
           "reason: they may name an old key or be of a kind that SMTP does not use, or the "
           "certificate is not valid yet.")),
    ANY("tlsa-invalid", NULL, "tlsa-mismatch", YOURS, TLSA),
    ANY("dnssec-invalid", "Bogus TLSA", "dnssec-bogus-tlsa", YOURS,
        N_("{senders} got TLSA records that DNSSEC rejects ({count} sessions at {at}). It is the "
           "zone of the mail server: expired signatures, or a name server that answers questions "
           "for TLSA wrongly.")),
    ANY("dnssec-invalid", "Bogus MX", "dnssec-bogus-mx", YOURS,
        N_("{senders} got MX records of {domain} that DNSSEC rejects ({count} sessions). Most "
           "likely signatures expired, or the DS record at the parent does not fit the zone's "
           "keys.")),
    ANY("dnssec-invalid", NULL, "dnssec-bogus", YOURS, DNSSEC),
    ANY("dane-required", "not in a DNSSEC signed zone", "dane-demanded-unsigned", SENDER,
        N_("{senders|delivers|deliver} to {domain} by DANE only, and the zone of {at} is not "
           "signed ({count} sessions). Sign it and publish TLSA records, or ask the sender to drop "
           "this requirement.")),
    ANY("dane-required", NULL, "dane-demanded", SENDER,
        N_("{senders|delivers|deliver} to {domain} by DANE only and found no usable TLSA records "
           "({count} sessions at {at}). Publish them in a signed zone, or ask the sender to drop "
           "this requirement.")),
    ANY(NULL, "MTA-STS is required", "sts-demanded", SENDER,
        N_("{senders|delivers|deliver} to {domain} by MTA-STS only and found no policy ({count} "
           "sessions).")),

    ANY("", NULL, "no-details", UNCLEAR,
        N_("{senders} counted {count} failed sessions of {at} without saying what failed. Search "
           "the mail server's log for TLS errors of this sender.")),

    ANY(NULL, NULL, "unknown", UNCLEAR,
        N_("{senders} reported \"{result_type}\" for {at} ({count} sessions). RFC 8460 does not "
           "name this type; the reason may tell more: \"{reason}\".")),
};
