/* SPDX-License-Identifier: MIT */
/* looking.h - which domains have something new in the log, and how far it was looked through;
 * private to alerts/. */
#ifndef ALERTS_LOOKING_H
#define ALERTS_LOOKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mtasts/status.h>

struct store;

/* What is found to do; read beside the loop. */
struct looking {
    int64_t now;
    bool known; /* else begin at the end of the log, and with a sweep */
    int64_t checks, reports;
    char *sweep; /* behind this domain; NULL: no sweep is under way */
    bool swept;  /* it came to its end */
    bool joined; /* it goes through those that have joined */
    /* When the sweep through all domains began; before we know where we are: the last one that came
     * to its end. */
    int64_t sweep_began;
    int64_t owned;
    char **domains;
    size_t domain_count;
    bool more, no_memory;
};

/* For store/readers.h and store/writer.h: data is a struct looking.  How far it is is written when
 * all its domains are evaluated. */
STS_MUST_USE enum sts_status looking_read(struct store *store, void *data);
STS_MUST_USE enum sts_status looking_write(struct store *store, void *data);
/* A sweep through all domains came to its end. */
bool looking_all_swept(const struct looking *looking);

#endif
