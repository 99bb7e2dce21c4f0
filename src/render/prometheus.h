/* SPDX-License-Identifier: MIT */
/* prometheus.h - what is known of domains in the text format of Prometheus (version 0.0.4), for the
 * textfile collector of its node exporter.
 *
 * All metrics are gauges.  Each metric stands together with its HELP and TYPE, each set of labels
 * once; strangers' text is made printable and escaped.  Names never change their meaning. */
#ifndef RENDER_PROMETHEUS_H
#define RENDER_PROMETHEUS_H

#include <talloc.h>

#include "history/session_log.h"
#include "rules/rules.h"

struct prometheus;

/* NULL: no memory. */
struct prometheus *prometheus_new(TALLOC_CTX *ctx);
/* A domain as it was seen last; sessions may be NULL.  Nothing is borrowed.  Each domain once. */
void prometheus_add(struct prometheus *prometheus, const struct diagnosis *diagnosis,
                    const struct recent_sessions *sessions);
/* Was it seen in this pass, or is it known from an earlier one only? */
void prometheus_seen(struct prometheus *prometheus, const char *domain, bool seen);
/* The whole text, owned by ctx; NULL: memory ran out on the way. */
char *prometheus_text(TALLOC_CTX *ctx, const struct prometheus *prometheus);

#endif
