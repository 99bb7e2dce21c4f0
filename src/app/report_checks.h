/* SPDX-License-Identifier: MIT */
/* report_checks.h - checks of the domains that reports are about, to be judged beside them. */
#ifndef APP_REPORT_CHECKS_H
#define APP_REPORT_CHECKS_H

#include <talloc.h>

#include "reports/reports.h"
#include "rules/failures_now.h"
#include "rules/rules.h"

#define REPORT_CHECKS_MAX 1000 /* domains that reports may name and that are looked at */

/* Begins as zero; all is owned by the ctx of report_checks_add(). */
struct report_checks {
    const struct diagnosis **list;
    size_t count;
};

/* The domains of the reports that are names, in the order of reading.  Strangers chose them: they
 * are looked at with net_options.public_only.  The list is owned by ctx, the names are not. */
STS_MUST_USE enum sts_status report_checks_names(TALLOC_CTX *ctx, const struct tally *tally,
                                                 const char ***ret, size_t *ret_count);
/* Of these, those with failures, the most failed sessions first, and at most so many; `left` are
 * left out. */
struct report_checks_failing {
    const char **names; /* owned by ctx; A-labels */
    size_t count, left;
};
STS_MUST_USE enum sts_status report_checks_failing(TALLOC_CTX *ctx, const struct tally *tally,
                                                   size_t most, struct report_checks_failing *ret);
/* Judge a domain by its facts, which are copied. */
STS_MUST_USE enum sts_status report_checks_add(TALLOC_CTX *ctx, struct report_checks *checks,
                                               const struct facts *facts, int64_t now);
struct gathered;
/* The failures of what was gathered, each beside what these checks see of it.  Owned by ctx. */
STS_MUST_USE enum sts_status report_checks_now(TALLOC_CTX *ctx, const struct gathered *gathered,
                                               const struct report_checks *checks, int64_t now,
                                               struct failures_now *ret);

#endif
