/* SPDX-License-Identifier: MIT */
/* rollup_fill.h - what an earlier version stored is brought into the roll-ups (store/rollups.h),
 * piece by piece beside the other work, so that a large store opens at once. */
#ifndef HISTORY_ROLLUP_FILL_H
#define HISTORY_ROLLUP_FILL_H

#include "store/store.h"

/* One piece, in a batch of its own or in the one that is open; what was killed goes on where it
 * was.  *ret_more: there is another. */
STS_MUST_USE enum sts_status rollup_fill(struct store *store, bool *ret_more);

#endif
