/* SPDX-License-Identifier: MIT */
/* shown_finding.h - findings as people see them, which text and pages draw: translated, filled in,
 * and without what the finding before has said already. */
#ifndef RENDER_SHOWN_FINDING_H
#define RENDER_SHOWN_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include "rules/rules.h"

/* Texts may hold lines to copy (EXPAND_LINE of expand.h).  Lists end with NULL and may be NULL. */
struct shown_finding {
    const struct finding *finding;
    const struct finding_info *info;
    bool
        again; /* another line, another host of the finding before: no meaning, causes and clause */
    const char *severity; /* "critical" */
    char *title;
    char *subject; /* "mx1.example.com", or "line 3" in the reader's language */
    char *detail;
    char *meaning;
    char *spec; /* "RFC 8461 section 3.2", likewise */
    char **causes;
    char **commands;
    char **fix;
    const char *fix_title; /* "How to fix it:" */
};

/* One for each.  Owned by ctx; NULL: no memory, or there are none. */
struct shown_finding *shown_findings_new(TALLOC_CTX *ctx, const struct finding *findings,
                                         size_t count);

/* "RFC 8461 section 3.2" in the reader's language. */
char *shown_spec(TALLOC_CTX *ctx, const char *spec);
/* Of one finding alone. */
char *shown_subject(TALLOC_CTX *ctx, const struct finding *finding);

#endif
