/* SPDX-License-Identifier: MIT */
/* accept.h - what a client would like best (RFC 9110 section 12.5).  The values of fields may be
 * NULL, where the request has none. */
#ifndef HTTP_ACCEPT_H
#define HTTP_ACCEPT_H

#include <stdbool.h>
#include <stddef.h>

/* Accept-Language: which of these languages ("en", "de"), the best liked first; "de-AT" likes "de".
 * Where none of them is liked, the first: a page in a foreign language is better than none. */
size_t http_accept_language(const char *value, const char *const *languages, size_t count);

/* Accept-Encoding: may the answer be packed by gzip? */
bool http_accept_gzip(const char *value);

/* Accept: which of these media types ("text/html", "application/json"); of those liked equally the
 * first.  `count`: none of them will do. */
size_t http_accept_type(const char *value, const char *const *types, size_t count);

#endif
