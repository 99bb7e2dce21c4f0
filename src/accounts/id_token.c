/* SPDX-License-Identifier: MIT */
/* id_token.c - three parts with dots between them, each base64url: a header, claims, a signature.
 */
#include "accounts/id_token.h"

#include <string.h>

#include "accounts/crypto.h"
#include "accounts/encoding.h"
#include "accounts/limits.h"
#include "base/scanner.h"

#define SUBJECT_MAX 255 /* OpenID Connect Core section 2 */

const char *id_token_fault_text(enum id_token_fault fault)
{
    static const char *const texts[] = {
#define X(symbol, text) [ID_TOKEN_##symbol] = (text),
        ID_TOKEN_FAULTS(X)
#undef X
    };

    return texts[fault];
}

/* ---- the parts ------------------------------------------------------------------------------- */

struct parts {
    struct json *header, *claims;
    struct bytes is_signed; /* header and claims, as they came */
    struct bytes signature;
};

static struct json *read_object(TALLOC_CTX *ctx, struct bytes part)
{
    struct bytes text;
    struct json *json = NULL;
    size_t at;

    if (part.length == 0 || !encoding_from_base64url(ctx, part, &text) ||
        json_read(ctx, text, false, CLAIM_DEPTH, &json, &at) != JSON_OK ||
        !json_is(json, JSON_OBJECT))
        return NULL;
    return json;
}

static enum id_token_fault read_parts(TALLOC_CTX *ctx, struct bytes token, struct parts *parts)
{
    struct scanner scanner = scanner_begin(token);
    struct bytes header = scanner_until(&scanner, '.'), claims, signature;

    scanner_expect(&scanner, '.');
    claims = scanner_until(&scanner, '.');
    parts->is_signed = (struct bytes){token.data, scanner.at};
    scanner_expect(&scanner, '.');
    signature = scanner_until(&scanner, '.');
    if (!scanner_finished(&scanner) || token.length > ID_TOKEN_MAX || signature.length == 0)
        return ID_TOKEN_FORM;
    parts->header = read_object(ctx, header);
    parts->claims = read_object(ctx, claims);
    if (!parts->header || !parts->claims ||
        !encoding_from_base64url(ctx, signature, &parts->signature))
        return ID_TOKEN_FORM;
    return ID_TOKEN_NONE;
}

/* The text of a member; empty where there is none, it holds a NUL, or that is no object. */
static struct bytes text_of(const struct json *object, const char *name)
{
    const struct json *member = json_is(object, JSON_OBJECT) ? json_member(object, name) : NULL;

    if (!json_is(member, JSON_STRING) || bytes_find_char(member->text, '\0') >= 0)
        return (struct bytes){"", 0};
    return member->text;
}

/* ---- the signature --------------------------------------------------------------------------- */

static bool verify_rs256(TALLOC_CTX *ctx, const struct json *key, const struct parts *parts)
{
    struct bytes n, e;

    return encoding_from_base64url(ctx, text_of(key, "n"), &n) &&
           encoding_from_base64url(ctx, text_of(key, "e"), &e) &&
           crypto_verify_rs256(n, e, parts->is_signed, parts->signature);
}

static bool verify_es256(TALLOC_CTX *ctx, const struct json *key, const struct parts *parts)
{
    struct bytes x, y;

    return bytes_equal(text_of(key, "crv"), "P-256") &&
           encoding_from_base64url(ctx, text_of(key, "x"), &x) &&
           encoding_from_base64url(ctx, text_of(key, "y"), &y) &&
           crypto_verify_es256(x, y, parts->is_signed, parts->signature);
}

struct algorithm {
    const char *name, *key_type;
    bool (*verify)(TALLOC_CTX *ctx, const struct json *key, const struct parts *parts);
};

/* Nothing else: "none" signs nothing, and with HS256 whoever knows the public key could sign. */
static const struct algorithm algorithms[] = {
    {"RS256", "RSA", verify_rs256},
    {"ES256", "EC", verify_es256},
};

static const struct algorithm *algorithm_of(const struct json *header)
{
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
        if (bytes_equal(text_of(header, "alg"), algorithms[i].name))
            return &algorithms[i];
    return NULL;
}

/* Is the key for this, and of this name if the token gives one? */
static bool is_meant(const struct json *key, const struct algorithm *algorithm,
                     const struct json *header)
{
    struct bytes id = text_of(header, "kid"), use = text_of(key, "use"), alg = text_of(key, "alg");

    return bytes_equal(text_of(key, "kty"), algorithm->key_type) &&
           (use.length == 0 || bytes_equal(use, "sig")) &&
           (alg.length == 0 || bytes_equal(alg, algorithm->name)) &&
           (id.length == 0 || bytes_equal(text_of(key, "kid"), id.data));
}

static enum id_token_fault check_signature(TALLOC_CTX *ctx, const struct parts *parts,
                                           const struct json *keys)
{
    const struct algorithm *algorithm = algorithm_of(parts->header);
    const struct json *list = json_is(keys, JSON_OBJECT) ? json_member(keys, "keys") : NULL;

    if (!algorithm)
        return ID_TOKEN_ALGORITHM;
    if (json_member(parts->header, "crit"))
        return ID_TOKEN_CRITICAL;
    if (!json_is(list, JSON_ARRAY))
        return ID_TOKEN_SIGNATURE;
    for (size_t i = 0; i < list->count && i < JWKS_KEYS_MAX; i++)
        if (is_meant(&list->items[i], algorithm, parts->header) &&
            algorithm->verify(ctx, &list->items[i], parts))
            return ID_TOKEN_NONE;
    return ID_TOKEN_SIGNATURE;
}

