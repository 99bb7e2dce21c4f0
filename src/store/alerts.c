/* SPDX-License-Identifier: MIT */
/* alerts.c - alerts and the domains that each has hit. */
#include "store/alerts.h"

#include "store/rows.h"

/* ---- raising --------------------------------------------------------------------------------- */

struct raising {
    const struct store_raise *raise;
    int64_t join_since;
    const char *subject; /* fit to be stored */
    const char *detail;
    struct store_raised raised;
};

static enum sts_status find_alert(struct store *store, const struct raising *raising, int64_t *ret)
{
    const struct store_raise *raise = raising->raise;
    struct db_value args[] = {db_number(raise->group),        db_text(raise->kind),
                              db_text(raise->cause),          db_text(raising->subject),
                              db_number(raising->join_since), db_text(raise->domain)};

    return raise->over ? db_run_number(store, DB_ALERT_RECENT, args, 6, 0, ret)
                       : db_run_number(store, DB_ALERT_OPEN, args, 4, 0, ret);
}

static enum sts_status make_alert(struct store *store, struct raising *raising)
{
    const struct store_raise *raise = raising->raise;
    struct db_value args[] = {
        db_number(raise->group),  db_text(raise->kind),
        db_text(raise->cause),    db_text(raising->subject),
        db_text(raise->severity), db_text(raise->thread),
        db_number(raise->at),     rows_number_or_null(raise->over ? raise->at : 0)};

    raising->raised.made = true;
    return rows_write(store, DB_ALERT_ADD, args, 8, &raising->raised.alert);
}

static enum sts_status begin_earlier(struct store *store, const struct raising *raising)
{
    struct db_value args[] = {db_number(raising->raised.alert), db_number(raising->raise->at)};

    return rows_write(store, DB_ALERT_BEGAN, args, 2, NULL);
}

static enum sts_status raise_alert(struct store *store, void *arg)
{
    struct raising *raising = arg;
    const struct store_raise *raise = raising->raise;
    int64_t domain = 0;
    enum sts_status status = find_alert(store, raising, &raising->raised.alert);

    raising->raised.made = false;
    if (!status && !raising->raised.alert)
        status = make_alert(store, raising);
    else if (!status && !raise->over)
        status = begin_earlier(store, raising);
    if (!status && raise->domain)
        status = db_domain(store, raise->domain, &domain);
    if (status || !raise->domain)
        return status;
    struct db_value args[] = {
        db_number(raising->raised.alert), db_number(domain), db_number(raise->at),
        rows_number_or_null(raise->over ? raise->at : 0), db_text(raising->detail)};

    return rows_write(store, DB_ALERT_DOMAIN_ADD, args, 5, NULL);
}

enum sts_status store_raise_alert(struct store *store, const struct store_raise *raise,
                                  int64_t join_since, struct store_raised *ret)
{
    TALLOC_CTX *work = talloc_new(store);
    struct raising raising = {.raise = raise, .join_since = join_since};
    enum sts_status status = work ? db_fit(work, raise->subject, &raising.subject) : STS_E_NOMEM;

    if (!status)
        status = db_fit(work, raise->detail, &raising.detail);
    if (!status)
        status = store_batch(store, raise_alert, &raising);
    if (!status)
        *ret = raising.raised;
    talloc_free(work);
    return status;
}

struct clearing {
    int64_t alert, at;
    const char *domain;
    int64_t ended;
};

static enum sts_status clear_alert(struct store *store, void *arg)
{
    struct clearing *clearing = arg;
    struct db_value domain[] = {db_number(clearing->alert), db_text(clearing->domain),
                                db_number(clearing->at)};
    struct db_value end[] = {db_number(clearing->alert), db_number(clearing->at)};
    enum sts_status status =
        clearing->domain ? rows_write(store, DB_ALERT_DOMAIN_END, domain, 3, NULL) : STS_OK;

    return status ? status : rows_write(store, DB_ALERT_END, end, 2, &clearing->ended);
}

enum sts_status store_clear_alert(struct store *store, int64_t alert, const char *domain,
                                  int64_t at, bool *ret_ended)
{
    struct clearing clearing = {.alert = alert, .at = at, .domain = domain};
    enum sts_status status = store_batch(store, clear_alert, &clearing);

    if (!status)
        *ret_ended = clearing.ended != 0;
    return status;
}

enum sts_status store_end_alert(struct store *store, int64_t alert, int64_t at, bool *ret_ended)
{
    return store_clear_alert(store, alert, NULL, at, ret_ended);
}

enum sts_status store_open_alert(struct store *store, const struct store_raise *like, int64_t *ret)
{
    struct db_value args[] = {db_number(like->group), db_text(like->kind), db_text(like->cause),
                              db_text(like->subject)};

    return db_run_number(store, DB_ALERT_OPEN, args, 4, 0, ret);
}

static enum sts_status end_stray(struct store *store, void *arg)
{
    struct db_value args[] = {db_number(*(int64_t *)arg)};
    enum sts_status status = rows_write(store, DB_ALERT_DOMAINS_STRAY, args, 1, NULL);

    return status ? status : rows_write(store, DB_ALERTS_STRAY, args, 1, NULL);
}

enum sts_status store_end_stray_alerts(struct store *store, int64_t at)
{
    return store_batch(store, end_stray, &at);
}

