/* SPDX-License-Identifier: MIT */
/* tools.c - the routes of the tools, and the threads that work for them. */
#include "serve/tools.h"

#include "app/read_upload.h"
#include "base/clock.h"
#include "serve/compute.h"
#include "serve/exchange.h"
#include "serve/limits.h"
#include "serve/service.h"

#define HOUR 3600

struct text_service *tools_of(const struct exchange *exchange)
{
    return exchange_service(exchange)->texts;
}

int64_t tools_example_time(void)
{
    return clock_now() / HOUR * HOUR;
}

static enum sts_status start(struct service *service)
{
    struct text_service *texts = talloc_zero(service, struct text_service);
    enum sts_status status;

    if (!texts)
        return STS_E_NOMEM;
    service->texts = texts;
    status = compute_pool_new(texts, service->loop, LIMIT_TEXT_WORKERS, LIMIT_TEXTS, &texts->texts);
    if (status != STS_OK)
        return status;
    return compute_pool_new(texts, service->loop, LIMIT_REPORT_WORKERS, LIMIT_REPORTS,
                            &texts->reports);
}

/* ---- the table ------------------------------------------------------------------------------- */

static const struct route_doc lint_doc = {
    .summary = "Check a policy or a record.",
    .text = "The answer is what mtasts lint --json prints. A body of type text/plain is a policy.",
    .body = "lint-request",
    .answer = "lint-1|lint-record-1",
};
static const struct route_doc generate_doc = {
    .summary = "Generate policy, records and hosting for given MX hosts.",
    .text = "The answer is what mtasts generate --json prints.",
    .body = "generate-request",
    .answer = "generate-1",
};
static const struct route_doc list_doc = {
    .summary = "List the knowledge base.",
    .text = "With Accept: application/x-ndjson an entry a line, as mtasts explain --list --json "
            "prints them.",
    .answer = "explain-list",
};
static const struct route_doc explain_doc = {
    .summary = "Explain a finding, result type, provider or topic.",
    .text = "The answer is what mtasts explain --json prints. A word with several entries is "
            "answered with status 300, and the entries are named.",
    .places = (const struct route_field[]){{"word", "A code, a topic, or another word for it."},
                                           {NULL, NULL}},
    .answer = "explain-1",
};
static const struct route_doc report_doc = {
    .summary = "Read TLS reports.",
    .text = "A report as the body, or as the field \"file\" of a form: JSON, gzip, an archive, a "
            "message or a mailbox. The answer is what mtasts report --json prints. Nothing is "
            "stored.",
    .answer = "report-1",
};

static const struct route routes[] = {
    {HTTP_POST, "/api/v1/lint", api_lint, ROUTE_API, NEED_PUBLIC, ROUTE_JSON, LIMIT_LINT,
     &lint_doc},
    {HTTP_POST, "/api/v1/generate", api_generate, ROUTE_API, NEED_PUBLIC, ROUTE_JSON, LIMIT_FORM,
     &generate_doc},
    {HTTP_GET, "/api/v1/explain", api_explain_all, ROUTE_API, NEED_PUBLIC, ROUTE_NO_BODY, 0,
     &list_doc},
    {HTTP_GET, "/api/v1/explain/{word}", api_explain, ROUTE_API, NEED_PUBLIC, ROUTE_NO_BODY, 0,
     &explain_doc},
    {HTTP_POST, "/api/v1/reports/read", api_report, ROUTE_API, NEED_PUBLIC, ROUTE_UPLOAD,
     READ_UPLOAD_MAX, &report_doc},
    {HTTP_GET, "/tools/lint", page_tools_lint, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_POST, "/tools/lint", page_tools_lint_form, ROUTE_PAGE, NEED_PUBLIC, ROUTE_FORM,
     LIMIT_LINT},
    {HTTP_POST, "/tools/lint/result", page_tools_lint_result, ROUTE_PAGE, NEED_PUBLIC, ROUTE_FORM,
     LIMIT_LINT},
    {HTTP_GET, "/tools/generate", page_tools_generate, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_POST, "/tools/generate", page_tools_generate_form, ROUTE_PAGE, NEED_PUBLIC, ROUTE_FORM,
     0},
    {HTTP_GET, "/tools/generate/{id}", page_tools_generate_result, ROUTE_PAGE, NEED_PUBLIC,
     ROUTE_NO_BODY, 0},
    {HTTP_GET, "/tools/generate/{id}/file", page_tools_generate_file, ROUTE_PAGE, NEED_PUBLIC,
     ROUTE_NO_BODY, 0},
    {HTTP_GET, "/tools/report", page_tools_report, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_POST, "/tools/report", page_tools_report_form, ROUTE_PAGE, NEED_PUBLIC, ROUTE_UPLOAD,
     READ_UPLOAD_MAX},
    {HTTP_GET, "/api", page_tools_api, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/openapi.json", api_openapi, ROUTE_PLAIN, NEED_PUBLIC, ROUTE_NO_BODY, 0},
};
const struct route_table tools_routes = {routes, sizeof(routes) / sizeof(routes[0]), start};
