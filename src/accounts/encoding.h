/* SPDX-License-Identifier: MIT */
/* encoding.h - bytes as text that is typed, or stands in a URL.  Owned by ctx; NULL: no memory. */
#ifndef ACCOUNTS_ENCODING_H
#define ACCOUNTS_ENCODING_H

#include <stdbool.h>

#include <talloc.h>

#include "base/bytes.h"

/* RFC 4648 section 6, without padding: capitals and 2 to 7. */
char *encoding_base32(TALLOC_CTX *ctx, struct bytes bytes);
/* RFC 4648 section 5, without padding. */
char *encoding_base64url(TALLOC_CTX *ctx, struct bytes bytes);
/* False: it is none, or there is no memory. */
bool encoding_from_base64url(TALLOC_CTX *ctx, struct bytes text, struct bytes *ret);
/* All but unreserved characters (RFC 3986) as %XX. */
char *encoding_percent(TALLOC_CTX *ctx, const char *text);

/* So many characters by chance out of 0-9, A-Z, a-z: 5.95 bits each. */
char *encoding_random_base62(TALLOC_CTX *ctx, size_t count);
/* So many out of digits and small letters without those that look alike: 5 bits each. */
char *encoding_random_typed(TALLOC_CTX *ctx, size_t count);

#endif
