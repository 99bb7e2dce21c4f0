/* SPDX-License-Identifier: MIT */
/* filter_options.c - which reports and checks are asked for, and whose. */
#include "cmd/filter_options.h"

#include "base/i18n.h"
#include "base/pasted.h"
#include "base/time_span.h"
#include "cmd/console.h"

static int not_a_time(const char *option, const char *value)
{
    return console_usage(
        _("%s %s: expected a date (2026-11-23), a time (2026-11-23T15:00:00Z) or a "
          "period (24h, 7d, 2w)"),
        option, value);
}

int filter_options_read(const struct options *options, struct report_filter *ret)
{
    int64_t now = options_now(options);
    enum pasted_form form;

    *ret = report_filter_none();
    if (options->since && !time_span_begin(options->since, now, &ret->since))
        return not_a_time("--since", options->since);
    if (options->until && !time_span_end(options->until, now, &ret->until))
        return not_a_time("--until", options->until);
    if (ret->since >= ret->until)
        return console_usage(_("--since %s is not before --until %s"), options->since,
                             options->until);
    if (options->domain && pasted_domain(options->domain, ret->domain, &form) != STS_OK)
        return console_usage(_("\"%s\" is not a domain name"), options->domain);
    return 0;
}

const struct verify_sender_request *verify_options(const struct options *options,
                                                   struct verify_sender_request *room)
{
    *room = (struct verify_sender_request){
        .required = options->require_dkim,
        .resolvers = (const char *const *)options->resolvers,
        .resolver_count = options->resolver_count,
        .trust_anchor = options->trust_anchor,
        .wait_ms = options->timeout * 1000,
    };
    return options->dkim || options->require_dkim ? room : NULL;
}
