/* SPDX-License-Identifier: MIT */
/* multipart.h - multipart/form-data as it comes (RFC 7578).
 *
 * The body is not kept here: the caller writes it to a file, and learns where in it each part's
 * content lies. */
#ifndef HTTP_MULTIPART_H
#define HTTP_MULTIPART_H

#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include "base/bytes.h"
#include "http/fault.h"

struct http_part {
    const char *name;       /* UTF-8 */
    const char *file_name;  /* fit to be shown, without directories; NULL: it is no file */
    const char *type;       /* of the file, as the client says; NULL: it does not */
    int64_t offset, length; /* bytes of the body */
};

struct http_multipart;

/* The boundary that a Content-Type names.  NULL: it is not multipart/form-data, or names none; or
 * no memory. */
char *http_multipart_boundary(TALLOC_CTX *ctx, const char *content_type);
/* NULL: no memory. */
struct http_multipart *http_multipart_new(TALLOC_CTX *ctx, const char *boundary);
/* The next piece of the body. */
struct http_fault http_multipart_take(struct http_multipart *multipart, struct bytes piece);
/* After the last one.  The parts are the multipart's. */
struct http_fault http_multipart_finish(const struct http_multipart *multipart,
                                        const struct http_part **ret, size_t *ret_count);
/* The first part of that name; NULL: there is none. */
const struct http_part *http_part_find(const struct http_part *parts, size_t count,
                                       const char *name);

#endif
