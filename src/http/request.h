/* SPDX-License-Identifier: MIT */
/* request.h - the head of an HTTP/1.1 request, as a server has read and checked it (RFC 9112). */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS,
    HTTP_OTHER
};

struct http_field {
    const char *name; /* in lower case */
    const char *value;
};

/* All text is without NUL and control characters (but HTAB in a value).  The path is UTF-8, values
 * are bytes. */
struct http_request {
    enum http_method method;
    int minor;         /* of the version: 0 or 1 */
    const char *path;  /* percent-decoded once; begins with '/'; no "." or ".." segment */
    const char *query; /* behind the '?', as it was sent; "" */
    const char
        *host; /* in lower case, without the port and a final dot; "[::1]" with its brackets */
    const struct http_field *fields;
    size_t field_count;
    int64_t length; /* of the body; -1: it comes in chunks */
    bool keep_alive;
    bool expects_continue; /* the client waits for 100 before it sends the body */
};

/* The value of the first field of that name (in lower case); NULL: there is none. */
const char *http_request_field(const struct http_request *request, const char *name);
/* Is the request's host one of these (in lower case)?  A page of another site may have its name
 * point at this service (DNS rebinding); then the host gives it away. */
bool http_request_host_is(const struct http_request *request, const char *const *hosts,
                          size_t count);

#endif
