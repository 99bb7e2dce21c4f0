/* SPDX-License-Identifier: MIT */
/* session_counts_read.c - the sessions that were counted, read for reports. */
#include "store/outgoing.h"
#include "store/pages.h"
#include "store/rollups.h"
#include "store/rows.h"
#include "store/session_counts.h"

/* ---- days ------------------------------------------------------------------------------------ */

struct days_reader {
    store_counted_day_fn fn;
    void *arg;
};

static bool tell_day(void *arg, const struct db_value *row)
{
    const struct days_reader *reader = arg;

    return reader->fn(reader->arg, row[0].number);
}

enum sts_status store_counted_days(struct store *store, int64_t now, store_counted_day_fn fn,
                                   void *arg)
{
    struct days_reader days = {fn, arg};
    struct rows_reader reader = {.kinds = "n", .each = tell_day, .arg = &days};
    const struct db_value args[] = {db_number(store_day_of(now - STORE_DAY_GRACE_S))};

    return rows_run(store, DB_COUNTED_DAYS, args, 1, &reader);
}

/* ---- domains --------------------------------------------------------------------------------- */

struct domains_reader {
    store_counted_domain_fn fn;
    void *arg;
};

static bool tell_domain(void *arg, const struct db_value *row)
{
    const struct domains_reader *reader = arg;
    const struct store_counted_domain domain = {.id = row[0].number,
                                                .day = row[1].number,
                                                .domain = db_text_of(&row[2]),
                                                .record = db_text_of(&row[3]),
                                                .successful = row[4].number,
                                                .failed = row[5].number,
                                                .first_at = row[6].number,
                                                .last_at = row[7].number};

    return reader->fn(reader->arg, &domain);
}

#define DOMAIN_KINDS "nnttnnnn"

enum sts_status store_counted_domains(struct store *store, int64_t day, int64_t after, size_t limit,
                                      store_counted_domain_fn fn, void *arg)
{
    struct domains_reader domains = {fn, arg};
    struct rows_reader reader = {.kinds = DOMAIN_KINDS, .each = tell_domain, .arg = &domains};
    const struct db_value args[] = {db_number(day), db_number(after), db_number((int64_t)limit)};

    if (limit == 0 || limit > STORE_PAGE_MAX)
        return STS_E_INVALID;
    return rows_run(store, DB_COUNTED_OF_DAY, args, 3, &reader);
}

enum sts_status store_outgoing_unplanned(struct store *store,
                                         const struct store_outgoing_page *page,
                                         store_counted_domain_fn fn, void *arg)
{
    struct domains_reader domains = {fn, arg};
    struct rows_reader reader = {.kinds = DOMAIN_KINDS, .each = tell_domain, .arg = &domains};
    const struct db_value args[] = {db_text(page->organization), db_number(page->day),
                                    db_number(page->after), db_number((int64_t)page->limit)};

    if (page->limit == 0 || page->limit > STORE_PAGE_MAX)
        return STS_E_INVALID;
    return rows_run(store, DB_COUNTED_UNPLANNED, args, 4, &reader);
}

enum sts_status store_counted_domain(struct store *store, int64_t day, const char *domain,
                                     store_counted_domain_fn fn, void *arg)
{
    struct domains_reader domains = {fn, arg};
    struct rows_reader reader = {.kinds = DOMAIN_KINDS, .each = tell_domain, .arg = &domains};
    const struct db_value args[] = {db_number(day), db_text(domain)};

    return rows_run(store, DB_COUNTED_OF_DOMAIN, args, 2, &reader);
}

/* ---- policies and details -------------------------------------------------------------------- */

struct policies_reader {
    store_counted_policy_fn fn;
    void *arg;
};

static bool tell_policy(void *arg, const struct db_value *row)
{
    const struct policies_reader *reader = arg;
    const struct store_counted_policy policy = {.id = row[0].number,
                                                .type = db_text_of(&row[1]),
                                                .policy_domain = db_text_of(&row[2]),
                                                .lines = db_text_of(&row[3]),
                                                .mx = db_text_of(&row[4]),
                                                .successful = row[5].number,
                                                .failed = row[6].number};

    return reader->fn(reader->arg, &policy);
}

enum sts_status store_counted_policies(struct store *store, int64_t domain,
                                       store_counted_policy_fn fn, void *arg)
{
    struct policies_reader policies = {fn, arg};
    struct rows_reader reader = {.kinds = "nttttnn", .each = tell_policy, .arg = &policies};
    const struct db_value args[] = {db_number(domain)};

    return rows_run(store, DB_COUNTED_POLICIES_OF, args, 1, &reader);
}

struct details_reader {
    store_counted_detail_fn fn;
    void *arg;
};

static bool tell_detail(void *arg, const struct db_value *row)
{
    const struct details_reader *reader = arg;
    const struct store_session_detail detail = {.type = db_text_of(&row[0]),
                                                .sending_ip = db_text_of(&row[1]),
                                                .mx = db_text_of(&row[2]),
                                                .helo = db_text_of(&row[3]),
                                                .receiving_ip = db_text_of(&row[4]),
                                                .reason = db_text_of(&row[5]),
                                                .info = db_text_of(&row[6]),
                                                .sessions = row[7].number,
                                                .rest = row[8].number != 0};

    return reader->fn(reader->arg, &detail);
}

enum sts_status store_counted_details(struct store *store, int64_t policy,
                                      store_counted_detail_fn fn, void *arg)
{
    struct details_reader details = {fn, arg};
    struct rows_reader reader = {.kinds = "tttttttnn", .each = tell_detail, .arg = &details};
    const struct db_value args[] = {db_number(policy)};

    return rows_run(store, DB_COUNTED_DETAILS_OF, args, 1, &reader);
}

/* ---- collectors ------------------------------------------------------------------------------ */

struct collectors_reader {
    store_collector_day_fn fn;
    void *arg;
};

static bool tell_collector(void *arg, const struct db_value *row)
{
    const struct collectors_reader *reader = arg;
    const struct store_collector_day day = {
        db_text_of(&row[0]),
        {row[1].number, row[2].number, row[3].number, row[4].number, row[5].number},
        row[6].number};

    return reader->fn(reader->arg, &day);
}

enum sts_status store_collector_days(struct store *store, int64_t day, store_collector_day_fn fn,
                                     void *arg)
{
    struct collectors_reader collectors = {fn, arg};
    struct rows_reader reader = {.kinds = "tnnnnnn", .each = tell_collector, .arg = &collectors};
    const struct db_value args[] = {db_number(day)};

    return rows_run(store, DB_COLLECTED_OF_DAY, args, 1, &reader);
}
