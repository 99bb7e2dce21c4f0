/* SPDX-License-Identifier: MIT */
/* shared_sweep.c - the queue compared with the store, which has the truth. */
#include "base/clock.h"
#include "scan/shared_parts.h"

#define SWEEP_S 5 /* between two comparisons, by whatever worker */

static bool note_open(void *arg, const struct store_shard *shard)
{
    struct shared *shared = arg;

    shared->open[shared->open_count++] = *shard;
    return shared->open_count < SWEEP_MOST;
}

/* Publishes what the queue may have lost; it refuses what it has.  The next goes on behind. */
static void sweep_from(struct shared *shared, struct store_shard place)
{
    bool last;

    shared->open_count = 0;
    if (!shared_stored(shared, store_shards_open(shared->store, &place, SWEEP_MOST, SHARED_ALIVE_S,
                                                 note_open, shared)))
        return;
    last = shared->open_count < SWEEP_MOST;
    for (size_t i = 0; i < shared->open_count; i++) {
        const struct store_shard *shard = &shared->open[i];
        enum broker_status status =
            broker_publish(shared->config.broker, shard->scan, shard->number, false);

        if (!shared_heard(shared, status))
            return;
        place = *shard;
    }
    if (last)
        place = (struct store_shard){0};
    (void)shared_stored(shared, store_scan_swept(shared->store, &place));
}

void shared_sweep(struct shared *shared)
{
    int64_t now = clock_monotonic_ms();
    struct store_shard place = {0};
    bool due = false;

    if (now < shared->sweep_at || atomic_load(&shared->drains))
        return;
    shared->sweep_at = now + SWEEP_S * INT64_C(1000);
    if (!shared_heard(shared, broker_mend(shared->config.broker)) || !shared_has_store(shared))
        return;
    if (shared_stored(shared, store_scan_sweep(shared->store, SWEEP_S, &due, &place)) && due)
        sweep_from(shared, place);
}
