/* SPDX-License-Identifier: MIT */
/* scan_verbs.h - scans that several machines share: "mtasts scan submit" and its like. */
#ifndef CMD_SCAN_VERBS_H
#define CMD_SCAN_VERBS_H

#include "cmd/options.h"
#include "cmd/scan_word.h"
#include "store/scans.h"

/* The exit status. */
int scan_verb(TALLOC_CTX *ctx, const struct options *options, enum scan_word word);

/* ---- shared by their files ------------------------------------------------------------------- */

int scan_submit(TALLOC_CTX *ctx, const struct options *options);
int scan_work(TALLOC_CTX *ctx, const struct options *options);
int scan_status(TALLOC_CTX *ctx, const struct options *options);
int scan_cancel(TALLOC_CTX *ctx, const struct options *options);
int scan_resume(TALLOC_CTX *ctx, const struct options *options);
int scan_results(TALLOC_CTX *ctx, const struct options *options);

/* The scan of the second operand, its name owned by ctx.  0, or the exit status. */
int scan_named(TALLOC_CTX *ctx, const struct options *options, struct store *store,
               struct store_scan *ret);

#endif
