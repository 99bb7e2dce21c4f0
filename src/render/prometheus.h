/* SPDX-License-Identifier: MIT */
/* prometheus.h - what is known of domains in the text format of Prometheus (version 0.0.4), for the
 * textfile collector of its node exporter.
 *
 * All metrics are gauges but the counter of changes, which goes on from the text written before:
 * the file is its memory.  Each metric stands together with its HELP and TYPE, each set of labels
 * once; strangers' text is made printable and escaped.  Names never change their meaning. */
#ifndef RENDER_PROMETHEUS_H
#define RENDER_PROMETHEUS_H

#include <talloc.h>

#include "base/bytes.h"
#include "history/session_log.h"
#include "rules/rules.h"

struct prometheus;

/* one_hot: of each set of values those too that do not hold, as 0.  NULL: no memory. */
struct prometheus *prometheus_new(TALLOC_CTX *ctx, bool one_hot);
/* What prometheus_text() made the last time; whatever else it is does no harm. */
void prometheus_continue(struct prometheus *prometheus, struct bytes before);
/* A domain as it was seen last; sessions may be NULL.  Nothing is borrowed.  Each domain once. */
void prometheus_add(struct prometheus *prometheus, const struct diagnosis *diagnosis,
                    const struct recent_sessions *sessions);
/* Was it seen in this pass, or is it known from an earlier one only? */
void prometheus_seen(struct prometheus *prometheus, const char *domain, bool seen);
/* So many changes more were reported of a domain that prometheus_seen() was told of. */
void prometheus_changed(struct prometheus *prometheus, const char *domain, size_t count);
/* The pass over all of them has ended. */
void prometheus_pass(struct prometheus *prometheus, int64_t at);
/* The whole text, owned by ctx; NULL: memory ran out on the way. */
char *prometheus_text(TALLOC_CTX *ctx, struct prometheus *prometheus);

#endif
