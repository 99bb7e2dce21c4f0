/* SPDX-License-Identifier: MIT */
/* account_service.h - the accounts of this service, the routes about them, and what the command has
 * to say of them. */
#ifndef SERVE_ACCOUNT_SERVICE_H
#define SERVE_ACCOUNT_SERVICE_H

#include "serve/route.h"

struct service;

/* Before the first request. */
enum sts_status account_service_start(struct service *service);
/* The secret that makes somebody the first administrator; NULL: there is one already. */
const char *account_service_first_start(const struct service *service);

/* The first of the tables makes them. */
extern const struct route_table account_sign_in_routes, account_own_routes, account_admin_routes,
    account_group_routes, account_api_routes, account_token_routes, account_language_routes;

#endif
