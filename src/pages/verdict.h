/* SPDX-License-Identifier: MIT */
/* verdict.h - the first thing on a page about a domain: how it is, in a word and a sentence. */
#ifndef PAGES_VERDICT_H
#define PAGES_VERDICT_H

#include <stdint.h>

#include <talloc.h>

#include "pages/mark.h"

struct html;

struct verdict_page {
    struct mark_page mark;
    const char *domain;
    const char *sentence; /* the worst, how many more, what becomes of mail */
    int64_t when;         /* it was seen; 0: it is not said */
};

/* Owned by ctx, which has to live as long. */
struct verdict_page verdict_page_of(TALLOC_CTX *ctx, const struct diagnosis *diagnosis);

void page_verdict(struct html *out, const struct verdict_page *page);

#endif
