/* SPDX-License-Identifier: MIT */
/* tls_client.c - a TLS client on two memory buffers, without a socket. */
#include "net/tls_capture.h"

#include <string.h>

#include <openssl/err.h>

#include "net/limits.h"

struct tls_client {
    struct tls_capture look;
    SSL *ssl;
    BIO *in, *out; /* owned by ssl */
    enum tls_state state;
    bool eof;   /* the peer closed */
    size_t fed; /* bytes of ciphertext so far */
    const char *error;
    bool no_memory; /* ours: it says nothing of the peer */
};

static int client_drop(struct tls_client *client)
{
    SSL_free(client->ssl);
    tls_capture_clear(&client->look);
    return 0;
}

static bool connect_buffers(struct tls_client *client)
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

/* No SNI for a name that has no room there: out of the DNS, with escapes, it may be four times as
 * long as a name.  No other sender sends one then. */
static bool set_sni(struct tls_client *client)
{
    return !client->look.sni || strlen(client->look.sni) > TLSEXT_MAXLEN_host_name ||
           SSL_set_tlsext_host_name(client->ssl, client->look.sni);
}

static bool set_up(struct tls_client *client, const struct tls_offer *offer)
{
    SSL_CTX *context =
        offer ? tls_trust_offer_context(offer) : tls_trust_client_context(client->look.trust);

    if (!context)
        return false;
    client->ssl = SSL_new(context);
    if (offer)
        SSL_CTX_free(context); /* the SSL holds it now */
    if (!client->ssl || !tls_capture_attach(&client->look, client->ssl) ||
        !connect_buffers(client) || !set_sni(client))
        return false;
    SSL_set_connect_state(client->ssl);
    return true;
}

/* Why the library gave up, its first reason. */
static void fail(struct tls_client *client)
{
    unsigned long error = ERR_peek_error();
    unsigned long other;
    const char *reason = ERR_reason_error_string(error);

    client->state = TLS_STATE_FAILED;
    while ((other = ERR_get_error()))
        client->no_memory = client->no_memory || ERR_GET_REASON(other) == ERR_R_MALLOC_FAILURE;
    if (!client->error)
        client->error = talloc_strdup(client, reason ? reason : "the handshake failed");
    ERR_clear_error();
}

/* Waiting for more bytes is no failure, unless none will come. */
static void judge(struct tls_client *client, int result)
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

static void shake_hands(struct tls_client *client)
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

static bool name_host(struct tls_client *client, const char *sni, const struct tls_offer *offer)
{
    if (offer && offer->no_sni)
        return true;
    client->look.sni = talloc_strdup(client, sni);
    return client->look.sni;
}

enum sts_status tls_client_new(TALLOC_CTX *ctx, struct tls_trust *trust, const char *sni,
                               const struct tls_offer *offer, struct tls_client **ret)
{
    struct tls_client *client = talloc_zero(ctx, struct tls_client);

    if (!client)
        return STS_E_NOMEM;
    talloc_set_destructor(client, client_drop);
    client->look.trust = trust;
    if (!name_host(client, sni, offer) || !set_up(client, offer)) {
        talloc_free(client);
        ERR_clear_error();
        return STS_E_NOMEM;
    }
    shake_hands(client); /* writes the ClientHello */
    *ret = client;
    return STS_OK;
}

enum sts_status tls_client_feed(struct tls_client *client, const void *data, size_t length)
{
    if (client->state == TLS_STATE_FAILED || client->state == TLS_STATE_CLOSED)
        return STS_OK;
    client->fed += length;
    if (client->fed > LIMIT_TLS_SESSION_BYTES) {
        client->error = "the server sent too much data";
        client->state = TLS_STATE_FAILED;
        return STS_OK;
    }
    if (BIO_write(client->in, data, (int)length) != (int)length)
        return STS_E_NOMEM;
    shake_hands(client);
    return client->no_memory ? STS_E_NOMEM : STS_OK;
}

void tls_client_eof(struct tls_client *client)
{
    client->eof = true;
    shake_hands(client);
}

enum tls_state tls_client_state(const struct tls_client *client)
{
    return client->state;
}

size_t tls_client_pull(struct tls_client *client, void *data, size_t size)
{
    int got = BIO_read(client->out, data, (int)size);

    return got > 0 ? (size_t)got : 0;
}

enum sts_status tls_client_write(struct tls_client *client, const void *data, size_t length)
{
    if (client->state != TLS_STATE_OPEN)
        return STS_E_INVALID;
    ERR_clear_error();
    if (SSL_write(client->ssl, data, (int)length) != (int)length)
        fail(client);
    return STS_OK;
}

size_t tls_client_read(struct tls_client *client, void *data, size_t size)
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

/* A TLS 1.3 server refuses after our side of the handshake is over: an alert then belongs to the
 * handshake still. */
static enum tls_outcome outcome_of(const struct tls_client *client)
{
    if (client->state == TLS_STATE_OPEN)
        return TLS_OK;
    if (client->look.alert || client->state == TLS_STATE_FAILED)
        return TLS_FAILED;
    if (client->look.finished)
        return TLS_OK;
    return client->state == TLS_STATE_CLOSED ? TLS_CLOSED : TLS_UNKNOWN;
}

enum sts_status tls_client_facts(TALLOC_CTX *ctx, struct tls_client *client, const char *host,
                                 struct tls_session **ret)
{
    struct tls_session *session = talloc_zero(ctx, struct tls_session);
    enum sts_status status;

    if (!session)
        return STS_E_NOMEM;
    session->outcome = outcome_of(client);
    if (session->outcome == TLS_FAILED && client->error)
        session->error = talloc_strdup(session, client->error);
    status = tls_capture_facts(&client->look, host, session);
    if (status != STS_OK) {
        talloc_free(session);
        return status;
    }
    *ret = session;
    return STS_OK;
}
