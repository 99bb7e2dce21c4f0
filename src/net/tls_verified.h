/* SPDX-License-Identifier: MIT */
/* tls_verified.h - TLS as a client that means it: where we sign in, the certificate must hold.
 *
 * TLS 1.2 and up at OpenSSL's default level, the chain verified against the trust store, the name
 * against the host's, before anything is said.  Without a socket: bytes in, bytes out, any number
 * of them.  (tls.h looks and does not judge.) */
#ifndef NET_TLS_VERIFIED_H
#define NET_TLS_VERIFIED_H

#include "net/tls.h"

struct tls_verified;

/* host: a name or an address literal, which the certificate must be for. */
STS_MUST_USE enum sts_status tls_verified_new(TALLOC_CTX *ctx, struct tls_trust *trust,
                                              const char *host, struct tls_verified **ret);
/* As those of struct tls_client. */
STS_MUST_USE enum sts_status tls_verified_feed(struct tls_verified *client, const void *data,
                                               size_t length);
void tls_verified_eof(struct tls_verified *client);
enum tls_state tls_verified_state(const struct tls_verified *client);
size_t tls_verified_pull(struct tls_verified *client, void *data, size_t size);
STS_MUST_USE enum sts_status tls_verified_write(struct tls_verified *client, const void *data,
                                                size_t length);
size_t tls_verified_read(struct tls_verified *client, void *data, size_t size);

/* Why it failed, OpenSSL's words; NULL: it did not.  *ret_certificate: for the certificate. */
const char *tls_verified_error(const struct tls_verified *client, bool *ret_certificate);

#endif
