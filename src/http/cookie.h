/* SPDX-License-Identifier: MIT */
/* cookie.h - cookies of a request, and the field that sets one (RFC 6265). */
#ifndef HTTP_COOKIE_H
#define HTTP_COOKIE_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

#include "http/request.h"

/* The value of the first cookie of that name, without quotes.  NULL: there is none, or it holds
 * what no cookie may; or no memory.  Owned by ctx. */
char *http_cookie(TALLOC_CTX *ctx, const struct http_request *request, const char *name);

enum http_same_site { HTTP_SAME_SITE_LAX, HTTP_SAME_SITE_STRICT };

struct http_cookie {
    const char *name;
    const char *value; /* "" with max_age 0: the cookie is to go */
    const char *path;  /* a name that begins with "__Host-" needs "/" and `secure` */
    int64_t max_age;   /* seconds; -1: until the browser is closed */
    enum http_same_site same_site;
    bool secure;
    bool for_scripts; /* else HttpOnly */
};

/* The value of a Set-Cookie field.  NULL: the browser would not take it, or no memory. */
char *http_set_cookie(TALLOC_CTX *ctx, const struct http_cookie *cookie);

#endif
