/* SPDX-License-Identifier: MIT */
/* cert.c - what a careful sender finds wrong with a TLS session. */
#include "rules/cert.h"

#include <string.h>
#include <strings.h>

#include "base/clock.h"

static bool version_is_old(const char *version)
{
    static const char *const old[] = {"SSLv2", "SSLv3", "TLSv1", "TLSv1.0", "TLSv1.1"};

    for (size_t i = 0; version && i < sizeof(old) / sizeof(old[0]); i++)
        if (!strcmp(version, old[i]))
            return true;
    return false;
}

/* ---- the handshake --------------------------------------------------------------------------- */

/* RFC 8446 section 6.2, RFC 5246 section 7.2.2 */
enum {
    ALERT_HANDSHAKE_FAILURE = 40,
    ALERT_BAD_CERTIFICATE = 42,
    ALERT_UNRECOGNIZED_NAME = 112,
    ALERT_NO_APPLICATION_PROTOCOL = 120, /* RFC 7301: only the policy host is offered any */
    ALERT_CERTIFICATE_REQUIRED = 116
};

/* TLS 1.3 has an alert of its own; it comes when we think the handshake is over.  Before, and with
 * some servers still, "handshake failure" or "bad certificate" follows our empty answer. */
bool tls_demands_certificate(const struct tls_session *tls)
{
    if (!tls || tls->outcome == TLS_OK || tls->outcome == TLS_TIMEOUT)
        return false;
    if (tls->alert_number == ALERT_CERTIFICATE_REQUIRED)
        return true;
    /* older facts have no numbers, and OpenSSL 3.0 has no name for this one */
    if (!tls->alert_number && tls->alert && !strcmp(tls->alert, "unknown"))
        return tls->version && !strcmp(tls->version, "TLSv1.3");
    return tls->certificate_requested && (tls->alert_number == ALERT_HANDSHAKE_FAILURE ||
                                          tls->alert_number == ALERT_BAD_CERTIFICATE);
}

/* Older facts say "rejected". */
static bool is_wrong_purpose(const struct tls_session *tls)
{
    return tls->trust == CHAIN_WRONG_PURPOSE || (tls->trust == CHAIN_REJECTED && tls->trust_error &&
                                                 strstr(tls->trust_error, "certificate purpose"));
}

static unsigned handshake_faults(const struct tls_session *tls)
{
    if (tls_demands_certificate(tls))
        return FAULT_BIT(FAULT_CLIENT_CERT);
    if (tls->outcome == TLS_FAILED || tls->outcome == TLS_CLOSED)
        return FAULT_BIT(FAULT_HANDSHAKE);
    if (tls->outcome != TLS_OK)
        return 0;
    if (version_is_old(tls->version))
        return FAULT_BIT(FAULT_VERSION);
    /* No certificate at all is an anonymous cipher: nobody to recognise. */
    if (tls->weakness || !tls->chain_count ||
        (tls->trust == CHAIN_REJECTED && !is_wrong_purpose(tls)))
        return FAULT_BIT(FAULT_HANDSHAKE);
    return 0;
}

static bool is_for(const struct certificate *cert, const char *purpose)
{
    for (size_t i = 0; i < cert->purpose_count; i++)
        if (!strcmp(cert->purposes[i], purpose))
            return true;
    return false;
}

/* A chain that nobody trusts may have a leaf for another purpose as well. */
static unsigned purpose_faults(const struct tls_session *tls)
{
    const struct certificate *leaf = &tls->chain[0];

    if (is_wrong_purpose(tls) || (leaf->purpose_count && !is_for(leaf, "serverAuth")))
        return FAULT_BIT(FAULT_PURPOSE);
    return 0;
}

static unsigned trust_faults(const struct tls_session *tls)
{
    static const unsigned faults[] = {[CHAIN_SELF_SIGNED] = FAULT_BIT(FAULT_SELF_SIGNED),
                                      [CHAIN_UNTRUSTED_ROOT] = FAULT_BIT(FAULT_UNTRUSTED_ROOT),
                                      [CHAIN_INCOMPLETE] = FAULT_BIT(FAULT_INCOMPLETE),
                                      [CHAIN_REJECTED] = 0,
                                      [CHAIN_WRONG_PURPOSE] = 0};

    if (tls->trust < 0 || (size_t)tls->trust >= sizeof(faults) / sizeof(faults[0]))
        return 0;
    return faults[tls->trust];
}

