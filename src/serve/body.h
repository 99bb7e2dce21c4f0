/* SPDX-License-Identifier: MIT */
/* body.h - the body of a request on its way to the route: into memory, or into a file without a
 * name; private to serve/. */
#ifndef SERVE_BODY_H
#define SERVE_BODY_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

#include "base/bytes.h"

struct body;
struct exchange;

/* So many bytes the route of the exchange takes. */
int64_t body_limit(const struct exchange *exchange);

/* Owned by the exchange.  NULL: no memory, or no file (errno). */
struct body *body_new(struct exchange *exchange);
/* 0, or the status of the answer: 413, or 503 where there is no room for it (errno). */
unsigned body_take(struct body *body, struct bytes piece);
/* All is there: hands it to the exchange as the route wants it.  0, or the status. */
unsigned body_finish(struct body *body);
int64_t body_length(const struct body *body);
/* Where files without a name are made. */
const char *body_folder(void);

#endif
