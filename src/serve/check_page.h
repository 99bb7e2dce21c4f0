/* SPDX-License-Identifier: MIT */
/* check_page.h - checks as pages: asked for, followed, read, and as a badge. */
#ifndef SERVE_CHECK_PAGE_H
#define SERVE_CHECK_PAGE_H

#include "serve/route.h"

extern const struct route_table check_page_routes;

#endif
