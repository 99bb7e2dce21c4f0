/* SPDX-License-Identifier: MIT */
/* cause.c - finds the row of cause_rows.c that fits a failure. */
#include "rules/cause.h"

#include <stdio.h>
#include <string.h>

#include <mtasts/match.h>

#include "base/bytes.h"

const char *cause_fault_name(enum cause_fault fault)
{
    static const char *const names[] = {
#define X(symbol, name) [CAUSE_FAULT_##symbol] = (name),
        CAUSE_FAULTS(X)
#undef X
    };

    return names[fault];
}

static bool has(const char *text, const char *piece)
{
    return bytes_find_nocase(bytes_of(text), piece) >= 0;
}

static bool matches(struct bytes text, const char *host)
{
    char pattern[STS_NAME_SIZE];

    snprintf(pattern, sizeof(pattern), "%.*s", (int)text.length, text.data);
    return text.length < sizeof(pattern) && sts_name_match(pattern, host);
}

/* The patterns of the policy as the sender knew it: of the mx-host, else of the policy-string. */
enum cause_cover cause_cover(const struct tally_failure *failure)
{
    const struct sts_report_policy *policy = failure->policy;
    size_t patterns = policy->mx_count;

    if (!*failure->mx || strcmp(failure->policy_type, "sts") != 0)
        return COVER_UNKNOWN;
    for (size_t i = 0; i < policy->mx_count; i++)
        if (sts_name_match(policy->mx[i], failure->mx))
            return COVER_YES;
    for (size_t i = 0; i < policy->string_count; i++) {
        struct bytes line = bytes_trim(bytes_of(policy->strings[i]));

        if (!bytes_begin_nocase(line, "mx:"))
            continue;
        patterns++;
        if (matches(bytes_trim(bytes_from(line, 3)), failure->mx))
            return COVER_YES;
    }
    return patterns ? COVER_NO : COVER_UNKNOWN;
}

static bool host_fits(enum cause_host host, const struct tally_failure *failure)
{
    switch (host) {
    case CAUSE_WITH_HOST:
        return *failure->mx;
    case CAUSE_WITHOUT_HOST:
        return !*failure->mx;
    case CAUSE_HOST_UNCOVERED:
        return cause_cover(failure) == COVER_NO;
    case CAUSE_HOST_COVERED:
        return cause_cover(failure) == COVER_YES;
    case CAUSE_UNDER_TLSA:
        return !strcmp(failure->policy_type, "tlsa");
    default:
        return true;
    }
}

static bool fits(const struct cause *cause, const struct tally_failure *failure)
{
    return (!cause->result_type || !strcmp(cause->result_type, failure->result_type)) &&
           (!cause->sender || has(failure->sender, cause->sender)) &&
           (!cause->reason || has(failure->reason, cause->reason) ||
            has(failure->info, cause->reason)) &&
           host_fits(cause->host, failure);
}

const struct cause *cause_of(const struct tally_failure *failure)
{
    const struct cause *cause = cause_rows;

    while (!fits(cause, failure))
        cause++;
    return cause;
}
