/* SPDX-License-Identifier: MIT */
/* report_series.c - what the stored reports on one domain count, day by day.
 *
 * Senders that report the same sessions under `sts` and under `tlsa` count them once: of these two
 * the details of the one with more failures are taken (as sts_report_sessions() does with sums).
 * What failed by a summary and is explained by no detail is of no type. */
#include "history/report_series.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "history/reading.h"

#define DAY 86400

struct series_reader {
    struct history_reading reading;
    const struct report_series_request *request;
    struct report_series *series;
    struct reports *reports;
};

/* The report at hand. */
struct series_entry {
    struct report_series *series;
    const struct report_pick *pick;
    const struct sts_report *report;
    int64_t day;
    const char *sender;
    bool picked; /* its sender */
};

static void add(int64_t *sum, int64_t more)
{
    *sum = more > INT64_MAX - *sum ? INT64_MAX : *sum + more;
}

static bool is_picked(const char *pick, const char *value)
{
    return !pick || !strcasecmp(pick, value);
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

/* ---- failures -------------------------------------------------------------------------------- */

static void choice(struct names *names, const char *name, int64_t sessions)
{
    struct tally_count *count = *name ? names_get(names, name) : NULL;

    if (count)
        add(&count->failed, sessions);
}

static void add_failure(struct series_entry *entry, const char *mx, const char *type,
                        int64_t sessions)
{
    struct report_series *series = entry->series;
    char *key =
        talloc_asprintf(series, "%012" PRId64 "\n%s\n%s\n%s", entry->day, entry->sender, mx, type);
    struct series_failure *made = key ? names_get(&series->failures, key) : NULL;

    talloc_free(key);
    if (!made)
        return;
    if (!made->sender) {
        made->day = entry->day;
        made->sender = texts_get(&series->texts, entry->sender);
        made->mx = texts_get(&series->texts, mx);
        made->result_type = texts_get(&series->texts, type);
    }
    add(&made->sessions, sessions);
}

static void take_detail(struct series_entry *entry, const struct sts_report_detail *detail)
{
    const char *mx = or_empty(detail->mx), *type = or_empty(detail->result_type);
    const char *address = or_empty(detail->sending_ip);
    struct report_choices *all = &entry->series->all;

    choice(&all->mx, mx, detail->sessions);
    choice(&all->result_types, type, detail->sessions);
    choice(&all->sending_ips, address, detail->sessions);
    if (detail->sessions && entry->picked && is_picked(entry->pick->mx, mx) &&
        is_picked(entry->pick->result_type, type) && is_picked(entry->pick->sending_ip, address))
        add_failure(entry, mx, type, detail->sessions);
}

static bool is_of(const struct sts_report_policy *policy, const char *domain)
{
    return policy->recipient && !strcmp(policy->recipient, domain);
}

static int64_t failed_under(const struct series_entry *entry, const char *domain, const char *type)
{
    size_t count;
    const struct sts_report_policy *policies = sts_report_policies(entry->report, &count);
    int64_t sum = 0;

    for (size_t i = 0; i < count; i++)
        if (is_of(&policies[i], domain) && policies[i].type && !strcmp(policies[i].type, type))
            add(&sum, policies[i].failed);
    return sum;
}

static bool counts(const struct sts_report_policy *policy, bool by_sts)
{
    const char *type = or_empty(policy->type);

    return by_sts ? strcmp(type, "tlsa") != 0 : strcmp(type, "sts") != 0;
}

static void take_failures(struct series_entry *entry, const char *domain, int64_t failed)
{
    size_t count;
    const struct sts_report_policy *policies = sts_report_policies(entry->report, &count);
    bool by_sts = failed_under(entry, domain, "sts") >= failed_under(entry, domain, "tlsa");
    const struct report_pick *pick = entry->pick;
    int64_t explained = 0;

    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; is_of(&policies[i], domain) && counts(&policies[i], by_sts) &&
                           j < policies[i].detail_count;
             j++) {
            take_detail(entry, &policies[i].details[j]);
            add(&explained, policies[i].details[j].sessions);
        }
    if (failed > explained && entry->picked && !pick->mx && !pick->result_type && !pick->sending_ip)
        add_failure(entry, "", "", failed - explained);
}

