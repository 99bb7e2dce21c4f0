/* SPDX-License-Identifier: MIT */
/* response.h - the fields of an answer's head; private to serve/. */
#ifndef SERVE_RESPONSE_H
#define SERVE_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include "serve/route.h"

struct response {
    const char *type; /* NULL: there is no body */
    enum route_kind kind;
    const struct http_field *fields; /* of the route; they replace ours of the same name */
    size_t field_count;
    bool packed; /* by gzip */
    bool strict; /* TLS is our own: browsers are to come over it only */
};

/* Those of the route, and those that its kind asks for.  What is new is owned by ctx; NULL: no
 * memory. */
struct http_field *response_fields(TALLOC_CTX *ctx, const struct response *response,
                                   size_t *ret_count);

#endif
