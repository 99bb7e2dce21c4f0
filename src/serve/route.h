/* SPDX-License-Identifier: MIT */
/* route.h - the table of routes: which function answers what. */
#ifndef SERVE_ROUTE_H
#define SERVE_ROUTE_H

#include <stddef.h>
#include <stdint.h>

#include <mtasts/status.h>

#include "http/request.h"

struct exchange;
struct service;

/* What may come as a body, and what happens to it before the function is called. */
enum route_body {
    ROUTE_NO_BODY,
    ROUTE_FORM,   /* application/x-www-form-urlencoded or multipart/form-data: exchange_form() */
    ROUTE_UPLOAD, /* the same, with files; or any type as a whole: exchange_upload() */
    ROUTE_JSON    /* exchange_body() */
};

/* How errors look, and which protections hold: pages check the origin of a POST and its token
 * against forgery; the API does neither, since it knows no cookies. */
enum route_kind { ROUTE_PAGE, ROUTE_API, ROUTE_PLAIN };

struct route {
    enum http_method method; /* HTTP_GET answers HEAD too */
    const char *pattern;     /* "/explain/{word}"; a place is one segment */
    void (*answer)(struct exchange *exchange);
    enum route_kind kind;
    enum route_body body;
    int64_t body_max; /* bytes; 0: the default of the kind of body */
};

/* One table an area of the service, each in the file of its functions; routes.c lists them. */
struct route_table {
    const struct route *routes;
    size_t count;
    /* Before the first request: what the area keeps, as a talloc child of the service.  NULL. */
    enum sts_status (*start)(struct service *service);
};

/* Of several routes that match the first counts, in the order of routes.c. */
extern const struct route_table *const route_tables[];
extern const size_t route_table_count;

#endif
