/* SPDX-License-Identifier: MIT */
/* domain_series.c - a series by day and by what it is split by, as JSON and as a table. */
#include "render/domain_series.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "render/csv.h"
#include "render/domain.h"
#include "render/json_parts.h"

static const struct {
    const char *word;
    enum series_split split;
} words[] = {{"sender", SPLIT_SENDER}, {"mx", SPLIT_MX}, {"type", SPLIT_TYPE}};

static unsigned split_of(const char *text, size_t length)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strlen(words[i].word) == length && !strncmp(words[i].word, text, length))
            return words[i].split;
    return 0;
}

bool series_split_read(const char *text, unsigned *ret)
{
    *ret = 0;
    while (text && *text) {
        size_t length = strcspn(text, ",");
        unsigned one = split_of(text, length);

        if (!one)
            return false;
        *ret |= one;
        text += length + (text[length] == ',');
    }
    return true;
}

/* ---- sums ------------------------------------------------------------------------------------ */

static void add(int64_t *sum, int64_t more)
{
    *sum = more > INT64_MAX - *sum ? INT64_MAX : *sum + more;
}

/* The row that has these members; NULL: no memory. */
static struct series_row *row_of(struct names *rows, const struct series_row *wanted)
{
    char *key = talloc_asprintf(rows->ctx, "%012" PRId64 "\n%s\n%s\n%s", wanted->day,
                                wanted->sender ? wanted->sender : "", wanted->mx ? wanted->mx : "",
                                wanted->result_type ? wanted->result_type : "");
    struct series_row *row = key ? names_get(rows, key) : NULL;

    talloc_free(key);
    if (row) {
        row->day = wanted->day;
        row->sender = wanted->sender;
        row->mx = wanted->mx;
        row->result_type = wanted->result_type;
    }
    return row;
}

static int by_name(const void *left, const void *right)
{
    const struct series_row *const *a = left, *const *b = right;

    return strcmp((*a)->name, (*b)->name);
}

static const struct series_row **sorted(TALLOC_CTX *ctx, const struct names *rows,
                                        size_t *ret_count)
{
    const struct series_row **list =
        talloc_array(ctx, const struct series_row *, (unsigned)rows->count + 1);

    *ret_count = list ? rows->count : 0;
    for (size_t i = 0; i < *ret_count; i++)
        list[i] = names_at(rows, i);
    if (*ret_count)
        qsort(list, *ret_count, sizeof(const struct series_row *), by_name);
    return list;
}

static struct names *rows_new(TALLOC_CTX *ctx)
{
    struct names *rows = talloc(ctx, struct names);

    if (rows)
        names_begin(rows, rows, sizeof(struct series_row));
    return rows;
}

const struct series_row **series_sessions_split(TALLOC_CTX *ctx, const struct report_series *series,
                                                unsigned split, size_t *ret_count)
{
    struct names *rows = rows_new(ctx);

    *ret_count = 0;
    for (size_t i = 0; rows && i < series->sessions.count; i++) {
        const struct series_sessions *one = names_at(&series->sessions, i);
        const struct series_row wanted = {.day = one->day,
                                          .sender = split & SPLIT_SENDER ? one->sender : NULL};
        struct series_row *row = row_of(rows, &wanted);

        if (!row)
            return NULL;
        add(&row->successful, one->successful);
        add(&row->failed, one->failed);
    }
    return rows ? sorted(ctx, rows, ret_count) : NULL;
}

const struct series_row **series_failures_split(TALLOC_CTX *ctx, const struct report_series *series,
                                                unsigned split, size_t *ret_count)
{
    struct names *rows = rows_new(ctx);

    *ret_count = 0;
    for (size_t i = 0; rows && i < series->failures.count; i++) {
        const struct series_failure *one = names_at(&series->failures, i);
        const struct series_row wanted = {.day = one->day,
                                          .sender = split & SPLIT_SENDER ? one->sender : NULL,
                                          .mx = split & SPLIT_MX ? one->mx : NULL,
                                          .result_type =
                                              split & SPLIT_TYPE ? one->result_type : NULL};
        struct series_row *row = row_of(rows, &wanted);

        if (!row)
            return NULL;
        add(&row->failed, one->sessions);
    }
    return rows ? sorted(ctx, rows, ret_count) : NULL;
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static const char *date_of(TALLOC_CTX *ctx, int64_t day)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format(day, text);
    return talloc_strndup(ctx, text, strcspn(text, "T"));
}

static void add_member(TALLOC_CTX *ctx, struct json_object *object, const char *name,
                       const char *text)
{
    if (text)
        json_add(object, name, *text ? json_string(ctx, text) : NULL);
}

