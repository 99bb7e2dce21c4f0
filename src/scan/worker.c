/* SPDX-License-Identifier: MIT */
/* worker.c - one thread: a loop, and the domains that are looked at in it.
 *
 * A thread that has more to do than it can bear answers late, and would take its own lateness for
 * that of its peers.  So a worker begins domains only while its clock ticks on time. */
#include "scan/work.h"

#include <sys/queue.h>

#include "base/clock.h"
#include "base/memory.h"
#include "render/scan_line.h"

struct unit {
    LIST_ENTRY(unit) link;
    struct worker *worker;
    struct name *name;
    struct probe *probe;
    int64_t began;
};

static void begin_more(struct worker *worker);

static int unit_drop(struct unit *unit)
{
    LIST_REMOVE(unit, link);
    return 0;
}

/* ---- a domain is done ------------------------------------------------------------------------ */

/* false: no memory */
static bool hand_over(struct work *work, const struct diagnosis *diagnosis)
{
    char *line = scan_line(NULL, work->config->format, diagnosis);
    struct stored_check *check = NULL;

    if (line && work->config->save && stored_check_new(NULL, diagnosis, &check) != STS_OK)
        TALLOC_FREE(line);
    return line && work_push_result(work, line, check);
}

static bool judge(struct unit *unit, const struct facts *facts)
{
    struct work *work = unit->worker->work;
    int64_t now = work->config->now;
    const struct judging by = {.now = now == SCAN_NOW_OBSERVED ? facts->observed_at : now,
                               .warn_days = work->config->warn_days};
    bool forgiven = memory_forgive(false); /* what is judged and written needs all of it */
    struct diagnosis *diagnosis;
    bool handed = false;

    if (diagnose_by(unit, facts, &by, &diagnosis) == STS_OK) {
        handed = hand_over(work, diagnosis);
        totals_add(&unit->worker->totals, diagnosis);
        if (diagnosis->verdict == VERDICT_CRITICAL)
            atomic_fetch_add(&work->failed, 1);
    }
    memory_forgive(forgiven);
    return handed;
}

/* What was broken off is no result: the next run does it. */
static void on_facts(void *arg, struct facts *facts)
{
    struct unit *unit = arg;
    struct worker *worker = unit->worker;
    struct work *work = worker->work;

    if (facts->interrupted) {
        atomic_store(&work->dropped, true);
    } else {
        if (!judge(unit, facts))
            work_fail(work, SCAN_NO_MEMORY);
        atomic_fetch_add(&work->done, 1);
    }
    work_look_ends(work, unit->began);
    talloc_free(unit);
    worker->running--;
    begin_more(worker);
}

/* ---- beginning ------------------------------------------------------------------------------- */

static bool begin(struct worker *worker, struct name *name)
{
    struct unit *unit = talloc_zero(worker->mem, struct unit);
    const struct probe_request request = {
        .domain = name->name, .domain_given = name->given, .done = on_facts, .arg = unit};

    if (!unit)
        return false;
    unit->worker = worker;
    unit->name = talloc_steal(unit, name);
    LIST_INSERT_HEAD(&worker->units, unit, link);
    talloc_set_destructor(unit, unit_drop);
    if (probe_start(unit, worker->net, &request, &unit->probe) != STS_OK) {
        talloc_free(unit);
        return false;
    }
    worker->running++;
    unit->began = work_look_begins(worker->work);
    return true;
}

static bool may_begin(const struct worker *worker)
{
    return worker->running < worker->jobs && !worker->lagging &&
           atomic_load(&worker->work->stop) == STOP_NO && !queue_is_full(worker->work->lines);
}

static void begin_more(struct worker *worker)
{
    struct work *work = worker->work;
    bool over = false;

    while (may_begin(worker)) {
        struct name *name = queue_take(work->names, &over);

        if (!name)
            break;
        if (!begin(worker, name)) {
            work_fail(work, SCAN_NO_MEMORY);
            break;
        }
    }
    if (!worker->running && (over || atomic_load(&work->stop) != STOP_NO))
        loop_stop(worker->loop);
}

/* Those under way end now, at the next turn of the loop. */
static void drop_all(struct worker *worker)
{
    worker->dropped = true;
    for (struct unit *unit = LIST_FIRST(&worker->units); unit; unit = LIST_NEXT(unit, link))
        probe_interrupt(unit->probe);
}

static void on_wakeup(void *arg)
{
    struct worker *worker = arg;

    if (atomic_load(&worker->work->stop) == STOP_DROP && !worker->dropped)
        drop_all(worker);
    begin_more(worker);
}

static void on_tick(void *arg)
{
    struct worker *worker = arg;
    int64_t now = clock_monotonic_ms();

    worker->lagging = now - worker->ticks_at > LAG_MS;
    worker->ticks_at = now + TICK_MS;
    loop_timer_again(worker->tick, loop_now(worker->loop) + TICK_MS);
    begin_more(worker);
}

/* ---- the thread ------------------------------------------------------------------------------ */

enum sts_status worker_open(struct worker *worker, char **ret_why)
{
    struct net_options options = *worker->work->config->net;
    enum sts_status status;

    options.common = worker->work->common;
    options.patient = true;
    worker->mem = talloc_new(NULL);
    if (!worker->mem)
        return STS_E_NOMEM;
    status = loop_new(worker->mem, &worker->loop);
    if (status == STS_OK)
        status = net_new(worker->mem, worker->loop, &options, &worker->net, ret_why);
    if (status == STS_OK)
        status = wakeup_new(worker->mem, worker->loop, on_wakeup, worker, &worker->wakeup);
    if (status == STS_OK)
        status = loop_timer_start(worker->mem, worker->loop, loop_now(worker->loop), on_tick,
                                  worker, &worker->tick);
    return status;
}

void *worker_main(void *arg)
{
    struct worker *worker = arg;

    worker->ticks_at = clock_monotonic_ms();
    if (loop_run(worker->loop) != STS_OK)
        work_fail(worker->work, SCAN_NO_MEMORY);
    work_leave(worker->work);
    return NULL;
}
