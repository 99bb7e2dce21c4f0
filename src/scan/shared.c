/* SPDX-License-Identifier: MIT */
/* shared.c - this machine's part of a scan that several share. */
#include "scan/shared.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "event/thread.h"
#include "scan/shared_parts.h"

#define PIPE_SIZE   (1 << 20) /* lines wait there while the store or the queue is asked */
#define TURN_MS     100
#define IDLE_MS     500  /* a wait for a shard while there is nothing else to do */
#define BUSY_MS     20   /* ... while there is */
#define AGAIN_MS    1000 /* until what failed is tried again */
#define LAST_WAIT_S 30   /* for the store, at the end */

/* ---- taking ---------------------------------------------------------------------------------- */

static void begin_share(struct shared *shared, struct handout *handout,
                        const struct store_shard *shard, char *names)
{
    struct share *share = share_new(shared->mem, names);

    if (!share) {
        talloc_free(names);
        talloc_free(handout); /* another will have it, and so this is a try */
        return;
    }
    share->shard = *shard;
    share->handout = talloc_steal(share, handout);
    shared->under_way += (int64_t)share->left;
    STAILQ_INSERT_TAIL(&shared->shares, share, link);
    shared->pending = names;
    shared->written = 0;
}

static void take_handout(struct shared *shared, struct handout *handout)
{
    struct store_shard shard = {.scan = handout->scan, .number = handout->shard};
    enum store_shard_begun begun;
    char *names;

    if (!shared_stored(shared, store_shard_begin(shared->store, shared->mem, &shard,
                                                 shared->config.worker, &begun, &names))) {
        broker_say(handout, BROKER_BACK);
        talloc_free(handout);
    } else if (begun == STORE_SHARD_BEGUN) {
        begin_share(shared, handout, &shard, names);
    } else {
        broker_say(handout, BROKER_DONE);
        talloc_free(handout);
    }
}

static void take_more(struct shared *shared)
{
    int64_t now = clock_monotonic_ms();
    bool idle = STAILQ_EMPTY(&shared->shares);
    struct handout *handout;
    enum broker_status status;

    if (atomic_load(&shared->drains) || shared->pending || now < shared->fetch_at ||
        shared->under_way >= shared->config.room || !shared_has_store(shared))
        return;
    status = broker_fetch(shared->config.broker, shared->mem, idle ? IDLE_MS : BUSY_MS, &handout);
    (void)shared_heard(shared, status);
    if (handout)
        take_handout(shared, handout);
    else if (!idle || status != BROKER_NOTHING)
        shared->fetch_at = now + AGAIN_MS;
}

static bool attend(struct shared *shared)
{
    struct pollfd polled[] = {
        {.fd = shared->lines[0], .events = POLLIN},
        {.fd = shared->pending ? shared->names[1] : -1, .events = POLLOUT},
    };

    if (poll(polled, 2, TURN_MS) <= 0 || !polled[0].revents)
        return true;
    return shared_read(shared);
}

/* ---- the thread ------------------------------------------------------------------------------ */

/* What was looked at is worth some patience with the store. */
static void finish(struct shared *shared)
{
    int64_t until = clock_monotonic_ms() + LAST_WAIT_S * INT64_C(1000);

    shared_store_whole(shared);
    while (shared_has_whole(shared) && clock_monotonic_ms() < until) {
        (void)poll(NULL, 0, TURN_MS);
        shared_give_signs(shared);
        shared_store_whole(shared);
    }
    shared_give_back(shared);
    if (shared_has_store(shared))
        (void)shared_stored(shared, store_scan_worker_gone(shared->store, shared->config.worker));
    TALLOC_FREE(shared->store);
}

static void *shared_main(void *arg)
{
    struct shared *shared = arg;
    bool forgiven = memory_forgive(false), more = true;

    while (more) {
        shared_give_signs(shared);
        shared_sweep(shared);
        take_more(shared);
        shared_feed(shared);
        more = attend(shared);
        shared_store_whole(shared);
    }
    finish(shared);
    memory_forgive(forgiven);
    return NULL;
}

/* ---- for the caller's thread ----------------------------------------------------------------- */

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static int shared_drop(struct shared *shared)
{
    for (int i = 0; i < 2; i++) {
        close_end(&shared->names[i]);
        close_end(&shared->lines[i]);
    }
    talloc_free(shared->mem);
    return 0;
}

enum sts_status shared_new(TALLOC_CTX *ctx, const struct shared_config *config, struct shared **ret)
{
    struct shared *shared = talloc_zero(ctx, struct shared);

    if (!shared)
        return STS_E_NOMEM;
    *shared = (struct shared){
        .config = *config, .mem = talloc_new(NULL), .names = {-1, -1}, .lines = {-1, -1}};
    talloc_set_destructor(shared, shared_drop);
    STAILQ_INIT(&shared->shares);
    shared->open = talloc_array(shared->mem, struct store_shard, SWEEP_MOST);
    if (!shared->mem || !shared->open || pipe2(shared->names, O_CLOEXEC) ||
        pipe2(shared->lines, O_CLOEXEC) || fcntl(shared->names[1], F_SETFL, O_NONBLOCK) ||
        fcntl(shared->lines[0], F_SETFL, O_NONBLOCK)) {
        talloc_free(shared);
        return STS_E_NOMEM;
    }
    (void)fcntl(shared->lines[1], F_SETPIPE_SZ, PIPE_SIZE); /* else as large as it is */
    *ret = shared;
    return STS_OK;
}

int shared_in(const struct shared *shared)
{
    return shared->names[0];
}

int shared_out(const struct shared *shared)
{
    return shared->lines[1];
}

bool shared_start(struct shared *shared)
{
    shared->started = thread_start(&shared->thread, shared_main, shared);
    return shared->started;
}

void shared_drain(struct shared *shared)
{
    atomic_store(&shared->drains, true);
}

void shared_end(struct shared *shared, struct shared_summary *ret)
{
    shared_drain(shared);
    close_end(&shared->lines[1]);
    if (shared->started)
        pthread_join(shared->thread, NULL);
    *ret = shared->summary;
}
