/* SPDX-License-Identifier: MIT */
/* tls_chain.c - does a presented chain lead to a trusted root?
 *
 * OpenSSL verifies as a careful sender would (security level 2, purpose server), but every error is
 * noted and passed over, so that one fault does not hide another.  Dates are left to the rules,
 * which have a time; names too.  OpenSSL says nothing of surplus or disordered certificates, so
 * that is looked at here. */
#include "net/tls_capture.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "base/text.h"
#include "net/limits.h"

#define SENDER_AUTH_LEVEL 2 /* Debian's default: 112 bits, no SHA-1 */

struct verifying {
    struct tls_verdict *verdict;
    X509 *orphan; /* borrowed: the certificate whose issuer is not there */
};

/* The first row that fits an error decides what it means.  A leaf that signs itself also has
 * "issuer not found" errors, an incomplete chain also "cannot verify the leaf": the order of enum
 * chain_trust says nothing, `weight` does. */
static const struct meaning {
    int error;
    enum chain_trust trust;
    int weight;
} meanings[] = {
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, CHAIN_SELF_SIGNED, 3},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, CHAIN_UNTRUSTED_ROOT, 2},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, CHAIN_INCOMPLETE, 2},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, CHAIN_INCOMPLETE, 2},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, CHAIN_INCOMPLETE, 1},
    {X509_V_ERR_INVALID_PURPOSE, CHAIN_WRONG_PURPOSE, 1},
};

/* Errors of revocation lists and policies cannot occur: neither is switched on. */
static const struct meaning *meaning_of(int error)
{
    static const struct meaning rejected = {0, CHAIN_REJECTED, 1};

    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
        if (meanings[i].error == error)
            return &meanings[i];
    return &rejected;
}

static int weight_of(enum chain_trust trust)
{
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
        if (meanings[i].trust == trust)
            return meanings[i].weight;
    return trust == CHAIN_REJECTED;
}

static int note_error(int ok, X509_STORE_CTX *context)
{
    struct verifying *verifying = X509_STORE_CTX_get_app_data(context);
    struct tls_verdict *verdict = verifying->verdict;
    int error = X509_STORE_CTX_get_error(context);
    const struct meaning *meaning;

    if (ok)
        return 1;
    meaning = meaning_of(error);
    if (verdict->trust == CHAIN_TRUSTED || meaning->weight > weight_of(verdict->trust)) {
        verdict->trust = meaning->trust;
        verdict->error = error;
        verifying->orphan = X509_STORE_CTX_get_current_cert(context);
    }
    return 1;
}

/* Which of the presented certificates the path runs over, and where it ends. */
static enum sts_status note_path(TALLOC_CTX *ctx, STACK_OF(X509) * presented, STACK_OF(X509) * path,
                                 struct tls_verdict *verdict)
{
    X509 *anchor = sk_X509_value(path, sk_X509_num(path) - 1);

    for (int i = 0; i < sk_X509_num(presented) && i < LIMIT_CERTIFICATES; i++)
        for (int j = 0; j < sk_X509_num(path); j++)
            if (!X509_cmp(sk_X509_value(presented, i), sk_X509_value(path, j)))
                verdict->path |= 1u << i;
    if (verdict->trust != CHAIN_TRUSTED || !anchor)
        return STS_OK;
    verdict->anchor = tls_name_text(ctx, X509_get_subject_name(anchor));
    verdict->anchor_not_after = tls_time(X509_get0_notAfter(anchor));
    return verdict->anchor ? STS_OK : STS_E_NOMEM;
}

/* Test environments of public CAs; their certificates say where the issuer's may be fetched, too.
 */
static bool is_of_tests(const char *name)
{
    return strstr(name, "(STAGING)") || strstr(name, "Fake LE ");
}

/* Public CAs write into every certificate where its issuer's is, and bear a name of one of the
 * trusted roots.  Where neither is so, the CA is somebody's own: sending more would not help. */
