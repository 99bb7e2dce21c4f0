/* SPDX-License-Identifier: MIT */
/* lint_text.c - each kind of text by the rules of its own. */
#include "app/lint_text.h"

#include "rollout/policy_diff.h"

static enum sts_status lint_change(TALLOC_CTX *ctx, const struct lint_request *request,
                                   struct linted *ret)
{
    struct lint *old;
    enum sts_status status = lint_policy(ctx, request->against->data, request->against->length,
                                         request->mx, request->mx_count, &old);

    if (status)
        return status;
    ret->change = advisory_new(ctx, NULL, NULL, 0);
    if (!ret->change)
        return STS_E_NOMEM;
    advisory_text(ret->change, "file", request->against_name);
    policy_diff(ret->change, old, ret->lint);
    return ret->change->no_memory ? STS_E_NOMEM : STS_OK;
}

static enum sts_status lint_one_policy(TALLOC_CTX *ctx, const struct lint_request *request,
                                       struct linted *ret)
{
    enum sts_status status = lint_policy(ctx, request->text.data, request->text.length, request->mx,
                                         request->mx_count, &ret->lint);

    return status || !request->against ? status : lint_change(ctx, request, ret);
}

enum sts_status lint_text(TALLOC_CTX *ctx, const struct lint_request *request, struct linted *ret)
{
    char *record;

    *ret = (struct linted){.change = NULL};
    if (request->kind == LINT_POLICY)
        return lint_one_policy(ctx, request, ret);
    record =
        talloc_strndup(ctx, request->text.data ? request->text.data : "", request->text.length);
    if (!record)
        return STS_E_NOMEM;
    return request->kind == LINT_RECORD ? lint_record(ctx, record, request->now, &ret->lint)
                                        : lint_tlsrpt_record(ctx, record, &ret->lint);
}
