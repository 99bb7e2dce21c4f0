/* SPDX-License-Identifier: MIT */
/* base64.h - bytes as base64 (RFC 4648 section 4) and back. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include "base/bytes.h"

/* NUL-terminated, owned by ctx.  NULL: no memory. */
char *base64_encode(TALLOC_CTX *ctx, const char *data, size_t length);

/* False where the text is not canonical base64, or memory ran out.  The bytes are owned by ctx and
 * a NUL, not counted, stands behind them. */
bool base64_decode(TALLOC_CTX *ctx, const char *text, size_t length, struct bytes *ret);

#endif
