/* SPDX-License-Identifier: MIT */
/* report_rules.h - from the totals of TLS reports to findings.
 *
 * Each failure (domain, result type, MX host) is one finding with its likely cause.  Where the
 * domain was checked, it is joined with what is live: does the fault still show, which sender
 * still uses an earlier policy? */
#ifndef RULES_REPORT_RULES_H
#define RULES_REPORT_RULES_H

#include "reports/reports.h"
#include "rules/rules.h"

#define REPORT_FINDINGS_MAX 1000 /* of failures; the totals count all */

struct report_view {
    const struct tally *tally;
    int64_t now;
    enum verdict verdict;
    struct finding *findings;
    size_t finding_count;
    size_t left_out; /* failures beyond the ceiling */
};

/* checks: diagnoses of some of the domains; may be none.  All is borrowed.  STS_E_NOMEM. */
STS_MUST_USE enum sts_status judge_reports(TALLOC_CTX *ctx, const struct tally *tally,
                                           const struct diagnosis *const *checks,
                                           size_t check_count, int64_t now,
                                           struct report_view **ret);

/* What a report under a TLSA policy means for mail, whatever its result type. */
#define REPORT_MEANS_DANE                                                                          \
    N_("A sender that checks DANE does not deliver to a host that fails the check, and MTA-STS "   \
       "does not override that. Reports arrive a day late, so first check whether the fault "      \
       "still exists.")

#endif
