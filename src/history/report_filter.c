/* SPDX-License-Identifier: MIT */
/* report_filter.c - which reports are asked for. */
#include "history/report_filter.h"

#include "sts/report.h"

struct report_filter report_filter_none(void)
{
    return (struct report_filter){.since = INT64_MIN, .until = INT64_MAX};
}

static bool is_in_time(const struct report_filter *filter, const struct sts_report *report,
                       int64_t mailed)
{
    int64_t begin, end;

    if (filter->since == INT64_MIN && filter->until == INT64_MAX)
        return true;
    if (!sts_report_range(report, &begin, &end)) {
        if (!mailed)
            return false;
        begin = end = mailed;
    }
    /* Some senders end a day with the first second of the next one. */
    return begin < filter->until && (end > filter->since || begin >= filter->since);
}

static bool is_on_domain(const char *domain, const struct sts_report *report)
{
    size_t count;
    const struct sts_report_policy *policies = sts_report_policies(report, &count);

    for (size_t i = 0; i < count; i++)
        if (report_is_on(&policies[i], domain))
            return true;
    return false;
}

bool report_filter_takes(const struct report_filter *filter, const struct sts_report *report,
                         int64_t mailed)
{
    return is_in_time(filter, report, mailed) &&
           (!*filter->domain || is_on_domain(filter->domain, report));
}

bool report_filter_lacks_date(const struct report_filter *filter, const struct sts_report *report,
                              int64_t mailed)
{
    int64_t begin, end;

    return !mailed && !sts_report_range(report, &begin, &end) &&
           (!*filter->domain || is_on_domain(filter->domain, report));
}
