/* SPDX-License-Identifier: MIT */
/* parameters.h - a value with parameters: "form-data; name=\"a\"" (RFC 9110 section 5.6.6). */
#ifndef HTTP_PARAMETERS_H
#define HTTP_PARAMETERS_H

#include <stdbool.h>

#include <talloc.h>

#include "base/bytes.h"

/* Is what stands before the first ';' this, case of letters ignored? */
bool http_value_is(struct bytes value, const char *what);
/* The value of the first parameter of that name, without quotes; \" is a quote, any other backslash
 * is what it is, as browsers send paths.  NULL: there is none.  Owned by ctx.  False: no memory. */
bool http_parameter(TALLOC_CTX *ctx, struct bytes value, const char *name, char **ret);

#endif
