/* SPDX-License-Identifier: MIT */
/* outgoing.c - reports that are to be sent, and what became of them. */
#include "store/outgoing.h"

#include <string.h>

#include "base/array.h"
#include "store/rows.h"

const char *store_outgoing_state_name(enum store_outgoing_state state)
{
    static const char *const names[] = {
#define X(symbol, name) [STORE_OUTGOING_##symbol] = (name),
        STORE_OUTGOING_STATES(X)
#undef X
    };

    return names[state];
}

/* ---- planned --------------------------------------------------------------------------------- */

static enum sts_status add_delivery(struct store *store, int64_t report, size_t place,
                                    const struct store_new_outgoing *of)
{
    const struct store_new_delivery *delivery = &of->deliveries[place];
    const struct db_value args[] = {db_number(report),
                                    db_number((int64_t)place),
                                    db_text(delivery->uri),
                                    db_text(delivery->host),
                                    db_number(delivery->by_mail),
                                    db_text(store_outgoing_state_name(delivery->state)),
                                    db_number(of->due),
                                    db_text(delivery->outcome)};

    return db_run(store, DB_OUTGOING_DELIVERY_ADD, args, 8, NULL, NULL);
}

static enum sts_status plan(struct store *store, void *arg)
{
    const struct store_new_outgoing *report = arg;
    const struct db_value args[] = {db_text(report->organization), db_number(report->day),
                                    db_text(report->domain), db_number(report->counted)};
    int64_t id = 0;
    enum sts_status status = db_run_number(store, DB_OUTGOING_ADD, args, 4, 0, &id);

    for (size_t i = 0; !status && id && i < report->delivery_count; i++)
        status = add_delivery(store, id, i, report);
    return status;
}

enum sts_status store_plan_outgoing(struct store *store, const struct store_new_outgoing *report)
{
    struct store_new_outgoing copy = *report;

    return store_batch(store, plan, &copy);
}

/* ---- read ------------------------------------------------------------------------------------ */

struct outgoing_reader {
    store_outgoing_fn fn;
    void *arg;
};

#define OUTGOING_KINDS "nnnntttnttnNnN"

static bool tell_outgoing(void *arg, const struct db_value *row)
{
    const struct outgoing_reader *reader = arg;
    const struct store_outgoing delivery = {.report = row[0].number,
                                            .place = row[1].number,
                                            .day = row[2].number,
                                            .counted = row[3].number,
                                            .domain = db_text_of(&row[4]),
                                            .uri = db_text_of(&row[5]),
                                            .host = db_text_of(&row[6]),
                                            .by_mail = row[7].number != 0,
                                            .state = db_text_of(&row[8]),
                                            .outcome = db_text_of(&row[9]),
                                            .tries = row[10].number,
                                            .first_try = row[11].number,
                                            .next_try = row[12].number,
                                            .at = row[13].number};

    return reader->fn(reader->arg, &delivery);
}

static enum sts_status run_list(struct store *store, enum db_statement statement,
                                const struct db_value *args, size_t count,
                                struct outgoing_reader outgoing)
{
    struct rows_reader reader = {.kinds = OUTGOING_KINDS, .each = tell_outgoing, .arg = &outgoing};

    return rows_run(store, statement, args, count, &reader);
}

enum sts_status store_outgoing_list(struct store *store, const struct store_outgoing_filter *filter,
                                    store_outgoing_fn fn, void *arg)
{
    const struct db_value args[] = {db_text(filter->organization), db_text(filter->domain),
                                    db_number(filter->open), db_number((int64_t)filter->limit)};

    return run_list(store, DB_OUTGOING_LIST, args, 4, (struct outgoing_reader){fn, arg});
}

struct reported_reader {
    store_reported_fn fn;
    void *arg;
    int64_t day;
};

static bool tell_reported(void *arg, const struct db_value *row)
{
    const struct reported_reader *reader = arg;
    const struct store_reported reported = {.day = reader->day,
                                            .state = (enum store_reported_state)row[0].number,
                                            .sessions = row[1].number,
                                            .late = row[2].number};

    return reader->fn(reader->arg, &reported);
}

enum sts_status store_outgoing_reported(struct store *store, int64_t day, store_reported_fn fn,
                                        void *arg)
{
    struct reported_reader reported = {fn, arg, day};
    struct rows_reader reader = {.kinds = "nnn", .each = tell_reported, .arg = &reported};
    const struct db_value args[] = {db_number(day)};

    return rows_run(store, DB_OUTGOING_REPORTED, args, 1, &reader);
}

/* A state that no version writes is counted nowhere. */
static bool take_state(void *arg, const struct db_value *row)
{
    struct store_outgoing_numbers *numbers = arg;

    for (int i = 0; i < STORE_OUTGOING_STATE_COUNT; i++)
        if (!strcmp(db_text_of(&row[0]), store_outgoing_state_name((enum store_outgoing_state)i)))
            numbers->deliveries[i] = row[1].number;
    return true;
}

enum sts_status store_outgoing_numbers(struct store *store, const char *organization,
                                       int64_t from_day, struct store_outgoing_numbers *ret)
{
    struct store_outgoing_numbers numbers = {{0}};
    struct rows_reader reader = {.kinds = "tn", .each = take_state, .arg = &numbers};
    const struct db_value args[] = {db_text(organization), db_number(from_day)};
    enum sts_status status = rows_run(store, DB_OUTGOING_STATES, args, 2, &reader);

    if (!status)
        status = db_run_number(store, DB_OUTGOING_FAILING_NUMBER, args, 1, 0, &numbers.failing);
    if (!status)
        *ret = numbers;
    return status;
}

