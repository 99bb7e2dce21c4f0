/* SPDX-License-Identifier: MIT */
/* test_tls.c - chains judged, and handshakes over memory with a server of OpenSSL's. */
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
#include "net/tls.h"

#define HOST "mx.lab.example"
#define URL  "http://ca.lab.example/i.der"

static struct pair root, middle, other_root, other_middle;
static struct pair leaf, cn_only, self_signed, stranger, by_root, weak, sha1, wrong_purpose, many,
    other_name;
static struct pair company_root, company_middle, by_company, upper, lower, by_lower, test_ca,
    of_tests;
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
    char san[4000] = "DNS:a0.example";

    (void)state;
    ctx = talloc_new(NULL);
    root = make((struct pki_wish){.cn = "Root", .organisation = "Known", .ca = true}, NULL);
    company_root =
        make((struct pki_wish){.cn = "Company Root", .organisation = "Company", .ca = true}, NULL);
    company_middle = make((struct pki_wish){.cn = "Issuing", .organisation = "Company", .ca = true},
                          &company_root);
    by_company = make((struct pki_wish){.cn = HOST, .san = "DNS:" HOST}, &company_middle);
    upper = make((struct pki_wish){.cn = "Upper", .organisation = "Known", .ca = true}, &root);
    lower = make((struct pki_wish){.cn = "Lower", .organisation = "Known", .ca = true}, &upper);
    by_lower = make((struct pki_wish){.cn = HOST, .san = "DNS:" HOST}, &lower);
    test_ca = make((struct pki_wish){.cn = "(STAGING) Tests", .ca = true}, NULL);
    of_tests = make((struct pki_wish){.cn = HOST, .san = "DNS:" HOST, .aia = "caIssuers;URI:" URL},
                    &test_ca);
    middle = make((struct pki_wish){.cn = "Middle", .ca = true}, &root);
    other_root = make((struct pki_wish){.cn = "Other Root", .ca = true}, NULL);
    other_middle = make((struct pki_wish){.cn = "Other Middle", .ca = true}, &other_root);
    leaf = make((struct pki_wish){.cn = HOST,
                                  .san = "DNS:www.example,DNS:*.lab.example,IP:192.0.2.1",
                                  .aia = "caIssuers;URI:" URL},
                &middle);
    cn_only = make((struct pki_wish){.cn = HOST}, &middle);
    self_signed = make((struct pki_wish){.cn = HOST, .san = "DNS:" HOST}, NULL);
    stranger = make((struct pki_wish){.cn = HOST, .san = "DNS:" HOST}, &other_middle);
    by_root = make((struct pki_wish){.cn = HOST, .san = "DNS:" HOST}, &root);
    weak = make((struct pki_wish){.cn = HOST, .san = "DNS:" HOST, .weak_key = true}, &middle);
    sha1 = make((struct pki_wish){.cn = HOST, .san = "DNS:" HOST, .sha1 = true}, &middle);
    wrong_purpose = make((struct pki_wish){.cn = HOST, .purpose = "clientAuth"}, &middle);
    for (int i = 1; i < 150; i++)
        snprintf(san + strlen(san), sizeof san - strlen(san), ",DNS:a%d.example", i);
    snprintf(san + strlen(san), sizeof san - strlen(san), ",DNS:" HOST);
    other_name = make((struct pki_wish){.cn = "www", .san = "DNS:www.lab.test.example"}, &middle);
    many = make((struct pki_wish){.cn = "many", .san = san}, &middle);
    assert_true(fd >= 0);
    close(fd);
    pki_write(path, &root);
    assert_int_equal(tls_trust_new(ctx, path, &trust, &why), STS_OK);
    unlink(path);
    return 0;
}

static int tear_down(void **state)
{
    struct pair *all[] = {
        &root,        &middle,     &other_root,   &other_middle,   &leaf,       &cn_only,
        &self_signed, &stranger,   &by_root,      &weak,           &sha1,       &wrong_purpose,
        &many,        &other_name, &company_root, &company_middle, &by_company, &upper,
        &lower,       &by_lower,   &test_ca,      &of_tests};

    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        pki_free(all[i]);
    talloc_free(ctx);
    return 0;
}

static struct tls_session *judge(const struct pair *const *chain)
{
    struct tls_session *session = talloc_zero(ctx, struct tls_session);
    struct bytes der[4];
    size_t count = 0;

