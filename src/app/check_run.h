/* SPDX-License-Identifier: MIT */
/* check_run.h - one check that somebody asked a service for, as others see it. */
#ifndef APP_CHECK_RUN_H
#define APP_CHECK_RUN_H

#include <mtasts/match.h>

#include "facts/look_progress.h"
#include "rules/rules.h"

#define CHECK_ID_SIZE 33 /* 128 bits in hexadecimal, and a NUL */

enum check_state {
    CHECK_QUEUED,
    CHECK_RUNNING,
    CHECK_DONE,
    CHECK_CANCELLED, /* by the last who wanted it, by our own end, or for want of memory */
};

struct check_run {
    char id[CHECK_ID_SIZE];
    char domain[STS_NAME_SIZE];
    enum check_state state;
    size_t place;     /* QUEUED: 1 is the next */
    int64_t asked_at; /* seconds, UTC */
    /* RUNNING: of what is known so far; NULL: nothing yet.  DONE: of all. */
    const struct diagnosis *diagnosis;
    size_t host_count; /* MX hosts that are known to exist */
    /* In the order in which they happened; those of DONE are all there are. */
    const struct look_event *events;
    size_t event_count;
    bool kept; /* an owner asked for it: it belongs to the history of the domain */
};

#endif
