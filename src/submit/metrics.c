/* SPDX-License-Identifier: MIT */
/* metrics.c - what the store counts, as gauges. */
#include "submit/metrics.h"

#include <inttypes.h>

static char *add(char *text, const char *name, const char *help)
{
    return talloc_asprintf_append_buffer(text,
                                         "# HELP mtasts_send_reports_%s %s\n"
                                         "# TYPE mtasts_send_reports_%s gauge\n",
                                         name, help, name);
}

static char *add_one(char *text, const char *name, const char *help, const char *organization,
                     int64_t value)
{
    text = add(text, name, help);
    return text ? talloc_asprintf_append_buffer(
                      text, "mtasts_send_reports_%s{organization=\"%s\"} %" PRId64 "\n", name,
                      organization, value)
                : NULL;
}

char *submit_metrics(TALLOC_CTX *ctx, const char *organization,
                     const struct store_outgoing_numbers *numbers, int64_t now)
{
    char *text = talloc_strdup(ctx, "");

    if (text)
        text = add(text, "deliveries",
                   "Reports on the last days, one for each destination, by state.");
    for (int i = 0; text && i < STORE_OUTGOING_STATE_COUNT; i++)
        text = talloc_asprintf_append_buffer(
            text, "mtasts_send_reports_deliveries{organization=\"%s\",state=\"%s\"} %" PRId64 "\n",
            organization, store_outgoing_state_name((enum store_outgoing_state)i),
            numbers->deliveries[i]);
    if (text)
        text = add_one(text, "failing_destinations", "Destinations whose last delivery failed.",
                       organization, numbers->failing);
    return text ? add_one(text, "last_run_timestamp_seconds",
                          "When the last run ended that could write to the store.", organization,
                          now)
                : NULL;
}
