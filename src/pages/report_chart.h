/* SPDX-License-Identifier: MIT */
/* report_chart.h - the drawing of what gathered reports count. */
#ifndef PAGES_REPORT_CHART_H
#define PAGES_REPORT_CHART_H

#include <talloc.h>

#include <mtasts/status.h>

#include "pages/chart.h"
#include "reports/reports.h"

#define REPORT_CHART_DAYS 120 /* of more, weeks are drawn */

/* The days from the first to the last that a report is of, the newest where they are too many; a
 * day that none is of is not `reported`.  Without such a day there are no spans.  What it points to
 * is owned by ctx; id, title and description are left to the caller. */
STS_MUST_USE enum sts_status report_chart(TALLOC_CTX *ctx, const struct tally *tally,
                                          struct chart *ret);

#endif
