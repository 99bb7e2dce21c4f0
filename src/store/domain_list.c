/* SPDX-License-Identifier: MIT */
/* domain_list.c - the domains that somebody sees. */
#include "store/domain_list.h"

#include <string.h>

#include "base/json_write.h"
#include "store/rollups.h"
#include "store/rows.h"

/* ---- the filter ------------------------------------------------------------------------------ */

#define FILTER_ARGS 11

static struct db_value text_or_empty(const char *text)
{
    return db_text(text ? text : "");
}

static void fill_filter(const struct store_list_filter *filter, struct db_value args[FILTER_ARGS])
{
    sight_args(&filter->sight, args);
    args[4] = text_or_empty(filter->verdict);
    args[5] = text_or_empty(filter->posture);
    args[6] = text_or_empty(filter->tag);
    args[7] = text_or_empty(filter->text);
    args[8] = text_or_empty(filter->name);
    args[9] = text_or_empty(filter->cause);
    args[10] = text_or_empty(filter->part);
}

static bool matches_all(const struct store_list_filter *filter)
{
    const char *texts[] = {filter->verdict, filter->posture, filter->tag, filter->text,
                           filter->name,    filter->cause,   filter->part};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (texts[i] && *texts[i])
            return false;
    return true;
}

/* ---- listing --------------------------------------------------------------------------------- */

struct domain_lister {
    store_listed_domain_fn fn;
    void *arg;
};

#define LISTED_KINDS "tnntnNTNTTTTTTNNNNTNn"

static bool list_domain(void *arg, const struct db_value *row)
{
    const struct domain_lister *lister = arg;
    struct store_listed_domain domain = {
        .place = {.key = row[1].number, .name = db_text_of(&row[0])},
        .group = row[2].number,
        .group_name = db_text_of(&row[3]),
        .added = row[4].number,
        .proven = row[5].number,
        .tags = row[6].kind == DB_TEXT ? db_text_of(&row[6]) : "",
        .checked = row[7].number,
        .verdict = db_text_of(&row[8]),
        .posture = db_text_of(&row[9]),
        .delivery = db_text_of(&row[10]),
        .code = db_text_of(&row[11]),
        .subject = db_text_of(&row[12]),
        .codes = db_text_of(&row[13]),
        .since = row[14].number,
        .changed_at = row[15].number,
        .cert_ends = row[16].number,
        .failed = row[17].number,
        .mode = db_text_of(&row[18]),
        .max_age = row[19].number,
        .total = row[20].number,
    };

    return lister->fn(lister->arg, &domain);
}

/* Of the sorts all but the one by name go from a large number to a small one, or are made so. */
static int64_t sign_of(const struct store_list_order *order)
{
    return order->reversed ? -1 : 1;
}

static bool goes_down(const struct store_list_request *request)
{
    bool reversed = request->order.sort == STORE_BY_NAME && request->order.reversed;

    return reversed != request->backwards;
}

/* Up and down.  A statement each, as both databases compute the one key of a sort much faster than
 * a choice among all keys, row by row. */
