/* SPDX-License-Identifier: MIT */
/* submit.h - a list on its way into the store, as a scan that several machines share. */
#ifndef SCAN_SUBMIT_H
#define SCAN_SUBMIT_H

#include "store/scans.h"

#define SUBMIT_SHARD 1000     /* domains: some minutes of a worker */
#define SUBMIT_MAX   20000000 /* names of one list, which are held in memory: two gigabytes */

enum submit_outcome {
    SUBMIT_DONE,
    SUBMIT_NO_COLUMN,   /* the list lacks the column */
    SUBMIT_READ_FAILED, /* errno tells */
    SUBMIT_TOO_LONG,
    SUBMIT_STORE_FAILED, /* its fault tells */
    SUBMIT_NO_MEMORY,
};

struct submit_request {
    int in;
    const char *column; /* as in list_new() */
    const char *name;
    int64_t shard; /* domains of one */
    int64_t now;
};

struct submitted {
    enum store_scan_added added;
    int64_t scan, domains, unusable, shards; /* the latter three of NEW */
};

enum submit_outcome submit(struct store *store, const struct submit_request *request,
                           struct submitted *ret);

#endif