static struct json_object *json_row(TALLOC_CTX *ctx, const struct series_row *row, bool failures)
{
    struct json_object *object = json_object_new_object();

    json_add(object, "day", json_string(ctx, date_of(ctx, row->day)));
    add_member(ctx, object, "sender", row->sender);
    add_member(ctx, object, "mx", row->mx);
    add_member(ctx, object, "result_type", row->result_type);
    if (!failures)
        json_add_number(object, "successful", row->successful);
    json_add_number(object, "failed", row->failed);
    return object;
}

static struct json_object *json_rows(TALLOC_CTX *ctx, const struct series_row **rows, size_t count,
                                     bool failures)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; i < count; i++)
        json_append(array, json_row(ctx, rows[i], failures));
    return array;
}

/* Of all checks that are stored. */
static struct json_object *json_certificates(TALLOC_CTX *ctx, const struct domain_summary *s)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; i < s->certificates.count; i++) {
        const struct certificate_change *change = &s->certificates.changes[i];
        struct json_object *object = json_object_new_object();

        json_add(object, "at", json_time(change->at));
        json_add(object, "service", json_string(ctx, change->service));
        json_add(object, "host", json_string(ctx, change->host));
        json_add(object, "not_after", json_time(change->ends));
        json_append(array, object);
    }
    return array;
}

char *json_domain_series(TALLOC_CTX *ctx, const struct domain_summary *s, unsigned split)
{
    struct json_object *object = json_object_new_object();
    const struct series_row **rows;
    size_t count;

    if (!object)
        return NULL;
    json_add(object, "domain", json_string(ctx, s->domain));
    json_add_number(object, "days", s->days);
    json_add_number(object, "reports", (int64_t)s->series->reports);
    json_add(object, "cut", json_object_new_boolean(s->series->cut));
    rows = series_sessions_split(ctx, s->series, split, &count);
    json_add(object, "sessions", json_rows(ctx, rows, count, false));
    rows = series_failures_split(ctx, s->series, split, &count);
    json_add(object, "failures", json_rows(ctx, rows, count, true));
    json_add(object, "new_certificates", json_certificates(ctx, s));
    return json_line(ctx, object);
}

/* ---- tables ---------------------------------------------------------------------------------- */

static void csv_head(struct csv_table *table, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (names[i])
            csv_field(table, names[i]);
    csv_end(table);
}

static void csv_member(struct csv_table *table, const char *text)
{
    if (text)
        csv_field(table, text);
}

/* Successes are known by sender only: a table that is split otherwise is of failures. */
char *csv_domain_series(TALLOC_CTX *ctx, const struct domain_summary *s, unsigned split)
{
    bool failures = split & (SPLIT_MX | SPLIT_TYPE);
    const char *const head[] = {"day",
                                split & SPLIT_SENDER ? "sender" : NULL,
                                split & SPLIT_MX ? "mx" : NULL,
                                split & SPLIT_TYPE ? "result_type" : NULL,
                                failures ? NULL : "successful",
                                "failed"};
    struct csv_table table = csv_begin(ctx);
    size_t count;
    const struct series_row **rows = failures
                                         ? series_failures_split(ctx, s->series, split, &count)
                                         : series_sessions_split(ctx, s->series, split, &count);

    csv_head(&table, head, sizeof(head) / sizeof(head[0]));
    for (size_t i = 0; i < count; i++) {
        csv_field(&table, date_of(ctx, rows[i]->day));
        csv_member(&table, rows[i]->sender);
        csv_member(&table, rows[i]->mx);
        csv_member(&table, rows[i]->result_type);
        if (!failures)
            csv_number(&table, rows[i]->successful);
        csv_number(&table, rows[i]->failed);
        csv_end(&table);
    }
    return table.text;
}

char *csv_domain_failures(TALLOC_CTX *ctx, const struct domain_summary *s)
{
    static const char *const head[] = {"mx",       "result_type", "senders", "sending_ips",
                                       "sessions", "first",       "last",    "now",
                                       "codes",    "fixed_since"};
    struct csv_table table = csv_begin(ctx);

    csv_head(&table, head, sizeof(head) / sizeof(head[0]));
    for (size_t i = 0; i < s->failures.count; i++) {
        const struct failure_now *one = &s->failures.list[i];

        csv_field(&table, one->mx);
        csv_field(&table, one->result_type);
        csv_field(&table, one->senders);
        csv_field(&table, one->sending_ips);
        csv_number(&table, one->sessions);
        csv_time(&table, one->first != 0, one->first);
        csv_time(&table, one->last != 0, one->last);
        csv_field(&table, failure_state_name(one->state));
        csv_field(&table, one->codes);
        csv_time(&table, one->since != 0, one->since);
        csv_end(&table);
    }
    return table.text;
}
