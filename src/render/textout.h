/* SPDX-License-Identifier: MIT */
/* textout.h - text for a terminal, built line by line: wrapped, indented, coloured.
 *
 * It swallows errors of memory and textout_end() tells them.  What goes in is printable
 * already; the only control characters that come out are line ends and, with colour, SGR sequences.
 */
#ifndef RENDER_TEXTOUT_H
#define RENDER_TEXTOUT_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_FAINT, STYLE_GOOD, STYLE_WARN, STYLE_BAD, STYLE_ASK };

struct textout_options {
    size_t width;  /* columns; 0: do not wrap */
    size_t height; /* rows a short text may take; 0: any number */
    bool colour;
    bool utf8;    /* may marks and dashes be other than ASCII? */
    bool quiet;   /* the verdict alone */
    bool brief;   /* what is needed first; fits the height where it can */
    bool next;    /* say at the end which command comes next */
    bool verbose; /* the transcript too */
};

struct textout;

/* NULL: no memory. */
struct textout *textout_new(TALLOC_CTX *ctx, const struct textout_options *options);
const struct textout_options *textout_options(const struct textout *out);

/* One paragraph: `first` stands at `indent` before the first line (in its own style), the text is
 * wrapped beside it and its further lines begin below it.  first may be "".  What stands behind a
 * line end is a paragraph of its own, or with a tab before it a line to copy, which is not wrapped.
 */
void textout_wrap(struct textout *out, size_t indent, enum style first_style, const char *first,
                  enum style style, const char *text);
/* One line as it is, however long. */
void textout_line(struct textout *out, size_t indent, enum style style, const char *text);
/* A piece of a line, which textout_line() ends. */
void textout_piece(struct textout *out, enum style style, const char *text);
void textout_blank(struct textout *out);

/* The text, owned by the context of `out`; NULL: memory ran out on the way.  Frees `out`. */
char *textout_end(struct textout *out);

/* How many columns a UTF-8 text takes; wide characters of East Asia take two. */
size_t textout_columns(const char *text, size_t length);
/* How many rows of a terminal so wide a text takes, which breaks what is longer. */
size_t textout_rows(const char *text, size_t width);
/* How many of its bytes fit into so many columns: whole characters. */
size_t textout_fit(const char *text, size_t columns);

#endif
