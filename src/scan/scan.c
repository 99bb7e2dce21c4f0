/* SPDX-License-Identifier: MIT */
/* scan.c - starts the threads, writes what they find, and ends them. */
#include "scan/scan.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/write_all.h"
#include "event/signals.h"
#include "event/thread.h"
#include "net/limits.h"
#include "scan/work.h"

#define PROGRESS_MS 200
#define AT_ONCE     64 /* results taken before others have their turn */

/* ---- for the threads ------------------------------------------------------------------------- */

void work_wake(struct work *work)
{
    for (size_t i = 0; i < work->worker_count; i++)
        wakeup_signal(work->workers[i].wakeup);
}

static void stop(struct work *work, int how)
{
    int now = atomic_load(&work->stop);

    /* Another thread may stop it harder meanwhile. */
    do {
        if (now >= how)
            return;
    } while (!atomic_compare_exchange_weak(&work->stop, &now, how));
    (void)eventfd_write(work->reader_stops, 1);
    queue_close(work->names);
    work_wake(work);
}

void work_fail(struct work *work, enum scan_outcome outcome)
{
    int none = SCAN_DONE;

    atomic_compare_exchange_strong(&work->outcome, &none, (int)outcome);
    stop(work, STOP_DROP);
}

void work_leave(struct work *work)
{
    if (atomic_fetch_sub(&work->writers, 1) != 1)
        return;
    queue_close(work->lines);
    wakeup_signal(work->lines_added);
}

/* NULL: no memory, and what it was to hold is freed. */
static struct result *result_new(const struct work *work, char *line, struct stored_check *check)
{
    struct result *result = talloc_zero(NULL, struct result);

    if (!result) {
        talloc_free(line);
        talloc_free(check);
        return NULL;
    }
    *result = (struct result){.line = talloc_steal(result, line),
                              .check = talloc_steal(result, check),
                              .continued = work->config->continued,
                              .since = work->config->since};
    return result;
}

bool work_put_line(struct work *work, char *line)
{
    struct result *result = result_new(work, line, NULL);
    bool put = result && queue_put(work->lines, result, NULL);

    wakeup_signal(work->lines_added);
    return put;
}

bool work_push_result(struct work *work, char *line, struct stored_check *check)
{
    struct result *result = result_new(work, line, check);
    bool pushed = result && queue_push(work->lines, result);

    wakeup_signal(work->lines_added);
    return pushed;
}

/* ---- how long it will take ------------------------------------------------------------------- */

int64_t work_look_begins(struct work *work)
{
    int64_t now = clock_monotonic_ms() - work->started;

    atomic_fetch_add(&work->running, 1);
    pthread_mutex_lock(&work->estimate_lock);
    estimate_begin(work->estimate, now);
    work->begun++;
    pthread_mutex_unlock(&work->estimate_lock);
    return now;
}

void work_look_ends(struct work *work, int64_t began)
{
    int64_t now = clock_monotonic_ms() - work->started;

    atomic_fetch_sub(&work->running, 1);
    pthread_mutex_lock(&work->estimate_lock);
    estimate_end(work->estimate, began, now);
    pthread_mutex_unlock(&work->estimate_lock);
}

/* Only what is listed can be foreseen, and once it stops only what is under way. */
static int64_t time_left(struct work *work, int64_t now, int64_t listed)
{
    bool stops = atomic_load(&work->stop) != STOP_NO;
    int64_t left = ESTIMATE_UNKNOWN, passed_over, to_begin;

    if (listed < 0 && !stops)
        return ESTIMATE_UNKNOWN;
    passed_over = atomic_load(&work->unusable) + atomic_load(&work->done_before);
    pthread_mutex_lock(&work->estimate_lock);
    to_begin = stops ? 0 : listed - passed_over - work->begun;
    left = estimate_left(work->estimate, now, to_begin > 0 ? to_begin : 0);
    pthread_mutex_unlock(&work->estimate_lock);
    return left;
}

/* ---- writing --------------------------------------------------------------------------------- */

