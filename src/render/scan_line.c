/* SPDX-License-Identifier: MIT */
/* scan_line.c - one line of a scan's results, in either format. */
#include "render/scan_line.h"

#include <string.h>

#include "base/clock.h"
#include "render/csv_scan.h"
#include "render/json.h"
#include "render/json_scan.h"

#define TIME_LENGTH 20 /* "2026-11-23T15:00:00Z" */

static char *with_line_end(char *line)
{
    return line ? talloc_strdup_append_buffer(line, "\n") : NULL;
}

const char *scan_line_head(enum scan_format format)
{
    return format == SCAN_CSV ? csv_scan_head() : "";
}

char *scan_line(TALLOC_CTX *ctx, enum scan_format format, const struct diagnosis *diagnosis)
{
    return format == SCAN_CSV ? csv_scan(ctx, diagnosis)
                              : with_line_end(json_check(ctx, diagnosis));
}

char *scan_line_error(TALLOC_CTX *ctx, enum scan_format format, int64_t line, const char *given,
                      const char *error)
{
    return format == SCAN_CSV ? csv_scan_error(ctx, line, given, error)
                              : with_line_end(json_scan_error(ctx, line, given, error));
}

const char *scan_line_subject(enum scan_format format, const char *line, size_t *ret_length)
{
    return format == SCAN_CSV ? csv_scan_subject(line, ret_length)
                              : json_scan_subject(line, ret_length);
}

bool scan_line_time(enum scan_format format, const char *line, int64_t *ret)
{
    static const char member[] = "\"observed_at\":\"";
    char text[TIME_LENGTH + 1] = "";
    const char *at = format == SCAN_CSV ? csv_scan_time(line) : strstr(line, member);

    if (at && format == SCAN_JSON)
        at += strlen(member);
    if (at)
        strncpy(text, at, TIME_LENGTH);
    return at && clock_parse(text, ret);
}
