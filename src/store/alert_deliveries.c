/* SPDX-License-Identifier: MIT */
/* alert_deliveries.c - messages that are to be sent, and what became of them. */
#include "store/alerts.h"

#include <string.h>

#include "store/rows.h"

/* ---- added ----------------------------------------------------------------------------------- */

static enum sts_status add_delivery(struct store *store, void *arg)
{
    const struct store_delivery *delivery = arg;
    struct db_value args[] = {rows_number_or_null(delivery->alert),
                              db_number(delivery->channel),
                              db_text(delivery->event),
                              db_text(delivery->message),
                              db_number(delivery->since),
                              db_number(delivery->next_try),
                              db_number(delivery->created)};
    int64_t waiting = 0;
    enum sts_status status = !delivery->alert
                                 ? db_run_number(store, DB_SAME_WAITING, &args[1], 2, 0, &waiting)
                                 : db_run_number(store, DB_DELIVERY_WAITING, args, 3, 0, &waiting);

    return status || waiting ? status : db_run(store, DB_DELIVERY_ADD, args, 7, NULL, NULL);
}

enum sts_status store_add_delivery(struct store *store, const struct store_delivery *delivery)
{
    struct store_delivery copy = *delivery;

    if (!delivery->event || !delivery->message)
        return STS_E_INVALID;
    return store_batch(store, add_delivery, &copy);
}

struct covering {
    const struct store_delivery *delivery;
    const char *digest;
    int64_t gap;
};

static enum sts_status add_digest(struct store *store, const struct covering *covering)
{
    struct store_delivery digest = *covering->delivery;
    struct db_value channel[] = {db_number(digest.channel)};
    int64_t waiting = 0, last = 0;
    enum sts_status status = db_run_number(store, DB_DIGEST_WAITING, channel, 1, 0, &waiting);

    if (!status && !waiting)
        status = db_run_number(store, DB_DIGEST_LAST, channel, 1, 0, &last);
    if (status || waiting)
        return status;
    digest.alert = 0;
    digest.event = "digest";
    digest.message = covering->digest;
    if (last && digest.next_try < last + covering->gap)
        digest.next_try = last + covering->gap;
    return add_delivery(store, &digest);
}

static enum sts_status cover(struct store *store, void *arg)
{
    const struct covering *covering = arg;
    const struct store_delivery *delivery = covering->delivery;
    struct db_value args[] = {db_number(delivery->alert), db_number(delivery->channel),
                              db_text(delivery->message), db_number(delivery->created)};
    enum sts_status status = add_digest(store, covering);

    return status || !delivery->alert ? status
                                      : rows_write(store, DB_DELIVERY_COVERED, args, 4, NULL);
}

enum sts_status store_cover_alert(struct store *store, const struct store_delivery *delivery,
                                  const char *digest, int64_t gap)
{
    struct covering covering = {delivery, digest, gap};

    return store_batch(store, cover, &covering);
}

enum sts_status store_count_deliveries(struct store *store, int64_t alert, int64_t channel,
                                       int64_t *ret)
{
    struct db_value args[] = {db_number(alert), db_number(channel)};

    return db_run_number(store, DB_DELIVERY_COUNT, args, 2, 0, ret);
}

/* ---- lists ----------------------------------------------------------------------------------- */

struct delivery_list {
    store_delivery_fn fn;
    void *arg;
};

static bool list_delivery(void *arg, const struct db_value *row)
{
    struct delivery_list *list = arg;
    struct store_delivery delivery = {.id = row[0].number,
                                      .alert = row[1].number,
                                      .channel = row[2].number,
                                      .channel_kind = db_text_of(&row[3]),
                                      .target = db_text_of(&row[4]),
                                      .event = db_text_of(&row[5]),
                                      .message = db_text_of(&row[6]),
                                      .since = row[7].number,
                                      .state = db_text_of(&row[8]),
                                      .attempts = row[9].number,
                                      .next_try = row[10].number,
                                      .created = row[11].number,
                                      .sent = row[12].number,
                                      .error = db_text_of(&row[13])};

    return list->fn(list->arg, &delivery);
}

#define DELIVERY_KINDS "nNnttttntnnnNT"

struct claiming {
    const struct store_delivery_claim *claim;
    struct delivery_list list;
};

static enum sts_status run_claim(struct store *store, void *arg)
{
    struct claiming *claiming = arg;
    const struct store_delivery_claim *claim = claiming->claim;
    struct rows_reader reader = {
        .kinds = DELIVERY_KINDS, .each = list_delivery, .arg = &claiming->list};
    struct db_value args[] = {db_number(claim->now),
                              db_number(claim->until),
                              db_text(claim->kind),
                              db_number((int64_t)claim->share),
                              db_number((int64_t)claim->limit),
                              db_number((int64_t)claim->doubtful)};

