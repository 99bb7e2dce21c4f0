/* SPDX-License-Identifier: MIT */
/* jobs.c - a queue under a lock, threads that serve it, and an inbox for what they have done.
 *
 * A job is a chunk of its own with `data` below it, so that it outlives the handle where that is
 * freed while a worker has it.  Each knows the other under the lock.  The inbox has a lock too,
 * always taken second. */
#include "event/jobs.h"

#include <sys/queue.h>

#include "base/i18n.h"
#include "event/inbox.h"
#include "event/thread.h"

enum job_state { JOB_WAITS, JOB_AT_WORK, JOB_OVER };

struct pending {
    void (*work)(void *data);
    void *data;
    enum i18n_language language;
    enum job_state state;
    struct jobs_handle *handle; /* NULL: cancelled */
    TAILQ_ENTRY(pending) link;  /* while it waits */
};

struct jobs_handle {
    struct jobs *jobs;
    struct pending *job; /* NULL: it is over, or the pool is gone */
    struct notice over;
    void (*done)(void *arg, void *data);
    void *arg;
    LIST_ENTRY(jobs_handle) link; /* while there is a job */
};

struct jobs {
    struct inboxes *inboxes;
    struct inbox *inbox;
    LIST_HEAD(, jobs_handle) handles; /* the loop's */
    pthread_t *threads;
    size_t count;
    pthread_mutex_t lock; /* for what follows, and for state and handle of each job */
    pthread_cond_t filled;
    TAILQ_HEAD(, pending) waiting;
    bool closed;
};

/* Of a worker's thread. */
static _Thread_local struct {
    struct jobs *jobs; /* NULL: it has no job */
    const struct pending *job;
} mine;

bool jobs_is_cancelled(void)
{
    bool cancelled;

    if (!mine.jobs)
        return false;
    pthread_mutex_lock(&mine.jobs->lock);
    cancelled = mine.jobs->closed || !mine.job->handle;
    pthread_mutex_unlock(&mine.jobs->lock);
    return cancelled;
}

/* ---- the workers ----------------------------------------------------------------------------- */

/* NULL: the pool ends. */
static struct pending *take(struct jobs *jobs)
{
    struct pending *job = NULL;

    pthread_mutex_lock(&jobs->lock);
    while (!jobs->closed && TAILQ_EMPTY(&jobs->waiting))
        pthread_cond_wait(&jobs->filled, &jobs->lock);
    if (!jobs->closed) {
        job = TAILQ_FIRST(&jobs->waiting);
        TAILQ_REMOVE(&jobs->waiting, job, link);
        job->state = JOB_AT_WORK;
    }
    pthread_mutex_unlock(&jobs->lock);
    return job;
}

/* From the notice on it is the loop's. */
static void give_back(struct jobs *jobs, struct pending *job)
{
    bool cancelled;

    pthread_mutex_lock(&jobs->lock);
    cancelled = !job->handle;
    job->state = JOB_OVER;
    if (!cancelled) {
        inboxes_lock(jobs->inboxes);
        notice_send(&job->handle->over);
        inboxes_unlock(jobs->inboxes);
    }
    pthread_mutex_unlock(&jobs->lock);
    if (cancelled)
        talloc_free(job);
}

static void *serve(void *arg)
{
    struct jobs *jobs = arg;
    struct pending *job;

    while ((job = take(jobs))) {
        i18n_use(job->language);
        mine.jobs = jobs;
        mine.job = job;
        job->work(job->data);
        mine.jobs = NULL;
        give_back(jobs, job);
    }
    return NULL;
}

/* ---- a job ----------------------------------------------------------------------------------- */

/* NULL: it is over, or was already parted. */
static struct pending *part(struct jobs_handle *handle)
{
    struct pending *job = handle->job;

    if (job)
        LIST_REMOVE(handle, link);
    handle->job = NULL;
    return job;
}

static void on_over(void *arg)
{
    struct jobs_handle *handle = arg;
    struct pending *job = part(handle);

    talloc_steal(handle, job);
    handle->done(handle->arg, job->data);
}

