/* SPDX-License-Identifier: MIT */
/* domains.c - the routes of the list of domains. */
#include "serve/domains.h"

#include "app/domain_import.h"
#include "serve/route.h"

#define LIMIT_LIST (IMPORT_BYTES_MAX + (64 << 10)) /* with the other fields of its form */

static const struct route routes[] = {
    {HTTP_GET, "/domains", page_domains_list, ROUTE_PAGE, NEED_SIGNED_IN, ROUTE_NO_BODY, 0},
    {HTTP_POST, "/domains", page_domains_change, ROUTE_PAGE, NEED_EDITOR, ROUTE_FORM, 0},
    {HTTP_GET, "/domains/import", page_domains_import_form, ROUTE_PAGE, NEED_EDITOR, ROUTE_NO_BODY,
     0},
    {HTTP_POST, "/domains/import", page_domains_import_take, ROUTE_PAGE, NEED_EDITOR, ROUTE_UPLOAD,
     LIMIT_LIST},
    {HTTP_GET, "/domains.csv", domains_csv, ROUTE_PLAIN, NEED_VIEWER, ROUTE_NO_BODY, 0},
};

const struct route_table domains_routes = {routes, sizeof(routes) / sizeof(routes[0]), NULL};