void work_write(struct work *work, char *line)
{
    if (!work->write_errno && !write_all(work->config->out, line, talloc_get_size(line) - 1)) {
        work->write_errno = errno;
        work_fail(work, SCAN_WRITE_FAILED);
    }
    talloc_free(line);
}

static void take_result(struct work *work, struct result *result)
{
    if (result->check) {
        work_save(work, result);
        return;
    }
    work_write(work, talloc_steal(NULL, result->line));
    talloc_free(result);
}

/* As many as there are, but only so many at a time: signals and progress wait meanwhile. */
static void take_results(struct work *work, bool *ret_over)
{
    struct result *result;
    int taken = 0;

    *ret_over = false;
    while (!work_saves_no_more(work) && taken++ < AT_ONCE &&
           (result = queue_take(work->lines, ret_over)))
        take_result(work, result);
    if (taken > AT_ONCE)
        wakeup_signal(work->lines_added); /* there may be more */
}

static void on_lines(void *arg)
{
    struct work *work = arg;
    bool forgiven = memory_forgive(false); /* what is written needs all of it */
    bool full = queue_is_full(work->lines), over;

    take_results(work, &over);
    if (full && !queue_is_full(work->lines))
        work_wake(work);
    if (over && !store_writer_pending(work->writer))
        loop_stop(work->loop);
    memory_forgive(forgiven);
}

/* ---- progress and signals -------------------------------------------------------------------- */

static void on_progress(void *arg)
{
    struct work *work = arg;
    int64_t now = clock_monotonic_ms() - work->started;
    int64_t listed = atomic_load(&work->listed);
    const struct scan_progress progress = {
        .done = atomic_load(&work->done),
        .unusable = atomic_load(&work->unusable),
        .failed = atomic_load(&work->failed),
        .running = atomic_load(&work->running),
        .done_before = atomic_load(&work->done_before),
        .listed = listed,
        .listed_is_guess = atomic_load(&work->listed_is_guess),
        .left_ms = time_left(work, now, listed),
        .elapsed_ms = now,
        .draining = atomic_load(&work->stop) != STOP_NO,
    };
    bool forgiven = memory_forgive(false);

    if (work->config->progress)
        work->config->progress(work->config->arg, &progress);
    memory_forgive(forgiven);
    loop_timer_again(work->progress, loop_now(work->loop) + PROGRESS_MS);
}

static void on_signal(void *arg)
{
    stop(arg, signals_count() > 1 ? STOP_DROP : STOP_DRAIN);
}

/* ---- beginning and end ----------------------------------------------------------------------- */

static int work_drop(struct work *work)
{
    if (work->reader_stops >= 0)
        close(work->reader_stops);
    pthread_mutex_destroy(&work->estimate_lock);
    return 0;
}

/* What the caller's thread does meanwhile. */
static enum sts_status open_loop(struct work *work)
{
    struct signals_watch *watch;
    enum sts_status status = wakeup_new(work, work->loop, on_lines, work, &work->lines_added);

    if (status == STS_OK)
        status = signals_start(work, work->loop, on_signal, work, &watch);
    if (status == STS_OK)
        status = loop_timer_start(work, work->loop, loop_now(work->loop), on_progress, work,
                                  &work->progress);
    work->reader_stops = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return status == STS_OK && work->reader_stops < 0 ? STS_E_NOMEM : status;
}

static int64_t timeout_of(const struct net_options *net)
{
    return net->timeout_ms ? net->timeout_ms : LIMIT_DOMAIN_MS;
}

static enum sts_status open_all(struct work *work, const struct scan_config *config, char **ret_why)
{
    enum sts_status status = queue_new(work, 2 * config->jobs + 64, &work->names);
    if (status == STS_OK)
        status = estimate_new(work, timeout_of(config->net), &work->estimate);

