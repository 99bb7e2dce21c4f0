/* SPDX-License-Identifier: MIT */
/* domains.c - the routes of the list of domains. */
#include "serve/domains.h"

#include "app/domain_import.h"
#include "serve/limits.h"
#include "serve/route.h"

#define LIMIT_LIST (IMPORT_BYTES_MAX + (64 << 10)) /* with the other fields of its form */

static const struct route_field one_place[] = {{"domain", "The domain."}, {NULL, NULL}};
static const struct route_field list_query[] = {
    {"q", "Only names with this text."},
    {"verdict", "ok, warning, critical, unknown or unchecked."},
    {"posture", "enforce, testing, none, absent, broken or nonexistent."},
    {"tag", "Only domains with this tag."},
    {"cause", "Only domains with a finding of this cause."},
    {"part", "Only domains that use this, such as mx:mx1.example.net."},
    {"sort", "verdict (the worst first), name, posture, certificate, changed or failures; with - "
             "before it reversed."},
    {"limit", "At most so many: 50 by default, 500 at most."},
    {"cursor", "next of the page before."},
    {NULL, NULL}};
static const struct route_field import_query[] = {
    {"tags", "Tags for all of them, with commas between."},
    {"dry_run", "1: say what would come of it, and store nothing."},
    {NULL, NULL}};

static const struct route_doc list_doc = {
    .summary = "List the domains of the group.", .query = list_query, .answer = "domain-list"};
static const struct route_doc one_doc = {
    .summary = "Show one domain as the list has it.", .places = one_place, .answer = "domain"};
static const struct route_doc change_doc = {
    .summary = "Change the tags of a domain.",
    .text = "With If-Match only if the domain is as it was read.",
    .places = one_place,
    .body = "domain-change-request",
    .answer = "domain"};
static const struct route_doc remove_doc = {
    .summary = "Remove a domain from the group.", .places = one_place, .status = 204};
static const struct route_doc import_doc = {
    .summary = "Add domains: a list as text or CSV, or a JSON object.",
    .text = "The JSON object has a list of strings, domains, and may have another, tags. All of it "
            "is stored at once; what is there already stays, so a call may be repeated.",
    .query = import_query,
    .answer = "domains-added"};

static const struct route routes[] = {
    {HTTP_GET, "/domains", page_domains_list, ROUTE_PAGE, NEED_SIGNED_IN, ROUTE_NO_BODY, 0},
    {HTTP_POST, "/domains", page_domains_change, ROUTE_PAGE, NEED_EDITOR, ROUTE_FORM, 0},
    {HTTP_GET, "/domains/import", page_domains_import_form, ROUTE_PAGE, NEED_EDITOR, ROUTE_NO_BODY,
     0},
    {HTTP_POST, "/domains/import", page_domains_import_take, ROUTE_PAGE, NEED_EDITOR, ROUTE_UPLOAD,
     LIMIT_LIST},
    {HTTP_GET, "/api/v1/domains", api_domains_list, ROUTE_API, NEED_VIEWER, ROUTE_NO_BODY, 0,
     &list_doc, TOKEN_READ},
    {HTTP_POST, "/api/v1/domains", api_domains_import, ROUTE_API, NEED_EDITOR, ROUTE_UPLOAD,
     LIMIT_LIST, &import_doc, TOKEN_DOMAINS},
    {HTTP_POST, "/api/v1/domains/import", api_domains_import, ROUTE_API, NEED_EDITOR, ROUTE_UPLOAD,
     LIMIT_LIST, &import_doc, TOKEN_DOMAINS},
    {HTTP_GET, "/api/v1/domains/{domain}", api_domain_show, ROUTE_API, NEED_VIEWER, ROUTE_NO_BODY,
     0, &one_doc, TOKEN_READ},
    {HTTP_PATCH, "/api/v1/domains/{domain}", api_domain_change, ROUTE_API, NEED_EDITOR, ROUTE_JSON,
     LIMIT_FORM, &change_doc, TOKEN_DOMAINS},
    {HTTP_DELETE, "/api/v1/domains/{domain}", api_domain_remove, ROUTE_API, NEED_ADMIN,
     ROUTE_NO_BODY, 0, &remove_doc, TOKEN_DOMAINS},
    {HTTP_GET, "/domains.csv", domains_csv, ROUTE_PLAIN, NEED_VIEWER, ROUTE_NO_BODY, 0},
};

const struct route_table domains_routes = {routes, sizeof(routes) / sizeof(routes[0]), NULL};
