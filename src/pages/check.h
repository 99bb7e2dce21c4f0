/* SPDX-License-Identifier: MIT */
/* check.h - a check of a domain on a page: while it waits and runs, and its result. */
#ifndef PAGES_CHECK_H
#define PAGES_CHECK_H

#include "pages/finding.h"
#include "pages/frame.h"
#include "pages/step.h"
#include "pages/verdict.h"
#include "render/advisory.h"
#include "render/look_view.h"
#include "render/text.h"

/* A step in a page that is sent while the check runs: `slot` is where the browser puts it. */
struct check_row {
    const char *slot;
    struct step_page step;
    bool hosts; /* those of its hosts follow */
};

struct check_place {
    size_t place; /* in the queue, 1: the next */
};

struct check_change {
    struct mark_page mark;
    const char *text;
};

struct check_page {
    struct frame frame;
    const char *id, *domain;
    bool cancelled; /* there is no result */
    struct verdict_page verdict;
    struct check_row *rows; /* the chain */
    size_t row_count;
    struct findings_page findings;
    /* Since an earlier check; compared_at 0: there is none to compare with. */
    int64_t compared_at;
    struct check_change *changes;
    size_t change_count;
    /* What comes next on the command line; what a finding means is beside it. */
    struct next_command nexts[NEXT_MAX];
    size_t next_count;
    const char *transcript;
};

void page_check(struct html *out, const struct check_page *page);
void page_check_top(struct html *out, const struct check_page *page);
void page_check_rest(struct html *out, const struct check_page *page);

/* In pieces, while it runs: begin, a place or a row whenever it is known, what the end adds, end.
 * The browser puts each piece where it belongs, without a script (declarative shadow trees). */
void page_check_live_begin(struct html *out, const struct check_page *page);
void page_check_place(struct html *out, const struct check_place *page);
void page_check_row(struct html *out, const struct check_row *page);
void page_check_final(struct html *out, const struct check_page *page);
void page_check_live_end(struct html *out, const struct check_page *page);

/* All below is owned by ctx; without memory there is less. */
struct check_row check_row_of(const struct look_row *row);
/* The chain, as far as it is known; look: NULL, nothing is shown. */
void check_page_chain(TALLOC_CTX *ctx, struct check_page *page, const struct look_view *look);
void check_page_result(TALLOC_CTX *ctx, struct check_page *page, const struct diagnosis *diagnosis);
/* What has changed since another check of the domain. */
void check_page_changes(TALLOC_CTX *ctx, struct check_page *page, const struct advisory *advisory,
                        int64_t compared_at);

#endif
