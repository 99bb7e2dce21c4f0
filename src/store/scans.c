/* SPDX-License-Identifier: MIT */
/* scans.c - scans that several machines share: added, worked on, done. */
#include "store/scans.h"

#include <string.h>

#include "base/json_write.h"
#include "store/rows.h"

#define LINES_AT_ONCE 200 /* in one statement: some megabytes */
#define FORGET_S      604800

/* ---- adding ---------------------------------------------------------------------------------- */

struct same {
    struct bytes content;
    int64_t id;
    bool is;
};

static bool take_same(void *arg, const struct store_scan *scan)
{
    struct same *same = arg;

    same->id = scan->id;
    same->is = scan->content.length == same->content.length &&
               memcmp(scan->content.data, same->content.data, same->content.length) == 0;
    return true;
}

enum sts_status store_scan_add(struct store *store, const struct store_scan *scan,
                               enum store_scan_added *ret, int64_t *ret_id)
{
    struct same same = {.content = scan->content};
    struct db_value args[] = {
        db_text(scan->name),       db_blob(scan->content.data, scan->content.length),
        db_number(scan->created),  db_number(scan->domains),
        db_number(scan->unusable), db_number(scan->shards)};
    enum sts_status status = store_scan_named(store, scan->name, take_same, &same);

    if (status)
        return status;
    *ret = !same.id ? STORE_SCAN_NEW : same.is ? STORE_SCAN_SAME : STORE_SCAN_OTHER;
    *ret_id = same.id;
    return same.id ? STS_OK : rows_write(store, DB_SCAN_ADD, args, 6, ret_id);
}

enum sts_status store_scan_add_shard(struct store *store, int64_t scan, int64_t number,
                                     const char *names, int64_t domains)
{
    struct db_value args[] = {db_number(scan), db_number(number), db_text(names),
                              db_number(domains)};

    return rows_write(store, DB_SCAN_ADD_SHARD, args, 4, NULL);
}

static enum sts_status add_some(struct store *store, int64_t scan,
                                const struct store_scan_line *lines, size_t count)
{
    struct json_writer json = {.ctx = talloc_new(NULL)};
    enum sts_status status = STS_E_NOMEM;

    json_write_begin(&json, NULL, '[');
    for (size_t i = 0; i < count; i++) {
        json_write_begin(&json, NULL, '[');
        json_write_string(&json, NULL, lines[i].domain);
        json_write_string(&json, NULL, lines[i].line);
        json_write_end(&json, ']');
    }
    json_write_end(&json, ']');
    if (!json.no_memory) {
        char *text = talloc_strndup(json.ctx, json.text, json.length);
        struct db_value args[] = {db_number(scan), db_text(text)};

        if (text)
            status = rows_write(store, DB_SCAN_ADD_RESULTS, args, 2, NULL);
    }
    talloc_free(json.ctx);
    return status;
}

enum sts_status store_scan_add_lines(struct store *store, int64_t scan,
                                     const struct store_scan_line *lines, size_t count)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; i < count && !status; i += LINES_AT_ONCE)
        status =
            add_some(store, scan, lines + i, count - i < LINES_AT_ONCE ? count - i : LINES_AT_ONCE);
    return status;
}

enum sts_status store_scan_cancel(struct store *store, int64_t scan)
{
    struct db_value args[] = {db_number(scan), db_number(1)};

    return rows_write(store, DB_SCAN_CANCEL, args, 2, NULL);
}

static enum sts_status resume(struct store *store, void *arg)
{
    const int64_t *scan = arg;
    struct db_value args[] = {db_number(*scan), db_number(0)};
    enum sts_status status = db_run(store, DB_SCAN_CANCEL, args, 2, NULL, NULL);

    return status ? status : db_run(store, DB_SCAN_AGAIN, args, 1, NULL, NULL);
}

enum sts_status store_scan_resume(struct store *store, int64_t scan)
{
    return store_batch(store, resume, &scan);
}

/* ---- a shard --------------------------------------------------------------------------------- */

struct beginning {
    TALLOC_CTX *ctx;
    struct store_shard *shard;
    const char *worker;
    bool found, open, no_memory;
    int64_t tries;
    enum store_shard_begun begun;
    char *names;
};

static bool take_shard(void *arg, const struct db_value *row)
{
    struct beginning *beginning = arg;

    beginning->open = row[0].number == 0 && row[2].number == 0;
    beginning->tries = row[1].number;
    if (!beginning->open || beginning->tries >= STORE_SHARD_TRIES)
        return true;
    beginning->names = talloc_strdup(beginning->ctx, db_text_of(&row[3]));
    beginning->no_memory = !beginning->names;
    return true;
}

