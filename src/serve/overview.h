/* SPDX-License-Identifier: MIT */
/* overview.h - my domains by what is wrong with them: a page, and the API. */
#ifndef SERVE_OVERVIEW_H
#define SERVE_OVERVIEW_H

#include "serve/route.h"

extern const struct route_table overview_routes;

#endif
