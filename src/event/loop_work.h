/* SPDX-License-Identifier: MIT */
/* loop_work.h - whose work a loop does just now: of loop.c and budget.c; private to event/. */
#ifndef EVENT_LOOP_WORK_H
#define EVENT_LOOP_WORK_H

#include "event/watchdog.h"

struct budget;
struct loop;

struct loop_work {
    struct watched watched;
    struct budget *budget; /* NULL: nobody's */
    int depth;             /* of enter within enter */
};

struct loop_work *loop_work_of(struct loop *loop);

#endif
