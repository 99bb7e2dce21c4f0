/* SPDX-License-Identifier: MIT */
/* session_log.c - TLS sessions that the stored reports on one domain count. */
#include "history/session_log.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "history/reading.h"
#include "history/sender_names.h"
#include "reports/reports.h"
#include "store/rollups.h"

/* ---- reading --------------------------------------------------------------------------------- */

struct session_reader {
    struct history_reading reading; /* into the log */
    struct session_log *log;
    struct names texts; /* of senders, where there are many days of each */
};

static bool add_report(void *arg, const struct store_sessions *sessions)
{
    struct session_reader *reader = arg;
    struct session_log *log = reader->log;
    struct reported *made =
        reading_grow(&reader->reading, &log->reports, &log->count, sizeof(*made));

    if (!made)
        return false;
    *made = (struct reported){.submitter = reading_copy(&reader->reading, sessions->submitter),
                              .begins = sessions->begins,
                              .ends = sessions->ends,
                              .received_at = sessions->received_at,
                              .successful = sessions->successful,
                              .failed = sessions->failed};
    return !reader->reading.no_memory;
}

enum sts_status session_log_read(TALLOC_CTX *ctx, struct store *store, const char *domain,
                                 int64_t since, struct session_log **ret)
{
    struct session_log *log = talloc_zero(ctx, struct session_log);
    struct session_reader reader = {.reading = {.model = log}, .log = log};
    enum sts_status status =
        log ? store_sessions(store, domain, since, add_report, &reader) : STS_E_NOMEM;

    status = reading_status(&reader.reading, status);
    if (status)
        talloc_free(log);
    else
        *ret = log;
    return status;
}

/* ---- by day ---------------------------------------------------------------------------------- */

static bool add_day(void *arg, const struct store_sender_day *day)
{
    struct session_reader *reader = arg;
    struct session_log *log = reader->log;
    struct reported *made =
        reading_grow(&reader->reading, &log->reports, &log->count, sizeof(*made));

    if (!made)
        return false;
    *made = (struct reported){.submitter = texts_get(&reader->texts, day->sender),
                              .begins = day->begins,
                              .ends = day->ends,
                              .received_at = day->ends,
                              .successful = day->successful,
                              .failed = day->failed,
                              .more = (size_t)day->reports - 1};
    return !reader->texts.no_memory;
}

static int by_begin(const void *left, const void *right)
{
    const struct reported *a = left, *b = right;

    return (a->begins > b->begins) - (a->begins < b->begins);
}

enum sts_status session_log_read_days(TALLOC_CTX *ctx, struct store *store, const char *domain,
                                      struct session_log **ret)
{
    static const struct store_day_range all = {INT64_MIN, INT64_MAX};
    struct session_log *log = talloc_zero(ctx, struct session_log);
    struct session_reader reader = {.reading = {.model = log}, .log = log};
    enum sts_status status = STS_E_NOMEM;

    names_begin(&reader.texts, log, sizeof(const char *));
    if (log)
        status = store_sender_days(store, domain, &all, add_day, &reader);
    reader.reading.no_memory |= reader.texts.no_memory;
    status = reading_status(&reader.reading, status);
    if (status) {
        talloc_free(log);
        return status;
    }
    if (log->count)
        qsort(log->reports, log->count, sizeof(*log->reports), by_begin);
    *ret = log;
    return STS_OK;
}

/* ---- names of senders ------------------------------------------------------------------------ */

enum sts_status session_log_name_senders(struct session_log *log, struct store *store,
                                         const char *domain)
{
    struct names names;
    enum sts_status status = sender_names_read(log, store, domain, &names);

    for (size_t i = 0; !status && i < log->count; i++)
        log->reports[i].submitter = sender_names_find(&names, log->reports[i].submitter);
    return status;
}

size_t session_log_until(const struct session_log *log, int64_t at)
{
    size_t count = log->count;

    while (count && log->reports[count - 1].begins > at)
        count--;
    return count;
}

void session_log_keep_known(struct session_log *log, int64_t now)
{
    size_t count = 0;

    for (size_t i = 0; i < log->count; i++)
        if (log->reports[i].ends <= now && log->reports[i].received_at <= now)
            log->reports[count++] = log->reports[i];
    log->count = count;
}

/* ---- sums ------------------------------------------------------------------------------------ */

static int64_t sum(int64_t a, int64_t b)
{
    return a > INT64_MAX - b ? INT64_MAX : a + b;
}

struct recent_sessions session_log_recent(const struct session_log *log, int64_t now)
{
    struct recent_sessions recent = {.any = log->count > 0};

    for (size_t i = 0; i < log->count; i++) {
        const struct reported *report = &log->reports[i];

        if (report->ends > recent.last_report)
            recent.last_report = report->ends;
        if (report->ends < now - RECENT_SESSIONS_DAYS * ADVISORY_DAY)
            continue;
        recent.successful = sum(recent.successful, report->successful);
        recent.failed = sum(recent.failed, report->failed);
    }
    return recent;
}

static void count_report(struct session_sums *sums, const struct reported *report)
{
    sums->successful = sum(sums->successful, report->successful);
    sums->failed = sum(sums->failed, report->failed);
}

static struct session_sums *day_of(struct names *days, const struct reported *report)
{
    char name[CLOCK_TEXT_SIZE];

    clock_format(report->begins, name);
    name[strcspn(name, "T")] = '\0';
    return names_get(days, name);
}

enum sts_status session_log_by_day(TALLOC_CTX *ctx, const struct session_log *log, size_t count,
                                   struct names *ret)
{
    names_begin(ret, ctx, sizeof(struct session_sums));
    for (size_t i = 0; i < count; i++) {
        const struct reported *report = &log->reports[i];
        struct session_sums *day = day_of(ret, report), *sender;

        if (!day)
            return STS_E_NOMEM;
        if (!day->senders.ctx)
            names_begin(&day->senders, ctx, sizeof(struct session_sums));
        sender = names_get(&day->senders, report->submitter);
        if (!sender)
            return STS_E_NOMEM;
        count_report(day, report);
        count_report(sender, report);
    }
    return STS_OK;
}
