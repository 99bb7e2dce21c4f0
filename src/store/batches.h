/* SPDX-License-Identifier: MIT */
/* batches.h - lists of domains that a group wants to have looked at once, and what was seen.
 *
 * A domain of a batch is taken as in schedule.h: until a time it is somebody's.  Results are
 * numbered in the order in which they were written, from 1 without gaps; one that is written again
 * stays as it is. */
#ifndef STORE_BATCHES_H
#define STORE_BATCHES_H

#include "store/store.h"

/* ---- batches --------------------------------------------------------------------------------- */

struct store_domain_batch {
    int64_t id, group; /* id: set by the store */
    const char *name, *who;
    const char *language; /* of the results: "en", "de" */
    int64_t created;
    int64_t ended; /* 0: not yet */
    bool cancelled;
    int64_t domains; /* how many there were at the beginning */
};

struct store_new_batch {
    struct store_domain_batch batch;
    const char *list;     /* the domains: a JSON array of strings */
    struct bytes repeat;  /* the hash of a key; empty: none */
    struct bytes content; /* the hash of what came */
    int64_t most;         /* so many domains of the group may wait, those of this one included */
};

enum store_batch_added {
    STORE_BATCH_NEW,
    STORE_BATCH_REPEATED, /* the same came with the same key: it is this one */
    STORE_BATCH_OTHER,    /* something else came with that key */
    STORE_BATCH_FULL      /* too many wait */
};
/* *ret_id: of NEW and REPEATED. */
STS_MUST_USE enum sts_status store_add_batch(struct store *store, const struct store_new_batch *add,
                                             enum store_batch_added *ret, int64_t *ret_id);

typedef bool (*store_batch_fn)(void *arg, const struct store_domain_batch *batch);
/* Of a group the newest first, those before a number (INT64_MAX: from the newest). */
STS_MUST_USE enum sts_status store_batches(struct store *store, int64_t group, int64_t before,
                                           size_t limit, store_batch_fn fn, void *arg);
/* The one, if it is there. */
STS_MUST_USE enum sts_status store_batch_numbered(struct store *store, int64_t id,
                                                  store_batch_fn fn, void *arg);
/* What was not looked at yet is not any more.  *ret_done: false where it had ended. */
STS_MUST_USE enum sts_status store_cancel_batch(struct store *store, int64_t id, int64_t at,
                                                bool *ret_done);

struct store_batch_counts {
    int64_t waiting, running, done;
};
/* verdict NULL for those that have none yet. */
STS_MUST_USE enum sts_status store_count_batch(struct store *store, int64_t id, int64_t now,
                                               struct store_batch_counts *ret);
typedef bool (*store_batch_verdict_fn)(void *arg, const char *verdict, int64_t domains);
STS_MUST_USE enum sts_status store_batch_verdicts(struct store *store, int64_t id,
                                                  store_batch_verdict_fn fn, void *arg);

/* ---- their domains --------------------------------------------------------------------------- */

struct store_batch_domain {
    int64_t batch, place;
    const char *domain;
    const char *language;
    int64_t tries; /* so many times it was claimed, this one included */
};
typedef bool (*store_batch_domain_fn)(void *arg, const struct store_batch_domain *domain);
/* Of the batches that have not ended, each gets its part, the oldest first. */
STS_MUST_USE enum sts_status store_claim_batch_domains(struct store *store, int64_t now,
                                                       int64_t until, size_t most,
                                                       store_batch_domain_fn fn, void *arg);
/* It is done; with the last one its batch has ended. */
STS_MUST_USE enum sts_status store_batch_result(struct store *store, int64_t batch, int64_t place,
                                                int64_t at, const char *verdict,
                                                struct bytes result);
/* It is to be looked at again, from that time on. */
STS_MUST_USE enum sts_status store_batch_again(struct store *store, int64_t batch, int64_t place,
                                               int64_t due);

/* Who claimed it until then has not looked at it, and it is due at once. */
STS_MUST_USE enum sts_status store_batch_back(struct store *store, int64_t batch, int64_t place,
                                              int64_t until, int64_t now);

typedef bool (*store_batch_result_fn)(void *arg, int64_t number, struct bytes result);
STS_MUST_USE enum sts_status store_batch_results(struct store *store, int64_t id, int64_t after,
                                                 size_t limit, store_batch_result_fn fn, void *arg);

/* Forget batches that ended before a time, some rows a call.  *ret_more: there is more. */
#define STORE_BATCH_ROWS 500
STS_MUST_USE enum sts_status store_prune_batches(struct store *store, int64_t before,
                                                 bool *ret_more);

#endif
