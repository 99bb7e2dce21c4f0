/* SPDX-License-Identifier: MIT */
/* domains.h - the list of domains, and the pages by which domains are added and removed.
 *
 * Addresses that begin with '?' are of the page itself. */
#ifndef PAGES_DOMAINS_H
#define PAGES_DOMAINS_H

#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include "pages/choice.h"
#include "pages/frame.h"
#include "pages/mark.h"

struct html;

struct domains_head {
    const char *label; /* of the column */
    const char *href;  /* sorts by it, or turns the order round */
    const char *sort;  /* "ascending", "descending"; NULL: it is not sorted by it */
};

/* What the list is narrowed by, and how to drop it. */
struct domains_narrowing {
    const char *label, *value, *href;
};

struct domains_hidden {
    const char *name, *value;
};

struct domains_row {
    const char *domain;
    bool proven;
    const char *group; /* NULL: there is one only */
    struct mark_page mark;
    const char *verdict;
    const char *code, *cause; /* of the worst finding; NULL */
    const char *posture;
    const char *certificate; /* "12 days"; NULL: not known */
    int64_t changed_at;      /* 0: not known */
    int64_t failed;
    const char *next;
    const char *const *tags; /* up to NULL */
};

struct domains_page {
    struct frame frame;
    struct page_said said;
    bool edits, removes, checks; /* may the user? */
    bool any;                    /* the list is narrowed, so that an empty one says so */
    int64_t total;
    const struct domains_head *heads;
    size_t head_count;
    const struct domains_row *rows;
    size_t row_count;
    const char *previous, *next; /* pages; NULL: there is none */
    const char *csv;             /* where all of it is, behind the base */
    /* the filter */
    const char *q, *sort;
    const struct choice *verdicts, *postures, *tags, *groups;
    size_t verdict_count, posture_count, tag_count, group_count;
    const struct domains_narrowing *narrowings;
    size_t narrowing_count;
    const struct domains_hidden *kept; /* the filter, for the forms that change all of it */
    size_t kept_count;
};
void page_domains(struct html *out, const struct domains_page *page);

/* Of the name of a verdict; NULL: there is none yet.  The word stands beside it. */
struct mark_page domains_mark(const char *verdict);
/* The title of a finding with what it is about; owned by ctx.  NULL: no finding, or no memory. */
const char *domains_cause(TALLOC_CTX *ctx, const char *code, const char *subject);

struct domains_remove_page {
    struct frame frame;
    int64_t total;
    const struct domains_narrowing *narrowings;
    size_t narrowing_count;
    const struct domains_hidden *kept;
    size_t kept_count;
};
void page_domains_remove(struct html *out, const struct domains_remove_page *page);

struct domains_refused {
    int64_t line;
    const char *given, *why; /* why: translated */
};

struct domains_import_page {
    struct frame frame;
    const char *error;           /* translated; NULL */
    const struct choice *groups; /* to choose from; the value is the number */
    size_t group_count;
    /* what was read */
    bool read;
    const char *group, *group_name, *tags;
    int64_t fresh, there; /* domains that are new, and that the group has already */
    int64_t repeated, refused_total;
    const struct domains_refused *refused;
    size_t refused_count;
    bool names_taken;         /* to whoever may know which: */
    const char *const *taken; /* are another group's; up to NULL */
    int64_t taken_total;
    const char *list;  /* what is confirmed; NULL: nothing can be added */
    const char *typed; /* is in the field again */
};
void page_domains_import(struct html *out, const struct domains_import_page *page);

#endif
