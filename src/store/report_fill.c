/* SPDX-License-Identifier: MIT */
/* report_fill.c - what an earlier version stored, and is not in the roll-ups yet. */
#include "store/rollup_work.h"
#include "store/rollups.h"

#include <string.h>

/* ---- how far it is --------------------------------------------------------------------------- */

struct todo {
    int64_t place, upto;
};

static bool take_todo(void *arg, const struct db_value *row)
{
    *(struct todo *)arg = (struct todo){row[0].number, row[1].number};
    return false;
}

#define REPORTS "reports"
#define CHECKS  "checks"

static enum sts_status read_todo(struct store *store, const char *what, struct todo *ret)
{
    struct db_value args[] = {db_text(what)};

    *ret = (struct todo){0, 0};
    return db_run(store, DB_TODO, args, 1, take_todo, ret);
}

enum sts_status rollup_covers(struct store *store, int64_t id, bool *ret)
{
    struct todo todo;
    enum sts_status status = read_todo(store, REPORTS, &todo);

    *ret = id <= todo.place || id > todo.upto;
    return status;
}

enum sts_status rollups_todo(struct store *store, struct store_todo *ret)
{
    struct todo reports, checks = {0, 0};
    enum sts_status status = read_todo(store, REPORTS, &reports);

    if (!status)
        status = read_todo(store, CHECKS, &checks);
    if (!status)
        *ret = (struct store_todo){reports.place < reports.upto, checks.place < checks.upto};
    return status;
}

struct unfilled_reader {
    store_unfilled_report_fn report;
    store_unfilled_domain_fn domain;
    void *arg;
    bool damaged;
    size_t told;
};

static bool tell_report(void *arg, const struct db_value *row)
{
    struct unfilled_reader *reader = arg;
    struct store_unfilled_report report = {
        .id = row[0].number,
        .begins = row[1].number,
        .submitter = db_text_of(&row[2]),
        .counts = row[3].number != 0,
        .raw = row[4].bytes,
        .origin = {.file_name = db_text_of(&row[5]),
                   .header_domain = db_text_of(&row[6]),
                   .header_submitter = db_text_of(&row[7]),
                   .subject = db_text_of(&row[8])},
    };

    reader->damaged = row[2].kind != DB_TEXT || row[4].kind != DB_BLOB;
    reader->told++;
    return !reader->damaged && reader->report(reader->arg, &report);
}

static bool tell_domain(void *arg, const struct db_value *row)
{
    struct unfilled_reader *reader = arg;

    reader->damaged = row[1].kind != DB_TEXT;
    reader->told++;
    return !reader->damaged && reader->domain(reader->arg, row[0].number, db_text_of(&row[1]));
}

static enum sts_status is_done(struct store *store, void *arg)
{
    struct db_value args[] = {db_text(arg)};

    return db_run(store, DB_TODO_DONE, args, 1, NULL, NULL);
}

/* Where there are none left it is done. */
static enum sts_status tell_unfilled(struct store *store, const char *what, size_t limit,
                                     struct unfilled_reader *reader)
{
    struct todo todo;
    enum sts_status status = read_todo(store, what, &todo);
    bool reports = reader->report;

    if (status || todo.place >= todo.upto)
        return status;
    struct db_value args[] = {db_number(todo.place), db_number(todo.upto),
                              db_number((int64_t)limit)};
    status = db_run(store, reports ? DB_REPORTS_TO_FILL : DB_DOMAINS_TO_FILL, args, 3,
                    reports ? tell_report : tell_domain, reader);
    if (!status && reader->damaged)
        status = db_damaged(store);
    if (!status && reader->told == 0)
        status = store_batch(store, is_done, (void *)(uintptr_t)what);
    return status;
}

enum sts_status rollups_unfilled_reports(struct store *store, size_t limit,
                                         store_unfilled_report_fn fn, void *arg)
{
    struct unfilled_reader reader = {.report = fn, .arg = arg};

    return tell_unfilled(store, REPORTS, limit, &reader);
}

enum sts_status rollups_unfilled_domains(struct store *store, size_t limit,
                                         store_unfilled_domain_fn fn, void *arg)
{
    struct unfilled_reader reader = {.domain = fn, .arg = arg};

    return tell_unfilled(store, CHECKS, limit, &reader);
}

