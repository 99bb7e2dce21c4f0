/* SPDX-License-Identifier: MIT */
/* tls_bound.c - which of the presented certificates the verifier gets.
 *
 * A peer may present hundreds of certificates, each with a key that takes milliseconds, and
 * OpenSSL would try them all.  The verifier gets those that a path can run over by their names, up
 * to a ceiling, and none with a key that no CA has.  Where anything was held back and no path was
 * found, that is why: `refused`. */
#include "net/tls_capture.h"

#include <openssl/core_names.h>
#include <openssl/err.h>

#include "net/limits.h"

/* OpenSSL has this ceiling for keys of more than 3,072 bits only. */
static bool is_costly(X509 *x509)
{
    EVP_PKEY *key = X509_get0_pubkey(x509);
    BIGNUM *exponent = NULL;
    bool costly;

    if (!key || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA)
        return false;
    costly = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent) &&
             BN_num_bits(exponent) > LIMIT_RSA_EXPONENT_BITS;
    BN_free(exponent);
    return costly;
}

static bool holds(STACK_OF(X509) * list, X509 *x509)
{
    for (int i = 0; i < sk_X509_num(list); i++)
        if (!X509_cmp(sk_X509_value(list, i), x509))
            return true;
    return false;
}

static bool take(STACK_OF(X509) * taken, X509 *x509)
{
    if (!X509_up_ref(x509))
        return false;
    if (sk_X509_push(taken, x509))
        return true;
    X509_free(x509);
    return false;
}

/* Every presented certificate that could have issued `x509`. */
static bool take_issuers(STACK_OF(X509) * chain, X509 *x509, STACK_OF(X509) * taken,
                         const char **ret_refused)
{
    const X509_NAME *issuer = X509_get_issuer_name(x509);

    if (!X509_NAME_cmp(X509_get_subject_name(x509), issuer))
        return true;
    for (int i = 0; i < sk_X509_num(chain); i++) {
        X509 *other = sk_X509_value(chain, i);

        if (X509_NAME_cmp(X509_get_subject_name(other), issuer) || holds(taken, other))
            continue;
        if (is_costly(other))
            *ret_refused = "RSA key with an exponent of more than 64 bits";
        else if (sk_X509_num(taken) == LIMIT_VERIFIED)
            *ret_refused = X509_verify_cert_error_string(X509_V_ERR_CERT_CHAIN_TOO_LONG);
        else if (!take(taken, other))
            return false;
    }
    return true;
}

STACK_OF(X509) * tls_chain_bound(STACK_OF(X509) * chain, const char **ret_refused)
{
    STACK_OF(X509) *taken = sk_X509_new_null();
    bool ok = taken && sk_X509_num(chain) && take(taken, sk_X509_value(chain, 0));

    *ret_refused = NULL;
    for (int i = 0; ok && i < sk_X509_num(taken); i++)
        ok = take_issuers(chain, sk_X509_value(taken, i), taken, ret_refused);
    ERR_clear_error();
    if (ok)
        return taken;
    sk_X509_pop_free(taken, X509_free);
    return NULL;
}