/* ---- dates ----------------------------------------------------------------------------------- */

static bool in_date(const struct certificate *cert, int64_t now)
{
    return cert->not_before <= now && now <= cert->not_after;
}

static bool same_name(const char *a, const char *b)
{
    return a && b && !strcmp(a, b);
}

/* Was it sent in another edition that is in date? */
static bool has_fresh_twin(const struct tls_session *tls, const struct certificate *cert,
                           int64_t now)
{
    for (size_t i = 1; i < tls->chain_count; i++)
        if (same_name(tls->chain[i].subject, cert->subject) && in_date(&tls->chain[i], now))
            return true;
    return false;
}

/* The certificate whose dates count: the leaf, else one above it that is out of date and without
 * which there is no way to the root.  Others are surplus, often with an older root's end. */
static struct certificate date_bearer(const struct tls_session *tls, int64_t now)
{
    const struct certificate *leaf = &tls->chain[0];

    if (!in_date(leaf, now))
        return *leaf;
    for (size_t i = 1; i < tls->chain_count; i++) {
        const struct certificate *cert = &tls->chain[i];

        if (!cert->self_signed && (cert->in_path || same_name(cert->subject, leaf->issuer)) &&
            !in_date(cert, now) && !has_fresh_twin(tls, cert, now))
            return *cert;
    }
    if (tls->anchor && now > tls->anchor_not_after)
        return (struct certificate){.subject = tls->anchor,
                                    .issuer = tls->anchor,
                                    .not_before = INT64_MIN,
                                    .not_after = tls->anchor_not_after};
    return *leaf;
}

static unsigned date_faults(const struct tls_session *tls, int64_t now)
{
    struct certificate cert = date_bearer(tls, now);

    if (now > cert.not_after)
        return FAULT_BIT(FAULT_EXPIRED);
    return now < cert.not_before ? FAULT_BIT(FAULT_NOT_YET) : 0;
}

/* ---- soon ------------------------------------------------------------------------------------ */

#define WARN_DAYS     14                     /* the default of --warn-days */
#define ACME_LIFETIME (INT64_C(100) * 86400) /* seconds; longer ones may be renewed by hand */
#define SHORT_LIVED   (INT64_C(10) * 86400)  /* seconds; RFC 9773 and Let's Encrypt: at half */

/* ACME clients renew when a third of the lifetime is left, of 90 days 30, of 45 days 15.  So a
 * certificate of six days with three left is well, and one of a year with a hundred too. */
static bool ends_soon(const struct rules *r, const struct certificate *cert)
{
    int64_t left = cert->not_after - r->now;
    int64_t warn = (r->warn_days ? r->warn_days : WARN_DAYS) * 86400;

    return left < warn && left < (cert->not_after - cert->not_before) / 3;
}

/* Another edition of it was sent that lasts longer. */
static bool has_later_twin(const struct rules *r, const struct tls_session *tls,
                           const struct certificate *cert)
{
    for (size_t i = 1; i < tls->chain_count; i++)
        if (same_name(tls->chain[i].subject, cert->subject) && in_date(&tls->chain[i], r->now) &&
            !ends_soon(r, &tls->chain[i]))
            return true;
    return false;
}

/* The leaf, or one of the path above it.  NULL: none; a root is replaced by its CA's next. */
static const struct certificate *soon_bearer(const struct rules *r, const struct tls_session *tls)
{
    if (ends_soon(r, &tls->chain[0]))
        return &tls->chain[0];
    for (size_t i = 1; i < tls->chain_count; i++) {
        const struct certificate *cert = &tls->chain[i];

        if (!cert->self_signed && cert->in_path && ends_soon(r, cert) &&
            !has_later_twin(r, tls, cert))
            return cert;
    }
    return NULL;
}

/* ---- names ----------------------------------------------------------------------------------- */

