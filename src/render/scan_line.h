/* SPDX-License-Identifier: MIT */
/* scan_line.h - one line of a scan's results, in either format.
 *
 * JSON is that of check --json, and mtasts.scan-error/1 where a line of the list is no domain name;
 * CSV (RFC 4180) has a line of names before all others.  Each line ends with its line end and holds
 * no other, so that a file that was cut can be continued behind its last whole line. */
#ifndef RENDER_SCAN_LINE_H
#define RENDER_SCAN_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include "rules/rules.h"

enum scan_format { SCAN_JSON, SCAN_CSV };

/* What stands before all lines; "": nothing. */
const char *scan_line_head(enum scan_format format);
/* Owned by ctx; NULL: no memory. */
char *scan_line(TALLOC_CTX *ctx, enum scan_format format, const struct diagnosis *diagnosis);
char *scan_line_error(TALLOC_CTX *ctx, enum scan_format format, int64_t line, const char *given,
                      const char *error);

/* Of a line that these wrote, from its beginning (4 KiB are enough): its domain or what was given
 * in place of one, borrowed and not NUL-terminated.  NULL: it is none of ours. */
const char *scan_line_subject(enum scan_format format, const char *line, size_t *ret_length);
/* When its domain was observed.  False: it says nothing of that. */
bool scan_line_time(enum scan_format format, const char *line, int64_t *ret);

#endif
