/* SPDX-License-Identifier: MIT */
/* pages.c - lists page by page, and how long they are. */
#include "store/pages.h"

#include <string.h>

#include "store/rows.h"

/* Domains are printable ASCII: the byte before all of it, and the one behind. */
#define BEFORE_ALL "\x01"
#define BEHIND_ALL "\x7f"

static bool is_limit(size_t limit)
{
    return limit > 0 && limit <= STORE_PAGE_MAX;
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static bool is_text_or_null(const struct db_value *value)
{
    return value->kind == DB_TEXT || value->kind == DB_NULL;
}

/* ---- domains --------------------------------------------------------------------------------- */

struct domain_reader {
    store_domain_fn fn;
    void *arg;
    bool damaged;
};

static bool read_domain(void *arg, const struct db_value *row)
{
    struct domain_reader *reader = arg;
    struct store_domain_state state = {
        .domain = db_text_of(&row[0]),
        .seq = row[1].number,
        .observed_at = row[2].number,
        .verdict = db_text_of(&row[3]),
        .posture = db_text_of(&row[4]),
        .delivery = db_text_of(&row[5]),
    };

    reader->damaged = row[0].kind != DB_TEXT || row[3].kind != DB_TEXT || row[4].kind != DB_TEXT ||
                      row[5].kind != DB_TEXT;
    return !reader->damaged && reader->fn(reader->arg, &state);
}

/* Names from one to before another, so that one index narrows all of it. */
struct name_range {
    const char *from, *to;
};

static bool range_of(TALLOC_CTX *ctx, const struct store_domain_filter *filter, const char *after,
                     struct name_range *ret)
{
    const char *prefix = or_empty(filter->prefix);
    const char *behind = after ? talloc_asprintf(ctx, "%s" BEFORE_ALL, after) : "";

    ret->to = talloc_asprintf(ctx, "%s" BEHIND_ALL, prefix);
    if (!behind || !ret->to)
        return false;
    ret->from = strcmp(behind, prefix) > 0 ? behind : prefix;
    return true;
}

static enum sts_status run_domains(struct store *store, const struct store_domain_filter *filter,
                                   const char *after, int64_t limit, db_row_fn fn, void *arg)
{
    TALLOC_CTX *work = talloc_new(store);
    struct name_range range;
    enum sts_status status = STS_E_NOMEM;

    if (work && range_of(work, filter, after, &range)) {
        struct db_value args[] = {db_text(range.from), db_text(range.to),
                                  db_text(or_empty(filter->verdict)), db_number(limit)};

        status = limit ? db_run(store, DB_DOMAINS, args, 4, fn, arg)
                       : db_run_number(store, DB_DOMAINS_COUNT, args, 3, 0, arg);
    }
    talloc_free(work);
    return status;
}

enum sts_status store_domains(struct store *store, const struct store_domain_filter *filter,
                              const char *after, size_t limit, store_domain_fn fn, void *arg)
{
    struct domain_reader reader = {.fn = fn, .arg = arg};
    enum sts_status status =
        is_limit(limit) ? run_domains(store, filter, after, (int64_t)limit, read_domain, &reader)
                        : STS_E_INVALID;

    return !status && reader.damaged ? db_damaged(store) : status;
}

enum sts_status store_count_domains(struct store *store, const struct store_domain_filter *filter,
                                    int64_t *ret)
{
    return run_domains(store, filter, NULL, 0, NULL, ret);
}

/* ---- reports --------------------------------------------------------------------------------- */

struct listed_reader {
    store_listed_fn fn;
    void *arg;
    size_t count;
    bool damaged, over; /* no more is wanted */
};

/* A file may say anything, also against its schema. */
static bool is_sound_listed(const struct db_value *row)
{
    return row[1].kind == DB_TEXT && row[2].kind == DB_TEXT && is_text_or_null(&row[7]) &&
           is_text_or_null(&row[8]);
}

static bool read_listed(void *arg, const struct db_value *row)
{
    struct listed_reader *reader = arg;
    struct store_listed_report report = {
        .place = {.begins = row[3].number, .id = row[0].number},
        .submitter = db_text_of(&row[1]),
        .report_id = db_text_of(&row[2]),
        .begins = row[3].number,
        .ends = row[4].number,
        .received_at = row[5].number,
        .mailed_at = row[6].number,
        .source = db_text_of(&row[7]),
        .trust = db_text_of(&row[8]),
        .revision = row[9].number,
        .superseded = row[9].number != row[10].number,
        .failed = row[11].number > 0,
    };

    reader->count++;
    reader->damaged = !is_sound_listed(row);
    reader->over = reader->damaged || !reader->fn(reader->arg, &report);
    return !reader->over;
}

/* A list along the index that narrows most. */
struct report_list {
    enum db_statement rest, earlier, count;
    size_t args; /* of the filter */
};

#define FEW_DOMAINS 200 /* whose reports can be sorted while somebody waits */

static const struct report_list
    of_all = {DB_REPORTS_REST_OF_ALL, DB_REPORTS_EARLIER_OF_ALL, DB_REPORTS_COUNT_OF_ALL, 3},
    by_submitter = {DB_REPORTS_REST_BY_SUBMITTER, DB_REPORTS_EARLIER_BY_SUBMITTER,
                    DB_REPORTS_COUNT_BY_SUBMITTER, 4},
    on_domain = {DB_REPORTS_REST_ON_DOMAIN, DB_REPORTS_EARLIER_ON_DOMAIN,
                 DB_REPORTS_COUNT_ON_DOMAIN, 5},
    of_many = {DB_REPORTS_REST_OF_MANY, DB_REPORTS_EARLIER_OF_MANY, DB_REPORTS_COUNT_OF_MANY, 8},
    of_few = {DB_REPORTS_REST_OF_FEW, DB_REPORTS_EARLIER_OF_FEW, DB_REPORTS_COUNT_OF_FEW, 8};

static bool is_seen_only(const struct store_report_filter *filter)
{
    return filter->sight && !filter->domain && (!filter->sight->all || filter->sight->group);
}

static enum sts_status find_list(struct store *store, const struct store_report_filter *filter,
                                 const struct report_list **ret)
{
    bool many;
    enum sts_status status = STS_OK;

    *ret = filter->domain ? &on_domain : filter->submitter ? &by_submitter : &of_all;
    if (!is_seen_only(filter))
        return STS_OK;
    status = store_sees_more(store, filter->sight, FEW_DOMAINS, &many);
    if (!status)
        *ret = many ? &of_many : &of_few;
    return status;
}

#define FILTER_ARGS_MAX 8

static void fill_filter(const struct store_report_filter *filter,
                        struct db_value args[FILTER_ARGS_MAX])
{
    args[0] = db_number(filter->since == INT64_MIN ? -INT64_MAX : filter->since);
    args[1] = db_number(filter->until);
    args[2] = db_number(filter->failed);
    args[3] = db_text(filter->domain ? filter->domain : filter->submitter);
    args[4] = db_text(or_empty(filter->submitter));
    if (!is_seen_only(filter))
        return;
    args[3] = db_number(filter->sight->user);
    args[4] = db_number(filter->sight->all);
    args[5] = db_number(filter->sight->group);
    args[6] = db_number(filter->sight->least);
    args[7] = db_text(or_empty(filter->submitter));
}

enum sts_status store_reports_page(struct store *store, const struct store_report_filter *filter,
                                   struct store_report_place after, size_t limit,
                                   store_listed_fn fn, void *arg)
{
    const struct report_list *list;
    struct listed_reader reader = {.fn = fn, .arg = arg};
    struct db_value args[FILTER_ARGS_MAX + 3], *place;
    enum sts_status status = is_limit(limit) ? find_list(store, filter, &list) : STS_E_INVALID;

    if (status)
        return status;
    fill_filter(filter, args);
    place = args + list->args;
    place[0] = db_number(after.begins);
    place[1] = db_number((int64_t)limit);
    place[2] = db_number(after.id);
    status = db_run(store, list->rest, args, list->args + 3, read_listed, &reader);
    place[1].number -= (int64_t)reader.count;
    if (!status && !reader.over && place[1].number)
        status = db_run(store, list->earlier, args, list->args + 2, read_listed, &reader);
    return !status && reader.damaged ? db_damaged(store) : status;
}

enum sts_status store_count_reports(struct store *store, const struct store_report_filter *filter,
                                    int64_t *ret)
{
    const struct report_list *list;
    struct db_value args[FILTER_ARGS_MAX];
    enum sts_status status = find_list(store, filter, &list);

    fill_filter(filter, args);
    return status ? status : db_run_number(store, list->count, args, list->args, 0, ret);
}

struct name_reader {
    store_name_fn fn;
    void *arg;
};

static bool read_name(void *arg, const struct db_value *row)
{
    const struct name_reader *reader = arg;

    return reader->fn(reader->arg, db_text_of(&row[0]));
}

enum sts_status store_report_domains(struct store *store, const struct store_sight *sight,
                                     int64_t id, store_name_fn fn, void *arg)
{
    struct name_reader names = {fn, arg};
    struct rows_reader reader = {.kinds = "t", .each = read_name, .arg = &names};
    struct db_value args[SIGHT_ARGS + 1];

    sight_args(sight, args);
    args[SIGHT_ARGS] = db_number(id);
    return rows_run(store, DB_REPORT_DOMAINS, args, SIGHT_ARGS + 1, &reader);
}
