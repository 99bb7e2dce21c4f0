/* SPDX-License-Identifier: MIT */
/* badge.h - a small picture of how a domain is, for other sites to show. */
#ifndef PAGES_BADGE_H
#define PAGES_BADGE_H

#include <talloc.h>

#include "rules/rules.h"

struct html;

struct badge_page {
    const char *kind;  /* as that of a mark */
    const char *label; /* on the left */
    const char *word;
    const char *title; /* the whole, for those who hear it */
    int left, width;   /* of the left part and of all, in pixels */
    int label_at, word_at;
    const char *ground; /* a colour */
};

/* diagnosis: NULL, the domain was not checked.  Owned by ctx. */
struct badge_page badge_page_of(TALLOC_CTX *ctx, const char *domain,
                                const struct diagnosis *diagnosis);

void page_badge(struct html *out, const struct badge_page *page);

#endif
