/* SPDX-License-Identifier: MIT */
/* visitor.h - who asks, as far as a connection and a request tell; private to serve/. */
#ifndef SERVE_VISITOR_H
#define SERVE_VISITOR_H

#include <stdbool.h>

#include <talloc.h>

#include "serve/exchange.h"

struct service;

struct visitor_request {
    const struct service *service;
    const struct http_request *request;
    const char *peer; /* the address of the connection; "" of a socket of this machine */
    bool over_tls;
    const char *language; /* of the query; NULL */
};

/* What it points to is owned by ctx or borrowed. */
struct visitor visitor_find(TALLOC_CTX *ctx, const struct visitor_request *request);
/* They are signed in with that account: its language counts unless one was chosen here. */
void visitor_is(struct visitor *visitor, const struct account *account);
/* May this address say whom it asks for?  peer as above. */
bool visitor_trusts(const struct service *service, const char *peer);

#endif
