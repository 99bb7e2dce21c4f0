/* SPDX-License-Identifier: MIT */
/* log.c - one line a request: time, client, method, path, status, bytes, seconds, id.  Queries are
 * left out, since they may hold what is nobody's business. */
#include "serve/log.h"

#include <string.h>

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

/* A blank that was encoded stays so: else a path could hold a status of its own. */
static char *one_word(TALLOC_CTX *ctx, const char *path)
{
    char *word = talloc_strdup(ctx, "");

    while (word && *path) {
        size_t length = strcspn(path, " ");

        word = talloc_asprintf_append_buffer(word, "%.*s%s", (int)length, path,
                                             path[length] ? "%20" : "");
        path += length + (path[length] == ' ');
    }
    return word;
}

void log_request(const struct exchange *exchange, struct meter *meter)
{
    int64_t spent = clock_monotonic_ms() - exchange->begun_at;
    const char *address = exchange->visitor.address;
    char *path;
    char now[CLOCK_TEXT_SIZE];

    meter_count(meter, &(struct meter_request){exchange->match.route, exchange->status, spent});
    if (!exchange->service->access_log)
        return;
    clock_format(clock_now(), now);
    path = one_word(exchange->request, exchange->request->path);
    service_say(exchange->service, "%s %s %s %s %u %lld %lld.%03lld %s", now,
                *address ? address : "-", method_name(exchange->request->method), path ? path : "-",
                exchange->status, (long long)exchange->sent, (long long)(spent / 1000),
                (long long)(spent % 1000), exchange->id);
}