/* ---- claimed --------------------------------------------------------------------------------- */

struct outgoing_claimed {
    TALLOC_CTX *ctx;
    const struct store_outgoing_claim *claim;
    struct outgoing_reader reader;
    struct store_outgoing *list;
    size_t count;
    bool no_memory;
};

static bool keep_due(void *arg, const struct store_outgoing *delivery)
{
    struct outgoing_claimed *claimed = arg;
    struct store_outgoing *place =
        array_grow(claimed->ctx, &claimed->list, &claimed->count, sizeof(*place));

    if (place) {
        *place = *delivery;
        place->domain = talloc_strdup(claimed->ctx, delivery->domain);
        place->uri = talloc_strdup(claimed->ctx, delivery->uri);
        place->host = talloc_strdup(claimed->ctx, delivery->host);
        place->state = talloc_strdup(claimed->ctx, delivery->state);
        place->outcome = talloc_strdup(claimed->ctx, delivery->outcome);
    }
    claimed->no_memory |=
        !place || !place->domain || !place->uri || !place->host || !place->state || !place->outcome;
    return !claimed->no_memory;
}

/* *ret: nobody else was faster. */
static enum sts_status lease(struct store *store, const struct store_outgoing_claim *claim,
                             const struct store_outgoing *delivery, bool *ret)
{
    const struct db_value args[] = {db_number(delivery->report), db_number(delivery->place),
                                    db_number(claim->now), db_number(claim->until)};

    return rows_change(store, DB_OUTGOING_LEASE, args, 4, ret);
}

static enum sts_status run_claim(struct store *store, void *arg)
{
    struct outgoing_claimed *claimed = arg;
    const struct store_outgoing_claim *claim = claimed->claim;
    const struct db_value args[] = {db_text(claim->organization), db_text(claim->domain),
                                    db_number(claim->now), db_number((int64_t)claim->per_host),
                                    db_number((int64_t)claim->limit)};
    enum sts_status status =
        run_list(store, DB_OUTGOING_DUE, args, 5, (struct outgoing_reader){keep_due, claimed});
    bool go_on = true;

    if (!status && claimed->no_memory)
        status = STS_E_NOMEM;
    for (size_t i = 0; !status && go_on && i < claimed->count; i++) {
        bool ours = false;

        status = lease(store, claim, &claimed->list[i], &ours);
        if (!status && ours)
            go_on = claimed->reader.fn(claimed->reader.arg, &claimed->list[i]);
    }
    return status;
}

enum sts_status store_claim_outgoing(struct store *store, const struct store_outgoing_claim *claim,
                                     store_outgoing_fn fn, void *arg)
{
    struct outgoing_claimed claimed = {
        .ctx = talloc_new(store), .claim = claim, .reader = {fn, arg}};
    enum sts_status status = claimed.ctx ? store_batch(store, run_claim, &claimed) : STS_E_NOMEM;

    talloc_free(claimed.ctx);
    return status;
}

/* ---- what became of it ----------------------------------------------------------------------- */

static enum sts_status note_destination(struct store *store,
                                        const struct store_outgoing_result *result)
{
    const struct db_value args[] = {db_text(result->organization), db_text(result->uri),
                                    db_number(result->at)};

    if (!result->tried)
        return STS_OK;
    return result->state == STORE_OUTGOING_SENT
               ? db_run(store, DB_OUTGOING_WORKS, args, 2, NULL, NULL)
               : db_run(store, DB_OUTGOING_FAILS, args, 3, NULL, NULL);
}

static enum sts_status write_result(struct store *store, void *arg)
{
    const struct store_outgoing_result *result = arg;
    const struct db_value args[] = {db_number(result->report),
                                    db_number(result->place),
                                    db_text(store_outgoing_state_name(result->state)),
                                    db_number(result->next_try),
                                    db_number(result->at),
                                    db_number(result->tried),
                                    db_text(result->outcome)};
    enum sts_status status = db_run(store, DB_OUTGOING_RESULT, args, 7, NULL, NULL);

    return status ? status : note_destination(store, result);
}

enum sts_status store_outgoing_result(struct store *store,
                                      const struct store_outgoing_result *result)
{
    struct store_outgoing_result copy = *result;

    return store_batch(store, write_result, &copy);
}

static bool take_failing(void *arg, const struct db_value *row)
{
    *(struct store_outgoing_failing *)arg =
        (struct store_outgoing_failing){row[0].number, row[1].number};
    return false;
}

enum sts_status store_outgoing_failing(struct store *store, const char *organization,
                                       const char *uri, struct store_outgoing_failing *ret)
{
    const struct db_value args[] = {db_text(organization), db_text(uri)};
    struct rows_reader reader = {.kinds = "nn", .each = take_failing, .arg = ret};

    *ret = (struct store_outgoing_failing){0, 0};
    return rows_run(store, DB_OUTGOING_FAILING, args, 2, &reader);
}

enum sts_status store_outgoing_mails(struct store *store, const char *host, int64_t from,
                                     int64_t before, int64_t *ret)
{
    const struct db_value args[] = {db_text(host), db_number(from), db_number(before)};

    return db_run_number(store, DB_OUTGOING_MAILS, args, 3, 0, ret);
}

static enum sts_status prune(struct store *store, void *arg)
{
    const struct db_value day = db_number(*(int64_t *)arg);

    return db_run(store, DB_OUTGOING_PRUNE, &day, 1, NULL, NULL);
}

enum sts_status store_prune_outgoing(struct store *store, int64_t before_day)
{
    return store_batch(store, prune, &before_day);
}
