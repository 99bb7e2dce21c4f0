/* SPDX-License-Identifier: MIT */
/* stored_report_policies.c - the policies of one report, as its page lists them. */
#include "pages/reports.h"
#include "serve/stored_reports_parts.h"

#define POLICIES_SHOWN 100
#define TEXTS_SHOWN    50 /* of one policy */

/* NULL: there are none. */
static const char *joined(TALLOC_CTX *ctx, const char *const *texts, size_t count,
                          const char *between)
{
    size_t shown = count < TEXTS_SHOWN ? count : TEXTS_SHOWN;
    char *all = count ? talloc_strdup(ctx, "") : NULL;

    for (size_t i = 0; all && i < shown; i++)
        all = talloc_asprintf_append_buffer(all, "%s%s", i ? between : "", texts[i]);
    return all && shown < count ? talloc_asprintf_append_buffer(all, "%s...", between) : all;
}

/* "certificate-expired (mx1.example.com): 5", a line each; NULL: there are none. */
static const char *failures_of(TALLOC_CTX *ctx, const struct sts_report_policy *policy)
{
    size_t count = policy->detail_count, shown = count < TEXTS_SHOWN ? count : TEXTS_SHOWN;
    char *all = count ? talloc_strdup(ctx, "") : NULL;

    for (size_t i = 0; all && i < shown; i++) {
        const struct sts_report_detail *one = &policy->details[i];

        all = talloc_asprintf_append_buffer(all, "%s%s%s%s%s: %lld", i ? "\n" : "",
                                            one->result_type ? one->result_type : "?",
                                            one->mx ? " (" : "", one->mx ? one->mx : "",
                                            one->mx ? ")" : "", (long long)one->sessions);
    }
    return all && shown < count ? talloc_asprintf_append_buffer(all, "\n...") : all;
}

static const struct report_policy_row *policies_of(TALLOC_CTX *ctx, const struct report_seen *seen,
                                                   size_t count)
{
    struct report_policy_row *rows =
        talloc_zero_array(ctx, struct report_policy_row, (unsigned)count + 1);

    for (size_t i = 0; rows && i < count; i++) {
        const struct sts_report_policy *policy = seen->policies[i];

        rows[i] = (struct report_policy_row){
            .domain = policy->recipient,
            .type = policy->type,
            .strings = joined(rows, policy->strings, policy->string_count, "\n"),
            .mx = joined(rows, policy->mx, policy->mx_count, "\n"),
            .failures = failures_of(rows, policy),
            .successful = policy->successful,
            .failed = policy->failed};
    }
    return rows;
}

void stored_report_policies(TALLOC_CTX *ctx, struct report_page_model *page,
                            const struct report_seen *seen)
{
    size_t count = seen->policy_count < POLICIES_SHOWN ? seen->policy_count : POLICIES_SHOWN;

    page->policies = policies_of(ctx, seen, count);
    page->policy_count = page->policies ? count : 0;
    page->more_policies = (int64_t)(seen->policy_count - count);
}
