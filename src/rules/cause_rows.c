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

#define FAILURE(name, type, sender, reason, host, detail)                                          \
    {                                                                                              \
        name, type, sender, reason, host, detail                                                   \
    }

const struct cause cause_rows[] = {
    /* what the report itself proves */
    FAILURE("mx-not-covered", "validation-failure", NULL, NULL, CAUSE_HOST_UNCOVERED, UNCOVERED),

    FAILURE("starttls-missing", "starttls-not-supported", NULL, NULL, CAUSE_ANY_HOST,
            N_("{senders} found no STARTTLS at {at} ({count} sessions). Most likely one server or "
               "address behind this name lacks it, or a firewall that inspects SMTP removes it.")),

    FAILURE("certificate-expired", "certificate-expired", NULL, NULL, CAUSE_ANY_HOST, EXPIRED),
    FAILURE("certificate-names", "certificate-host-mismatch", NULL, NULL, CAUSE_ANY_HOST, NAMES),

    /* Stalwart writes certificate-not-trusted for every TLS error, and the truth as the reason. */
    FAILURE("certificate-chain", "certificate-not-trusted", NULL, "UnknownIssuer", CAUSE_ANY_HOST,
            CHAIN),
    FAILURE("certificate-names", "certificate-not-trusted", NULL, "NotValidForName", CAUSE_ANY_HOST,
            NAMES),
    FAILURE("certificate-expired", "certificate-not-trusted", NULL, "Expired", CAUSE_ANY_HOST,
            EXPIRED),
    FAILURE("tls-handshake", "certificate-not-trusted", NULL, "Handshake", CAUSE_ANY_HOST,
            HANDSHAKE),
    FAILURE("tls-handshake", "certificate-not-trusted", NULL, "BadSignature", CAUSE_ANY_HOST,
            HANDSHAKE),
    FAILURE("certificate-chain", "certificate-not-trusted", NULL, NULL, CAUSE_ANY_HOST, CHAIN),

    /* Microsoft, mox, Stalwart, Postfix: the reason names what validation-failure means. */
    FAILURE("mx-not-covered", "validation-failure", NULL, "MX_HOSTS_MISMATCH", CAUSE_ANY_HOST,
            UNCOVERED),
    FAILURE("mx-not-covered", "validation-failure", NULL, "policy-mx-mismatch", CAUSE_ANY_HOST,
            UNCOVERED),
    FAILURE("mx-not-covered", "validation-failure", NULL, "MX not authorized", CAUSE_ANY_HOST,
            UNCOVERED),
    FAILURE("certificate-any", "validation-failure", NULL, "VALIDATION_FAILURE", CAUSE_ANY_HOST,
            N_("{senders} did not accept the certificate of {at} ({count} sessions), and the "
               "report does not say why: it may have expired, lack the name or lack its "
               "intermediate.")),
    FAILURE("certificate-self-signed", "validation-failure", NULL, "self-signed", CAUSE_ANY_HOST,
            SELF_SIGNED),
    FAILURE("certificate-self-signed", "validation-failure", NULL, "self_signed", CAUSE_ANY_HOST,
            SELF_SIGNED),
    FAILURE("certificate-chain", "validation-failure", NULL, "local_issuer", CAUSE_ANY_HOST, CHAIN),
    FAILURE("certificate-not-yet-valid", "validation-failure", NULL, "not_yet_valid",
            CAUSE_ANY_HOST,
            N_("For {senders} the certificate of {at} was not valid yet ({count} sessions). Look "
               "at the clock of the machine that made it.")),
    FAILURE("tls-version", "validation-failure", NULL, "protocol-version", CAUSE_ANY_HOST,
            N_("{senders} and {at} had no TLS version in common ({count} sessions). Offer TLS 1.2 "
               "and 1.3.")),
    FAILURE("tls-handshake", "validation-failure", NULL, "handshake", CAUSE_ANY_HOST, HANDSHAKE),
    FAILURE("tls-handshake", "validation-failure", NULL, "tls-re", CAUSE_ANY_HOST, HANDSHAKE),
    FAILURE("tlsa-mismatch", "validation-failure", NULL, "dane-no-match", CAUSE_ANY_HOST, TLSA),
    FAILURE("tlsa-mismatch", "validation-failure", NULL, "No matching certificates", CAUSE_ANY_HOST,
            TLSA),
    FAILURE("sender-policy-broken", "validation-failure", NULL, "all-fingerprints-unusable",
            CAUSE_ANY_HOST,
            N_("{senders} could use nothing of its own TLS policy for {at} ({count} sessions, "
               "reason: {reason}). There is nothing to repair on your side: tell the sender.")),
    FAILURE("sender-policy-broken", "validation-failure", NULL, "all-trust-anchors-unusable",
            CAUSE_ANY_HOST,
            N_("{senders} could use nothing of its own TLS policy for {at} ({count} sessions, "
               "reason: {reason}). There is nothing to repair on your side: tell the sender.")),
    FAILURE("mx-or-certificate", "validation-failure", NULL, NULL, CAUSE_WITH_HOST,
            N_("{senders} did not accept {at} ({count} sessions), and the report does not say why: "
               "the policy may not cover the host, its certificate may be self-signed, or the TLS "
               "handshake failed.")),
    FAILURE("policy-stage", "validation-failure", NULL, NULL, CAUSE_WITHOUT_HOST,
            N_("{senders} reported a failed check for {domain} ({count} sessions) and named no "
               "mail server. Compare the MX records with the mx lines of the policy first.")),

    FAILURE("fetch-missing", "sts-policy-fetch-error", NULL, "response code", CAUSE_ANY_HOST,
            FETCH_MISSING),
    FAILURE("fetch-missing", "sts-policy-fetch-error", NULL, "no-policy-served", CAUSE_ANY_HOST,
            FETCH_MISSING),
    FAILURE("fetch-slow", "sts-policy-fetch-error", NULL, "deadline exceeded", CAUSE_ANY_HOST,
            FETCH_SLOW),
    FAILURE("fetch-slow", "sts-policy-fetch-error", NULL, "timeout", CAUSE_ANY_HOST, FETCH_SLOW),
    FAILURE("fetch-dns", "sts-policy-fetch-error", NULL, "dns-", CAUSE_ANY_HOST, FETCH_DNS),
    FAILURE("fetch-reachability", "sts-policy-fetch-error", "microsoft", NULL, CAUSE_ANY_HOST,
            N_("{senders} could not fetch the policy of {domain} ({count} sessions) and gives no "
               "reason, as always. Where others fetch it, look for an IPv6 address that does not "
               "answer, a firewall or bot filter, and a web server without TLS 1.2.")),
    FAILURE("fetch", "sts-policy-fetch-error", NULL, NULL, CAUSE_ANY_HOST,
            N_("{senders} could not fetch the policy of {domain} ({count} sessions). The policy "
               "host may not be reachable for this sender, or its certificate may be bad: some "
               "senders report both alike.")),

    FAILURE("policy-too-large", "sts-policy-invalid", NULL, "too large", CAUSE_ANY_HOST,
            N_("{senders} found the policy of {domain} too large ({count} sessions). Most likely a "
               "web page comes in its place.")),
    FAILURE("policy-text", "sts-policy-invalid", NULL, NULL, CAUSE_ANY_HOST,
            N_("{senders} could not read the policy of {domain} ({count} sessions). Most likely a "
               "key is misspelt or missing, or a web page comes in its place with status 200.")),

    FAILURE("policy-certificate-expired", "sts-webpki-invalid", NULL, "expired", CAUSE_ANY_HOST,
            N_("For {senders} the certificate of the policy host of {domain} had expired ({count} "
               "sessions). It is the web server's certificate, not the mail server's.")),
    FAILURE("policy-certificate", "sts-webpki-invalid", NULL, NULL, CAUSE_ANY_HOST,
            N_("{senders} did not accept the certificate of the policy host of {domain} ({count} "
               "sessions). It is the web server's certificate, not the mail server's: it must name "
               "mta-sts.{domain}.")),

    FAILURE("tlsa-unusable", "tlsa-invalid", NULL, "unusable", CAUSE_ANY_HOST,
            N_("{senders} could use none of the TLSA records of {at} ({count} sessions). For SMTP "
               "only usages 2 and 3 count, and the digest must have the right length.")),
    FAILURE("tlsa-unusable", "tlsa-invalid", NULL, "Invalid TLSA", CAUSE_ANY_HOST,
            N_("{senders} could use none of the TLSA records of {at} ({count} sessions). For SMTP "
               "only usages 2 and 3 count, and the digest must have the right length.")),
    FAILURE("tlsa-mismatch", "tlsa-invalid", NULL, NULL, CAUSE_ANY_HOST, TLSA),
    FAILURE("dnssec-bogus", "dnssec-invalid", NULL, NULL, CAUSE_ANY_HOST, DNSSEC),
    FAILURE("dane-demanded", "dane-required", NULL, NULL, CAUSE_ANY_HOST,
            N_("{senders} delivers to {domain} by DANE only and found no usable TLSA records "
               "({count} sessions at {at}). Publish them in a signed zone, or ask the sender to "
               "lift its demand.")),
    FAILURE("sts-demanded", NULL, NULL, "MTA-STS is required", CAUSE_ANY_HOST,
            N_("{senders} delivers to {domain} by MTA-STS only and found no policy ({count} "
               "sessions).")),

    FAILURE("unknown", NULL, NULL, NULL, CAUSE_ANY_HOST,
            N_("{senders} reported \"{result_type}\" for {at} ({count} sessions). RFC 8460 does "
               "not name this type; the reason may tell more: \"{reason}\".")),
};
