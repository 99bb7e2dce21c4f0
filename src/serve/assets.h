/* SPDX-License-Identifier: MIT */
/* assets.h - style sheet, script and icon, and what robots may read. */
#ifndef SERVE_ASSETS_H
#define SERVE_ASSETS_H

#include "serve/route.h"

extern const struct route_table asset_routes;

#endif
