/* SPDX-License-Identifier: MIT */
/* account_external.h - who is signed in elsewhere: by a proxy in front of us, or by a provider of
 * OpenID Connect; private to serve/. */
#ifndef SERVE_ACCOUNT_EXTERNAL_H
#define SERVE_ACCOUNT_EXTERNAL_H

#include <stdbool.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "serve/route.h"

struct account_service;
struct exchange;
struct service;

/* What the settings of the service ask for. */
STS_MUST_USE enum sts_status account_external_start(struct service *service,
                                                    struct account_service *accounts);

/* The proxy says who it is: they are being signed in. */
bool account_external_takes(struct exchange *exchange);
/* The name of the provider; NULL: there is none. */
const char *account_external_provider(const struct exchange *exchange);

extern const struct route_table account_external_routes;

#endif
