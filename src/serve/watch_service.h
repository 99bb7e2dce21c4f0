/* SPDX-License-Identifier: MIT */
/* watch_service.h - the domains of groups, looked at on a schedule (app/domain_watch.h).
 */
#ifndef SERVE_WATCH_SERVICE_H
#define SERVE_WATCH_SERVICE_H

#include "app/domain_watch.h"
#include "serve/route.h"

struct access;
struct check_run;
struct exchange;
struct service;

extern const struct route_table watch_routes;

/* A check of a domain that is the asker's to check, now: to be followed at /c/{id}, and stored in
 * the history of the domain as well, also where the watch is switched off.
 * False: it was refused, and the exchange is answered. */
bool watch_service_check(struct exchange *exchange, const struct access *access,
                         const struct check_run **ret);
/* For many domains: they are due at once, beside what runs (domain_watch_now()); whoever has
 * written that in a batch of their own calls domain_watch_wake(service->watch).  False: there is no
 * watch, or no memory. */
bool watch_service_now(const struct service *service, const char *const *domains, size_t count);

#endif