    for (; chain[count]; count++) {
        unsigned char *data = NULL;
        int length = i2d_X509(chain[count]->cert, &data);

        der[count] =
            (struct bytes){(char *)talloc_memdup(session, data, (size_t)length), (size_t)length};
        OPENSSL_free(data);
    }
    assert_int_equal(tls_chain_facts(ctx, trust, der, count, HOST, session), STS_OK);
    return session;
}

/* Which certificates the way to the root needs. */
static void the_path_is_told_from_surplus(void **state)
{
    const struct {
        const struct pair *chain[4];
        bool needed[3];
    } cases[] = {
        {{&leaf, &middle}, {true, true}},
        {{&leaf, &other_root, &middle}, {true, false, true}},
        {{&leaf, &middle, &root}, {true, true, true}},
        {{&leaf, &other_middle}, {true, false}},
        {{&stranger, &other_middle, &other_root}, {true, true, true}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct tls_session *session = judge(cases[i].chain);

        for (size_t j = 0; j < session->chain_count; j++)
            assert_int_equal(session->chain[j].in_path, cases[i].needed[j]);
    }
}

static void chains_are_judged_as_a_careful_sender_would(void **state)
{
    const struct {
        const char *title;
        const struct pair *chain[4];
        enum chain_trust trust;
        const char *missing, *url;
        bool disordered;
    } cases[] = {
        {"complete", {&leaf, &middle}, CHAIN_TRUSTED, NULL, NULL, false},
        {"with the root", {&leaf, &middle, &root}, CHAIN_TRUSTED, NULL, NULL, false},
        {"straight from the root", {&by_root}, CHAIN_TRUSTED, NULL, NULL, false},
        {"the CN is not our business", {&cn_only, &middle}, CHAIN_TRUSTED, NULL, NULL, false},
        {"out of order", {&leaf, &root, &middle}, CHAIN_TRUSTED, NULL, NULL, true},
        {"something surplus", {&leaf, &other_root, &middle}, CHAIN_TRUSTED, NULL, NULL, true},
        {"the intermediate is not sent", {&leaf}, CHAIN_INCOMPLETE, "CN=Middle", URL, false},
        {"another one is sent", {&leaf, &other_middle}, CHAIN_INCOMPLETE, "CN=Middle", URL, true},
        {"self-signed", {&self_signed}, CHAIN_SELF_SIGNED, NULL, NULL, false},
        {"an unknown root, sent",
         {&stranger, &other_middle, &other_root},
         CHAIN_UNTRUSTED_ROOT,
         NULL,
         NULL,
         false},
        {"an unknown root, not sent",
         {&stranger, &other_middle},
         CHAIN_UNTRUSTED_ROOT,
         "CN=Other Root",
         NULL,
         false},
        {"a weak key", {&weak, &middle}, CHAIN_REJECTED, NULL, NULL, false},
        {"SHA-1", {&sha1, &middle}, CHAIN_REJECTED, NULL, NULL, false},
        {"for clients", {&wrong_purpose, &middle}, CHAIN_WRONG_PURPOSE, NULL, NULL, false},
        {"a company's CA",
         {&by_company},
         CHAIN_UNTRUSTED_ROOT,
         "CN=Issuing,O=Company",
         NULL,
         false},
        {"a company's upper CA",
         {&by_company, &company_middle},
         CHAIN_UNTRUSTED_ROOT,
         "CN=Company Root,O=Company",
         NULL,
         false},
        {"an upper intermediate of a known organisation",
         {&by_lower, &lower},
         CHAIN_INCOMPLETE,
         "CN=Upper,O=Known",
         NULL,
         false},
        {"Let's Encrypt's test environment",
         {&of_tests},
         CHAIN_UNTRUSTED_ROOT,
         "CN=(STAGING) Tests",
         URL,
         false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct tls_session *session = judge(cases[i].chain);

        print_message("%s\n", cases[i].title);
        assert_int_equal(session->trust, cases[i].trust);
        assert_int_equal(session->chain_disordered, cases[i].disordered);
        assert_int_equal(session->trust_error == NULL, cases[i].trust == CHAIN_TRUSTED);
        assert_int_equal(session->anchor != NULL, cases[i].trust == CHAIN_TRUSTED);
        assert_true(session->chain[0].in_path);
        if (cases[i].missing)
            assert_string_equal(session->missing_issuer, cases[i].missing);
        else
            assert_null(session->missing_issuer);
        if (cases[i].url)
            assert_string_equal(session->missing_issuer_url, cases[i].url);
    }
}

static void certificates_are_told(void **state)
{
    const struct pair *chain[] = {&leaf, &middle, NULL};
    const struct certificate *certificate = judge(chain)->chain;

    (void)state;
    assert_string_equal(certificate->subject, "CN=" HOST);
    assert_string_equal(certificate->issuer, "CN=Middle");
    assert_string_equal(certificate->common_name, HOST);
    assert_string_equal(certificate->key, "EC prime256v1");
    assert_string_equal(certificate->signature, "ecdsa-with-SHA256");
    assert_string_equal(certificate->ca_issuers, URL);
    assert_int_equal(certificate->dns_name_count, 2);
    assert_string_equal(certificate->dns_names[0], "*.lab.example"); /* covers the host: first */
    assert_int_equal(certificate->address_count, 1);
    assert_string_equal(certificate->addresses[0], "192.0.2.1");
    assert_int_equal(strlen(certificate->sha256), 64);
    assert_int_equal(strlen(certificate->spki_sha256), 64);
    assert_int_equal(certificate->not_after - certificate->not_before, 91 * 86400);
    assert_false(certificate->self_signed);
}

static void of_many_names_the_fitting_one_is_kept(void **state)
{
    const struct pair *chain[] = {&many, &middle, NULL};
    const struct certificate *certificate = judge(chain)->chain;

    (void)state;
    assert_int_equal(certificate->dns_names_total, 151);
    assert_int_equal(certificate->dns_name_count, 100);
    assert_string_equal(certificate->dns_names[0], HOST);
}

static void a_ca_file_that_is_none_is_told(void **state)
{
    struct tls_trust *none;
    char *why;

    (void)state;
    assert_int_equal(tls_trust_new(ctx, "/nonexistent/ca.pem", &none, &why), STS_E_INVALID);
    assert_non_null(strstr(why, "/nonexistent/ca.pem"));
    assert_int_equal(tls_trust_new(ctx, "/dev/null", &none, &why), STS_E_INVALID);
    assert_non_null(strstr(why, "/dev/null"));
}

/* The SHA-256 of a certificate (selector 0) or of its key (1), in hexadecimal. */
static struct bytes digest(const struct pair *pair, int selector)
{
    unsigned char *der = NULL, sum[32];
    int length = selector ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(pair->cert), &der)
                          : i2d_X509(pair->cert, &der);
    char *hex = talloc_size(ctx, 65);

    EVP_Digest(der, (size_t)length, sum, NULL, EVP_sha256(), NULL);
    OPENSSL_free(der);
    for (int i = 0; i < 32; i++)
        snprintf(hex + 2 * i, 3, "%02x", sum[i]);
    return (struct bytes){hex, 64};
}

static void tlsa_records_are_tried_one_by_one(void **state)
{
    const struct {
        const char *title;
        int usage, selector, matching;
        const struct pair *of, *chain[4];
        int result;
    } cases[] = {
        {"3 1 1 of the leaf", 3, 1, 1, &leaf, {&leaf, &middle}, TLSA_MATCH},
        {"3 0 1 of the leaf", 3, 0, 1, &leaf, {&leaf, &middle}, TLSA_MATCH},
        {"3 1 1, whatever the name and the root", 3, 1, 1, &stranger, {&stranger}, TLSA_MATCH},
        {"3 1 1 of another", 3, 1, 1, &stranger, {&leaf, &middle}, TLSA_MISMATCH},
        {"3 1 1 of the intermediate", 3, 1, 1, &middle, {&leaf, &middle}, TLSA_MISMATCH},
        {"2 1 1 of the intermediate", 2, 1, 1, &middle, {&leaf, &middle}, TLSA_MATCH},
        {"2 0 1 of a root that is sent",
         2,
         0,
         1,
         &other_root,
         {&stranger, &other_middle, &other_root},
         TLSA_MATCH},
        {"2 1 1, the name in CN alone: DANE may (RFC 7672 section 3.2.3)",
         2,
         1,
         1,
         &middle,
         {&cn_only, &middle},
         TLSA_MATCH},
        {"2 1 1 with a name that does not fit",
         2,
         1,
         1,
         &middle,
         {&other_name, &middle},
         TLSA_MISMATCH},
        {"2 1 1 of another", 2, 1, 1, &other_middle, {&leaf, &middle}, TLSA_MISMATCH},
        {"1 1 1", 1, 1, 1, &leaf, {&leaf, &middle}, TLSA_UNUSABLE},
        {"0 0 1", 0, 0, 1, &root, {&leaf, &middle}, TLSA_UNUSABLE},
        {"a digest of wrong length", 3, 1, 2, &leaf, {&leaf, &middle}, TLSA_UNUSABLE},
        {"an unknown selector", 3, 7, 1, &leaf, {&leaf, &middle}, TLSA_UNUSABLE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct tls_session *session = judge(cases[i].chain);
        struct dns_record record = {.usage = cases[i].usage,
                                    .selector = cases[i].selector,
                                    .matching = cases[i].matching,
                                    .data = digest(cases[i].of, cases[i].selector & 1)};
        struct dns_answer answer = {.records = &record, .record_count = 1};

        print_message("%s\n", cases[i].title);
        assert_int_equal(tls_dane_try(ctx, trust, session, HOST, &answer), STS_OK);
        assert_int_equal(session->tlsa_count, 1);
        assert_int_equal(session->tlsa[0].result, cases[i].result);
    }
}

/* What the record describes, and the way to it; names and dates are left aside. */
static void tlsa_records_tell_what_they_describe(void **state)
{
    const struct {
        const char *title;
        int usage;
        const struct pair *of, *chain[4];
        int position;
        bool path, unsent, error;
    } cases[] = {
        {"3 1 1 of the leaf", 3, &leaf, {&leaf, &middle}, 1, false, false, false},
        {"3 1 1 of the intermediate", 3, &middle, {&leaf, &middle}, 2, false, false, false},
        {"2 1 1 of the intermediate", 2, &middle, {&leaf, &middle}, 2, true, false, false},
        {"another name", 2, &middle, {&other_name, &middle}, 2, true, false, false},
        {"2 1 1 of the leaf", 2, &leaf, {&leaf, &middle}, 1, false, false, true},
        {"the root, not sent", 2, &root, {&leaf, &middle}, 0, false, true, false},
        {"the root, sent", 2, &root, {&leaf, &middle, &root}, 3, true, false, false},
        {"a stranger's", 2, &other_middle, {&leaf, &middle, &other_middle}, 3, false, false, true},
        {"nobody's", 2, &other_middle, {&leaf, &middle}, 0, false, false, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct tls_session *session = judge(cases[i].chain);
        struct dns_record record = {
            .usage = cases[i].usage, .selector = 1, .matching = 1, .data = digest(cases[i].of, 1)};
        struct dns_answer answer = {.records = &record, .record_count = 1};
        const struct tlsa_match *match;

        print_message("%s\n", cases[i].title);
        assert_int_equal(tls_dane_try(ctx, trust, session, HOST, &answer), STS_OK);
        match = session->tlsa;
        assert_int_equal(match->position, cases[i].position);
        assert_int_equal(match->path, cases[i].path);
        assert_int_equal(match->unsent != NULL, cases[i].unsent);
        assert_int_equal(match->path_error != NULL, cases[i].error);
        assert_int_equal(match->valid_until > match->valid_from, cases[i].path);
    }
}

struct published {
    int usage, selector, matching;
    const struct pair *of; /* NULL: the end of the list */
};

/* A digest, or with matching type 0 the whole; in hexadecimal. */
static struct bytes association(const struct published *one)
{
    const EVP_MD *digests[] = {NULL, EVP_sha256(), EVP_sha512()};
    unsigned char *der = NULL, sum[64];
    const unsigned char *octets = sum;
    int length = one->selector ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(one->of->cert), &der)
                               : i2d_X509(one->of->cert, &der);
    unsigned count = (unsigned)length;
    char *hex;

    if (one->matching)
        EVP_Digest(der, (size_t)length, sum, &count, digests[one->matching], NULL);
    else
        octets = der;
    hex = talloc_size(ctx, 2 * count + 1);
    for (unsigned i = 0; i < count; i++)
        snprintf(hex + 2 * (size_t)i, 3, "%02x", octets[i]);
    OPENSSL_free(der);
    return (struct bytes){hex, 2 * (size_t)count};
}

static const struct tlsa_set *try_set(const struct published *set, const struct pair *const *chain)
{
    struct tls_session *session = judge(chain);
    struct dns_record records[8];
    struct dns_answer answer = {.records = records};

    for (; set->of; set++)
        records[answer.record_count++] = (struct dns_record){.usage = set->usage,
                                                             .selector = set->selector,
                                                             .matching = set->matching,
                                                             .data = association(set)};
    assert_int_equal(tls_dane_try(ctx, trust, session, HOST, &answer), STS_OK);
    assert_non_null(session->tlsa_set);
    return session->tlsa_set;
}

static void tlsa_records_are_tried_together(void **state)
{
    const struct {
        const char *title;
        struct published set[6];
        const struct pair *chain[5];
        int decider;
    } cases[] = {
        {"both digests", {{3, 1, 1, &leaf}, {3, 1, 2, &leaf}}, {&leaf}, 2},
        {"the stronger one of another", {{3, 1, 1, &leaf}, {3, 1, 2, &middle}}, {&leaf}, 0},
        {"... of another selector", {{3, 1, 1, &leaf}, {3, 0, 2, &middle}}, {&leaf}, 1},
        {"... of another usage", {{3, 1, 1, &leaf}, {2, 1, 2, &root}}, {&leaf, &middle}, 1},
        {"the whole beside a stranger's digest",
         {{3, 1, 2, &middle}, {3, 1, 0, &leaf}},
         {&leaf},
         2},
        {"the weaker one of another", {{3, 1, 1, &middle}, {3, 1, 2, &leaf}}, {&leaf}, 2},
        {"two keys by the stronger, one by the weaker",
         {{3, 1, 2, &middle}, {3, 1, 1, &leaf}, {3, 1, 2, &leaf}},
         {&leaf},
         3},
        {"a CA by the weaker digest, another CA by the stronger",
         {{2, 0, 1, &middle}, {2, 0, 2, &other_middle}},
         {&leaf, &middle},
         0},
        {"a CA, and the leaf of another key",
         {{3, 1, 1, &stranger}, {2, 0, 1, &middle}},
         {&leaf, &middle},
         2},
        {"the CA nearest to the leaf ends the path",
         {{2, 1, 1, &root}, {2, 1, 1, &middle}},
         {&leaf, &middle, &root},
         2},
        {"usages that are not for mail outdo nothing",
         {{1, 1, 2, &middle}, {3, 1, 1, &leaf}},
         {&leaf},
         2},
        {"the record brings the CA certificate that is not sent", {{2, 0, 0, &middle}}, {&leaf}, 1},
        {"the record brings the CA's key", {{2, 1, 0, &middle}}, {&leaf}, 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct tlsa_set *set = try_set(cases[i].set, cases[i].chain);

        print_message("%s\n", cases[i].title);
        assert_int_equal(set->decider, cases[i].decider);
        assert_int_equal(set->valid_until > set->valid_from, cases[i].decider > 0);
    }
}

/* Any set, against the words of RFC 7671 section 9: a record counts where no usable one of its
 * usage and selector has a stronger digest. */
static bool set_should_match(const struct published *set)
{
    for (const struct published *one = set; one->of; one++) {
        bool counts = one->of == (one->usage == 3 ? &leaf : &middle);

        for (const struct published *other = set; other->of && one->matching; other++)
            if (other->usage == one->usage && other->selector == one->selector &&
                other->matching > one->matching)
                counts = false;
        if (counts)
            return true;
    }
    return false;
}

static void any_set_is_judged_by_its_strongest_digests(void **state)
{
    const struct pair *const of[] = {&leaf, &middle, &stranger, &other_middle};
    const struct pair *const chain[] = {&leaf, &middle, NULL};
    unsigned seed = 7671;

    (void)state;
    for (int round = 0; round < 100; round++) {
        struct published set[8] = {0};
        int count = 1 + round % 6;

        for (int i = 0; i < count; i++) {
            seed = seed * 1103515245 + 12345;
            set[i] = (struct published){2 + (int)(seed >> 16 & 1), (int)(seed >> 17 & 1),
                                        (int)(seed >> 18) % 3, of[seed >> 21 & 3]};
        }
        assert_int_equal(try_set(set, chain)->decider > 0, set_should_match(set));
    }
}

/* ---- handshakes ------------------------------------------------------------------------------ */

struct server {
    SSL_CTX *context;
    SSL *ssl;
};

static struct server serve(int version)
{
    struct server server = {SSL_CTX_new(TLS_server_method()), NULL};

    SSL_CTX_set_security_level(server.context, 0);
    SSL_CTX_set_cipher_list(server.context, "ALL:@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(server.context, version);
    SSL_CTX_set_max_proto_version(server.context, version);
    SSL_CTX_use_certificate(server.context, leaf.cert);
    SSL_CTX_use_PrivateKey(server.context, leaf.key);
    SSL_CTX_add1_chain_cert(server.context, middle.cert);
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

static void shuttle(struct tls_client *client, struct server *server)
{
    char data[4096];
    int got;

    for (int turn = 0; turn < 10; turn++) {
        size_t length;

        while ((length = tls_client_pull(client, data, sizeof data)) > 0)
            BIO_write(SSL_get_rbio(server->ssl), data, (int)length);
        SSL_do_handshake(server->ssl);
        while ((got = BIO_read(SSL_get_wbio(server->ssl), data, sizeof data)) > 0)
            assert_int_equal(tls_client_feed(client, data, (size_t)got), STS_OK);
    }
}

static struct tls_session *shake_hands(struct tls_client *client, struct server *server)
{
    struct tls_session *session;

    shuttle(client, server);
    assert_int_equal(tls_client_facts(ctx, client, HOST, &session), STS_OK);
    return session;
}

static void versions_and_weakness_are_told(void **state)
{
    static const struct {
        int version;
        const char *name;
        bool weak;
    } cases[] = {{TLS1_VERSION, "TLSv1", true},
                 {TLS1_1_VERSION, "TLSv1.1", true},
                 {TLS1_2_VERSION, "TLSv1.2", false},
                 {TLS1_3_VERSION, "TLSv1.3", false}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct server server = serve(cases[i].version);
        struct tls_client *client;
        struct tls_session *session;

        assert_int_equal(tls_client_new(ctx, trust, HOST, NULL, &client), STS_OK);
        session = shake_hands(client, &server);
        assert_int_equal(session->outcome, TLS_OK);
        assert_string_equal(session->version, cases[i].name);
        assert_string_equal(session->sni, HOST);
        assert_int_equal(session->weakness != NULL, cases[i].weak);
        assert_int_equal(session->trust, CHAIN_TRUSTED);
        assert_int_equal(session->chain_count, 2);
        talloc_free(client);
        close_server(&server);
    }
}

static void plain_text_goes_through(void **state)
{
    struct server server = serve(TLS1_3_VERSION);
    struct tls_client *client;
    char data[16];

    (void)state;
    assert_int_equal(tls_client_new(ctx, trust, HOST, NULL, &client), STS_OK);
    shake_hands(client, &server);
    assert_int_equal(tls_client_write(client, "hello", 5), STS_OK);
    SSL_write(server.ssl, "world", 5);
    shuttle(client, &server);
    assert_int_equal(SSL_read(server.ssl, data, sizeof data), 5);
    assert_int_equal(tls_client_read(client, data, sizeof data), 5);
    assert_memory_equal(data, "world", 5);
    tls_client_eof(client);
    assert_int_equal(tls_client_read(client, data, sizeof data), 0);
    assert_int_equal(tls_client_state(client), TLS_STATE_CLOSED);
    talloc_free(client);
    close_server(&server);
}

static void what_a_handshake_dies_of_is_told(void **state)
{
    struct server server = serve(TLS1_2_VERSION);
    struct tls_client *client;
    struct tls_session *session;

    (void)state;
    SSL_set_cipher_list(server.ssl, "NULL"); /* nothing in common */
    assert_int_equal(tls_client_new(ctx, trust, HOST, NULL, &client), STS_OK);
    session = shake_hands(client, &server);
    assert_int_equal(session->outcome, TLS_FAILED);
    assert_string_equal(session->alert, "handshake failure");
    close_server(&server);

    assert_int_equal(tls_client_new(ctx, trust, HOST, NULL, &client), STS_OK);
    assert_int_equal(tls_client_feed(client, "454 no TLS today\r\n", 18), STS_OK);
    assert_int_equal(tls_client_facts(ctx, client, HOST, &session), STS_OK);
    assert_int_equal(session->outcome, TLS_FAILED);
    assert_string_equal(session->error, "wrong version number");

    assert_int_equal(tls_client_new(ctx, trust, HOST, NULL, &client), STS_OK);
    tls_client_eof(client);
    assert_int_equal(tls_client_facts(ctx, client, HOST, &session), STS_OK);
    assert_int_equal(session->outcome, TLS_CLOSED);
    assert_int_equal(session->trust, CHAIN_UNKNOWN);
}

static void ciphertext_without_end_is_given_up(void **state)
{
    struct server server = serve(TLS1_3_VERSION);
    struct tls_client *client;
    char data[16384];
    int fed = 0;

    (void)state;
    assert_int_equal(tls_client_new(ctx, trust, HOST, NULL, &client), STS_OK);
    shake_hands(client, &server);
    memset(data, 'x', sizeof data);
    while (tls_client_state(client) == TLS_STATE_OPEN && fed++ < 100) {
        SSL_write(server.ssl, data, 8000);
        shuttle(client, &server);
    }
    assert_int_equal(tls_client_state(client), TLS_STATE_FAILED);
    close_server(&server);
}

/* ---- no memory ------------------------------------------------------------------------------- */

static long allocations_left = -1; /* -1: as many as one likes */

static bool may_allocate(void)
{
    if (allocations_left > 0)
        allocations_left--;
    return allocations_left != 0;
}

static void *limited_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return may_allocate() ? malloc(size) : NULL;
}

static void *limited_realloc(void *old, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return may_allocate() ? realloc(old, size) : NULL;
}

static void limited_free(void *old, const char *file, int line)
{
    (void)file;
    (void)line;
    free(old);
}

/* Where OpenSSL finds no memory for the answer to the ClientHello, it is our shortage and no failed
 * handshake: from the nth allocation on, until it needs no more. */
static void no_memory_is_no_failed_handshake(void **state)
{
    long n = 1, told = 0, failed = 0;
    bool done = false;

    (void)state;
    for (; n < 5000 && !done; n++) {
        struct server server = serve(TLS1_3_VERSION);
        struct tls_client *client;
        char data[16384];
        enum sts_status status;
        int got;

        assert_int_equal(tls_client_new(ctx, trust, HOST, NULL, &client), STS_OK);
        BIO_write(SSL_get_rbio(server.ssl), data, (int)tls_client_pull(client, data, sizeof data));
        SSL_do_handshake(server.ssl);
        got = BIO_read(SSL_get_wbio(server.ssl), data, sizeof data);
        allocations_left = n;
        status = tls_client_feed(client, data, (size_t)got);
        done = allocations_left > 0;
        allocations_left = -1;
        if (status == STS_OK && tls_client_state(client) == TLS_STATE_FAILED)
            failed++;
        told += status == STS_E_NOMEM;
        talloc_free(client);
        close_server(&server);
    }
    assert_true(done && told > 900); /* of OpenSSL 3.0 some more, of 3.5 some fewer */
    assert_true(failed * 20 < told); /* some places of the library only say "internal error" */
}

/* ---- further handshakes ---------------------------------------------------------------------- */

/* What a peer makes of an offer: the outcome, and its alert. */
struct peer {
    int no_tls12; /* the alert where TLS 1.3 is not offered; 0: it goes on */
    int no_match; /* where no certificate fits: an alert, or -1: it hangs up */
    bool no_large;
    bool weary; /* refuses all that follows the first */
};

static struct tls_session answer(const struct peer *peer, const struct tls_offer *offer)
{
    struct tls_session tls = {.outcome = TLS_OK};

    if (peer->weary || (offer->large_hello && peer->no_large))
        tls.outcome = TLS_CLOSED;
    else if (offer->no_tls13 && peer->no_tls12)
        tls = (struct tls_session){.outcome = TLS_FAILED, .alert_number = peer->no_tls12};
    else if (offer->keys != TLS_KEYS_ANY && peer->no_match > 0)
        tls = (struct tls_session){.outcome = TLS_FAILED, .alert_number = peer->no_match};
    else if (offer->keys != TLS_KEYS_ANY && peer->no_match < 0)
        tls.outcome = TLS_CLOSED;
    return tls;
}

/* Mostly one, and with a mail server two; each letter is a handshake: k other keys, K the same with
 * TLS 1.3, l large, p plain, n no SNI. */
static void what_is_asked_next(void **state)
{
    const struct {
        const char *title;
        struct peer peer;
        const char *asked;
    } cases[] = {
        {"both keys", {0}, "kn"},
        {"one key", {.no_match = 40}, "kn"},
        {"one key, and no alert", {.no_match = -1}, "kln"},
        {"TLS 1.3 only", {.no_tls12 = 70, .no_match = 40}, "kKn"},
        {"no large hello", {.no_large = true, .no_match = 40}, "klpn"},
        {"nothing more", {.weary = true}, "klpn"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct certificate certificate = {.key = "EC prime256v1"};
        struct tls_session first = {.outcome = TLS_OK, .chain = &certificate, .chain_count = 1},
                           sessions[8];
        struct tls_again done[8];
        struct tls_offer offer;
        char asked[9] = "";
        size_t count = 0;

        for (; count < 8 && (tls_offer_next(&first, done, count, &offer) ||
                             tls_offer_without_sni(done, count, &offer));
             count++) {
            sessions[count] = answer(&cases[i].peer, &offer);
            done[count] = tls_offer_facts(&offer);
            done[count].tls = &sessions[count];
            asked[count] = offer.keys == TLS_KEYS_RSA ? (offer.no_tls13 ? 'k' : 'K')
                           : offer.large_hello        ? 'l'
                           : offer.no_sni             ? 'n'
                                                      : 'p';
        }
        print_message("%s\n", cases[i].title);
        assert_string_equal(asked, cases[i].asked);
    }
}

static size_t hello_size(const struct tls_offer *offer)
{
    struct tls_client *client;
    char hello[4096];
    size_t size;

    assert_int_equal(tls_client_new(ctx, trust, HOST, offer, &client), STS_OK);
    size = tls_client_pull(client, hello, sizeof hello);
    talloc_free(client);
    return size;
}

static void a_large_hello_is_more_than_a_segment(void **state)
{
    const struct tls_offer large = {.large_hello = true};
    const struct tls_offer rsa = {.large_hello = true, .no_tls13 = true, .keys = TLS_KEYS_RSA};
    const struct tls_offer ecdsa = {.keys = TLS_KEYS_ECDSA};

    (void)state;
    assert_true(hello_size(NULL) < 600);
    assert_true(hello_size(&large) > 1500);
    assert_true(hello_size(&rsa) > 1400);
    assert_true(hello_size(&ecdsa) < 600);
}

/* The extension's first bytes are not looked for: the name stands in it as it is. */
static bool names_host(const struct tls_offer *offer)
{
    struct tls_client *client;
    char hello[4096];
    size_t size;

    assert_int_equal(tls_client_new(ctx, trust, HOST, offer, &client), STS_OK);
    size = tls_client_pull(client, hello, sizeof hello);
    talloc_free(client);
    return memmem(hello, size, HOST, strlen(HOST));
}

static void the_host_is_named_unless_the_offer_says_not(void **state)
{
    const struct tls_offer large = {.large_hello = true}, nameless = {.no_sni = true};

    (void)state;
    assert_true(names_host(NULL));
    assert_true(names_host(&large));
    assert_false(names_host(&nameless));
    assert_true(tls_offer_facts(&nameless).no_sni);
}

static void a_mail_server_that_turns_us_away_is_left_alone(void **state)
{
    const struct tls_again turned_away = {.large_hello = true, .keys = "RSA", .newest = "TLSv1.2"};
    struct tls_offer offer;

    (void)state;
    assert_false(tls_offer_without_sni(&turned_away, 1, &offer));
    assert_false(tls_offer_without_sni(NULL, 0, &offer));
}

int main(void)
{
    /* before OpenSSL allocates anything */
    int limited = CRYPTO_set_mem_functions(limited_malloc, limited_realloc, limited_free);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_path_is_told_from_surplus),
        cmocka_unit_test(chains_are_judged_as_a_careful_sender_would),
        cmocka_unit_test(certificates_are_told),
        cmocka_unit_test(of_many_names_the_fitting_one_is_kept),
        cmocka_unit_test(a_ca_file_that_is_none_is_told),
        cmocka_unit_test(tlsa_records_are_tried_one_by_one),
        cmocka_unit_test(tlsa_records_tell_what_they_describe),
        cmocka_unit_test(tlsa_records_are_tried_together),
        cmocka_unit_test(any_set_is_judged_by_its_strongest_digests),
        cmocka_unit_test(versions_and_weakness_are_told),
        cmocka_unit_test(plain_text_goes_through),
        cmocka_unit_test(what_a_handshake_dies_of_is_told),
        cmocka_unit_test(ciphertext_without_end_is_given_up),
        cmocka_unit_test(what_is_asked_next),
        cmocka_unit_test(a_large_hello_is_more_than_a_segment),
        cmocka_unit_test(the_host_is_named_unless_the_offer_says_not),
        cmocka_unit_test(a_mail_server_that_turns_us_away_is_left_alone),
        cmocka_unit_test(no_memory_is_no_failed_handshake),
    };

    if (!limited)
        return 1;
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
