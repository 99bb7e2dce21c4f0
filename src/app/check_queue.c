/* SPDX-License-Identifier: MIT */
/* check_queue.c - checks that anybody may ask a service for.
 *
 * A run is in one of three lists: those that wait, those under way, those that are over, each in
 * the order in which it came there.  They are bounded, and so small that they are searched from end
 * to end.  The observation (observe.h) takes the next that waits whenever fewer than so many are
 * under way, and counts them as we do. */
#include "app/check_queue.h"

#include <string.h>
#include <sys/queue.h>
#include <sys/random.h>

#include "app/check_work.h"
#include "app/client_limits.h"
#include "app/limits.h"
#include "app/observe.h"
#include "base/array.h"
#include "base/clock.h"
#include "event/loop.h"

/* An observation and how far it is.  When our place has changed another one goes on, and this one
 * ends with the last of its looks. */
#define NEVER_MS (INT64_C(100) * 366 * 86400 * 1000)

struct lane {
    struct check_queue *queue;
    struct observation *observation;
    size_t begun, running;
    struct loop_timer *end;
};

/* A look of a source. */
struct aside {
    LIST_ENTRY(aside) link;
    const struct lane *lane;
    size_t index;
    const struct check_source *source;
    void *look;
};

struct check_queue {
    struct check_queue_request request;
    struct net_options net;
    struct check_queue_numbers numbers;
    struct lane *lane, *former; /* former: NULL, or it is ending */
    struct client_limits *clients;
    struct runs waiting, running, over;
    struct check_source sources[CHECK_SOURCES];
    size_t source_count;
    LIST_HEAD(, aside) asides;
};

/* ---- finding --------------------------------------------------------------------------------- */

static struct run *find_in(const struct runs *runs, const char *id)
{
    struct run *run;

    TAILQ_FOREACH(run, runs, link)
    {
        if (strcmp(run->view.id, id) == 0)
            return run;
    }
    return NULL;
}

static struct run *find(const struct check_queue *queue, const char *id)
{
    struct run *run = find_in(&queue->over, id);

    if (!run)
        run = find_in(&queue->running, id);
    return run ? run : find_in(&queue->waiting, id);
}

static bool is_wanted(const struct run *run, const char *domain)
{
    return run->wanted && run->view.state != CHECK_CANCELLED &&
           strcmp(run->view.domain, domain) == 0;
}

static struct run *find_domain(const struct runs *runs, const char *domain)
{
    struct run *run;

    TAILQ_FOREACH_REVERSE(run, runs, runs, link)
    {
        if (is_wanted(run, domain))
            return run;
    }
    return NULL;
}

const struct check_run *check_queue_find(struct check_queue *queue, const char *id)
{
    return check_run_view(find(queue, id));
}

const struct check_run *check_queue_newest(struct check_queue *queue, const char *domain)
{
    struct run *run;

    TAILQ_FOREACH_REVERSE(run, &queue->over, runs, link)
    {
        if (run->view.diagnosis && strcmp(run->view.domain, domain) == 0)
            return &run->view;
    }
    return NULL;
}

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

/* ---- those who follow ------------------------------------------------------------------------ */

enum sts_status check_follow(TALLOC_CTX *ctx, struct check_queue *queue, const char *id,
                             void (*changed)(void *arg, const struct check_run *run), void *arg,
                             struct check_follower **ret)
{
    struct run *run = find(queue, id);

    return run ? check_run_follow(ctx, run, changed, arg, ret) : STS_E_INVALID;
}

/* Those behind have moved up. */
static void tell_waiting(struct check_queue *queue)
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

