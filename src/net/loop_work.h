/* SPDX-License-Identifier: MIT */
/* loop_work.h - whose work a loop does just now; of loop.c and budget.c. */
#ifndef NET_LOOP_WORK_H
#define NET_LOOP_WORK_H

#include "net/watchdog.h"

struct budget;
struct net_loop;

struct loop_work {
    struct watched watched;
    struct budget *budget; /* NULL: nobody's */
    int depth;             /* of enter within enter */
};

struct loop_work *net_loop_work(struct net_loop *loop);

#endif
