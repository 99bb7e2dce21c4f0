/* SPDX-License-Identifier: MIT */
/* metrics.h - how the reports that we send are doing, for Prometheus. */
#ifndef SUBMIT_METRICS_H
#define SUBMIT_METRICS_H

#include <talloc.h>

#include "store/outgoing.h"

/* All of them are gauges, from the store: each run is a process of its own, and several machines
 * may share the store.  organization: the domain of the submitter.  NULL: no memory. */
char *submit_metrics(TALLOC_CTX *ctx, const char *organization,
                     const struct store_outgoing_numbers *numbers, int64_t now);

#endif
