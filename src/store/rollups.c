/* SPDX-License-Identifier: MIT */
/* rollups.c - the roll-ups read. */
#include "store/rollups.h"

#include "store/pages.h"
#include "store/rows.h"

static bool is_limit(size_t limit)
{
    return limit > 0 && limit <= STORE_PAGE_MAX;
}

static struct db_value any_or(const char *text)
{
    return db_text(text ? text : "");
}

/* ---- states ---------------------------------------------------------------------------------- */

#define STATE_KINDS "tnntttnnTTTnnN"

static struct store_state state_of(const struct db_value *row)
{
    return (struct store_state){.domain = db_text_of(&row[0]),
                                .seq = row[1].number,
                                .observed_at = row[2].number,
                                .verdict = db_text_of(&row[3]),
                                .posture = db_text_of(&row[4]),
                                .delivery = db_text_of(&row[5]),
                                .harm = row[6].number,
                                .codes = row[7].number,
                                .code = db_text_of(&row[8]),
                                .severity = db_text_of(&row[9]),
                                .subject = db_text_of(&row[10]),
                                .since = row[11].number,
                                .changed_at = row[12].number,
                                .cert_ends = row[13].kind == DB_NUMBER ? row[13].number : 0};
}

struct one_state {
    TALLOC_CTX *ctx;
    struct store_state *state;
    bool no_memory;
};

static bool copy_state(void *arg, const struct db_value *row)
{
    struct one_state *one = arg;
    struct store_state *copy = talloc(one->ctx, struct store_state);

    if (!copy) {
        one->no_memory = true;
        return false;
    }
    *copy = state_of(row);
    const char **texts[] = {&copy->domain, &copy->verdict,  &copy->posture, &copy->delivery,
                            &copy->code,   &copy->severity, &copy->subject};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (*texts[i]) {
            *texts[i] = talloc_strdup(copy, *texts[i]);
            one->no_memory |= !*texts[i];
        }
    one->state = copy;
    return false;
}

enum sts_status store_state(struct store *store, TALLOC_CTX *ctx, const char *domain,
                            struct store_state **ret)
{
    struct one_state one = {.ctx = ctx};
    struct rows_reader reader = {.kinds = STATE_KINDS, .each = copy_state, .arg = &one};
    struct db_value args[] = {db_text(domain)};
    enum sts_status status = rows_run(store, DB_STATE, args, 1, &reader);

    if (!status && one.no_memory)
        status = STS_E_NOMEM;
    if (status)
        talloc_free(one.state);
    else
        *ret = one.state;
    return status;
}

struct states_reader {
    store_state_fn fn;
    void *arg;
};

static bool tell_state(void *arg, const struct db_value *row)
{
    struct states_reader *reader = arg;
    struct store_state state = state_of(row);

    return reader->fn(reader->arg, &state);
}

enum sts_status store_states(struct store *store, const struct store_sight *sight,
                             const char *after, size_t limit, store_state_fn fn, void *arg)
{
    struct states_reader states = {fn, arg};
    struct rows_reader reader = {.kinds = STATE_KINDS, .each = tell_state, .arg = &states};
    struct db_value args[SIGHT_ARGS + 2];

    sight_args(sight, args);
    args[SIGHT_ARGS] = any_or(after);
    args[SIGHT_ARGS + 1] = db_number((int64_t)limit);
    return is_limit(limit) ? rows_run(store, DB_STATES_OF, args, SIGHT_ARGS + 2, &reader)
                           : STS_E_INVALID;
}

struct codes_reader {
    store_state_code_fn fn;
    void *arg;
};

static bool tell_code(void *arg, const struct db_value *row)
{
    struct codes_reader *reader = arg;
    struct store_code code = {db_text_of(&row[1]), db_text_of(&row[2]), db_text_of(&row[3]),
                              db_text_of(&row[4])};

    return reader->fn(reader->arg, db_text_of(&row[0]), &code);
}

enum sts_status store_state_codes(struct store *store, const struct store_sight *sight,
                                  store_state_code_fn fn, void *arg)
{
    struct codes_reader codes = {fn, arg};
    struct rows_reader reader = {.kinds = "tttTT", .each = tell_code, .arg = &codes};
    struct db_value args[SIGHT_ARGS];

    sight_args(sight, args);
    return rows_run(store, DB_STATE_CODES, args, SIGHT_ARGS, &reader);
}

/* ---- a text and a number --------------------------------------------------------------------- */

struct pairs_reader {
    store_part_fn fn;
    void *arg;
};

static bool tell_pair(void *arg, const struct db_value *row)
{
    struct pairs_reader *reader = arg;

    return reader->fn(reader->arg, db_text_of(&row[0]), row[1].number);
}

static bool tell_part(void *arg, const struct db_value *row)
{
    struct pairs_reader *reader = arg;

    return reader->fn(reader->arg, db_text_of(&row[0]), 1);
}

