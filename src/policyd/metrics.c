/* SPDX-License-Identifier: MIT */
/* metrics.c - a row for each counter. */
#include "policyd/metrics.h"

#include <inttypes.h>
#include <stdio.h>

#include "mtasts/version.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void head(char **text, const char *name, const char *type, const char *help)
{
    if (*text)
        *text = talloc_asprintf_append_buffer(*text, "# HELP %s %s\n# TYPE %s %s\n", name, help,
                                              name, type);
}

static void put(char **text, const char *name, uint64_t value)
{
    if (*text)
        *text = talloc_asprintf_append_buffer(*text, "%s %" PRIu64 "\n", name, value);
}

static void put_labelled(char **text, const char *name, const char *label, const char *value,
                         uint64_t number)
{
    if (*text)
        *text = talloc_asprintf_append_buffer(*text, "%s{%s=\"%s\"} %" PRIu64 "\n", name, label,
                                              value, number);
}

static void put_answers(char **text, const struct policyd_counts *counts)
{
    static const char name[] = "mtasts_policyd_answers_total";

    head(text, name, "counter", "Answers to mail servers, by what they say.");
    for (size_t i = 0; i < POLICY_ANSWERS; i++)
        put_labelled(text, name, "answer", policy_answer_name((enum policy_answer)i),
                     counts->answers[i]);
}

static void put_downgrades(char **text, const struct policyd_counts *counts)
{
    static const char name[] = "mtasts_policyd_downgrades_total";

    head(text, name, "counter", "Lookups that found less protection than before, by what.");
    for (size_t i = 0; i < DOWNGRADES; i++)
        put_labelled(text, name, "what", downgrade_name((enum downgrade)i), counts->downgrades[i]);
}

static void put_latency(char **text, const struct policyd_counts *counts)
{
    static const char name[] = "mtasts_policyd_answer_seconds";
    static const char *const bounds[POLICYD_BUCKETS] = {"0.001", "0.01", "0.1", "1", "5", "+Inf"};
    char bucket[64];
    uint64_t sum = 0;

    head(text, name, "histogram", "From a request to its answer.");
    snprintf(bucket, sizeof(bucket), "%s_bucket", name);
    for (size_t i = 0; i < POLICYD_BUCKETS; i++) {
        sum += counts->buckets[i];
        put_labelled(text, bucket, "le", bounds[i], sum);
    }
    if (*text)
        *text = talloc_asprintf_append_buffer(*text, "%s_sum %.15g\n%s_count %" PRIu64 "\n", name,
                                              (double)counts->elapsed_ms / 1000, name, sum);
}

char *policyd_metrics(TALLOC_CTX *ctx, const struct policyd_counts *counts)
{
    const struct {
        const char *name, *type, *help;
        uint64_t value;
    } rows[] = {
        {"mtasts_policyd_requests_total", "counter", "Requests of mail servers.", counts->requests},
        {"mtasts_policyd_late_total", "counter",
         "Answers given before the lookup was complete, as it took longer than 5 seconds.",
         counts->late},
        {"mtasts_policyd_refused_total", "counter",
         "Replies that were not sent, as Postfix would not have taken them.", counts->refused},
        {"mtasts_policyd_overridden_total", "counter", "Answers as an override says.",
         counts->overridden},
        {"mtasts_policyd_lookups_total", "counter",
         "Lookups of records, policies and DANE that were begun.", counts->lookups},
        {"mtasts_policyd_fetch_failures_total", "counter",
         "Policies that could not be fetched or used.", counts->failures},
        {"mtasts_policyd_local_failures_total", "counter",
         "Fetches that failed because of this machine or its network.", counts->local_failures},
        {"mtasts_policyd_local_trouble", "gauge",
         "1 while this machine or its network prevents fetching policies.", counts->trouble},
        {"mtasts_policyd_closed_total", "counter",
         "Idle connections that were closed, as file descriptors ran short.", counts->closed},
        {"mtasts_policyd_connections", "gauge", "Connections of mail servers that are open.",
         counts->connections},
        {"mtasts_policyd_domains", "gauge", "Domains in the cache.", counts->domains},
        {"mtasts_policyd_stored_total", "counter", "Domains written to the store.",
         counts->store.saved},
        {"mtasts_policyd_store_failures_total", "counter", "Reads and writes of it that failed.",
         counts->store.failed},
        {"mtasts_policyd_store_failing", "gauge",
         "1 while the store does not work and the cache is in memory only.", counts->store.failing},
    };
    char *text = talloc_strdup(ctx, "");

    head(&text, "mtasts_build_info", "gauge", "The version of the program; always 1.");
    put(&text, "mtasts_build_info{version=\"" MTASTS_VERSION "\"}", 1);
    put_answers(&text, counts);
    put_latency(&text, counts);
    put_downgrades(&text, counts);
    for (size_t i = 0; i < COUNT(rows); i++) {
        head(&text, rows[i].name, rows[i].type, rows[i].help);
        put(&text, rows[i].name, rows[i].value);
    }
    return text;
}
