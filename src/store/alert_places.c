/* SPDX-License-Identifier: MIT */
/* alert_places.c - how far the log was looked through for alerts, and what lies behind that. */
#include "store/alerts.h"

#include "store/rows.h"

enum sts_status store_alert_place(struct store *store, const char *name, int64_t *ret)
{
    struct db_value args[] = {db_text(name)};

    return db_run_number(store, DB_ALERT_PLACE, args, 1, 0, ret);
}

enum sts_status store_put_alert_place(struct store *store, const char *name, int64_t seq)
{
    struct db_value args[] = {db_text(name), db_number(seq)};

    return rows_write(store, DB_ALERT_PLACE_PUT, args, 2, NULL);
}

enum sts_status store_newest_numbers(struct store *store, int64_t *ret_check, int64_t *ret_report)
{
    enum sts_status status = db_run_number(store, DB_NEWEST_CHECK, NULL, 0, 0, ret_check);

    return status ? status : db_run_number(store, DB_NEWEST_REPORT, NULL, 0, 0, ret_report);
}

struct word_list {
    store_word_fn fn;
    void *arg;
};

static bool list_word(void *arg, const struct db_value *row)
{
    struct word_list *list = arg;

    return list->fn(list->arg, db_text_of(&row[0]));
}

enum sts_status store_tags_of(struct store *store, const char *domain, store_word_fn fn, void *arg)
{
    struct word_list list = {fn, arg};
    struct rows_reader reader = {.kinds = "t", .each = list_word, .arg = &list};
    struct db_value args[] = {db_text(domain)};

    return rows_run(store, DB_TAGS_OF, args, 1, &reader);
}

struct behind_list {
    store_behind_fn fn;
    void *arg;
};

static bool list_behind(void *arg, const struct db_value *row)
{
    struct behind_list *list = arg;
    struct store_behind behind = {row[0].number, db_text_of(&row[1]), row[2].number};

    return list->fn(list->arg, &behind);
}

enum sts_status store_checks_behind(struct store *store, int64_t seq, size_t limit,
                                    store_behind_fn fn, void *arg)
{
    struct behind_list list = {fn, arg};
    struct rows_reader reader = {.kinds = "ntN", .each = list_behind, .arg = &list};
    struct db_value args[] = {db_number(seq), db_number((int64_t)limit)};

    return rows_run(store, DB_CHECKS_BEHIND, args, 2, &reader);
}

enum sts_status store_reports_behind(struct store *store, int64_t seq, int64_t *ret_next,
                                     store_behind_fn fn, void *arg)
{
    struct behind_list list = {fn, arg};
    struct rows_reader reader = {.kinds = "ntN", .each = list_behind, .arg = &list};
    int64_t newest;
    enum sts_status status = db_run_number(store, DB_NEWEST_REPORT, NULL, 0, 0, &newest);

    if (status)
        return status;
    if (newest > seq + STORE_BEHIND_MAX)
        newest = seq + STORE_BEHIND_MAX;
    struct db_value args[] = {db_number(seq), db_number(newest)};

    *ret_next = newest > seq ? newest : seq;
    return newest > seq ? rows_run(store, DB_REPORTS_BEHIND, args, 2, &reader) : STS_OK;
}

static bool list_owned(void *arg, const struct db_value *row)
{
    struct behind_list *list = arg;
    struct store_behind behind = {0, db_text_of(&row[0]), row[1].number};

    return list->fn(list->arg, &behind);
}

static enum sts_status owned_behind(struct store *store, enum db_statement statement,
                                    const char *after, size_t limit, struct behind_list list)
{
    struct rows_reader reader = {.kinds = "tn", .each = list_owned, .arg = &list};
    struct db_value args[] = {db_text(after ? after : ""), db_number((int64_t)limit)};

    return rows_run(store, statement, args, 2, &reader);
}

enum sts_status store_owned_behind(struct store *store, const char *after, size_t limit,
                                   store_behind_fn fn, void *arg)
{
    return owned_behind(store, DB_OWNED_ALL, after, limit, (struct behind_list){fn, arg});
}

enum sts_status store_joined_behind(struct store *store, const char *after, size_t limit,
                                    store_behind_fn fn, void *arg)
{
    return owned_behind(store, DB_JOINED, after, limit, (struct behind_list){fn, arg});
}

enum sts_status store_owned_sum(struct store *store, int64_t *ret)
{
    return db_run_number(store, DB_OWNED_SUM, NULL, 0, 0, ret);
}

char *store_joined_place(TALLOC_CTX *ctx, const char *domain, int64_t group)
{
    return talloc_asprintf(ctx, "joined:%lld:%s", (long long)group, domain);
}
