/* SPDX-License-Identifier: MIT */
/* account_proxy.h - whom the proxy in front of us has signed in; private to serve/. */
#ifndef SERVE_ACCOUNT_PROXY_H
#define SERVE_ACCOUNT_PROXY_H

#include <stdbool.h>

struct exchange;

/* Whom the request names; NULL: nobody, or what it says does not count here. */
const char *account_proxy_user(const struct exchange *exchange);
/* It names somebody and comes from no proxy that we trust: answered, and said in the log. */
bool account_proxy_refuses(struct exchange *exchange);
/* It names somebody else than whose session it is. */
bool account_proxy_contradicts(const struct exchange *exchange, const char *name);

#endif
