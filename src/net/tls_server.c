/* SPDX-License-Identifier: MIT */
/* tls_server.c - OpenSSL as a server: TLS 1.2 with forward secrecy and AEAD, and TLS 1.3; every
 * browser since 2015 can do that.
 *
 * Tickets resume sessions without a memory of them here; their key is made anew whenever the files
 * are read, and never leaves the process. */
#include "net/tls_server.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#define CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"

/* What tells one state of a file from another. */
struct mark {
    dev_t device;
    ino_t inode;
    struct timespec changed;
    off_t size;
};

struct tls_server {
    SSL_CTX *context;
    const char *certificate, *key;
    struct mark marks[2];
    int64_t expires;
};

struct tls_stream {
    SSL *ssl;
    bool wants_write;
    bool failed;
};

/* ---- files ----------------------------------------------------------------------------------- */

/* All zero where there is none. */
static struct mark mark_of(const char *path)
{
    struct stat status;
    struct mark mark;

    memset(&mark, 0, sizeof(mark));
    if (stat(path, &status) != 0)
        return mark;
    mark.device = status.st_dev;
    mark.inode = status.st_ino;
    mark.changed = status.st_mtim;
    mark.size = status.st_size;
    return mark;
}

static bool is_same(const struct mark *a, const struct mark *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size &&
           a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

bool tls_server_is_stale(const struct tls_server *server)
{
    struct mark certificate = mark_of(server->certificate), key = mark_of(server->key);

    return !is_same(&certificate, &server->marks[0]) || !is_same(&key, &server->marks[1]);
}

static void remember_marks(struct tls_server *server)
{
    server->marks[0] = mark_of(server->certificate);
    server->marks[1] = mark_of(server->key);
}

/* The first error has the cause; passphrases are not asked for. */
static enum sts_status say(TALLOC_CTX *ctx, const char *path, char **ret_why)
{
    unsigned long error = ERR_peek_error();
    const char *reason = ERR_reason_error_string(error);

    if (ERR_SYSTEM_ERROR(error))
        reason = strerror(ERR_GET_REASON(error));
    *ret_why = talloc_asprintf(ctx, "%s: %s", path, reason ? reason : "not a PEM file");
    ERR_clear_error();
    return *ret_why ? STS_E_IO : STS_E_NOMEM;
}

static int no_passphrase(char *buffer, int size, int writing, void *arg)
{
    (void)buffer, (void)size, (void)writing, (void)arg;
    return -1;
}

static enum sts_status read_files(TALLOC_CTX *ctx, const struct tls_server *server,
                                  SSL_CTX *context, char **ret_why)
{
    ERR_clear_error();
    SSL_CTX_set_default_passwd_cb(context, no_passphrase);
    if (SSL_CTX_use_certificate_chain_file(context, server->certificate) != 1)
        return say(ctx, server->certificate, ret_why);
    if (SSL_CTX_use_PrivateKey_file(context, server->key, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1)
        return say(ctx, server->key, ret_why);
    return STS_OK;
}

/* ---- settings -------------------------------------------------------------------------------- */

/* "http/1.1" is what we speak; who offers other things only goes on without a word. */
static int choose_protocol(SSL *ssl, const unsigned char **ret, unsigned char *ret_length,
                           const unsigned char *offer, unsigned length, void *arg)
{
    static const unsigned char ours[] = "\010http/1.1";
    unsigned char *chosen;

    (void)ssl, (void)arg;
    if (SSL_select_next_proto(&chosen, ret_length, ours, sizeof(ours) - 1, offer, length) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *ret = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static SSL_CTX *new_context(void)
{
    static const unsigned char id[] = "mtasts";
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());

    if (!context)
        return NULL;
    (void)SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    (void)SSL_CTX_set_cipher_list(context, CIPHERS);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF);
    (void)SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                        SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                        SSL_MODE_RELEASE_BUFFERS);
    (void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    (void)SSL_CTX_set_session_id_context(context, id, sizeof(id) - 1);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
    return context;
}

static int64_t expiry_of(SSL_CTX *context)
{
    const X509 *certificate = SSL_CTX_get0_certificate(context);
    struct tm parts;

    if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) != 1)
        return 0;
    return (int64_t)timegm(&parts);
}

