/* SPDX-License-Identifier: MIT */
/* oidc.c - URLs and forms out, JSON in. */
#include "accounts/oidc.h"

#include <string.h>

#include "accounts/crypto.h"
#include "accounts/encoding.h"
#include "accounts/limits.h"
#include "accounts/token.h"
#include "base/text.h"

#define URL_MAX 2000

/* ---- the provider ---------------------------------------------------------------------------- */

char *oidc_discovery_url(TALLOC_CTX *ctx, const char *issuer)
{
    size_t length = strlen(issuer);

    while (length > 0 && issuer[length - 1] == '/')
        length--;
    return talloc_asprintf(ctx, "%.*s/.well-known/openid-configuration", (int)length, issuer);
}

static struct json *read_object(TALLOC_CTX *ctx, struct bytes text)
{
    struct json *json = NULL;
    size_t at;

    if (json_read(ctx, text, false, CLAIM_DEPTH, &json, &at) != JSON_OK ||
        !json_is(json, JSON_OBJECT))
        return NULL;
    return json;
}

/* Owned by the tree; NULL: none that can be gone to. */
static const char *url_of(const struct json *object, const char *name)
{
    const struct json *member = json_member(object, name);

    if (!json_is(member, JSON_STRING) || !bytes_begin(member->text, "https://") ||
        member->text.length > URL_MAX ||
        !text_is_printable(member->text.data, member->text.length) ||
        bytes_find_char(member->text, ' ') >= 0)
        return NULL;
    return member->text.data;
}

/* Absent: client_secret_basic (OpenID Connect Discovery section 3). */
static bool takes_form_only(const struct json *object)
{
    const struct json *list = json_member(object, "token_endpoint_auth_methods_supported");
    bool form = false;

    for (size_t i = 0; json_is(list, JSON_ARRAY) && i < list->count; i++) {
        const struct json *method = &list->items[i];

        if (json_is(method, JSON_STRING) && bytes_equal(method->text, "client_secret_basic"))
            return false;
        form = form ||
               (json_is(method, JSON_STRING) && bytes_equal(method->text, "client_secret_post"));
    }
    return form;
}

struct oidc_provider *oidc_provider_read(TALLOC_CTX *ctx, struct bytes text, const char *issuer)
{
    struct oidc_provider *provider = talloc_zero(ctx, struct oidc_provider);
    struct json *object = provider ? read_object(provider, text) : NULL;
    const struct json *says = object ? json_member(object, "issuer") : NULL;

    if (json_is(says, JSON_STRING) && bytes_equal(says->text, issuer)) {
        provider->issuer = says->text.data;
        provider->authorize_url = url_of(object, "authorization_endpoint");
        provider->token_url = url_of(object, "token_endpoint");
        provider->keys_url = url_of(object, "jwks_uri");
        provider->secret_in_form = takes_form_only(object);
    }
    if (provider && provider->authorize_url && provider->token_url && provider->keys_url)
        return provider;
    talloc_free(provider);
    return NULL;
}

/* ---- a sign-in ------------------------------------------------------------------------------- */

struct oidc_sign_in *oidc_sign_in_new(TALLOC_CTX *ctx)
{
    struct oidc_sign_in *sign_in = talloc_zero(ctx, struct oidc_sign_in);

    if (!sign_in)
        return NULL;
    sign_in->state = session_secret_new(sign_in);
    sign_in->nonce = session_secret_new(sign_in);
    sign_in->verifier = session_secret_new(sign_in); /* 43 characters: RFC 7636 section 4.1 */
    if (sign_in->state && sign_in->nonce && sign_in->verifier)
        return sign_in;
    talloc_free(sign_in);
    return NULL;
}

/* "&name=value"; NULL stays. */
static char *append(char *text, const char *name, const char *value)
{
    char *quoted = text && value ? encoding_percent(text, value) : NULL;

    return quoted ? talloc_asprintf_append_buffer(text, "%s%s=%s", *text ? "&" : "", name, quoted)
                  : NULL;
}

char *oidc_authorize_url(TALLOC_CTX *ctx, const struct oidc_provider *provider,
                         const struct oidc_client *client, const struct oidc_sign_in *sign_in)
{
    uint8_t digest[CRYPTO_SHA256_SIZE];
    char *query = talloc_strdup(ctx, ""), *challenge, *url = NULL;

    if (!query || !crypto_sha256(bytes_of(sign_in->verifier), digest))
        return NULL;
    challenge = encoding_base64url(query, (struct bytes){(const char *)digest, sizeof digest});
    query = append(query, "response_type", "code");
    query = append(query, "client_id", client->id);
    query = append(query, "redirect_uri", client->redirect_url);
    query = append(query, "scope", client->scopes);
    query = append(query, "state", sign_in->state);
    query = append(query, "nonce", sign_in->nonce);
    query = append(query, "code_challenge", challenge);
    query = append(query, "code_challenge_method", "S256");
    if (query)
        url = talloc_asprintf(ctx, "%s%c%s", provider->authorize_url,
                              strchr(provider->authorize_url, '?') ? '&' : '?', query);
    talloc_free(query);
    return url;
}

char *oidc_token_form(TALLOC_CTX *ctx, const struct oidc_provider *provider,
                      const struct oidc_client *client, const struct oidc_sign_in *sign_in,
                      const char *code)
{
    char *form = talloc_strdup(ctx, "");

    form = append(form, "grant_type", "authorization_code");
    form = append(form, "code", code);
    form = append(form, "redirect_uri", client->redirect_url);
    form = append(form, "code_verifier", sign_in->verifier);
    if (!client->secret || provider->secret_in_form)
        form = append(form, "client_id", client->id);
    if (client->secret && provider->secret_in_form)
        form = append(form, "client_secret", client->secret);
    return form;
}

struct bytes oidc_token_read(TALLOC_CTX *ctx, struct bytes text)
{
    struct json *object = read_object(ctx, text);
    const struct json *token = object ? json_member(object, "id_token") : NULL;

    return json_is(token, JSON_STRING) ? token->text : (struct bytes){"", 0};
}

struct json *oidc_keys_read(TALLOC_CTX *ctx, struct bytes text)
{
    return read_object(ctx, text);
}
