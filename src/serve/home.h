/* SPDX-License-Identifier: MIT */
/* home.h - the first page, the one about the service, the choice of language and appearance, and
 * errors as pages. */
#ifndef SERVE_HOME_H
#define SERVE_HOME_H

#include "serve/route.h"

struct exchange;

extern const struct route_table home_routes;

/* The first page again, with what was typed and what is wrong with it (translated). */
void home_answer_error(struct exchange *exchange, const char *domain, const char *error);

#endif