static enum sts_status filled(struct store *store, const char *what, int64_t place)
{
    struct db_value args[] = {db_text(what), db_number(place)};

    return db_run(store, DB_TODO_PUT, args, 2, NULL, NULL);
}

struct fill {
    TALLOC_CTX *work;
    bool *withheld; /* its policies that are stored without their domain */
    const struct store_unfilled_report *report;
    const struct store_report_parts *parts;
};

#define NOT_THERE (-1) /* its version stored fewer of them */

static enum sts_status name_policy(struct store *store, const struct fill *fill, size_t place,
                                   int64_t *ret)
{
    const struct store_report_policy *policy = &fill->parts->policies[place];
    enum sts_status status =
        rollup_policy(store, fill->work, policy, store_day_of(fill->report->begins), ret);
    struct db_value args[] = {db_number(fill->report->id), db_number((int64_t)place),
                              db_number(*ret)};
    const char *name = NULL;
    int64_t domain = NOT_THERE;

    if (!status)
        status = db_run_number(store, DB_REPORT_POLICY_NAME, args, 3, NOT_THERE, &domain);
    fill->withheld[place] = policy->domain && domain == 0;
    if (!status)
        status = db_fit(fill->work, policy->domain, &name);
    if (status || !name || fill->withheld[place])
        return status;
    status = db_domain(store, name, &domain);
    return status ? status
                  : rollup_sender_name(store, fill->work, domain, fill->report->submitter,
                                       fill->parts->sender);
}

/* The text of a report that counts in part has names for which it does not. */
static bool is_withheld(const struct fill *fill, const char *domain)
{
    for (size_t i = 0; domain && i < fill->parts->policy_count; i++) {
        if (fill->withheld[i] && strcmp(fill->parts->policies[i].domain, domain) == 0)
            return true;
    }
    return false;
}

static struct store_failure *failures_that_count(const struct fill *fill, size_t *ret_count)
{
    const struct store_report_parts *parts = fill->parts;
    struct store_failure *list =
        talloc_array(fill->work, struct store_failure, (unsigned)parts->failure_count + 1);

    *ret_count = 0;
    for (size_t i = 0; list && i < parts->failure_count; i++)
        if (!is_withheld(fill, parts->failures[i].domain))
            list[(*ret_count)++] = parts->failures[i];
    return list;
}

static enum sts_status fill_parts(struct store *store, struct fill *fill)
{
    const struct store_report_parts *parts = fill->parts;
    unsigned count = (unsigned)parts->policy_count + 1;
    int64_t *policies = talloc_zero_array(fill->work, int64_t, count);
    struct rollup_failures failures = {.report = fill->report->id,
                                       .begins = fill->report->begins,
                                       .submitter = fill->report->submitter,
                                       .counts = fill->report->counts,
                                       .policies = policies};
    enum sts_status status = STS_OK;

    fill->withheld = talloc_zero_array(fill->work, bool, count);
    if (!policies || !fill->withheld)
        return STS_E_NOMEM;
    for (size_t i = 0; !status && i < parts->policy_count; i++)
        status = name_policy(store, fill, i, &policies[i]);
    if (status)
        return status;
    failures.list = failures_that_count(fill, &failures.count);
    return failures.list ? rollup_add_failures(store, &failures) : STS_E_NOMEM;
}

/* Said twice it counts once: it is not handed out again. */
static enum sts_status fill_report(struct store *store, void *arg)
{
    struct fill *fill = arg;
    int64_t id = fill->report->id;
    bool known;
    enum sts_status status = rollup_covers(store, id, &known);

    if (status || known)
        return status;
    fill->work = talloc_new(store);
    status = fill->work ? fill_parts(store, fill) : STS_E_NOMEM;
    talloc_free(fill->work);
    if (!status && fill->report->counts)
        status = rollup_count_new(store, id);
    return status ? status : filled(store, REPORTS, id);
}

enum sts_status rollups_fill_report(struct store *store, const struct store_unfilled_report *report,
                                    const struct store_report_parts *parts)
{
    struct fill fill = {.report = report, .parts = parts};

    return store_batch(store, fill_report, &fill);
}

static enum sts_status fill_domains(struct store *store, void *arg)
{
    return filled(store, CHECKS, *(int64_t *)arg);
}

enum sts_status rollups_domains_filled(struct store *store, int64_t id)
{
    return store_batch(store, fill_domains, &id);
}
