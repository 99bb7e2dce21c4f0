/* SPDX-License-Identifier: MIT */
/* totp.h - codes of an authenticator app (RFC 6238: SHA-1, 30 seconds, six digits, as all apps have
 * it), and the recovery codes for when it is lost. */
#ifndef ACCOUNTS_TOTP_H
#define ACCOUNTS_TOTP_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "accounts/crypto.h"
#include "base/bytes.h"

#define TOTP_STEP_S 30

int64_t totp_step(int64_t now);
/* The code of a step, with up to 8 digits; -1: no memory. */
int32_t totp_code(struct bytes secret, int64_t step, int digits);

/* Is it the code of a step around now that comes after the last one used (-1: none)?  Blanks in the
 * text do not count. */
bool totp_check(struct bytes secret, const char *text, int64_t now, int64_t last_step,
                int64_t *ret_step);

/* A new secret, owned by ctx. */
STS_MUST_USE enum sts_status totp_new_secret(TALLOC_CTX *ctx, struct bytes *ret);
/* As an app reads it: otpauth://totp/...; NULL: no memory. */
char *totp_uri(TALLOC_CTX *ctx, struct bytes secret, const char *service, const char *user);

/* "abcd-efgh-jkmn", 60 bits; NULL: no memory. */
char *recovery_code_new(TALLOC_CTX *ctx);
/* Of the code as it was typed: letters of any case, dashes and blanks do not count. */
STS_MUST_USE enum sts_status recovery_code_hash(const char *text, uint8_t hash[CRYPTO_SHA256_SIZE]);

#endif