static enum sts_status begin(struct store *store, void *arg)
{
    struct beginning *beginning = arg;
    struct rows_reader reader = {.kinds = "nnnt", .each = take_shard, .arg = beginning};
    struct db_value args[] = {db_number(beginning->shard->scan),
                              db_number(beginning->shard->number), db_text(beginning->worker)};
    enum sts_status status = rows_run(store, DB_SCAN_SHARD, args, 2, &reader);

    if (!status && beginning->no_memory)
        status = STS_E_NOMEM;
    if (status)
        return status;
    beginning->begun = STORE_SHARD_OVER;
    if (!beginning->open)
        return STS_OK;
    if (beginning->tries >= STORE_SHARD_TRIES) {
        beginning->begun = STORE_SHARD_ASIDE;
        return db_run(store, DB_SCAN_SHARD_ASIDE, args, 2, NULL, NULL);
    }
    beginning->begun = STORE_SHARD_BEGUN;
    return db_run_number(store, DB_SCAN_SHARD_BEGIN, args, 3, 0, &beginning->shard->attempt);
}

enum sts_status store_shard_begin(struct store *store, TALLOC_CTX *ctx, struct store_shard *shard,
                                  const char *worker, enum store_shard_begun *ret, char **ret_names)
{
    struct beginning beginning = {.ctx = ctx, .shard = shard, .worker = worker};
    enum sts_status status = store_batch(store, begin, &beginning);

    *ret = beginning.begun;
    *ret_names = beginning.names;
    return status;
}

struct ending {
    const struct store_shard *shard;
    const struct store_scan_line *lines;
    size_t count;
    bool done;
};

static enum sts_status done(struct store *store, void *arg)
{
    struct ending *ending = arg;
    struct db_value args[] = {db_number(ending->shard->scan), db_number(ending->shard->number),
                              db_number(ending->shard->attempt)};
    int64_t found = 0;
    enum sts_status status = db_run_number(store, DB_SCAN_SHARD_DONE, args, 3, 0, &found);

    ending->done = found != 0;
    if (!status && found)
        return store_scan_add_lines(store, ending->shard->scan, ending->lines, ending->count);
    if (!status) /* perhaps by us: the answer to that was lost */
        status = db_run_number(store, DB_SCAN_SHARD_IS_DONE, args, 3, 0, &found);
    ending->done = found != 0;
    return status;
}

enum sts_status store_shard_done(struct store *store, const struct store_shard *shard,
                                 const struct store_scan_line *lines, size_t count, bool *ret_done)
{
    struct ending ending = {.shard = shard, .lines = lines, .count = count};
    enum sts_status status = store_batch(store, done, &ending);

    *ret_done = ending.done;
    return status;
}

enum sts_status store_shard_back(struct store *store, const struct store_shard *shard,
                                 const char *reason)
{
    struct db_value args[] = {db_number(shard->scan), db_number(shard->number),
                              db_number(shard->attempt), db_text(reason)};

    return rows_write(store, DB_SCAN_SHARD_BACK, args, 4, NULL);
}

/* ---- workers, sweeping ----------------------------------------------------------------------- */

enum sts_status store_scan_worker(struct store *store, const char *name, int64_t domains)
{
    struct db_value args[] = {db_text(name), db_number(domains)}, forget[] = {db_number(FORGET_S)};
    enum sts_status status = rows_write(store, DB_SCAN_WORKERS_FORGET, forget, 1, NULL);

    return status ? status : rows_write(store, DB_SCAN_WORKER, args, 2, NULL);
}

enum sts_status store_scan_worker_gone(struct store *store, const char *name)
{
    struct db_value args[] = {db_text(name)};

    return rows_write(store, DB_SCAN_WORKER_GONE, args, 1, NULL);
}

struct sweeping {
    int64_t every;
    bool due;
    struct store_shard *place;
};

static bool take_place(void *arg, const struct db_value *row)
{
    struct sweeping *sweeping = arg;

    sweeping->due = true;
    *sweeping->place = (struct store_shard){.scan = row[0].number, .number = row[1].number};
    return true;
}

static enum sts_status take_sweep(struct store *store, void *arg)
{
    struct sweeping *sweeping = arg;
    struct rows_reader reader = {.kinds = "nn", .each = take_place, .arg = sweeping};
    struct db_value args[] = {db_number(sweeping->every)};

    return rows_run(store, DB_SCAN_SWEEP_TAKE, args, 1, &reader);
}

enum sts_status store_scan_sweep(struct store *store, int64_t every, bool *ret_due,
                                 struct store_shard *ret)
{
    struct sweeping sweeping = {.every = every, .place = ret};
    enum sts_status status = store_batch(store, take_sweep, &sweeping);

    *ret_due = sweeping.due;
    return status;
}

enum sts_status store_scan_swept(struct store *store, const struct store_shard *place)
{
    struct db_value args[] = {db_number(place->scan), db_number(place->number)};

    return rows_write(store, DB_SCAN_SWEEP_PLACE, args, 2, NULL);
}
