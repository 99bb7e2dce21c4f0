/* SPDX-License-Identifier: MIT */
/* time_span.h - times as people give them on a command line. */
#ifndef BASE_TIME_SPAN_H
#define BASE_TIME_SPAN_H

#include <stdbool.h>
#include <stdint.h>

/* RFC 3339; a date, "2026-11-23", which is its first second in UTC; or how long before `now`:
 * "24h", "7d", "2w".  False where the text is none of these. */
bool time_span_begin(const char *text, int64_t now, int64_t *ret);
/* The same as the end of something: of a date it is the first second of the day behind it. */
bool time_span_end(const char *text, int64_t now, int64_t *ret);

#endif
