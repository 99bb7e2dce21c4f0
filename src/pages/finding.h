/* SPDX-License-Identifier: MIT */
/* finding.h - a finding on a page: of a check, a text, a report. */
#ifndef PAGES_FINDING_H
#define PAGES_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include "pages/lines.h"
#include "pages/mark.h"
#include "render/shown_finding.h"

struct finding_page {
    const char *code; /* explain/{code} tells more */
    const char *severity;
    struct mark_page mark;
    const char *title, *subject;
    struct lines detail, meaning, causes, commands, fix;
    const char *fix_title;
    const char *spec; /* NULL: the finding before says it */
    bool open;        /* folded out at first */
    size_t number;    /* where the page leads to it, as #finding-NUMBER; 0: nowhere */
};

struct findings_page {
    struct finding_page *findings;
    size_t finding_count;
};

/* Of all findings of a diagnosis or a lint, in their order.  Those above a note are folded out.
 * Owned by ctx; without memory there are fewer. */
struct findings_page findings_page_of(TALLOC_CTX *ctx, const struct finding *findings,
                                      size_t count);

void page_finding(struct html *out, const struct finding_page *page);
void page_findings(struct html *out, const struct findings_page *page);

#endif
