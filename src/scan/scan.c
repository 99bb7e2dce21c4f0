/* SPDX-License-Identifier: MIT */
/* scan.c - starts the threads, writes what they find, and ends them. */
#include "scan/scan.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "event/thread.h"
#include "scan/work.h"

#define PROGRESS_MS 200
#define BATCH       65536 /* bytes written at a time, where there are so many */

/* ---- for the threads ------------------------------------------------------------------------- */

void work_ring(struct work *work)
{
    for (size_t i = 0; i < work->worker_count; i++)
        wakeup_signal(work->workers[i].bell);
}

static void stop(struct work *work, int how)
{
    if (atomic_load(&work->stop) >= how)
        return;
    atomic_store(&work->stop, how);
    queue_close(work->names);
    work_ring(work);
}

void work_fail(struct work *work, enum scan_outcome outcome)
{
    int none = SCAN_DONE;

    atomic_compare_exchange_strong(&work->outcome, &none, (int)outcome);
    stop(work, STOP_DROP);
}

void work_leave(struct work *work)
{
    if (atomic_fetch_sub(&work->writers, 1) == 1)
        queue_close(work->lines);
}

/* ---- writing --------------------------------------------------------------------------------- */

static bool write_all(int fd, const char *data, size_t length)
{
    while (length) {
        ssize_t sent = write(fd, data, length);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        data += sent;
        length -= (size_t)sent;
    }
    return true;
}

/* Lines are written as they come; those that wait already go together. */
static bool write_lines(struct work *work, char *first)
{
    char *batch = first, *line;

    while (talloc_get_size(batch) < BATCH && (line = queue_take(work->lines, 0, NULL))) {
        char *longer = talloc_strdup_append_buffer(batch, line);

        talloc_free(line);
        if (!longer)
            break;
        batch = longer;
    }
    if (!write_all(work->config->out, batch, talloc_get_size(batch) - 1)) {
        talloc_free(batch);
        return false;
    }
    talloc_free(batch);
    return true;
}

static void show(struct work *work, int64_t started, int64_t total)
{
    const struct scan_progress progress = {
        .done = atomic_load(&work->done),
        .unusable = atomic_load(&work->unusable),
        .failed = atomic_load(&work->failed),
        .running = atomic_load(&work->running),
        .done_before = atomic_load(&work->done_before),
        .bytes_read = atomic_load(&work->bytes_read),
        .bytes_total = total,
        .elapsed_ms = clock_monotonic_ms() - started,
        .draining = atomic_load(&work->stop) != STOP_NO,
    };

    if (work->config->progress)
        work->config->progress(work->config->arg, &progress);
}

static int64_t list_size(int fd)
{
    struct stat stat;

    return fstat(fd, &stat) == 0 && S_ISREG(stat.st_mode) ? (int64_t)stat.st_size : 0;
}

/* The caller's thread: write, show, heed signals, until no thread is left that may add lines. */
static int attend(struct work *work, int64_t started)
{
    int64_t shown = 0, total = list_size(work->config->in);
    bool over = false;
    int error = 0;

    while (!over) {
        char *line = queue_take(work->lines, PROGRESS_MS, &over);
        bool full = queue_is_full(work->lines);

        if (*work->config->signals)
            stop(work, *work->config->signals > 1 ? STOP_DROP : STOP_DRAIN);
        if (line && error) {
            talloc_free(line);
        } else if (line && !write_lines(work, line)) {
            error = errno ? errno : EIO;
            work_fail(work, SCAN_WRITE_FAILED);
        }
        if (full && !queue_is_full(work->lines))
            work_ring(work);
        if (clock_monotonic_ms() - shown < PROGRESS_MS)
            continue;
        shown = clock_monotonic_ms();
        show(work, started, total);
    }
    return error;
}

/* ---- beginning and end ----------------------------------------------------------------------- */

static enum sts_status open_all(struct work *work, const struct scan_config *config, char **ret_why)
{
    enum sts_status status = queue_new(work, 2 * config->jobs + 64, &work->names);

    if (status == STS_OK)
        status = queue_new(work, OUT_MAX, &work->lines);
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

static void run(struct work *work, int64_t started)
{
    size_t threads = 0;
    bool reading;
    int error;

    atomic_store(&work->writers, (int)work->worker_count + 1);
    while (threads < work->worker_count &&
           thread_start(&work->workers[threads].thread, worker_main, &work->workers[threads]))
        threads++;
    reading = threads == work->worker_count && thread_start(&work->reader, reader_main, work);
    for (size_t i = threads; i < work->worker_count + !reading; i++)
        work_leave(work);
    if (!reading)
        work_fail(work, SCAN_NO_MEMORY);
    error = attend(work, started);
    for (size_t i = 0; i < threads; i++)
        pthread_join(work->workers[i].thread, NULL);
    if (reading)
        pthread_join(work->reader, NULL);
    errno = error ? error : atomic_load(&work->read_errno);
}

static void sum_up(struct work *work, int64_t started, struct scan_summary *ret)
{
    struct name *left = queue_take(work->names, 0, NULL);

    for (size_t i = 0; i < work->worker_count; i++)
        totals_merge(&ret->totals, &work->workers[i].totals);
    ret->unusable = atomic_load(&work->unusable);
    ret->done_before = atomic_load(&work->done_before);
    ret->elapsed_ms = clock_monotonic_ms() - started;
    ret->interrupted = left || atomic_load(&work->dropped);
    talloc_free(left);
}

enum scan_outcome scan_run(TALLOC_CTX *ctx, const struct scan_config *config,
                           struct scan_summary *ret, char **ret_why)
{
    struct work *work = talloc_zero(ctx, struct work);
    int64_t started = clock_monotonic_ms();
    enum scan_outcome outcome = SCAN_NO_MEMORY;
    enum sts_status status;
    int error;

    *ret = (struct scan_summary){.interrupted = true};
    *ret_why = NULL;
    if (!work)
        return SCAN_NO_MEMORY;
    work->config = config;
    status = open_all(work, config, ret_why);
    if (status == STS_OK) {
        run(work, started);
        outcome = (enum scan_outcome)atomic_load(&work->outcome);
    } else if (*ret_why) {
        *ret_why = talloc_strdup(ctx, *ret_why);
        outcome = SCAN_NO_NET;
    }
    error = errno;
    sum_up(work, started, ret);
    ret->brief = config->net->brief;
    for (size_t i = 0; i < work->worker_count; i++)
        talloc_free(work->workers[i].mem);
    talloc_free(work->common);
    talloc_free(work);
    errno = error;
    return outcome;
}
