/* SPDX-License-Identifier: MIT */
/* plan_options.c - what the options say about the next steps of a domain. */
#include "cmd/plan_options.h"

#include <mtasts/match.h>

#include "base/i18n.h"
#include "base/time_span.h"
#include "cmd/console.h"

static int read_since(const struct options *options, int64_t *ret)
{
    int64_t now = options_now(options);

    *ret = 0;
    if (!options->since || time_span_begin(options->since, now, ret))
        return 0;
    return console_usage(_("--since %s: expected a date such as 2026-11-23"), options->since);
}

static int read_hosts(TALLOC_CTX *ctx, const struct options *options, struct plan_wish *wish)
{
    const char **hosts = talloc_zero_array(ctx, const char *, (unsigned)options->new_mx_count + 1);

    for (size_t i = 0; hosts && i < options->new_mx_count; i++) {
        char name[STS_NAME_SIZE];

        if (sts_name_from_user(options->new_mx[i], name) != STS_OK)
            return console_usage(_("--new-mx %s: not a host name"), options->new_mx[i]);
        hosts[i] = talloc_strdup(hosts, name);
        if (!hosts[i])
            return console_no_memory();
    }
    wish->new_mx = hosts;
    wish->new_mx_count = options->new_mx_count;
    return hosts ? 0 : console_no_memory();
}

int plan_options_read(TALLOC_CTX *ctx, const struct options *options, struct advise_request *ret)
{
    int status;

    ret->wish.nsupdate = options->apply_dns != NULL;
    ret->at_now = options->now != NOW_UNSET;
    ret->now = options->now;
    ret->max_age_told = options->max_age_before;
    status = read_since(options, &ret->since_told);
    return status ? status : read_hosts(ctx, options, &ret->wish);
}