enum sts_status store_parts(struct store *store, const char *domain, store_part_fn fn, void *arg)
{
    struct pairs_reader pairs = {fn, arg};
    struct rows_reader reader = {.kinds = "t", .each = tell_part, .arg = &pairs};
    struct db_value args[] = {db_text(domain)};

    return rows_run(store, DB_PARTS_OF, args, 1, &reader);
}

enum sts_status store_count_parts(struct store *store, const struct store_sight *sight,
                                  store_part_fn fn, void *arg)
{
    struct pairs_reader pairs = {fn, arg};
    struct rows_reader reader = {.kinds = "tn", .each = tell_pair, .arg = &pairs};
    struct db_value args[SIGHT_ARGS];

    sight_args(sight, args);
    return rows_run(store, DB_PARTS_COUNT, args, SIGHT_ARGS, &reader);
}

enum sts_status store_lost(struct store *store, const struct store_sight *sight, int64_t since_day,
                           store_lost_fn fn, void *arg)
{
    struct pairs_reader pairs = {fn, arg};
    struct rows_reader reader = {.kinds = "tn", .each = tell_pair, .arg = &pairs};
    struct db_value args[SIGHT_ARGS + 1];

    sight_args(sight, args);
    args[SIGHT_ARGS] = db_number(since_day);
    return rows_run(store, DB_RECENT_FAILED, args, SIGHT_ARGS + 1, &reader);
}

/* ---- sessions -------------------------------------------------------------------------------- */

struct days_reader {
    store_day_fn fn;
    void *arg;
};

static bool tell_day(void *arg, const struct db_value *row)
{
    struct days_reader *reader = arg;
    struct store_day day = {row[0].number, row[1].number, row[2].number, row[3].number};

    return reader->fn(reader->arg, &day);
}

enum sts_status store_days(struct store *store, const char *domain,
                           const struct store_day_range *range, const char *sender, store_day_fn fn,
                           void *arg)
{
    struct days_reader days = {fn, arg};
    struct rows_reader reader = {.kinds = "nnnn", .each = tell_day, .arg = &days};
    struct db_value args[] = {db_text(domain), db_number(range->since), db_number(range->until),
                              any_or(sender)};

    return rows_run(store, DB_SESSION_DAYS, args, 4, &reader);
}

struct senders_reader {
    store_sender_fn fn;
    void *arg;
};

static bool tell_sender(void *arg, const struct db_value *row)
{
    struct senders_reader *reader = arg;
    struct store_sender_sums sums = {db_text_of(&row[0]), row[1].number, row[2].number,
                                     row[3].number,       row[4].number, row[5].number};

    return reader->fn(reader->arg, &sums);
}

enum sts_status store_senders(struct store *store, const char *domain,
                              const struct store_day_range *range, size_t limit, store_sender_fn fn,
                              void *arg)
{
    struct senders_reader senders = {fn, arg};
    struct rows_reader reader = {.kinds = "tnnnnn", .each = tell_sender, .arg = &senders};
    struct db_value args[] = {db_text(domain), db_number(range->since), db_number(range->until),
                              db_number((int64_t)limit)};

    return is_limit(limit) ? rows_run(store, DB_SESSION_SENDERS, args, 4, &reader) : STS_E_INVALID;
}

struct sender_days_reader {
    store_sender_day_fn fn;
    void *arg;
};

static bool tell_sender_day(void *arg, const struct db_value *row)
{
    struct sender_days_reader *reader = arg;
    struct store_sender_day day = {row[0].number, db_text_of(&row[1]), row[2].number,
                                   row[3].number, row[4].number,       row[5].number,
                                   row[6].number, row[7].number,       row[8].number != 0};

    return reader->fn(reader->arg, &day);
}

enum sts_status store_sender_days(struct store *store, const char *domain,
                                  const struct store_day_range *range, store_sender_day_fn fn,
                                  void *arg)
{
    struct sender_days_reader days = {fn, arg};
    struct rows_reader reader = {.kinds = "ntnnnnnnn", .each = tell_sender_day, .arg = &days};
    struct db_value args[] = {db_text(domain), db_number(range->since), db_number(range->until)};

    return rows_run(store, DB_SENDER_DAYS, args, 3, &reader);
}

/* ---- has anything changed? ------------------------------------------------------------------- */

static bool take_version(void *arg, const struct db_value *row)
{
    *(struct store_version *)arg = (struct store_version){
        row[0].number, row[1].number, row[2].number, row[3].number, row[4].number};
    return false;
}

enum sts_status store_version(struct store *store, struct store_version *ret)
{
    struct rows_reader reader = {.kinds = "nnnnn", .each = take_version, .arg = ret};

    *ret = (struct store_version){0};
    return rows_run(store, DB_VERSION, NULL, 0, &reader);
}
