/* SPDX-License-Identifier: MIT */
/* fuzz_id_token.c - an ID token, the provider's configuration and its keys from anyone: nothing
 * that nobody signed gets in, and what is read lies within the text. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/id_token.h"
#include "accounts/oidc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input: keys, a line end, a token. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct id_token_rules rules = {.issuer = "https://idp.example",
                                                .client_id = "mtasts",
                                                .nonce = "n-1",
                                                .now = 1000000,
                                                .name_claim = "preferred_username",
                                                .groups_claim = "realm_access.roles"};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct bytes all = {(const char *)data, size};
    long line = bytes_find_char(all, '\n');
    struct bytes first = {all.data, line < 0 ? size : (size_t)line};
    struct bytes rest = bytes_from(all, line < 0 ? size : (size_t)line + 1);
    struct json *keys = oidc_keys_read(ctx, first);
    struct id_token *token = NULL;
    struct oidc_provider *provider = oidc_provider_read(ctx, first, rules.issuer);
    struct bytes inner = oidc_token_read(ctx, first);

    if (provider && strncmp(provider->token_url, "https://", 8) != 0)
        abort();
    if (inner.length > size)
        abort();
    if (id_token_check(ctx, rest, keys, &rules, &token) == ID_TOKEN_NONE) {
        if (!token || !*token->subject || !token->name)
            abort();
        for (size_t i = 0; i < token->group_count; i++)
            if (!token->groups[i])
                abort();
    }
    talloc_free(ctx);
    return 0;
}
