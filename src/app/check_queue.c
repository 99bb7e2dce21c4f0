/* SPDX-License-Identifier: MIT */
/* check_queue.c - checks that anybody may ask a service for.
 *
 * A run is in one of three lists: those that wait, those under way, those that are over, each in
 * the order in which it came there.  They are bounded, and so small that they are searched from end
 * to end.  What becomes of a run once it is there is in check_queue_lane.c. */
#include "app/check_queue.h"

#include <string.h>
#include <sys/queue.h>
#include <sys/random.h>

#include "app/check_queue_work.h"
#include "app/limits.h"
#include "base/array.h"
#include "base/clock.h"
#include "event/loop.h"

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

/* ---- those who follow ------------------------------------------------------------------------ */

enum sts_status check_follow(TALLOC_CTX *ctx, struct check_queue *queue, const char *id,
                             void (*changed)(void *arg, const struct check_run *run), void *arg,
                             struct check_follower **ret)
{
    struct run *run = find(queue, id);

    return run ? check_run_follow(ctx, run, changed, arg, ret) : STS_E_INVALID;
}

/* ---- what is cancelled ------------------------------------------------------------------------
 */

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
    check_queue_tell_waiting(queue);
    check_queue_end_run(run, CHECK_CANCELLED);
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

/* ---- what is asked for ------------------------------------------------------------------------
 */

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
        status = check_queue_start_lane(queue, ret_why);
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
