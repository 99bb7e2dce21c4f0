/* SPDX-License-Identifier: MIT */
/* tls_made.h - certificates made on the spot for a test of this machine, by a CA of their own that
 * nobody else trusts and whose key is never written. */
#ifndef NET_TLS_MADE_H
#define NET_TLS_MADE_H

#include <talloc.h>

#include <mtasts/status.h>

struct tls_made;

/* STS_E_IO: OpenSSL makes none here. */
STS_MUST_USE enum sts_status tls_made_new(TALLOC_CTX *ctx, struct tls_made **ret);
/* The CA's certificate, for who is to trust it.  STS_E_IO: it could not be written. */
STS_MUST_USE enum sts_status tls_made_write_ca(const struct tls_made *made, const char *path);
struct tls_made_wish {
    const char *host; /* the name that the certificate is for */
    int days;         /* it ends in so many; negative: it has ended, 30 days after it began */
};
/* A new key and its certificate behind it, for its owner alone; replaces nothing. */
STS_MUST_USE enum sts_status tls_made_write(const struct tls_made *made,
                                            const struct tls_made_wish *wish, const char *path);

#endif
