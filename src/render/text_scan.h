/* SPDX-License-Identifier: MIT */
/* text_scan.h - the summary of a scan for people.  Owned by ctx; NULL: no memory. */
#ifndef RENDER_TEXT_SCAN_H
#define RENDER_TEXT_SCAN_H

#include "render/json_scan.h"
#include "render/textout.h"

char *text_scan(TALLOC_CTX *ctx, const struct scan_summary *summary,
                const struct textout_options *options);

#endif
