/* SPDX-License-Identifier: MIT */
/* exchange_work.h - what an exchange consists of; private to serve/. */
#ifndef SERVE_EXCHANGE_WORK_H
#define SERVE_EXCHANGE_WORK_H

#include "http/query.h"
#include "serve/buffer.h"
#include "serve/exchange.h"
#include "serve/router.h"
#include "serve/upload.h"

/* The connection, as an exchange sees it. */
struct exchange_outlet {
    struct buffer *out;        /* NULL: the exchange is over */
    void (*put)(void *arg);    /* there is more to send */
    void (*ended)(void *arg);  /* the answer is complete */
    void (*broken)(void *arg); /* it never will be */
    void *arg;
};

/* A field of a form. */
struct exchange_part {
    const char *name;
    const char *value; /* NULL: it is a file */
    struct upload upload;
};

struct exchange {
    struct service *service;
    enum route_role role;
    bool over_own_tls; /* not a proxy's */
    struct exchange_outlet outlet;
    struct http_request *request;
    struct visitor visitor;
    const struct account *account; /* NULL: nobody */
    char *id;
    const struct http_query *query; /* NULL: not read yet */
    struct route_match match;
    /* the body, as the route wants it */
    const struct http_query *form;
    struct bytes body;
    struct exchange_part *parts;
    size_t part_count;
    struct upload whole;
    bool has_whole;
    /* the answer */
    struct http_field *fields;
    size_t field_count;
    const char *meant; /* exchange_did_you_mean(); NULL */
    unsigned status;
    size_t unsent_max;        /* of an answer in pieces */
    bool packed;              /* by gzip */
    bool begun;               /* its head is sent */
    bool chunked;             /* its body in pieces of known length */
    bool bare;                /* its body is left out */
    bool close;               /* the connection ends with it */
    void (*ready)(void *arg); /* when all was sent; NULL */
    void *ready_arg;
    void (*stopping)(void *arg);
    void *stopping_arg;
    int64_t begun_at; /* clock_monotonic_ms() */
    int64_t sent;     /* bytes of the body of the answer */
};

#endif
