/* SPDX-License-Identifier: MIT */
/* tls.h - TLS as a client that looks and does not judge, and certificates as facts.
 *
 * The handshake never fails for the certificate: the chain is kept, and what a careful sender
 * thinks of it is computed afterwards, with the same function for HTTPS, SMTP and tests.  We offer
 * TLS 1.0 and up at security level 0, so that old servers are seen; `weakness` in the facts tells
 * what a default sender would refuse.  Dates and names are left to the rules; trust is not, since
 * it needs the store.
 *
 * <openssl/...> is included by net/tls*.c only; others see forward declarations.
 */
#ifndef NET_TLS_H
#define NET_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "facts/facts.h"

struct tls_trust;

/* The trust store and what hangs on it.  ca_file NULL: the system's store.  The store is parsed at
 * first use, not here, except that an unreadable or empty ca_file is reported here: *ret_why is one
 * line.  Shared by all connections of a thread. */
STS_MUST_USE enum sts_status tls_trust_new(TALLOC_CTX *ctx, const char *ca_file,
                                           struct tls_trust **ret, char **ret_why);

/* ---- what is offered in a handshake ---------------------------------------------------------- */

enum tls_keys { TLS_KEYS_ANY, TLS_KEYS_RSA, TLS_KEYS_ECDSA };

/* NULL in place of it: everything, and no more bytes than that takes. */
struct tls_offer {
    bool large_hello; /* as large as a hybrid key exchange makes it: more than one segment */
    bool no_sni;      /* whatever name the caller gives */
    bool no_tls13;
    enum tls_keys keys; /* of certificates that are taken */
};

/* What to try next with a peer whose `first` handshake went well, after `count` further ones.
 * false: nothing more is to be learnt. */
bool tls_offer_next(const struct tls_session *first, const struct tls_again *done, size_t count,
                    struct tls_offer *ret);
/* After these, with mail servers: what do senders see that name no host?  false: it is known, or
 * the peer has had enough. */
bool tls_offer_without_sni(const struct tls_again *done, size_t count, struct tls_offer *ret);
/* The offer as facts; the rest is the caller's. */
struct tls_again tls_offer_facts(const struct tls_offer *offer);

/* ---- a client without a socket: bytes in, bytes out ------------------------------------------ */

struct tls_client;

enum tls_state { TLS_STATE_HANDSHAKE, TLS_STATE_OPEN, TLS_STATE_CLOSED, TLS_STATE_FAILED };

STS_MUST_USE enum sts_status tls_client_new(TALLOC_CTX *ctx, struct tls_trust *trust,
                                            const char *sni, const struct tls_offer *offer,
                                            struct tls_client **ret);
/* Ciphertext from the peer.  Never blocks; afterwards look at the state, pull and read. */
STS_MUST_USE enum sts_status tls_client_feed(struct tls_client *client, const void *data,
                                             size_t length);
/* The peer closed the connection. */
void tls_client_eof(struct tls_client *client);
enum tls_state tls_client_state(const struct tls_client *client);
/* Ciphertext for the peer: at most `size` bytes into `data`; returns how many. */
size_t tls_client_pull(struct tls_client *client, void *data, size_t size);
/* Plaintext. */
STS_MUST_USE enum sts_status tls_client_write(struct tls_client *client, const void *data,
                                              size_t length);
size_t tls_client_read(struct tls_client *client, void *data, size_t size);
/* What was seen so far, owned by ctx: fit to call in any state, also after a time-out (the caller
 * then sets outcome to TLS_TIMEOUT).  host is the name the SAN are sorted by. */
STS_MUST_USE enum sts_status tls_client_facts(TALLOC_CTX *ctx, struct tls_client *client,
                                              const char *host, struct tls_session **ret);

/* ---- libcurl's connection watched ------------------------------------------------------------ */

struct tls_watch;

STS_MUST_USE enum sts_status tls_watch_new(TALLOC_CTX *ctx, struct tls_trust *trust,
                                           const char *sni, const struct tls_offer *offer,
                                           struct tls_watch **ret);
/* To be called from CURLOPT_SSL_CTX_FUNCTION with its SSL_CTX.  The watch must outlive it. */
STS_MUST_USE enum sts_status tls_watch_attach(struct tls_watch *watch, void *ssl_ctx);
STS_MUST_USE enum sts_status tls_watch_facts(TALLOC_CTX *ctx, struct tls_watch *watch,
                                             const char *host, struct tls_session **ret);

/* ---- a chain out of nowhere (tests, stored facts) -------------------------------------------- */

/* chain: DER certificates, the leaf first.  Fills chain, trust and what belongs to it. */
STS_MUST_USE enum sts_status tls_chain_facts(TALLOC_CTX *ctx, struct tls_trust *trust,
                                             const struct bytes *chain, size_t count,
                                             const char *host, struct tls_session *session);

/* ---- DANE ------------------------------------------------------------------------------------ */

/* Try each TLSA record on the chain of the session: fills session->tlsa, owned by ctx.  host: the
 * TLSA base domain.  trust: to name a CA certificate that was not sent. */
STS_MUST_USE enum sts_status tls_dane_try(TALLOC_CTX *ctx, struct tls_trust *trust,
                                          struct tls_session *session, const char *host,
                                          const struct dns_answer *tlsa);

#endif
