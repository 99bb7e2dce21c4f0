/* SPDX-License-Identifier: MIT */
/* etag.h - answers that are the same for everybody, sent once only (RFC 9110 section 8.8.3). */
#ifndef SERVE_ETAG_H
#define SERVE_ETAG_H

#include <stdbool.h>

#include "base/bytes.h"

struct exchange;

#define ETAG_SIZE 20

/* Of a content, as the field has it. */
void etag_of(struct bytes content, char tag[ETAG_SIZE]);
/* Does the client have it already? */
bool etag_is_known(const struct exchange *exchange, const char *tag);
/* 200 with an ETag of the content, or 304 where the client has it already. */
void etag_answer(struct exchange *exchange, const char *type, struct bytes body);

#endif
