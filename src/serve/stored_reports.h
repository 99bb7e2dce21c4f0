/* SPDX-License-Identifier: MIT */
/* stored_reports.h - the reports of the store, for those who see their domains: pages and API; and
 * how reports come in. */
#ifndef SERVE_STORED_REPORTS_H
#define SERVE_STORED_REPORTS_H

#include "serve/route.h"

struct exchange;

/* The functions of the API (stored_reports_api.c). */
void api_stored_reports(struct exchange *exchange);
void api_stored_report(struct exchange *exchange);
void api_stored_report_raw(struct exchange *exchange);

extern const struct route_table stored_report_routes, intake_page_routes;

#endif
