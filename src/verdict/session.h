/* SPDX-License-Identifier: MIT */
/* session.h - one SMTP session as a sender takes it: how far it came, and what stopped it.
 *
 * What a peer says that is no SMTP is put where a sender notices it: before the greeting is
 * complete there is no mail server (unreachable); in the reply to EHLO there is no offer of
 * STARTTLS (missing); after "220" there is no TLS (handshake failed). */
#ifndef VERDICT_SESSION_H
#define VERDICT_SESSION_H

#include "verdict/view.h"

enum session_state {
    SESSION_FINE,        /* came to TLS and through it; the certificate is another question */
    SESSION_NO_ROUTE,    /* of this machine: nothing is known of the peer */
    SESSION_STOPPED,     /* by the deadline before it was connected, or by the person */
    SESSION_UNCONNECTED, /* refused, timed out, no route; or no mail server answers there */
    SESSION_REJECTED,    /* 4xx or 5xx to the connection or to EHLO, 421 to STARTTLS, a greeting
                            broken off: our address is not liked, or the server is busy */
    SESSION_SILENT,      /* connected, and then nothing came in time */
    SESSION_NO_STARTTLS,
    SESSION_STARTTLS_REFUSED,
    SESSION_CLIENT_CERT, /* the handshake ended for want of a certificate of ours */
    SESSION_NO_TLS,      /* the handshake failed */
    SESSION_STATES
};

enum session_state session_state(const struct facts *facts, const struct smtp_session *session);

/* What the peer said where it turned us away or refused; code 0: nothing. */
struct session_reply {
    int64_t code;
    struct bytes text;
};
struct session_reply session_reply(const struct smtp_session *session);

/* Would a sender that enforces deliver here?  Cover by the policy left aside. */
enum answer session_usable(const struct facts *facts, const struct mx_host *host,
                           const struct smtp_session *session, int64_t now);

/* No MX could be connected to, nor port 25 of others: it is this network, and no MX is judged. */
bool port25_blocked(const struct facts *facts);
/* Neither MX nor an address of its own: nobody can deliver. */
bool mx_is_nowhere(const struct facts *facts);
/* RFC 7505: the domain takes no mail. */
bool mx_is_null(const struct facts *facts);
/* No such domain, no MX host that can be found, none wanted, or bogus signatures: nobody delivers.
 */
bool mx_is_lost(const struct facts *facts);

/* The families of all addresses of the host, where no route leads to any of them from here; 0:
 * else. */
unsigned mx_families_missing(const struct facts *facts, const struct mx_host *host);

#endif
