/* SPDX-License-Identifier: MIT */
/* rollups_failures.c - what reports say failed, read. */
#include "store/pages.h"
#include "store/rollups.h"
#include "store/rows.h"

static struct db_value any_or(const char *text)
{
    return db_text(text ? text : "");
}

static bool is_limit(size_t limit)
{
    return limit > 0 && limit <= STORE_PAGE_MAX;
}

#define FILTER_ARGS 7

static void filter_args(const struct store_failure_filter *filter, struct db_value *args)
{
    args[0] = db_text(filter->domain);
    args[1] = db_number(filter->range.since);
    args[2] = db_number(filter->range.until);
    args[3] = any_or(filter->sender);
    args[4] = any_or(filter->type);
    args[5] = any_or(filter->mx);
    args[6] = any_or(filter->sending_ip);
}

struct failure_days_reader {
    store_failure_day_fn fn;
    void *arg;
};

static bool tell_failure_day(void *arg, const struct db_value *row)
{
    struct failure_days_reader *reader = arg;

    return reader->fn(reader->arg, row[0].number, db_text_of(&row[1]), row[2].number);
}

enum sts_status store_failure_days(struct store *store, const struct store_failure_filter *filter,
                                   store_failure_day_fn fn, void *arg)
{
    struct failure_days_reader days = {fn, arg};
    struct rows_reader reader = {.kinds = "ntn", .each = tell_failure_day, .arg = &days};
    struct db_value args[FILTER_ARGS];

    filter_args(filter, args);
    return rows_run(store, DB_FAILURE_DAYS, args, FILTER_ARGS, &reader);
}

struct failure_sums_reader {
    store_failure_sums_fn fn;
    void *arg;
};

static bool tell_sums(void *arg, const struct db_value *row)
{
    struct failure_sums_reader *reader = arg;
    struct store_failure_sums sums = {db_text_of(&row[0]), row[1].number, row[2].number,
                                      row[3].number};

    return reader->fn(reader->arg, &sums);
}

enum sts_status store_failure_sums(struct store *store, const struct store_failure_filter *filter,
                                   enum store_failures_by by, size_t limit,
                                   store_failure_sums_fn fn, void *arg)
{
    static const enum db_statement statements[] = {
        [STORE_FAILURES_BY_SENDER] = DB_FAILURES_BY_SENDER,
        [STORE_FAILURES_BY_TYPE] = DB_FAILURES_BY_TYPE,
        [STORE_FAILURES_BY_MX] = DB_FAILURES_BY_MX,
        [STORE_FAILURES_BY_SENDING_IP] = DB_FAILURES_BY_SENDING_IP,
    };
    struct failure_sums_reader sums = {fn, arg};
    struct rows_reader reader = {.kinds = "tnnn", .each = tell_sums, .arg = &sums};
    struct db_value args[FILTER_ARGS + 1];

    filter_args(filter, args);
    args[FILTER_ARGS] = db_number((int64_t)limit);
    return is_limit(limit) ? rows_run(store, statements[by], args, FILTER_ARGS + 1, &reader)
                           : STS_E_INVALID;
}

struct failures_reader {
    store_failure_fn fn;
    void *arg;
};

static bool tell_failure(void *arg, const struct db_value *row)
{
    struct failures_reader *reader = arg;
    struct store_failure_row failure = {
        .place = {row[0].number, row[1].number, row[2].number},
        .sender = db_text_of(&row[3]),
        .failure = {.type = db_text_of(&row[4]),
                    .mx = db_text_of(&row[5]),
                    .sending_ip = db_text_of(&row[6]),
                    .receiving_ip = db_text_of(&row[7]),
                    .reason = db_text_of(&row[8]),
                    .sessions = row[9].number},
    };

    return reader->fn(reader->arg, &failure);
}

enum sts_status store_failures(struct store *store, const struct store_failure_filter *filter,
                               struct store_failure_place after, size_t limit, store_failure_fn fn,
                               void *arg)
{
    struct failures_reader failures = {fn, arg};
    struct rows_reader reader = {.kinds = "nnnttttttn", .each = tell_failure, .arg = &failures};
    struct db_value args[FILTER_ARGS + 4];

    filter_args(filter, args);
    args[FILTER_ARGS] = db_number(after.day);
    args[FILTER_ARGS + 1] = db_number(after.report);
    args[FILTER_ARGS + 2] = db_number(after.row);
    args[FILTER_ARGS + 3] = db_number((int64_t)limit);
    return is_limit(limit) ? rows_run(store, DB_FAILURES_PAGE, args, FILTER_ARGS + 4, &reader)
                           : STS_E_INVALID;
}

struct day_failures_reader {
    store_day_failure_fn fn;
    void *arg;
};

static bool tell_day_failure(void *arg, const struct db_value *row)
{
    struct day_failures_reader *reader = arg;
    struct store_day_failure one = {
        .day = row[0].number,
        .sender = db_text_of(&row[1]),
        .failure = {.type = db_text_of(&row[2]),
                    .mx = db_text_of(&row[3]),
                    .sending_ip = db_text_of(&row[4]),
                    .receiving_ip = db_text_of(&row[5]),
                    .reason = db_text_of(&row[6]),
                    .info = db_text_of(&row[7]),
                    .sessions = row[9].number,
                    .rest = row[10].number != 0,
                    .twice = row[11].number != 0},
        .policy = row[8].number,
    };

    return reader->fn(reader->arg, &one);
}

enum sts_status store_day_failures(struct store *store, const char *domain,
                                   const struct store_day_range *range, int64_t limit,
                                   store_day_failure_fn fn, void *arg)
{
    struct day_failures_reader failures = {fn, arg};
    struct rows_reader reader = {
        .kinds = "ntttttttnnnn", .each = tell_day_failure, .arg = &failures};
    struct db_value args[] = {db_text(domain), db_number(range->since), db_number(range->until),
                              db_number(limit)};

    return rows_run(store, DB_DAY_FAILURES, args, 4, &reader);
}
