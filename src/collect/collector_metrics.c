/* SPDX-License-Identifier: MIT */
/* collector_metrics.c - metrics and the log line, from one table. */
#include "collect/collector_metrics.h"

#include <inttypes.h>

/* X(symbol, type, name, help, value) */
#define METRICS(X)                                                                                 \
    X(RECEIVED, "counter", "received_events_total", "Events received.", counts->received)          \
    X(TRUNCATED, "counter", "truncated_events_total", "Events too long to be read.",               \
      counts->truncated)                                                                           \
    X(LOST, "counter", "lost_events_total",                                                        \
      "Sessions that are not counted: no room, or a TLSRPT record could not be looked up.",        \
      counts->lost)                                                                                \
    X(FULL, "counter", "queue_full_total",                                                         \
      "How often the queue of the socket was full, so that mail servers may have lost events.",    \
      counts->full)                                                                                \
    X(FLUSHES, "counter", "flushes_total", "Flushes to the store.", counts->flushes)               \
    X(FAILURES, "counter", "flush_failures_total", "Flushes to the store that failed.",            \
      counts->failures)                                                                            \
    X(WAITING, "gauge", "unstored_bytes", "Memory of what is counted and not stored yet.",         \
      counts->waiting_bytes)                                                                       \
    X(FLUSHED, "gauge", "last_flush_timestamp_seconds",                                            \
      "When something was stored last; 0: not yet.", (uint64_t)counts->flushed_at)

static char *add_faults(char *text, const struct collector_counts *counts)
{
    text = talloc_asprintf_append_buffer(
        text, "# HELP mtasts_collect_rejected_events_total Events that are none, by reason.\n"
              "# TYPE mtasts_collect_rejected_events_total counter\n");
    for (int i = SESSION_EVENT_NONE + 1; text && i < SESSION_EVENT_FAULT_COUNT; i++)
        text = talloc_asprintf_append_buffer(
            text, "mtasts_collect_rejected_events_total{reason=\"%s\"} %" PRIu64 "\n",
            session_event_fault_name((enum session_event_fault)i), counts->faults[i]);
    return text;
}

char *collector_metrics(TALLOC_CTX *ctx, const struct collector_counts *counts)
{
    const struct {
        const char *type, *name, *help;
        uint64_t value;
    } metrics[] = {
#define X(symbol, type, name, help, value) {type, name, help, value},
        METRICS(X)
#undef X
    };
    char *text = talloc_strdup(ctx, "");

    for (size_t i = 0; text && i < sizeof(metrics) / sizeof(metrics[0]); i++)
        text = talloc_asprintf_append_buffer(
            text,
            "# HELP mtasts_collect_%s %s\n# TYPE mtasts_collect_%s %s\nmtasts_collect_%s %" PRIu64
            "\n",
            metrics[i].name, metrics[i].help, metrics[i].name, metrics[i].type, metrics[i].name,
            metrics[i].value);
    return text ? add_faults(text, counts) : NULL;
}

char *collector_line(TALLOC_CTX *ctx, const struct collector_counts *counts)
{
    uint64_t rejected = 0;

    for (int i = SESSION_EVENT_NONE + 1; i < SESSION_EVENT_FAULT_COUNT; i++)
        rejected += counts->faults[i];
    return talloc_asprintf(ctx,
                           "received=%" PRIu64 " rejected=%" PRIu64 " truncated=%" PRIu64
                           " lost=%" PRIu64 " queue-full=%" PRIu64 " flushes=%" PRIu64
                           " flush-failures=%" PRIu64 " unstored-bytes=%" PRIu64 "\n",
                           counts->received, rejected, counts->truncated, counts->lost,
                           counts->full, counts->flushes, counts->failures, counts->waiting_bytes);
}
