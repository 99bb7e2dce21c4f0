/* SPDX-License-Identifier: MIT */
/* alert_metrics.c - alerts and their messages, for Prometheus. */
#include <talloc.h>

#include "alerts/alerts.h"
#include "serve/alert_service.h"
#include "serve/service.h"
#include "store/alerts.h"

char *alert_metrics(char *text, const struct service *service)
{
    const struct store_alert_numbers *numbers =
        service->alerts ? alerts_numbers(service->alerts) : NULL;

    if (!text || !numbers)
        return text;
    return talloc_asprintf_append_buffer(
        text,
        "# HELP mtasts_alerts_open Alerts that are open.\n"
        "# TYPE mtasts_alerts_open gauge\n"
        "mtasts_alerts_open %lld\n"
        "# HELP mtasts_alert_deliveries Messages on alerts that are kept, by state.\n"
        "# TYPE mtasts_alert_deliveries gauge\n"
        "mtasts_alert_deliveries{state=\"waiting\"} %lld\n"
        "mtasts_alert_deliveries{state=\"sent\"} %lld\n"
        "mtasts_alert_deliveries{state=\"failed\"} %lld\n"
        "mtasts_alert_deliveries{state=\"dropped\"} %lld\n",
        (long long)numbers->open, (long long)numbers->waiting, (long long)numbers->sent,
        (long long)numbers->failed, (long long)numbers->dropped);
}
