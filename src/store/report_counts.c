/* SPDX-License-Identifier: MIT */
/* report_counts.c - sessions and failures by day, kept with each report.
 *
 * Of the revisions of a report one counts (store.h).  So what a day has of a report is added when
 * that begins to count, and taken away when it no longer does; both read the report's own rows, so
 * that they cancel each other to the last session. */
#include "store/rollup_work.h"
#include "store/rollups.h"

#include <string.h>

#include "base/array.h"
#include "sts/report.h"

/* Of one report and domain: so many would take a sender a million years, and so large numbers of
 * strangers cannot overflow a sum. */
#define SESSIONS_MAX ((int64_t)1 << 40)

int64_t store_day_of(int64_t at)
{
    return at / STORE_DAY_S - (at % STORE_DAY_S < 0);
}

/* ---- what a report counts -------------------------------------------------------------------- */

struct counted {
    int64_t domain, begins, ends;
    int64_t policy; /* of type sts, the last; 0: none */
    bool none;
    const char *sender;
    struct report_sessions sessions;
};

struct counting {
    TALLOC_CTX *work;
    struct counted *list;
    size_t count;
    bool damaged, no_memory;
};

static bool is_type(const struct db_value *value, const char *type)
{
    return value->kind == DB_TEXT && !strcmp(db_text_of(value), type);
}

static bool take_policy(void *arg, const struct db_value *row)
{
    struct counting *counting = arg;
    struct counted *last = counting->count ? &counting->list[counting->count - 1] : NULL;

    counting->damaged = row[2].kind != DB_TEXT || row[4].kind != DB_NUMBER;
    if (counting->damaged)
        return false;
    if (!last || last->domain != row[0].number) {
        last = array_grow(counting->work, &counting->list, &counting->count, sizeof(*last));
        if (last) {
            last->domain = row[0].number;
            last->begins = row[1].number;
            last->ends = row[6].number;
            last->sender = talloc_strdup(counting->work, db_text_of(&row[2]));
        }
        counting->no_memory = !last || !last->sender;
        if (counting->no_memory)
            return false;
    }
    report_sessions_add(&last->sessions, db_text_of(&row[3]), row[4].number, row[5].number);
    if (is_type(&row[3], "sts") && row[7].number)
        last->policy = row[7].number;
    last->none |= is_type(&row[3], "no-policy-found");
    return true;
}

static int64_t at_most(int64_t sessions)
{
    return sessions < SESSIONS_MAX ? sessions : SESSIONS_MAX;
}

static enum sts_status add_day(struct store *store, const struct counted *counted, int sign)
{
    struct db_value args[] = {
        db_number(counted->domain),
        db_number(store_day_of(counted->begins)),
        db_text(counted->sender),
        db_number(sign),
        db_number(sign * at_most(report_sessions_total(counted->sessions.successful))),
        db_number(sign * at_most(report_sessions_total(counted->sessions.failed))),
        db_number(counted->begins),
        db_number(counted->ends),
        counted->policy ? db_number(counted->policy) : db_text(NULL),
        db_number(counted->none),
    };
    enum sts_status status = db_run(store, DB_SESSION_DAY_ADD, args, 10, NULL, NULL);

    if (status || sign > 0)
        return status;
    return db_run(store, DB_SESSION_DAY_EMPTY, args, 3, NULL, NULL);
}

static enum sts_status count_sessions(struct store *store, int64_t id, int sign)
{
    struct counting counting = {.work = talloc_new(store)};
    struct db_value args[] = {db_number(id)};
    enum sts_status status =
        counting.work ? db_run(store, DB_REPORT_SESSIONS, args, 1, take_policy, &counting)
                      : STS_E_NOMEM;

    if (!status && counting.no_memory)
        status = STS_E_NOMEM;
    if (!status && counting.damaged)
        status = db_damaged(store);
    for (size_t i = 0; !status && i < counting.count; i++)
        status = add_day(store, &counting.list[i], sign);
    talloc_free(counting.work);
    return status;
}

enum sts_status rollup_count_new(struct store *store, int64_t id)
{
    return count_sessions(store, id, 1);
}

enum sts_status rollup_count_report(struct store *store, int64_t id, bool counts)
{
    struct db_value args[] = {db_number(id), db_number(counts)};
    enum sts_status status = count_sessions(store, id, counts ? 1 : -1);