/* Would the pattern match if a star could stand for a part of the left-most label? */
static bool partial_wildcard_matches(const char *pattern, const char *host)
{
    size_t label = strcspn(pattern, "."), host_label = strcspn(host, ".");
    const char *star = memchr(pattern, '*', label);
    size_t before, after;

    if (!star || label == 1 || strcasecmp(pattern + label, host + host_label) != 0)
        return false;
    before = (size_t)(star - pattern);
    after = label - before - 1;
    return before + after <= host_label && !strncasecmp(pattern, host, before) &&
           !strncasecmp(star + 1, host + host_label - after, after);
}

static unsigned name_faults(const struct certificate *leaf, const char *host)
{
    bool partial = false;

    for (size_t i = 0; i < leaf->dns_name_count; i++) {
        if (sts_name_match(leaf->dns_names[i], host))
            return 0;
        partial = partial || partial_wildcard_matches(leaf->dns_names[i], host);
    }
    if (partial)
        return FAULT_BIT(FAULT_PARTIAL_WILDCARD);
    if (leaf->common_name && sts_name_match(leaf->common_name, host))
        return FAULT_BIT(FAULT_COMMON_NAME);
    return FAULT_BIT(FAULT_NAME);
}

unsigned tls_faults(const struct tls_session *tls, const char *host, int64_t now)
{
    unsigned faults;

    if (!tls)
        return 0;
    faults = handshake_faults(tls);
    if (!tls->chain_count)
        return faults;
    return faults | trust_faults(tls) | purpose_faults(tls) | date_faults(tls, now) |
           name_faults(&tls->chain[0], host);
}

unsigned tls_all_faults(const struct rules *r, const struct tls_session *tls, const char *host)
{
    unsigned faults = tls_faults(tls, host, r->now);

    if (!tls || !tls->chain_count ||
        faults & (FAULT_BIT(FAULT_EXPIRED) | FAULT_BIT(FAULT_NOT_YET)) || !soon_bearer(r, tls))
        return faults;
    return faults | FAULT_BIT(FAULT_SOON);
}

/* ---- evidence -------------------------------------------------------------------------------- */

static const char *date_text(struct rules *r, int64_t date)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format(date, text);
    return rule_text(r, "%s", text);
}

static int64_t days_from_now(struct rules *r, const struct certificate *cert)
{
    int64_t date = r->now < cert->not_before ? cert->not_before : cert->not_after;

    return (date > r->now ? date - r->now : r->now - date) / 86400;
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
    return is_for(leaf, "serverAuth") ? NULL : list;
}

/* When a client of ACME would have renewed it. */
static int64_t renewal_of(const struct certificate *cert)
{
    int64_t lifetime = cert->not_after - cert->not_before;

    return cert->not_after - lifetime / (lifetime < SHORT_LIVED ? 2 : 3);
}

static void soon_params(struct rules *r, struct finding *finding, const struct certificate *cert,
                        bool is_leaf)
{
    int64_t lifetime = cert->not_after - cert->not_before;

    finding_param(r, finding, "lifetime", rule_number(r, (lifetime + 43200) / 86400));
    if (!is_leaf)
        finding_param(r, finding, "soon_ca", cert->subject);
    else if (lifetime <= ACME_LIFETIME)
        finding_param(r, finding, "renewal_due", date_text(r, renewal_of(cert)));
}

