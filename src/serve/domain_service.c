/* SPDX-License-Identifier: MIT */
/* domain_service.c - reading what is known of one domain, for whoever may see it. */
#include "serve/domain_service.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "serve/account_pages.h"
#include "serve/exchange.h"

#define DAY          86400
#define DAYS_DEFAULT 90
#define DAYS_MOST    366

/* ---- what is asked for ----------------------------------------------------------------------- */

static int64_t days_of(const struct exchange *exchange)
{
    const char *text = exchange_query(exchange, "days");

    if (text && !strcmp(text, "30"))
        return 30;
    return text && !strcmp(text, "365") ? 365 : DAYS_DEFAULT;
}

/* Midnight of a day, "2026-11-30"; 0: it is none. */
static int64_t day_of(TALLOC_CTX *ctx, const struct exchange *exchange, const char *name)
{
    const char *day = exchange_query(exchange, name);
    char *text = day && strlen(day) == strlen("2026-11-30")
                     ? talloc_asprintf(ctx, "%sT00:00:00Z", day)
                     : NULL;
    int64_t when;

    return text && clock_parse(text, &when) && when > 0 ? when : 0;
}

/* In place of a number of days. */
static void set_range(struct domain_reading *reading, const struct exchange *exchange)
{
    struct domain_summary_request *request = &reading->request;
    int64_t from = day_of(reading, exchange, "from"), to = day_of(reading, exchange, "to");

    request->until = to && to + DAY - 1 < request->now ? to + DAY - 1 : request->now;
    if (from && from <= request->until) {
        request->days = request->until / DAY - from / DAY + 1;
        if (request->days > DAYS_MOST)
            request->days = DAYS_MOST;
    }
}

/* NULL: nothing, or an empty choice. */
static const char *picked(TALLOC_CTX *ctx, const struct exchange *exchange, const char *name)
{
    const char *text = exchange_query(exchange, name);

    return text && *text ? talloc_strdup(ctx, text) : NULL;
}

static struct domain_reading *reading_new(struct exchange *exchange, const struct access *access,
                                          domain_read_fn done)
{
    struct domain_reading *reading = talloc_zero(exchange, struct domain_reading);

    if (!reading)
        return NULL;
    reading->done = done;
    reading->role = access->role;
    reading->group = access->group;
    reading->request =
        (struct domain_summary_request){.domain = talloc_strdup(reading, access->domain),
                                        .now = clock_now(),
                                        .days = days_of(exchange),
                                        .pick = {.sender = picked(reading, exchange, "sender"),
                                                 .mx = picked(reading, exchange, "mx"),
                                                 .result_type = picked(reading, exchange, "type"),
                                                 .sending_ip = picked(reading, exchange, "ip")}};
    set_range(reading, exchange);
    if (!reading->request.domain)
        TALLOC_FREE(reading);
    return reading;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void on_read(struct exchange *exchange, void *data)
{
    const struct domain_reading *reading = talloc_steal(exchange, data);

    reading->done(exchange, reading);
}

static enum sts_status read_summary(struct store *store, void *data)
{
    struct domain_reading *reading = data;

    return domain_summary_read(reading, store, &reading->request, &reading->summary);
}

static enum sts_status read_history(struct store *store, void *data)
{
    struct domain_reading *reading = data;
    const struct domain_history_request request = {
        .domain = reading->request.domain, .now = reading->request.now, .since = INT64_MIN};

    return domain_history_read(reading, store, &request, &reading->history);
}

/* ---- for whoever may see it ------------------------------------------------------------------ */

void domain_summary_ask(struct exchange *exchange, const struct access *access, domain_read_fn done)
{
    account_pages_read(exchange, read_summary, reading_new(exchange, access, done), on_read);
}

void domain_brief_ask(struct exchange *exchange, const struct access *access, domain_read_fn done)
{
    struct domain_reading *reading = reading_new(exchange, access, done);

    if (reading)
        reading->request.brief = true;
    account_pages_read(exchange, read_summary, reading, on_read);
}

void domain_history_ask(struct exchange *exchange, const struct access *access, domain_read_fn done)
{
    account_pages_read(exchange, read_history, reading_new(exchange, access, done), on_read);
}
