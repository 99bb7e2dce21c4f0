/* SPDX-License-Identifier: MIT */
/* cert.h - what a careful sender finds wrong with a TLS session, as a set of faults.
 *
 * The same for the policy host and for MX hosts (RFC 8461 sections 3.3 and 4.2): the chain leads
 * to a trusted root, the dates hold, a SAN dNSName covers the host.  At most one fault of trust,
 * one of dates and one of names is given.  Pure: a time and a host in, faults out. */
#ifndef RULES_CERT_H
#define RULES_CERT_H

#include "rules/rule.h"

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
unsigned tls_all_faults(const struct rules *r, const struct tls_session *tls, const char *host);
/* The peer ended the session because we showed no certificate: nothing else is wrong with it. */
bool tls_demands_certificate(const struct tls_session *tls);

/* The evidence of a TLS fault, added to a finding. */
void tls_params(struct rules *r, struct finding *finding, const struct tls_session *tls);
/* The sentence for a fault, of any host. */
const char *tls_detail(enum tls_fault fault, const struct tls_session *tls);
/* The same for FAULT_SOON, by what is known of renewal. */
const char *tls_soon_detail(const struct rules *r, const struct tls_session *tls);
/* A short name, "expired": where faults are listed. */
const char *tls_fault_name(enum tls_fault fault);

#endif
