/* SPDX-License-Identifier: MIT */
/* fetch.h - one HTTP request of a look, to one address; private to probe/. */
#ifndef PROBE_FETCH_H
#define PROBE_FETCH_H

#include <stdbool.h>
#include <stdint.h>

#include <mtasts/status.h>

#include "facts/facts.h"
#include "net/https.h"

struct probe;

struct fetch_request {
    struct https_request https; /* its texts outlive the look; the last four members are set here */
    int64_t patience_ms;        /* 0: as long as the look has */
    bool background;            /* nothing else waits for it */
    struct https_fetch **fetch; /* where all that was seen goes, if it was begun */
    enum sts_status (*then)(void *arg); /* what follows; NULL: nothing */
    void *arg;
};
STS_MUST_USE enum sts_status fetch_start(struct probe *probe, const struct fetch_request *request);

#endif
