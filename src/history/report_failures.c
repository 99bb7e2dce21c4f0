/* SPDX-License-Identifier: MIT */
/* report_failures.c - the failures that a report counts. */
#include "history/report_failures.h"

#include <string.h>

#include "base/array.h"

struct gathering {
    TALLOC_CTX *ctx;
    struct store_failure *list;
    size_t count;
    bool no_memory;
};

/* Strangers' texts, as far as one may want to filter by them. */
#define TEXT_MAX 255

static const char *cut(struct gathering *gathering, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    char *copy;

    if (length <= TEXT_MAX)
        return text;
    length = TEXT_MAX;
    while (length > 0 && (text[length] & 0xc0) == 0x80) /* not in the middle of a character */
        length--;
    copy = talloc_strndup(gathering->ctx, text, length);
    gathering->no_memory |= !copy;
    return copy;
}

static bool is_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static int64_t sum(int64_t a, int64_t b)
{
    return b > INT64_MAX - a ? INT64_MAX : a + b;
}

/* Where there are too many, those of one type are one.  NULL: there is none of that type yet. */
static struct store_failure *of_type(struct gathering *gathering, const char *domain,
                                     const char *type)
{
    for (size_t i = REPORT_FAILURES_MAX; i < gathering->count; i++) {
        struct store_failure *one = &gathering->list[i];

        if (is_same(one->domain, domain) && is_same(one->type, type))
            return one;
    }
    return NULL;
}

/* Types are strangers' texts too, so that even those may be too many. */
static void add(struct gathering *gathering, const char *domain,
                const struct sts_report_detail *detail)
{
    bool full = gathering->count >= REPORT_FAILURES_MAX;
    const char *type = cut(gathering, detail->result_type);
    struct store_failure *one = full ? of_type(gathering, domain, type) : NULL;

    if (!domain || (!one && gathering->count >= REPORT_FAILURES_MAX + 100))
        return;
    if (one) {
        one->sessions = sum(one->sessions, detail->sessions);
        return;
    }
    one = array_grow(gathering->ctx, &gathering->list, &gathering->count, sizeof(*one));
    gathering->no_memory |= !one;
    if (one && full)
        *one = (struct store_failure){.domain = domain, .type = type, .sessions = detail->sessions};
    else if (one)
        *one = (struct store_failure){domain,
                                      type,
                                      cut(gathering, detail->mx),
                                      cut(gathering, detail->sending_ip),
                                      cut(gathering, detail->receiving_ip),
                                      cut(gathering, detail->reason),
                                      detail->sessions};
}

const struct store_failure *report_failures(TALLOC_CTX *ctx, const struct sts_report *report,
                                            size_t *ret_count)
{
    size_t count;
    const struct sts_report_policy *policies = sts_report_policies(report, &count);
    struct gathering gathering = {.ctx = ctx};

    for (size_t i = 0; i < count; i++) {
        const struct sts_report_policy *policy = &policies[i];
        bool both =
            policy->domain && policy->recipient && strcmp(policy->domain, policy->recipient) != 0;

        for (size_t j = 0; j < policy->detail_count; j++) {
            add(&gathering, policy->recipient, &policy->details[j]);
            if (both)
                add(&gathering, policy->domain, &policy->details[j]);
        }
    }
    if (!gathering.list)
        gathering.list = talloc_zero(ctx, struct store_failure);
    *ret_count = gathering.count;
    return gathering.no_memory ? NULL : gathering.list;
}
