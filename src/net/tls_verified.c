/* SPDX-License-Identifier: MIT */
/* tls_verified.c - OpenSSL between two buffers, with verification. */
#include "net/tls_verified.h"

#include <arpa/inet.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "net/tls_capture.h"

struct tls_verified {
    SSL *ssl;
    BIO *in, *out; /* the SSL's */
    enum tls_state state;
    bool eof;
    bool certificate; /* it failed for that */
    const char *error;
};

static int verified_drop(struct tls_verified *client)
{
    SSL_free(client->ssl);
    return 0;
}

static bool is_address(const char *host)
{
    unsigned char address[16];

    return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
}

/* sts_name_match() has MTA-STS's rules for MX hosts; here OpenSSL's of RFC 6125 are right. */
static bool expect_name(TALLOC_CTX *ctx, SSL *ssl, const char *host)
{
    char *name; /* OpenSSL takes no const one, and copies it */

    if (is_address(host))
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host);
    name = talloc_strdup(ctx, host);
    SSL_set_hostflags(ssl,
                      X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    return name && SSL_set1_host(ssl, name) && SSL_set_tlsext_host_name(ssl, name);
}

static bool connect_buffers(struct tls_verified *client)
{
    client->in = BIO_new(BIO_s_mem());
    client->out = BIO_new(BIO_s_mem());
    if (!client->in || !client->out) {
        BIO_free(client->in);
        BIO_free(client->out);
        return false;
    }
    BIO_set_mem_eof_return(client->in, -1); /* empty means: wait */
    BIO_set_mem_eof_return(client->out, -1);
    SSL_set_bio(client->ssl, client->in, client->out);
    return true;
}

static bool set_up(struct tls_verified *client, struct tls_trust *trust, const char *host)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    X509_STORE *store = tls_trust_store(trust);

    if (context && store && SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION)) {
        SSL_CTX_set1_cert_store(context, store);
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
        client->ssl = SSL_new(context);
    }
    SSL_CTX_free(context); /* the SSL holds it now */
    if (!client->ssl || !connect_buffers(client) || !expect_name(client, client->ssl, host))
        return false;
    SSL_set_connect_state(client->ssl);
    return true;
}

static void fail(struct tls_verified *client)
{
    long verdict = SSL_get_verify_result(client->ssl);
    const char *reason = ERR_reason_error_string(ERR_peek_error());

    client->state = TLS_STATE_FAILED;
    client->certificate = verdict != X509_V_OK;
    client->error = client->certificate ? X509_verify_cert_error_string(verdict) : reason;
    ERR_clear_error();
}

/* Waiting for more bytes is no failure, unless none will come. */
static void judge(struct tls_verified *client, int result)
{
    int error = SSL_get_error(client->ssl, result);

    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
        if (client->eof)
            client->state = TLS_STATE_CLOSED;
    } else if (error == SSL_ERROR_ZERO_RETURN) {
        client->state = TLS_STATE_CLOSED;
    } else {
        fail(client);
    }
}

static void shake_hands(struct tls_verified *client)
{
    int result;

    if (client->state != TLS_STATE_HANDSHAKE)
        return;
    ERR_clear_error();
    result = SSL_do_handshake(client->ssl);
    if (result == 1)
        client->state = TLS_STATE_OPEN;
    else
        judge(client, result);
}

enum sts_status tls_verified_new(TALLOC_CTX *ctx, struct tls_trust *trust, const char *host,
                                 struct tls_verified **ret)
{
    struct tls_verified *client = talloc_zero(ctx, struct tls_verified);

    if (!client)
        return STS_E_NOMEM;
    talloc_set_destructor(client, verified_drop);
    if (!set_up(client, trust, host)) {
        talloc_free(client);
        ERR_clear_error();
        return STS_E_NOMEM;
    }
    shake_hands(client); /* writes the ClientHello */
    *ret = client;
    return STS_OK;
}

enum sts_status tls_verified_feed(struct tls_verified *client, const void *data, size_t length)
{
    if (client->state == TLS_STATE_FAILED || client->state == TLS_STATE_CLOSED)
        return STS_OK;
    if (BIO_write(client->in, data, (int)length) != (int)length)
        return STS_E_NOMEM;
    shake_hands(client);
    return STS_OK;
}

void tls_verified_eof(struct tls_verified *client)
{
    client->eof = true;
    shake_hands(client);
}

enum tls_state tls_verified_state(const struct tls_verified *client)
{
    return client->state;
}

size_t tls_verified_pull(struct tls_verified *client, void *data, size_t size)
{
    int got = BIO_read(client->out, data, (int)size);

    return got > 0 ? (size_t)got : 0;
}

enum sts_status tls_verified_write(struct tls_verified *client, const void *data, size_t length)
{
    if (client->state != TLS_STATE_OPEN)
        return STS_E_INVALID;
    ERR_clear_error();
    if (SSL_write(client->ssl, data, (int)length) != (int)length)
        fail(client);
    return STS_OK;
}

size_t tls_verified_read(struct tls_verified *client, void *data, size_t size)
{
    int got;

    if (client->state != TLS_STATE_OPEN)
        return 0;
    ERR_clear_error();
    got = SSL_read(client->ssl, data, (int)size);
    if (got > 0)
        return (size_t)got;
    judge(client, got);
    return 0;
}

const char *tls_verified_error(const struct tls_verified *client, bool *ret_certificate)
{
    *ret_certificate = client->certificate;
    return client->error;
}
