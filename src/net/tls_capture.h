/* SPDX-License-Identifier: MIT */
/* tls_capture.h - what a handshake shows, noted while it runs; shared by the net/tls*.c files.
 *
 * One struct tls_capture hangs on an SSL (our own client) or on an SSL_CTX (libcurl makes the SSL).
 * OpenSSL's callbacks fill it in; tls_capture_facts() turns it into facts. */
#ifndef NET_TLS_CAPTURE_H
#define NET_TLS_CAPTURE_H

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "net/tls.h"

struct tls_capture {
    struct tls_trust *trust;
    char *sni;
    STACK_OF(X509) * chain; /* as presented */
    size_t chain_bytes;     /* as DER */
    bool finished;          /* the handshake */
    const char *version;    /* OpenSSL's static text */
    int version_number;
    const char *cipher; /* static text */
    int cipher_bits;
    int exchange_bits; /* security bits of the ephemeral key; 0 unknown */
    const char *alert; /* static text; the last fatal one from the peer */
    int alert_number;
    bool stapled;
    bool certificate_requested; /* by the peer, of us */
    int after;                  /* handshake messages that came behind the handshake */
};

/* What the store says of a chain, kept for those who present the same one: most of a host's
 * domains, and each address of a host.  Dates and names have no part in it. */
struct tls_verdict {
    enum chain_trust trust;
    int error;
    const char *refused; /* static: why a part of the chain was not verified; NULL: all was */
    unsigned path;       /* bit i: the way to the root runs over certificate i */
    const char *anchor;  /* where it ends, if that is trusted */
    int64_t anchor_not_after;
    const char *missing_issuer, *missing_issuer_url; /* as in struct tls_session */
};
#define TLS_CHAIN_KEY 32
/* Borrowed until the next is kept.  NULL: not known. */
const struct tls_verdict *tls_trust_known(struct tls_trust *trust, const unsigned char *key);
void tls_trust_keep(struct tls_trust *trust, const unsigned char *key,
                    const struct tls_verdict *verdict);

/* The presented certificates that are verified, the leaf first; the caller frees them.
 * *ret_refused: static text why some were left out, though a path could run over them; NULL: none.
 * NULL: no memory. */
STACK_OF(X509) * tls_chain_bound(STACK_OF(X509) * chain, const char **ret_refused);
/* The store, parsed at the first call.  NULL: no memory, or the system's store is unreadable. */
X509_STORE *tls_trust_store(struct tls_trust *trust);
/* Is the O of the name that of a trusted root?  Reads the whole store at the first call. */
bool tls_trust_has_organisation(struct tls_trust *trust, const X509_NAME *name);
/* The context of our own clients, made at the first call: making one costs as much as half a
 * handshake.  NULL: no memory. */
SSL_CTX *tls_trust_client_context(struct tls_trust *trust);
/* One for an offer; the caller frees it. */
SSL_CTX *tls_trust_offer_context(const struct tls_offer *offer);
/* Ceilings, level 0, TLS 1.0 and up, no verification: for a context that only looks. */
bool tls_capture_prepare(SSL_CTX *context);
bool tls_offer_set(SSL_CTX *context, const struct tls_offer *offer);
bool tls_capture_attach(struct tls_capture *look, SSL *ssl);
bool tls_capture_attach_context(struct tls_capture *look, SSL_CTX *context);
/* Frees the chain; the struct is the caller's. */
void tls_capture_clear(struct tls_capture *look);

/* Everything but outcome and error.  The session is the caller's, what hangs on it its child. */
STS_MUST_USE enum sts_status tls_capture_facts(struct tls_capture *look, const char *host,
                                               struct tls_session *session);

/* chain, chain_count, chain_total, trust, trust_error, missing_issuer*, chain_disordered. */
STS_MUST_USE enum sts_status tls_chain_judge(struct tls_session *session, struct tls_trust *trust,
                                             STACK_OF(X509) * chain, const char *host);
/* One certificate as facts, tls_certificate.c; what hangs on it is a child of ctx. */
STS_MUST_USE enum sts_status tls_certificate_read(TALLOC_CTX *ctx, X509 *x509, const char *host,
                                                  struct certificate *certificate);
/* RFC 2253 order, printable.  caIssuers: the first http URL, NULL if there is none. */
int64_t tls_time(const ASN1_TIME *when);
char *tls_name_text(TALLOC_CTX *ctx, const X509_NAME *name);
char *tls_ca_issuers(TALLOC_CTX *ctx, X509 *x509);

#endif
