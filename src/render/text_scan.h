/* SPDX-License-Identifier: MIT */
/* text_scan.h - the summary of a scan for people.  Owned by ctx; NULL: no memory. */
#ifndef RENDER_TEXT_SCAN_H
#define RENDER_TEXT_SCAN_H

#include "render/json_scan.h"
#include "render/textout.h"

struct scan_page {
    struct textout_options out;
    const char *results; /* the file of the results; NULL: standard output */
    bool csv;            /* they are CSV, not JSON */
};

char *text_scan(TALLOC_CTX *ctx, const struct scan_summary *summary, const struct scan_page *page);

#endif
