/* SPDX-License-Identifier: MIT */
/* alerts_work.h - private to alerts/: the parts of a running service. */
#ifndef ALERTS_ALERTS_WORK_H
#define ALERTS_ALERTS_WORK_H

#include "alerts/alerts.h"
#include "alerts/message.h"
#include "app/notify.h"
#include "event/loop.h"
#include "store/alerts.h"

struct jobs_handle;
struct web_client;
struct sending;

/* A program that takes texts, one at a time. */
struct program {
    struct alerts *alerts;
    enum notify_use use;
    struct notify *running; /* NULL: it is not */
    int64_t began;          /* by the loop's clock */
    struct loop_timer *due; /* to free it; NULL */
    struct notify_order order;
};

struct alerts {
    struct alerts_setup setup;
    struct web_client *web;
    /* the log */
    struct loop_timer *look_due;
    struct jobs_handle *look; /* NULL: none is under way */
    bool known;               /* where we are in it */
    int64_t checks, reports;  /* up to these numbers */
    char *sweep;              /* the last domain of the sweep that is under way; NULL: none is */
    bool joined;              /* a sweep through domains that have joined a group, not all */
    int64_t owned;            /* store_owned_sum() when the last one of these began */
    int64_t sweep_began;      /* by the clock: the one through all */
    int64_t sweep_at;         /* of the loop's clock: the next */
    int64_t upkeep_at;        /* likewise */
    struct round *round;      /* the domains that are evaluated now; NULL */
    struct store_alert_numbers numbers; /* of the last upkeep */
    bool counted;
    /* the outbox */
    struct loop_timer *send_due;
    bool claiming;             /* under way */
    struct sending **sendings; /* under way */
    size_t sending_count;
    bool send_again; /* something may have been added meanwhile */
    struct program mail[NOTIFY_LANES], command[NOTIFY_LANES];
    bool stopping;   /* nothing is begun any more */
    loop_fn stopped; /* NULL: it was told, or nobody asked */
    void *stopped_arg;
    struct loop_timer *stop_due;
};

/* alerts_round.c: looks at the log now, or at that time of the loop's clock. */
STS_MUST_USE enum sts_status alerts_round_start(struct alerts *alerts);
/* alerts_send.c */
STS_MUST_USE enum sts_status alerts_send_start(struct alerts *alerts);
void alerts_send_wake(struct alerts *alerts);
/* One is over. */
void alerts_send_next(struct alerts *alerts);
/* alerts_upkeep.c: what is due by time alone, for store/writer.h; data is a struct upkeep. */
struct upkeep {
    int64_t now;
    bool all; /* what is done once an hour, too */
    bool changed;
    struct store_alert_numbers numbers;
};
STS_MUST_USE enum sts_status alerts_upkeep(struct store *store, void *data);

#endif
