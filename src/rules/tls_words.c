/* SPDX-License-Identifier: MIT */
/* tls_words.c - what a careful sender finds wrong with a TLS session, in words. */
#include "rules/tls_words.h"

#include <string.h>

#include "base/clock.h"

/* ---- evidence -------------------------------------------------------------------------------- */

static bool same_subject(const struct certificate *a, const struct certificate *b)
{
    return a->subject && b->subject && !strcmp(a->subject, b->subject);
}

static const char *date_text(struct rules *r, int64_t date)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format(date, text);
    return rule_text(r, "%s", text);
}

static int64_t days_from_now(struct rules *r, const struct certificate *cert)
{
    int64_t date = r->view.now < cert->not_before ? cert->not_before : cert->not_after;

    return (date > r->view.now ? date - r->view.now : r->view.now - date) / 86400;
}

static void name_params(struct rules *r, struct finding *finding, const struct certificate *leaf)
{
    const char *names = NULL;

    for (size_t i = 0; i < leaf->dns_name_count && i < 10; i++)
        names = rule_list(r, names, leaf->dns_names[i]);
    if (leaf->dns_names_total > 10)
        names = rule_list(r, names, "...");
    finding_param(r, finding, "names", names ? names : "-");
    finding_param(r, finding, "name_count",
                  rule_number(r, leaf->dns_names_total > (int64_t)leaf->dns_name_count
                                     ? leaf->dns_names_total
                                     : (int64_t)leaf->dns_name_count));
    finding_param(r, finding, "common_name", leaf->common_name);
}

/* NULL: any, or not for want of serverAuth. */
static const char *purposes_text(struct rules *r, const struct certificate *leaf)
{
    const char *list = NULL;

    for (size_t i = 0; i < leaf->purpose_count; i++)
        list = rule_list(r, list, leaf->purposes[i]);
    return cert_is_for(leaf, "serverAuth") ? NULL : list;
}

static void soon_params(struct rules *r, struct finding *finding, const struct certificate *cert,
                        bool is_leaf)
{
    int64_t lifetime = cert->not_after - cert->not_before;

    finding_param(r, finding, "lifetime", rule_number(r, (lifetime + 43200) / 86400));
    if (!is_leaf)
        finding_param(r, finding, "soon_ca", cert->subject);
    else if (cert_renewal_due(cert))
        finding_param(r, finding, "renewal_due", date_text(r, cert_renewal_due(cert)));
}

static void certificate_params(struct rules *r, struct finding *finding,
                               const struct tls_session *tls)
{
    struct certificate dated = cert_dated(tls, r->view.now);
    const struct certificate *soon =
        cert_in_date(&dated, r->view.now) ? cert_expiring(&r->view, tls) : NULL;

    if (soon)
        dated = *soon;
    name_params(r, finding, &tls->chain[0]);
    finding_param(r, finding, "cert_subject", dated.subject ? dated.subject : "-");
    finding_param(r, finding, "issuer", dated.issuer ? dated.issuer : "-");
    if (dated.not_before != INT64_MIN)
        finding_param(r, finding, "not_before", date_text(r, dated.not_before));
    finding_param(r, finding, "not_after", date_text(r, dated.not_after));
    finding_param(r, finding, "days", rule_number(r, days_from_now(r, &dated)));
    if (!cert_in_date(&dated, r->view.now) && !same_subject(&dated, &tls->chain[0]))
        finding_param(r, finding, "stale_ca", dated.subject);
    if (soon)
        soon_params(r, finding, soon, soon == &tls->chain[0]);
    finding_param(r, finding, "purposes", purposes_text(r, &tls->chain[0]));
    finding_param(r, finding, "sha256", tls->chain[0].sha256);
    finding_param(r, finding, "missing_issuer", tls->missing_issuer);
    finding_param(r, finding, "missing_issuer_url", tls->missing_issuer_url);
    if (tls->trust != CHAIN_TRUSTED)
        finding_param(r, finding, "trust_error", tls->trust_error ? tls->trust_error : "-");
}

void tls_params(struct rules *r, struct finding *finding, const struct tls_session *tls)
{
    if (!tls)
        return;
    finding_param(r, finding, "version", tls->version);
    finding_param(r, finding, "alert", tls->alert);
    finding_param(r, finding, "weakness", tls->weakness);
    if (tls->alert_number == ALERT_UNRECOGNIZED_NAME)
        finding_param(r, finding, "unknown_name", tls->sni);
    if (tls->outcome != TLS_OK)
        finding_param(r, finding, "error", tls->error ? tls->error : "-");
    if (tls->chain_count)
        certificate_params(r, finding, tls);
}

