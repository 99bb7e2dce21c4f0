/* SPDX-License-Identifier: MIT */
/* http_head.h - the head of an HTTP answer (RFC 9112), a line at a time, into a fetch. */
#ifndef NET_HTTP_HEAD_H
#define NET_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include "facts/facts.h"

/* A line with or without its end: a status line, a field, or the empty line behind the last one,
 * which sets *ret_ended.  A status line begins the head anew, since an answer 1xx went before it.
 * Of fields beyond LIMIT_HTTP_HEADERS, and of values beyond LIMIT_HTTP_VALUE, nothing is kept; what
 * is no field is passed over.  False: no memory. */
bool http_head_line(struct https_fetch *fetch, const char *line, size_t length, bool *ret_ended);

/* The first field of that name, which is in lower case; borrowed.  NULL: there is none. */
const struct http_header *http_head_find(const struct https_fetch *fetch, const char *name);
/* The time that the answer tells: its Date, and the Age of what a cache sent. */
bool http_head_date(const struct https_fetch *fetch, int64_t *ret);
/* "text/plain", printable and in lower case, without parameters; owned by the fetch.  NULL: none,
 * or no memory. */
const char *http_head_media_type(struct https_fetch *fetch);

#endif
