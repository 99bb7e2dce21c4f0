/* SPDX-License-Identifier: MIT */
/* collect_log.h - mtasts collect --from-log: sessions of Postfix before 3.10, which reports none,
 * counted out of its log.
 *
 * Idempotent: a time is stored up to which a log was read, in the transaction that counts, and
 * lines up to it are not counted again, in whatever file they are.  The last seconds wait for the
 * next run, since lines of them may be missing yet. */
#ifndef CMD_COLLECT_LOG_H
#define CMD_COLLECT_LOG_H

#include "cmd/options.h"

int collect_log(TALLOC_CTX *ctx, const struct options *options);

#endif