enum sts_status tls_server_reload(TALLOC_CTX *ctx, struct tls_server *server, char **ret_why)
{
    SSL_CTX *context = new_context();
    enum sts_status status;

    if (!context)
        return STS_E_NOMEM;
    remember_marks(server); /* before they are read: a change meanwhile is another */
    status = read_files(ctx, server, context, ret_why);
    if (status != STS_OK) {
        SSL_CTX_free(context);
        return status;
    }
    SSL_CTX_free(server->context);
    server->context = context;
    server->expires = expiry_of(context);
    return STS_OK;
}

static int server_drop(struct tls_server *server)
{
    SSL_CTX_free(server->context);
    return 0;
}

enum sts_status tls_server_new(TALLOC_CTX *ctx, const char *certificate, const char *key,
                               struct tls_server **ret, char **ret_why)
{
    struct tls_server *server = talloc_zero(ctx, struct tls_server);
    enum sts_status status;

    if (!server)
        return STS_E_NOMEM;
    talloc_set_destructor(server, server_drop);
    server->certificate = talloc_strdup(server, certificate);
    server->key = talloc_strdup(server, key);
    status =
        server->certificate && server->key ? tls_server_reload(ctx, server, ret_why) : STS_E_NOMEM;
    if (status == STS_OK)
        *ret = server;
    else
        talloc_free(server);
    return status;
}

int64_t tls_server_expires(const struct tls_server *server)
{
    return server->expires;
}

/* ---- connections ----------------------------------------------------------------------------- */

static int stream_drop(struct tls_stream *stream)
{
    SSL_free(stream->ssl);
    return 0;
}

enum sts_status tls_stream_new(TALLOC_CTX *ctx, struct tls_server *server, int fd,
                               struct tls_stream **ret)
{
    struct tls_stream *stream = talloc_zero(ctx, struct tls_stream);

    if (!stream)
        return STS_E_NOMEM;
    stream->ssl = SSL_new(server->context);
    talloc_set_destructor(stream, stream_drop);
    if (!stream->ssl || SSL_set_fd(stream->ssl, fd) != 1) {
        talloc_free(stream);
        return STS_E_NOMEM;
    }
    SSL_set_accept_state(stream->ssl);
    *ret = stream;
    return STS_OK;
}

/* Of SSL_read() or SSL_write(). */
static ssize_t result_of(struct tls_stream *stream, int n)
{
    int error = n > 0 ? SSL_ERROR_NONE : SSL_get_error(stream->ssl, n);

    stream->wants_write = error == SSL_ERROR_WANT_WRITE;
    if (n > 0)
        return n;
    if (error == SSL_ERROR_ZERO_RETURN)
        return 0;
    stream->failed = error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE;
    errno = stream->failed ? ECONNRESET : EAGAIN;
    return -1;
}

static int bounded(size_t size)
{
    return size > INT32_MAX ? INT32_MAX : (int)size;
}

ssize_t tls_stream_read(struct tls_stream *stream, void *data, size_t size)
{
    ERR_clear_error();
    return result_of(stream, SSL_read(stream->ssl, data, bounded(size)));
}

ssize_t tls_stream_write(struct tls_stream *stream, const void *data, size_t size)
{
    ERR_clear_error();
    return result_of(stream, SSL_write(stream->ssl, data, bounded(size)));
}

bool tls_stream_wants_write(const struct tls_stream *stream)
{
    return stream->wants_write;
}

bool tls_stream_is_open(const struct tls_stream *stream)
{
    return SSL_is_init_finished(stream->ssl);
}

/* OpenSSL forbids it after a fatal error. */
void tls_stream_end(struct tls_stream *stream)
{
    if (stream->failed || !tls_stream_is_open(stream))
        return;
    ERR_clear_error();
    (void)SSL_shutdown(stream->ssl);
}
