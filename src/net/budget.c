/* SPDX-License-Identifier: MIT */
/* budget.c - what is spent between enter and leave. */
#include "net/budget.h"

#include <event2/event.h>

#include "net/limits.h"
#include "net/loop_work.h"

#define NS_PER_MS 1000000

struct budget {
    struct net_loop *loop;
    const char *domain;
    int64_t ns;
    struct event *over;
    bool told;
    net_timer_fn spent;
    void *arg;
};

static int64_t limit_ms = LIMIT_DOMAIN_CPU_MS;

static int budget_drop(struct budget *budget)
{
    struct loop_work *work = net_loop_work(budget->loop);

    if (budget->over)
        event_free(budget->over);
    if (work->budget == budget) {
        work->budget = NULL;
        watchdog_forget(&work->watched);
    }
    return 0;
}

static void is_over(evutil_socket_t fd, short what, void *arg)
{
    struct budget *budget = arg;

    (void)fd, (void)what;
    net_loop_woke(budget->loop);
    budget->spent(budget->arg);
}

enum sts_status budget_new(TALLOC_CTX *ctx, struct net_loop *loop, const char *domain,
                           net_timer_fn spent, void *arg, struct budget **ret)
{
    struct budget *budget = talloc_zero(ctx, struct budget);

    if (!budget)
        return STS_E_NOMEM;
    *budget = (struct budget){.loop = loop, .spent = spent, .arg = arg};
    talloc_set_destructor(budget, budget_drop);
    budget->domain = talloc_strdup(budget, domain);
    budget->over = event_new(net_loop_base(loop), -1, 0, is_over, budget);
    if (!budget->domain || !budget->over) {
        talloc_free(budget);
        return STS_E_NOMEM;
    }
    *ret = budget;
    return STS_OK;
}

void budget_enter(struct net_loop *loop, struct budget *budget, int fd)
{
    struct loop_work *work = net_loop_work(loop);

    net_loop_woke(loop);
    if (work->depth++)
        return;
    work->budget = budget;
    watchdog_begin(&work->watched, budget ? budget->domain : NULL, fd);
}

void budget_leave(struct net_loop *loop)
{
    struct loop_work *work = net_loop_work(loop);
    struct budget *budget = work->budget;
    int64_t ns;

    if (--work->depth)
        return;
    ns = watchdog_end(&work->watched);
    work->budget = NULL;
    if (!budget)
        return;
    budget->ns += ns;
    if (budget->ns <= limit_ms * NS_PER_MS || budget->told)
        return;
    budget->told = true;
    event_active(budget->over, EV_TIMEOUT, 0);
}

bool budget_is_shut(struct net_loop *loop)
{
    return watchdog_has_shut(&net_loop_work(loop)->watched);
}

void budget_limit(int64_t ms)
{
    limit_ms = ms;
}
