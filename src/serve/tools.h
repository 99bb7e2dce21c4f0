/* SPDX-License-Identifier: MIT */
/* tools.h - texts checked and generated, the knowledge base and reports: what needs no account. */
#ifndef SERVE_TOOLS_H
#define SERVE_TOOLS_H

#include "serve/route.h"

struct compute_pool;
struct computed;
struct exchange;

/* service->texts */
struct text_service {
    struct compute_pool *texts;   /* some milliseconds each */
    struct compute_pool *reports; /* some seconds each, and a process */
};

struct text_service *tools_of(const struct exchange *exchange);
/* The time that ids of examples are made of: the same for an hour. */
int64_t tools_example_time(void);

/* The functions of the API (tools_api.c, explain_api.c, reports_api.c, openapi_api.c). */
void api_lint(struct exchange *exchange);
void api_generate(struct exchange *exchange);
void api_explain(struct exchange *exchange);
void api_explain_all(struct exchange *exchange);
void api_report(struct exchange *exchange);
void api_openapi(struct exchange *exchange);
/* The pages (lint_page.c, report_page.c): empty, and with what was sent. */
void page_tools_lint(struct exchange *exchange);
void page_tools_lint_form(struct exchange *exchange);
void page_tools_lint_result(struct exchange *exchange); /* for page.js, as one types */
/* generate_page.c: the form; that of a check, by its id; a file of it. */
void page_tools_generate(struct exchange *exchange);
void page_tools_generate_form(struct exchange *exchange);
void page_tools_generate_result(struct exchange *exchange);
void page_tools_generate_file(struct exchange *exchange);
void page_tools_api(struct exchange *exchange); /* api_page.c: /api */
void page_tools_report(struct exchange *exchange);
void page_tools_report_form(struct exchange *exchange);

extern const struct route_table tools_routes;

#endif
