/* SPDX-License-Identifier: MIT */
/* tally_work.h - what those who add to the totals share; private to reports/. */
#ifndef REPORTS_TALLY_WORK_H
#define REPORTS_TALLY_WORK_H

#include "reports/reports.h"

/* One report, or those of a day, on the way into the totals. */
struct tally_entry {
    struct tally *tally;
    const char *sender, *day;
    int64_t begin, end;
    bool dated;
};

/* One of the policies that are kept. */
struct tally_used {
    const char *name;
    const struct sts_report_policy *policy;
};

/* The text itself, once for all that are the same. */
const char *tally_keep(const struct tally_entry *entry, const char *text);
/* The policy without its counts and details, kept once; NULL: no memory. */
const struct tally_used *tally_keep_policy(const struct tally_entry *entry,
                                           const struct sts_report_policy *policy);
/* The sender used it, or found none: so it is if no later report says otherwise. */
void tally_take_policy(const struct tally_entry *entry, const struct sts_report_policy *policy,
                       const struct tally_used *used);
/* NULL: no memory. */
struct tally_domain *tally_domain_of(struct tally *tally, const char *name);
/* One report more of the sender. */
struct tally_count *tally_count_sender(struct names *names, const struct tally_entry *entry,
                                       int64_t successful, int64_t failed);

#endif
