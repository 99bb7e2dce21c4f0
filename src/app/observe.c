/* SPDX-License-Identifier: MIT */
/* observe.c - look at many domains side by side, each once.
 *
 * So many looks as there are jobs are under way in one loop; where one has ended, the next begins
 * at the loop's next turn.  A look, its probe and its facts hang on one context, which is freed
 * when the facts were handed over. */
#include "app/observe.h"

#include <sys/queue.h>

#include "base/memory.h"
#include "event/loop.h"
#include "probe/probe.h"

#define HELD_MS 100 /* until it is asked again whether more may begin */

struct observe_look {
    LIST_ENTRY(observe_look) link;
    struct observation *run;
    size_t index;
    struct probe *probe;
};

struct observation {
    struct observe_request request;
    struct observe_end end;
    struct loop *loop;
    struct net *net;
    LIST_HEAD(, observe_look) looks; /* under way */
    size_t count;                    /* of the list: to be looked at */
    size_t begun, running;
    bool exhausted;          /* next() has none now */
    struct loop_timer *turn; /* due now: there may be something to begin, or nothing left */
};

/* ---- one look -------------------------------------------------------------------------------- */

static void hand_over(const struct observe_look *look, const struct facts *facts)
{
    const struct observe_request *request = &look->run->request;
    bool forgiven = memory_forgive(false); /* what is judged and written needs all of it */

    request->seen(request->arg, look->index, facts);
    memory_forgive(forgiven);
}

static void on_facts(void *arg, struct facts *facts)
{
    struct observe_look *look = arg;
    struct observation *run = look->run;

    LIST_REMOVE(look, link);
    run->running--;
    hand_over(look, facts);
    talloc_free(look);
    loop_timer_again(run->turn, loop_now(run->loop));
}

static void on_so_far(void *arg, const struct facts *facts, const struct look_progress *progress)
{
    const struct observe_look *look = arg;
    const struct observe_request *request = &look->run->request;
    bool forgiven = memory_forgive(false);

    request->so_far(request->arg, look->index, facts, progress);
    memory_forgive(forgiven);
}

static enum sts_status start_probe(struct observe_look *look, const struct observe_name *name)
{
    struct observation *run = look->run;
    bool tells = run->request.so_far && !name->unfollowed;

    if (run->request.place)
        return probe_place(look, run->net, on_facts, look, &look->probe);
    return probe_start(look, run->net,
                       &(struct probe_request){.domain = name->name,
                                               .domain_given = name->given,
                                               .done = on_facts,
                                               .so_far = tells ? on_so_far : NULL,
                                               .arg = look},
                       &look->probe);
}

static bool begin(struct observation *run, const struct observe_name *name)
{
    struct observe_look *look = talloc_zero(run, struct observe_look);

    if (!look)
        return false;
    look->run = run;
    look->index = run->begun;
    if (start_probe(look, name) != STS_OK) {
        talloc_free(look);
        return false;
    }
    LIST_INSERT_HEAD(&run->looks, look, link);
    run->begun++;
    run->running++;
    return true;
}

/* ---- which is next --------------------------------------------------------------------------- */

static bool has_more(const struct observation *run)
{
    return !run->end.stopped && (run->request.next ? !run->exhausted : run->begun < run->count);
}

static bool is_held(const struct observation *run)
{
    const struct observe_request *request = &run->request;

    return has_more(run) && request->has_room && !request->has_room(request->arg);
}

/* False: there is none now. */
static bool take_next(struct observation *run, struct observe_name *ret)
{
    const struct observe_request *request = &run->request;

    if (request->next) {
        run->exhausted = !request->next(request->arg, ret);
        return !run->exhausted;
    }
    if (request->names)
        *ret = (struct observe_name){request->names[run->begun], request->given[run->begun]};
    return true;
}

static void begin_some(struct observation *run)
{
    struct observe_name name = {0};

    while (has_more(run) && run->running < run->request.jobs && take_next(run, &name))
        if (!begin(run, &name)) {
            run->end.incomplete = true;
            run->count = run->begun;
            if (run->request.next)
                run->request.seen(run->request.arg, run->begun++, NULL);
        }
}

/* A run without a list goes on until it is stopped. */
static bool is_over(const struct observation *run)
{
    return !run->running && (run->end.stopped || !run->request.next);
}

static void on_turn(void *arg)
{
    struct observation *run = arg;
    const struct observe_request *request = &run->request;
    bool held = is_held(run);

    if (!held)
        begin_some(run);
    if (held)
        loop_timer_again(run->turn, loop_now(run->loop) + HELD_MS);
    if (!held && is_over(run))
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
    enum sts_status status;

    *ret_why = NULL;
    if (!run)
        return STS_E_NOMEM;
    run->request = *request;
    run->loop = loop;
    run->count = request->count;
    if (request->place)
        run->count = run->request.jobs = 1;
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
    struct observe_look *look;

    if (run->end.stopped)
        return;
    run->end.stopped = true;
    LIST_FOREACH(look, &run->looks, link)
    probe_interrupt(look->probe);
    if (run->request.next)
        loop_timer_again(run->turn, loop_now(run->loop));
}

void observe_more(struct observation *run)
{
    run->exhausted = false;
    loop_timer_again(run->turn, loop_now(run->loop));
}

void observe_end_one(struct observation *run, size_t index)
{
    struct observe_look *look;

    LIST_FOREACH(look, &run->looks, link)
    if (look->index == index)
        probe_interrupt(look->probe);
}
