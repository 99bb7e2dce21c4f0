/* SPDX-License-Identifier: MIT */
/* other_words.c - what else people call findings, result types and topics.
 *
 * One word may lead to several: 521 is of Cloudflare and of mail servers. */
#include "knowledge/other_words.h"

#include <string.h>

#include "knowledge/topic.h"

const struct other_words other_words[] = {
    /* HTTP, as the policy host answers; curl's exit statuses for the same */
    {"policy-not-found", "404 410 http-404 http-410 not-found nicht-gefunden well-known"},
    {"policy-forbidden", "401 403 http-401 http-403 forbidden access-denied verboten"},
    {"policy-redirect",
     "300 301 302 303 307 308 http-301 http-302 http-307 http-308 47 curl-47 moved"},
    {"policy-server-error", "500 501 502 503 504 http-500 http-502 http-503 http-504 bad-gateway "
                            "gateway-timeout internal-server-error service-unavailable"},
    {"policy-http-status", "204 206 400 405 406 409 418 421 429 451 http-status 22 curl-22 "
                           "too-many-requests"},
    {"policy-proxy-error",
     "520 521 522 523 524 525 526 527 530 1000 1001 1014 1016 1033 http-520 http-521 http-522 "
     "http-523 http-524 http-525 http-526 http-530 cloudflare-520 cloudflare-521 cloudflare-522 "
     "cloudflare-523 cloudflare-524 cloudflare-525 cloudflare-526 cloudflare-530 error-1000 "
     "error-1001 error-1014 error-1016 error-1033 cdn"},
    {"policy-bot-challenge", "1020 error-1020 captcha waf bot-schutz bot-protection challenge"},
    {"policy-host-missing", "6 curl-6 could-not-resolve-host nxdomain"},
    {"policy-host-unreachable", "7 curl-7 connection-refused econnrefused"},
    {"policy-timeout", "28 curl-28 408 http-408 timeout timed-out zeitueberschreitung"},
    {"policy-tls-handshake-failed", "35 curl-35 ssl-error tls-error handshake handshake-failure"},
    {"policy-cert-name-mismatch", "51 curl-51 name-mismatch hostname-mismatch"},
    {"policy-truncated", "18 52 56 curl-18 curl-52 curl-56 empty-reply connection-reset"},
    {"policy-tls-client-certificate", "58 curl-58 client-certificate"},
    {"certificate", "60 curl-60 ssl-certificate-problem certificate-verify-failed"},
    {"policy-too-large", "63 curl-63 413"},
    {"policy-proxy-failed", "5 97 curl-5 curl-97 407 http-407"},
    {"policy-html", "text-html html"},
    {"policy-bom", "byte-order-mark utf-8-bom"},
    /* SMTP, as mail servers answer; statuses of RFC 3463 */
    {"mx-greeting-rejected",
     "421 450 451 521 550 554 smtp-421 smtp-450 smtp-451 smtp-521 smtp-550 smtp-554 greylisting "
     "greylist blocklist blacklist rbl dnsbl"},
    {"mx-starttls-refused", "454 smtp-454 4.7.0 tls-not-available"},
    {"starttls", "220 530 smtp-220 smtp-530 5.7.0 must-issue-starttls 5.7.10 encryption-needed"},
    {"mx-null", "556 smtp-556 5.1.10 null-mx nullmx"},
    {"mx-timeout", "timeout timed-out zeitueberschreitung"},
    {"mx-unreachable", "port-25 port25"},
    {"mx-port25-blocked", "port-25 port25"},
    {"policy-port443-blocked", "port-443 port443"},
    /* what senders write into bounces */
    {"enforce", "4.7.5 5.7.5 bounce bounces ndr unzustellbar server-certificate-not-trusted "
                "server-certificate-not-verified"},
    {"not-covered", "4.4.8 5.4.8 mx-hosts-failed-mta-sts-validation"},
    {"starttls-not-supported", "4.7.321 5.7.321"},
    {"certificate-expired", "4.7.322 5.7.322"},
    {"tlsa-invalid", "4.7.323 5.7.323"},
    {"dnssec-invalid", "4.7.324 5.7.324 servfail"},
    {"certificate-host-mismatch", "4.7.325 5.7.325"},
    /* words for certificates: those of the policy host and of mail servers */
    {"policy-cert-expired", "expired abgelaufen"},
    {"mx-cert-expired", "expired abgelaufen"},
    {"policy-cert-self-signed", "self-signed selbstsigniert"},
    {"mx-cert-self-signed", "self-signed selbstsigniert"},
    {"policy-cert-chain-incomplete", "chain intermediate intermediates intermediate-certificate "
                                     "fullchain zertifikatskette zwischenzertifikat"},
    {"mx-cert-chain-incomplete", "chain intermediate intermediates intermediate-certificate "
                                 "fullchain zertifikatskette zwischenzertifikat"},
    {"policy-cert-untrusted-root", "unknown-ca untrusted unknown-issuer"},
    {"mx-cert-untrusted-root", "unknown-ca untrusted unknown-issuer"},
    {"policy-cert-must-staple", "ocsp must-staple stapling"},
    {"mx-cert-must-staple", "ocsp must-staple stapling"},
    {"renewal-caa-forbidden", "caa"},
    {"sts-record-ttl-high", "ttl"},
    {"sts-record-not-propagated", "not-propagated dns-cache"},
};
const size_t other_words_count = sizeof(other_words) / sizeof(other_words[0]);

bool other_word_is_for(const char *name, const char *given)
{
    for (size_t i = 0; i < other_words_count; i++)
        if (strcmp(other_words[i].name, name) == 0 && topic_word_among(other_words[i].words, given))
            return true;
    return false;
}
