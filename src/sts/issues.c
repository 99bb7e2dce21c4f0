/* SPDX-License-Identifier: MIT */
/* issues.c - collecting issues. */
#include "sts/issues.h"

static enum issue_effect effect_of(enum sts_issue_code code)
{
    switch (code) {
    case STS_ISSUE_RECORD_DUPLICATE_FIELD:
    case STS_ISSUE_RECORD_VERSION_SPACING:
    case STS_ISSUE_TLSRPT_VERSION_SPACING:
    case STS_ISSUE_POLICY_DUPLICATE_FIELD:
    case STS_ISSUE_POLICY_EXTENSION_UNKNOWN:
    case STS_ISSUE_POLICY_MX_MISSING_IN_NONE:
        return EFFECT_NOTE;
    case STS_ISSUE_RECORD_TRAILING_SPACE:
    case STS_ISSUE_POLICY_BLANK_LINE:
    case STS_ISSUE_POLICY_SPACING:
    case STS_ISSUE_POLICY_EXTENSION_INVALID:
    case STS_ISSUE_TLSRPT_RUA_INVALID: /* one good address is enough */
        return EFFECT_TOLERATED;
    default:
        return EFFECT_FATAL;
    }
}

/* Room for one more, in doubling steps. */
static bool array_grow(struct issues *issues)
{
    size_t capacity = issues->list ? talloc_array_length(issues->list) : 0;
    struct sts_issue *list;

    if (issues->count < capacity)
        return true;
    list = talloc_realloc(issues->ctx, issues->list, struct sts_issue, capacity ? capacity * 2 : 8);
    if (!list) {
        issues->no_memory = true;
        return false;
    }
    issues->list = list;
    return true;
}

static void judge(struct issues *issues, enum issue_effect effect)
{
    if (effect >= EFFECT_TOLERATED)
        issues->invalid = true;
    if (effect == EFFECT_FATAL)
        issues->unusable = true;
}

void issues_count(struct issues *issues, enum sts_issue_code code)
{
    judge(issues, effect_of(code));
}

void issues_add_as(struct issues *issues, struct sts_issue issue, enum issue_effect effect)
{
    judge(issues, effect);
    if (issues->count >= (effect == EFFECT_FATAL ? ISSUES_MAX : ISSUES_MAX_MINOR))
        return;
    if (array_grow(issues))
        issues->list[issues->count++] = issue;
}

void issues_add(struct issues *issues, struct sts_issue issue)
{
    issues_add_as(issues, issue, effect_of(issue.code));
}
