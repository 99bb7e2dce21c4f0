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

/* A place of the pattern or a field of the query, for the description. */
struct route_field {
    const char *name, *text;
};

/* What /openapi.json and /api say of a route of the API; in English, as the names in it are. */
struct route_doc {
    const char *summary; /* "Check a policy or a record." */
    const char *text;    /* more about it; NULL: nothing */
    /* Each place of the pattern, and fields of the query: up to a name that is NULL. */
    const struct route_field *places, *query;
    const char *body;        /* of ROUTE_JSON: the schema of schema/api/, such as "lint-request" */
    unsigned status;         /* of success; 0: 200 */
    const char *answer;      /* schemas of schema/ and schema/api/, '|' between; NULL: no JSON */
    const char *answer_type; /* NULL: application/json */
};

/* What a listening socket is for. */
enum route_role { ROLE_WEB, ROLE_METRICS };

struct route {
    enum http_method method; /* HTTP_GET answers HEAD too */
    const char *pattern;     /* "/explain/{word}"; a place is one segment */
    void (*answer)(struct exchange *exchange);
    enum route_kind kind;
    enum route_body body;
    int64_t body_max;            /* bytes; 0: the default of the kind of body */
    const struct route_doc *doc; /* of every route of the API, and of no other */
};

/* One table an area of the service, each in the file of its functions; routes.c lists them.  Of
 * several routes that match the first counts. */
struct route_table {
    const struct route *routes;
    size_t count;
    /* Before the first request: what the area keeps, as a talloc child of the service.  NULL. */
    enum sts_status (*start)(struct service *service);
    unsigned roles; /* of the sockets that it is answered on, a bit each; 0: ROLE_WEB */
};

/* Those of the program. */
extern const struct route_table *const route_tables[];
extern const size_t route_table_count;

#endif
