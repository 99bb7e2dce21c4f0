/* SPDX-License-Identifier: MIT */
/* metrics.h - the counters of the policy daemon in the text format of Prometheus (version 0.0.4).
 *
 * Labels come from our own tables only: no domain or key that a client sends adds a series. */
#ifndef POLICYD_METRICS_H
#define POLICYD_METRICS_H

#include "policyd/server.h"

/* Owned by ctx; NULL: no memory. */
char *policyd_metrics(TALLOC_CTX *ctx, const struct policyd_counts *counts);

#endif
