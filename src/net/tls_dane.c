/* SPDX-License-Identifier: MIT */
/* tls_dane.c - what a TLSA record makes of a presented chain (RFC 6698, as RFC 7672 uses it).
 *
 * OpenSSL's own DANE verification decides, off line: all records together, as senders have it, and
 * then one at a time, to tell what each describes.  Only usages 2 and 3 count (RFC 7672 section
 * 3.1.3).  For 3 neither name nor date matters (3.1.1); for 2 both do, and the rules decide them:
 * here is told which certificate the record describes, whether the leaf leads to it, and for how
 * long that path is valid. */
#include "net/tls_capture.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "base/clock.h"
#include "base/text.h"

#define DATA_MAX 4096 /* bytes of certificate association data */

/* Everything that one record is tried with. */
struct trial {
    TALLOC_CTX *ctx;
    SSL_CTX *context;
    STACK_OF(X509) * chain; /* as presented */
    STACK_OF(X509) * path;  /* from the leaf to a trusted root; NULL: it leads to none */
    const char *host;
};

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

/* ---- which certificate it describes ---------------------------------------------------------- */

static bool octets_fit(const struct dns_record *record, const unsigned char *octets, size_t length)
{
    const EVP_MD *digests[] = {NULL, EVP_sha256(), EVP_sha512()};
    unsigned char wanted[DATA_MAX], found[EVP_MAX_MD_SIZE];
    size_t count = from_hex(&record->data, wanted);
    unsigned found_count = 0;

    if (record->matching == 0)
        return count == length && memcmp(wanted, octets, length) == 0;
    return EVP_Digest(octets, length, found, &found_count, digests[record->matching], NULL) &&
           count == found_count && memcmp(wanted, found, count) == 0;
}

static bool describes(const struct dns_record *record, X509 *x509)
{
    unsigned char *octets = NULL;
    int length = record->selector == 0 ? i2d_X509(x509, &octets)
                                       : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &octets);
    bool fits = length > 0 && octets_fit(record, octets, (size_t)length);

    OPENSSL_free(octets);
    return fits;
}

/* From 1; 0: none. */
static int64_t position_in(STACK_OF(X509) * list, const struct dns_record *record)
{
    for (int i = 0; i < sk_X509_num(list); i++)
        if (describes(record, sk_X509_value(list, i)))
            return i + 1;
    return 0;
}

static STACK_OF(X509) * path_to_root(struct tls_trust *trust, STACK_OF(X509) * chain)
{
    X509_STORE *store = tls_trust_store(trust);
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    STACK_OF(X509) *path = NULL;

    if (store && context && sk_X509_num(chain) &&
        X509_STORE_CTX_init(context, store, sk_X509_value(chain, 0), chain)) {
        X509_VERIFY_PARAM_set_flags(X509_STORE_CTX_get0_param(context), X509_V_FLAG_NO_CHECK_TIME);
        if (X509_verify_cert(context) == 1)
            path = X509_STORE_CTX_get1_chain(context);
    }
    X509_STORE_CTX_free(context);
    ERR_clear_error();
    return path;
}

/* ---- does the leaf lead to it? --------------------------------------------------------------- */

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

/* How the way from the leaf to what is described came out. */
struct outcome {
    bool fits;
    int64_t from, until; /* where it fits: of all certificates on it */
    const char *error;   /* where it does not; static */
};

static void note_validity(STACK_OF(X509) * path, struct outcome *outcome)
{
    for (int i = 0; i < sk_X509_num(path); i++) {
        int64_t from = tls_time(X509_get0_notBefore(sk_X509_value(path, i)));
        int64_t until = tls_time(X509_get0_notAfter(sk_X509_value(path, i)));

        if (i == 0 || from > outcome->from)
            outcome->from = from;
        if (i == 0 || until < outcome->until)
            outcome->until = until;
    }
}

/* host NULL: names are left aside; now 0: dates are. */
static struct outcome verify(SSL *ssl, STACK_OF(X509) * chain, const char *host, int64_t now)
{
    X509_STORE *empty = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    struct outcome outcome = {0};

    if (empty && context && X509_STORE_CTX_init(context, empty, sk_X509_value(chain, 0), chain)) {
        X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(context);

        X509_STORE_CTX_set_default(context, "ssl_server");
        X509_STORE_CTX_set0_dane(context, SSL_get0_dane(ssl));
        if (now)
            X509_VERIFY_PARAM_set_time(param, (time_t)now);
        else
            X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_NO_CHECK_TIME);
        X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        X509_VERIFY_PARAM_set1_host(param, host, 0);
        outcome.fits =
            X509_verify_cert(context) == 1 && SSL_get0_dane_authority(ssl, NULL, NULL) >= 0;
        if (outcome.fits)
            note_validity(X509_STORE_CTX_get0_chain(context), &outcome);
        else
            outcome.error = X509_verify_cert_error_string(X509_STORE_CTX_get_error(context));
    }
    X509_STORE_CTX_free(context);
    X509_STORE_free(empty);
    return outcome;
}

/* ---- one record ------------------------------------------------------------------------------ */

static enum sts_status name_unsent(const struct trial *trial, const struct dns_record *record,
                                   struct tlsa_match *match)
{
    int64_t place = position_in(trial->path, record);

