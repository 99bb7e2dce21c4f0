/* SPDX-License-Identifier: MIT */
/* token.h - the secrets that a program or a browser shows: tokens of the API, and sessions.
 *
 * Both have so much chance in them that a fast hash is enough to keep them. */
#ifndef ACCOUNTS_TOKEN_H
#define ACCOUNTS_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "accounts/crypto.h"
#include "store/accounts.h"

/* ---- tokens of the API: "mts_", 8 characters that name it, 32 that are secret ---------------- */

#define TOKEN_LABEL_LENGTH 12 /* with the prefix, by which those who look for secrets find it */
#define TOKEN_LENGTH       44

enum token_scope {
    TOKEN_READ = 1,    /* see what the group has */
    TOKEN_CHECK = 2,   /* start checks */
    TOKEN_INGEST = 4,  /* add reports */
    TOKEN_DOMAINS = 8, /* add and remove domains */
    TOKEN_ADMIN = 16   /* members, tokens, the log */
};

/* NULL: no memory. */
char *token_new(TALLOC_CTX *ctx);
/* Has it the form of one?  Then its first characters, and its hash. */
bool token_read(const char *text, char label[TOKEN_LABEL_LENGTH + 1],
                uint8_t hash[CRYPTO_SHA256_SIZE]);
/* A set of enum token_scope out of names with blanks between them; 0: none, or an unknown name. */
unsigned token_scopes_read(const char *names);
/* "read check"; owned by ctx. */
char *token_scopes_write(TALLOC_CTX *ctx, unsigned scopes);
/* The name of each, in order; NULL: there are no more. */
const char *token_scope_name(size_t index);
/* Is it the token that was stored, and may it still be used? */
bool token_is_good(const struct store_token *stored, const uint8_t hash[CRYPTO_SHA256_SIZE],
                   int64_t now);

/* ---- sessions: 256 bits of chance in a cookie ------------------------------------------------ */

/* NULL: no memory. */
char *session_secret_new(TALLOC_CTX *ctx);
/* False: no session has such a secret. */
bool session_secret_hash(const char *secret, uint8_t hash[CRYPTO_SHA256_SIZE]);
/* Not used for too long, or too old. */
bool session_is_over(const struct store_login *login, int64_t now);
/* What a form of this session has to bring along, owned by ctx; who does not know the secret cannot
 * make it, and who sees it does not know the secret. */
char *session_form_token(TALLOC_CTX *ctx, const char *secret);
bool session_form_token_is(const char *secret, const char *given);

/* A one-time secret of another kind (the first start, a sign-in under way): 192 bits. */
char *once_secret_new(TALLOC_CTX *ctx);

#endif
