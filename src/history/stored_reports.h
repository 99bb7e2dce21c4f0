/* SPDX-License-Identifier: MIT */
/* stored_reports.h - reports on their way into the store, and out of it again as those out of files
 * are. */
#ifndef HISTORY_STORED_REPORTS_H
#define HISTORY_STORED_REPORTS_H

#include "history/report_filter.h"
#include "intake/intake.h"
#include "store/sight.h"

/* A report as it was read, its text in the source (PARSER_TEXT).  Copies and revisions are told
 * apart as `report` does it. */
STS_MUST_USE enum sts_status stored_report_put(struct store *store, const struct sts_report *report,
                                               const struct intake_source *source,
                                               int64_t received_at, enum store_added *ret_added);

/* The same of somebody who may count it for the domains that they see only, in part (store.h); with
 * NULL for all. */
STS_MUST_USE enum sts_status stored_report_put_seen(
    struct store *store, const struct sts_report *report, const struct intake_source *source,
    int64_t received_at, const struct store_sight *sight, enum store_added *ret_added);

/* All reports that the filter may take (the sink looks once more), made from their texts again, in
 * the order in which they were read at first.  With `aligned` those that DKIM did not find signed
 * by the domain that reports are rejected. */
STS_MUST_USE enum sts_status stored_reports_read(struct store *store,
                                                 const struct report_filter *filter, bool aligned,
                                                 const struct intake_sink *sink,
                                                 struct intake_result *result);

#endif
