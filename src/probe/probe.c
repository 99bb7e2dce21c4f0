/* SPDX-License-Identifier: MIT */
/* probe.c - one look at a domain: its start, its time, its end. */
#include "probe/probe.h"

#include "base/clock.h"
#include "mtasts/names.h"
#include "net/resources.h"
#include "probe/task.h"
#include "probe/work.h"

#define WAIT_MS 1000 /* how soon one looks again whether a domain still waits for others */

int64_t probe_now(const struct probe *probe)
{
    return loop_now(probe->net->loop);
}

/* ---- the end ---------------------------------------------------------------------------------
 *
 * It comes once: when no task is left, at the deadline, when the budget is spent or at an
 * interruption.  What is still under way then hands over what it has seen, all parts are collected,
 * and the facts are delivered from the next turn of the loop. */

static void deliver(void *arg)
{
    struct probe *probe = arg;

    struct loop *loop = probe->net->loop;

    talloc_free(probe->timer);
    probe->timer = NULL;
    budget_enter(loop, probe->budget, -1); /* in a scan it is judged now */
    probe->done(probe->arg, probe->facts);
    budget_leave(loop);
}

static bool is_jump(int64_t seconds)
{
    return seconds > LIMIT_CLOCK_SECONDS || seconds < -LIMIT_CLOCK_SECONDS;
}

/* The machine slept meanwhile, so that connections have died; or the clock was set in this run, and
 * what the validator has proven is of another time. */
static bool clock_has_jumped(const struct probe *probe)
{
    int64_t began = clock_now() - (probe_now(probe) - probe->started) / 1000;

    return is_jump(began - probe->facts->observed_at) || is_jump(clock_jump(probe->net->clock));
}

/* What failed for want of something of our own says nothing of the domain. */
static void note_shortage(struct probe *probe)
{
    struct facts *facts = probe->facts;

    if (!facts->shortage)
        facts->shortage = resources_shortage_of(facts);
    if (!facts->shortage && !resources_memory(LIMIT_ROOM_LEFT_BYTES))
        facts->shortage = resources_shortage(OUT_OF_MEMORY);
    if (!facts->shortage && clock_has_jumped(probe))
        facts->shortage = "clock";
}

static void end(struct probe *probe)
{
    if (probe->over)
        return;
    probe->over = true;
    budget_enter(probe->net->loop, probe->budget, -1);
    task_cut_all(probe);
    probe_collect(probe);
    budget_leave(probe->net->loop);
    note_shortage(probe);
    probe->facts->elapsed_ms = probe_now(probe) - probe->started;
    talloc_free(probe->timer);
    probe->timer = NULL;
    if (loop_timer_start(probe, probe->net->loop, 0, deliver, probe, &probe->timer) != STS_OK)
        probe->done(probe->arg, probe->facts);
}

/* The first time that nothing is under way: what could not be asked before. */
void probe_go_on(struct probe *probe, enum sts_status status)
{
    if (status == STS_OK && task_all_idle(probe) && !probe->afterwards_begun) {
        probe->afterwards_begun = true;
        status = probe_ask_afterwards(probe);
    }
    if (status != STS_OK)
        probe->facts->shortage = resources_shortage(OUT_OF_MEMORY);
    probe_progress(probe);
    if (LIST_EMPTY(&probe->tasks) || status != STS_OK) /* without memory: what is known so far */
        end(probe);
}

/* ---- its time -------------------------------------------------------------------------------- */

static enum sts_status set_timer(struct probe *probe, int64_t due);

/* The deadline may have moved meanwhile, see task_goes_on(). */
static void time_is_up(void *arg)
{
    struct probe *probe = arg;
    int64_t now = probe_now(probe);
    bool waits = probe->net->patient && task_any_waits(probe);

    if (waits || probe->deadline > now) {
        if (set_timer(probe, waits ? now + WAIT_MS : probe->deadline) == STS_OK)
            return;
    }
    probe->facts->deadline_reached = true;
    end(probe);
}

static enum sts_status set_timer(struct probe *probe, int64_t due)
{
    TALLOC_FREE(probe->timer);
    return loop_timer_start(probe, probe->net->loop, due, time_is_up, probe, &probe->timer);
}

