/* SPDX-License-Identifier: MIT */
/* query.h - application/x-www-form-urlencoded: the query of a target, the body of a form. */
#ifndef HTTP_QUERY_H
#define HTTP_QUERY_H

#include <stddef.h>

#include <talloc.h>

#include "base/bytes.h"
#include "http/fault.h"
#include "http/request.h"

/* Names and values are decoded UTF-8 without NUL; line ends of a text are in them as they came. */
struct http_query {
    struct http_field *fields;
    size_t count;
};

/* "a=b&c": a field without '=' has the value "".  A fault: an escape that is none or NUL, no UTF-8,
 * too much of it. */
struct http_fault http_query_read(TALLOC_CTX *ctx, struct bytes text, struct http_query **ret);
/* The value of the first field of that name; NULL: there is none. */
const char *http_query_get(const struct http_query *query, const char *name);

#endif
