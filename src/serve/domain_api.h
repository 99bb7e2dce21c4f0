/* SPDX-License-Identifier: MIT */
/* domain_api.h - /api/v1/domains/{domain}/...: what is known of one domain. */
#ifndef SERVE_DOMAIN_API_H
#define SERVE_DOMAIN_API_H

#include "serve/route.h"

extern const struct route_table domain_api_routes;

#endif
