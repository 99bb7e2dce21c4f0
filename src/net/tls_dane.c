/* SPDX-License-Identifier: MIT */
/* tls_dane.c - does a TLSA record fit a presented chain (RFC 6698, as RFC 7672 uses it for SMTP)?
 *
 * OpenSSL's own DANE verification decides, off line, one record at a time.  Only usages 2 and 3
 * count (RFC 7672 section 3.1.3); for 3 neither name nor date matters (3.1.1), for 2 the name must
 * match and the dates are left to the rules. */
#include "net/tls_look.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#define DATA_MAX 4096 /* bytes of certificate association data */

static size_t from_hex(const struct bytes *hex, unsigned char *data)
{
    size_t length = hex->length / 2;

    if (length > DATA_MAX)
        return 0;
    for (size_t i = 0; i < length; i++) {
        const char *digits = "0123456789abcdef";
        const char *high = strchr(digits, hex->data[2 * i]);
        const char *low = strchr(digits, hex->data[2 * i + 1]);

        if (!high || !low)
            return 0;
        data[i] = (unsigned char)((high - digits) << 4 | (low - digits));
    }
    return length;
}

/* >0: usable; 0: not; <0: no memory. */
static int add_record(SSL *ssl, const struct dns_record *record)
{
    unsigned char data[DATA_MAX];
    size_t length = from_hex(&record->data, data);

    if (record->usage != 2 && record->usage != 3)
        return 0;
    return SSL_dane_tlsa_add(ssl, (uint8_t)record->usage, (uint8_t)record->selector,
                             (uint8_t)record->matching, data, length);
}

static bool verify(SSL *ssl, STACK_OF(X509) * chain, const char *host)
{
    X509_STORE *empty = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    bool fits = false;

    if (empty && context && X509_STORE_CTX_init(context, empty, sk_X509_value(chain, 0), chain)) {
        X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(context);

        X509_STORE_CTX_set_default(context, "ssl_server");
        X509_STORE_CTX_set0_dane(context, SSL_get0_dane(ssl));
        X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_NO_CHECK_TIME);
        X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        X509_VERIFY_PARAM_set1_host(param, host, 0);
        fits = X509_verify_cert(context) == 1 && SSL_get0_dane_authority(ssl, NULL, NULL) >= 0;
    }
    X509_STORE_CTX_free(context);
    X509_STORE_free(empty);
    return fits;
}

static int try_record(SSL_CTX *context, STACK_OF(X509) * chain, const char *host,
                      const struct dns_record *record)
{
    SSL *ssl = SSL_new(context);
    int result = TLSA_UNKNOWN, added;

    if (!ssl)
        return TLSA_UNKNOWN;
    if (SSL_dane_enable(ssl, host) > 0) {
        SSL_dane_set_flags(ssl, DANE_FLAG_NO_DANE_EE_NAMECHECKS);
        added = add_record(ssl, record);
        if (added == 0)
            result = TLSA_UNUSABLE;
        else if (added > 0)
            result = verify(ssl, chain, host) ? TLSA_MATCH : TLSA_MISMATCH;
    }
    SSL_free(ssl);
    ERR_clear_error();
    return result;
}

/* The presented chain again, from the facts. */
static STACK_OF(X509) * chain_of(const struct tls_session *session)
{
    STACK_OF(X509) *chain = sk_X509_new_null();

    for (size_t i = 0; chain && i < session->chain_count; i++) {
        const unsigned char *der = (const unsigned char *)session->chain[i].der.data;
        X509 *x509 = d2i_X509(NULL, &der, (long)session->chain[i].der.length);

        if (!x509 || !sk_X509_push(chain, x509)) {
            X509_free(x509);
            break;
        }
    }
    return chain;
}

enum sts_status tls_dane_try(TALLOC_CTX *ctx, struct tls_session *session, const char *host,
                             const struct dns_answer *tlsa)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    STACK_OF(X509) *chain = chain_of(session);
    enum sts_status status = STS_E_NOMEM;

    session->tlsa = talloc_zero_array(ctx, struct tlsa_match, tlsa->record_count + 1);
    if (context && chain && session->tlsa && SSL_CTX_dane_enable(context) > 0) {
        for (size_t i = 0; i < tlsa->record_count; i++) {
            const struct dns_record *record = &tlsa->records[i];

            session->tlsa[session->tlsa_count++] = (struct tlsa_match){
                record->usage, record->selector, record->matching, record->data,
                sk_X509_num(chain) ? try_record(context, chain, host, record) : TLSA_UNKNOWN};
        }
        status = STS_OK;
    }
    sk_X509_pop_free(chain, X509_free);
    SSL_CTX_free(context);
    ERR_clear_error();
    return status;
}
