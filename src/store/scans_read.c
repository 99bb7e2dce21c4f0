/* SPDX-License-Identifier: MIT */
/* scans_read.c - what is known of scans, their shards, workers and results. */
#include "store/rows.h"
#include "store/scans.h"

/* ---- scans ----------------------------------------------------------------------------------- */

struct scan_list {
    store_scan_fn fn;
    void *arg;
};

static bool list_scan(void *arg, const struct db_value *row)
{
    struct scan_list *list = arg;
    const struct store_scan scan = {.id = row[0].number,
                                    .name = db_text_of(&row[1]),
                                    .content = row[2].bytes,
                                    .created = row[3].number,
                                    .cancelled = row[4].number != 0,
                                    .domains = row[5].number,
                                    .unusable = row[6].number,
                                    .shards = row[7].number};

    return list->fn(list->arg, &scan);
}

enum sts_status store_scan_named(struct store *store, const char *name, store_scan_fn fn, void *arg)
{
    struct scan_list list = {fn, arg};
    struct rows_reader reader = {.kinds = "ntbnnnnn", .each = list_scan, .arg = &list};
    struct db_value args[] = {db_text(name)};

    return rows_run(store, DB_SCAN_NAMED, args, 1, &reader);
}

enum sts_status store_scans(struct store *store, int64_t after, size_t limit, store_scan_fn fn,
                            void *arg)
{
    struct scan_list list = {fn, arg};
    struct rows_reader reader = {.kinds = "ntbnnnnn", .each = list_scan, .arg = &list};
    struct db_value args[] = {db_number(after), db_number((int64_t)limit)};

    return rows_run(store, DB_SCANS, args, 2, &reader);
}

static bool take_counts(void *arg, const struct db_value *row)
{
    *(struct store_scan_counts *)arg = (struct store_scan_counts){.done = row[0].number,
                                                                  .aside = row[1].number,
                                                                  .running = row[2].number,
                                                                  .domains = row[3].number,
                                                                  .lately = row[4].number};
    return true;
}

enum sts_status store_scan_count(struct store *store, int64_t scan, int64_t period, int64_t alive,
                                 struct store_scan_counts *ret)
{
    struct rows_reader reader = {.kinds = "nnnnn", .each = take_counts, .arg = ret};
    struct db_value args[] = {db_number(scan), db_number(period), db_number(alive)};

    *ret = (struct store_scan_counts){0};
    return rows_run(store, DB_SCAN_COUNTS, args, 3, &reader);
}

/* ---- shards ---------------------------------------------------------------------------------- */

struct shard_list {
    store_shard_fn open;
    store_shard_aside_fn aside;
    void *arg;
};

static bool list_open(void *arg, const struct db_value *row)
{
    struct shard_list *list = arg;
    const struct store_shard shard = {.scan = row[0].number, .number = row[1].number};

    return list->open(list->arg, &shard);
}

enum sts_status store_shards_open(struct store *store, const struct store_shard *after,
                                  size_t limit, int64_t alive, store_shard_fn fn, void *arg)
{
    struct shard_list list = {.open = fn, .arg = arg};
    struct rows_reader reader = {.kinds = "nn", .each = list_open, .arg = &list};
    struct db_value args[] = {db_number(after->scan), db_number(after->number),
                              db_number((int64_t)limit), db_number(alive)};

    return rows_run(store, DB_SCAN_SHARDS_OPEN, args, 4, &reader);
}

static bool list_aside(void *arg, const struct db_value *row)
{
    struct shard_list *list = arg;
    const char *reason = db_text_of(&row[2]);

    return list->aside(list->arg, row[0].number, row[1].number, reason ? reason : "");
}

enum sts_status store_shards_aside(struct store *store, int64_t scan, size_t limit,
                                   store_shard_aside_fn fn, void *arg)
{
    struct shard_list list = {.aside = fn, .arg = arg};
    struct rows_reader reader = {.kinds = "nnT", .each = list_aside, .arg = &list};
    struct db_value args[] = {db_number(scan), db_number((int64_t)limit)};

    return rows_run(store, DB_SCAN_SHARDS_ASIDE, args, 2, &reader);
}

/* ---- workers and results --------------------------------------------------------------------- */

struct worker_list {
    store_scan_worker_fn fn;
    void *arg;
};

static bool list_worker(void *arg, const struct db_value *row)
{
    struct worker_list *list = arg;

    return list->fn(list->arg, db_text_of(&row[0]), row[1].number, row[2].number, row[3].number);
}

enum sts_status store_scan_workers(struct store *store, size_t limit, store_scan_worker_fn fn,
                                   void *arg)
{
    struct worker_list list = {fn, arg};
    struct rows_reader reader = {.kinds = "tnnn", .each = list_worker, .arg = &list};
    struct db_value args[] = {db_number((int64_t)limit)};

    return rows_run(store, DB_SCAN_WORKERS, args, 1, &reader);
}

struct line_list {
    store_scan_line_fn fn;
    void *arg;
};

static bool list_line(void *arg, const struct db_value *row)
{
    struct line_list *list = arg;
    const struct store_scan_line line = {db_text_of(&row[0]), db_text_of(&row[1])};

    return list->fn(list->arg, &line);
}

enum sts_status store_scan_results(struct store *store, int64_t scan, const char *after,
                                   size_t limit, store_scan_line_fn fn, void *arg)
{
    struct line_list list = {fn, arg};
    struct rows_reader reader = {.kinds = "tt", .each = list_line, .arg = &list};
    struct db_value args[] = {db_number(scan), db_text(after), db_number((int64_t)limit)};

    return rows_run(store, DB_SCAN_RESULTS, args, 3, &reader);
}
