/* SPDX-License-Identifier: MIT */
/* lines.h - lists of sentences with lines to copy below them (EXPAND_LINE of render/expand.h), as
 * templates draw them. */
#ifndef PAGES_LINES_H
#define PAGES_LINES_H

#include <stddef.h>

#include <talloc.h>

struct html;

/* One of both is set. */
struct lines_piece {
    const char *text; /* a paragraph */
    const char *copy; /* lines to copy */
};

struct lines_item {
    struct lines_piece *pieces;
    size_t piece_count;
};

struct lines {
    struct lines_item *items;
    size_t item_count;
};

/* list: ends with NULL, or is NULL.  Owned by ctx; without memory there are fewer. */
struct lines lines_of(TALLOC_CTX *ctx, char *const *list);
/* One alone, or NULL. */
struct lines lines_of_text(TALLOC_CTX *ctx, const char *text);

/* Numbered where there are several; as a list; each to be copied; as paragraphs. */
void page_steps(struct html *out, const struct lines *page);
void page_list(struct html *out, const struct lines *page);
void page_commands(struct html *out, const struct lines *page);
void page_item(struct html *out, const struct lines_item *page);

#endif