    return rows_run(store, DB_DELIVERIES_CLAIM, args, 6, &reader);
}

static enum sts_status list_deliveries(struct store *store, enum db_statement statement, int64_t of,
                                       size_t limit, struct delivery_list list)
{
    struct rows_reader reader = {.kinds = DELIVERY_KINDS, .each = list_delivery, .arg = &list};
    struct db_value args[] = {db_number(of), db_number((int64_t)limit)};

    return rows_run(store, statement, args, 2, &reader);
}

enum sts_status store_claim_deliveries(struct store *store,
                                       const struct store_delivery_claim *claim,
                                       store_delivery_fn fn, void *arg)
{
    struct claiming claiming = {claim, {fn, arg}};

    return claim->limit ? store_batch(store, run_claim, &claiming) : STS_OK;
}

enum sts_status store_deliveries_of(struct store *store, int64_t alert, size_t limit,
                                    store_delivery_fn fn, void *arg)
{
    return list_deliveries(store, DB_DELIVERIES_OF, alert, limit, (struct delivery_list){fn, arg});
}

static bool take_due(void *arg, const struct db_value *row)
{
    if (row[0].number)
        *(int64_t *)arg = row[0].number;
    return false;
}

enum sts_status store_delivery_due(struct store *store, int64_t *ret)
{
    struct rows_reader reader = {.kinds = "N", .each = take_due, .arg = ret};

    *ret = INT64_MAX;
    return rows_run(store, DB_DELIVERY_DUE, NULL, 0, &reader);
}

struct reminder_list {
    store_reminder_fn fn;
    void *arg;
};

static bool list_reminder(void *arg, const struct db_value *row)
{
    struct reminder_list *list = arg;

    return list->fn(list->arg, &(struct store_reminder){row[0].number, row[1].number});
}

enum sts_status store_due_reminders(struct store *store, int64_t now, size_t limit,
                                    store_reminder_fn fn, void *arg)
{
    struct reminder_list list = {fn, arg};
    struct rows_reader reader = {.kinds = "nnnn", .each = list_reminder, .arg = &list};
    struct db_value args[] = {db_number(now), db_number((int64_t)limit)};

    return rows_run(store, DB_REMIND_DUE, args, 2, &reader);
}

/* ---- what became of it ----------------------------------------------------------------------- */

enum sts_status store_delivery_sent(struct store *store, int64_t delivery, int64_t at)
{
    struct db_value args[] = {db_number(delivery), db_number(at)};

    return rows_write(store, DB_DELIVERY_SENT, args, 2, NULL);
}

static enum sts_status write_error(struct store *store, enum db_statement statement,
                                   struct db_value *args, const char *error)
{
    TALLOC_CTX *work = talloc_new(store);
    const char *fit = NULL;
    enum sts_status status = work ? db_fit(work, error, &fit) : STS_E_NOMEM;

    args[2] = db_text(fit);
    if (!status)
        status = rows_write(store, statement, args, 3, NULL);
    talloc_free(work);
    return status;
}

enum sts_status store_delivery_again(struct store *store, int64_t delivery, int64_t next_try,
                                     const char *error)
{
    struct db_value args[3] = {db_number(delivery), db_number(next_try)};

    return write_error(store, DB_DELIVERY_AGAIN, args, error);
}

enum sts_status store_delivery_later(struct store *store, int64_t delivery, int64_t next_try)
{
    struct db_value args[] = {db_number(delivery), db_number(next_try)};

    return rows_write(store, DB_DELIVERY_LATER, args, 2, NULL);
}

enum sts_status store_delivery_end(struct store *store, int64_t delivery, const char *state,
                                   const char *error)
{
    struct db_value args[3] = {db_number(delivery), db_text(state)};

    return write_error(store, DB_DELIVERY_END, args, error);
}

/* ---- how many -------------------------------------------------------------------------------- */

static bool take_number(void *arg, const struct db_value *row)
{
    struct store_alert_numbers *numbers = arg;
    const struct {
        const char *name;
        int64_t *number;
    } all[] = {{"open", &numbers->open},
               {"waiting", &numbers->waiting},
               {"sent", &numbers->sent},
               {"failed", &numbers->failed},
               {"dropped", &numbers->dropped}};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i].name, db_text_of(&row[0])) == 0)
            *all[i].number = row[1].number;
    return true;
}

enum sts_status store_alert_numbers(struct store *store, struct store_alert_numbers *ret)
{
    struct rows_reader reader = {.kinds = "tn", .each = take_number, .arg = ret};

    *ret = (struct store_alert_numbers){0};
    return rows_run(store, DB_ALERT_NUMBERS, NULL, 0, &reader);
}
