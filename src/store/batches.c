/* SPDX-License-Identifier: MIT */
/* batches.c - lists of domains that a group wants to have looked at once. */
#include "store/batches.h"

#include <stdio.h>
#include <string.h>

#include "store/rows.h"

#define OPEN_MAX 100 /* groups that are served together; in the next turn others */

/* ---- adding ---------------------------------------------------------------------------------- */

struct adding {
    const struct store_new_batch *add;
    enum store_batch_added added;
    int64_t id;
    bool same;
};

static bool take_repeated(void *arg, const struct db_value *row)
{
    struct adding *adding = arg;
    struct bytes content = adding->add->content;

    adding->id = row[0].number;
    adding->same = row[1].bytes.length == content.length &&
                   memcmp(row[1].bytes.data, content.data, content.length) == 0;
    return true;
}

static enum sts_status find_repeated(struct store *store, struct adding *adding)
{
    struct rows_reader reader = {.kinds = "nb", .each = take_repeated, .arg = adding};
    struct db_value args[] = {db_number(adding->add->batch.group),
                              db_blob(adding->add->repeat.data, adding->add->repeat.length)};

    if (!adding->add->repeat.length)
        return STS_OK;
    return rows_run(store, DB_BATCH_REPEATED, args, 2, &reader);
}

static enum sts_status is_full(struct store *store, struct adding *adding, bool *ret)
{
    struct db_value args[] = {db_number(adding->add->batch.group)};
    int64_t waiting;
    enum sts_status status = db_run_number(store, DB_BATCH_WAITING, args, 1, 0, &waiting);

    *ret = waiting + adding->add->batch.domains > adding->add->most;
    return status;
}

static enum sts_status insert(struct store *store, struct adding *adding)
{
    const struct store_domain_batch *batch = &adding->add->batch;
    struct bytes repeat = adding->add->repeat, content = adding->add->content;
    struct db_value args[] = {db_number(batch->group),
                              db_text(batch->name),
                              db_text(batch->who),
                              db_text(batch->language),
                              db_number(batch->created),
                              db_number(batch->domains),
                              repeat.length ? db_blob(repeat.data, repeat.length) : db_text(NULL),
                              db_blob(content.data, content.length)};
    enum sts_status status = rows_write(store, DB_BATCH_ADD, args, 8, &adding->id);
    struct db_value list[] = {db_number(adding->id), db_text(adding->add->list)};

    return status ? status : db_run(store, DB_BATCH_FILL, list, 2, NULL, NULL);
}

static enum sts_status add(struct store *store, void *arg)
{
    struct adding *adding = arg;
    bool full = false;
    enum sts_status status = find_repeated(store, adding);

    if (status)
        return status;
    if (adding->id) {
        adding->added = adding->same ? STORE_BATCH_REPEATED : STORE_BATCH_OTHER;
        return STS_OK;
    }
    status = is_full(store, adding, &full);
    adding->added = full ? STORE_BATCH_FULL : STORE_BATCH_NEW;
    return status || full ? status : insert(store, adding);
}

enum sts_status store_add_batch(struct store *store, const struct store_new_batch *batch,
                                enum store_batch_added *ret, int64_t *ret_id)
{
    struct adding adding = {.add = batch};
    enum sts_status status = store_batch(store, add, &adding);

    if (!status) {
        *ret = adding.added;
        *ret_id = adding.id;
    }
    return status;
}

/* ---- reading --------------------------------------------------------------------------------- */

struct batch_list {
    store_batch_fn fn;
    void *arg;
};

static bool list_batch(void *arg, const struct db_value *row)
{
    struct batch_list *list = arg;
    const struct store_domain_batch batch = {.id = row[0].number,
                                             .group = row[1].number,
                                             .name = db_text_of(&row[2]),
                                             .who = db_text_of(&row[3]),
                                             .language = db_text_of(&row[4]),
                                             .created = row[5].number,
                                             .ended = row[6].number,
                                             .cancelled = row[7].number != 0,
                                             .domains = row[8].number};

    return list->fn(list->arg, &batch);
}

enum sts_status store_batches(struct store *store, int64_t group, int64_t before, size_t limit,
                              store_batch_fn fn, void *arg)
{
    struct batch_list list = {fn, arg};
    struct rows_reader reader = {.kinds = "nntttnNnn", .each = list_batch, .arg = &list};
    struct db_value args[] = {db_number(group), db_number(before), db_number((int64_t)limit)};

    return rows_run(store, DB_BATCHES, args, 3, &reader);
}

