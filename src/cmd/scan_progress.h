/* SPDX-License-Identifier: MIT */
/* scan_progress.h - one line that tells how far a scan has come. */
#ifndef CMD_SCAN_PROGRESS_H
#define CMD_SCAN_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include "scan/scan.h"

/* Begins as zeros. */
struct scan_pace {
    int64_t at, done; /* of the last rate */
    double rate;      /* domains in a second */
};

/* As much of it as fits into so many columns, what matters most before all else.  NULL: no memory.
 */
char *scan_progress_text(TALLOC_CTX *ctx, struct scan_pace *pace, const struct scan_progress *p,
                         size_t columns);
/* A scan_progress_fn whose argument is a struct scan_pace. */
void scan_progress_show(void *arg, const struct scan_progress *progress);

#endif
