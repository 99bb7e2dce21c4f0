/* SPDX-License-Identifier: MIT */
/* test_tls_bound.c - what a peer can make the verifier do is bounded, and nobody else notices. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "net/limits.h"
#include "net/test_pki.h"
#include "net/tls_capture.h"

#define LONG 40 /* certificates of a chain that is too long */
#define HOST "mx.example"

static struct pair root, middle, leaf, costly, by_costly, costly_leaf, other;
static struct pair links[LONG];
static struct tls_trust *trust;
static TALLOC_CTX *ctx;

/* Signed anew after its key was changed for one with an exponent of 101 bits. */
static void make_costly(struct pair *pair, const struct pair *by)
{
    EVP_PKEY_CTX *making = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    EVP_PKEY *key = NULL;
    BIGNUM *exponent = BN_new();

    BN_set_bit(exponent, 100);
    BN_set_bit(exponent, 0);
    assert_true(EVP_PKEY_keygen_init(making) > 0);
    assert_true(EVP_PKEY_CTX_set1_rsa_keygen_pubexp(making, exponent) > 0);
    assert_true(EVP_PKEY_generate(making, &key) > 0);
    EVP_PKEY_free(pair->key);
    pair->key = key;
    X509_set_pubkey(pair->cert, key);
    X509_sign(pair->cert, by->key, EVP_sha256());
    BN_free(exponent);
    EVP_PKEY_CTX_free(making);
}

static void make_links(void)
{
    char name[16];

    for (int i = LONG - 1; i >= 0; i--) {
        snprintf(name, sizeof name, "Link %d", i);
        links[i] = pki_make(&(struct pki_wish){.cn = i ? name : HOST, .ca = i, .san = "DNS:" HOST},
                            i == LONG - 1 ? NULL : &links[i + 1]);
    }
}

static int set_up(void **state)
{
    char path[] = "/tmp/test_tls_bound.XXXXXX";
    int fd = mkstemp(path);
    char *why;

    (void)state;
    ctx = talloc_new(NULL);
    root = pki_make(&(struct pki_wish){.cn = "Root", .ca = true}, NULL);
    other = pki_make(&(struct pki_wish){.cn = "Other", .ca = true}, NULL);
    middle = pki_make(&(struct pki_wish){.cn = "Middle", .ca = true}, &root);
    leaf = pki_make(&(struct pki_wish){.cn = HOST, .san = "DNS:" HOST}, &middle);
    costly = pki_make(&(struct pki_wish){.cn = "Costly", .ca = true}, &root);
    make_costly(&costly, &root);
    by_costly = pki_make(&(struct pki_wish){.cn = HOST, .san = "DNS:" HOST}, &costly);
    costly_leaf = pki_make(&(struct pki_wish){.cn = HOST, .san = "DNS:" HOST}, &middle);
    make_costly(&costly_leaf, &middle);
    make_links();
    pki_write(path, &root);
    assert_int_equal(tls_trust_new(ctx, path, &trust, &why), STS_OK);
    close(fd);
    unlink(path);
    return 0;
}

static int tear_down(void **state)
{
    struct pair *all[] = {&root, &middle, &leaf, &costly, &by_costly, &costly_leaf, &other};

    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        pki_free(all[i]);
    for (size_t i = 0; i < LONG; i++)
        pki_free(&links[i]);
    talloc_free(ctx);
    return 0;
}

/* Certificates in the order of a list, the second as often as `times` says. */
static STACK_OF(X509) * presented(struct pair *const *list, int times)
{
    STACK_OF(X509) *chain = sk_X509_new_null();

    for (size_t i = 0; list[i]; i++)
        for (int n = 0; n < (i == 1 ? times : 1); n++)
            sk_X509_push(chain, list[i]->cert);
    return chain;
}

static void a_path_is_found_among_many_others_or_said_to_be_refused(void **state)
{
    const struct {
        const char *title;
        struct pair *list[5];
        int times;
        enum chain_trust trust;
        int taken;
        const char *refused;
    } cases[] = {
        {"a healthy chain", {&leaf, &middle}, 1, CHAIN_TRUSTED, 2, NULL},
        {"behind a hundred others", {&leaf, &other, &middle}, 100, CHAIN_TRUSTED, 2, NULL},
        {"sent a hundred times", {&leaf, &middle}, 100, CHAIN_TRUSTED, 2, NULL},
        {"with the root", {&leaf, &middle, &root}, 1, CHAIN_TRUSTED, 3, NULL},
        {"an issuer of too large an exponent",
         {&by_costly, &costly},
         1,
         CHAIN_REJECTED,
         1,
         "RSA key with an exponent of more than 64 bits"},
        {"that signs nothing", {&leaf, &costly, &middle}, 1, CHAIN_TRUSTED, 2, NULL},
        {"the host's own key signs nothing", {&costly_leaf, &middle}, 1, CHAIN_TRUSTED, 2, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct tls_session *session = talloc_zero(ctx, struct tls_session);
        STACK_OF(X509) *chain = presented(cases[i].list, cases[i].times), *taken;
        const char *refused;

        print_message("%s\n", cases[i].title);
        taken = tls_chain_bound(chain, &refused);
        assert_int_equal(sk_X509_num(taken), cases[i].taken);
        assert_int_equal(refused != NULL, cases[i].refused != NULL);
        assert_int_equal(tls_chain_judge(session, trust, chain, HOST), STS_OK);
        assert_int_equal(session->trust, cases[i].trust);
        if (cases[i].refused)
            assert_string_equal(session->trust_error, cases[i].refused);
        sk_X509_pop_free(taken, X509_free);
        sk_X509_free(chain);
    }
}

static void a_chain_of_many_links_is_too_long(void **state)
{
    struct tls_session *session = talloc_zero(ctx, struct tls_session);
    STACK_OF(X509) *chain = sk_X509_new_null(), *taken;
    const char *refused;

    (void)state;
    for (size_t i = 0; i < LONG; i++)
        sk_X509_push(chain, links[i].cert);
    taken = tls_chain_bound(chain, &refused);
    assert_int_equal(sk_X509_num(taken), LIMIT_VERIFIED);
    assert_int_equal(tls_chain_judge(session, trust, chain, HOST), STS_OK);
    assert_int_equal(session->trust, CHAIN_REJECTED);
    assert_string_equal(session->trust_error, "certificate chain too long");
    assert_int_equal(session->chain_total, LONG);
    assert_null(session->missing_issuer);
    sk_X509_pop_free(taken, X509_free);
    sk_X509_free(chain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_found_among_many_others_or_said_to_be_refused),
        cmocka_unit_test(a_chain_of_many_links_is_too_long),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
