/* SPDX-License-Identifier: MIT */
/* report_series.c - what the stored reports on one domain count, day by day.
 *
 * All of it is read out of the roll-ups (store/rollups.h): the text of a report, which a stranger
 * wrote, is parsed when it is stored, and not again for a page.
 *
 * Senders that report the same sessions under `sts` and under `tlsa` count them once: of these two
 * the details of the one with more failures are taken.  What failed by a summary and is explained
 * by no detail is of no type. */
#include "history/report_series.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "history/failure_kinds.h"
#include "history/reading.h"
#include "history/sender_names.h"
#include "store/rollups.h"

#define KEY_MAX 4096 /* the store bounds what makes one to some 2000 bytes */

struct series_reader {
    struct history_reading reading;
    const struct report_series_request *request;
    struct report_series *series;
    struct tally *tally;
    struct names names; /* of senders */
    struct failure_kinds *kinds;
    int64_t days, failures; /* rows of them */
    char day[16];           /* the text of the day whose failures are read */
    int64_t day_of;
};

static void add(int64_t *sum, int64_t more)
{
    *sum = more > INT64_MAX - *sum ? INT64_MAX : *sum + more;
}

static bool is_picked(const char *pick, const char *value)
{
    return !pick || !strcasecmp(pick, value);
}

/* ---- sessions -------------------------------------------------------------------------------- */

static void add_sessions(struct report_series *series, const struct tally_day *day, int64_t begins)
{
    char *key = talloc_asprintf(series, "%012" PRId64 "\n%s", begins, day->sender);
    struct series_sessions *made = key ? names_get(&series->sessions, key) : NULL;

    talloc_free(key);
    if (!made)
        return;
    made->day = begins;
    made->sender = texts_get(&series->texts, day->sender);
    add(&made->successful, day->successful);
    add(&made->failed, day->failed);
}

static void count_sender(struct names *senders, const struct tally_day *day)
{
    struct tally_count *sender = names_get(senders, day->sender);

    if (!sender)
        return;
    sender->reports += day->reports;
    add(&sender->successful, day->successful);
    add(&sender->failed, day->failed);
}

static bool take_day(void *arg, const struct store_sender_day *from)
{
    struct series_reader *reader = arg;
    struct report_series *series = reader->series;
    const struct tally_day day = {.domain = reader->request->domain,
                                  .sender = sender_names_find(&reader->names, from->sender),
                                  .begins = from->begins,
                                  .ends = from->ends,
                                  .reports = (size_t)from->reports,
                                  .successful = from->successful,
                                  .failed = from->failed};

    series->cut = ++reader->days > REPORT_SERIES_MAX;
    if (series->cut)
        return false;
    series->reports += day.reports;
    count_sender(&series->all.senders, &day);
    if (is_picked(reader->request->pick.sender, day.sender))
        add_sessions(series, &day, from->day * STORE_DAY_S);
    tally_add_day(reader->tally, &day);
    reader->reading.no_memory |= !failure_kinds_add_day(reader->kinds, from, day.sender);
    return !reader->reading.no_memory;
}

/* ---- failures -------------------------------------------------------------------------------- */

static void choice(struct names *names, const char *name, int64_t sessions)
{
    struct tally_count *count = *name ? names_get(names, name) : NULL;

    if (count)
        add(&count->failed, sessions);
}

static char *put_text(char *at, const char *end, const char *text)
{
    size_t length = strlen(text), room = (size_t)(end - at) - 2;

    length = length < room ? length : room;
    *at = '\n';
    memcpy(at + 1, text, length);
    at[length + 1] = '\0';
    return at + length + 1;
}

/* Day, sender, MX host and type.  The day is printed once for all of its failures. */
static void make_key(struct series_reader *reader, char key[KEY_MAX], int64_t day,
                     const struct tally_failure *failure)
{
    const char *end = key + KEY_MAX;
    char *at;

    if (!*reader->day || reader->day_of != day)
        (void)snprintf(reader->day, sizeof reader->day, "%012" PRId64, day);
    reader->day_of = day;
    memcpy(key, reader->day, sizeof reader->day);
    at = put_text(key + strlen(key), end - 8, failure->sender);
    at = put_text(at, end - 4, failure->mx);
    (void)put_text(at, end, failure->result_type);
}

static void add_failure(struct series_reader *reader, int64_t day,
                        const struct tally_failure *failure, int64_t sessions)
{
    struct report_series *series = reader->series;
    struct series_failure *made;
    char key[KEY_MAX];

    make_key(reader, key, day, failure);
    made = names_get(&series->failures, key);
    if (!made)
        return;
    if (!made->sender) {
        made->day = day;
        made->sender = texts_get(&series->texts, failure->sender);
        made->mx = texts_get(&series->texts, failure->mx);
        made->result_type = texts_get(&series->texts, failure->result_type);
    }
    add(&made->sessions, sessions);
}

