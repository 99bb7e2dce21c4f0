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

static const struct route routes[] = {
    {HTTP_POST, "/api/v1/lint", api_lint, ROUTE_API, ROUTE_JSON, LIMIT_LINT},
    {HTTP_POST, "/api/v1/generate", api_generate, ROUTE_API, ROUTE_JSON, LIMIT_FORM},
    {HTTP_GET, "/api/v1/explain", api_explain_all, ROUTE_API, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/api/v1/explain/{word}", api_explain, ROUTE_API, ROUTE_NO_BODY, 0},
    {HTTP_POST, "/api/v1/reports/read", api_report, ROUTE_API, ROUTE_UPLOAD, READ_UPLOAD_MAX},
};
const struct route_table tools_routes = {routes, sizeof(routes) / sizeof(routes[0]), start};
