/* SPDX-License-Identifier: MIT */
/* domains.h - the domains of groups: pages, API, and the file of all of them. */
#ifndef SERVE_DOMAINS_H
#define SERVE_DOMAINS_H

struct exchange;

/* domains_page.c */
void page_domains_list(struct exchange *exchange);
/* domains_change.c */
void page_domains_change(struct exchange *exchange);
/* domains_import.c */
void page_domains_import_form(struct exchange *exchange);
void page_domains_import_take(struct exchange *exchange);
void api_domains_import(struct exchange *exchange);
/* domains_csv.c */
void domains_csv(struct exchange *exchange);
/* domains_api.c */
void api_domains_list(struct exchange *exchange);
void api_domain_show(struct exchange *exchange);
void api_domain_change(struct exchange *exchange);
void api_domain_remove(struct exchange *exchange);

extern const struct route_table domains_routes;

#endif
