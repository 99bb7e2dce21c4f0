/* SPDX-License-Identifier: MIT */
/* csv_scan.h - results of a scan as CSV; private to render/. */
#ifndef RENDER_CSV_SCAN_H
#define RENDER_CSV_SCAN_H

#include "rules/rules.h"

const char *csv_scan_head(void);
char *csv_scan(TALLOC_CTX *ctx, const struct diagnosis *diagnosis);
char *csv_scan_error(TALLOC_CTX *ctx, int64_t line, const char *given, const char *error);
const char *csv_scan_subject(const char *line, size_t *ret_length);
/* The field that holds the time of the observation; NULL. */
const char *csv_scan_time(const char *line);

#endif
