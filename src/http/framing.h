/* SPDX-License-Identifier: MIT */
/* framing.h - the fields that decide where a request ends and for whom it is (RFC 9112 section 6).
 * Private to http/.
 *
 * There is one reading of what passes here: what others might read in another way is refused, so
 * that a proxy before us and we never disagree on where a request ends (section 11.2). */
#ifndef HTTP_FRAMING_H
#define HTTP_FRAMING_H

#include <stdbool.h>

#include "base/bytes.h"
#include "http/fault.h"
#include "http/request.h"

/* What was seen so far; begins as zeros. */
struct framing {
    bool has_length, chunked, has_expect, says_close, says_keep_alive;
};

/* A field of any name, which is in lower case. */
struct http_fault framing_field(struct framing *framing, struct http_request *request,
                                struct bytes name, struct bytes value);
/* After the last field: sets length, keep_alive and expects_continue. */
struct http_fault framing_finish(const struct framing *framing, struct http_request *request);

#endif
