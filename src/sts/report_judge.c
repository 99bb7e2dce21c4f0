/* SPDX-License-Identifier: MIT */
/* report_judge.c - counts that a sender left out, and counts and times that disagree. */
#include "sts/report.h"

#include <stdio.h>
#include <string.h>

#include "base/ascii.h"

#define DAY 86400

static void note_policy(struct sts_report *report, enum sts_deviation code, size_t index)
{
    char path[48];

    snprintf(path, sizeof(path), "policies[%zu]", index);
    report_note(report, code, path, (struct bytes){0});
}

/* Sum of the counts that stand there; *ret_missing counts those that do not. */
static int64_t sum_of(const struct sts_report_policy *policy, size_t *ret_missing)
{
    int64_t sum = 0;

    *ret_missing = 0;
    for (size_t i = 0; i < policy->detail_count; i++) {
        if (policy->details[i].sessions == STS_REPORT_UNKNOWN)
            (*ret_missing)++;
        else
            sum = report_sum(sum, policy->details[i].sessions);
    }
    return sum;
}

/* A failure without a count is one session at least; one alone is what the others leave over. */
static int64_t derive_details(struct sts_report *report, struct sts_report_policy *policy,
                              size_t index)
{
    struct sts_report_detail *details = (struct sts_report_detail *)(uintptr_t)policy->details;
    size_t missing;
    int64_t sum = sum_of(policy, &missing), share = 1;

    if (!missing)
        return sum;
    note_policy(report, STS_DEVIATION_COUNT_DERIVED, index);
    if (missing == 1 && policy->stated_failed > sum)
        share = policy->stated_failed - sum;
    for (size_t i = 0; i < policy->detail_count; i++)
        if (details[i].sessions == STS_REPORT_UNKNOWN) {
            details[i].sessions = share;
            sum = report_sum(sum, share);
        }
    return sum;
}

static void judge_policy(struct sts_report *report, struct sts_report_policy *policy, size_t index)
{
    int64_t sum = derive_details(report, policy, index);

    policy->successful = policy->stated_successful < 0 ? 0 : policy->stated_successful;
    if (policy->stated_failed == STS_REPORT_UNKNOWN) {
        policy->failed = sum;
        if (sum)
            note_policy(report, STS_DEVIATION_COUNT_DERIVED, index);
        return;
    }
    policy->failed = policy->stated_failed;
    /* More than that is legal: a session may fail in several ways (RFC 8460 section 4.3). */
    if (sum < policy->failed)
        note_policy(report,
                    policy->detail_count ? STS_DEVIATION_COUNT_UNEXPLAINED
                                         : STS_DEVIATION_DETAILS_MISSING,
                    index);
}

static void judge_range(struct sts_report *report)
{
    int64_t swap = report->begin;

    if (!report->begin_known || !report->end_known)
        return;
    if (report->end < report->begin) {
        report_note(report, STS_DEVIATION_RANGE_REVERSED, "date-range", (struct bytes){0});
        report->begin = report->end;
        report->end = swap;
    }
    if (report->end - report->begin > 2 * (int64_t)DAY)
        report_note(report, STS_DEVIATION_RANGE_LONG, "date-range", (struct bytes){0});
    if (report->begin % DAY)
        report_note(report, STS_DEVIATION_RANGE_OFF_DAY, "date-range", (struct bytes){0});
}

static const char *lower(struct sts_report *report, const char *text)
{
    char *copy = talloc_strdup(report, text);

    if (!copy) {
        report->no_memory = true;
        return "";
    }
    for (char *c = copy; *c; c++)
        *c = ascii_lower(*c);
    return copy;
}

void report_judge(struct sts_report *report)
{
    for (size_t i = 0; i < report->policy_count; i++)
        judge_policy(report, &report->policies[i], i);
    judge_range(report);
    if (report->organization)
        report->sender = lower(report, report->organization);
}
