/* SPDX-License-Identifier: MIT */
/* domains_progress.c - how far a pass over many domains has come. */
#include "cmd/domains_progress.h"

#include "cmd/console.h"
#include "cmd/scan_progress.h"
#include "event/loop.h"
#include "scan/estimate.h"

#define SHOWN_EVERY_MS 250

struct domains_progress {
    struct loop *loop;
    struct loop_timer *timer;
    struct estimate *estimate;
    int64_t started;
    int64_t *began; /* of each look */
    size_t count, begun, ended, critical;
    struct scan_pace pace;
};

static void show(struct domains_progress *progress)
{
    int64_t now = loop_now(progress->loop), to_begin = (int64_t)(progress->count - progress->begun);
    const struct scan_progress shown = {
        .done = (int64_t)progress->ended,
        .failed = (int64_t)progress->critical,
        .running = (int64_t)(progress->begun - progress->ended),
        .listed = (int64_t)progress->count,
        .left_ms = estimate_left(progress->estimate, now, to_begin),
        .elapsed_ms = now - progress->started,
    };

    scan_progress_show(&progress->pace, &shown);
}

static void on_time(void *arg)
{
    struct domains_progress *progress = arg;

    show(progress);
    loop_timer_again(progress->timer, loop_now(progress->loop) + SHOWN_EVERY_MS);
}

static int progress_drop(struct domains_progress *progress)
{
    (void)progress;
    console_progress(NULL);
    return 0;
}

enum sts_status domains_progress_new(TALLOC_CTX *ctx, struct loop *loop, size_t count,
                                     int64_t timeout_ms, struct domains_progress **ret)
{
    struct domains_progress *progress = talloc_zero(ctx, struct domains_progress);
    enum sts_status status = STS_E_NOMEM;

    if (!progress)
        return STS_E_NOMEM;
    progress->loop = loop;
    progress->count = count;
    progress->started = loop_now(loop);
    progress->began = talloc_zero_array(progress, int64_t, (unsigned)count + 1);
    if (progress->began)
        status = estimate_new(progress, timeout_ms, &progress->estimate);
    if (!status)
        status =
            loop_timer_start(progress, loop, loop_now(loop), on_time, progress, &progress->timer);
    if (status) {
        talloc_free(progress);
        return status;
    }
    talloc_set_destructor(progress, progress_drop);
    *ret = progress;
    return STS_OK;
}

void domains_progress_begun(struct domains_progress *progress, size_t begun)
{
    int64_t now = loop_now(progress->loop);

    for (; progress->begun < begun; progress->begun++) {
        progress->began[progress->begun] = now;
        estimate_begin(progress->estimate, now);
    }
}

void domains_progress_ended(struct domains_progress *progress, size_t index)
{
    estimate_end(progress->estimate, progress->began[index], loop_now(progress->loop));
    progress->ended++;
}

void domains_progress_critical(struct domains_progress *progress)
{
    progress->critical++;
}
