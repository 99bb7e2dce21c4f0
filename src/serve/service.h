/* SPDX-License-Identifier: MIT */
/* service.h - what all exchanges of one service share. */
#ifndef SERVE_SERVICE_H
#define SERVE_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "event/loop.h"

struct exchange;
struct jobs;
struct loop;
struct net_options;
struct network;
struct route_table;
struct server;
struct store_readers;
struct store_writer;

struct account_service;
struct account_settings;
struct alert_settings;
struct alerts;
struct check_service;
struct domain_batches;
struct domain_watch;
struct intake_service;
struct overview_service;
struct page_service;
struct readiness;
struct report_service;
struct reverse_names;
struct text_service;
struct store_fault;
struct verify_sender_request;

struct service {
    struct loop *loop;
    const struct net_options *net; /* how domains are looked at */
    struct jobs *jobs;             /* for what blocks and needs no store */
    const char *store;             /* where it is; NULL: the default one */
    struct store_writer *writer;
    struct store_readers *readers;
    const struct verify_sender_request *verify; /* how mails with reports are verified; or NULL */
    bool any_domain;     /* reports of domains that are not known here are stored, too */
    bool watch_off;      /* domains of groups are not looked at by themselves, or so often: */
    int64_t watch_every; /* seconds */
    int64_t keep_days;   /* older checks of theirs are pruned */
    /* The base URL: "https://host[:port]", its host in lower case, and "/" or "/a/b/", which stands
     * before every path outside.  The first two are "" where none was told. */
    const char *origin, *host, *base_path;
    const struct network *proxies; /* that may say whom they ask for */
    size_t proxy_count;
    /* A line for the log, without its end. */
    void (*log)(const char *line);
    bool access_log; /* a line for each request */
    char *why;       /* a line by the area that could not start; NULL: there was no memory */
    const struct route_table *const *tables; /* route.h */
    size_t table_count;
    struct server *server;
    /* An error as a page: answers the exchange.  NULL: the plainest. */
    void (*problem_page)(struct exchange *exchange, unsigned status, const char *code,
                         const char *detail);

    /* Finds out who asks, then goes on to the route; or answers.  NULL: nobody can sign in. */
    void (*find_account)(struct exchange *exchange, void (*go_on)(struct exchange *exchange));
    /* Is a form that one of our pages sent what the visitor meant to send?  Where a session is
     * open, that of its token.  NULL: where it comes from is enough. */
    bool (*form_is_genuine)(const struct exchange *exchange);

    /* One pointer an area, set by the `start` of its table of routes. */
    struct account_service *accounts;
    const struct account_settings *account_settings; /* NULL: one signs in here only */
    struct alerts *alerts;
    const struct alert_settings *alert_settings;
    struct service_stop *stop;        /* it is being stopped; NULL */
    struct client_limits *api_limits; /* api_limit.h; NULL: none */
    struct check_service *checks;
    struct domain_watch *watch;
    struct domain_batches *batches;
    struct intake_service *intake;
    struct overview_service *overview;
    struct page_service *pages;
    struct readiness *readiness;
    struct report_service *reports;
    struct reverse_names *reverse_names; /* of the addresses in reports */
    struct text_service *texts;
};

/* One line for the log; what it holds of strangers' text is made printable. */
void service_say(const struct service *service, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Why the store failed, at most once a minute: who asks is told only that it did. */
void service_say_store(const struct service *service, const struct store_fault *fault);

/* Sets the tables, and calls what the areas have to do before the first request (route.h,
 * routes.c). */
STS_MUST_USE enum sts_status service_start_areas(struct service *service);
/* The areas end in order what they began; then `stopped` is called, maybe before this returns. */
void service_stop_areas(struct service *service, loop_fn stopped, void *arg);

#endif
