/* SPDX-License-Identifier: MIT */
/* watch_interval.h - when a domain of a group is looked at again.
 *
 * Every so often; where something is wrong sooner, for a day; where it could not be looked at for
 * reasons of our own soon, and then less and less often.  Chance spreads the times, so that hosts
 * that many domains share are not looked at for all of them together. */
#ifndef APP_WATCH_INTERVAL_H
#define APP_WATCH_INTERVAL_H

#include <stdbool.h>

#include "store/schedule.h"

enum watch_outcome {
    WATCH_FINE,
    WATCH_ILL,  /* something is wrong with it */
    WATCH_BLIND /* it was no look, for reasons of our own */
};

/* every: seconds; chance: 0 to UINT32_MAX, each as likely. */
struct watch_interval {
    int64_t every;
    uint32_t chance;
};

/* What is to be written of it after a look at that time, without a verdict.  before: as it was. */
struct store_scheduled watch_interval_next(const struct watch_interval *interval,
                                           const struct store_scheduled *before,
                                           enum watch_outcome outcome, int64_t now);
/* Later than that no domain is due. */
int64_t watch_interval_latest(int64_t every, int64_t now);

#endif