    return status ? status : db_run(store, DB_FAILURES_COUNT_OR_NOT, args, 2, NULL, NULL);
}

/* ---- failures -------------------------------------------------------------------------------- */

static struct db_value or_empty(const char *text)
{
    return db_text(text ? text : "");
}

static enum sts_status add_failure(struct store *store, TALLOC_CTX *work,
                                   const struct rollup_failures *failures, size_t place)
{
    const struct store_failure *one = &failures->list[place];
    const char *texts[] = {one->domain,       one->type,   one->mx,  one->sending_ip,
                           one->receiving_ip, one->reason, one->info};
    int64_t policy = one->policy ? failures->policies[one->policy - 1] : 0, domain;
    enum sts_status status = STS_OK;

    if (!one->domain)
        return STS_OK;
    for (size_t i = 0; !status && i < sizeof texts / sizeof *texts; i++)
        status = db_fit(work, texts[i], &texts[i]);
    if (!status)
        status = db_domain(store, texts[0], &domain);
    if (status)
        return status;
    struct db_value args[] = {db_number(failures->report),
                              db_number((int64_t)place),
                              db_number(domain),
                              db_number(store_day_of(failures->begins)),
                              db_text(failures->submitter),
                              or_empty(texts[1]),
                              or_empty(texts[2]),
                              or_empty(texts[3]),
                              or_empty(texts[4]),
                              or_empty(texts[5]),
                              db_number(at_most(one->sessions)),
                              db_number(failures->counts),
                              or_empty(texts[6]),
                              policy ? db_number(policy) : db_text(NULL),
                              db_number(one->rest),
                              db_number(one->twice)};
    return db_run(store, DB_FAILURE_ADD, args, sizeof args / sizeof *args, NULL, NULL);
}

enum sts_status rollup_add_failures(struct store *store, const struct rollup_failures *failures)
{
    TALLOC_CTX *work = talloc_new(store);
    enum sts_status status = work ? STS_OK : STS_E_NOMEM;

    for (size_t i = 0; !status && i < failures->count; i++)
        status = add_failure(store, work, failures, i);
    talloc_free(work);
    return status;
}

/* ---- pruning --------------------------------------------------------------------------------- */

/* Days that are over are forgotten as a whole, and what stays of them is counted anew; of the day
 * that is cut the reports that go are taken away one by one.  Both are few. */
struct ids {
    int64_t *list;
    size_t count;
    bool no_memory;
};

static bool take_id(void *arg, const struct db_value *row)
{
    struct ids *ids = arg;
    int64_t *id = array_grow(NULL, &ids->list, &ids->count, sizeof(*id));

    ids->no_memory = !id;
    if (id)
        *id = row[0].number;
    return id;
}

static enum sts_status count_each(struct store *store, enum db_statement which,
                                  const struct db_value *args, size_t count, int sign)
{
    struct ids ids = {NULL, 0, false};
    enum sts_status status = db_run(store, which, args, count, take_id, &ids);

    if (!status && ids.no_memory)
        status = STS_E_NOMEM;
    for (size_t i = 0; !status && i < ids.count; i++) {
        bool known;

        status = rollup_covers(store, ids.list[i], &known);
        if (!status && known)
            status = count_sessions(store, ids.list[i], sign);
    }
    talloc_free(ids.list);
    return status;
}

enum sts_status rollup_before_prune(struct store *store, int64_t before)
{
    struct db_value args[] = {db_number(before), db_number(store_day_of(before) * STORE_DAY_S)};

    return count_each(store, DB_PRUNED_OF_DAY, args, 2, -1);
}

enum sts_status rollup_after_prune(struct store *store, int64_t before)
{
    int64_t day = store_day_of(before);
    struct db_value args[] = {db_number(day)};
    enum sts_status status = db_run(store, DB_SESSION_DAYS_PRUNE, args, 1, NULL, NULL);

    if (!status)
        status = db_run(store, DB_REPORTED_POLICIES_PRUNE, args, 1, NULL, NULL);
    args[0] = db_number(day * STORE_DAY_S);
    if (!status)
        status = count_each(store, DB_BEGUN_BEFORE, args, 1, 1);
    return status ? status : db_run(store, DB_SENDER_NAMES_PRUNE, NULL, 0, NULL, NULL);
}
