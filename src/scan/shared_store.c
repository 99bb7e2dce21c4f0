/* SPDX-License-Identifier: MIT */
/* shared_store.c - shards that are done on their way into the store, and signs of life. */
#include "base/clock.h"
#include "scan/shared_parts.h"

#define AGAIN_MS 1000 /* until what failed is tried again */

/* ---- what is lost ---------------------------------------------------------------------------- */

static void lose_store(struct shared *shared, const struct store_fault *fault)
{
    if (!shared->store_lost && fault && shared->config.lost)
        shared->config.lost(shared->config.arg, BROKER_OK, fault);
    shared->store_lost = true;
    TALLOC_FREE(shared->store);
    shared->store_at = clock_monotonic_ms() + AGAIN_MS;
}

bool shared_has_store(struct shared *shared)
{
    struct store_fault *fault = NULL;

    if (shared->store || clock_monotonic_ms() < shared->store_at)
        return shared->store;
    if (store_open(shared->mem, shared->config.store, STORE_WRITE, &shared->store, &fault)) {
        shared->store = NULL;
        lose_store(shared, fault);
    } else {
        shared->store_lost = false;
    }
    talloc_free(fault);
    return shared->store;
}

/* Of each verb: is the store still there? */
bool shared_stored(struct shared *shared, enum sts_status status)
{
    if (status == STS_E_IO || status == STS_E_NOMEM)
        lose_store(shared, status == STS_E_IO ? store_fault(shared->store) : NULL);
    return !status;
}

bool shared_heard(struct shared *shared, enum broker_status status)
{
    bool lost = status != BROKER_OK && status != BROKER_NOTHING;

    if (lost && !shared->queue_lost && shared->config.lost)
        shared->config.lost(shared->config.arg, status, NULL);
    shared->queue_lost = lost;
    return !lost;
}

/* ---- done ------------------------------------------------------------------------------------ */

static void drop(struct shared *shared, struct share *share)
{
    shared->under_way -= (int64_t)share->left;
    STAILQ_REMOVE(&shared->shares, share, share, link);
    talloc_free(share);
}

/* reason NULL: it was not finished. */
static void give_back(struct shared *shared, struct share *share, const char *reason)
{
    if (shared_has_store(shared))
        (void)shared_stored(shared, store_shard_back(shared->store, &share->shard, reason));
    broker_say(share->handout, BROKER_BACK);
    shared->summary.back++;
    drop(shared, share);
}

/* To a worker that was fenced the message does not belong any more: it says nothing of it. */
static void store_share(struct shared *shared, struct share *share)
{
    bool done;
    enum sts_status status =
        store_shard_done(shared->store, &share->shard, share->lines, share->count, &done);
    const struct store_fault *fault = store_fault(shared->store);

    if (!status && done) {
        broker_say(share->handout, BROKER_DONE);
        shared->summary.shards++;
        shared->summary.domains += (int64_t)share->count;
        drop(shared, share);
    } else if (!status) {
        shared->summary.fenced++;
        drop(shared, share);
    } else if (status == STS_E_IO || status == STS_E_NOMEM) {
        (void)shared_stored(shared, status); /* and then again */
    } else {
        give_back(shared, share,
                  fault && fault->detail ? fault->detail : "the store rejected the results");
    }
}

void shared_store_whole(struct shared *shared)
{
    struct share *share = STAILQ_FIRST(&shared->shares);

    while (share) {
        struct share *next = STAILQ_NEXT(share, link);

        if (!share->left && shared_has_store(shared))
            store_share(shared, share);
        share = next;
    }
}

void shared_give_back(struct shared *shared)
{
    struct share *share;

    while ((share = STAILQ_FIRST(&shared->shares))) {
        shared->summary.unsaved += !share->left;
        give_back(shared, share, NULL);
    }
}

bool shared_has_whole(const struct shared *shared)
{
    const struct share *share;

    STAILQ_FOREACH(share, &shared->shares, link)
    if (!share->left)
        return true;
    return false;
}

void shared_give_signs(struct shared *shared)
{
    int64_t now = clock_monotonic_ms();
    struct share *share;

    if (now < shared->sign_at)
        return;
    shared->sign_at = now + BROKER_SIGN_MS;
    STAILQ_FOREACH(share, &shared->shares, link)
    broker_say(share->handout, BROKER_WORKING);
    if (shared_has_store(shared))
        (void)shared_stored(shared, store_scan_worker(shared->store, shared->config.worker,
                                                      shared->summary.domains));
}
