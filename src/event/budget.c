/* SPDX-License-Identifier: MIT */
/* budget.c - what is spent between enter and leave. */
#include "event/budget.h"

#include <event2/event.h>

#include "event/limits.h"
#include "event/loop_work.h"

#define NS_PER_MS 1000000

struct budget {
    struct loop *loop;
    const char *domain;
    int64_t ns;
    struct event *over;
    bool told;
    loop_fn spent;
    void *arg;
};

static int64_t limit_ms = LIMIT_DOMAIN_CPU_MS;

static int budget_drop(struct budget *budget)
{
    struct loop_work *work = loop_work_of(budget->loop);

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
    loop_woke(budget->loop);
    budget->spent(budget->arg);
}

enum sts_status budget_new(TALLOC_CTX *ctx, struct loop *loop, const char *domain, loop_fn spent,
                           void *arg, struct budget **ret)
{
    struct budget *budget = talloc_zero(ctx, struct budget);

    if (!budget)
        return STS_E_NOMEM;
    *budget = (struct budget){.loop = loop, .spent = spent, .arg = arg};
    talloc_set_destructor(budget, budget_drop);
    budget->domain = talloc_strdup(budget, domain);
    budget->over = event_new(loop_base(loop), -1, 0, is_over, budget);
    if (!budget->domain || !budget->over) {
        talloc_free(budget);
        return STS_E_NOMEM;
    }
    *ret = budget;
    return STS_OK;
}

void budget_enter(struct loop *loop, struct budget *budget, int fd)
{
    struct loop_work *work = loop_work_of(loop);

    loop_woke(loop);
    if (work->depth++)
        return;
    work->budget = budget;
    watchdog_begin(&work->watched, budget ? budget->domain : NULL, fd);
}

void budget_leave(struct loop *loop)
{
    struct loop_work *work = loop_work_of(loop);
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

bool budget_is_shut(struct loop *loop)
{
    return watchdog_has_shut(&loop_work_of(loop)->watched);
}

void budget_limit(int64_t ms)
{
    limit_ms = ms;
}
