/* SPDX-License-Identifier: MIT */
/* watch.h - how the service gets on with the domains of groups. */
#ifndef PAGES_WATCH_H
#define PAGES_WATCH_H

#include <stddef.h>
#include <stdint.h>

#include "pages/frame.h"
#include "pages/mark.h"

struct watch_verdict_row {
    struct mark_page mark; /* without a word */
    const char *word;
    int64_t domains;
};

struct watch_place_row {
    const char *sentence; /* translated */
    bool wrong;
};

struct watch_page {
    struct frame frame;
    bool on, counted;
    const char *interval; /* "6 h" */
    bool broken;          /* nothing can be looked at from here, since then */
    int64_t broken_since;
    int64_t domains, waiting, late, unseen, running;
    int64_t oldest, next; /* 0: none */
    int64_t hour;         /* checks of the last one */
    int64_t blind, lost;
    const struct watch_verdict_row *verdicts;
    size_t verdict_count;
    int64_t place_at; /* 0: not looked at yet */
    const struct watch_place_row *places;
    size_t place_count;
};
/* domains: by enum verdict.  Owned by ctx. */
void watch_page_verdicts(TALLOC_CTX *ctx, const int64_t *domains, struct watch_page *page);
/* place: the vantage of a look at our own place. */
void watch_page_places(TALLOC_CTX *ctx, const struct facts *place, struct watch_page *page);
void page_watch(struct html *out, const struct watch_page *page);

#endif
