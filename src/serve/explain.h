/* SPDX-License-Identifier: MIT */
/* explain.h - the knowledge base: all of it, what a search finds, one entry. */
#ifndef SERVE_EXPLAIN_H
#define SERVE_EXPLAIN_H

#include "serve/route.h"

extern const struct route_table explain_routes;

#endif
