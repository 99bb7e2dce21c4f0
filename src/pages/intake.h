/* SPDX-License-Identifier: MIT */
/* intake.h - the pages about how reports come in, and about what was rejected. */
#ifndef PAGES_INTAKE_H
#define PAGES_INTAKE_H

#include <stddef.h>
#include <stdint.h>

#include "pages/frame.h"

struct intake_way_row {
    const char *name;                    /* translated, or an account and folder */
    bool good;                           /* the last try succeeded */
    int64_t succeeded, failed;           /* 0: never */
    const char *fault, *detail, *advice; /* fault and advice translated; NULL: none */
    int64_t messages, added, duplicates, revisions, rejected, foreign;
};

struct intake_rejected_row {
    int64_t id, at, size, parts;
    const char *source, *part, *why, *detail; /* why: translated */
};

/* A report on a domain of whoever looks. */
struct intake_arrival_row {
    int64_t id, received;
    const char *submitter, *domains, *way; /* way: translated */
    int64_t others;                        /* more domains */
};

struct intake_page {
    struct frame frame;
    struct page_said said;
    const char *address; /* for rua=https: ; NULL: the base URL is not an https one */
    bool all;            /* an administrator: the ways, and what was rejected; else arrivals */
    const struct intake_way_row *ways;
    size_t way_count;
    int64_t kept; /* in the quarantine, in all */
    const struct intake_rejected_row *rejected;
    size_t rejected_count;
    int64_t next; /* the entry that older ones are before; 0: there are none */
    const struct intake_arrival_row *arrivals;
    size_t arrival_count;
};
void page_intake(struct html *out, const struct intake_page *page);

struct intake_one_page {
    struct frame frame;
    struct intake_rejected_row row;
    bool has_text;
    const char *text; /* the first of it, printable */
    bool cut;         /* there is more */
};
void page_intake_one(struct html *out, const struct intake_one_page *page);

#endif
