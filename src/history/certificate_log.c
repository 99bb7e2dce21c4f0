/* SPDX-License-Identifier: MIT */
/* certificate_log.c - when hosts of a domain got other certificates. */
#include "history/certificate_log.h"

#include <string.h>

#include "history/reading.h"

/* The newest: what a host shows that has another one for each client fills no page. */
#define CERTIFICATES_MAX 300

struct certificate_reader {
    struct history_reading reading;
    struct store_certificate *list; /* the newest first */
    size_t count;
    int64_t now;
};

static bool take(void *arg, const struct store_certificate *from)
{
    struct certificate_reader *reader = arg;
    struct history_reading *reading = &reader->reading;
    struct store_certificate *one;

    if (from->first_seen > reader->now)
        return true;
    one = reading_grow(reading, &reader->list, &reader->count, sizeof(*one));
    if (!one)
        return false;
    *one = (struct store_certificate){.service = reading_copy(reading, from->service),
                                      .host = reading_copy(reading, from->host),
                                      .ends = from->ends,
                                      .first_seen = from->first_seen};
    return !reading->no_memory;
}

static bool is_of(const char *service, const char *host, const struct store_certificate *other)
{
    return !strcmp(host, other->host) && !strcmp(service, other->service);
}

/* Had the host another one before? */
static bool replaces(const struct certificate_reader *reader, size_t at)
{
    const struct store_certificate *one = &reader->list[at];

    for (size_t i = at + 1; i < reader->count; i++)
        if (reader->list[i].first_seen < one->first_seen &&
            is_of(one->service, one->host, &reader->list[i]))
            return true;
    return false;
}

/* The change that the same check saw at that host; NULL: it is the first. */
static struct certificate_change *same_of(struct certificate_log *log,
                                          const struct store_certificate *one)
{
    for (size_t i = log->count; i-- && log->changes[i].at == one->first_seen;)
        if (is_of(log->changes[i].service, log->changes[i].host, one))
            return &log->changes[i];
    return NULL;
}

static void add_change(struct certificate_log *log, const struct store_certificate *one)
{
    struct certificate_change *same = same_of(log, one);

    if (!same)
        log->changes[log->count++] =
            (struct certificate_change){one->first_seen, one->service, one->host, one->ends};
    else if (one->ends < same->ends)
        same->ends = one->ends;
}

enum sts_status certificate_log_read(TALLOC_CTX *ctx, struct store *store, const char *domain,
                                     int64_t now, struct certificate_log *ret)
{
    struct certificate_reader reader = {.reading = {.model = ctx}, .now = now};
    struct certificate_log log = {.count = 0};
    enum sts_status status = store_certificates(store, domain, CERTIFICATES_MAX, take, &reader);

    status = reading_status(&reader.reading, status);
    if (status)
        return status;
    log.changes = talloc_array(ctx, struct certificate_change, (unsigned)reader.count + 1);
    if (!log.changes)
        return STS_E_NOMEM;
    for (size_t i = reader.count; i--;)
        if (replaces(&reader, i))
            add_change(&log, &reader.list[i]);
    *ret = log;
    return STS_OK;
}
