/* SPDX-License-Identifier: MIT */
/* task.c - the list of what is under way, and waiting for others. */
#include "probe/task.h"

#include "base/clock.h"
#include "event/semaphore.h"
#include "net/net.h"
#include "net/rate_limiter.h"
#include "probe/work.h"

#define DNS_PORT 53

/* ---- the list -------------------------------------------------------------------------------- */

static int task_drop(struct task *task)
{
    LIST_REMOVE(task, link);
    return 0;
}

void *task_new(struct probe *probe, const struct task_kind *kind)
{
    struct task *task = talloc_zero_size(probe, kind->size);

    if (!task)
        return NULL;
    task->kind = kind;
    task->probe = probe;
    LIST_INSERT_HEAD(&probe->tasks, task, link);
    talloc_set_destructor(task, task_drop);
    return task;
}

void task_done(struct task *task, enum sts_status status)
{
    struct probe *probe = task->probe;

    talloc_free(task);
    probe_go_on(probe, status);
}

enum sts_status task_started(struct task *task, enum sts_status status)
{
    if (status != STS_OK)
        talloc_free(task);
    return status;
}

void task_cut_all(struct probe *probe)
{
    struct task *task;

    while ((task = LIST_FIRST(&probe->tasks))) {
        if (task->kind->cut)
            task->kind->cut(task);
        talloc_free(task);
    }
}

bool task_all_idle(const struct probe *probe)
{
    for (const struct task *task = LIST_FIRST(&probe->tasks); task; task = LIST_NEXT(task, link))
        if (!task->background)
            return false;
    return true;
}

/* ---- waiting for others ----------------------------------------------------------------------
 *
 * In a scan a domain waits for others' looks and connections, and is to have its whole time for its
 * own: so when a task goes on, the domain's deadline begins anew.  One that has not even begun by
 * then was not looked at so far; its facts are of the time when it begins. */

bool task_any_waits(const struct probe *probe)
{
    for (const struct task *task = LIST_FIRST(&probe->tasks); task; task = LIST_NEXT(task, link))
        if (task->waits_since)
            return true;
    return false;
}

void task_goes_on(struct task *task)
{
    struct probe *probe = task->probe;
    int64_t now = probe_now(probe), waited = now - task->waits_since;

    task->waits_since = 0;
    if (!probe->net->patient || waited <= 0 || probe->over)
        return;
    probe->deadline = now + probe->net->observer.timeout_ms;
    if (probe->begun)
        return;
    probe->started = now;
    probe->facts->observed_at = clock_now();
}

enum sts_status task_look_up(struct task *task, const char *key, lookup_fn known,
                             task_begin_fn begin, struct lookup **ret)
{
    const struct probe *probe = task->probe;
    const struct lookup_request request = {
        .inbox = probe->net->inbox, .key = key, .known = known, .arg = task};
    enum sts_status status = STS_E_NOMEM;
    bool turn = false;

    task->waits_since = probe_now(probe);
    if (key)
        status = lookup_start(probe->facts, probe->net->common->lookups, &request, ret, &turn);
    return status == STS_OK && turn ? begin(task) : status;
}

/* ---- admission -------------------------------------------------------------------------------
 *
 * First the slot, which all threads of a run share out among the domains that use the address, then
 * the permit, of which this thread has so many: a permit that waited for a slot would keep others
 * from peers that are free. */

static void admitted(void *arg)
{
    struct admission *admission = arg;

    task_goes_on(admission->task);
    admission->ready(admission->task);
}

/* The peer bears it; do we? */
static void slot_is_ours(void *arg)
{
    struct admission *admission = arg;
    struct task *task = admission->task;
    const struct semaphore_request request = {SEMAPHORE_CONTINUES, admitted, admission};
    bool in = false;

    if (semaphore_acquire(task, task->probe->net->connections, &request, &admission->permit, &in) !=
        STS_OK)
        task_done(task, STS_E_NOMEM);
    else if (in)
        admitted(admission);
}

static enum sts_status take_slot(struct rate_limiter *limiter, struct admission *admission,
                                 const char *address, int64_t port)
{
    struct task *task = admission->task;
    const struct net *net = task->probe->net;
    const struct slot_request request = {.inbox = net->inbox,
                                         .address = address,
                                         .port = port,
                                         .ready = slot_is_ours,
                                         .arg = admission};

    if (!net_may_connect(net, address)) /* nobody asks for that: see there */
        return STS_E_INVALID;
    task->waits_since = probe_now(task->probe);
    return rate_limiter_take(task, limiter, &request, &admission->slot);
}

enum sts_status task_admit(struct task *task, struct admission *admission, const char *address,
                           int64_t port, loop_fn ready)
{
    *admission = (struct admission){.task = task, .ready = ready};
    return take_slot(task->probe->net->common->slots, admission, address, port);
}

enum sts_status task_admit_question(struct task *task, struct admission *admission,
                                    const char *address, loop_fn ready)
{
    *admission = (struct admission){.task = task, .ready = ready};
    return take_slot(task->probe->net->common->questions, admission, address, DNS_PORT);
}

void admission_end(struct admission *admission)
{
    TALLOC_FREE(admission->slot);
    TALLOC_FREE(admission->permit);
}