static void end(struct run *run, enum check_state state)
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
        end(run, CHECK_DONE);
    } else {
        run->view.diagnosis = NULL;
        end(run, CHECK_CANCELLED);
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

/* So that nobody cancels what others asked for, by asking for it as well. */
static bool forget_wish(struct run *run, const char *client)
{
    for (size_t i = 0; i < run->wanted; i++)
        if (strcmp(run->wishers[i], client) == 0) {
            talloc_free(run->wishers[i]);
            run->wishers[i] = run->wishers[--run->wanted];
            return true;
        }
    return false;
}

static void stop(struct check_queue *queue, struct run *run)
{
    if (run->view.state == CHECK_RUNNING) {
        observe_end_one(run->lane->observation, run->index);
        return;
    }
    TAILQ_REMOVE(&queue->waiting, run, link);
    queue->numbers.waiting--;
    tell_waiting(queue);
    end(run, CHECK_CANCELLED);
}

bool check_queue_cancel(struct check_queue *queue, const char *id, const char *client)
{
    struct run *run = find(queue, id);

    if (!run || run->view.state > CHECK_RUNNING || !forget_wish(run, client))
        return false;
    if (!run->wanted)
        stop(queue, run);
    return true;
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
    tell_waiting(queue);
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

enum sts_status check_queue_add_source(struct check_queue *queue, const struct check_source *source)
{
    if (queue->source_count == CHECK_SOURCES)
        return STS_E_LIMIT;
    queue->sources[queue->source_count++] = *source;
    check_queue_more(queue);
    return STS_OK;
}

static bool kernel_chance(void *bytes, size_t length)
{
    return getrandom(bytes, length, 0) == (ssize_t)length;
}

static bool name_run(const struct check_queue *queue, char id[CHECK_ID_SIZE])
{
    unsigned char bytes[CHECK_ID_SIZE / 2];

    if (!queue->request.chance(bytes, sizeof bytes))
        return false;
    for (size_t i = 0; i < sizeof bytes; i++) {
        id[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        id[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    return true;
}

static bool add_wish(struct run *run, const char *client)
{
    char **wisher;

    if (run->wanted >= LIMIT_CHECK_WISHERS)
        return true;
    wisher = array_grow(run, &run->wishers, &run->wanted, sizeof *wisher);
    if (wisher)
        *wisher = talloc_strdup(run, client);
    if (wisher && !*wisher)
        run->wanted--;
    return wisher && *wisher;
}

static struct run *run_new(struct check_queue *queue, const struct check_wish *wish)
{
    struct run *run = talloc_zero(queue, struct run);

    if (!run)
        return NULL;
    run->queue = queue;
    run->loop = queue->request.loop;
    run->waiting = &queue->waiting;
    check_run_begin(run);
    run->given = talloc_strdup(run, wish->given);
    run->view.state = CHECK_QUEUED;
    run->view.asked_at = queue->request.now();
    run->view.kept = wish->kept;
    strncpy(run->view.domain, wish->domain, sizeof run->view.domain - 1);
    if (!run->given || !add_wish(run, wish->client) || !name_run(queue, run->view.id)) {
        talloc_free(run);
        return NULL;
    }
    TAILQ_INSERT_TAIL(&queue->waiting, run, link);
    queue->numbers.waiting++;
    check_queue_more(queue);
    return run;
}

/* The run that serves this wish as well. */
static struct run *find_shared(struct check_queue *queue, const char *domain,
                               enum check_outcome *ret)
{
    int64_t fresh = loop_now(queue->request.loop) - LIMIT_CHECK_REUSED_MS;
    struct run *run = find_domain(&queue->running, domain);

    if (!run)
        run = find_domain(&queue->waiting, domain);
    *ret = CHECK_JOINED;
    if (run)
        return run;
    *ret = CHECK_REUSED;
    run = find_domain(&queue->over, domain);
    return run && run->ended > fresh ? run : NULL;
}

static enum sts_status share(struct check_queue *queue, struct run *run,
                             const struct check_wish *wish, struct check_asked *ret)
{
    run->view.kept = run->view.kept || wish->kept;
    if (ret->outcome == CHECK_REUSED)
        queue->numbers.reused++;
    else if (add_wish(run, wish->client))
        queue->numbers.joined++;
    else
        return STS_E_NOMEM;
    ret->run = check_run_view(run);
    return STS_OK;
}

/* What is refused does not count as asked. */
static bool is_refused(struct check_queue *queue, const struct check_wish *wish,
                       struct check_asked *ret)
{
    int64_t now = loop_now(queue->request.loop);

    *ret = (struct check_asked){.outcome = CHECK_FULL, .retry_after = LIMIT_CHECK_RETRY_S};
    if (queue->numbers.waiting >= queue->request.waiting) {
        queue->numbers.full++;
        return true;
    }
    ret->outcome = CHECK_LIMITED;
    ret->retry_after = wish->kept ? 0 : client_limits_take(queue->clients, wish->client, now);
    queue->numbers.limited += ret->retry_after > 0;
    return ret->retry_after > 0;
}

enum sts_status check_queue_ask(struct check_queue *queue, const struct check_wish *wish,
                                struct check_asked *ret)
{
    struct run *run;

    *ret = (struct check_asked){0};
    if (strlen(wish->domain) >= STS_NAME_SIZE)
        return STS_E_INVALID;
    run = find_shared(queue, wish->domain, &ret->outcome);
    if (run)
        return share(queue, run, wish, ret);
    if (is_refused(queue, wish, ret))
        return STS_OK;
    run = run_new(queue, wish);
    if (!run)
        return STS_E_NOMEM;
    *ret = (struct check_asked){.outcome = CHECK_BEGUN, .run = check_run_view(run)};
    return STS_OK;
}

/* ---- the queue ------------------------------------------------------------------------------- */

static void set_defaults(struct check_queue_request *request)
{
    if (!request->in_flight)
        request->in_flight = LIMIT_CHECKS_IN_FLIGHT;
    if (!request->waiting)
        request->waiting = LIMIT_CHECKS_WAITING;
    if (!request->kept)
        request->kept = LIMIT_CHECKS_KEPT;
    if (!request->aside)
        request->aside = LIMIT_CHECKS_ASIDE;
    if (!request->now)
        request->now = clock_now;
    if (!request->chance)
        request->chance = kernel_chance;
}

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

static enum sts_status start(struct check_queue *queue, char **ret_why)
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
    status = start(queue, &why);
    if (status != STS_OK)
        return status;
    queue->former = former;
    if (!former->running)
        loop_timer_again(former->end, loop_now(queue->request.loop));
    return STS_OK;
}

enum sts_status check_queue_new(TALLOC_CTX *ctx, const struct check_queue_request *request,
                                struct check_queue **ret, char **ret_why)
{
    static const struct client_limit limits[] = {{LIMIT_CHECKS_A_MINUTE, 60},
                                                 {LIMIT_CHECKS_AN_HOUR, 3600}};
    struct check_queue *queue = talloc_zero(ctx, struct check_queue);
    enum sts_status status = STS_E_NOMEM;

    *ret_why = NULL;
    if (!queue)
        return STS_E_NOMEM;
    queue->request = *request;
    set_defaults(&queue->request);
    queue->net = *request->net;
    queue->net.public_only = true; /* strangers choose the domains */
    LIST_INIT(&queue->asides);
    TAILQ_INIT(&queue->waiting);
    TAILQ_INIT(&queue->running);
    TAILQ_INIT(&queue->over);
    queue->clients = client_limits_new(queue, limits, 2, LIMIT_CHECK_CLIENTS);
    if (queue->clients)
        status = start(queue, ret_why);
    if (status != STS_OK) {
        *ret_why = talloc_steal(ctx, *ret_why);
        talloc_free(queue);
        return status;
    }
    *ret = queue;
    return STS_OK;
}

struct check_queue_numbers check_queue_numbers(const struct check_queue *queue)
{
    return queue->numbers;
}
