/* SPDX-License-Identifier: MIT */
/* alert_service.c - alerts begun and ended with the service. */
#include "serve/alert_service.h"

#include "alerts/alerts.h"
#include "serve/service.h"

static void on_fault(void *arg, const struct store_fault *fault)
{
    service_say_store(arg, fault);
}

enum sts_status alert_service_start(struct service *service)
{
    const struct alert_settings *settings = service->alert_settings;
    struct alerts_setup setup = {.loop = service->loop,
                                 .writer = service->writer,
                                 .readers = service->readers,
                                 .base = "",
                                 .delay = 60,
                                 .fault = on_fault,
                                 .arg = service};

    if (*service->origin)
        setup.base = talloc_asprintf(service, "%s%s", service->origin, service->base_path);
    if (!setup.base)
        return STS_E_NOMEM;
    if (settings) {
        setup.from = settings->mail_from;
        setup.command = settings->command;
        setup.allow_private = settings->private_webhooks;
        setup.ca_file = settings->ca_file;
        setup.delay = settings->delay;
    }
    return alerts_new(service, &setup, &service->alerts);
}

void alert_service_stop(struct service *service, loop_fn stopped, void *arg)
{
    alerts_stop(service->alerts, stopped, arg);
}
