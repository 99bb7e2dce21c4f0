/* SPDX-License-Identifier: MIT */
/* check_api.h - /api/v1/checks: start a check, follow it, read its result. */
#ifndef SERVE_CHECK_API_H
#define SERVE_CHECK_API_H

#include "serve/route.h"

struct check_run;

extern const struct route_table check_api_routes;

/* The facts of a run to download; answers the exchange, which is arg. */
void check_api_facts(void *arg, const struct check_run *run);

#endif