/* ---- sessions -------------------------------------------------------------------------------- */

static void add_sessions(struct series_entry *entry, int64_t successful, int64_t failed)
{
    struct report_series *series = entry->series;
    char *key = talloc_asprintf(series, "%012" PRId64 "\n%s", entry->day, entry->sender);
    struct series_sessions *made = key ? names_get(&series->sessions, key) : NULL;

    talloc_free(key);
    if (!made)
        return;
    made->day = entry->day;
    made->sender = texts_get(&series->texts, entry->sender);
    add(&made->successful, successful);
    add(&made->failed, failed);
}

static void take_report(struct series_reader *reader, const struct sts_report *report,
                        int64_t begins)
{
    const struct report_series_request *request = reader->request;
    struct series_entry entry = {.series = reader->series,
                                 .pick = &request->pick,
                                 .report = report,
                                 .day = begins / DAY * DAY,
                                 .sender = tally_sender(report)};
    struct tally_count *sender;
    int64_t successful, failed;

    sts_report_sessions(report, request->domain, &successful, &failed);
    sender = names_get(&reader->series->all.senders, entry.sender);
    if (sender) {
        sender->reports++;
        add(&sender->successful, successful);
        add(&sender->failed, failed);
    }
    entry.picked = is_picked(request->pick.sender, entry.sender);
    if (entry.picked)
        add_sessions(&entry, successful, failed);
    take_failures(&entry, request->domain, failed);
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool ran_out(const struct report_series *series)
{
    const struct report_choices *all = &series->all;

    return series->sessions.no_memory || series->failures.no_memory || series->texts.no_memory ||
           all->senders.no_memory || all->mx.no_memory || all->result_types.no_memory ||
           all->sending_ips.no_memory;
}

/* One that cannot be read any more says nothing. */
static struct sts_report *parsed(const struct store_receipt *receipt)
{
    const struct store_origin *from = &receipt->origin;
    const struct sts_report_origin origin = {from->header_domain, from->header_submitter,
                                             from->subject, from->file_name};
    enum sts_report_fault fault;
    struct sts_report *report;
    size_t used;

    return sts_report_parse(receipt->raw.data, receipt->raw.length, &origin, &used, &fault,
                            &report) == STS_OK
               ? report
               : NULL;
}

static bool take(void *arg, const struct store_receipt *receipt)
{
    struct series_reader *reader = arg;
    const struct report_series_request *request = reader->request;
    struct sts_report *report;

    if (receipt->superseded || receipt->begins < request->since || receipt->begins > request->until)
        return true;
    if (reader->series->reports == REPORT_SERIES_MAX) {
        reader->series->cut = true;
        return false;
    }
    report = parsed(receipt);
    if (!report)
        return true;
    reader->series->reports++;
    take_report(reader, report, receipt->begins);
    if (reports_add(reader->reports, report, or_empty(receipt->source), receipt->mailed_at,
                    receipt->trust) == REPORTS_NO_MEMORY ||
        ran_out(reader->series))
        reader->reading.no_memory = true;
    return !reader->reading.no_memory;
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

enum sts_status report_series_read(TALLOC_CTX *ctx, struct store *store,
                                   const struct report_series_request *request,
                                   struct report_series **ret)
{
    struct report_series *series = series_new(ctx);
    struct series_reader reader = {.request = request, .series = series};
    enum sts_status status = STS_E_NOMEM;

    if (series)
        reader.reports = reports_new(series, NULL, request->domain);
    if (reader.reports)
        status = reading_status(
            &reader.reading, store_reports(store, request->domain, request->since, take, &reader));
    if (!status) {
        series->tally = reports_tally(reader.reports);
        if (tally_ran_out(series->tally))
            status = STS_E_NOMEM;
    }
    if (status)
        talloc_free(series);
    else
        *ret = series;
    return status;
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
