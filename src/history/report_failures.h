/* SPDX-License-Identifier: MIT */
/* report_failures.h - the failures that a report counts, as the store keeps them. */
#ifndef HISTORY_REPORT_FAILURES_H
#define HISTORY_REPORT_FAILURES_H

#include <mtasts/report.h>

#include "store/store.h"

#define REPORT_FAILURES_MAX 1000 /* of one report by themselves; the rest by its type alone */

/* Owned by ctx, with texts of the report.  NULL: no memory. */
const struct store_failure *report_failures(TALLOC_CTX *ctx, const struct sts_report *report,
                                            size_t *ret_count);

#endif
