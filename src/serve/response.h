/* SPDX-License-Identifier: MIT */
/* response.h - the head of an answer; private to serve/. */
#ifndef SERVE_RESPONSE_H
#define SERVE_RESPONSE_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

#include "serve/route.h"

struct response {
    unsigned status;
    const char *type; /* NULL: there is no body */
    int64_t length;   /* -1: it comes in pieces */
    enum route_kind kind;
    const struct http_field *fields; /* of the route; they replace ours of the same name */
    size_t field_count;
    bool chunked;    /* where it comes in pieces */
    bool close;      /* the connection ends with it */
    bool keep_alive; /* to be said to HTTP/1.0, which expects an end */
};

/* The whole head, with the fields that the kind of the route asks for.  Owned by ctx. */
char *response_head(TALLOC_CTX *ctx, const struct response *response);
/* "Not Found"; "" of a status that nobody knows. */
const char *response_reason(unsigned status);

#endif
