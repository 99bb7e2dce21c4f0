/* SPDX-License-Identifier: MIT */
/* schedule.c - when each domain of a group is looked at next. */
#include "store/schedule.h"

#include "store/rows.h"

static enum sts_status update(struct store *store, void *arg)
{
    const struct store_schedule_rule *rule = arg;
    struct db_value every[] = {db_number(rule->every)};
    struct db_value bound[] = {db_number(rule->now), db_number(rule->every),
                               db_number(rule->latest)};
    enum sts_status status = db_run(store, DB_WATCHED_DROP, NULL, 0, NULL, NULL);

    if (!status)
        status = db_run(store, DB_WATCHED_ADD, every, 1, NULL, NULL);
    return status ? status : db_run(store, DB_WATCHED_SPREAD, bound, 3, NULL, NULL);
}

enum sts_status store_schedule_update(struct store *store, const struct store_schedule_rule *rule)
{
    struct store_schedule_rule own = *rule;

    return own.every > 0 ? store_batch(store, update, &own) : STS_E_INVALID;
}

/* ---- claims ---------------------------------------------------------------------------------- */

struct claiming {
    const struct store_schedule_claim *claim;
    store_claimed_fn fn;
    void *arg;
};

static bool take_claimed(void *arg, const struct db_value *row)
{
    struct claiming *claiming = arg;

    return claiming->fn(claiming->arg, db_text_of(&row[0]));
}

static enum sts_status claim(struct store *store, void *arg)
{
    struct claiming *claiming = arg;
    const struct store_schedule_claim *claim = claiming->claim;
    struct rows_reader reader = {.kinds = "t", .each = take_claimed, .arg = claiming};
    struct db_value due[] = {db_number(STORE_DUE_NOW), db_number(claim->now),
                             db_number(claim->until), db_number((int64_t)claim->most)};
    struct db_value at_once[] = {db_number(STORE_DUE_NOW), db_number(claim->until),
                                 db_number((int64_t)claim->most)};

    return claim->at_once ? rows_run(store, DB_WATCHED_CLAIM_NOW, at_once, 3, &reader)
                          : rows_run(store, DB_WATCHED_CLAIM, due, 4, &reader);
}

enum sts_status store_schedule_claim(struct store *store, const struct store_schedule_claim *wish,
                                     store_claimed_fn fn, void *arg)
{
    struct claiming claiming = {wish, fn, arg};

    return wish->most ? store_batch(store, claim, &claiming) : STS_OK;
}

enum sts_status store_schedule_back(struct store *store, const char *domain, int64_t until,
                                    int64_t due)
{
    struct db_value args[] = {db_text(domain), db_number(until), db_number(due)};

    return rows_write(store, DB_WATCHED_BACK, args, 3, NULL);
}

/* ---- one domain ------------------------------------------------------------------------------ */

struct found {
    struct store_scheduled *scheduled;
    bool found;
};

static bool take_scheduled(void *arg, const struct db_value *row)
{
    struct found *found = arg;

    *found->scheduled = (struct store_scheduled){.due = row[0].number,
                                                 .looked = row[1].number,
                                                 .ill = row[2].number,
                                                 .blind = row[3].number};
    found->found = true;
    return true;
}

enum sts_status store_scheduled(struct store *store, const char *domain,
                                struct store_scheduled *ret, bool *ret_found)
{
    struct found found = {.scheduled = ret};
    struct rows_reader reader = {.kinds = "nNnn", .each = take_scheduled, .arg = &found};
    struct db_value args[] = {db_text(domain)};
    enum sts_status status;

    *ret = (struct store_scheduled){0};
    status = rows_run(store, DB_WATCHED, args, 1, &reader);
    *ret_found = found.found;
    return status;
}

enum sts_status store_schedule(struct store *store, const char *domain,
                               const struct store_scheduled *next)
{
    struct db_value args[] = {db_text(domain),
                              db_number(next->due),
                              rows_number_or_null(next->looked),
                              db_text(next->looked ? next->verdict : NULL),
                              db_number(next->ill),
                              db_number(next->blind)};

    return rows_write(store, DB_WATCHED_PUT, args, 6, NULL);
}

enum sts_status store_schedule_now(struct store *store, const char *domain, bool *ret_done)
{
    struct db_value args[] = {db_text(domain)};

    return rows_change(store, DB_WATCHED_NOW, args, 1, ret_done);
}

/* ---- numbers --------------------------------------------------------------------------------- */

static bool take_numbers(void *arg, const struct db_value *row)
{
    *(struct store_schedule_numbers *)arg =
        (struct store_schedule_numbers){.domains = row[0].number,
                                        .at_once = row[1].number,
                                        .due = row[2].number,
                                        .late = row[3].number,
                                        .unseen = row[4].number,
                                        .oldest = row[5].number,
                                        .next = row[6].number};
    return true;
}

enum sts_status store_schedule_numbers(struct store *store, int64_t now, int64_t late_since,
                                       struct store_schedule_numbers *ret)
{
    struct rows_reader reader = {.kinds = "nnnnnNN", .each = take_numbers, .arg = ret};
    struct db_value args[] = {db_number(now), db_number(late_since)};

    *ret = (struct store_schedule_numbers){0};
    return rows_run(store, DB_WATCHED_NUMBERS, args, 2, &reader);
}

struct verdicts {
    store_verdict_fn fn;
    void *arg;
};

static bool take_verdict(void *arg, const struct db_value *row)
{
    const struct verdicts *verdicts = arg;

    return verdicts->fn(verdicts->arg, db_text_of(&row[0]), row[1].number);
}

enum sts_status store_schedule_verdicts(struct store *store, store_verdict_fn fn, void *arg)
{
    struct verdicts verdicts = {fn, arg};
    struct rows_reader reader = {.kinds = "tn", .each = take_verdict, .arg = &verdicts};

    return rows_run(store, DB_WATCHED_VERDICTS, NULL, 0, &reader);
}