enum sts_status store_batch_numbered(struct store *store, int64_t id, store_batch_fn fn, void *arg)
{
    struct batch_list list = {fn, arg};
    struct rows_reader reader = {.kinds = "nntttnNnn", .each = list_batch, .arg = &list};
    struct db_value args[] = {db_number(id)};

    return rows_run(store, DB_BATCH, args, 1, &reader);
}

static bool take_counts(void *arg, const struct db_value *row)
{
    *(struct store_batch_counts *)arg =
        (struct store_batch_counts){row[0].number, row[1].number, row[2].number};
    return true;
}

enum sts_status store_count_batch(struct store *store, int64_t id, int64_t now,
                                  struct store_batch_counts *ret)
{
    struct rows_reader reader = {.kinds = "nnn", .each = take_counts, .arg = ret};
    struct db_value args[] = {db_number(id), db_number(now)};

    *ret = (struct store_batch_counts){0};
    return rows_run(store, DB_BATCH_COUNTS, args, 2, &reader);
}

struct verdict_list {
    store_batch_verdict_fn fn;
    void *arg;
};

static bool list_verdict(void *arg, const struct db_value *row)
{
    const struct verdict_list *list = arg;

    return list->fn(list->arg, db_text_of(&row[0]), row[1].number);
}

enum sts_status store_batch_verdicts(struct store *store, int64_t id, store_batch_verdict_fn fn,
                                     void *arg)
{
    struct verdict_list list = {fn, arg};
    struct rows_reader reader = {.kinds = "tn", .each = list_verdict, .arg = &list};
    struct db_value args[] = {db_number(id)};

    return rows_run(store, DB_BATCH_VERDICTS, args, 1, &reader);
}

struct result_list {
    store_batch_result_fn fn;
    void *arg;
};

static bool list_result(void *arg, const struct db_value *row)
{
    const struct result_list *list = arg;

    return list->fn(list->arg, row[0].number, row[1].bytes);
}

enum sts_status store_batch_results(struct store *store, int64_t id, int64_t after, size_t limit,
                                    store_batch_result_fn fn, void *arg)
{
    struct result_list list = {fn, arg};
    struct rows_reader reader = {.kinds = "nb", .each = list_result, .arg = &list};
    struct db_value args[] = {db_number(id), db_number(after), db_number((int64_t)limit)};

    return rows_run(store, DB_BATCH_RESULTS, args, 3, &reader);
}

/* ---- work ------------------------------------------------------------------------------------ */

struct open_batch {
    int64_t id;
    char language[8];
};

struct claiming {
    int64_t now, until;
    size_t most;
    store_batch_domain_fn fn;
    void *arg;
    struct open_batch open[OPEN_MAX];
    size_t open_count, at; /* at: the one that is claimed from */
};

static bool take_open(void *arg, const struct db_value *row)
{
    struct claiming *claiming = arg;
    struct open_batch *open = &claiming->open[claiming->open_count++];

    open->id = row[0].number;
    (void)snprintf(open->language, sizeof open->language, "%s", db_text_of(&row[1]));
    return claiming->open_count < OPEN_MAX;
}

static bool take_domain(void *arg, const struct db_value *row)
{
    struct claiming *claiming = arg;
    const struct open_batch *open = &claiming->open[claiming->at];
    const struct store_batch_domain domain = {.batch = open->id,
                                              .place = row[0].number,
                                              .domain = db_text_of(&row[1]),
                                              .language = open->language,
                                              .tries = row[2].number};

    claiming->most--;
    return claiming->fn(claiming->arg, &domain);
}

/* What one leaves of its part is for those behind it. */
static enum sts_status claim_part(struct store *store, struct claiming *claiming)
{
    struct rows_reader reader = {.kinds = "ntn", .each = take_domain, .arg = claiming};
    size_t left = claiming->open_count - claiming->at;
    struct db_value args[] = {db_number(claiming->open[claiming->at].id), db_number(claiming->now),
                              db_number(claiming->until),
                              db_number((int64_t)((claiming->most + left - 1) / left))};

    return rows_run(store, DB_BATCH_CLAIM, args, 4, &reader);
}

static enum sts_status claim_round(struct store *store, struct claiming *claiming)
{
    struct rows_reader reader = {.kinds = "nt", .each = take_open, .arg = claiming};
    struct db_value args[] = {db_number(OPEN_MAX), db_number(claiming->now)};
    enum sts_status status;

