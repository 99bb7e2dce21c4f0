/* SPDX-License-Identifier: MIT */
/* budget.h - the processor time that one domain may take.
 *
 * Handshakes and certificates cost what the peer wants them to cost, so the sum is bounded for each
 * domain: LIMIT_DOMAIN_CPU_MS.  What works for a domain lies between enter and leave; nothing else
 * is counted.  Also tells the watchdog whose work it is. */
#ifndef EVENT_BUDGET_H
#define EVENT_BUDGET_H

#include "event/loop.h"

struct budget;

/* spent: called once, from the loop, when it is used up. */
STS_MUST_USE enum sts_status budget_new(TALLOC_CTX *ctx, struct loop *loop, const char *domain,
                                        loop_fn spent, void *arg, struct budget **ret);
/* budget NULL: the work is nobody's.  fd: what it reads from, -1: nothing.  Within another pair
 * both do nothing. */
void budget_enter(struct loop *loop, struct budget *budget, int fd);
void budget_leave(struct loop *loop);
/* Since enter: did the watchdog shut down the connection? */
bool budget_is_shut(struct loop *loop);
/* For tests: another limit, in ms. */
void budget_limit(int64_t ms);

#endif
