/* SPDX-License-Identifier: MIT */
/* answer.h - the head of an answer, and what follows it (RFC 9112). */
#ifndef HTTP_ANSWER_H
#define HTTP_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include "base/bytes.h"
#include "http/request.h"

#define HTTP_CHUNK_SIZE 20 /* of a chunk's first line */

struct http_answer {
    unsigned status;
    const struct http_request *request; /* NULL: none was understood */
    const struct http_field *fields;    /* what is written here is left out: Date, Content-Length,
                                         * Transfer-Encoding, Connection */
    size_t field_count;
    int64_t length; /* of the body, in bytes; -1: it is not known yet */
    int64_t now;    /* seconds since 1970 */
    bool close;     /* the connection is to be closed, whatever the client would like */
};

/* How the body is to be sent, and what becomes of the connection. */
struct http_answer_form {
    bool has_body; /* not to HEAD, nor with 204 and 304 */
    bool chunked;
    bool keep_alive;
};

/* The head as it goes over the wire; a field that is none is dropped.  NULL: no memory. */
char *http_answer_head(TALLOC_CTX *ctx, const struct http_answer *answer,
                       struct http_answer_form *ret_form);

/* What stands before a chunk of so many bytes, not 0; behind it stands CR LF. */
size_t http_chunk_begin(size_t length, char text[HTTP_CHUNK_SIZE]);
#define HTTP_CHUNK_END  "\r\n"
#define HTTP_CHUNK_LAST "0\r\n\r\n"

/* The ETag of a body: weak, since packed by gzip it is another. */
char *http_etag(TALLOC_CTX *ctx, struct bytes body);
/* Has the client what this ETag is of (If-None-Match)?  Then 304 is the answer. */
bool http_not_modified(const struct http_request *request, const char *etag);

/* "Not Found"; "" for a status that is not known. */
const char *http_reason(unsigned status);

#endif
