/* SPDX-License-Identifier: MIT */
/* wanted.c - which reports are asked for. */
#include "cmd/wanted.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/when.h"
#include "cmd/say.h"
#include "sts/report.h"

static int not_a_time(const char *option, const char *value)
{
    return say_usage(_("%s %s: expected a date (2026-11-23), a time (2026-11-23T15:00:00Z) or a "
                       "period (24h, 7d, 2w)"),
                     option, value);
}

int wanted_read(const struct options *options, struct wanted *ret)
{
    int64_t now = options->now == NOW_UNSET ? clock_now() : options->now;

    *ret = (struct wanted){.since = INT64_MIN, .until = INT64_MAX};
    if (options->since && !when_begin(options->since, now, &ret->since))
        return not_a_time("--since", options->since);
    if (options->until && !when_end(options->until, now, &ret->until))
        return not_a_time("--until", options->until);
    if (ret->since >= ret->until)
        return say_usage(_("--since %s is not before --until %s"), options->since, options->until);
    if (options->domain && sts_name_from_user(options->domain, ret->domain) != STS_OK)
        return say_usage(_("\"%s\" is not a domain name"), options->domain);
    return 0;
}

static bool is_in_time(const struct wanted *wanted, const struct sts_report *report, int64_t mailed)
{
    int64_t begin, end;

    if (wanted->since == INT64_MIN && wanted->until == INT64_MAX)
        return true;
    if (!sts_report_range(report, &begin, &end)) {
        if (!mailed)
            return false;
        begin = end = mailed;
    }
    /* Some senders end a day with the first second of the next one. */
    return begin < wanted->until && (end > wanted->since || begin >= wanted->since);
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

bool wanted_report(const struct wanted *wanted, const struct sts_report *report, int64_t mailed)
{
    return is_in_time(wanted, report, mailed) &&
           (!*wanted->domain || is_on_domain(wanted->domain, report));
}
