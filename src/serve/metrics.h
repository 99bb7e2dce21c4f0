/* SPDX-License-Identifier: MIT */
/* metrics.h - what the service counts, for Prometheus; on a listening socket of that role only. */
#ifndef SERVE_METRICS_H
#define SERVE_METRICS_H

#include "serve/route.h"

extern const struct route_table metrics_routes;

#endif
