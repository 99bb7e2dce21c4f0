/* SPDX-License-Identifier: MIT */
/* overview.h - my domains by what is wrong with them: the first page of who is signed in. */
#ifndef PAGES_OVERVIEW_H
#define PAGES_OVERVIEW_H

#include <stddef.h>
#include <stdint.h>

#include "history/causes.h"
#include "pages/frame.h"
#include "pages/lines.h"
#include "pages/mark.h"

#define OVERVIEW_CAUSES 100 /* that are shown */

struct overview_cause {
    const char *key, *title, *subject;
    struct lines action;
    const char *code; /* explain/{code} tells more */
    struct mark_page mark;
    int64_t domains, sharing; /* 17 of 4100; sharing 0: not known, or as many */
    const char *example;      /* the domain, where it is the only one; NULL */
    int64_t since;
    int64_t lost; /* failed sessions */
};

struct overview_group {
    int64_t id;
    const char *name;
    bool chosen;
};

struct overview_page {
    struct frame frame;
    const struct overview_group *groups; /* to choose from; one alone is not shown */
    size_t group_count;
    int64_t group;                                     /* the chosen one; 0: all */
    bool domains;                                      /* are there any? */
    bool editor;                                       /* may they be added? */
    bool list;                                         /* is there a page of the domains? */
    int64_t critical, warning, unknown, ok, unchecked; /* how many domains */
    bool fine;                                         /* nothing is wrong with any */
    int64_t newest, oldest;
    bool stale, filling;
    int64_t stale_hours; /* since the newest check */
    int64_t lost;        /* failed sessions of the last days */
    const struct overview_cause *causes;
    size_t cause_count;
    size_t more; /* causes that are not shown */
};

/* All but frame, groups, editor and list; texts are owned by ctx. */
void overview_fill(TALLOC_CTX *ctx, struct overview_page *page, const struct causes *causes,
                   int64_t now);
void page_overview(struct html *out, const struct overview_page *page);

#endif