static bool is_of_public_ca(struct tls_trust *trust, X509 *orphan,
                            const struct tls_verdict *verdict)
{
    if (is_of_tests(verdict->missing_issuer))
        return false;
    return verdict->missing_issuer_url ||
           tls_trust_has_organisation(trust, X509_get_issuer_name(orphan));
}

/* The issuer of the orphan was not sent, and is not in the store. */
static enum sts_status name_missing(TALLOC_CTX *ctx, struct tls_trust *trust, X509 *orphan,
                                    struct tls_verdict *verdict)
{
    if (!orphan || (verdict->error != X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY &&
                    verdict->error != X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT))
        return STS_OK;
    verdict->missing_issuer = tls_name_text(ctx, X509_get_issuer_name(orphan));
    verdict->missing_issuer_url = tls_ca_issuers(ctx, orphan);
    if (!verdict->missing_issuer)
        return STS_E_NOMEM;
    if (!is_of_public_ca(trust, orphan, verdict))
        verdict->trust = CHAIN_UNTRUSTED_ROOT;
    return STS_OK;
}

/* A path may have been there, but for what was held back. */
static void note_refused(struct tls_verdict *verdict)
{
    if (verdict->trust == CHAIN_TRUSTED || !verdict->refused) {
        verdict->refused = NULL;
        return;
    }
    verdict->trust = CHAIN_REJECTED;
    verdict->missing_issuer = verdict->missing_issuer_url = NULL;
}

/* false: the store cannot be used, or no memory.  What hangs on the verdict belongs to ctx. */
static bool verify(TALLOC_CTX *ctx, struct tls_trust *trust, STACK_OF(X509) * chain,
                   struct tls_verdict *verdict)
{
    struct verifying verifying = {.verdict = verdict};
    X509_STORE *store = tls_trust_store(trust);
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    STACK_OF(X509) * bound;
    bool ran = false;

    *verdict = (struct tls_verdict){.trust = CHAIN_TRUSTED};
    bound = tls_chain_bound(chain, &verdict->refused);
    if (store && context && bound &&
        X509_STORE_CTX_init(context, store, sk_X509_value(bound, 0), bound)) {
        X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(context);

        X509_STORE_CTX_set_default(context, "ssl_server");
        X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_NO_CHECK_TIME);
        X509_VERIFY_PARAM_set_auth_level(param, SENDER_AUTH_LEVEL);
        X509_STORE_CTX_set_app_data(context, &verifying);
        X509_STORE_CTX_set_verify_cb(context, note_error);
        X509_verify_cert(context);
        ran = note_path(ctx, chain, X509_STORE_CTX_get0_chain(context), verdict) == STS_OK &&
              name_missing(ctx, trust, verifying.orphan, verdict) == STS_OK;
        note_refused(verdict);
    }
    X509_STORE_CTX_free(context);
    sk_X509_pop_free(bound, X509_free);
    ERR_clear_error();
    return ran;
}

static bool is_disordered(STACK_OF(X509) * chain)
{
    bool disordered = false;

    for (int i = 0; i + 1 < sk_X509_num(chain) && !disordered; i++)
        disordered =
            X509_check_issued(sk_X509_value(chain, i + 1), sk_X509_value(chain, i)) != X509_V_OK;
    ERR_clear_error();
    return disordered;
}

/* The digest of the certificates' digests. */
static bool key_of(STACK_OF(X509) * chain, unsigned char *key)
{
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    bool ok = digest && EVP_DigestInit_ex(digest, EVP_sha256(), NULL);

    for (int i = 0; i < sk_X509_num(chain) && ok; i++) {
        unsigned char one[EVP_MAX_MD_SIZE];
        unsigned size = 0;

        ok = X509_digest(sk_X509_value(chain, i), EVP_sha256(), one, &size) &&
             EVP_DigestUpdate(digest, one, size);
    }
    ok = ok && EVP_DigestFinal_ex(digest, key, NULL);
    EVP_MD_CTX_free(digest);
    return ok;
}

