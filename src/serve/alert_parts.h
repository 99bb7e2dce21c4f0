/* SPDX-License-Identifier: MIT */
/* alert_parts.h - what pages and API of alerts share; private to serve/. */
#ifndef SERVE_ALERT_PARTS_H
#define SERVE_ALERT_PARTS_H

#include "alerts/alert_copy.h"
#include "alerts/change_alerts.h"
#include "pages/alerts.h"

struct alerts_setup;
struct exchange;

const struct alerts_setup *alert_parts_setup(const struct exchange *exchange);

/* Why no channel can be a mail address, translated; NULL: it can. */
const char *alert_parts_no_mail(const struct exchange *exchange);

/* May whoever asks change channels of the group, and so see all of them? */
bool alert_parts_may_change(const struct exchange *exchange, int64_t group);

/* By whoever asks, who was seen to have the role.  The change is copied with its texts; `done` is
 * called in the visitor's language; a failure of the store is answered here. */
typedef void (*alert_changed_fn)(struct exchange *exchange, struct alert_change *change);
void alert_parts_change(struct exchange *exchange, const struct alert_change *change,
                        alert_changed_fn done);

/* 204, or what came of it instead (alert_api.c). */
void alert_api_done(struct exchange *exchange, struct alert_change *change);

/* What is wrong with a channel or a rule that somebody has asked for, translated; NULL: nothing.
 * What is not said is set to its default. */
const char *alert_parts_channel(struct exchange *exchange, struct store_channel *channel);
const char *alert_parts_rule(struct store_alert_rule *rule);

/* Alerts of several groups. */
struct alert_listing {
    const int64_t *groups;
    size_t group_count;
    int64_t before_open, before_past; /* 0: none of them; INT64_MAX: from the newest */
    size_t limit;
    struct alert_copies open, past; /* the newest first */
    bool more_open, more_past;
};
/* For account_pages_read(): data is a struct alert_listing. */
enum sts_status alert_parts_list(struct store *store, void *data);

/* One alert, its domains and its messages. */
struct alert_reading {
    int64_t id;
    struct alert_copies alert;         /* one, or none */
    struct store_delivery *deliveries; /* URLs of webhooks are hidden */
    size_t delivery_count;
    bool no_memory;
};
enum sts_status alert_parts_read(struct store *store, void *data);

/* Of one group. */
struct alert_rules_reading {
    int64_t group;
    bool whole; /* URLs of webhooks as they are: alert_parts_may_change() */
    struct store_channel *channels;
    size_t channel_count;
    struct store_alert_rule *rules;
    size_t rule_count;
    bool no_memory;
};
enum sts_status alert_parts_rules(struct store *store, void *data);

#endif