static const char *handshake_detail(const struct tls_session *tls)
{
    if (!tls)
        return N_("{host} does not complete the TLS handshake at {addresses}.");
    if (tls->outcome == TLS_OK && tls->weakness)
        return N_("Senders with common settings reject the TLS of {host} at {addresses}: "
                  "{weakness}.");
    if (tls->outcome == TLS_OK && tls->trust == CHAIN_REJECTED)
        return N_("Senders reject the certificate of {host} at {addresses}: {trust_error}.");
    if (tls->outcome == TLS_OK)
        return N_("{host} presents no certificate at {addresses}.");
    if (tls->alert_number == ALERT_UNRECOGNIZED_NAME)
        return N_("{host} at {addresses} refuses the TLS handshake for this name (alert "
                  "\"{alert}\"): the server knows no site or certificate for {host}.");
    if (tls->alert_number == ALERT_NO_APPLICATION_PROTOCOL)
        return N_("{host} at {addresses} accepts only HTTP/2 and rejects clients that offer "
                  "HTTP/1.1 (alert \"{alert}\"); many senders offer nothing else.");
    if (tls->alert)
        return N_("{host} at {addresses} aborts the TLS handshake with the alert \"{alert}\".");
    if (tls->outcome == TLS_CLOSED)
        return N_("{host} at {addresses} closes the connection during the TLS handshake.");
    return N_("The TLS handshake with {host} at {addresses} fails: {error}.");
}

const char *tls_soon_detail(const struct rules *r, const struct tls_session *tls)
{
    const struct certificate *soon = cert_expiring(&r->view, tls);

    if (soon && soon != &tls->chain[0])
        return N_("{cert_subject}, a CA certificate in the chain of {host} at {addresses}, expires "
                  "on {not_after} ({days|day|days} left); from then on the chain is invalid.");
    if (soon && cert_renewal_due(soon))
        return N_("The certificate {cert_subject} of {host} at {addresses} expires on {not_after} "
                  "({days|day|days} left). Its renewal is overdue: with a lifetime of "
                  "{lifetime|day|days} it should have been renewed by {renewal_due}.");
    return tls_detail(FAULT_SOON, tls);
}

/* A chain may hold the fault, not the leaf: then the subject says whose dates these are. */
const char *tls_detail(enum tls_fault fault, const struct tls_session *tls)
{
    static const char *const details[FAULT_COUNT] = {
        [FAULT_CLIENT_CERT] =
            N_("{host} at {addresses} requires a TLS client certificate; senders have none for "
               "it."),
        [FAULT_VERSION] = N_("{host} at {addresses} offers nothing newer than {version}."),
        [FAULT_SELF_SIGNED] =
            N_("The certificate of {host} at {addresses} is self-signed: {cert_subject}."),
        [FAULT_UNTRUSTED_ROOT] = N_("The certificate chain of {host} at {addresses} ends at an "
                                    "untrusted issuer."),
        [FAULT_INCOMPLETE] = N_("{host} at {addresses} does not send the certificate of the "
                                "issuer {issuer}."),
        [FAULT_PURPOSE] = N_("The certificate of {host} at {addresses} is only for {purposes}; "
                             "a server needs serverAuth in the extended key usage."),
        [FAULT_EXPIRED] = N_("The certificate {cert_subject} of {host} at {addresses} expired on "
                             "{not_after} ({days|day|days} ago)."),
        [FAULT_NOT_YET] = N_("The certificate {cert_subject} of {host} at {addresses} is not "
                             "valid before {not_before}."),
        [FAULT_SOON] = N_("The certificate {cert_subject} of {host} at {addresses} expires on "
                          "{not_after} ({days|day|days} left)."),
        [FAULT_NAME] = N_("The certificate of {host} at {addresses} is for other names: {names}."),
        [FAULT_COMMON_NAME] = N_("The certificate at {addresses} names {host} only as common "
                                 "name, not as subject alternative name ({names})."),
        [FAULT_PARTIAL_WILDCARD] =
            N_("The certificate at {addresses} covers {host} only by a wildcard that is not a "
               "whole label: {names}."),
    };

    if (fault == FAULT_HANDSHAKE)
        return handshake_detail(tls);
    if (fault == FAULT_INCOMPLETE && tls->missing_issuer)
        return N_("{host} at {addresses} does not send the certificate of the issuer "
                  "{missing_issuer}.");
    if (fault == FAULT_PURPOSE &&
        (!tls->chain[0].purpose_count || cert_is_for(&tls->chain[0], "serverAuth")))
        return N_("A certificate that {host} sends at {addresses} may not be used for a TLS "
                  "server: {trust_error}.");
    if (fault == FAULT_COMMON_NAME && !tls->chain[0].dns_name_count)
        return N_("The certificate at {addresses} names {host} only as common name; it has no "
                  "subject alternative names.");
    if (fault == FAULT_NAME && !tls->chain[0].dns_name_count)
        return N_("The certificate of {host} at {addresses} has no subject alternative names at "
                  "all.");
    return details[fault];
}

const char *tls_fault_name(enum tls_fault fault)
{
    static const char *const names[FAULT_COUNT] = {
        [FAULT_HANDSHAKE] = "handshake-failed",
        [FAULT_CLIENT_CERT] = "client-certificate",
        [FAULT_VERSION] = "version-old",
        [FAULT_SELF_SIGNED] = "self-signed",
        [FAULT_UNTRUSTED_ROOT] = "untrusted-root",
        [FAULT_INCOMPLETE] = "chain-incomplete",
        [FAULT_PURPOSE] = "wrong-purpose",
        [FAULT_EXPIRED] = "expired",
        [FAULT_NOT_YET] = "not-yet-valid",
        [FAULT_SOON] = "expires-soon",
        [FAULT_NAME] = "name-mismatch",
        [FAULT_COMMON_NAME] = "common-name-only",
        [FAULT_PARTIAL_WILDCARD] = "partial-wildcard",
    };

    return names[fault];
}
