/* SPDX-License-Identifier: MIT */
/* scan.h - read a text from left to right, never beyond its end.
 *
 * The error is sticky: a demand that is not met sets `failed`, from then on nothing more is taken,
 * and one look at the end (scan_finished) judges the whole. */
#ifndef BASE_SCAN_H
#define BASE_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

struct scan {
    struct bytes text;
    size_t at; /* the next byte to read; never above text.length */
    bool failed;
};

struct scan scan_begin(struct bytes text);

/* The next byte, 0..255, left where it is; -1 at the end or after a failure. */
int scan_peek(const struct scan *scan);
bool scan_at_end(const struct scan *scan);
/* All was read and nothing failed. */
bool scan_finished(const struct scan *scan);

/* Take the byte or text if it comes next; no failure otherwise. */
bool scan_try(struct scan *scan, char c);
bool scan_try_text(struct scan *scan, const char *text);
/* Take the byte, or fail. */
void scan_expect(struct scan *scan, char c);
/* Take all that comes next and is of the class; may be empty. */
struct bytes scan_while(struct scan *scan, bool (*is)(unsigned char));
/* Take all up to the byte, which is left, or to the end. */
struct bytes scan_until(struct scan *scan, char c);
/* Take min to max digits (at most 18) as a number, or fail.  A digit that follows is left. */
long long scan_number(struct scan *scan, int min, int max);

#endif
