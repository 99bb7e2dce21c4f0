/* SPDX-License-Identifier: MIT */
/* change_alerts.h - what people change of alerts, rules and channels, each written to the log of
 * who did what with it. */
#ifndef ALERTS_CHANGE_ALERTS_H
#define ALERTS_CHANGE_ALERTS_H

#include "store/alerts.h"

#define ALERT_CHANNEL_CAUSE "channel-paused" /* of an alert about a channel */

enum alert_action {
    ALERT_ACKNOWLEDGE,
    ALERT_MUTE, /* until must be later than now */
    ALERT_UNMUTE,
    ALERT_CHANNEL_ADD,
    ALERT_CHANNEL_DROP,
    ALERT_CHANNEL_RESUME,
    ALERT_CHANNEL_TEST,
    ALERT_CHANNEL_ASK, /* the owner of its address, once more */
    ALERT_RULE_ADD,
    ALERT_RULE_DROP,
    ALERT_ACTION_COUNT
};
/* "alert-mute", as the log has it. */
const char *alert_action_name(enum alert_action action);

enum alert_outcome {
    ALERT_DONE,
    ALERT_ABSENT,      /* there is no such thing, or it is another group's; or it was done before */
    ALERT_FULL,        /* the group has as many as it may */
    ALERT_UNCONFIRMED, /* nothing is sent there before its owner agrees */
    ALERT_CONFIRMED    /* its owner agreed, or nobody has to */
};

struct alert_change {
    enum alert_action action;
    int64_t group, id;
    const char *who, *address;
    int64_t now;
    int64_t until; /* MUTE */
    struct store_channel channel;
    struct store_alert_rule rule;
    /* what came of it */
    enum alert_outcome outcome;
    int64_t made;
};

/* For accounts_work_start() with writes set: data is a struct alert_change. */
STS_MUST_USE enum sts_status alert_change(struct store *store, void *data);

#endif
