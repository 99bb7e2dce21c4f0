/* SPDX-License-Identifier: MIT */
/* issue.c - the stable names of issues and of their reasons. */
#include "mtasts/issue.h"

const char *sts_issue_name(enum sts_issue_code code)
{
    static const char *const names[] = {
#define X(symbol, name) [STS_ISSUE_##symbol] = (name),
        STS_ISSUE_CODES(X)
#undef X
    };

    return (unsigned)code < STS_ISSUE_COUNT ? names[code] : "unknown";
}

const char *sts_reason_name(enum sts_issue_reason reason)
{
    static const char *const names[] = {
#define X(symbol, name) [STS_REASON_##symbol] = (name),
        STS_ISSUE_REASONS(X)
#undef X
    };

    return (unsigned)reason < STS_REASON_COUNT ? names[reason] : "unknown";
}
