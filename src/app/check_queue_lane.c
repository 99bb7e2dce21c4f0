/* SPDX-License-Identifier: MIT */
/* check_queue_lane.c - what becomes of a run: begun, seen, over.
 *
 * The observation (observe.h) takes the next that waits whenever fewer than so many are under way,
 * and counts them as we do. */
#include "app/check_queue_work.h"

#define NEVER_MS (INT64_C(100) * 366 * 86400 * 1000)

/* ---- what is known --------------------------------------------------------------------------- */

static struct run *under_way(const struct lane *lane, size_t index)
{
    struct run *run;

    TAILQ_FOREACH(run, &lane->queue->running, link)
    {
        if (run->lane == lane && run->index == index)
            return run;
    }
    return NULL;
}

static void on_so_far(void *arg, size_t index, const struct facts *facts,
                      const struct look_progress *progress)
{
    struct run *run = under_way(arg, index);

    if (!run || check_run_take(run, facts) != STS_OK)
        return;
    check_run_note(run, progress);
    check_run_tell(run);
}

void check_queue_tell_waiting(struct check_queue *queue)
{
    struct run *run;

    TAILQ_FOREACH(run, &queue->waiting, link)
    check_run_tell(run);
}

/* ---- the end --------------------------------------------------------------------------------- */

/* The oldest go, but those whom somebody follows. */
static void trim(struct check_queue *queue)
{
    struct run *run = TAILQ_FIRST(&queue->over), *next;

    for (; run && queue->numbers.kept > queue->request.kept; run = next) {
        next = TAILQ_NEXT(run, link);
        if (!LIST_EMPTY(&run->followers))
            continue;
        TAILQ_REMOVE(&queue->over, run, link);
        queue->numbers.kept--;
        talloc_free(run);
    }
}

void check_queue_end_run(struct run *run, enum check_state state)
{
    struct check_queue *queue = run->queue;

    run->view.state = state;
    run->ended = loop_now(queue->request.loop);
    TAILQ_INSERT_TAIL(&queue->over, run, link);
    queue->numbers.kept++;
    if (state == CHECK_DONE && queue->request.done)
        queue->request.done(queue->request.arg, &run->view);
    check_run_tell(run);
    trim(queue);
}

/* False: it is none of a source. */
static bool aside_is_over(const struct lane *lane, size_t index, const struct facts *facts)
{
    struct aside *aside;

    LIST_FOREACH(aside, &lane->queue->asides, link)
    {
        if (aside->lane != lane || aside->index != index)
            continue;
        LIST_REMOVE(aside, link);
        lane->queue->numbers.aside--;
        aside->source->seen(aside->source->arg, aside->look, facts);
        talloc_free(aside);
        return true;
    }
    return false;
}

static void run_is_over(struct check_queue *queue, struct run *run, const struct facts *facts)
{
    bool whole = facts && !facts->interrupted;

    TAILQ_REMOVE(&queue->running, run, link);
    queue->numbers.running--;
    if (whole && check_run_take(run, facts) == STS_OK) {
        check_run_note_rest(run, facts);
        check_queue_end_run(run, CHECK_DONE);
    } else {
        run->view.diagnosis = NULL;
        check_queue_end_run(run, CHECK_CANCELLED);
    }
}

const double check_class_seconds[CHECK_CLASSES - 1] = {0.5, 1, 2, 5, 10, 30, 60};

static void count_time(struct check_queue_numbers *numbers, int64_t ms)
{
    size_t i = 0;

    while (i < CHECK_CLASSES - 1 && (double)ms > check_class_seconds[i] * 1000)
        i++;
    numbers->classes[i]++;
    numbers->took_ms += ms;
}

static void on_seen(void *arg, size_t index, const struct facts *facts)
{
    struct lane *lane = arg;
    struct check_queue *queue = lane->queue;
    struct run *run = under_way(lane, index);

    lane->running--;
    if (facts && !facts->interrupted)
        count_time(&queue->numbers, facts->elapsed_ms);
    if (run)
        run_is_over(queue, run, facts);
    else
        (void)aside_is_over(lane, index, facts);
    check_queue_more(queue);
    if (lane == queue->former && !lane->running)
        loop_timer_again(lane->end, loop_now(queue->request.loop));
}

