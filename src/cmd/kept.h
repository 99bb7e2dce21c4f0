/* SPDX-License-Identifier: MIT */
/* kept.h - reports out of the store, handed on as those out of files are. */
#ifndef CMD_KEPT_H
#define CMD_KEPT_H

#include "cmd/wanted.h"
#include "intake/intake.h"
#include "store/store.h"

/* All reports that may be wanted (the sink looks once more), made from their texts again, in the
 * order in which they were read at first.  With `aligned` those that DKIM did not
 * find signed by the domain that reports are rejected. */
STS_MUST_USE enum sts_status kept_reports(struct store *store, const struct wanted *wanted,
                                          bool aligned, const struct intake_sink *sink,
                                          struct intake_result *result);

#endif
