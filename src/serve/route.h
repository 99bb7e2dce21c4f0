/* SPDX-License-Identifier: MIT */
/* route.h - the table of routes: which function answers what. */
#ifndef SERVE_ROUTE_H
#define SERVE_ROUTE_H

#include <stddef.h>
#include <stdint.h>

#include <mtasts/status.h>

#include "accounts/token.h" /* enum token_scope */
#include "event/loop.h"
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

/* Who may ask.  It is made sure before the function is called:
 *
 *   nobody is signed in      a page leads to /login and back again, its form is answered with 403;
 *                            the API answers 401
 *   a token without `scope`  403
 *   no group with the role   403; NEED_ADMINISTRATOR: 404
 *
 * From NEED_SIGNED_IN on exchange_account() is never NULL.  What the function has to do itself is
 * to ask about the thing: access_domain(), access_group(), access_allows() and access_groups() of
 * serve/access.h know whose it is, and answer 404 for that of another group.
 *
 * The API knows tokens only, which are of one group; pages know sessions, which are of all groups
 * of their user.  So does ROUTE_PLAIN where it needs somebody: a download, by GET.
 *
 *   {HTTP_GET, "/alerts", answer_alerts, ROUTE_PAGE, NEED_VIEWER, ROUTE_NO_BODY, 0},
 *   {HTTP_POST, "/alerts/{id}", take_alert, ROUTE_PAGE, NEED_EDITOR, ROUTE_FORM, 0},
 *   {HTTP_GET, "/api/v1/alerts", api_alerts, ROUTE_API, NEED_VIEWER, ROUTE_NO_BODY, 0, &list_doc,
 *    TOKEN_READ},
 *   {HTTP_POST, "/api/v1/domains", api_add, ROUTE_API, NEED_EDITOR, ROUTE_JSON, 0, &add_doc,
 *    TOKEN_DOMAINS}, */
enum route_need {
    NEED_UNSAID, /* of no route: it refuses everybody */
    NEED_PUBLIC,
    NEED_SIGNED_IN, /* whatever their roles; what they see may be empty */
    NEED_VIEWER,    /* at least that in some group */
    NEED_EDITOR,
    NEED_ADMIN,
    NEED_ADMINISTRATOR /* of the service, by a session: no token is one */
};

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
    enum route_need need;
    enum route_body body;
    int64_t body_max;            /* bytes; 0: the default of the kind of body */
    const struct route_doc *doc; /* of every route of the API, and of no other */
    /* Of the API, enum token_scope: what the token needs, of several one; 0: any token will do. */
    unsigned scope;
};

/* One table an area of the service, each in the file of its functions; routes.c lists them.  Of
 * several routes that match the first counts. */
struct route_table {
    const struct route *routes;
    size_t count;
    /* Before the first request: what the area keeps, as a talloc child of the service.  NULL. */
    enum sts_status (*start)(struct service *service);
    unsigned roles; /* of the sockets that it is answered on, a bit each; 0: ROLE_WEB */
    /* After the last one: what the area began is ended in order, then `stopped` is called, maybe
     * before this returns.  NULL. */
    void (*stop)(struct service *service, loop_fn stopped, void *arg);
};

/* Those of the program. */
extern const struct route_table *const route_tables[];
extern const size_t route_table_count;

#endif