#define BOTH(by)                                                                                   \
    {                                                                                              \
        {DB_LISTED_BY_##by##_UP, DB_LISTED_BY_##by##_DOWN},                                        \
        {                                                                                          \
            DB_COUNTED_BY_##by##_UP, DB_COUNTED_BY_##by##_DOWN                                     \
        }                                                                                          \
    }
static const enum db_statement by_sort[STORE_SORTS][2][2] = {
    [STORE_BY_NAME] = BOTH(NAME),       [STORE_BY_HARM] = BOTH(HARM),
    [STORE_BY_POSTURE] = BOTH(POSTURE), [STORE_BY_CERTIFICATE] = BOTH(CERTIFICATE),
    [STORE_BY_CHANGE] = BOTH(CHANGE),   [STORE_BY_FAILURES] = BOTH(FAILURES),
};
#undef BOTH

/* One domain is found along the index of names, not by looking through all that are seen. */
static bool is_of_one(const struct store_list_request *request)
{
    struct store_list_filter others = request->filter;

    others.name = NULL;
    return request->filter.name && *request->filter.name && !request->place.name &&
           matches_all(&others);
}

/* Where the filter costs more than what is counted along with the page. */
static bool is_counted(const struct store_list_request *request)
{
    const struct store_list_filter *filter = &request->filter;
    const char *dear[] = {filter->tag, filter->cause, filter->part};

    for (size_t i = 0; request->counted && i < sizeof(dear) / sizeof(dear[0]); i++)
        if (dear[i] && *dear[i])
            return true;
    return false;
}

static enum sts_status list_one(struct store *store, const struct store_list_request *request,
                                struct rows_reader *reader)
{
    struct db_value args[SIGHT_ARGS + 2];

    sight_args(&request->filter.sight, args);
    args[SIGHT_ARGS] = db_text(request->filter.name);
    args[SIGHT_ARGS + 1] = db_number(store_day_of(request->now) - 6);
    return rows_run(store, DB_LISTED_ONE, args, SIGHT_ARGS + 2, reader);
}

enum sts_status store_list_domains(struct store *store, const struct store_list_request *request,
                                   store_listed_domain_fn fn, void *arg)
{
    struct domain_lister lister = {fn, arg};
    struct rows_reader reader = {.kinds = LISTED_KINDS, .each = list_domain, .arg = &lister};
    struct db_value args[FILTER_ARGS + 5];
    bool down = goes_down(request);
    const struct store_list_place *place = &request->place;

    if (request->limit == 0 || request->limit > STORE_LIST_PAGE_MAX ||
        (unsigned)request->order.sort >= STORE_SORTS)
        return STS_E_INVALID;
    if (is_of_one(request))
        return list_one(store, request, &reader);
    fill_filter(&request->filter, args);
    args[FILTER_ARGS] = db_number(sign_of(&request->order));
    args[FILTER_ARGS + 1] = db_number(place->name ? place->key : down ? INT64_MAX : -INT64_MAX);
    args[FILTER_ARGS + 2] = text_or_empty(place->name);
    args[FILTER_ARGS + 3] = db_number((int64_t)request->limit);
    args[FILTER_ARGS + 4] = db_number(store_day_of(request->now) - 6);
    return rows_run(store, by_sort[request->order.sort][is_counted(request)][down], args,
                    FILTER_ARGS + 5, &reader);
}

struct counter {
    store_group_count_fn fn;
    void *arg;
};

static bool tell_count(void *arg, const struct db_value *row)
{
    const struct counter *counter = arg;

    return counter->fn(counter->arg, row[0].number, row[1].number);
}

enum sts_status store_count_list(struct store *store, const struct store_list_filter *filter,
                                 store_group_count_fn fn, void *arg)
{
    struct counter counter = {fn, arg};
    struct rows_reader reader = {.kinds = "nn", .each = tell_count, .arg = &counter};
    struct db_value args[FILTER_ARGS];

    fill_filter(filter, args);
    if (matches_all(filter))
        return rows_run(store, DB_SEEN_COUNT, args, SIGHT_ARGS, &reader);
    return rows_run(store, DB_LISTED_COUNT, args, FILTER_ARGS, &reader);
}

struct tag_lister {
    store_tag_fn fn;
    void *arg;
};

static bool list_tag(void *arg, const struct db_value *row)
{
    const struct tag_lister *lister = arg;

    return lister->fn(lister->arg, db_text_of(&row[0]), row[1].number);
}

enum sts_status store_tags(struct store *store, const struct store_sight *sight, size_t limit,
                           store_tag_fn fn, void *arg)
{
    struct tag_lister lister = {fn, arg};
    struct rows_reader reader = {.kinds = "tn", .each = list_tag, .arg = &lister};
    struct db_value args[5];

    sight_args(sight, args);
    args[4] = db_number((int64_t)limit);
    return rows_run(store, DB_TAGS_SEEN, args, 5, &reader);
}

/* ---- with all that a filter matches ---------------------------------------------------------- */

static enum sts_status change_listed(struct store *store, enum db_statement statement,
                                     const struct store_list_filter *filter, const char *tag)
{
    struct db_value args[FILTER_ARGS + 1];

    fill_filter(filter, args);
    args[FILTER_ARGS] = db_text(tag);
    return rows_write(store, statement, args, FILTER_ARGS + (tag != NULL), NULL);
}

enum sts_status store_tag_listed(struct store *store, const struct store_list_filter *filter,
                                 const char *tag)
{
    return tag && *tag ? change_listed(store, DB_LISTED_TAG, filter, tag) : STS_E_INVALID;
}

enum sts_status store_untag_listed(struct store *store, const struct store_list_filter *filter,
                                   const char *tag)
{
    return tag && *tag ? change_listed(store, DB_LISTED_UNTAG, filter, tag) : STS_E_INVALID;
}

enum sts_status store_untag_all_listed(struct store *store, const struct store_list_filter *filter)
{
    return change_listed(store, DB_LISTED_UNTAG_ALL, filter, NULL);
}

enum sts_status store_check_listed(struct store *store, const struct store_list_filter *filter)
{
    return change_listed(store, DB_LISTED_CHECK, filter, NULL);
}

enum sts_status store_take_listed(struct store *store, const struct store_list_filter *filter)
{
    return change_listed(store, DB_LISTED_TAKE, filter, NULL);
}

/* ---- many at once ---------------------------------------------------------------------------- */

#define PAIRS_AT_ONCE 1000 /* in one statement, as one text of some 60 KB */

/* [["example.com","word"],...]: both databases make rows of it. */
static struct db_value pairs_text(struct json_writer *json, const struct store_pair *pairs,
                                  size_t count)
{
    json_write_begin(json, NULL, '[');
    for (size_t i = 0; i < count; i++) {
        json_write_begin(json, NULL, '[');
        json_write_string(json, NULL, pairs[i].domain);
        json_write_string(json, NULL, pairs[i].word ? pairs[i].word : "");
        json_write_end(json, ']');
    }
    json_write_end(json, ']');
    return db_text(json->no_memory ? NULL : talloc_strndup(json->ctx, json->text, json->length));
}

struct pairs_work {
    const struct store_pair *pairs;
    size_t count;
    int64_t group, at, proven;
    enum sts_status (*run)(struct store *store, struct pairs_work *work, struct db_value text);
    struct rows_reader reader; /* of what only reads */
};

static enum sts_status run_pairs(struct store *store, void *arg)
{
    struct pairs_work *work = arg;
    enum sts_status status = STS_OK;

    for (size_t at = 0; !status && at < work->count; at += PAIRS_AT_ONCE) {
        size_t rest = work->count - at;
        struct json_writer json = {.ctx = talloc_new(NULL)};
        struct db_value text =
            pairs_text(&json, work->pairs + at, rest < PAIRS_AT_ONCE ? rest : PAIRS_AT_ONCE);

        status = text.kind == DB_TEXT ? work->run(store, work, text) : STS_E_NOMEM;
        talloc_free(json.ctx);
    }
    return status;
}

static enum sts_status give(struct store *store, struct pairs_work *work, struct db_value text)
{
    struct db_value args[] = {text, db_number(work->group), db_number(work->at),
                              db_number(work->proven)};
    enum sts_status status;

    if (!work->proven)
        return db_run(store, DB_CLAIMS_ADD, args, 3, NULL, NULL);
    status = db_run(store, DB_DOMAINS_ADD, args, 1, NULL, NULL);
    if (!status)
        status = db_run(store, DB_OWNERS_ADD, args, 4, NULL, NULL);
    return status ? status : db_run(store, DB_CLAIMS_OVER, args, 2, NULL, NULL);
}

enum sts_status store_give_domains(struct store *store, int64_t group,
                                   const struct store_pair *proofs, size_t count, int64_t at,
                                   int64_t proven)
{
    struct pairs_work work = {
        .pairs = proofs, .count = count, .group = group, .at = at, .proven = proven, .run = give};

    return store_batch(store, run_pairs, &work);
}

static enum sts_status tag(struct store *store, struct pairs_work *work, struct db_value text)
{
    struct db_value args[] = {text, db_number(work->group)};

    return db_run(store, DB_TAGS_ADD, args, 2, NULL, NULL);
}

enum sts_status store_tag_domains(struct store *store, int64_t group, const struct store_pair *tags,
                                  size_t count)
{
    struct pairs_work work = {.pairs = tags, .count = count, .group = group, .run = tag};

    return store_batch(store, run_pairs, &work);
}

struct whose {
    store_whose_fn fn;
    void *arg;
};

static bool tell_whose(void *arg, const struct db_value *row)
{
    const struct whose *whose = arg;

    return whose->fn(whose->arg, db_text_of(&row[0]), row[1].number, row[2].number > 0);
}

static enum sts_status ask_whose(struct store *store, struct pairs_work *work, struct db_value text)
{
    struct db_value args[] = {text, db_number(work->group)};

    return rows_run(store, DB_OWNERS_OF, args, 2, &work->reader);
}

enum sts_status store_whose(struct store *store, int64_t group, const struct store_pair *domains,
                            size_t count, store_whose_fn fn, void *arg)
{
    struct whose whose = {fn, arg};
    struct pairs_work work = {.pairs = domains,
                              .count = count,
                              .group = group,
                              .run = ask_whose,
                              .reader = {.kinds = "tNn", .each = tell_whose, .arg = &whose}};

    return run_pairs(store, &work);
}
