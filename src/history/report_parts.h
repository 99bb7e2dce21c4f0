/* SPDX-License-Identifier: MIT */
/* report_parts.h - what a report says, as the store keeps it to be counted: its policies and the
 * failures under them. */
#ifndef HISTORY_REPORT_PARTS_H
#define HISTORY_REPORT_PARTS_H

#include <mtasts/report.h>

#include "store/rollups.h"

#define REPORT_FAILURES_MAX    1000  /* of one report by themselves; the rest by its type alone */
#define REPORT_POLICY_TEXT_MAX 16384 /* bytes of a policy's lines, and of its MX hosts */

/* Owned by ctx, with texts of the report.  STS_E_NOMEM. */
STS_MUST_USE enum sts_status report_parts(TALLOC_CTX *ctx, const struct sts_report *report,
                                          struct store_report_parts *ret);

#endif
