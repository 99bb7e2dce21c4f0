/* SPDX-License-Identifier: MIT */
/* page.h - text for a terminal, built line by line: wrapped, indented, coloured.
 *
 * A page swallows errors of memory and page_end() tells them.  What goes in is printable already;
 * the only control characters that come out are line ends and, with colour, SGR sequences. */
#ifndef RENDER_PAGE_H
#define RENDER_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_FAINT, STYLE_GOOD, STYLE_WARN, STYLE_BAD, STYLE_ASK };

struct page_options {
    size_t width; /* columns; 0: do not wrap */
    bool colour;
    bool utf8;    /* may marks and dashes be other than ASCII? */
    bool quiet;   /* the verdict alone */
    bool verbose; /* the transcript too */
};

struct page;

/* NULL: no memory. */
struct page *page_new(TALLOC_CTX *ctx, const struct page_options *options);
const struct page_options *page_options(const struct page *page);

/* One paragraph: `first` stands at `indent` before the first line (in its own style), the text is
 * wrapped beside it and its further lines begin below it.  first may be "".  What stands behind a
 * line end is a paragraph of its own, or with a tab before it a line to copy, which is not wrapped.
 */
void page_wrap(struct page *page, size_t indent, enum style first_style, const char *first,
               enum style style, const char *text);
/* One line as it is, however long. */
void page_line(struct page *page, size_t indent, enum style style, const char *text);
void page_blank(struct page *page);

/* The text, owned by the page's context; NULL: memory ran out on the way.  Frees the page. */
char *page_end(struct page *page);

/* How many columns a UTF-8 text takes; wide characters of East Asia take two. */
size_t page_columns(const char *text, size_t length);

#endif
