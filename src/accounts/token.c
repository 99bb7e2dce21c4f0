/* SPDX-License-Identifier: MIT */
/* token.c - made by chance, kept as hashes. */
#include "accounts/token.h"

#include <string.h>

#include "accounts/encoding.h"
#include "accounts/limits.h"
#include "base/ascii.h"
#include "base/scanner.h"

#define PREFIX        "mts_"
#define SECRET_SIZE   32 /* bytes of a session's */
#define SECRET_LENGTH 43 /* of them as base64url */
#define ONCE_SIZE     24

/* ---- tokens of the API ----------------------------------------------------------------------- */

char *token_new(TALLOC_CTX *ctx)
{
    char *chance = encoding_random_base62(ctx, TOKEN_LENGTH - strlen(PREFIX));
    char *token = chance ? talloc_asprintf(ctx, PREFIX "%s", chance) : NULL;

    talloc_free(chance);
    return token;
}

bool token_read(const char *text, char label[TOKEN_LABEL_LENGTH + 1],
                uint8_t hash[CRYPTO_SHA256_SIZE])
{
    size_t prefix = strlen(PREFIX);

    if (strnlen(text, TOKEN_LENGTH + 1) != TOKEN_LENGTH || strncmp(text, PREFIX, prefix) != 0)
        return false;
    for (const char *c = text + prefix; *c; c++)
        if (!ascii_is_alnum((unsigned char)*c))
            return false;
    memcpy(label, text, TOKEN_LABEL_LENGTH);
    label[TOKEN_LABEL_LENGTH] = '\0';
    return crypto_sha256(bytes_of(text), hash);
}

static const char *const scope_names[] = {"read", "check", "ingest", "domains", "admin"};

#define SCOPES (sizeof scope_names / sizeof *scope_names)

const char *token_scope_name(size_t index)
{
    return index < SCOPES ? scope_names[index] : NULL;
}

/* 0: none is called that. */
static unsigned scope_named(struct bytes name)
{
    for (size_t i = 0; i < SCOPES; i++)
        if (bytes_equal(name, scope_names[i]))
            return 1u << i;
    return 0;
}

unsigned token_scopes_read(const char *names)
{
    struct scanner scanner = scanner_begin(bytes_of(names));
    unsigned scopes = 0;

    while (!scanner_at_end(&scanner)) {
        struct bytes name = scanner_until(&scanner, ' ');
        unsigned scope = scope_named(name);

        if (name.length > 0 && scope == 0)
            return 0;
        scopes |= scope;
        (void)scanner_try(&scanner, ' ');
    }
    return scopes;
}

char *token_scopes_write(TALLOC_CTX *ctx, unsigned scopes)
{
    char *text = talloc_strdup(ctx, "");

    for (size_t i = 0; text && i < SCOPES; i++)
        if (scopes & 1u << i)
            text = talloc_asprintf_append_buffer(text, "%s%s", *text ? " " : "", scope_names[i]);
    return text;
}

bool token_is_good(const struct store_token *stored, const uint8_t hash[CRYPTO_SHA256_SIZE],
                   int64_t now)
{
    return crypto_equal((struct bytes){(const char *)stored->hash, CRYPTO_SHA256_SIZE},
                        (struct bytes){(const char *)hash, CRYPTO_SHA256_SIZE}) &&
           (stored->expires == 0 || now < stored->expires);
}

/* ---- sessions -------------------------------------------------------------------------------- */

static char *random_text(TALLOC_CTX *ctx, size_t size)
{
    char chance[SECRET_SIZE];

    crypto_random(chance, size);
    return encoding_base64url(ctx, (struct bytes){chance, size});
}

char *session_secret_new(TALLOC_CTX *ctx)
{
    return random_text(ctx, SECRET_SIZE);
}

char *once_secret_new(TALLOC_CTX *ctx)
{
    return random_text(ctx, ONCE_SIZE);
}

bool session_secret_hash(const char *secret, uint8_t hash[CRYPTO_SHA256_SIZE])
{
    return strnlen(secret, SECRET_LENGTH + 1) == SECRET_LENGTH &&
           crypto_sha256(bytes_of(secret), hash);
}

/* A clock that was set back makes no session live for ever. */
bool session_is_over(const struct store_login *login, int64_t now)
{
    return now - login->used >= SESSION_IDLE_S || now - login->created >= SESSION_LIFE_S ||
           login->created > now + SESSION_IDLE_S;
}

char *session_form_token(TALLOC_CTX *ctx, const char *secret)
{
    uint8_t digest[CRYPTO_SHA256_SIZE];

    if (!crypto_hmac_sha256(bytes_of(secret), bytes_of("form"), digest))
        return NULL;
    return encoding_base64url(ctx, (struct bytes){(const char *)digest, sizeof digest});
}

bool session_form_token_is(const char *secret, const char *given)
{
    char *token = session_form_token(NULL, secret);
    bool is = token && crypto_equal(bytes_of(token), bytes_of(given));

    talloc_free(token);
    return is;
}
