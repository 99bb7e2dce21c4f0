/* SPDX-License-Identifier: MIT */
/* observe.c - look at many domains side by side, each once.
 *
 * So many looks as there are jobs are under way in one loop; where one has ended, the next begins
 * at the loop's next turn.  A look and its facts hang on a context of their own, which is freed
 * when the facts were handed over. */
#include "app/observe.h"

#include "base/memory.h"
#include "event/loop.h"
#include "probe/probe.h"

#define HELD_MS 100 /* until it is asked again whether more may begin */

struct observe_look {
    struct observation *run;
    struct probe *probe; /* NULL: not running */
};

struct observation {
    struct observe_request request;
    struct observe_end end;
    struct loop *loop;
    struct net *net;
    struct observe_look *looks;
    size_t count; /* to be looked at */
    size_t begun, running;
    struct loop_timer *turn; /* due now: there may be something to begin, or nothing left */
};

/* ---- one look -------------------------------------------------------------------------------- */

static void hand_over(const struct observation *run, size_t index, const struct facts *facts)
{
    bool forgiven = memory_forgive(false); /* what is judged and written needs all of it */

    run->request.seen(run->request.arg, index, facts);
    memory_forgive(forgiven);
}

static void on_facts(void *arg, struct facts *facts)
{
    struct observe_look *look = arg;
    struct observation *run = look->run;

    hand_over(run, (size_t)(look - run->looks), facts);
    /* The facts hang on the same parent as the probe. */
    talloc_free(talloc_parent(look->probe));
    look->probe = NULL;
    run->running--;
    loop_timer_again(run->turn, loop_now(run->loop));
}

static enum sts_status start_probe(TALLOC_CTX *unit, struct observation *run, size_t i)
{
    const struct observe_request *request = &run->request;
    struct observe_look *look = &run->looks[i];

    if (request->place)
        return probe_place(unit, run->net, on_facts, look, &look->probe);
    return probe_start(unit, run->net,
                       &(struct probe_request){.domain = request->names[i],
                                               .domain_given = request->given[i],
                                               .done = on_facts,
                                               .arg = look},
                       &look->probe);
}

static bool begin(struct observation *run, size_t i)
{
    TALLOC_CTX *unit = talloc_new(run);

    run->looks[i].run = run;
    if (!unit || start_probe(unit, run, i) != STS_OK) {
        talloc_free(unit);
        return false;
    }
    run->begun++;
    run->running++;
    return true;
}

static bool has_more(const struct observation *run)
{
    return !run->end.stopped && run->begun < run->count;
}

static bool is_held(const struct observation *run)
{
    const struct observe_request *request = &run->request;

    return has_more(run) && request->has_room && !request->has_room(request->arg);
}

static void on_turn(void *arg)
{
    struct observation *run = arg;
    const struct observe_request *request = &run->request;
    bool held = is_held(run);

    while (!held && has_more(run) && run->running < request->jobs)
        if (!begin(run, run->begun)) {
            run->end.incomplete = true;
            run->count = run->begun;
        }
    if (held)
        loop_timer_again(run->turn, loop_now(run->loop) + HELD_MS);
    if (!held && !run->running)
        request->over(request->arg, &run->end);
    else if (request->progress)
        request->progress(request->arg, run->begun - run->running, run->running);
}

/* ---- all of them ----------------------------------------------------------------------------- */

enum sts_status observe_start(TALLOC_CTX *ctx, struct loop *loop,
                              const struct observe_request *request, struct observation **ret,
                              char **ret_why)
{
    struct observation *run = talloc_zero(ctx, struct observation);
    enum sts_status status = STS_E_NOMEM;

    *ret_why = NULL;
    if (!run)
        return STS_E_NOMEM;
    run->request = *request;
    run->loop = loop;
    run->count = request->count;
    if (request->place)
        run->count = run->request.jobs = 1;
    run->looks = talloc_zero_array(run, struct observe_look, (unsigned)run->count + 1);
    if (run->looks)
        status = net_new(run, loop, request->net, &run->net, ret_why);
    if (status == STS_OK)
        status = loop_timer_start(run, loop, loop_now(loop), on_turn, run, &run->turn);
    if (status != STS_OK) {
        *ret_why = talloc_steal(ctx, *ret_why);
        talloc_free(run);
        return *ret_why ? STS_E_INVALID : STS_E_NOMEM;
    }
    *ret = run;
    return STS_OK;
}

void observe_interrupt(struct observation *run)
{
    if (run->end.stopped)
        return;
    run->end.stopped = true;
    for (size_t i = 0; i < run->begun; i++)
        if (run->looks[i].probe)
            probe_interrupt(run->looks[i].probe);
}
