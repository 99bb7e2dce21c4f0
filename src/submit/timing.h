/* SPDX-License-Identifier: MIT */
/* timing.h - when reports are sent, and sent again.  Pure; times are seconds since 1970 UTC. */
#ifndef SUBMIT_TIMING_H
#define SUBMIT_TIMING_H

#include <stdbool.h>
#include <stdint.h>

/* When the report of a day is due: some time of the first four hours behind its end and the grace,
 * the same whenever it is asked, and evenly spread over domains. */
int64_t timing_due(const char *organization, const char *domain, int64_t day);
/* When to try again after so many failures, of which the first attempt was at `first`.  0: never,
 * its time is over. */
int64_t timing_again(int64_t first, int64_t now, int64_t failures);
/* A destination that has failed since then (0: it has not), and was last tried then: is it to be
 * left alone? */
bool timing_suppressed(int64_t failing_since, int64_t tried, int64_t now);

#endif
