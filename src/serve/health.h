/* SPDX-License-Identifier: MIT */
/* health.h - is the service alive, and can it answer? */
#ifndef SERVE_HEALTH_H
#define SERVE_HEALTH_H

#include "serve/route.h"

extern const struct route_table health_routes;

#endif
