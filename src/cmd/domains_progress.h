/* SPDX-License-Identifier: MIT */
/* domains_progress.h - on a terminal, how far a pass over many domains has come: the line of a scan
 * (scan_progress.h), anew some times a second, also while nothing ends. */
#ifndef CMD_DOMAINS_PROGRESS_H
#define CMD_DOMAINS_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

struct domains_progress;
struct loop;

/* Freed, it leaves no line behind. */
STS_MUST_USE enum sts_status domains_progress_new(TALLOC_CTX *ctx, struct loop *loop, size_t count,
                                                  int64_t timeout_ms,
                                                  struct domains_progress **ret);
/* So many looks have begun, in the order of their indexes. */
void domains_progress_begun(struct domains_progress *progress, size_t begun);
void domains_progress_ended(struct domains_progress *progress, size_t index);
/* A verdict was critical. */
void domains_progress_critical(struct domains_progress *progress);

#endif
