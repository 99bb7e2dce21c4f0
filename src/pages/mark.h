/* SPDX-License-Identifier: MIT */
/* mark.h - how good or bad something is: a shape, a colour by its class and a word beside it, so
 * that nothing is said by colour alone. */
#ifndef PAGES_MARK_H
#define PAGES_MARK_H

#include "rules/rules.h"

struct html;

struct mark_page {
    const char *kind; /* a class of the style sheet: "good", "warn", "bad", "unknown", "wait" */
    const char *word; /* for those who do not see it, translated; NULL: it is said beside it */
};

/* The word is "critical" and so on. */
struct mark_page mark_of_severity(enum severity severity);
/* The word is "WARNING" and so on. */
struct mark_page mark_of_verdict(enum verdict verdict);
/* Something that is not known yet. */
struct mark_page mark_of_waiting(void);

void page_mark(struct html *out, const struct mark_page *page);

#endif
