/* SPDX-License-Identifier: MIT */
/* lint.h - a policy or a record that somebody typed, and what is wrong with it. */
#ifndef PAGES_LINT_H
#define PAGES_LINT_H

#include "pages/finding.h"
#include "pages/frame.h"

struct lint_row {
    size_t number;
    const char *text;
    bool wrong; /* a finding is about it */
};

struct lint_page {
    struct frame frame;
    const char *text; /* as it was typed */
    const char *mx;
    const char *error; /* what was typed cannot be checked; NULL */
    bool record, tlsrpt;
    const struct lint *lint; /* NULL: nothing was checked yet */
    const char *verdict;
    struct lint_row *rows;
    size_t row_count;
    struct findings_page findings;
};

/* Fills in rows, verdict and findings; owned by ctx, without memory there are fewer. */
void lint_page_fill(TALLOC_CTX *ctx, struct lint_page *page, const struct lint *lint);

void page_lint(struct html *out, const struct lint_page *page);

#endif
