/* SPDX-License-Identifier: MIT */
/* target.h - what a request names: its path, its host. */
#ifndef HTTP_TARGET_H
#define HTTP_TARGET_H

#include <stdbool.h>

#include <talloc.h>

#include "base/bytes.h"

/* What may stand in the target of a request line; a browser leaves more than RFC 3986 as it is. */
bool http_is_target(unsigned char c);

/* The path of a target "/path?query" in origin-form, percent-decoded once.  NULL: there is no such
 * form, an escape is none or stands for a control character or a slash, a segment is "." or "..",
 * it is no UTF-8; or no memory. */
char *http_target_path(TALLOC_CTX *ctx, struct bytes target);
/* The query as it is. */
char *http_target_query(TALLOC_CTX *ctx, struct bytes target);

/* The value of a Host field, in lower case, without the port and a final dot.  NULL: it is no host,
 * or no memory. */
char *http_host(TALLOC_CTX *ctx, struct bytes value);

#endif
