/* SPDX-License-Identifier: MIT */
/* scan.h - look at every domain of a list, many at a time, on several threads.
 *
 *     reader ──names──► worker, worker ... ──lines──► the caller's thread ──► out
 *
 * Each worker has a loop and everything of struct net for itself; what crosses threads are the two
 * queues, the counters of progress, and what net_common holds under its own lock.  Memory does not
 * grow with the list: names wait in a queue of fixed room, and no domain is begun while lines wait
 * to be written. */
#ifndef SCAN_SCAN_H
#define SCAN_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "net/net.h"
#include "probe/probe.h"
#include "render/json_scan.h"
#include "render/scan_line.h"
#include "scan/estimate.h"
#include "scan/seen.h"
#include "store/store.h"

#define SCAN_NOW_OBSERVED INT64_MIN

struct scan_progress {
    int64_t done, unusable, failed; /* failed: verdict critical */
    int64_t running;
    int64_t done_before;
    int64_t listed;       /* names of the list; -1: not known yet */
    bool listed_is_guess; /* by the length of the list, of which only the beginning was counted */
    int64_t left_ms;      /* until the end; ESTIMATE_UNKNOWN: nothing can be said */
    int64_t elapsed_ms;
    bool draining;
};
typedef void (*scan_progress_fn)(void *arg, const struct scan_progress *progress);

struct scan_config {
    const struct net_options *net;
    size_t threads, jobs; /* jobs: domains under way at a time, over all threads */
    int in;               /* the list; read from where it stands */
    const char *column;   /* as in list_new() */
    int out;
    enum scan_format format;
    bool with_head;            /* nothing is written there yet */
    bool save;                 /* each result into the store, too */
    const char *store;         /* as in store_open() */
    bool continued;            /* an earlier run may have stored what it could not write down: */
    int64_t since;             /* ... of a check observed at or after this time none is stored */
    const struct seen *seen;   /* NULL: nothing is done before */
    int64_t warn_days;         /* to judge by; 0: the default */
    int64_t now;               /* to judge by; SCAN_NOW_OBSERVED: the time of the observation */
    scan_progress_fn progress; /* some times a second, from the caller's thread */
    void (*store_failed)(void *arg, const struct store_fault *fault); /* once, likewise */
    void *arg;
};

enum scan_outcome {
    SCAN_DONE,
    SCAN_NO_NET,       /* *ret_why is one line */
    SCAN_NO_COLUMN,    /* the list lacks the column */
    SCAN_READ_FAILED,  /* errno tells */
    SCAN_WRITE_FAILED, /* errno tells */
    SCAN_STORE_FAILED, /* store_failed() was told */
    SCAN_NO_MEMORY,
};

/* Runs in the caller's loop to the end of the list.  Of the signals of event/signals.h the first
 * lets no domain begin any more, and the second drops those under way.  The summary is filled in
 * whatever the outcome. */
enum scan_outcome scan_run(TALLOC_CTX *ctx, struct loop *loop, const struct scan_config *config,
                           struct scan_summary *ret, char **ret_why);

#endif
