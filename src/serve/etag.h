/* SPDX-License-Identifier: MIT */
/* etag.h - answers that are the same for everybody, sent once only (RFC 9110 section 8.8.3). */
#ifndef SERVE_ETAG_H
#define SERVE_ETAG_H

#include "base/bytes.h"

struct exchange;

/* 200 with an ETag of the content, or 304 where the client has it already. */
void etag_answer(struct exchange *exchange, const char *type, struct bytes body);

#endif
