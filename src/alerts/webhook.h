/* SPDX-License-Identifier: MIT */
/* webhook.h - signatures and attempts as Standard Webhooks has them
 * (https://www.standardwebhooks.com/).  Pure, but for chance in a new secret. */
#ifndef ALERTS_WEBHOOK_H
#define ALERTS_WEBHOOK_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

/* "whsec_..." of 192 bits; NULL: no memory. */
char *webhook_secret_new(TALLOC_CTX *ctx);

struct webhook_message {
    const char *id, *body;
    int64_t at;
};
/* The fields of the request, up to NULL: id, timestamp, signature and type of the content.  NULL:
 * no memory, or that is no secret. */
const char *const *webhook_fields(TALLOC_CTX *ctx, const struct webhook_message *message,
                                  const char *secret);

/* An absolute https URL without a user, a fragment, blanks or control characters? */
bool webhook_is_url(const char *text);

/* The URL of a webhook is a secret: whoever knows it may send there.  Who may not change channels
 * sees "https://host/...1a2b" of it, as do logs and alerts.  Owned by ctx; NULL: no memory. */
char *webhook_hidden(TALLOC_CTX *ctx, const char *url);
/* That of a channel: an address as it is, "" of a command. */
char *webhook_hidden_target(TALLOC_CTX *ctx, const char *kind, const char *target);

/* Seconds until the next attempt when so many have failed; 0: it is given up. */
int64_t webhook_wait(int64_t attempts);

#endif
