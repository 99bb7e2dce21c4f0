/* SPDX-License-Identifier: MIT */
/* router.h - which route a request is for. */
#ifndef SERVE_ROUTER_H
#define SERVE_ROUTER_H

#include <stdbool.h>

#include <talloc.h>

#include "serve/route.h"

#define ROUTE_PLACES 4 /* in one pattern, at most */

struct route_place {
    const char *name, *value;
};

struct route_match {
    const struct route *route; /* NULL: none of this method */
    struct route_place places[ROUTE_PLACES];
    unsigned methods;     /* of the routes of that path, a bit each; 0: there is no such path */
    enum route_kind kind; /* of these; without one, as the path begins */
};

struct route_wish {
    const struct service *service;
    enum http_method method;
    const char *path;
    enum route_role role;
};

/* The values of places are owned by ctx; false: no memory. */
STS_MUST_USE bool router_find(TALLOC_CTX *ctx, const struct route_wish *wish,
                              struct route_match *ret);
/* "GET, HEAD, OPTIONS"; owned by ctx. */
char *router_allow(TALLOC_CTX *ctx, unsigned methods);

#endif
