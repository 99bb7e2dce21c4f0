/* SPDX-License-Identifier: MIT */
/* lint.c - a text alone, as a file or on the command line. */
#include "rules/rule.h"

#include <string.h>

#include "rules/text_findings.h"
#include "vendors/senders.h"

/* What diagnose() does for a domain: a context, and the findings out of it. */
static enum sts_status lint_done(struct rules *r, struct lint *lint, struct lint **ret)
{
    providers_advise(r);
    findings_sort(r);
    lint->findings = r->findings;
    lint->finding_count = r->finding_count;
    if (r->view.no_memory) {
        talloc_free(lint);
        return STS_E_NOMEM;
    }
    *ret = lint;
    return STS_OK;
}

/* ---- policy ---------------------------------------------------------------------------------- */

static void cover(struct rules *r, struct lint *lint, const struct sts_policy *policy,
                  const char *const *mx, size_t count)
{
    lint->mx = talloc_zero_array(lint, struct lint_mx, count + 1);
    if (!lint->mx) {
        r->view.no_memory = true;
        return;
    }
    lint->mx_count = count;
    for (size_t i = 0; i < count; i++) {
        const char *pattern = NULL;
        bool covered = sts_policy_covers(policy, mx[i], &pattern);

        lint->mx[i] = (struct lint_mx){rule_text(r, "%s", mx[i]), covered,
                                       pattern ? rule_text(r, "%s", pattern) : NULL};
        if (!covered && (r->view.posture == POSTURE_ENFORCE || r->view.posture == POSTURE_TESTING))
            cover_finding(r, policy, mx[i]);
    }
}

static void judge_policy(struct rules *r, struct lint *lint, const struct sts_policy *policy,
                         const struct text_source *source, size_t mx_count)
{
    size_t count;
    const struct sts_issue *issues = sts_policy_issues(policy, &count);

    lint->valid = sts_policy_valid(policy);
    r->view.posture = POSTURE_BROKEN;
    if (sts_policy_usable(policy)) {
        lint->policy = live_policy_new(&r->view, policy, NULL);
        r->view.posture = posture_of_mode(sts_policy_mode(policy));
    }
    text_findings(r, source, issues, count);
    policy_findings(r, policy);
    portability_findings(r, policy, source);
    if (!mx_count)
        provider_pattern_findings(r, policy);
}

static void too_large(struct rules *r, size_t length)
{
    finding_add(r, FINDING_POLICY_TOO_LARGE, "policy",
                N_("The policy is larger than 64 KiB ({received|byte|bytes}); senders stop "
                   "reading there."),
                "received", rule_number(r, (int64_t)length), NULL);
}

enum sts_status lint_policy(TALLOC_CTX *ctx, const char *text, size_t length, const char *const *mx,
                            size_t mx_count, struct lint **ret)
{
    struct lint *lint = talloc_zero(ctx, struct lint);
    struct rules r = {.view = {.mem = lint, .posture = POSTURE_BROKEN}};
    struct text_source source = {NULL, text, length};
    struct sts_policy *policy = NULL;
    enum sts_status status;

    if (!lint)
        return STS_E_NOMEM;
    status = sts_policy_parse(text, length, &policy);
    if (status == STS_OK) {
        judge_policy(&r, lint, policy, &source, mx_count);
        cover(&r, lint, policy, mx, mx_count);
        if (!lint->valid)
            lint->repaired = policy_repaired(&r, text, length);
        if (lint->mx && senders_lint(lint, policy, text, length) != STS_OK)
            r.view.no_memory = true;
        sts_policy_free(policy);
    } else if (status == STS_E_LIMIT) {
        too_large(&r, length);
    } else {
        talloc_free(lint);
        return status;
    }
    return lint_done(&r, lint, ret);
}

/* ---- records --------------------------------------------------------------------------------- */

static const char *repaired_record(struct rules *r, const struct text_source *source)
{
    const char *right = record_right_sts(r, source);
    struct sts_record *record = NULL;
    bool valid;

    if (!right)
        return NULL;
    if (sts_record_parse(right, strlen(right), &record) == STS_E_NOMEM)
        r->view.no_memory = true;
    valid = record && sts_record_valid(record);
    sts_record_free(record);
    return valid ? right : NULL;
}

static const char *repaired_tlsrpt_record(struct rules *r, const struct text_source *source)
{
    const char *right = record_right_tlsrpt(r, source);
    struct sts_tlsrpt_record *record = NULL;
    bool valid;

    if (!right)
        return NULL;
    if (sts_tlsrpt_record_parse(right, strlen(right), &record) == STS_E_NOMEM)
        r->view.no_memory = true;
    valid = record && sts_tlsrpt_record_valid(record);
    sts_tlsrpt_record_free(record);
    return valid ? right : NULL;
}

enum sts_status lint_record(TALLOC_CTX *ctx, const char *text, int64_t now, struct lint **ret)
{
    struct lint *lint = talloc_zero(ctx, struct lint);
    struct rules r = {.view = {.mem = lint, .now = now, .posture = POSTURE_BROKEN}};
    struct text_source source = {"_mta-sts", text, strlen(text)};
    const struct sts_issue *issues;
    struct sts_record *record;
    enum sts_status status;
    size_t count;

    if (!lint)
        return STS_E_NOMEM;
    status = sts_record_parse(text, source.length, &record);
    if (status != STS_OK) {
        talloc_free(lint);
        return status;
    }
    issues = sts_record_issues(record, &count);
    text_findings(&r, &source, issues, count);
    lint->valid = sts_record_valid(record);
    if (!lint->valid)
        lint->repaired = repaired_record(&r, &source);
    if (sts_record_id(record))
        lint->id = rule_text(&r, "%s", sts_record_id(record));
    sts_record_free(record);
    return lint_done(&r, lint, ret);
}

static void copy_rua(struct rules *r, struct lint *lint, const struct sts_tlsrpt_record *record)
{
    const char *const *rua = sts_tlsrpt_record_rua(record, &lint->rua_count);

    lint->rua = talloc_zero_array(lint, const char *, lint->rua_count + 1);
    if (!lint->rua) {
        r->view.no_memory = true;
        return;
    }
    for (size_t i = 0; i < lint->rua_count; i++)
        lint->rua[i] = rule_text(r, "%s", rua[i]);
}

enum sts_status lint_tlsrpt_record(TALLOC_CTX *ctx, const char *text, struct lint **ret)
{
    struct lint *lint = talloc_zero(ctx, struct lint);
    struct rules r = {.view = {.mem = lint, .posture = POSTURE_BROKEN}};
    struct text_source source = {"_smtp._tls", text, strlen(text)};
    const struct sts_issue *issues;
    struct sts_tlsrpt_record *record;
    enum sts_status status;
    size_t count;

    if (!lint)
        return STS_E_NOMEM;
    status = sts_tlsrpt_record_parse(text, source.length, &record);
    if (status != STS_OK) {
        talloc_free(lint);
        return status;
    }
    issues = sts_tlsrpt_record_issues(record, &count);
    text_findings(&r, &source, issues, count);
    lint->valid = sts_tlsrpt_record_valid(record);
    if (!lint->valid)
        lint->repaired = repaired_tlsrpt_record(&r, &source);
    copy_rua(&r, lint, record);
    sts_tlsrpt_record_free(record);
    return lint_done(&r, lint, ret);
}
