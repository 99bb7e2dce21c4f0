/* SPDX-License-Identifier: MIT */
/* cert.h - what a careful sender finds wrong with a TLS session, as a set of faults.
 *
 * The same for the policy host and for MX hosts (RFC 8461 sections 3.3 and 4.2): the chain leads
 * to a trusted root, the dates hold, a SAN dNSName covers the host.  At most one fault of trust,
 * one of dates and one of names is given.  Pure: a time and a host in, faults out. */
#ifndef VERDICT_CERT_H
#define VERDICT_CERT_H

#include "verdict/view.h"

/* RFC 8446 section 6.2, RFC 5246 section 7.2.2 */
enum {
    ALERT_HANDSHAKE_FAILURE = 40,
    ALERT_BAD_CERTIFICATE = 42,
    ALERT_UNRECOGNIZED_NAME = 112,
    ALERT_NO_APPLICATION_PROTOCOL = 120, /* RFC 7301: only the policy host is offered any */
    ALERT_CERTIFICATE_REQUIRED = 116
};

enum tls_fault {
    FAULT_HANDSHAKE,   /* failed, or a default sender refuses what we accepted */
    FAULT_CLIENT_CERT, /* the peer demands a certificate of the sender; then not HANDSHAKE */
    FAULT_VERSION,     /* nothing newer than TLS 1.1 */
    FAULT_SELF_SIGNED, /* trust: at most one of these three */
    FAULT_UNTRUSTED_ROOT,
    FAULT_INCOMPLETE,
    FAULT_PURPOSE, /* not for TLS servers (extended key usage) */
    FAULT_EXPIRED, /* dates: at most one of these three */
    FAULT_NOT_YET,
    FAULT_SOON, /* less than a third of the lifetime is left, and less than the days to warn of */
    FAULT_NAME, /* names: at most one of these three */
    FAULT_COMMON_NAME,
    FAULT_PARTIAL_WILDCARD,
    FAULT_COUNT
};
#define FAULT_BIT(fault) (1u << (fault))
/* Those with which no sender that enforces goes on: all but "expires soon". */
#define FAULTS_FATAL (~FAULT_BIT(FAULT_SOON))
/* Those that the certificate has, not the handshake. */
#define FAULTS_CERTIFICATE                                                                         \
    (~(FAULT_BIT(FAULT_HANDSHAKE) | FAULT_BIT(FAULT_CLIENT_CERT) | FAULT_BIT(FAULT_VERSION)))

#define FAULTS_NAME                                                                                \
    (FAULT_BIT(FAULT_NAME) | FAULT_BIT(FAULT_COMMON_NAME) | FAULT_BIT(FAULT_PARTIAL_WILDCARD))

/* Those with which no sender goes on.  0 for a session that was not begun or did not end (NULL,
 * unknown, timeout). */
unsigned tls_faults(const struct tls_session *tls, const char *host, int64_t now);

/* These, and what is wrong before it hurts: FAULT_SOON. */
unsigned tls_all_faults(const struct domain_view *view, const struct tls_session *tls,
                        const char *host);
/* The peer ended the session because we showed no certificate: nothing else is wrong with it. */
bool tls_demands_certificate(const struct tls_session *tls);

bool cert_is_for(const struct certificate *cert, const char *purpose);
bool cert_in_date(const struct certificate *cert, int64_t now);
/* The certificate whose dates count: the leaf, else one above it that is out of date and without
 * which there is no way to the root.  Others are surplus, often with an older root's end. */
struct certificate cert_dated(const struct tls_session *tls, int64_t now);
/* The one for which FAULT_SOON is given: the leaf, or one of the path above it.  NULL: none; a root
 * is replaced by its CA's next. */
const struct certificate *cert_expiring(const struct domain_view *view,
                                        const struct tls_session *tls);
/* How many seconds before its end it is warned of: so many days (0: the default), but no more than
 * a third of its lifetime. */
int64_t cert_warned_before(const struct certificate *cert, int64_t warn_days);
/* When a client of ACME would have renewed it; 0: it lasts so long that it may be renewed by hand.
 */
int64_t cert_renewal_due(const struct certificate *cert);

#endif
