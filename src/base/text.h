/* SPDX-License-Identifier: MIT */
/* text.h - making strangers' text fit to be seen.
 *
 * Everything a peer sent (a TXT value, a banner, a certificate's name) passes text_printable()
 * before a terminal and text_shell_quote() before a command line. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include "base/bytes.h"

/* Is this well-formed UTF-8 (no surrogates, nothing over-long)? */
bool text_is_utf8(const char *data, size_t length);
/* The bytes of the character the text begins with; 1 where that is no UTF-8; length is not 0. */
size_t text_character(const char *data, size_t length);

/* UTF-8 in which control characters (C0, DEL, C1), line ends, bidirectional marks and overrides,
 * invisible format characters and bytes that are no UTF-8 stand as \xNN, a backslash as \\; cut
 * after `limit` bytes of input with "…" where limit is not 0.  Owned by ctx; NULL: no memory. */
char *text_printable(TALLOC_CTX *ctx, const char *data, size_t length, size_t limit);

/* The first of a text of lines, each as text_printable() shows it; carriage returns at their ends
 * are left out.  Owned by ctx; NULL: no memory. */
char *text_printable_lines(TALLOC_CTX *ctx, struct bytes text, size_t limit);

/* Would text_printable() show every character of it as it is, a backslash excepted? */
bool text_is_printable(const char *data, size_t length);

/* A JSON text whose strings hold the characters that text_printable() makes visible as \uXXXX: the
 * same value to a program, and harmless in a terminal or a pager.  `json` is UTF-8 with C0 escaped,
 * as json-c writes it.  Owned by ctx; NULL: no memory. */
char *text_json(TALLOC_CTX *ctx, const char *json);

/* One word for a POSIX shell: plain where every character is in [A-Za-z0-9@%+=:,./_-] and it does
 * not begin with '-', else in single quotes.  Input must be text_printable() already or a plain
 * NUL-terminated string.  Owned by ctx. */
char *text_shell_quote(TALLOC_CTX *ctx, const char *text);

#endif
