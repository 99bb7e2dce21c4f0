/* SPDX-License-Identifier: MIT */
/* api_limit.h - how many requests of the API a token may send, or an address without one; private
 * to serve/. */
#ifndef SERVE_API_LIMIT_H
#define SERVE_API_LIMIT_H

#include <stdbool.h>

struct exchange;

/* Counts one request, and says in its header fields what is left.  False: it was one too many, and
 * is answered.  Of pages, and of this machine without a token, nothing is counted. */
bool api_limit_take(struct exchange *exchange);

#endif
