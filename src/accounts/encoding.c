/* SPDX-License-Identifier: MIT */
/* encoding.c - base32, base64url, percent, and characters by chance. */
#include "accounts/encoding.h"

#include <stdint.h>
#include <string.h>

#include "accounts/crypto.h"
#include "base/ascii.h"
#include "base/base64.h"

char *encoding_base32(TALLOC_CTX *ctx, struct bytes bytes)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    char *text = talloc_array(ctx, char, (unsigned)(bytes.length * 8 / 5 + 2)), *at = text;
    unsigned window = 0, bits = 0;

    if (!text)
        return NULL;
    for (size_t i = 0; i < bytes.length; i++) {
        window = (window << 8 | (unsigned char)bytes.data[i]) & 0xffff;
        for (bits += 8; bits >= 5; bits -= 5)
            *at++ = letters[window >> (bits - 5) & 31];
    }
    if (bits > 0)
        *at++ = letters[window << (5 - bits) & 31];
    *at = '\0';
    return text;
}

/* A character of one list by that of the other. */
static void replace(char *c, const char *these, const char *by)
{
    const char *found = *c ? strchr(these, *c) : NULL;

    if (found)
        *c = by[found - these];
}

char *encoding_base64url(TALLOC_CTX *ctx, struct bytes bytes)
{
    char *text = base64_encode(ctx, bytes.data, bytes.length);
    size_t length = text ? strcspn(text, "=") : 0;

    for (size_t i = 0; i < length; i++)
        replace(&text[i], "+/", "-_");
    if (text)
        text[length] = '\0';
    return text;
}

bool encoding_from_base64url(TALLOC_CTX *ctx, struct bytes text, struct bytes *ret)
{
    size_t padded = (text.length + 3) / 4 * 4;
    char *standard = talloc_zero_array(ctx, char, (unsigned)padded + 1);
    bool good = standard != NULL;

    for (size_t i = 0; good && i < padded; i++) {
        char c = '=';

        if (i < text.length)
            c = text.data[i];
        good = i >= text.length || ascii_is_alnum((unsigned char)c) || c == '-' || c == '_';
        standard[i] = c;
        replace(&standard[i], "-_", "+/");
    }
    good = good && base64_decode(ctx, standard, padded, ret);
    talloc_free(standard);
    return good;
}

char *encoding_percent(TALLOC_CTX *ctx, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    char *out = talloc_array(ctx, char, (unsigned)(strlen(text) * 3 + 1)), *at = out;

    for (const unsigned char *c = (const unsigned char *)text; out && *c; c++) {
        if (ascii_is_alnum(*c) || strchr("-._~", *c)) {
            *at++ = (char)*c;
            continue;
        }
        *at++ = '%';
        *at++ = digits[*c >> 4];
        *at++ = digits[*c & 15];
    }
    if (out)
        *at = '\0';
    return out;
}

/* What does not divide evenly is thrown away, so that no character comes more often. */
static char *random_of(TALLOC_CTX *ctx, const char *letters, size_t count)
{
    size_t kinds = strlen(letters);
    unsigned limit = (unsigned)(256 - 256 % kinds);
    char *text = talloc_zero_array(ctx, char, (unsigned)count + 1);
    unsigned char chance;

    for (size_t i = 0; text && i < count;) {
        crypto_random(&chance, 1);
        if (chance < limit)
            text[i++] = letters[chance % kinds];
    }
    return text;
}

char *encoding_random_base62(TALLOC_CTX *ctx, size_t count)
{
    return random_of(ctx, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", count);
}

char *encoding_random_typed(TALLOC_CTX *ctx, size_t count)
{
    return random_of(ctx, "23456789abcdefghijkmnpqrstuvwxyz", count);
}
