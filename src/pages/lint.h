/* SPDX-License-Identifier: MIT */
/* lint.h - a policy or a record that somebody typed, and what is wrong with it. */
#ifndef PAGES_LINT_H
#define PAGES_LINT_H

#include "pages/finding.h"
#include "pages/frame.h"

#define LINT_ROWS_MAX 500 /* lines that are shown; a policy with more is not meant */

/* A piece of a line. */
struct lint_piece {
    const char *text;
    const char
        *reasons;   /* the ids of the reasons, blanks between; NULL: nothing is wrong with it */
    size_t finding; /* the first of them */
    bool missing;   /* there should be something, and the text is empty */
};

/* Why a line is wrong. */
struct lint_reason {
    size_t number;  /* of the finding that says more, from 1 */
    int64_t column; /* 0: the line as a whole */
    const char *title;
};

struct lint_row {
    size_t number;
    struct lint_piece *pieces;
    size_t piece_count;
    struct lint_reason *reasons;
    size_t reason_count; /* 0: no finding is about it */
};

/* How a sending program reads the policy. */
struct lint_reading {
    const char *program, *behaviour;
};

struct lint_page {
    struct frame frame;
    const char *text; /* as it was typed */
    const char *mx, *domain;
    const char *live_note; /* about the MX hosts of the domain; NULL */
    const char *error;     /* what was typed cannot be checked; NULL */
    bool record, tlsrpt;
    const struct lint *lint; /* NULL: nothing was checked yet */
    const char *verdict;
    struct lint_row *rows;
    size_t row_count;
    bool cut; /* there are more lines */
    struct findings_page findings;
    struct lint_reading *readings;
    size_t reading_count;
};

/* Fills in rows, verdict and findings; owned by ctx, without memory there are fewer. */
void lint_page_fill(TALLOC_CTX *ctx, struct lint_page *page, const struct lint *lint);

void page_lint(struct html *out, const struct lint_page *page);
/* What the page says of the text alone: error or result. */
void page_lint_result(struct html *out, const struct lint_page *page);

#endif