/* No more of it: others wait. */
static void budget_is_spent(void *arg)
{
    struct probe *probe = arg;

    if (probe->over)
        return;
    probe->facts->budget_reached = true;
    end(probe);
}

void probe_interrupt(struct probe *probe)
{
    if (probe->over)
        return;
    probe->facts->interrupted = true;
    end(probe);
}

/* ---- the start ------------------------------------------------------------------------------- */

/* Better not begun than told of the domain what is our own want. */
static enum sts_status begin(struct probe *probe)
{
    struct facts *facts = probe->facts;

    facts->shortage = probe->net->shortage;
    if (!facts->shortage && !resources_memory(LIMIT_ROOM_BYTES))
        facts->shortage = resources_shortage(OUT_OF_MEMORY);
    if (!facts->shortage)
        return probe_ask_first(probe);
    end(probe);
    return STS_OK;
}

static struct facts *facts_new(TALLOC_CTX *ctx, const struct net *net, const char *domain,
                               const char *domain_given)
{
    struct facts *facts = talloc_zero(ctx, struct facts);

    if (!facts)
        return NULL;
    facts->domain = talloc_strdup(facts, domain);
    facts->domain_given = talloc_strdup(facts, domain_given);
    facts->policy_host.name = talloc_asprintf(facts, STS_POLICY_HOST_PREFIX "%s", domain);
    facts->observed_at = clock_now();
    facts->observer = net->observer;
    if (!facts->domain || !facts->domain_given || !facts->policy_host.name) {
        talloc_free(facts);
        return NULL;
    }
    return facts;
}

static enum sts_status probe_new(TALLOC_CTX *ctx, struct net *net,
                                 const struct probe_request *request, struct probe **ret)
{
    struct facts *facts = facts_new(ctx, net, request->domain, request->domain_given);
    struct probe *probe = talloc_zero(ctx, struct probe);
    enum sts_status status = STS_E_NOMEM;

    if (facts && probe) {
        *probe = (struct probe){.net = net,
                                .facts = facts,
                                .started = loop_now(net->loop),
                                .done = request->done,
                                .so_far = request->so_far,
                                .arg = request->arg};
        probe_progress_begin(probe);
        probe->deadline = probe->started + net->observer.timeout_ms;
        status = set_timer(probe, probe->deadline);
    }
    if (status == STS_OK)
        status =
            budget_new(probe, net->loop, request->domain, budget_is_spent, probe, &probe->budget);
    if (status == STS_OK)
        status = probe_vantage(probe);
    if (status != STS_OK) {
        talloc_free(probe);
        talloc_free(facts);
        return status;
    }
    *ret = probe;
    return STS_OK;
}

static void drop(struct probe *probe)
{
    struct facts *facts = probe->facts;

    talloc_free(probe);
    talloc_free(facts);
}

enum sts_status probe_start(TALLOC_CTX *ctx, struct net *net, const struct probe_request *request,
                            struct probe **ret)
{
    struct probe *probe;
    enum sts_status status = probe_new(ctx, net, request, &probe);

    if (status != STS_OK)
        return status;
    status = begin(probe);
    if (status == STS_OK)
        *ret = probe;
    else
        drop(probe);
    return status;
}

/* A look without a domain begins with nothing: what is asked "afterwards" is all there is. */
struct place_task {
    struct task task;
    struct loop_timer *timer;
};

static const struct task_kind place_kind = {sizeof(struct place_task), NULL};

static void begin_place(void *arg)
{
    task_done(arg, STS_OK);
}

static enum sts_status start_place(struct probe *probe)
{
    struct place_task *work = task_new(probe, &place_kind);

    if (!work)
        return STS_E_NOMEM;
    return task_started(
        &work->task, loop_timer_start(work, probe->net->loop, 0, begin_place, work, &work->timer));
}

enum sts_status probe_place(TALLOC_CTX *ctx, struct net *net, probe_done_fn done, void *arg,
                            struct probe **ret)
{
    struct probe *probe;
    const struct probe_request request = {
        .domain = "", .domain_given = "", .done = done, .arg = arg};
    enum sts_status status = probe_new(ctx, net, &request, &probe);

    if (status != STS_OK)
        return status;
    probe->place_only = probe->begun = true;
    status = start_place(probe);
    if (status == STS_OK)
        *ret = probe;
    else
        drop(probe);
    return status;
}
