/* SPDX-License-Identifier: MIT */
/* alerts.h - what a group was told, is told, and how. */
#ifndef PAGES_ALERTS_H
#define PAGES_ALERTS_H

#include <stddef.h>
#include <stdint.h>

#include "pages/frame.h"
#include "pages/mark.h"

struct alert_row {
    int64_t id, group_id;
    const char *title; /* translated */
    struct mark_page mark;
    const char *severity; /* translated */
    const char *group;    /* NULL: there is only one */
    const char *code;     /* of a finding; NULL: it is none's */
    int64_t begun, ended; /* ended 0: it is open; the same: it only happened */
    bool over;
    int64_t acknowledged, muted_until;
    const char *acknowledged_by, *muted_by;
    int64_t domains;
    const char *domain; /* the only one; NULL: there are several, or none */
};

struct alert_group_choice {
    int64_t id;
    const char *name;
    bool chosen;
};
void page_alert_group(struct html *out, const struct alert_group_choice *page);

struct alerts_page {
    struct frame frame;
    struct page_said said;
    const char *missing; /* what is not set up, translated; NULL */
    const struct alert_group_choice *groups;
    size_t group_count; /* 0: there is nothing to choose */
    int64_t group;      /* the one that was chosen; 0 */
    bool history;       /* this is a further page of it */
    const struct alert_row *open;
    size_t open_count;
    int64_t next_open; /* the last of this page, where there are more; 0 */
    const struct alert_row *past;
    size_t past_count;
    int64_t next_past;
};
void page_alerts(struct html *out, const struct alerts_page *page);
void page_alert_row(struct html *out, const struct alert_row *page);

struct alert_domain_row {
    const char *domain, *detail;
    int64_t begun, ended;
};

struct alert_delivery_row {
    const char *channel, *event, *state, *error; /* error NULL: none; translated, the others too */
    int64_t attempts, when;                      /* when it was sent, or is tried next */
};

struct alert_page {
    struct frame frame;
    struct page_said said;
    struct alert_row alert;
    bool changes; /* may the user acknowledge and mute? */
    bool muted;   /* now */
    const struct alert_domain_row *domains;
    size_t domain_count;
    size_t more;
    const struct alert_delivery_row *deliveries;
    size_t delivery_count;
};
void page_alert(struct html *out, const struct alert_page *page);

struct alert_channel_row {
    int64_t id;
    const char *kind, *target, *pace; /* translated, but for the target */
    const char *language;
    int64_t paused;
    const char *paused_why; /* NULL */
    bool unconfirmed;       /* nothing is sent there yet */
};

struct alert_rule_row {
    int64_t id;
    const char *kinds, *severity, *domains, *channels, *when; /* sentences, translated */
};

struct alert_kind_choice {
    const char *name, *text;
};

struct alert_rules_page {
    struct frame frame;
    struct page_said said;
    const char *missing; /* what is not set up; NULL */
    bool mail, command;  /* can there be such channels? */
    const struct alert_group_choice *groups;
    size_t group_count;
    int64_t group;
    const char *group_name;
    bool changes;
    const struct alert_channel_row *channels;
    size_t channel_count;
    const struct alert_rule_row *rules;
    size_t rule_count;
    const struct alert_kind_choice *kinds;
    size_t kind_count;
    const char *language; /* of the visitor: what a new channel speaks */
};
void page_alert_rules(struct html *out, const struct alert_rules_page *page);

/* Instead of it, where there is no group. */
struct alert_no_group_page {
    struct frame frame;
};
void page_alert_no_group(struct html *out, const struct alert_no_group_page *page);

/* To the owner of an address, who may be nobody's user. */
struct alert_confirm_page {
    struct frame frame;
    const char *word; /* NULL: it is confirmed now */
    const char *group, *address;
};
void page_alert_confirm(struct html *out, const struct alert_confirm_page *page);

/* A secret that is shown once. */
struct alert_secret_page {
    struct frame frame;
    const char *target, *secret;
    int64_t group;
};
void page_alert_secret(struct html *out, const struct alert_secret_page *page);

#endif
