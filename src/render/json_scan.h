/* SPDX-License-Identifier: MIT */
/* json_scan.h - the lines of a scan that are no diagnosis, and what its lines are about.
 *
 * Formats mtasts.scan-error/1 (a line of the list that is no domain name) and
 * mtasts.scan-summary/1.  Results are owned by ctx, without a line end; NULL: no memory. */
#ifndef RENDER_JSON_SCAN_H
#define RENDER_JSON_SCAN_H

#include <talloc.h>

#include "rules/totals.h"

struct scan_summary {
    struct totals totals;
    int64_t unusable;    /* lines of the list that are no domain name */
    int64_t done_before; /* passed over, since an earlier run has done them */
    int64_t elapsed_ms;
    bool saves;             /* results go into the store */
    int64_t saved, unsaved; /* unsaved: too large for it */
    bool brief;             /* second handshakes and CAA were left out */
    bool interrupted; /* the list was not read to its end, or domains under way were dropped */
};

char *json_scan_error(TALLOC_CTX *ctx, int64_t line, const char *given, const char *error);
char *json_scan_summary(TALLOC_CTX *ctx, const struct scan_summary *summary);

/* The domain of a line that json_check() or json_scan_error() wrote, from the beginning of the
 * line (1 KiB is enough); borrowed, not NUL-terminated.  NULL: it is neither. */
const char *json_scan_subject(const char *line, size_t *ret_length);

#endif
