/* SPDX-License-Identifier: MIT */
/* webhook.c - Standard Webhooks: "v1," and the base64 of HMAC-SHA256 over "id.timestamp.body". */
#include "alerts/webhook.h"

#include <string.h>

#include "accounts/crypto.h"
#include "base/base64.h"

#define SECRET_PREFIX "whsec_"
#define SECRET_BYTES  24
#define URL_MAX       2000
#define HIDDEN_TAIL   4
#define HIDDEN_LEAST  12 /* bytes of a path whose end is shown */
#define MINUTE        ((int64_t)60)
#define HOUR          (60 * MINUTE)

char *webhook_secret_new(TALLOC_CTX *ctx)
{
    char chance[SECRET_BYTES];
    char *text, *secret;

    crypto_random(chance, sizeof(chance));
    text = base64_encode(ctx, chance, sizeof(chance));
    explicit_bzero(chance, sizeof(chance));
    secret = text ? talloc_asprintf(ctx, SECRET_PREFIX "%s", text) : NULL;
    talloc_free(text);
    return secret;
}

static char *signature_of(TALLOC_CTX *ctx, const char *text, struct bytes key)
{
    uint8_t digest[CRYPTO_SHA256_SIZE];

    if (!text || !crypto_hmac_sha256(key, bytes_of(text), digest))
        return NULL;
    return base64_encode(ctx, (const char *)digest, sizeof(digest));
}

const char *const *webhook_fields(TALLOC_CTX *ctx, const struct webhook_message *message,
                                  const char *secret)
{
    const char **fields = talloc_zero_array(ctx, const char *, 5);
    const char *encoded = secret + strlen(SECRET_PREFIX);
    char *text =
        talloc_asprintf(ctx, "%s.%lld.%s", message->id, (long long)message->at, message->body);
    struct bytes key;
    char *signature;

    if (!fields || strncmp(secret, SECRET_PREFIX, strlen(SECRET_PREFIX)) != 0 ||
        !base64_decode(ctx, encoded, strlen(encoded), &key))
        return NULL;
    signature = signature_of(ctx, text, key);
    if (!signature)
        return NULL;
    fields[0] = talloc_asprintf(fields, "webhook-id: %s", message->id);
    fields[1] = talloc_asprintf(fields, "webhook-timestamp: %lld", (long long)message->at);
    fields[2] = talloc_asprintf(fields, "webhook-signature: v1,%s", signature);
    fields[3] = "Content-Type: application/json";
    return fields[0] && fields[1] && fields[2] ? fields : NULL;
}

bool webhook_is_url(const char *text)
{
    size_t length = strlen(text);
    const char *host = text + strlen("https://");

    if (length > URL_MAX || strncmp(text, "https://", strlen("https://")) != 0)
        return false;
    for (size_t i = 0; i < length; i++)
        if (text[i] <= ' ' || text[i] > '~' || strchr("\"<>\\^`{|}#", text[i]))
            return false;
    length = strcspn(host, "/?");
    return length > 0 && *host != ':' && !memchr(host, '@', length);
}

/* ---- hidden ---------------------------------------------------------------------------------- */

char *webhook_hidden(TALLOC_CTX *ctx, const char *url)
{
    const char *host = strstr(url, "://");
    const char *path = host ? host + strlen("://") + strcspn(host + strlen("://"), "/?") : url;
    size_t length = strlen(path);

    /* what is shorter would be shown whole, but for a few */
    return talloc_asprintf(ctx, "%.*s/...%s", (int)(path - url), url,
                           length > HIDDEN_LEAST ? path + length - HIDDEN_TAIL : "");
}

char *webhook_hidden_target(TALLOC_CTX *ctx, const char *kind, const char *target)
{
    return strcmp(kind, "webhook") == 0 ? webhook_hidden(ctx, target) : talloc_strdup(ctx, target);
}

/* ---- attempts -------------------------------------------------------------------------------- */

int64_t webhook_wait(int64_t attempts)
{
    static const int64_t waits[] = {5,         5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR,
                                    10 * HOUR, 10 * HOUR,  10 * HOUR,   10 * HOUR};

    return attempts >= 1 && attempts <= (int64_t)(sizeof waits / sizeof *waits)
               ? waits[attempts - 1]
               : 0;
}
