/* SPDX-License-Identifier: MIT */
/* domain_page.h - /d/{domain} and the pages below it. */
#ifndef SERVE_DOMAIN_PAGE_H
#define SERVE_DOMAIN_PAGE_H

#include "serve/route.h"

extern const struct route_table domain_page_routes;

#endif
