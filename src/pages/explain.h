/* SPDX-License-Identifier: MIT */
/* explain.h - the knowledge base on pages: all of it, one entry, and a word that means several or
 * none. */
#ifndef PAGES_EXPLAIN_H
#define PAGES_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include "pages/frame.h"
#include "pages/lines.h"
#include "pages/mark.h"

struct html;
struct kb_entry;

/* To another entry. */
struct explain_link {
    const char *code, *title;
};
struct explain_links {
    struct explain_link *links;
    size_t link_count;
};

/* The entry of that very name; without one the title is NULL. */
struct explain_link explain_link_to(const char *code);

/* ---- the list ---- */

struct explain_group {
    const char *title, *anchor;
    struct explain_link *links;
    size_t link_count;
};

struct explain_index_page {
    struct frame frame;
    const char *query;         /* NULL: it shows everything */
    const char *unknown;       /* a word that is no entry; NULL */
    struct explain_link *near; /* what was perhaps meant by it */
    size_t near_count;
    struct explain_group *groups;
    size_t group_count;
    size_t count; /* of all entries shown */
};

/* The entries of these numbers, by group; found NULL: all.  Owned by ctx; without memory fewer. */
void explain_index_fill(TALLOC_CTX *ctx, struct explain_index_page *page, const size_t *found,
                        size_t count);

/* ---- an entry ---- */

struct explain_type {
    struct explain_link link;
    struct mark_page mark;
    const char *severity;
};

struct explain_sample_line {
    const char *text, *note;
};

struct explain_entry_page {
    struct frame frame;
    const char *code, *title, *group, *anchor;
    const char *severity; /* "critical in enforce, high otherwise"; NULL: there is none */
    struct mark_page mark;
    const char *spec, *spec_url;
    bool is_topic, is_type, is_error;
    struct explain_type *types;
    size_t type_count;
    struct explain_sample_line *sample;
    size_t sample_count;
    struct lines fix, meaning, causes, commands, differs;
    struct explain_links result_types, findings, topics, variants;
};

/* Without the frame. */
void explain_entry_fill(TALLOC_CTX *ctx, struct explain_entry_page *page,
                        const struct kb_entry *entry);

/* ---- several by one word ---- */

struct explain_variant {
    const char *code, *title, *recognized;
    const char *policy_lines; /* lines of a policy; NULL */
};

struct explain_variants_page {
    struct frame frame;
    const char *word;
    struct lines commands; /* which tell which one it is */
    struct explain_variant *variants;
    size_t variant_count;
};

void explain_variants_fill(TALLOC_CTX *ctx, struct explain_variants_page *page,
                           struct kb_entry *const *entries, size_t count);

void page_explain_links(struct html *out, const struct explain_links *page);
void page_explain_group(struct html *out, const struct explain_group *page);
void page_explain_index(struct html *out, const struct explain_index_page *page);
void page_explain_entry(struct html *out, const struct explain_entry_page *page);
void page_explain_variants(struct html *out, const struct explain_variants_page *page);

#endif
