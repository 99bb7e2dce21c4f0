/* SPDX-License-Identifier: MIT */
/* collector_metrics.h - what a collector counts, in the text format of Prometheus. */
#ifndef COLLECT_COLLECTOR_METRICS_H
#define COLLECT_COLLECTOR_METRICS_H

#include "collect/collector.h"

/* Owned by ctx; NULL: no memory. */
char *collector_metrics(TALLOC_CTX *ctx, const struct collector_counts *counts);
/* The same in one line, for a log: the same in every language. */
char *collector_line(TALLOC_CTX *ctx, const struct collector_counts *counts);

#endif
