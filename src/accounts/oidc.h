/* SPDX-License-Identifier: MIT */
/* oidc.h - the messages of a sign-in by OpenID Connect: code flow with PKCE (RFC 7636, S256).
 *
 * No network here: what to ask, and what the answers say. */
#ifndef ACCOUNTS_OIDC_H
#define ACCOUNTS_OIDC_H

#include <stdbool.h>

#include <talloc.h>

#include "base/bytes.h"
#include "base/json.h"

/* Of the provider's configuration (OpenID Connect Discovery 1.0). */
struct oidc_provider {
    const char *issuer;
    const char *authorize_url, *token_url, *keys_url;
    bool secret_in_form; /* it does not take the client's secret in the head */
};

/* Where that configuration is; NULL: no memory. */
char *oidc_discovery_url(TALLOC_CTX *ctx, const char *issuer);
/* NULL: it is none, of another issuer, or an address is not https.  Owned by ctx. */
struct oidc_provider *oidc_provider_read(TALLOC_CTX *ctx, struct bytes text, const char *issuer);

/* One sign-in under way: three secrets, and where to go afterwards. */
struct oidc_sign_in {
    char *state;    /* comes back with the answer; the browser has it as a cookie, too */
    char *nonce;    /* comes back in the token */
    char *verifier; /* proves to the provider that the code is ours */
};

/* NULL: no memory. */
struct oidc_sign_in *oidc_sign_in_new(TALLOC_CTX *ctx);

struct oidc_client {
    const char *id, *secret; /* secret NULL: a public client */
    const char *redirect_url;
    const char *scopes; /* "openid profile" */
};

/* Where the browser is sent; NULL: no memory. */
char *oidc_authorize_url(TALLOC_CTX *ctx, const struct oidc_provider *provider,
                         const struct oidc_client *client, const struct oidc_sign_in *sign_in);
/* The form that is posted to the provider; NULL: no memory. */
char *oidc_token_form(TALLOC_CTX *ctx, const struct oidc_provider *provider,
                      const struct oidc_client *client, const struct oidc_sign_in *sign_in,
                      const char *code);
/* The ID token of its answer; empty: there is none. */
struct bytes oidc_token_read(TALLOC_CTX *ctx, struct bytes text);
/* NULL: no JSON. */
struct json *oidc_keys_read(TALLOC_CTX *ctx, struct bytes text);

#endif
