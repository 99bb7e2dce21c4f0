/* SPDX-License-Identifier: MIT */
/* count.h - how many names a list holds, before it is read. */
#ifndef SCAN_COUNT_H
#define SCAN_COUNT_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

/* From where the file stands, which does not change.  -1: it is no file that can be read twice, or
 * there is no memory.  Of a long one only the beginning is counted, and the rest taken to be like
 * it: *ret_is_guess. */
int64_t count_names(TALLOC_CTX *ctx, int fd, const char *column, bool *ret_is_guess);

#endif
