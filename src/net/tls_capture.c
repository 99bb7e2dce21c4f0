/* SPDX-License-Identifier: MIT */
/* tls_capture.c - OpenSSL's callbacks while a handshake runs, and the facts it leaves behind. */
#include "net/tls_capture.h"

#include <pthread.h>

#include <openssl/err.h>

#include "base/text.h"
#include "net/limits.h"

#define SENDER_BITS        112            /* OpenSSL's security level 2 */
#define SENDER_CHAIN_BYTES (size_t)102400 /* OpenSSL's own ceiling; senders keep it */

/* ---- which look belongs to an SSL ------------------------------------------------------------ */

static int ssl_index = -1, context_index = -1;

static void make_once(void)
{
    ssl_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL);
    context_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
}

/* Of the process, and so for all threads. */
static bool make_indexes(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, make_once);
    return ssl_index >= 0 && context_index >= 0;
}

static struct tls_capture *look_of(const SSL *ssl)
{
    struct tls_capture *look = SSL_get_ex_data(ssl, ssl_index);

    return look ? look : SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), context_index);
}

bool tls_capture_attach(struct tls_capture *look, SSL *ssl)
{
    return make_indexes() && SSL_set_ex_data(ssl, ssl_index, look);
}

bool tls_capture_attach_context(struct tls_capture *look, SSL_CTX *context)
{
    return make_indexes() && SSL_CTX_set_ex_data(context, context_index, look);
}

void tls_capture_clear(struct tls_capture *look)
{
    sk_X509_pop_free(look->chain, X509_free);
    look->chain = NULL;
}

/* ---- callbacks ------------------------------------------------------------------------------- */

/* In place of verification: keep the chain and go on. */
static int keep_chain(X509_STORE_CTX *context, void *arg)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct tls_capture *look = ssl ? look_of(ssl) : NULL;
    STACK_OF(X509) *chain = X509_STORE_CTX_get0_untrusted(context);

    (void)arg;
    if (!look || look->chain || !chain)
        return 1;
    look->chain = X509_chain_up_ref(chain);
    for (int i = 0; i < sk_X509_num(chain); i++)
        look->chain_bytes += (size_t)i2d_X509(sk_X509_value(chain, i), NULL);
    return 1;
}

static void note_session(struct tls_capture *look, SSL *ssl)
{
    const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);
    EVP_PKEY *exchange = NULL;
    const unsigned char *response = NULL;

    look->finished = true;
    look->version = SSL_get_version(ssl);
    look->version_number = SSL_version(ssl);
    if (cipher) {
        look->cipher = SSL_CIPHER_get_name(cipher);
        look->cipher_bits = SSL_CIPHER_get_bits(cipher, NULL);
    }
    look->stapled = SSL_get_tlsext_status_ocsp_resp(ssl, &response) > 0 && response;
    if (SSL_get_peer_tmp_key(ssl, &exchange)) {
        look->exchange_bits = EVP_PKEY_get_security_bits(exchange);
        EVP_PKEY_free(exchange);
    }
}

/* Those of TLS 1.3 that OpenSSL 3.0 has no words for. */
static const char *alert_text(int value)
{
    static const struct {
        int alert;
        const char *text;
    } texts[] = {
        {SSL_AD_MISSING_EXTENSION, "missing extension"},
        {SSL_AD_CERTIFICATE_REQUIRED, "certificate required"},
        {SSL_AD_NO_APPLICATION_PROTOCOL, "no application protocol"},
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].alert == (value & 0xff))
            return texts[i].text;
    return SSL_alert_desc_string_long(value);
}

/* We have none to show: 0 goes on without. */
static int note_request(SSL *ssl, X509 **ret_certificate, EVP_PKEY **ret_key)
{
    struct tls_capture *look = look_of(ssl);

    (void)ret_certificate;
    (void)ret_key;
    if (look)
        look->certificate_requested = true;
    return 0;
}

