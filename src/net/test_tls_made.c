/* SPDX-License-Identifier: MIT */
/* test_tls_made.c - read back by OpenSSL. */
#include "net/tls_made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

struct bench {
    TALLOC_CTX *ctx;
    struct tls_made *made;
    char folder[32];
};

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));

    bench->ctx = talloc_new(NULL);
    snprintf(bench->folder, sizeof(bench->folder), "/tmp/made-XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    assert_int_equal(tls_made_new(bench->ctx, &bench->made), STS_OK);
    *state = bench;
    return 0;
}

static char *path_of(const struct bench *bench, const char *name)
{
    return talloc_asprintf(bench->ctx, "%s/%s", bench->folder, name);
}

static int tear_down(void **state)
{
    struct bench *bench = *state;

    unlink(path_of(bench, "ca"));
    unlink(path_of(bench, "one"));
    rmdir(bench->folder);
    talloc_free(bench->ctx);
    free(bench);
    return 0;
}

static X509 *read_certificate(const char *path, EVP_PKEY **ret_key)
{
    FILE *file = fopen(path, "r");
    X509 *certificate;

    assert_non_null(file);
    if (ret_key)
        *ret_key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
    certificate = PEM_read_X509(file, NULL, NULL, NULL);
    fclose(file);
    assert_non_null(certificate);
    return certificate;
}

/* What a client that trusts the CA says of it: X509_V_OK, or why not. */
static int verify(X509 *ca, X509 *certificate)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    int error;

    assert_int_equal(X509_STORE_add_cert(store, ca), 1);
    assert_int_equal(X509_STORE_CTX_init(context, store, certificate, NULL), 1);
    (void)X509_verify_cert(context);
    error = X509_STORE_CTX_get_error(context);
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    return error;
}

static int verdict(const struct bench *bench, int days)
{
    const struct tls_made_wish wish = {"mx.example", days};
    EVP_PKEY *key = NULL;
    X509 *ca, *certificate;
    struct stat status;
    int error;

    assert_int_equal(tls_made_write_ca(bench->made, path_of(bench, "ca")), STS_OK);
    assert_int_equal(tls_made_write(bench->made, &wish, path_of(bench, "one")), STS_OK);
    assert_int_equal(stat(path_of(bench, "one"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    ca = read_certificate(path_of(bench, "ca"), NULL);
    certificate = read_certificate(path_of(bench, "one"), &key);
    assert_int_equal(X509_check_private_key(certificate, key), 1);
    assert_int_equal(X509_check_host(certificate, "mx.example", 0, 0, NULL), 1);
    assert_int_equal(X509_check_host(certificate, "other.example", 0, 0, NULL), 0);
    error = verify(ca, certificate);
    X509_free(ca);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return error;
}

static void a_good_one(void **state)
{
    assert_int_equal(verdict(*state, 30), X509_V_OK);
}

static void one_that_has_expired(void **state)
{
    assert_int_equal(verdict(*state, -1), X509_V_ERR_CERT_HAS_EXPIRED);
}

static void nothing_is_replaced(void **state)
{
    const struct bench *bench = *state;
    const struct tls_made_wish wish = {"mx.example", 30};

    assert_int_equal(tls_made_write(bench->made, &wish, path_of(bench, "one")), STS_OK);
    assert_int_equal(tls_made_write(bench->made, &wish, path_of(bench, "one")), STS_E_IO);
    assert_int_equal(tls_made_write_ca(bench->made, path_of(bench, "one")), STS_E_IO);
    assert_int_equal(tls_made_write_ca(bench->made, path_of(bench, "no/ca")), STS_E_IO);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_good_one),
        CASE(one_that_has_expired),
        CASE(nothing_is_replaced),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