/* NULL: the store cannot be used, or no memory. */
static const struct tls_verdict *verdict_of(struct tls_session *session, struct tls_trust *trust,
                                            STACK_OF(X509) * chain)
{
    unsigned char key[TLS_CHAIN_KEY];
    bool keyed = key_of(chain, key);
    const struct tls_verdict *known = keyed ? tls_trust_known(trust, key) : NULL;
    struct tls_verdict *verdict;

    if (known)
        return known;
    verdict = talloc_zero(session, struct tls_verdict);
    if (!verdict || !verify(verdict, trust, chain, verdict))
        return NULL;
    if (keyed)
        tls_trust_keep(trust, key, verdict);
    return verdict;
}

static bool copy_text(TALLOC_CTX *ctx, const char *text, const char **ret)
{
    *ret = text ? talloc_strdup(ctx, text) : NULL;
    return *ret || !text;
}

static enum sts_status judge_trust(struct tls_session *session, struct tls_trust *trust,
                                   STACK_OF(X509) * chain)
{
    const struct tls_verdict *verdict = verdict_of(session, trust, chain);

    if (!verdict) {
        session->trust_error = "the trust store could not be read";
        return STS_OK;
    }
    session->trust = verdict->trust;
    if (verdict->trust != CHAIN_TRUSTED)
        session->trust_error =
            verdict->refused ? verdict->refused : X509_verify_cert_error_string(verdict->error);
    for (size_t i = 0; i < session->chain_count; i++)
        session->chain[i].in_path = verdict->path >> i & 1;
    session->anchor_not_after = verdict->anchor_not_after;
    return copy_text(session, verdict->anchor, &session->anchor) &&
                   copy_text(session, verdict->missing_issuer, &session->missing_issuer) &&
                   copy_text(session, verdict->missing_issuer_url, &session->missing_issuer_url)
               ? STS_OK
               : STS_E_NOMEM;
}

enum sts_status tls_chain_judge(struct tls_session *session, struct tls_trust *trust,
                                STACK_OF(X509) * chain, const char *host)
{
    int total = sk_X509_num(chain);
    int kept = total < LIMIT_CERTIFICATES ? total : LIMIT_CERTIFICATES;

    session->trust = CHAIN_UNKNOWN;
    if (total <= 0)
        return STS_OK;
    session->chain = talloc_zero_array(session, struct certificate, (size_t)kept);
    if (!session->chain)
        return STS_E_NOMEM;
    for (int i = 0; i < kept; i++)
        if (tls_certificate_read(session, sk_X509_value(chain, i), host, &session->chain[i]) !=
            STS_OK)
            return STS_E_NOMEM;
    session->chain_count = (size_t)kept;
    session->chain_total = total;
    session->chain_disordered = is_disordered(chain);
    return judge_trust(session, trust, chain);
}

enum sts_status tls_chain_facts(TALLOC_CTX *ctx, struct tls_trust *trust, const struct bytes *chain,
                                size_t count, const char *host, struct tls_session *session)
{
    STACK_OF(X509) *stack = sk_X509_new_null();
    enum sts_status status = stack ? STS_OK : STS_E_NOMEM;

    (void)ctx;
    for (size_t i = 0; i < count && status == STS_OK; i++) {
        const unsigned char *der = (const unsigned char *)chain[i].data;
        X509 *x509 = d2i_X509(NULL, &der, (long)chain[i].length);

        if (!x509 || !sk_X509_push(stack, x509)) {
            X509_free(x509);
            ERR_clear_error();
            status = STS_E_INVALID;
        }
    }
    if (status == STS_OK)
        status = tls_chain_judge(session, trust, stack, host);
    sk_X509_pop_free(stack, X509_free);
    return status;
}
