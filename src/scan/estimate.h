/* SPDX-License-Identifier: MIT */
/* estimate.h - when a scan will be over, judged by how long its looks take.
 *
 * The mean rate so far says little at first: quick domains end at once, and then those that hang
 * fill the places.  So this is a life table of looks: of those that reached an age, how many ended
 * at it, the ones under way included.  It gives the mean time of a look, from that and the looks
 * under way the rate at which places become free (Little's law), and when the last of them ends.
 *
 * What becomes of looks older than any that has ended is not known: they go on ending as the
 * oldest did lately, or all of them hang until the time-out.  Where these two lead to ends that are
 * far apart, there is nothing to say yet.  Pure; not for two threads. */
#ifndef SCAN_ESTIMATE_H
#define SCAN_ESTIMATE_H

#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#define ESTIMATE_UNKNOWN ((int64_t)-1)

struct estimate;

/* All times in milliseconds, on one clock that never goes back.  timeout: of one look. */
STS_MUST_USE enum sts_status estimate_new(TALLOC_CTX *ctx, int64_t timeout, struct estimate **ret);
void estimate_begin(struct estimate *estimate, int64_t now);
void estimate_end(struct estimate *estimate, int64_t began, int64_t now);
/* Until the last look ends, where so many are still to begin. */
int64_t estimate_left(const struct estimate *estimate, int64_t now, int64_t to_begin);

#endif
