/* SPDX-License-Identifier: MIT */
/* observe.c - look at many domains side by side, each once.
 *
 * So many looks as there are jobs are under way in one loop; where one ends, the next begins.  A
 * look and its facts hang on a context of their own, which is freed when the facts were handed
 * over. */
#include "app/observe.h"

#include "base/memory.h"
#include "event/loop.h"
#include "probe/probe.h"

#define POLL_MS 100 /* how soon a wish to stop is noticed */

struct look {
    struct observation *run;
    struct probe *probe; /* NULL: not running */
};

struct observation {
    const struct observe_request *request;
    struct observe_end *end;
    struct net *net;
    struct loop *loop; /* of net */
    struct look *looks;
    size_t count; /* to be looked at */
    size_t begun, running;
    struct loop_timer *poll;
};

/* ---- the wish to stop ------------------------------------------------------------------------ */

static void poll_stop(void *arg);

static void poll_again(struct observation *run)
{
    TALLOC_FREE(run->poll);
    if (loop_timer_start(run, run->loop, loop_now(run->loop) + POLL_MS, poll_stop, run,
                         &run->poll) != STS_OK)
        run->poll = NULL; /* it goes unnoticed; the deadlines hold */
}

static void poll_stop(void *arg)
{
    struct observation *run = arg;

    if (run->request->stop(run->request->arg) && !run->end->stopped) {
        run->end->stopped = true;
        for (size_t i = 0; i < run->begun; i++)
            if (run->looks[i].probe)
                probe_interrupt(run->looks[i].probe);
    }
    poll_again(run);
}

/* ---- one look -------------------------------------------------------------------------------- */

static void begin_more(struct observation *run);

static void hand_over(const struct observation *run, size_t index, const struct facts *facts)
{
    bool forgiven = memory_forgive(false); /* what is judged and written needs all of it */

    run->request->seen(run->request->arg, index, facts);
    memory_forgive(forgiven);
}

static void on_facts(void *arg, struct facts *facts)
{
    struct look *look = arg;
    struct observation *run = look->run;

    hand_over(run, (size_t)(look - run->looks), facts);
    /* The facts hang on the same parent as the probe. */
    talloc_free(talloc_parent(look->probe));
    look->probe = NULL;
    run->running--;
    begin_more(run);
}

static bool begin(struct observation *run, size_t i)
{
    const struct observe_request *request = run->request;
    struct look *look = &run->looks[i];
    TALLOC_CTX *unit = talloc_new(run);

    look->run = run;
    if (!unit || probe_start(unit, run->net, request->names[i], request->given[i], on_facts, look,
                             &look->probe) != STS_OK) {
        talloc_free(unit);
        return false;
    }
    run->begun++;
    run->running++;
    return true;
}

static void begin_more(struct observation *run)
{
    const struct observe_request *request = run->request;

    while (!run->end->stopped && run->running < request->jobs && run->begun < run->count)
        if (!begin(run, run->begun)) {
            run->end->incomplete = true;
            run->count = run->begun;
        }
    if (!run->running)
        loop_stop(run->loop);
    else if (request->progress)
        request->progress(request->arg, run->begun - run->running);
}

/* ---- all of them ----------------------------------------------------------------------------- */

/* ret->why is owned by ctx; on a failure nothing else is left. */
static enum sts_status observation_new(TALLOC_CTX *ctx, const struct observe_request *request,
                                       struct observe_end *end, struct observation **ret)
{
    struct observation *run = talloc_zero(ctx, struct observation);

    *end = (struct observe_end){.why = NULL};
    if (!run)
        return STS_E_NOMEM;
    run->request = request;
    run->end = end;
    run->count = request->count;
    run->looks = talloc_zero_array(run, struct look, (unsigned)request->count + 1);
    if (!run->looks || net_new(run, request->net, &run->net, &end->why) != STS_OK) {
        end->why = talloc_steal(ctx, end->why);
        talloc_free(run);
        return end->why ? STS_E_INVALID : STS_E_NOMEM;
    }
    run->loop = net_get_loop(run->net);
    *ret = run;
    return STS_OK;
}

enum sts_status observe_domains(TALLOC_CTX *ctx, const struct observe_request *request,
                                struct observe_end *ret)
{
    struct observation *run;
    enum sts_status status = observation_new(ctx, request, ret, &run);

    if (status)
        return status;
    begin_more(run);
    if (run->running && request->stop)
        poll_again(run);
    if (run->running && loop_run(run->loop) != STS_OK)
        status = STS_E_IO;
    talloc_free(run);
    return status;
}

static void on_place(void *arg, struct facts *facts)
{
    struct observation *run = arg;

    hand_over(run, 0, facts);
    loop_stop(run->loop);
}

enum sts_status observe_place(TALLOC_CTX *ctx, const struct observe_request *request,
                              struct observe_end *ret)
{
    struct observation *run;
    struct probe *probe;
    enum sts_status status = observation_new(ctx, request, ret, &run);

    if (status)
        return status;
    if (probe_place(run, run->net, on_place, run, &probe) != STS_OK)
        status = STS_E_NOMEM;
    else if (loop_run(run->loop) != STS_OK)
        status = STS_E_IO;
    talloc_free(run);
    return status;
}
