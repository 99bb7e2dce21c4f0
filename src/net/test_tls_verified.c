/* SPDX-License-Identifier: MIT */
/* test_tls_verified.c - handshakes over memory that must fail, and those that must not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "net/test_pki.h"
#include "net/tls_verified.h"

#define HOST "imap.lab.example"

static struct pair root, other_root, good, expired, other_name, cn_only, stranger;
static struct tls_trust *trust;
static TALLOC_CTX *ctx;

static struct pair make(const struct pki_wish wish, const struct pair *by)
{
    return pki_make(&wish, by);
}

static int set_up(void **state)
{
    char path[] = "/tmp/mtasts-test-XXXXXX", *why;
    int fd = mkstemp(path);

    (void)state;
    ctx = talloc_new(NULL);
    root = make((struct pki_wish){.cn = "Root", .ca = true}, NULL);
    other_root = make((struct pki_wish){.cn = "Other", .ca = true}, NULL);
    good = make((struct pki_wish){.cn = "x", .san = "DNS:*.lab.example,IP:192.0.2.1"}, &root);
    expired = make((struct pki_wish){.cn = "x", .san = "DNS:" HOST, .days = -1}, &root);
    other_name = make((struct pki_wish){.cn = HOST, .san = "DNS:other.example"}, &root);
    cn_only = make((struct pki_wish){.cn = HOST}, &root);
    stranger = make((struct pki_wish){.cn = "x", .san = "DNS:" HOST}, &other_root);
    assert_true(fd >= 0);
    close(fd);
    pki_write(path, &root);
    assert_int_equal(tls_trust_new(ctx, path, &trust, &why), STS_OK);
    unlink(path);
    return 0;
}

static int tear_down(void **state)
{
    struct pair *all[] = {&root, &other_root, &good, &expired, &other_name, &cn_only, &stranger};

    (void)state;
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
        pki_free(all[i]);
    talloc_free(ctx);
    return 0;
}

struct server {
    SSL_CTX *context;
    SSL *ssl;
};

static struct server serve(const struct pair *pair, int version)
{
    struct server server = {SSL_CTX_new(TLS_server_method()), NULL};

    SSL_CTX_set_security_level(server.context, 0);
    SSL_CTX_set_cipher_list(server.context, "ALL:@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(server.context, version);
    SSL_CTX_set_max_proto_version(server.context, version);
    SSL_CTX_use_certificate(server.context, pair->cert);
    SSL_CTX_use_PrivateKey(server.context, pair->key);
    server.ssl = SSL_new(server.context);
    SSL_set_bio(server.ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(server.ssl);
    return server;
}

static void close_server(struct server *server)
{
    SSL_free(server->ssl);
    SSL_CTX_free(server->context);
}

static void shuttle(struct tls_verified *client, struct server *server)
{
    char data[4096];
    int got;

    for (int turn = 0; turn < 10; turn++) {
        size_t length;

        while ((length = tls_verified_pull(client, data, sizeof(data))) > 0)
            BIO_write(SSL_get_rbio(server->ssl), data, (int)length);
        SSL_do_handshake(server->ssl);
        while ((got = BIO_read(SSL_get_wbio(server->ssl), data, sizeof(data))) > 0)
            assert_int_equal(tls_verified_feed(client, data, (size_t)got), STS_OK);
    }
}

static void certificates_must_hold(void **state)
{
    static const struct {
        const struct pair *pair;
        const char *host;
        const char *error; /* NULL: none */
    } rows[] = {
        {&good, HOST, NULL},
        {&good, "192.0.2.1", NULL},
        {&good, "192.0.2.2", "IP address mismatch"},
        {&good, "a.imap.lab.example", "hostname mismatch"},
        {&expired, HOST, "certificate has expired"},
        {&other_name, HOST, "hostname mismatch"},
        {&cn_only, HOST, "hostname mismatch"},
        {&stranger, HOST, "unable to get local issuer certificate"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct server server = serve(rows[i].pair, TLS1_3_VERSION);
        struct tls_verified *client;
        bool certificate = false;
        const char *error;

        assert_int_equal(tls_verified_new(ctx, trust, rows[i].host, &client), STS_OK);
        shuttle(client, &server);
        error = tls_verified_error(client, &certificate);
        assert_int_equal(tls_verified_state(client),
                         rows[i].error ? TLS_STATE_FAILED : TLS_STATE_OPEN);
        if (rows[i].error) {
            assert_true(certificate);
            assert_string_equal(error, rows[i].error);
            assert_int_equal(tls_verified_write(client, "secret", 6), STS_E_INVALID);
        }
        talloc_free(client);
        close_server(&server);
    }
}

static void old_versions_are_refused(void **state)
{
    static const int versions[] = {TLS1_VERSION, TLS1_1_VERSION};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct server server = serve(&good, versions[i]);
        struct tls_verified *client;
        bool certificate;

        assert_int_equal(tls_verified_new(ctx, trust, HOST, &client), STS_OK);
        shuttle(client, &server);
        assert_int_equal(tls_verified_state(client), TLS_STATE_FAILED);
        assert_non_null(tls_verified_error(client, &certificate));
        assert_false(certificate);
        talloc_free(client);
        close_server(&server);
    }
}

static void any_amount_goes_through(void **state)
{
    struct server server = serve(&good, TLS1_2_VERSION);
    struct tls_verified *client;
    char data[8000];
    size_t total = 0, got;

    (void)state;
    memset(data, 'x', sizeof(data));
    assert_int_equal(tls_verified_new(ctx, trust, HOST, &client), STS_OK);
    shuttle(client, &server);
    assert_int_equal(tls_verified_write(client, "hello", 5), STS_OK);
    for (int i = 0; i < 200; i++) {
        SSL_write(server.ssl, data, sizeof(data));
        shuttle(client, &server);
        while ((got = tls_verified_read(client, data, sizeof(data))) > 0)
            total += got;
    }
    assert_int_equal(total, 200 * sizeof(data));
    assert_int_equal(SSL_read(server.ssl, data, sizeof(data)), 5);
    tls_verified_eof(client);
    assert_int_equal(tls_verified_read(client, data, sizeof(data)), 0);
    assert_int_equal(tls_verified_state(client), TLS_STATE_CLOSED);
    talloc_free(client);
    close_server(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_must_hold),
        cmocka_unit_test(old_versions_are_refused),
        cmocka_unit_test(any_amount_goes_through),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
