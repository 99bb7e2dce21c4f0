/* SPDX-License-Identifier: MIT */
/* openapi.h - the API described for programs (OpenAPI 3.1), out of the tables of routes. */
#ifndef SERVE_OPENAPI_H
#define SERVE_OPENAPI_H

#include <stddef.h>

#include <talloc.h>

#include "serve/route.h"

/* The document of these tables.  base: of the URL, such as "/a/b/".  NULL: no memory. */
char *openapi_document(TALLOC_CTX *ctx, const struct route_table *const *tables, size_t count,
                       const char *base);

/* The schemas of schema/ and schema/api/ as the members of "components" (tools/embed-schemas). */
extern const char openapi_schemas[];

#endif