static void take_detail(struct series_reader *reader, const struct failure_kind *kind,
                        const struct store_day_failure *from)
{
    const struct report_pick *pick = &reader->request->pick;
    const struct store_failure *one = &from->failure;

    choice(&reader->series->all.sending_ips, one->sending_ip, one->sessions);
    if (one->sessions && is_picked(pick->sender, kind->failure.sender) &&
        is_picked(pick->mx, one->mx) && is_picked(pick->result_type, one->type) &&
        is_picked(pick->sending_ip, one->sending_ip))
        add_failure(reader, from->day * STORE_DAY_S, &kind->failure, one->sessions);
}

static bool take_failure(void *arg, const struct store_day_failure *from)
{
    struct series_reader *reader = arg;
    const struct failure_kind *kind;

    if (++reader->failures > REPORT_SERIES_MAX) {
        reader->series->cut = true;
        return false;
    }
    kind = failure_kinds_add(reader->kinds, from);
    reader->reading.no_memory |= !kind;
    if (kind && !from->failure.twice)
        take_detail(reader, kind, from);
    return !reader->reading.no_memory;
}

static void add_choices(struct series_reader *reader)
{
    const struct names *kinds = failure_kinds_list(reader->kinds);
    struct report_choices *all = &reader->series->all;

    for (size_t i = 0; i < kinds->count; i++) {
        const struct failure_kind *kind = names_at(kinds, i);

        choice(&all->mx, kind->failure.mx, kind->once);
        choice(&all->result_types, kind->failure.result_type, kind->once);
    }
}

/* ---- all ------------------------------------------------------------------------------------- */

static bool ran_out(const struct report_series *series)
{
    const struct report_choices *all = &series->all;

    return series->sessions.no_memory || series->failures.no_memory || series->texts.no_memory ||
           all->senders.no_memory || all->mx.no_memory || all->result_types.no_memory ||
           all->sending_ips.no_memory;
}

static struct report_series *series_new(TALLOC_CTX *ctx)
{
    struct report_series *series = talloc_zero(ctx, struct report_series);

    if (!series)
        return NULL;
    names_begin(&series->sessions, series, sizeof(struct series_sessions));
    names_begin(&series->failures, series, sizeof(struct series_failure));
    names_begin(&series->texts, series, sizeof(const char *));
    names_begin(&series->all.senders, series, sizeof(struct tally_count));
    names_begin(&series->all.mx, series, sizeof(struct tally_count));
    names_begin(&series->all.result_types, series, sizeof(struct tally_count));
    names_begin(&series->all.sending_ips, series, sizeof(struct tally_count));
    return series;
}

/* Failures after the days, which say when the reports with them began and ended. */
static enum sts_status read_rollups(struct series_reader *reader, struct store *store)
{
    const struct report_series_request *request = reader->request;
    const struct store_day_range range = {store_day_of(request->since),
                                          store_day_of(request->until) + 1};
    enum sts_status status =
        sender_names_read(reader->series, store, request->domain, &reader->names);

    if (!status)
        status = store_sender_days(store, request->domain, &range, take_day, reader);
    if (!status)
        status = store_day_failures(store, request->domain, &range, REPORT_SERIES_MAX + 1,
                                    take_failure, reader);
    status = reading_status(&reader->reading, status);
    add_choices(reader);
    if (!status)
        status = failure_kinds_tell(reader->kinds, store, reader->tally);
    if (!status && (ran_out(reader->series) || tally_ran_out(reader->tally)))
        status = STS_E_NOMEM;
    return status;
}

enum sts_status report_series_read(TALLOC_CTX *ctx, struct store *store,
                                   const struct report_series_request *request,
                                   struct report_series **ret)
{
    struct report_series *series = series_new(ctx);
    struct series_reader reader = {.request = request, .series = series};
    enum sts_status status = STS_E_NOMEM;

    if (series) {
        reader.tally = tally_new(series, &series->texts);
        reader.kinds = failure_kinds_new(series, request->domain);
    }
    if (reader.tally && reader.kinds)
        status = read_rollups(&reader, store);
    if (status) {
        talloc_free(series);
        return status;
    }
    talloc_free(reader.kinds);
    series->tally = reader.tally;
    *ret = series;
    return STS_OK;
}

/* ---- in order -------------------------------------------------------------------------------- */

/* The first member of either struct is its name, which begins with the day. */
static int by_name(const void *left, const void *right)
{
    const char *const *const *a = left, *const *const *b = right;

    return strcmp(**a, **b);
}

static const void **sorted(TALLOC_CTX *ctx, const struct names *names)
{
    const void **list = talloc_array(ctx, const void *, names->count + 1);

    for (size_t i = 0; list && i < names->count; i++)
        list[i] = names_at(names, i);
    if (list && names->count)
        qsort(list, names->count, sizeof(*list), by_name);
    return list;
}

const struct series_sessions **series_sessions_sorted(TALLOC_CTX *ctx,
                                                      const struct report_series *series)
{
    return (const struct series_sessions **)sorted(ctx, &series->sessions);
}

const struct series_failure **series_failures_sorted(TALLOC_CTX *ctx,
                                                     const struct report_series *series)
{
    return (const struct series_failure **)sorted(ctx, &series->failures);
}