static void note_progress(const SSL *ssl, int where, int value)
{
    struct tls_capture *look = look_of(ssl);

    if (!look)
        return;
    if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT && value >> 8 == SSL3_AL_FATAL) {
        look->alert = alert_text(value);
        look->alert_number = value & 0xff;
    }
    if (where & SSL_CB_HANDSHAKE_DONE)
        note_session(look, (SSL *)(uintptr_t)ssl);
}

/* A peer may send tickets and new keys without end, and SSL_read() would not return while they
 * come: whoever sends too many is read a message at a time from then on, so that deadlines are
 * seen.  Not from the start: healthy peers would cost a turn of the loop for each ticket. */
static void count_messages(int sent, int version, int type, const void *data, size_t length,
                           SSL *ssl, void *arg)
{
    struct tls_capture *look = look_of(ssl);

    (void)version, (void)data, (void)length, (void)arg;
    if (sent || type != SSL3_RT_HANDSHAKE || !look || !look->finished)
        return;
    if (++look->after == LIMIT_TLS_AFTER)
        SSL_clear_mode(ssl, SSL_MODE_AUTO_RETRY);
}

/* OpenSSL's own list before 3.5.  The later one begins with a hybrid group, and its ClientHello of
 * more than one segment is what a further handshake tries (tls_offer.c): a server that cannot bear
 * it would look as if it had no TLS at all. */
#define PLAIN_GROUPS                                                                               \
    "X25519:P-256:X448:P-521:P-384:ffdhe2048:ffdhe3072:ffdhe4096:ffdhe6144:ffdhe8192"

bool tls_capture_prepare(SSL_CTX *context)
{
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_NO_TICKET);
    SSL_CTX_clear_options(context, SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_max_cert_list(context, LIMIT_TLS_CHAIN_BYTES);
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
    SSL_CTX_set_cert_verify_callback(context, keep_chain, NULL);
    SSL_CTX_set_info_callback(context, note_progress);
    SSL_CTX_set_client_cert_cb(context, note_request);
    SSL_CTX_set_tlsext_status_type(context, TLSEXT_STATUSTYPE_ocsp);
    SSL_CTX_set_msg_callback(context, count_messages);
    /* SSL_CTX_set1_groups_list() is a macro that casts const away. */
    return SSL_CTX_ctrl(context, SSL_CTRL_SET_GROUPS_LIST, 0, (void *)(uintptr_t)PLAIN_GROUPS) &&
           SSL_CTX_set_min_proto_version(context, TLS1_VERSION) &&
           SSL_CTX_set_max_proto_version(context, 0) &&
           SSL_CTX_set_cipher_list(context, "DEFAULT:@SECLEVEL=0");
}

/* ---- facts ----------------------------------------------------------------------------------- */

static char *weakness_of(TALLOC_CTX *ctx, const struct tls_capture *look)
{
    if (look->chain_bytes > SENDER_CHAIN_BYTES)
        return talloc_asprintf(ctx, "certificates of %zu bytes: most senders read %zu at most",
                               look->chain_bytes, SENDER_CHAIN_BYTES);
    if (!look->finished)
        return NULL;
    if (look->version_number < TLS1_2_VERSION)
        return talloc_asprintf(ctx, "the server offers nothing newer than %s", look->version);
    if (look->cipher_bits < SENDER_BITS)
        return talloc_asprintf(ctx, "cipher %s of %d bits", look->cipher, look->cipher_bits);
    if (look->exchange_bits && look->exchange_bits < SENDER_BITS)
        return talloc_asprintf(ctx, "key exchange with only %d bits of security",
                               look->exchange_bits);
    return NULL;
}

enum sts_status tls_capture_facts(struct tls_capture *look, const char *host,
                                  struct tls_session *session)
{
    session->sni = look->sni ? talloc_strdup(session, look->sni) : NULL;
    session->version = look->version;
    session->cipher = look->cipher;
    session->alert = look->alert;
    session->alert_number = look->alert_number;
    session->stapled = look->stapled;
    session->certificate_requested = look->certificate_requested;
    session->weakness = weakness_of(session, look);
    return tls_chain_judge(session, look->trust, look->chain, host);
}
