/* SPDX-License-Identifier: MIT */
/* check_queue_work.h - the queue and its observations; private to app/. */
#ifndef APP_CHECK_QUEUE_WORK_H
#define APP_CHECK_QUEUE_WORK_H

#include <sys/queue.h>

#include "app/check_queue.h"
#include "app/check_work.h"
#include "app/client_limits.h"
#include "app/observe.h"
#include "event/loop.h"

/* An observation and how far it is.  When our place has changed another one goes on, and this one
 * ends with the last of its looks. */
struct lane {
    struct check_queue *queue;
    struct observation *observation;
    size_t begun, running;
    struct loop_timer *end;
};

/* A look of a source. */
struct aside {
    LIST_ENTRY(aside) link;
    const struct lane *lane;
    size_t index;
    const struct check_source *source;
    void *look;
};

struct check_queue {
    struct check_queue_request request;
    struct net_options net;
    struct check_queue_numbers numbers;
    struct lane *lane, *former; /* former: NULL, or it is ending */
    struct client_limits *clients;
    struct runs waiting, running, over;
    struct check_source sources[CHECK_SOURCES];
    size_t source_count;
    LIST_HEAD(, aside) asides;
};

/* The observation that takes what waits from now on. */
STS_MUST_USE enum sts_status check_queue_start_lane(struct check_queue *queue, char **ret_why);
/* Of one that is in no list. */
void check_queue_end_run(struct run *run, enum check_state state);
/* Those behind have moved up. */
void check_queue_tell_waiting(struct check_queue *queue);

#endif
