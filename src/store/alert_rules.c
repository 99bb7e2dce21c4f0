/* SPDX-License-Identifier: MIT */
/* alert_rules.c - channels and rules. */
#include "store/alerts.h"

#include "store/rows.h"

/* ---- channels -------------------------------------------------------------------------------- */

enum sts_status store_add_channel(struct store *store, const struct store_channel *channel,
                                  int64_t *ret_id)
{
    struct db_value args[] = {
        db_number(channel->group),   db_text(channel->kind),
        db_text(channel->target),    db_text(channel->language),
        db_text(channel->secret),    db_text(channel->pace),
        db_number(channel->hour),    rows_number_or_null(channel->next_digest),
        db_number(channel->created), rows_number_or_null(channel->confirmed)};

    if (!channel->kind || !channel->target || !channel->language || !channel->pace)
        return STS_E_INVALID;
    return rows_write(store, DB_CHANNEL_ADD, args, 10, ret_id);
}

struct channel_list {
    store_channel_fn fn;
    void *arg;
};

static bool list_channel(void *arg, const struct db_value *row)
{
    struct channel_list *list = arg;
    struct store_channel channel = {.id = row[0].number,
                                    .group = row[1].number,
                                    .kind = db_text_of(&row[2]),
                                    .target = db_text_of(&row[3]),
                                    .language = db_text_of(&row[4]),
                                    .secret = db_text_of(&row[5]),
                                    .pace = db_text_of(&row[6]),
                                    .hour = row[7].number,
                                    .next_digest = row[8].number,
                                    .created = row[9].number,
                                    .paused = row[10].number,
                                    .paused_why = db_text_of(&row[11]),
                                    .confirmed = row[12].number};

    return list->fn(list->arg, &channel);
}

static enum sts_status list_channels(struct store *store, enum db_statement statement,
                                     const struct db_value *args, size_t count,
                                     struct channel_list list)
{
    struct rows_reader reader = {.kinds = "nntttTtnNnNTN", .each = list_channel, .arg = &list};

    return rows_run(store, statement, args, count, &reader);
}

enum sts_status store_channels(struct store *store, int64_t group, int64_t channel,
                               store_channel_fn fn, void *arg)
{
    struct channel_list list = {fn, arg};
    struct db_value one[] = {db_number(channel), db_number(group)}, all[] = {db_number(group)};

    return channel ? list_channels(store, DB_CHANNEL, one, 2, list)
                   : list_channels(store, DB_CHANNELS_OF, all, 1, list);
}

enum sts_status store_due_digests(struct store *store, int64_t now, size_t limit,
                                  store_channel_fn fn, void *arg)
{
    struct db_value args[] = {db_number(now), db_number((int64_t)limit)};

    return list_channels(store, DB_CHANNELS_DUE, args, 2, (struct channel_list){fn, arg});
}

enum sts_status store_move_digest(struct store *store, int64_t channel, int64_t due, int64_t next,
                                  bool *ret_done)
{
    struct db_value args[] = {db_number(channel), db_number(due), rows_number_or_null(next)};

    return rows_change(store, DB_CHANNEL_DIGEST, args, 3, ret_done);
}

enum sts_status store_pause_channel(struct store *store, int64_t channel, int64_t at,
                                    const char *why, bool *ret_done)
{
    struct db_value args[] = {db_number(channel), db_number(at), db_text(why)};

    return rows_change(store, DB_CHANNEL_PAUSE, args, 3, ret_done);
}

enum sts_status store_resume_channel(struct store *store, int64_t channel, int64_t group,
                                     bool *ret_done)
{
    struct db_value args[] = {db_number(channel), db_number(group)};

    return rows_change(store, DB_CHANNEL_RESUME, args, 2, ret_done);
}

enum sts_status store_drop_channel(struct store *store, int64_t channel, int64_t group,
                                   bool *ret_done)
{
    struct db_value args[] = {db_number(channel), db_number(group)};

    return rows_change(store, DB_CHANNEL_DROP, args, 2, ret_done);
}

/* ---- asked, and confirmed -------------------------------------------------------------------- */

enum sts_status store_ask_channel(struct store *store, int64_t channel, struct bytes hash,
                                  int64_t until, bool *ret_done)
{
    struct db_value args[] = {db_number(channel), db_blob(hash.data, hash.length),
                              db_number(until)};

    return rows_change(store, DB_CHANNEL_ASK, args, 3, ret_done);
}

enum sts_status store_asked_channel(struct store *store, struct bytes hash, int64_t now,
                                    store_channel_fn fn, void *arg)
{
    struct db_value args[] = {db_blob(hash.data, hash.length), db_number(now)};

    return list_channels(store, DB_CHANNEL_ASKED, args, 2, (struct channel_list){fn, arg});
}

enum sts_status store_confirm_channel(struct store *store, int64_t channel, int64_t at,
                                      int64_t digest, bool *ret_done)
{
    struct db_value args[] = {db_number(channel), db_number(at), rows_number_or_null(digest)};

    return rows_change(store, DB_CHANNEL_CONFIRM, args, 3, ret_done);
}