/* ---- lists ----------------------------------------------------------------------------------- */

struct alert_list {
    store_alert_fn fn;
    void *arg;
};

static bool list_alert(void *arg, const struct db_value *row)
{
    struct alert_list *list = arg;
    struct store_alert alert = {.id = row[0].number,
                                .group = row[1].number,
                                .group_name = db_text_of(&row[2]),
                                .kind = db_text_of(&row[3]),
                                .cause = db_text_of(&row[4]),
                                .subject = db_text_of(&row[5]),
                                .severity = db_text_of(&row[6]),
                                .thread = db_text_of(&row[7]),
                                .begun = row[8].number,
                                .ended = row[9].number,
                                .acknowledged = row[10].number,
                                .acknowledged_by = db_text_of(&row[11]),
                                .muted_until = row[12].number,
                                .muted_by = db_text_of(&row[13]),
                                .domains = row[14].number,
                                .open_domains = row[15].number};

    return list->fn(list->arg, &alert);
}

static enum sts_status list_alerts(struct store *store, enum db_statement statement,
                                   const struct db_value *args, size_t count,
                                   struct alert_list list)
{
    struct rows_reader reader = {.kinds = "nntttttt"
                                          "nNNTNTnn",
                                 .each = list_alert,
                                 .arg = &list};

    return rows_run(store, statement, args, count, &reader);
}

enum sts_status store_alert_numbered(struct store *store, int64_t alert, store_alert_fn fn,
                                     void *arg)
{
    struct db_value args[] = {db_number(alert)};

    return list_alerts(store, DB_ALERT, args, 1, (struct alert_list){fn, arg});
}

enum sts_status store_alerts(struct store *store, const struct store_alert_page *page,
                             store_alert_fn fn, void *arg)
{
    struct db_value args[] = {db_number(page->group), db_number(page->before),
                              db_number((int64_t)page->limit)};

    return list_alerts(store, page->open ? DB_ALERTS_OPEN : DB_ALERTS_PAST, args, 3,
                       (struct alert_list){fn, arg});
}

enum sts_status store_alerts_since(struct store *store, int64_t group, int64_t since, size_t limit,
                                   store_alert_fn fn, void *arg)
{
    struct db_value args[] = {db_number(group), db_number(since), db_number((int64_t)limit)};

    return list_alerts(store, DB_ALERTS_SINCE, args, 3, (struct alert_list){fn, arg});
}

static bool list_of_domain(void *arg, const struct db_value *row)
{
    struct alert_list *list = arg;
    struct store_alert alert = {.id = row[0].number,
                                .group = row[1].number,
                                .kind = db_text_of(&row[2]),
                                .cause = db_text_of(&row[3]),
                                .subject = db_text_of(&row[4])};

    return list->fn(list->arg, &alert);
}

enum sts_status store_alerts_of_domain(struct store *store, const char *domain, store_alert_fn fn,
                                       void *arg)
{
    struct alert_list list = {fn, arg};
    struct rows_reader reader = {.kinds = "nnttt", .each = list_of_domain, .arg = &list};
    struct db_value args[] = {db_text(domain)};

    return rows_run(store, DB_ALERTS_OF_DOMAIN, args, 1, &reader);
}

struct domain_list {
    store_alert_domain_fn fn;
    void *arg;
};

static bool list_domain(void *arg, const struct db_value *row)
{
    struct domain_list *list = arg;
    struct store_alert_domain domain = {.domain = db_text_of(&row[0]),
                                        .begun = row[1].number,
                                        .ended = row[2].number,
                                        .detail = db_text_of(&row[3])};

    return list->fn(list->arg, &domain);
}

enum sts_status store_alert_domains(struct store *store, int64_t alert, size_t limit,
                                    store_alert_domain_fn fn, void *arg)
{
    struct domain_list list = {fn, arg};
    struct rows_reader reader = {.kinds = "tnNT", .each = list_domain, .arg = &list};
    struct db_value args[] = {db_number(alert), db_number((int64_t)limit)};

    return rows_run(store, DB_ALERT_DOMAINS, args, 2, &reader);
}

/* ---- what people do -------------------------------------------------------------------------- */

enum sts_status store_acknowledge_alert(struct store *store, int64_t alert, int64_t group,
                                        int64_t at, const char *who, bool *ret_done)
{
    struct db_value args[] = {db_number(alert), db_number(group), db_number(at), db_text(who)};

    return rows_change(store, DB_ALERT_ACKNOWLEDGE, args, 4, ret_done);
}

enum sts_status store_mute_alert(struct store *store, int64_t alert, int64_t group, int64_t until,
                                 const char *who, bool *ret_done)
{
    struct db_value args[] = {db_number(alert), db_number(group), rows_number_or_null(until),
                              db_text(until ? who : NULL)};

    return rows_change(store, DB_ALERT_MUTE, args, 4, ret_done);
}

static enum sts_status prune_alerts(struct store *store, void *arg)
{
    struct db_value args[] = {db_number(*(int64_t *)arg)};
    enum sts_status status = rows_write(store, DB_ALERTED_PRUNE, args, 1, NULL);

    return status ? status : rows_write(store, DB_DIGESTS_PRUNE, args, 1, NULL);
}

enum sts_status store_prune_alerts(struct store *store, int64_t before)
{
    return store_batch(store, prune_alerts, &before);
}