    if (status == STS_OK)
        status = queue_new(work, OUT_MAX, &work->lines);
    if (status == STS_OK)
        status = open_loop(work);
    if (status == STS_OK)
        status = work_save_open(work);
    if (status == STS_OK)
        status = net_common_new(NULL, &config->net->limits, &work->common);
    if (status != STS_OK)
        return status;
    work->workers = talloc_zero_array(work, struct worker, config->threads);
    if (!work->workers)
        return STS_E_NOMEM;
    for (size_t i = 0; i < config->threads && status == STS_OK; i++) {
        struct worker *worker = &work->workers[work->worker_count++];

        *worker = (struct worker){.work = work,
                                  .jobs = config->jobs / config->threads +
                                          (i < config->jobs % config->threads)};
        status = worker_open(worker, ret_why);
    }
    return status;
}

/* Until no thread is left that may add lines. */
static void attend(struct work *work)
{
    if (loop_run(work->loop) == STS_OK)
        return;
    work_fail(work, SCAN_NO_MEMORY);
    queue_close(work->lines); /* or the reader would wait for us */
}

static void write_head(struct work *work)
{
    const char *head = scan_line_head(work->config->format);

    if (work->config->with_head && !write_all(work->config->out, head, strlen(head))) {
        work->write_errno = errno;
        work_fail(work, SCAN_WRITE_FAILED);
    }
}

static void run(struct work *work)
{
    size_t threads = 0;
    bool reading;

    write_head(work);
    atomic_store(&work->writers, (int)work->worker_count + 1);
    while (threads < work->worker_count &&
           thread_start(&work->workers[threads].thread, worker_main, &work->workers[threads]))
        threads++;
    reading = threads == work->worker_count && thread_start(&work->reader, reader_main, work);
    for (size_t i = threads; i < work->worker_count + !reading; i++)
        work_leave(work);
    if (!reading)
        work_fail(work, SCAN_NO_MEMORY);
    attend(work);
    for (size_t i = 0; i < threads; i++)
        pthread_join(work->workers[i].thread, NULL);
    if (reading)
        pthread_join(work->reader, NULL);
    errno = work->write_errno ? work->write_errno : atomic_load(&work->read_errno);
}

static void sum_up(struct work *work, struct scan_summary *ret)
{
    struct name *left = queue_take(work->names, NULL);

    for (size_t i = 0; i < work->worker_count; i++)
        totals_merge(&ret->totals, &work->workers[i].totals);
    ret->unusable = atomic_load(&work->unusable);
    ret->done_before = atomic_load(&work->done_before);
    ret->elapsed_ms = clock_monotonic_ms() - work->started;
    ret->saves = work->config->save;
    ret->saved = work->saved;
    ret->unsaved = work->unsaved;
    ret->interrupted = left || atomic_load(&work->dropped);
    talloc_free(left);
}

enum scan_outcome scan_run(TALLOC_CTX *ctx, struct loop *loop, const struct scan_config *config,
                           struct scan_summary *ret, char **ret_why)
{
    struct work *work = talloc_zero(ctx, struct work);
    enum scan_outcome outcome = SCAN_NO_MEMORY;
    enum sts_status status;
    int error;

    *ret = (struct scan_summary){.interrupted = true};
    *ret_why = NULL;
    if (!work)
        return SCAN_NO_MEMORY;
    work->config = config;
    work->loop = loop;
    work->started = clock_monotonic_ms();
    atomic_store(&work->listed, -1);
    pthread_mutex_init(&work->estimate_lock, NULL);
    work->reader_stops = -1;
    talloc_set_destructor(work, work_drop);
    status = open_all(work, config, ret_why);
    if (status == STS_OK) {
        run(work);
        outcome = (enum scan_outcome)atomic_load(&work->outcome);
    } else if (*ret_why) {
        *ret_why = talloc_strdup(ctx, *ret_why);
        outcome = SCAN_NO_NET;
    }
    error = errno;
    sum_up(work, ret);
    ret->brief = config->net->brief;
    for (size_t i = 0; i < work->worker_count; i++)
        talloc_free(work->workers[i].mem);
    talloc_free(work->common);
    talloc_free(work);
    errno = error;
    return outcome;
}
