/* SPDX-License-Identifier: MIT */
/* alert_service.h - what groups are told: settings, and the routes about alerts and rules. */
#ifndef SERVE_ALERT_SERVICE_H
#define SERVE_ALERT_SERVICE_H

#include "serve/route.h"

struct alerts;
struct service;

/* Of the options. */
struct alert_settings {
    const char *mail_from; /* NULL: no mail can be sent */
    bool command;          /* there is one to be run */
    bool private_webhooks; /* may lead to private addresses */
    const char *ca_file;   /* NULL: the system's */
    int64_t delay;         /* seconds */
};

STS_MUST_USE enum sts_status alert_service_start(struct service *service);
void alert_service_stop(struct service *service, loop_fn stopped, void *arg);

/* The first of the tables begins it. */
extern const struct route_table alert_rule_routes, alert_routes, alert_api_routes,
    alert_rule_api_routes, alert_confirm_routes;

/* Behind a text of metrics, which may be NULL: no memory. */
char *alert_metrics(char *text, const struct service *service);

#endif
