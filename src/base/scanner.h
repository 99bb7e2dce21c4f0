/* SPDX-License-Identifier: MIT */
/* scanner.h - read a text from left to right, never beyond its end.
 *
 * The error is sticky: a demand that is not met sets `failed`, from then on nothing more is taken,
 * and one look at the end (scanner_finished) judges the whole. */
#ifndef BASE_SCANNER_H
#define BASE_SCANNER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

struct scanner {
    struct bytes text;
    size_t at; /* the next byte to read; never above text.length */
    bool failed;
};

struct scanner scanner_begin(struct bytes text);

/* The next byte, 0..255, left where it is; -1 at the end or after a failure. */
int scanner_peek(const struct scanner *scanner);
bool scanner_at_end(const struct scanner *scanner);
/* All was read and nothing failed. */
bool scanner_finished(const struct scanner *scanner);

/* Take the byte or text if it comes next; no failure otherwise. */
bool scanner_try(struct scanner *scanner, char c);
bool scanner_try_text(struct scanner *scanner, const char *text);
/* Take the byte, or fail. */
void scanner_expect(struct scanner *scanner, char c);
/* Take all that comes next and is of the class; may be empty. */
struct bytes scanner_while(struct scanner *scanner, bool (*is)(unsigned char));
/* Take all up to the byte, which is left, or to the end. */
struct bytes scanner_until(struct scanner *scanner, char c);
/* Take min to max digits (at most 18) as a number, or fail.  A digit that follows is left. */
long long scanner_number(struct scanner *scanner, int min, int max);

#endif