/* ---- the beginning --------------------------------------------------------------------------- */

static bool next_run(struct lane *lane, struct observe_name *ret)
{
    struct check_queue *queue = lane->queue;
    struct run *run = TAILQ_FIRST(&queue->waiting);

    if (!run || queue->numbers.running >= queue->request.in_flight)
        return false;
    TAILQ_REMOVE(&queue->waiting, run, link);
    TAILQ_INSERT_TAIL(&queue->running, run, link);
    queue->numbers.waiting--;
    queue->numbers.running++;
    queue->numbers.begun++;
    run->view.state = CHECK_RUNNING;
    run->lane = lane;
    run->index = lane->begun;
    *ret = (struct observe_name){run->view.domain, run->given, false};
    check_run_tell(run);
    check_queue_tell_waiting(queue);
    return true;
}

static bool next_of(struct lane *lane, const struct check_source *source, struct observe_name *ret)
{
    struct check_queue *queue = lane->queue;
    struct aside *aside = talloc_zero(queue, struct aside);

    if (!aside || !source->next(source->arg, ret, &aside->look)) {
        talloc_free(aside);
        return false;
    }
    ret->unfollowed = true;
    aside->lane = lane;
    aside->index = lane->begun;
    aside->source = source;
    LIST_INSERT_HEAD(&queue->asides, aside, link);
    queue->numbers.aside++;
    return true;
}

/* Visitors wait for one of their own to end: nothing else begins meanwhile. */
static bool next_aside(struct lane *lane, struct observe_name *ret)
{
    const struct check_queue *queue = lane->queue;

    if (!TAILQ_EMPTY(&queue->waiting) || queue->numbers.aside >= queue->request.aside)
        return false;
    for (size_t i = 0; i < queue->source_count; i++)
        if (next_of(lane, &queue->sources[i], ret))
            return true;
    return false;
}

static bool next(void *arg, struct observe_name *ret)
{
    struct lane *lane = arg;

    if (lane != lane->queue->lane || (!next_run(lane, ret) && !next_aside(lane, ret)))
        return false;
    lane->begun++;
    lane->running++;
    return true;
}

void check_queue_more(struct check_queue *queue)
{
    observe_more(queue->lane->observation);
}

/* ---- the observation --------------------------------------------------------------------------
 */

static void on_over(void *arg, const struct observe_end *end)
{
    (void)arg;
    (void)end;
}

/* Not from a callback of its own observation. */
static void on_former(void *arg)
{
    struct lane *lane = arg;

    lane->queue->former = NULL;
    talloc_free(lane);
}

enum sts_status check_queue_start_lane(struct check_queue *queue, char **ret_why)
{
    struct lane *lane = talloc_zero(queue, struct lane);
    const struct observe_request request = {.net = &queue->net,
                                            .next = next,
                                            .jobs = queue->request.in_flight + queue->request.aside,
                                            .seen = on_seen,
                                            .so_far = on_so_far,
                                            .over = on_over,
                                            .arg = lane};
    enum sts_status status;

    if (!lane)
        return STS_E_NOMEM;
    lane->queue = queue;
    status = loop_timer_start(lane, queue->request.loop, loop_now(queue->request.loop) + NEVER_MS,
                              on_former, lane, &lane->end);
    if (status == STS_OK)
        status = observe_start(lane, queue->request.loop, &request, &lane->observation, ret_why);
    if (status == STS_OK) {
        queue->lane = lane;
        return STS_OK;
    }
    *ret_why = talloc_steal(queue, *ret_why);
    talloc_free(lane);
    return status;
}

enum sts_status check_queue_renew(struct check_queue *queue)
{
    struct lane *former = queue->lane;
    enum sts_status status;
    char *why = NULL;

    if (queue->former)
        return STS_OK;
    status = check_queue_start_lane(queue, &why);
    if (status != STS_OK)
        return status;
    queue->former = former;
    if (!former->running)
        loop_timer_again(former->end, loop_now(queue->request.loop));
    return STS_OK;
}
