/* SPDX-License-Identifier: MIT */
/* check_service.h - what the routes about checks share: the queue, and the results in the store;
 * private to serve/. */
#ifndef SERVE_CHECK_SERVICE_H
#define SERVE_CHECK_SERVICE_H

#include "app/check_links.h"
#include "app/check_queue.h"
#include "base/i18n.h"

struct exchange;
struct service;

struct check_service {
    struct check_queue *queue;
    struct check_queue *names; /* looks at the DNS alone: no mail server is connected to */
    struct check_links *links;
    struct client_limits *groups; /* how often they may ask for a check */
};

STS_MUST_USE enum sts_status check_service_start(struct service *service);

/* Asks for a check of what a person wrote.  False: it was refused, and the exchange is answered. */
bool check_service_ask(struct exchange *exchange, const char *text, const struct check_run **ret);
/* One of the checks that a group may ask for.  False: it was one too many, and is answered. */
bool check_service_take(struct exchange *exchange, int64_t group);
/* The same for a group that has it stored (check_run.h), as often as a group may.  *ret_reused: it
 * was over before. */
bool check_service_ask_kept(struct exchange *exchange, int64_t group, const char *text,
                            const struct check_run **ret, bool *ret_reused);
/* The domain in it; else a translated sentence, owned by the exchange, what is wrong. */
const char *check_service_name(struct exchange *exchange, const char *text,
                               char name[STS_NAME_SIZE]);

/* A translated sentence, owned by the exchange: why nothing is begun for this client now. */
const char *check_service_refusal(struct exchange *exchange, const struct check_asked *asked);

/* run: until it returns; it is that of the queue, or of the store.  NULL: there is none. */
typedef void (*check_found_fn)(void *arg, const struct check_run *run);
/* The run of that id, or the last one of a domain; now or later. */
void check_service_find(struct exchange *exchange, const struct check_link *link,
                        check_found_fn found, void *arg);
/* Answers that there is none. */
void check_service_absent(struct exchange *exchange);

/* What a callback of the loop shows is in the visitor's language: call it first; what it gives is
 * to be set again by i18n_use(). */
enum i18n_language check_service_speak(const struct exchange *exchange);

#endif
