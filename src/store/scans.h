/* SPDX-License-Identifier: MIT */
/* scans.h - scans that several machines share: what there is to do, what is done, and by whom.
 *
 * A scan is cut into shards.  A queue hands them out; it may lose them, hand one out twice, or
 * take a worker for dead that sleeps.  The truth is here: each time a shard is begun its attempt
 * is another number, results are accepted with the newest one only, and in the same batch it is
 * done.  So each domain has one result, whatever the queue does. */
#ifndef STORE_SCANS_H
#define STORE_SCANS_H

#include "store/store.h"

#define STORE_SHARD_TRIES 5 /* so often it is begun and not done; then it is set aside */

struct store_scan {
    int64_t id;
    const char *name;
    struct bytes content; /* the hash of its list */
    int64_t created;
    bool cancelled;
    int64_t domains, unusable, shards;
};

enum store_scan_added {
    STORE_SCAN_NEW,
    STORE_SCAN_SAME, /* it was there, of the same list */
    STORE_SCAN_OTHER /* one of that name was there, of another list */
};
/* In a batch, in which its shards and the lines of what cannot be looked at follow if it is new.
 * *ret_id: of NEW and SAME. */
STS_MUST_USE enum sts_status store_scan_add(struct store *store, const struct store_scan *scan,
                                            enum store_scan_added *ret, int64_t *ret_id);
/* names: each with a line end behind it */
STS_MUST_USE enum sts_status store_scan_add_shard(struct store *store, int64_t scan, int64_t number,
                                                  const char *names, int64_t domains);

/* A line of results; of a domain there is one. */
struct store_scan_line {
    const char *domain; /* or what was given in place of one */
    const char *line;   /* without a line end */
};
STS_MUST_USE enum sts_status store_scan_add_lines(struct store *store, int64_t scan,
                                                  const struct store_scan_line *lines,
                                                  size_t count);

typedef bool (*store_scan_fn)(void *arg, const struct store_scan *scan);
/* The one, if it is there. */
STS_MUST_USE enum sts_status store_scan_named(struct store *store, const char *name,
                                              store_scan_fn fn, void *arg);
/* Those after a number, the oldest first. */
STS_MUST_USE enum sts_status store_scans(struct store *store, int64_t after, size_t limit,
                                         store_scan_fn fn, void *arg);
/* No shard of it begins any more. */
STS_MUST_USE enum sts_status store_scan_cancel(struct store *store, int64_t scan);
/* It goes on, with the shards that were set aside. */
STS_MUST_USE enum sts_status store_scan_resume(struct store *store, int64_t scan);

/* ---- a shard is worked on -------------------------------------------------------------------- */

enum store_shard_begun {
    STORE_SHARD_BEGUN,
    STORE_SHARD_OVER,  /* done, set aside, of a scan that was cancelled, or unknown */
    STORE_SHARD_ASIDE, /* it failed too often, and is set aside now */
};

struct store_shard {
    int64_t scan, number;
    int64_t attempt; /* set by store_shard_begin() */
};

/* *ret_names, of BEGUN: owned by ctx. */
STS_MUST_USE enum sts_status store_shard_begin(struct store *store, TALLOC_CTX *ctx,
                                               struct store_shard *shard, const char *worker,
                                               enum store_shard_begun *ret, char **ret_names);
/* Its results, and that it is done: one batch.  To be repeated where it is not known whether it
 * was kept.  *ret_done: false: somebody else began it meanwhile, and nothing is kept. */
STS_MUST_USE enum sts_status store_shard_done(struct store *store, const struct store_shard *shard,
                                              const struct store_scan_line *lines, size_t count,
                                              bool *ret_done);
/* Who began it gives it back.  reason NULL: nothing is wrong with it, and that was no try. */
STS_MUST_USE enum sts_status store_shard_back(struct store *store, const struct store_shard *shard,
                                              const char *reason);

/* ---- workers and the sweeper ----------------------------------------------------------------- */

/* A sign of life, after so many domains. */
STS_MUST_USE enum sts_status store_scan_worker(struct store *store, const char *name,
                                               int64_t domains);
STS_MUST_USE enum sts_status store_scan_worker_gone(struct store *store, const char *name);
/* Seconds ago, by the clock of the database. */
typedef bool (*store_scan_worker_fn)(void *arg, const char *name, int64_t seen_ago,
                                     int64_t began_ago, int64_t domains);
STS_MUST_USE enum sts_status store_scan_workers(struct store *store, size_t limit,
                                                store_scan_worker_fn fn, void *arg);

/* Is the queue to be compared with what is here, by us?  At most once in so many seconds by any of
 * all workers.  Then *ret is where the last one stopped. */
STS_MUST_USE enum sts_status store_scan_sweep(struct store *store, int64_t every, bool *ret_due,
                                              struct store_shard *ret);
STS_MUST_USE enum sts_status store_scan_swept(struct store *store, const struct store_shard *place);
typedef bool (*store_shard_fn)(void *arg, const struct store_shard *shard);
/* What is to be done and in nobody's hands who was heard of in so many seconds, behind a place. */
STS_MUST_USE enum sts_status store_shards_open(struct store *store, const struct store_shard *after,
                                               size_t limit, int64_t alive, store_shard_fn fn,
                                               void *arg);

/* ---- how far it is --------------------------------------------------------------------------- */

struct store_scan_counts {
    int64_t done, aside, running; /* shards */
    int64_t domains;              /* of those that are done */
    int64_t lately;               /* domains done in the last `period` seconds */
};
STS_MUST_USE enum sts_status store_scan_count(struct store *store, int64_t scan, int64_t period,
                                              int64_t alive, struct store_scan_counts *ret);
typedef bool (*store_shard_aside_fn)(void *arg, int64_t number, int64_t tries, const char *reason);
STS_MUST_USE enum sts_status store_shards_aside(struct store *store, int64_t scan, size_t limit,
                                                store_shard_aside_fn fn, void *arg);
typedef bool (*store_scan_line_fn)(void *arg, const struct store_scan_line *line);
/* By name, behind one ("": from the first). */
STS_MUST_USE enum sts_status store_scan_results(struct store *store, int64_t scan,
                                                const char *after, size_t limit,
                                                store_scan_line_fn fn, void *arg);

#endif
