/* SPDX-License-Identifier: MIT */
/* shared_parts.h - what the thread of shared.h does in its turns; private to scan/. */
#ifndef SCAN_SHARED_PARTS_H
#define SCAN_SHARED_PARTS_H

#include <pthread.h>
#include <stdatomic.h>

#include "scan/share.h"
#include "scan/shared.h"

#define SWEEP_MOST 1000 /* shards compared at a time: some tenths of a second */

struct shared {
    struct shared_config config;
    TALLOC_CTX *mem; /* a root of its own: talloc is not for two threads */
    pthread_t thread;
    bool started;
    int names[2], lines[2]; /* pipes: the ends to read, to write */
    atomic_bool drains;
    struct store *store; /* NULL: lost */
    bool store_lost, queue_lost;
    int64_t store_at, fetch_at, sign_at, sweep_at; /* when that is due */
    STAILQ_HEAD(, share) shares;
    int64_t under_way; /* domains */
    char *pending;     /* names that the pipe had no room for, and how much of them is written */
    size_t written;
    char *text; /* of a line that is not whole */
    size_t length, size;
    struct store_shard *open; /* of a sweep */
    size_t open_count;
    struct shared_summary summary;
};

/* ---- shared_store.c -------------------------------------------------------------------------- */

/* Opens it again where it was lost, now and then. */
bool shared_has_store(struct shared *shared);
/* What each verb returned: is the store still there? */
bool shared_stored(struct shared *shared, enum sts_status status);
/* False: the queue is lost. */
bool shared_heard(struct shared *shared, enum broker_status status);
/* Those of which all lines are there go into the store. */
void shared_store_whole(struct shared *shared);
bool shared_has_whole(const struct shared *shared);
/* All that are left. */
void shared_give_back(struct shared *shared);
void shared_give_signs(struct shared *shared);

/* ---- shared_sweep.c, shared_lines.c ---------------------------------------------------------- */

void shared_sweep(struct shared *shared);
/* As many names as the pipe has room for. */
void shared_feed(struct shared *shared);
/* False: nothing more will come. */
bool shared_read(struct shared *shared);

#endif
