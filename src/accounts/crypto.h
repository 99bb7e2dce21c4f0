/* SPDX-License-Identifier: MIT */
/* crypto.h - what accounts need of cryptography: the only file that sees OpenSSL's headers, and
 * the only source of chance. */
#ifndef ACCOUNTS_CRYPTO_H
#define ACCOUNTS_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

#define CRYPTO_SHA1_SIZE   20
#define CRYPTO_SHA256_SIZE 32

/* From the kernel.  Where it gives none the program ends: nothing else would do. */
void crypto_random(void *data, size_t size);

/* A failure of these is one of memory. */
bool crypto_sha256(struct bytes text, uint8_t digest[CRYPTO_SHA256_SIZE]);
bool crypto_hmac_sha1(struct bytes key, struct bytes text, uint8_t digest[CRYPTO_SHA1_SIZE]);
bool crypto_hmac_sha256(struct bytes key, struct bytes text, uint8_t digest[CRYPTO_SHA256_SIZE]);

/* In a time that depends on the lengths only. */
bool crypto_equal(struct bytes a, struct bytes b);

/* Public keys as a JWK has them (RFC 7518 section 6), their numbers big-endian.  False: it is not
 * signed by this key, or that is no key. */
bool crypto_verify_rs256(struct bytes modulus, struct bytes exponent, struct bytes text,
                         struct bytes signature);
/* The signature is R and S, 32 bytes each (RFC 7518 section 3.4). */
bool crypto_verify_es256(struct bytes x, struct bytes y, struct bytes text, struct bytes signature);

#endif
