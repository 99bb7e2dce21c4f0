/* SPDX-License-Identifier: MIT */
/* rollups.h - what an earlier version stored is brought into the roll-ups (history/rollup_fill.h),
 * by the writer of a service, beside what else it writes. */
#ifndef APP_ROLLUPS_H
#define APP_ROLLUPS_H

#include <talloc.h>

#include <mtasts/status.h>

struct store_writer;

/* Until it is done, or a failure of the store: the next start goes on.  Whoever has the writer
 * frees it before ctx. */
STS_MUST_USE enum sts_status rollups_fill_start(TALLOC_CTX *ctx, struct store_writer *writer);

#endif
