/* SPDX-License-Identifier: MIT */
/* domain_series.h - a series summed by what it is split by; private to render/. */
#ifndef RENDER_DOMAIN_SERIES_H
#define RENDER_DOMAIN_SERIES_H

#include "history/report_series.h"

struct series_row {
    const char *name; /* first: the members below joined */
    int64_t day;
    const char *sender, *mx, *result_type; /* NULL where it is not split by it */
    int64_t successful, failed;
};

/* Sessions by day, and by sender where it is split by that; struct series_row, by day.  Owned by
 * ctx; *ret_count 0 without memory. */
const struct series_row **series_sessions_split(TALLOC_CTX *ctx, const struct report_series *series,
                                                unsigned split, size_t *ret_count);
/* Failures alone, likewise. */
const struct series_row **series_failures_split(TALLOC_CTX *ctx, const struct report_series *series,
                                                unsigned split, size_t *ret_count);

#endif
