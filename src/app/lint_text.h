/* SPDX-License-Identifier: MIT */
/* lint_text.h - a text checked alone: a policy, perhaps against an older one, or a record. */
#ifndef APP_LINT_TEXT_H
#define APP_LINT_TEXT_H

#include "base/bytes.h"
#include "rollout/advisory.h"
#include "rules/rules.h"

enum lint_kind { LINT_POLICY, LINT_RECORD, LINT_TLSRPT_RECORD };

/* All is borrowed. */
struct lint_request {
    enum lint_kind kind;
    struct bytes text;     /* of a record up to its first NUL */
    const char *const *mx; /* of a policy: hosts, as A-labels, whose cover is wanted */
    size_t mx_count;
    const struct bytes *against; /* of a policy: the older text; NULL: none */
    const char *against_name;    /* of its file */
    int64_t now;                 /* new ids are made of */
};

struct linted {
    struct lint *lint;
    struct advisory *change; /* what the change from the older text needs; NULL: not asked */
};

/* Owned by ctx.  STS_E_NOMEM; STS_E_LIMIT: a record longer than any sender reads. */
STS_MUST_USE enum sts_status lint_text(TALLOC_CTX *ctx, const struct lint_request *request,
                                       struct linted *ret);

#endif