    if (match->position || !place)
        return STS_OK;
    match->unsent = tls_name_text(
        trial->ctx, X509_get_subject_name(sk_X509_value(trial->path, (int)place - 1)));
    return match->unsent ? STS_OK : STS_E_NOMEM;
}

static enum sts_status try_usable(const struct trial *trial, SSL *ssl,
                                  const struct dns_record *record, struct tlsa_match *match)
{
    struct outcome way;

    match->result = verify(ssl, trial->chain, trial->host, 0).fits ? TLSA_MATCH : TLSA_MISMATCH;
    match->position = position_in(trial->chain, record);
    if (record->usage != 2)
        return STS_OK;
    way = verify(ssl, trial->chain, NULL, 0);
    match->path = way.fits;
    match->valid_from = way.from;
    match->valid_until = way.until;
    if (match->position)
        match->path_error = way.error;
    return name_unsent(trial, record, match);
}

/* An SSL that holds no record yet.  NULL: no memory, or no chain to try. */
static SSL *new_trial(const struct trial *trial)
{
    SSL *ssl = sk_X509_num(trial->chain) ? SSL_new(trial->context) : NULL;

    if (ssl && SSL_dane_enable(ssl, trial->host) <= 0) {
        SSL_free(ssl);
        return NULL;
    }
    if (ssl)
        SSL_dane_set_flags(ssl, DANE_FLAG_NO_DANE_EE_NAMECHECKS);
    return ssl;
}

static enum sts_status try_record(const struct trial *trial, const struct dns_record *record,
                                  struct tlsa_match *match)
{
    SSL *ssl = new_trial(trial);
    enum sts_status status = STS_OK;

    *match = (struct tlsa_match){.usage = record->usage,
                                 .selector = record->selector,
                                 .matching = record->matching,
                                 .data = record->data,
                                 .result = TLSA_UNKNOWN};
    if (ssl) {
        int added = add_record(ssl, record);

        if (added == 0)
            match->result = TLSA_UNUSABLE;
        else if (added > 0)
            status = try_usable(trial, ssl, record, match);
    }
    SSL_free(ssl);
    ERR_clear_error();
    return status;
}

/* ---- all of them ----------------------------------------------------------------------------- */

/* From 1. */
static int64_t index_of_decider(SSL *ssl, const struct dns_answer *tlsa)
{
    uint8_t usage, selector, matching;
    const unsigned char *found;
    size_t length;

    if (SSL_get0_dane_tlsa(ssl, &usage, &selector, &matching, &found, &length) < 0)
        return 0;
    for (size_t i = 0; i < tlsa->record_count; i++) {
        const struct dns_record *record = &tlsa->records[i];
        unsigned char data[DATA_MAX];

        if (record->usage == usage && record->selector == selector &&
            record->matching == matching && from_hex(&record->data, data) == length &&
            memcmp(data, found, length) == 0)
            return (int64_t)i + 1;
    }
    return 0;
}

/* Dates may choose between two ways to go; where no way is good today, they are left aside. */
static enum sts_status try_together(const struct trial *trial, const struct dns_answer *tlsa,
                                    struct tls_session *session)
{
    SSL *ssl = new_trial(trial);
    struct outcome way;

    session->tlsa_set = NULL;
    if (!ssl)
        return STS_OK;
    session->tlsa_set = talloc_zero(trial->ctx, struct tlsa_set);
    for (size_t i = 0; i < tlsa->record_count; i++)
        add_record(ssl, &tlsa->records[i]);
    way = verify(ssl, trial->chain, NULL, clock_now());
    if (!way.fits)
        way = verify(ssl, trial->chain, NULL, 0);
    if (session->tlsa_set && way.fits)
        *session->tlsa_set = (struct tlsa_set){index_of_decider(ssl, tlsa), way.from, way.until};
    SSL_free(ssl);
    ERR_clear_error();
    return session->tlsa_set ? STS_OK : STS_E_NOMEM;
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

enum sts_status tls_dane_try(TALLOC_CTX *ctx, struct tls_trust *trust, struct tls_session *session,
                             const char *host, const struct dns_answer *tlsa)
{
    struct trial trial = {ctx, SSL_CTX_new(TLS_client_method()), chain_of(session), NULL, host};
    enum sts_status status = STS_E_NOMEM;

    session->tlsa = talloc_zero_array(ctx, struct tlsa_match, tlsa->record_count + 1);
    session->tlsa_count = 0;
    if (trial.context && trial.chain && session->tlsa && SSL_CTX_dane_enable(trial.context) > 0) {
        trial.path = path_to_root(trust, trial.chain);
        status = STS_OK;
        for (size_t i = 0; i < tlsa->record_count && status == STS_OK; i++)
            status = try_record(&trial, &tlsa->records[i], &session->tlsa[session->tlsa_count++]);
        if (status == STS_OK)
            status = try_together(&trial, tlsa, session);
    }
    sk_X509_pop_free(trial.path, X509_free);
    sk_X509_pop_free(trial.chain, X509_free);
    SSL_CTX_free(trial.context);
    ERR_clear_error();
    return status;
}
