/* SPDX-License-Identifier: MIT */
/* change_service.h - what changed about domains, for programs. */
#ifndef SERVE_CHANGE_SERVICE_H
#define SERVE_CHANGE_SERVICE_H

#include "serve/route.h"

extern const struct route_table change_api_routes;

#endif
