/* SPDX-License-Identifier: MIT */
/* dane.h - which TLSA records senders with DANE use at an MX host, and what they conclude.
 *
 * RFC 7672 section 2.2: DANE is in force at a host where DNSSEC vouches for the MX records, for the
 * addresses and for the TLSA records.  Where the MX records alone are not signed a sender may use
 * DANE all the same (2.2.1), and Postfix does.  What no validator has looked at says nothing. */
#ifndef VERDICT_DANE_H
#define VERDICT_DANE_H

#include "verdict/session.h"

/* The answer that counts: of the alias's target where that is signed and has records, or where the
 * look-up fails; else of the host itself.  NULL: not asked. */
const struct dns_answer *dane_records(const struct mx_host *mx);
/* The host that it belongs to: the TLSA base domain. */
const char *dane_base(const struct mx_host *mx);
/* Does DNSSEC vouch for the addresses, so that TLSA records are asked for? */
bool dane_addresses_signed(const struct mx_host *mx);
/* Whom TLSA records, or a failing look-up of them, keep from going on without. */
enum dane_use dane_use(const struct facts *facts, const struct mx_host *mx);
size_t dane_count_usable(const struct mx_host *mx);

/* The handshake that such a sender makes: with the TLSA base domain as SNI.  NULL: none was seen.
 */
const struct tls_session *dane_tls(const struct smtp_session *session);
/* Was the check over before that handshake could be made?  Then it says nothing that no record
 * matches the chain of the first. */
bool dane_tls_cut_off(const struct facts *facts, const struct mx_host *mx,
                      const struct smtp_session *session);

/* What a sender that uses DANE makes of a chain, from good to bad. */
enum dane_fit {
    DANE_FITS,
    DANE_NAME,     /* usage 2: the record fits, the leaf names another host */
    DANE_EXPIRED,  /* ... something on the path is out of date */
    DANE_NOT_YET,  /* ... or not valid yet */
    DANE_BROKEN,   /* ... the leaf does not lead to what it describes */
    DANE_UNSENT,   /* ... it describes a CA certificate that is not sent */
    DANE_WEAKER,   /* it fits, but beside a stronger digest it does not count */
    DANE_NOT_CA,   /* usage 2 for the leaf */
    DANE_NOT_LEAF, /* usage 3 for a CA certificate */
    DANE_NOTHING
};
struct dane_verdict {
    enum dane_fit fit;
    const struct tlsa_match *match; /* the record that comes closest; NULL: NOTHING */
};
struct dane_verdict dane_judge(const struct facts *facts, const struct mx_host *mx,
                               const struct tls_session *tls, int64_t now);

/* Would a sender that uses DANE deliver to the host?  Cover and CAs left aside. */
enum answer dane_usable(const struct facts *facts, const struct mx_host *mx, int64_t now);

#endif
