/* SPDX-License-Identifier: MIT */
/* signing.c - signatures of our own, by libopendkim. */
#include "dkim/signing.h"

#include <stdbool.h>
#include <string.h>

#include <opendkim/dkim.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#define LEAKS_BEGIN() __lsan_disable()
#define LEAKS_END()   __lsan_enable()
#endif
#endif
#ifndef LEAKS_BEGIN
#define LEAKS_BEGIN() (void)0
#define LEAKS_END()   (void)0
#endif

#define KEY_BITS 1024u /* RFC 8301 section 3.2 */

/* Of an Ed25519 key (RFC 8410) the DER begins with 30 xx 02 01 0x 30, and its base64 goes on with
 * the algorithm here; no RSA key has that at this place. */
#define PEM_BEGIN     "-----BEGIN PRIVATE KEY-----"
#define ED25519_AT    8
#define ED25519_BEGIN "BQYDK2Vw"

struct signer {
    DKIM_LIB *library;
};

static u_char *octets(const void *text)
{
    return (u_char *)(uintptr_t)text;
}

static int signer_drop(struct signer *signer)
{
    dkim_close(signer->library);
    return 0;
}

static bool set_options(DKIM_LIB *library)
{
    /* in lower case, as the library compares */
    static const char *const fields[] = {"from",
                                         "to",
                                         "subject",
                                         "date",
                                         "message-id",
                                         "mime-version",
                                         "content-type",
                                         "tls-report-domain",
                                         "tls-report-submitter",
                                         NULL};
    unsigned bits = KEY_BITS;

    return dkim_options(library, DKIM_OP_SETOPT, DKIM_OPTS_SIGNHDRS, octets(fields),
                        sizeof(const char **)) == DKIM_STAT_OK &&
           dkim_options(library, DKIM_OP_SETOPT, DKIM_OPTS_MINKEYBITS, &bits, sizeof(bits)) ==
               DKIM_STAT_OK;
}

struct signer *signer_new(TALLOC_CTX *ctx)
{
    struct signer *signer = talloc_zero(ctx, struct signer);

    if (!signer)
        return NULL;
    signer->library = dkim_init(NULL, NULL);
    if (!signer->library) {
        talloc_free(signer);
        return NULL;
    }
    talloc_set_destructor(signer, signer_drop);
    if (!set_options(signer->library)) {
        talloc_free(signer);
        return NULL;
    }
    return signer;
}

static dkim_alg_t algorithm_of(const char *pem)
{
    const char *at = strstr(pem, PEM_BEGIN);

    if (!at)
        return DKIM_SIGN_RSASHA256;
    at += strlen(PEM_BEGIN);
    at += strspn(at, "\r\n");
    return strlen(at) > ED25519_AT &&
                   strncmp(at + ED25519_AT, ED25519_BEGIN, strlen(ED25519_BEGIN)) == 0
               ? DKIM_SIGN_ED25519SHA256
               : DKIM_SIGN_RSASHA256;
}

/* Lines as they are on the way, with CR LF.  NULL: no memory. */
static char *on_the_way(TALLOC_CTX *ctx, struct bytes mail, size_t *ret_length)
{
    char *text = talloc_size(ctx, mail.length * 2 + 1);
    size_t length = 0;

    for (size_t i = 0; text && i < mail.length; i++) {
        if (mail.data[i] == '\n' && (!i || mail.data[i - 1] != '\r'))
            text[length++] = '\r';
        text[length++] = mail.data[i];
    }
    *ret_length = length;
    return text;
}

/* The library folds with CR LF and a tab. */
static char *field_of(TALLOC_CTX *ctx, const char *value)
{
    char *field = talloc_asprintf(ctx, DKIM_SIGNHEADER ": %s\n", value), *to = field;

    for (const char *from = field; from && *from; from++)
        if (*from != '\r')
            *to++ = *from;
    if (to)
        *to = '\0';
    return field;
}

/* libopendkim 2.11 reads the key here and never frees it: a few hundred bytes a mail, which end
 * with the run.  The leak checker is told so. */
static DKIM_STAT end_message(DKIM *dkim)
{
    DKIM_STAT status;

    LEAKS_BEGIN();
    status = dkim_eom(dkim, NULL);
    LEAKS_END();
    return status;
}

static enum sts_status sign(TALLOC_CTX *ctx, DKIM *dkim, struct bytes mail, char **ret)
{
    size_t length, size = 0;
    u_char *value = NULL;
    char *text = on_the_way(ctx, mail, &length);
    DKIM_STAT status;

    if (!text)
        return STS_E_NOMEM;
    status = dkim_chunk(dkim, octets(text), length);
    if (status == DKIM_STAT_OK)
        status = dkim_chunk(dkim, NULL, 0);
    if (status == DKIM_STAT_OK)
        status = end_message(dkim);
    if (status == DKIM_STAT_OK)
        status = dkim_getsighdr_d(dkim, strlen(DKIM_SIGNHEADER) + 2, &value, &size);
    talloc_free(text);
    if (status != DKIM_STAT_OK)
        return STS_E_INVALID; /* it says "no resource" of a key that it cannot read */
    *ret = field_of(ctx, (const char *)value);
    return *ret ? STS_OK : STS_E_NOMEM;
}

enum sts_status signer_sign(TALLOC_CTX *ctx, struct signer *signer, const struct signing_key *key,
                            int64_t at, struct bytes mail, char **ret)
{
    uint64_t fixed = (uint64_t)at;
    DKIM_STAT status =
        dkim_options(signer->library, DKIM_OP_SETOPT, DKIM_OPTS_FIXEDTIME, &fixed, sizeof(fixed));
    enum sts_status result;
    DKIM *dkim;

    if (status != DKIM_STAT_OK)
        return STS_E_NOMEM;
    dkim = dkim_sign(signer->library, octets("-"), NULL, octets(key->pem), octets(key->selector),
                     octets(key->domain), DKIM_CANON_RELAXED, DKIM_CANON_RELAXED,
                     algorithm_of(key->pem), -1, &status);
    if (!dkim)
        return STS_E_INVALID;
    result = sign(ctx, dkim, mail, ret);
    dkim_free(dkim);
    return result;
}
