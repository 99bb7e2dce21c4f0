/* SPDX-License-Identifier: MIT */
/* crypto.c - getrandom(2) and OpenSSL. */
#include "accounts/crypto.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>

#define RSA_MODULUS_MIN 256 /* bytes: RFC 7518 section 3.3 */
#define RSA_MODULUS_MAX 1024
#define P256_SIZE       32

void crypto_random(void *data, size_t size)
{
    unsigned char *at = data;

    while (size > 0) {
        ssize_t got = getrandom(at, size, 0);

        if (got < 0 && errno != EINTR)
            abort();
        if (got > 0) {
            at += got;
            size -= (size_t)got;
        }
    }
}

static const unsigned char *data_of(struct bytes text)
{
    return (const unsigned char *)(text.data ? text.data : "");
}

bool crypto_sha256(struct bytes text, uint8_t digest[CRYPTO_SHA256_SIZE])
{
    return EVP_Digest(data_of(text), text.length, digest, NULL, EVP_sha256(), NULL) == 1;
}

bool crypto_hmac_sha1(struct bytes key, struct bytes text, uint8_t digest[CRYPTO_SHA1_SIZE])
{
    return HMAC(EVP_sha1(), data_of(key), (int)key.length, data_of(text), text.length, digest,
                NULL) != NULL;
}

bool crypto_hmac_sha256(struct bytes key, struct bytes text, uint8_t digest[CRYPTO_SHA256_SIZE])
{
    return HMAC(EVP_sha256(), data_of(key), (int)key.length, data_of(text), text.length, digest,
                NULL) != NULL;
}

bool crypto_equal(struct bytes a, struct bytes b)
{
    return a.length == b.length && CRYPTO_memcmp(data_of(a), data_of(b), a.length) == 0;
}

/* ---- signatures ------------------------------------------------------------------------------ */

/* A key out of its parts; NULL: it is none.  Takes the parts over. */
static EVP_PKEY *make_key(const char *kind, OSSL_PARAM_BLD *build)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
    OSSL_PARAM *parts = build ? OSSL_PARAM_BLD_to_param(build) : NULL;
    EVP_PKEY *key = NULL;

    if (!ctx || !parts || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, parts) != 1)
        key = NULL;
    OSSL_PARAM_free(parts);
    OSSL_PARAM_BLD_free(build);
    EVP_PKEY_CTX_free(ctx);
    return key;
}

/* Takes the key over. */
static bool verify(EVP_PKEY *key, struct bytes text, struct bytes signature)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool good = ctx && key && EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestVerify(ctx, data_of(signature), signature.length, data_of(text),
                                 text.length) == 1;

    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(key);
    return good;
}

bool crypto_verify_rs256(struct bytes modulus, struct bytes exponent, struct bytes text,
                         struct bytes signature)
{
    BIGNUM *n, *e;
    OSSL_PARAM_BLD *build;
    bool good = false;

    if (modulus.length < RSA_MODULUS_MIN || modulus.length > RSA_MODULUS_MAX ||
        exponent.length == 0 || exponent.length > 8)
        return false;
    n = BN_bin2bn(data_of(modulus), (int)modulus.length, NULL);
    e = BN_bin2bn(data_of(exponent), (int)exponent.length, NULL);
    build = OSSL_PARAM_BLD_new();
    if (n && e && build && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1)
        good = verify(make_key("RSA", build), text, signature);
    else
        OSSL_PARAM_BLD_free(build);
    BN_free(n);
    BN_free(e);
    return good;
}

/* ECDSA-Sig-Value in DER, which OpenSSL wants; NULL: no memory. */
static unsigned char *to_der(struct bytes signature, int *ret_length)
{
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(data_of(signature), P256_SIZE, NULL);
    BIGNUM *s = BN_bin2bn(data_of(signature) + P256_SIZE, P256_SIZE, NULL);
    unsigned char *der = NULL;

    *ret_length = 0;
    if (!pair || !r || !s || ECDSA_SIG_set0(pair, r, s) != 1) {
        BN_free(r);
        BN_free(s);
    } else {
        *ret_length = i2d_ECDSA_SIG(pair, &der);
    }
    ECDSA_SIG_free(pair);
    return der;
}

bool crypto_verify_es256(struct bytes x, struct bytes y, struct bytes text, struct bytes signature)
{
    unsigned char point[1 + 2 * P256_SIZE] = {4 /* not compressed */}, *der;
    OSSL_PARAM_BLD *build;
    int length = 0;
    bool good = false;

    if (x.length != P256_SIZE || y.length != P256_SIZE || signature.length != (size_t)2 * P256_SIZE)
        return false;
    memcpy(point + 1, x.data, P256_SIZE);
    memcpy(point + 1 + P256_SIZE, y.data, P256_SIZE);
    der = to_der(signature, &length);
    build = OSSL_PARAM_BLD_new();
    if (der && length > 0 && build &&
        OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point) == 1)
        good =
            verify(make_key("EC", build), text, (struct bytes){(const char *)der, (size_t)length});
    else
        OSSL_PARAM_BLD_free(build);
    OPENSSL_free(der);
    return good;
}
