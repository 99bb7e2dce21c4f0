/* SPDX-License-Identifier: MIT */
/* meter.c - counters, and how Prometheus reads them.  Labels come from our own tables only: nobody
 * can add a series by what he sends. */
#include "serve/meter.h"

#include <stdio.h>

#include "mtasts/version.h"
#include "serve/route.h"
#include "serve/service.h"

#define CLASSES 5 /* 1xx to 5xx */

/* Milliseconds; a page out of memory takes 1, a check that is waited for some seconds. */
static const int64_t bounds[] = {1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 5000, 20000};
#define BOUNDS (sizeof(bounds) / sizeof(bounds[0]))

struct counted {
    const struct route *route;
    uint64_t classes[CLASSES];
};

struct meter {
    struct counted *routes; /* and one for what is none's */
    size_t route_count;
    uint64_t buckets[BOUNDS + 1];
    int64_t sum;
    uint64_t refused[METER_REFUSALS];
    uint64_t accepted;
};

struct meter *meter_new(TALLOC_CTX *ctx, const struct service *service)
{
    struct meter *meter = talloc_zero(ctx, struct meter);
    size_t count = 1;

    for (size_t i = 0; i < service->table_count; i++)
        count += service->tables[i]->count;
    if (meter)
        meter->routes = talloc_zero_array(meter, struct counted, count);
    if (!meter || !meter->routes)
        return NULL;
    for (size_t i = 0; i < service->table_count; i++)
        for (size_t j = 0; j < service->tables[i]->count; j++)
            meter->routes[meter->route_count++].route = &service->tables[i]->routes[j];
    meter->route_count++;
    return meter;
}

void meter_count(struct meter *meter, const struct meter_request *request)
{
    size_t at = 0, bucket = 0;
    unsigned class = request->status / 100;

    while (at + 1 < meter->route_count && meter->routes[at].route != request->route)
        at++;
    if (class >= 1 && class <= CLASSES)
        meter->routes[at].classes[class - 1]++;
    while (bucket < BOUNDS && request->milliseconds > bounds[bucket])
        bucket++;
    meter->buckets[bucket]++;
    meter->sum += request->milliseconds;
}

void meter_refuse(struct meter *meter, enum meter_refusal reason)
{
    meter->refused[reason]++;
}

void meter_accept(struct meter *meter)
{
    meter->accepted++;
}

/* ---- the text -------------------------------------------------------------------------------- */

static void head(char **text, const char *name, const char *type, const char *help)
{
    if (*text)
        *text = talloc_asprintf_append_buffer(*text, "# HELP %s %s\n# TYPE %s %s\n", name, help,
                                              name, type);
}

static void put(char **text, const char *name, const char *labels, double value)
{
    if (*text)
        *text = talloc_asprintf_append_buffer(*text, "%s%s %.15g\n", name, labels, value);
}

/* Several methods of one pattern are one series each. */
static const char *method_of(const struct route *route)
{
    static const char *const names[] = {"GET",   "HEAD",   "POST",    "PUT",
                                        "PATCH", "DELETE", "OPTIONS", "other"};

    return route ? names[route->method] : "";
}

static void put_requests(char **text, const struct meter *meter)
{
    static const char name[] = "mtasts_http_requests_total";

    head(text, name, "counter", "Requests answered, by route and class of the status.");
    for (size_t i = 0; i < meter->route_count; i++)
        for (unsigned class = 0; class < CLASSES; class ++) {
            const struct counted *counted = &meter->routes[i];
            char labels[256];

            if (!counted->classes[class])
                continue;
            snprintf(labels, sizeof(labels), "{method=\"%s\",route=\"%s\",class=\"%uxx\"}",
                     method_of(counted->route), counted->route ? counted->route->pattern : "none",
                     class + 1);
            put(text, name, labels, (double)counted->classes[class]);
        }
}

static void put_latency(char **text, const struct meter *meter)
{
    uint64_t sum = 0;
    char labels[64];

    head(text, "mtasts_http_request_seconds", "histogram",
         "From the head of a request to the end of its answer.");
    for (size_t i = 0; i < BOUNDS; i++) {
        sum += meter->buckets[i];
        snprintf(labels, sizeof(labels), "{le=\"%g\"}", (double)bounds[i] / 1000);
        put(text, "mtasts_http_request_seconds_bucket", labels, (double)sum);
    }
    sum += meter->buckets[BOUNDS];
    put(text, "mtasts_http_request_seconds_bucket", "{le=\"+Inf\"}", (double)sum);
    put(text, "mtasts_http_request_seconds_sum", "", (double)meter->sum / 1000);
    put(text, "mtasts_http_request_seconds_count", "", (double)sum);
}

static void put_refused(char **text, const struct meter *meter)
{
    static const char *const names[METER_REFUSALS] = {[METER_CONNECTIONS] = "connections",
                                                      [METER_ADDRESS] = "address",
                                                      [METER_FILES] = "open_files",
                                                      [METER_DEADLINE] = "deadline",
                                                      [METER_SLOW_READER] = "slow_reader",
                                                      [METER_HOST] = "host",
                                                      [METER_FOREIGN] = "foreign_form",
                                                      [METER_MALFORMED] = "malformed",
                                                      [METER_TOO_LARGE] = "too_large",
                                                      [METER_SPACE] = "space",
                                                      [METER_TLS] = "tls"};
    char labels[64];

    head(text, "mtasts_http_refused_total", "counter",
         "Connections and requests refused or given up, by reason.");
    for (size_t i = 0; i < METER_REFUSALS; i++) {
        snprintf(labels, sizeof(labels), "{reason=\"%s\"}", names[i]);
        put(text, "mtasts_http_refused_total", labels, (double)meter->refused[i]);
    }
}

static void put_one(char **text, const char *name, const char *type, const char *help, double value)
{
    head(text, name, type, help);
    put(text, name, "", value);
}

char *meter_text(TALLOC_CTX *ctx, const struct meter *meter, const struct meter_now *now)
{
    char *text = talloc_strdup(ctx, "");

    head(&text, "mtasts_build_info", "gauge", "The version of the program; always 1.");
    put(&text, "mtasts_build_info", "{version=\"" MTASTS_VERSION "\"}", 1);
    put_requests(&text, meter);
    put_latency(&text, meter);
    put_refused(&text, meter);
    put_one(&text, "mtasts_http_connections_total", "counter", "Connections accepted.",
            (double)meter->accepted);
    put_one(&text, "mtasts_http_connections", "gauge", "Connections that are open.",
            (double)now->connections);
    put_one(&text, "mtasts_http_answering", "gauge", "Requests under way, streams included.",
            (double)now->streams);
    put_one(&text, "mtasts_loop_longest_hold_seconds", "gauge",
            "The longest turn of the event loop since these metrics were last read.",
            (double)now->longest_hold_ms / 1000);
    if (now->certificate_expires)
        put_one(&text, "mtasts_http_certificate_not_after_seconds", "gauge",
                "When the certificate of this service expires, since 1970.",
                (double)now->certificate_expires);
    put_one(&text, "mtasts_jobs_waiting", "gauge", "Jobs that wait for a worker thread.",
            (double)now->jobs_waiting);
    return text;
}