static int handle_drop(struct jobs_handle *handle)
{
    struct jobs *jobs = handle->jobs;
    struct pending *job = part(handle);
    bool at_work;

    if (!job)
        return 0;
    pthread_mutex_lock(&jobs->lock);
    at_work = job->state == JOB_AT_WORK;
    job->handle = NULL;
    if (job->state == JOB_WAITS)
        TAILQ_REMOVE(&jobs->waiting, job, link);
    inboxes_lock(jobs->inboxes);
    notice_cancel(&handle->over);
    inboxes_unlock(jobs->inboxes);
    pthread_mutex_unlock(&jobs->lock);
    if (!at_work)
        talloc_free(job);
    return 0;
}

static void enqueue(struct jobs *jobs, struct pending *job)
{
    pthread_mutex_lock(&jobs->lock);
    TAILQ_INSERT_TAIL(&jobs->waiting, job, link);
    pthread_cond_signal(&jobs->filled);
    pthread_mutex_unlock(&jobs->lock);
}

enum sts_status jobs_start(TALLOC_CTX *ctx, struct jobs *jobs, const struct jobs_request *request,
                           struct jobs_handle **ret)
{
    struct jobs_handle *handle = talloc_zero(ctx, struct jobs_handle);
    struct pending *job = talloc_zero(NULL, struct pending);

    if (!handle || !job) {
        talloc_free(handle);
        talloc_free(job);
        return STS_E_NOMEM;
    }
    *job = (struct pending){.work = request->work,
                            .data = talloc_steal(job, request->data),
                            .language = i18n_used(),
                            .handle = handle};
    *handle = (struct jobs_handle){.jobs = jobs,
                                   .job = job,
                                   .over = {.to = jobs->inbox, .open = on_over, .arg = handle},
                                   .done = request->done,
                                   .arg = request->arg};
    LIST_INSERT_HEAD(&jobs->handles, handle, link);
    talloc_set_destructor(handle, handle_drop);
    enqueue(jobs, job);
    *ret = handle;
    return STS_OK;
}

size_t jobs_waiting(struct jobs *jobs)
{
    const struct pending *job;
    size_t count = 0;

    pthread_mutex_lock(&jobs->lock);
    TAILQ_FOREACH(job, &jobs->waiting, link)
    count++;
    pthread_mutex_unlock(&jobs->lock);
    return count;
}

/* ---- the pool -------------------------------------------------------------------------------- */

static int jobs_drop(struct jobs *jobs)
{
    struct jobs_handle *handle;

    pthread_mutex_lock(&jobs->lock);
    jobs->closed = true;
    pthread_cond_broadcast(&jobs->filled);
    pthread_mutex_unlock(&jobs->lock);
    while (jobs->count)
        pthread_join(jobs->threads[--jobs->count], NULL);
    while ((handle = LIST_FIRST(&jobs->handles)))
        (void)handle_drop(handle);
    pthread_cond_destroy(&jobs->filled);
    pthread_mutex_destroy(&jobs->lock);
    return 0;
}

static enum sts_status start_workers(struct jobs *jobs, size_t workers)
{
    jobs->threads = talloc_array(jobs, pthread_t, (unsigned)workers);
    if (!jobs->threads)
        return STS_E_NOMEM;
    while (jobs->count < workers) {
        if (!thread_start(&jobs->threads[jobs->count], serve, jobs))
            return STS_E_NOMEM;
        jobs->count++;
    }
    return STS_OK;
}

enum sts_status jobs_new(TALLOC_CTX *ctx, struct loop *loop, size_t workers, struct jobs **ret)
{
    struct jobs *jobs = talloc_zero(ctx, struct jobs);
    enum sts_status status;

    if (!jobs)
        return STS_E_NOMEM;
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_cond_init(&jobs->filled, NULL);
    TAILQ_INIT(&jobs->waiting);
    talloc_set_destructor(jobs, jobs_drop);
    status = inboxes_new(jobs, &jobs->inboxes);
    if (status == STS_OK)
        status = inbox_new(jobs, jobs->inboxes, loop, &jobs->inbox);
    if (status == STS_OK)
        status = start_workers(jobs, workers);
    if (status != STS_OK) {
        talloc_free(jobs);
        return status;
    }
    *ret = jobs;
    return STS_OK;
}
