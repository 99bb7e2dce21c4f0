/* SPDX-License-Identifier: MIT */
/* cert.c - what a careful sender finds wrong with a TLS session. */
#include "verdict/cert.h"

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

bool cert_is_for(const struct certificate *cert, const char *purpose)
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

    if (is_wrong_purpose(tls) || (leaf->purpose_count && !cert_is_for(leaf, "serverAuth")))
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

bool cert_in_date(const struct certificate *cert, int64_t now)
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
        if (same_name(tls->chain[i].subject, cert->subject) && cert_in_date(&tls->chain[i], now))
            return true;
    return false;
}

struct certificate cert_dated(const struct tls_session *tls, int64_t now)
{
    const struct certificate *leaf = &tls->chain[0];

    if (!cert_in_date(leaf, now))
        return *leaf;
    for (size_t i = 1; i < tls->chain_count; i++) {
        const struct certificate *cert = &tls->chain[i];

        if (!cert->self_signed && (cert->in_path || same_name(cert->subject, leaf->issuer)) &&
            !cert_in_date(cert, now) && !has_fresh_twin(tls, cert, now))
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
    struct certificate cert = cert_dated(tls, now);

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
int64_t cert_warned_before(const struct certificate *cert, int64_t warn_days)
{
    int64_t warn = (warn_days ? warn_days : WARN_DAYS) * 86400;
    int64_t third = (cert->not_after - cert->not_before) / 3;

    return third < warn ? third : warn;
}

static bool ends_soon(const struct domain_view *v, const struct certificate *cert)
{
    return cert->not_after - v->now < cert_warned_before(cert, v->warn_days);
}

/* Another edition of it was sent that lasts longer. */
static bool has_later_twin(const struct domain_view *v, const struct tls_session *tls,
                           const struct certificate *cert)
{
    for (size_t i = 1; i < tls->chain_count; i++)
        if (same_name(tls->chain[i].subject, cert->subject) &&
            cert_in_date(&tls->chain[i], v->now) && !ends_soon(v, &tls->chain[i]))
            return true;
    return false;
}

const struct certificate *cert_expiring(const struct domain_view *v, const struct tls_session *tls)
{
    if (ends_soon(v, &tls->chain[0]))
        return &tls->chain[0];
    for (size_t i = 1; i < tls->chain_count; i++) {
        const struct certificate *cert = &tls->chain[i];

        if (!cert->self_signed && cert->in_path && ends_soon(v, cert) &&
            !has_later_twin(v, tls, cert))
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

unsigned tls_all_faults(const struct domain_view *v, const struct tls_session *tls,
                        const char *host)
{
    unsigned faults = tls_faults(tls, host, v->now);

    if (!tls || !tls->chain_count ||
        faults & (FAULT_BIT(FAULT_EXPIRED) | FAULT_BIT(FAULT_NOT_YET)) || !cert_expiring(v, tls))
        return faults;
    return faults | FAULT_BIT(FAULT_SOON);
}

int64_t cert_renewal_due(const struct certificate *cert)
{
    int64_t lifetime = cert->not_after - cert->not_before;

    if (lifetime > ACME_LIFETIME)
        return 0;
    return cert->not_after - lifetime / (lifetime < SHORT_LIVED ? 2 : 3);
}