/* ---- the claims ------------------------------------------------------------------------------ */

/* A text, or one of several. */
static bool holds(const struct json *value, const char *text)
{
    if (json_is(value, JSON_STRING))
        return bytes_equal(value->text, text);
    for (size_t i = 0; json_is(value, JSON_ARRAY) && i < value->count; i++)
        if (json_is(&value->items[i], JSON_STRING) && bytes_equal(value->items[i].text, text))
            return true;
    return false;
}

/* Where it is for several, azp says for whom; and where azp is there, it counts. */
static bool is_for(const struct json *claims, const char *client_id)
{
    const struct json *audience = json_member(claims, "aud"), *party = json_member(claims, "azp");
    bool several = json_is(audience, JSON_ARRAY) && audience->count > 1;

    if (!holds(audience, client_id))
        return false;
    return party || several ? json_is(party, JSON_STRING) && bytes_equal(party->text, client_id)
                            : true;
}

/* NumericDate; providers may write a fraction.  False: there is none that can be read. */
static bool time_of(const struct json *claims, const char *name, int64_t *ret)
{
    const struct json *value = json_member(claims, name);

    if (json_is(value, JSON_INTEGER)) {
        *ret = value->integer;
        return true;
    }
    if (!json_is(value, JSON_DOUBLE) || !(value->number > 0 && value->number < 1e15))
        return false;
    *ret = (int64_t)value->number;
    return true;
}

static bool is_of_now(const struct json *claims, int64_t now)
{
    int64_t expires, issued, begins;

    if (!time_of(claims, "exp", &expires) || !time_of(claims, "iat", &issued))
        return false;
    if (json_member(claims, "nbf") &&
        (!time_of(claims, "nbf", &begins) || begins > now + ID_TOKEN_SKEW_S))
        return false;
    return expires > now - ID_TOKEN_SKEW_S && issued <= now + ID_TOKEN_SKEW_S;
}

static enum id_token_fault check_claims(const struct json *claims,
                                        const struct id_token_rules *rules)
{
    struct bytes subject = text_of(claims, "sub");

    if (!bytes_equal(text_of(claims, "iss"), rules->issuer))
        return ID_TOKEN_ISSUER;
    if (!is_for(claims, rules->client_id))
        return ID_TOKEN_AUDIENCE;
    if (!is_of_now(claims, rules->now))
        return ID_TOKEN_TIME;
    if (!crypto_equal(text_of(claims, "nonce"), bytes_of(rules->nonce)))
        return ID_TOKEN_NONCE;
    return subject.length > 0 && subject.length <= SUBJECT_MAX ? ID_TOKEN_NONE : ID_TOKEN_SUBJECT;
}

/* ---- who it is ------------------------------------------------------------------------------- */

/* The member of that name, dots and all; else each part of the path leads one object deeper. */
static const struct json *find_claim(TALLOC_CTX *ctx, const struct json *claims, const char *path)
{
    const struct json *value = json_member(claims, path);
    char *rest = value ? NULL : talloc_strdup(ctx, path), *dot;

    if (!rest)
        return value;
    value = claims;
    for (; rest && json_is(value, JSON_OBJECT); rest = dot) {
        dot = strchr(rest, '.');
        if (dot)
            *dot++ = '\0';
        value = json_member(value, rest);
    }
    return rest ? NULL : value;
}

static bool add_group(struct id_token *token, const struct json *value)
{
    if (!json_is(value, JSON_STRING) || bytes_find_char(value->text, '\0') >= 0)
        return true; /* no group of ours is called that */
    token->groups[token->group_count] = talloc_strndup(token, value->text.data, value->text.length);
    return token->groups[token->group_count++] != NULL;
}

static bool take_groups(struct id_token *token, const struct json *value)
{
    bool is_list = json_is(value, JSON_ARRAY), good = true;
    size_t count = is_list ? value->count : 1;

    count = count < GROUPS_MAX ? count : GROUPS_MAX;
    token->groups = talloc_zero_array(token, const char *, (unsigned)count + 1);
    for (size_t i = 0; token->groups && good && i < count; i++)
        good = add_group(token, is_list ? &value->items[i] : value);
    return token->groups && good;
}

static struct id_token *take_claims(TALLOC_CTX *ctx, const struct json *claims,
                                    const struct id_token_rules *rules)
{
    struct id_token *token = talloc_zero(ctx, struct id_token);
    struct bytes subject = text_of(claims, "sub");
    struct bytes name = text_of(claims, rules->name_claim ? rules->name_claim : "sub");

    if (!token)
        return NULL;
    name = name.length > 0 ? name : subject;
    token->subject = talloc_strndup(token, subject.data, subject.length);
    token->name = talloc_strndup(token, name.data, name.length);
    if (token->subject && token->name &&
        take_groups(token,
                    rules->groups_claim ? find_claim(token, claims, rules->groups_claim) : NULL))
        return token;
    talloc_free(token);
    return NULL;
}

enum id_token_fault id_token_check(TALLOC_CTX *ctx, struct bytes token, const struct json *keys,
                                   const struct id_token_rules *rules, struct id_token **ret)
{
    TALLOC_CTX *work = talloc_new(ctx);
    struct parts parts = {0};
    enum id_token_fault fault = work ? read_parts(work, token, &parts) : ID_TOKEN_NO_MEMORY;

    if (!fault)
        fault = check_signature(work, &parts, keys);
    if (!fault)
        fault = check_claims(parts.claims, rules);
    if (!fault) {
        *ret = take_claims(ctx, parts.claims, rules);
        fault = *ret ? ID_TOKEN_NONE : ID_TOKEN_NO_MEMORY;
    }
    talloc_free(work);
    return fault;
}