    claiming->open_count = claiming->at = 0;
    status = rows_run(store, DB_BATCHES_OPEN, args, 2, &reader);
    for (; !status && claiming->at < claiming->open_count && claiming->most; claiming->at++)
        status = claim_part(store, claiming);
    return status;
}

/* A turn is of one batch a group, so that nobody has more turns for having more batches; what is
 * left then is for the next batches of these groups. */
static enum sts_status claim(struct store *store, void *arg)
{
    struct claiming *claiming = arg;
    size_t before;
    enum sts_status status;

    do {
        before = claiming->most;
        status = claim_round(store, claiming);
    } while (!status && claiming->most && claiming->most < before);
    return status;
}

enum sts_status store_claim_batch_domains(struct store *store, int64_t now, int64_t until,
                                          size_t most, store_batch_domain_fn fn, void *arg)
{
    struct claiming claiming = {.now = now, .until = until, .most = most, .fn = fn, .arg = arg};

    return most ? store_batch(store, claim, &claiming) : STS_OK;
}

struct result {
    int64_t batch, place, at;
    const char *verdict;
    struct bytes text;
};

static enum sts_status put_result(struct store *store, void *arg)
{
    const struct result *result = arg;
    struct db_value args[] = {db_number(result->batch), db_number(result->place),
                              db_text(result->verdict),
                              db_blob(result->text.data, result->text.length)};
    struct db_value end[] = {db_number(result->batch), db_number(result->at)};
    enum sts_status status = db_run(store, DB_BATCH_RESULT, args, 4, NULL, NULL);

    return status ? status : db_run(store, DB_BATCH_END, end, 2, NULL, NULL);
}

enum sts_status store_batch_result(struct store *store, int64_t batch, int64_t place, int64_t at,
                                   const char *verdict, struct bytes text)
{
    struct result result = {batch, place, at, verdict, text};

    return store_batch(store, put_result, &result);
}

enum sts_status store_batch_again(struct store *store, int64_t batch, int64_t place, int64_t due)
{
    struct db_value args[] = {db_number(batch), db_number(place), db_number(due)};

    return rows_write(store, DB_BATCH_AGAIN, args, 3, NULL);
}

enum sts_status store_batch_back(struct store *store, int64_t batch, int64_t place, int64_t until,
                                 int64_t now)
{
    struct db_value args[] = {db_number(batch), db_number(place), db_number(until), db_number(now)};

    return rows_write(store, DB_BATCH_BACK, args, 4, NULL);
}

/* ---- the end --------------------------------------------------------------------------------- */

struct cancelling {
    int64_t id, at;
    bool done;
};

static enum sts_status cancel(struct store *store, void *arg)
{
    struct cancelling *cancelling = arg;
    struct db_value args[] = {db_number(cancelling->id), db_number(cancelling->at)};
    enum sts_status status = rows_change(store, DB_BATCH_CANCEL, args, 2, &cancelling->done);

    return status || !cancelling->done ? status
                                       : db_run(store, DB_BATCH_EMPTY, args, 1, NULL, NULL);
}

enum sts_status store_cancel_batch(struct store *store, int64_t id, int64_t at, bool *ret_done)
{
    struct cancelling cancelling = {id, at, false};
    enum sts_status status = store_batch(store, cancel, &cancelling);

    *ret_done = cancelling.done;
    return status;
}

struct pruning {
    int64_t before;
    bool more;
};

static bool note_row(void *arg, const struct db_value *row)
{
    (void)row;
    ++*(size_t *)arg;
    return true;
}

static enum sts_status prune(struct store *store, void *arg)
{
    struct pruning *pruning = arg;
    size_t rows = 0;
    struct rows_reader reader = {.kinds = "n", .each = note_row, .arg = &rows};
    struct db_value args[] = {db_number(pruning->before), db_number(STORE_BATCH_ROWS)};
    enum sts_status status = rows_run(store, DB_BATCH_PRUNE_ROWS, args, 2, &reader);

    pruning->more = rows == STORE_BATCH_ROWS;
    return status ? status : db_run(store, DB_BATCH_PRUNE, args, 1, NULL, NULL);
}

enum sts_status store_prune_batches(struct store *store, int64_t before, bool *ret_more)
{
    struct pruning pruning = {before, false};
    enum sts_status status = store_batch(store, prune, &pruning);

    *ret_more = pruning.more;
    return status;
}
