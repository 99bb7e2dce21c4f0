/* SPDX-License-Identifier: MIT */
/* report_filter.h - which reports are asked for: of a time, on a domain. */
#ifndef HISTORY_REPORT_FILTER_H
#define HISTORY_REPORT_FILTER_H

#include <mtasts/match.h>
#include <mtasts/report.h>

struct report_filter {
    int64_t since, until;       /* INT64_MIN and INT64_MAX where not given */
    char domain[STS_NAME_SIZE]; /* "": all */
};

/* Everything. */
struct report_filter report_filter_none(void);

/* Does its range touch the time asked for, and is it on the domain?  A report without a range is
 * judged by the date of its mail (0: not known); with neither it is of no time that was asked for.
 */
bool report_filter_takes(const struct report_filter *filter, const struct sts_report *report,
                         int64_t mailed);
/* It would be taken if it had a date. */
bool report_filter_lacks_date(const struct report_filter *filter, const struct sts_report *report,
                              int64_t mailed);

#endif
