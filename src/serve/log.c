/* SPDX-License-Identifier: MIT */
/* log.c - one line a request: time, client, method, path, status, bytes, seconds, id.  Queries are
 * left out, since they may hold what is nobody's business. */
#include "serve/log.h"

#include "base/clock.h"
#include "serve/exchange_work.h"
#include "serve/meter.h"
#include "serve/service.h"

static const char *method_name(enum http_method method)
{
    static const char *const names[] = {"GET",   "HEAD",   "POST",    "PUT",
                                        "PATCH", "DELETE", "OPTIONS", "-"};

    return names[method];
}

void log_request(const struct exchange *exchange, struct meter *meter)
{
    int64_t spent = clock_monotonic_ms() - exchange->begun_at;
    const char *address = exchange->visitor.address;
    char now[CLOCK_TEXT_SIZE];

    meter_count(meter, &(struct meter_request){exchange->match.route, exchange->status, spent});
    if (!exchange->service->access_log)
        return;
    clock_format(clock_now(), now);
    service_say(exchange->service, "%s %s %s %s %u %lld %lld.%03lld %s", now,
                *address ? address : "-", method_name(exchange->request->method),
                exchange->request->path, exchange->status, (long long)exchange->sent,
                (long long)(spent / 1000), (long long)(spent % 1000), exchange->id);
}
