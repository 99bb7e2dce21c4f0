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

/* Seconds until the next attempt when so many have failed; 0: it is given up. */
int64_t webhook_wait(int64_t attempts);

#endif
