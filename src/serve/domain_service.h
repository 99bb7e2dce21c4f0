/* SPDX-License-Identifier: MIT */
/* domain_service.h - what the pages and the API of one domain share: whose it is, which part of the
 * reports is asked for, and the reading of it; private to serve/. */
#ifndef SERVE_DOMAIN_SERVICE_H
#define SERVE_DOMAIN_SERVICE_H

#include "history/domain_history.h"
#include "history/domain_summary.h"
#include "serve/access.h"

struct exchange;

/* What was read, a child of the exchange. */
struct domain_reading {
    struct domain_summary_request request;
    struct domain_summary *summary; /* domain_summary_ask(), domain_brief_ask() */
    struct domain_history *history; /* domain_history_ask() */
    enum store_role role;           /* of whoever asks */
    int64_t group;
    void (*done)(struct exchange *exchange, const struct domain_reading *reading);
};
typedef void (*domain_read_fn)(struct exchange *exchange, const struct domain_reading *reading);

/* By the query: days (30, 90 or 365), sender, mx, type, ip.  A failure of the store is answered
 * here. */
void domain_summary_ask(struct exchange *exchange, const struct access *access,
                        domain_read_fn done);
/* What it is without what the reports of these days say. */
void domain_brief_ask(struct exchange *exchange, const struct access *access, domain_read_fn done);
void domain_history_ask(struct exchange *exchange, const struct access *access,
                        domain_read_fn done);

/* A function of a route, answer_NAME(): for viewers of the domain of the place {domain}, `ask` (one
 * of the above) reads, and `done` answers. */
#define DOMAIN_ANSWER(name, ask, done)                                                             \
    static void allowed_##name(struct exchange *exchange, const struct access *access)             \
    {                                                                                              \
        ask(exchange, access, done);                                                               \
    }                                                                                              \
    static void answer_##name(struct exchange *exchange)                                           \
    {                                                                                              \
        access_domain(exchange, exchange_place(exchange, "domain"), STORE_ROLE_VIEWER,             \
                      allowed_##name);                                                             \
    }

#endif
