/* SPDX-License-Identifier: MIT */
/* bytes.h - text of known length that may hold any byte, NUL included.  Borrowed memory. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>

struct bytes {
    const char *data;
    size_t length;
};

struct bytes bytes_of(const char *text);
bool bytes_equal(struct bytes a, const char *text);
/* Case of ASCII letters is ignored. */
bool bytes_equal_nocase(struct bytes a, const char *text);
bool bytes_begin(struct bytes a, const char *text);
bool bytes_begin_nocase(struct bytes a, const char *text);
/* Where the text first occurs, case of ASCII letters ignored; -1: nowhere. */
long bytes_find_nocase(struct bytes a, const char *text);
/* Where the byte first occurs; -1: nowhere. */
long bytes_find_char(struct bytes a, char c);
/* From `at` (at most the length) to the end. */
struct bytes bytes_from(struct bytes a, size_t at);
/* Without blanks and line ends at both sides. */
struct bytes bytes_trim(struct bytes a);

#endif
