/* SPDX-License-Identifier: MIT */
/* routes.c - the tables of all areas: a line each. */
#include "app/client_limits.h"
#include "serve/account_external.h"
#include "serve/account_service.h"
#include "serve/alert_service.h"
#include "serve/assets.h"
#include "serve/batch_service.h"
#include "serve/change_service.h"
#include "serve/check_api.h"
#include "serve/check_page.h"
#include "serve/domain_api.h"
#include "serve/domain_page.h"
#include "serve/domains.h"
#include "serve/explain.h"
#include "serve/health.h"
#include "serve/home.h"
#include "serve/limits.h"
#include "serve/metrics.h"
#include "serve/overview.h"
#include "serve/report_post.h"
#include "serve/route.h"
#include "serve/service.h"
#include "serve/stored_reports.h"
#include "serve/tools.h"
#include "serve/watch_service.h"

const struct route_table *const route_tables[] = {
    &account_sign_in_routes,
    &account_own_routes,
    &account_token_routes,
    &account_language_routes,
    &account_admin_routes,
    &account_api_routes,
    &account_external_routes,
    &alert_rule_routes,
    &alert_routes,
    &alert_confirm_routes,
    &alert_api_routes,
    &alert_rule_api_routes,
    &asset_routes,
    &domains_routes,
    &explain_routes,
    &health_routes,
    &home_routes,
    &check_api_routes,
    &watch_routes,
    &batch_routes,
    &batch_post_routes,
    &change_api_routes,
    &metrics_routes,
    &overview_routes,
    &report_post_routes,
    &stored_report_routes,
    &intake_page_routes,
    &check_page_routes,
    &domain_page_routes,
    &domain_api_routes,
    &account_group_routes,
    &tools_routes,
};

const size_t route_table_count = sizeof(route_tables) / sizeof(route_tables[0]);

enum sts_status service_start_areas(struct service *service)
{
    static const struct client_limit limit = {LIMIT_API_A_MINUTE, 60};
    enum sts_status status;

    service->api_limits = client_limits_new(service, &limit, 1, LIMIT_API_CLIENTS);
    status = service->api_limits ? STS_OK : STS_E_NOMEM;
    service->tables = route_tables;
    service->table_count = route_table_count;
    for (size_t i = 0; status == STS_OK && i < service->table_count; i++)
        if (route_tables[i]->start)
            status = route_tables[i]->start(service);
    return status;
}

/* ---- the end --------------------------------------------------------------------------------- */

struct service_stop {
    size_t left; /* areas */
    loop_fn stopped;
    void *arg;
};

static void on_stopped(void *arg)
{
    struct service_stop *stop = arg;

    if (--stop->left == 0)
        stop->stopped(stop->arg);
}

void service_stop_areas(struct service *service, loop_fn stopped, void *arg)
{
    struct service_stop *stop = service->stop ? NULL : talloc_zero(service, struct service_stop);

    if (service->stop) /* a second signal changes nothing */
        return;
    service->stop = stop;
    if (!stop) {
        stopped(arg);
        return;
    }
    *stop = (struct service_stop){1, stopped, arg}; /* so that none ends it meanwhile */
    for (size_t i = 0; i < service->table_count; i++)
        if (service->tables[i]->stop) {
            stop->left++;
            service->tables[i]->stop(service, on_stopped, stop);
        }
    on_stopped(stop);
}
