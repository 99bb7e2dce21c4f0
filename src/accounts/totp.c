/* SPDX-License-Identifier: MIT */
/* totp.c - RFC 6238 upon RFC 4226. */
#include "accounts/totp.h"

#include <stdio.h>
#include <string.h>

#include "accounts/encoding.h"
#include "accounts/limits.h"
#include "base/ascii.h"

#define DIGITS 6

int64_t totp_step(int64_t now)
{
    return now / TOTP_STEP_S;
}

int32_t totp_code(struct bytes secret, int64_t step, int digits)
{
    uint8_t digest[CRYPTO_SHA1_SIZE];
    char counter[8];
    uint32_t number = 0, modulus = 1;

    for (size_t i = 0; i < sizeof counter; i++)
        counter[i] = (char)(uint8_t)((uint64_t)step >> (56 - 8 * i));
    if (!crypto_hmac_sha1(secret, (struct bytes){counter, sizeof counter}, digest))
        return -1;
    for (size_t i = 0; i < 4; i++) /* RFC 4226 section 5.3 */
        number = number << 8 | digest[(digest[CRYPTO_SHA1_SIZE - 1] & 15) + i];
    for (int i = 0; i < digits; i++)
        modulus *= 10;
    return (int32_t)((number & 0x7fffffff) % modulus);
}

/* -1: not six digits. */
static int32_t read_code(const char *text)
{
    int32_t code = 0;
    int digits = 0;

    for (; *text; text++) {
        if (ascii_is_space((unsigned char)*text))
            continue;
        if (!ascii_is_digit((unsigned char)*text) || ++digits > DIGITS)
            return -1;
        code = code * 10 + (*text - '0');
    }
    return digits == DIGITS ? code : -1;
}

bool totp_check(struct bytes secret, const char *text, int64_t now, int64_t last_step,
                int64_t *ret_step)
{
    int32_t given = read_code(text);
    bool found = false;

    for (int64_t step = totp_step(now) - TOTP_WINDOW; step <= totp_step(now) + TOTP_WINDOW; step++)
        if (step > last_step && given >= 0 && totp_code(secret, step, DIGITS) == given && !found) {
            *ret_step = step;
            found = true;
        }
    return found;
}

enum sts_status totp_new_secret(TALLOC_CTX *ctx, struct bytes *ret)
{
    char *secret = talloc_array(ctx, char, TOTP_SECRET_SIZE);

    if (!secret)
        return STS_E_NOMEM;
    crypto_random(secret, TOTP_SECRET_SIZE);
    *ret = (struct bytes){secret, TOTP_SECRET_SIZE};
    return STS_OK;
}

char *totp_uri(TALLOC_CTX *ctx, struct bytes secret, const char *service, const char *user)
{
    char *who = encoding_percent(ctx, user), *where = encoding_percent(ctx, service);
    char *text = encoding_base32(ctx, secret), *uri = NULL;

    if (who && where && text)
        uri = talloc_asprintf(ctx, "otpauth://totp/%s:%s?secret=%s&issuer=%s", where, who, text,
                              where);
    talloc_free(who);
    talloc_free(where);
    talloc_free(text);
    return uri;
}

/* ---- recovery codes -------------------------------------------------------------------------- */

#define CODE_LENGTH 12

char *recovery_code_new(TALLOC_CTX *ctx)
{
    char *letters = encoding_random_typed(ctx, CODE_LENGTH), *code = NULL;

    if (letters)
        code = talloc_asprintf(ctx, "%.4s-%.4s-%.4s", letters, letters + 4, letters + 8);
    talloc_free(letters);
    return code;
}

/* The code has 60 bits of chance, so that a fast hash is enough. */
enum sts_status recovery_code_hash(const char *text, uint8_t hash[CRYPTO_SHA256_SIZE])
{
    char letters[CODE_LENGTH + 1];
    size_t length = 0;

    for (; *text && length < sizeof letters; text++)
        if (ascii_is_alnum((unsigned char)*text))
            letters[length++] = ascii_lower(*text);
    if (length != CODE_LENGTH)
        return STS_E_INVALID;
    return crypto_sha256((struct bytes){letters, length}, hash) ? STS_OK : STS_E_NOMEM;
}
