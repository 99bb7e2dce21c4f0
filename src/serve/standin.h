/* SPDX-License-Identifier: MIT */
/* standin.h - the least that reads HTTP/1.1, until src/http/ does; private to serve/. */
#ifndef SERVE_STANDIN_H
#define SERVE_STANDIN_H

#include <talloc.h>

#include "base/bytes.h"
#include "http/request.h"

/* 0: more is needed; 200: *ret is a request, *ret_used bytes long; else a status to refuse it. */
unsigned standin_head(TALLOC_CTX *ctx, struct bytes in, struct http_request **ret,
                      size_t *ret_used);

struct standin_chunks {
    int64_t left; /* of this chunk */
    int state;
};
/* Takes what there is; *ret_data is content.  0: more; 200: the end; else a fault. */
unsigned standin_chunk(struct standin_chunks *chunks, struct bytes in, struct bytes *ret_data,
                       size_t *ret_used);

/* A decoded field of a query or form. */
char *standin_field(TALLOC_CTX *ctx, struct bytes text, const char *name);

struct standin_part {
    char *name, *file_name, *type;
    struct bytes content;
};
struct standin_part *standin_parts(TALLOC_CTX *ctx, struct bytes body, const char *type,
                                   size_t *ret_count);
char *standin_cookie(TALLOC_CTX *ctx, const struct http_request *request, const char *name);

#endif
