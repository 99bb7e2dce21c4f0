/* SPDX-License-Identifier: MIT */
/* id_token.h - is this the ID token of OpenID Connect that was asked for, and who is it?
 *
 * OpenID Connect Core 1.0, section 3.1.3.7, stricter: the signature is always verified, by a key
 * that the provider shows (RFC 7517), and by RS256 or ES256 only; a header that demands what we do
 * not know is refused. */
#ifndef ACCOUNTS_ID_TOKEN_H
#define ACCOUNTS_ID_TOKEN_H

#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include "base/bytes.h"
#include "base/json.h"
#include "base/msgid.h"

/* X(symbol, what is said in the log) */
#define ID_TOKEN_FAULTS(X)                                                                         \
    X(NONE, "")                                                                                    \
    X(NO_MEMORY, N_("out of memory"))                                                              \
    X(FORM, N_("not a signed JSON Web Token"))                                                     \
    X(ALGORITHM, N_("signed by a method other than RS256 and ES256"))                              \
    X(CRITICAL, N_("requires an unknown extension (crit)"))                                        \
    X(SIGNATURE, N_("no key of the provider matches the signature"))                               \
    X(ISSUER, N_("issued by another provider (iss)"))                                              \
    X(AUDIENCE, N_("made for another client (aud, azp)"))                                          \
    X(TIME, N_("expired or not valid yet (exp, nbf, iat)"))                                        \
    X(NONCE, N_("belongs to another sign-in (nonce)"))                                             \
    X(SUBJECT, N_("does not identify the user (sub)"))

enum id_token_fault {
#define X(symbol, text) ID_TOKEN_##symbol,
    ID_TOKEN_FAULTS(X)
#undef X
};

/* A msgid, without a full stop. */
const char *id_token_fault_text(enum id_token_fault fault);

/* What it has to say. */
struct id_token_rules {
    const char *issuer, *client_id, *nonce;
    int64_t now;
    const char *name_claim;   /* what the user is to be called: "preferred_username" */
    const char *groups_claim; /* a name, or a path with dots: "realm_access.roles"; NULL: none */
};

struct id_token {
    const char *subject;
    const char *name; /* of the claim; else the subject */
    const char **groups;
    size_t group_count;
};

/* keys: the provider's JSON Web Key Set.  *ret, owned by ctx, is written with ID_TOKEN_NONE only.
 */
enum id_token_fault id_token_check(TALLOC_CTX *ctx, struct bytes token, const struct json *keys,
                                   const struct id_token_rules *rules, struct id_token **ret);

#endif