static void certificate_params(struct rules *r, struct finding *finding,
                               const struct tls_session *tls)
{
    struct certificate dated = date_bearer(tls, r->now);
    const struct certificate *soon = in_date(&dated, r->now) ? soon_bearer(r, tls) : NULL;

    if (soon)
        dated = *soon;
    name_params(r, finding, &tls->chain[0]);
    finding_param(r, finding, "cert_subject", dated.subject ? dated.subject : "-");
    finding_param(r, finding, "issuer", dated.issuer ? dated.issuer : "-");
    if (dated.not_before != INT64_MIN)
        finding_param(r, finding, "not_before", date_text(r, dated.not_before));
    finding_param(r, finding, "not_after", date_text(r, dated.not_after));
    finding_param(r, finding, "days", rule_number(r, days_from_now(r, &dated)));
    if (!in_date(&dated, r->now) && !same_name(dated.subject, tls->chain[0].subject))
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
        return N_("Senders with ordinary settings refuse the TLS of {host} at {addresses}: "
                  "{weakness}.");
    if (tls->outcome == TLS_OK && tls->trust == CHAIN_REJECTED)
        return N_("Senders refuse the certificate of {host} at {addresses}: {trust_error}.");
    if (tls->outcome == TLS_OK)
        return N_("{host} shows no certificate at {addresses}.");
    if (tls->alert_number == ALERT_UNRECOGNIZED_NAME)
        return N_("{host} at {addresses} refuses the TLS handshake for this name (alert "
                  "\"{alert}\"): the server knows no site or certificate for {host}.");
    if (tls->alert_number == ALERT_NO_APPLICATION_PROTOCOL)
        return N_("{host} at {addresses} accepts HTTP/2 only and refuses clients that offer "
                  "HTTP/1.1 (alert \"{alert}\"); many senders offer nothing else.");
    if (tls->alert)
        return N_("{host} at {addresses} ends the TLS handshake with the alert \"{alert}\".");
    if (tls->outcome == TLS_CLOSED)
        return N_("{host} at {addresses} closes the connection during the TLS handshake.");
    return N_("The TLS handshake with {host} at {addresses} fails: {error}.");
}

const char *tls_soon_detail(const struct rules *r, const struct tls_session *tls)
{
    const struct certificate *soon = soon_bearer(r, tls);

    if (soon && soon != &tls->chain[0])
        return N_("{cert_subject}, the CA certificate above that of {host} at {addresses}, expires "
                  "on {not_after} ({days|day|days} left); from then on the chain is invalid.");
    if (soon && soon->not_after - soon->not_before <= ACME_LIFETIME)
        return N_(
            "The certificate {cert_subject} of {host} at {addresses} expires on {not_after} "
            "({days|day|days} left). Its renewal is overdue: with a lifetime of {lifetime} days "
            "it was due by {renewal_due}.");
    return tls_detail(FAULT_SOON, tls);
}

/* A chain may hold the fault, not the leaf: then the subject says whose dates these are. */
const char *tls_detail(enum tls_fault fault, const struct tls_session *tls)
{
    static const char *const details[FAULT_COUNT] = {
        [FAULT_CLIENT_CERT] =
            N_("{host} at {addresses} demands a TLS client certificate; no sender has one for it."),
        [FAULT_VERSION] = N_("{host} at {addresses} offers nothing newer than {version}."),
        [FAULT_SELF_SIGNED] =
            N_("The certificate of {host} at {addresses} is signed by itself: {cert_subject}."),
        [FAULT_UNTRUSTED_ROOT] = N_("The certificate chain of {host} at {addresses} ends at an "
                                    "issuer that is not trusted."),
        [FAULT_INCOMPLETE] = N_("{host} at {addresses} does not send the certificate of the "
                                "issuer {issuer}."),
        [FAULT_PURPOSE] = N_("The certificate of {host} at {addresses} is for {purposes} only; a "
                             "server needs serverAuth in the extended key usage."),
        [FAULT_EXPIRED] = N_("The certificate {cert_subject} of {host} at {addresses} expired on "
                             "{not_after} ({days|day|days} ago)."),
        [FAULT_NOT_YET] = N_("The certificate {cert_subject} of {host} at {addresses} is not "
                             "valid before {not_before}."),
        [FAULT_SOON] = N_("The certificate {cert_subject} of {host} at {addresses} expires on "
                          "{not_after} ({days|day|days} left)."),
        [FAULT_NAME] = N_("The certificate of {host} at {addresses} is for other names: {names}."),
        [FAULT_COMMON_NAME] = N_("The certificate at {addresses} names {host} as common name only, "
                                 "not as subject alternative name ({names})."),
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
        (!tls->chain[0].purpose_count || is_for(&tls->chain[0], "serverAuth")))
        return N_("A certificate that {host} sends at {addresses} may not be used for a TLS "
                  "server: {trust_error}.");
    if (fault == FAULT_COMMON_NAME && !tls->chain[0].dns_name_count)
        return N_("The certificate at {addresses} names {host} as common name only; it has no "
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
