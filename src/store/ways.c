/* SPDX-License-Identifier: MIT */
/* ways.c - the ways in for reports. */
#include "store/ways.h"

#include "store/rows.h"

enum sts_status store_put_way(struct store *store, const struct store_way *way)
{
    const struct store_way_counts *counts = &way->counts;
    TALLOC_CTX *work = talloc_new(store);
    const char *detail = NULL;
    enum sts_status status = work ? db_fit(work, way->detail, &detail) : STS_E_NOMEM;

    if (!status) {
        struct db_value args[] = {db_text(way->name.kind),
                                  db_text(way->name.account),
                                  db_text(way->name.folder),
                                  db_number(way->tried_at),
                                  rows_number_or_null(way->fault ? 0 : way->tried_at),
                                  rows_number_or_null(way->fault ? way->tried_at : 0),
                                  db_text(way->fault),
                                  db_text(detail),
                                  db_number(counts->messages),
                                  db_number(counts->added),
                                  db_number(counts->duplicates),
                                  db_number(counts->revisions),
                                  db_number(counts->rejected),
                                  db_number(counts->foreign)};

        status = rows_write(store, DB_WAY_PUT, args, 14, NULL);
    }
    talloc_free(work);
    return status;
}

struct way_list {
    store_way_fn fn;
    void *arg;
};

static bool list_way(void *arg, const struct db_value *row)
{
    const struct way_list *list = arg;
    const struct store_way way = {
        .name = {db_text_of(&row[0]), db_text_of(&row[1]), db_text_of(&row[2])},
        .tried_at = row[3].number,
        .succeeded_at = row[4].number,
        .failed_at = row[5].number,
        .fault = db_text_of(&row[6]),
        .detail = db_text_of(&row[7]),
        .counts = {row[8].number, row[9].number, row[10].number, row[11].number, row[12].number,
                   row[13].number}};

    return list->fn(list->arg, &way);
}

enum sts_status store_ways(struct store *store, store_way_fn fn, void *arg)
{
    struct way_list list = {fn, arg};
    struct rows_reader reader = {.kinds = "tttnNNTTnnnnnn", .each = list_way, .arg = &list};

    return rows_run(store, DB_WAYS, NULL, 0, &reader);
}
