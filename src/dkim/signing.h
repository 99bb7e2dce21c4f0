/* SPDX-License-Identifier: MIT */
/* signing.h - a DKIM signature (RFC 6376) for a report mail of ours (RFC 8460 section 3).
 *
 * Signed are the whole body, never a part (l=), and the fields by which receivers judge a report,
 * the TLS-Report- fields among them: relaxed, as relays fold fields anew. */
#ifndef DKIM_SIGNING_H
#define DKIM_SIGNING_H

#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "base/bytes.h"

struct signing_key {
    const char *domain;   /* d=: that of From */
    const char *selector; /* s= */
    const char *pem;      /* the private key, RSA or Ed25519, without a passphrase */
};

struct signer;
/* NULL: no memory. */
struct signer *signer_new(TALLOC_CTX *ctx);
/* The field with its line end, lines end with LF as those of the mail do; signed at a time.  Owned
 * by ctx.  STS_E_INVALID: the key is none that the library can use, or has less than 1024 bits. */
STS_MUST_USE enum sts_status signer_sign(TALLOC_CTX *ctx, struct signer *signer,
                                         const struct signing_key *key, int64_t at,
                                         struct bytes mail, char **ret);

#endif