enum sts_status store_add_asked(struct store *store, int64_t group, const char *address, int64_t at)
{
    struct db_value args[] = {db_number(group), db_text(address), db_number(at)};

    return rows_write(store, DB_ASKED_ADD, args, 3, NULL);
}

enum sts_status store_count_asked(struct store *store, int64_t group, const char *address,
                                  int64_t since, int64_t *ret)
{
    struct db_value args[] = {db_number(group), db_number(since), db_text(address)};

    return address ? db_run_number(store, DB_ASKED_AT_ADDRESS, args, 3, 0, ret)
                   : db_run_number(store, DB_ASKED_BY_GROUP, args, 2, 0, ret);
}

enum sts_status store_prune_asked(struct store *store, int64_t before)
{
    struct db_value args[] = {db_number(before)};

    return rows_write(store, DB_ASKED_PRUNE, args, 1, NULL);
}

/* ---- rules ----------------------------------------------------------------------------------- */

struct adding {
    const struct store_alert_rule *rule;
    int64_t id;
};

static enum sts_status add_rule(struct store *store, void *arg)
{
    struct adding *adding = arg;
    const struct store_alert_rule *rule = adding->rule;
    struct db_value args[] = {db_number(rule->group),
                              db_text(rule->kinds),
                              db_text(rule->severity),
                              db_text(rule->domains),
                              db_number(rule->certificate_days),
                              db_number(rule->silent_days),
                              db_number(rule->quiet_from),
                              db_number(rule->quiet_until),
                              db_number(rule->remind_hours),
                              db_number(rule->created)};
    enum sts_status status = rows_write(store, DB_RULE_ADD, args, 10, &adding->id);

    for (size_t i = 0; !status && i < rule->channel_count; i++) {
        struct db_value pair[] = {db_number(adding->id), db_number(rule->channels[i])};

        status = rows_write(store, DB_RULE_CHANNEL_ADD, pair, 2, NULL);
    }
    return status;
}

enum sts_status store_add_rule(struct store *store, const struct store_alert_rule *rule,
                               int64_t *ret_id)
{
    struct adding adding = {.rule = rule};
    enum sts_status status;

    if (!rule->kinds || !rule->severity || rule->channel_count > STORE_RULE_CHANNELS)
        return STS_E_INVALID;
    status = store_batch(store, add_rule, &adding);
    if (!status)
        *ret_id = adding.id;
    return status;
}

/* Rows of one rule follow each other; what its texts are is copied, as each row is gone with the
 * next. */
struct rule_list {
    store_rule_fn fn;
    void *arg;
    TALLOC_CTX *texts; /* of the one that is gathered; NULL: none is */
    struct store_alert_rule rule;
    bool no_memory, enough;
};

static void tell_rule(struct rule_list *list)
{
    if (list->texts && !list->no_memory && !list->enough)
        list->enough = !list->fn(list->arg, &list->rule);
    TALLOC_FREE(list->texts);
}

static const char *kept(struct rule_list *list, const struct db_value *value)
{
    const char *text = db_text_of(value);
    char *copy = text && list->texts ? talloc_strdup(list->texts, text) : NULL;

    list->no_memory |= text && !copy;
    return copy;
}

static void begin_rule(struct rule_list *list, const struct db_value *row)
{
    tell_rule(list);
    list->texts = talloc_new(NULL);
    list->rule = (struct store_alert_rule){.id = row[0].number,
                                           .group = row[1].number,
                                           .kinds = kept(list, &row[2]),
                                           .severity = kept(list, &row[3]),
                                           .domains = kept(list, &row[4]),
                                           .certificate_days = row[5].number,
                                           .silent_days = row[6].number,
                                           .quiet_from = row[7].number,
                                           .quiet_until = row[8].number,
                                           .remind_hours = row[9].number,
                                           .created = row[10].number};
}

static bool list_rule(void *arg, const struct db_value *row)
{
    struct rule_list *list = arg;
    struct store_alert_rule *rule = &list->rule;

    if (!list->texts || rule->id != row[0].number)
        begin_rule(list, row);
    if (row[11].number && rule->channel_count < STORE_RULE_CHANNELS)
        rule->channels[rule->channel_count++] = row[11].number;
    return !list->enough && !list->no_memory;
}

enum sts_status store_rules(struct store *store, int64_t group, store_rule_fn fn, void *arg)
{
    struct rule_list list = {.fn = fn, .arg = arg};
    struct rows_reader reader = {.kinds = "nnttTnnnnnnN", .each = list_rule, .arg = &list};
    struct db_value args[] = {db_number(group)};
    enum sts_status status = rows_run(store, DB_RULES_OF, args, 1, &reader);

    if (!status)
        tell_rule(&list);
    talloc_free(list.texts);
    return !status && list.no_memory ? STS_E_NOMEM : status;
}

enum sts_status store_drop_rule(struct store *store, int64_t rule, int64_t group, bool *ret_done)
{
    struct db_value args[] = {db_number(rule), db_number(group)};

    return rows_change(store, DB_RULE_DROP, args, 2, ret_done);
}
