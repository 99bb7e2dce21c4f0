/* SPDX-License-Identifier: MIT */
/* test_store_writer.c - a loop that writes and reads without waiting: what was told holds, and
 * what failed is told to all whom it concerns. */
#include "store/test_store.h"

#include <semaphore.h>
#include <stdio.h>
#include <string.h>

#include "event/jobs.h"
#include "event/loop.h"
#include "store/alerts.h"
#include "store/pages.h"
#include "store/readers.h"
#include "store/writer.h"

#define MANY 1200 /* more than a batch takes */

/* What the thread works on. */
struct item {
    int number;
    enum sts_status fails;  /* with this, after it was written; REFUSED: by the database itself */
    sem_t *entered, *leave; /* NULL: go on at once */
};

static struct bench {
    TALLOC_CTX *ctx;
    const char *where;
    struct loop *loop;
    struct store_writer *writer;
    struct store *beside; /* the loop's own connection; NULL */
    int told[MANY];       /* numbers, in order */
    enum sts_status status[MANY];
    bool refused[MANY]; /* with a fault that says so */
    enum store_trouble trouble;
    size_t count, wanted;
    void (*done)(void *arg, void *data, enum sts_status status, const struct store_fault *fault);
} bench;

static void on_written(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault);

static struct store *open_reader(TALLOC_CTX *ctx, const char *where)
{
    struct store *store = NULL;
    struct store_fault *fault = NULL;

    assert_int_equal(store_open(ctx, where, STORE_READ, &store, &fault), STS_OK);
    return store;
}

static void begin_bench(const char *where)
{
    bench = (struct bench){.ctx = talloc_new(NULL), .done = on_written};
    bench.where = where ? where : backend.fresh(bench.ctx);
    assert_int_equal(loop_new(bench.ctx, &bench.loop), STS_OK);
    assert_int_equal(store_writer_new(bench.ctx, bench.loop, bench.where, &bench.writer), STS_OK);
}

static enum sts_status add_item(struct store *store, const struct item *item)
{
    char id[32];
    struct store_report_policy policy = {"example.com", "sts", 1, 0};
    struct store_report report = {.submitter = "s",
                                  .report_id = id,
                                  .raw = bytes_of("{}"),
                                  .policies = &policy,
                                  .policy_count = 1};
    enum store_added added;

    (void)snprintf(id, sizeof id, "%d", item->number);
    return store_add_report(store, &report, &added);
}

/* A row of a group that was deleted meanwhile. */
static enum sts_status violate(struct store *store)
{
    const struct store_alert_rule rule = {.group = 4711, .kinds = "domain", .severity = "high"};
    int64_t id;

    return store_add_rule(store, &rule, &id);
}

static enum sts_status write_item(struct store *store, void *data)
{
    struct item *item = data;
    enum sts_status status = add_item(store, item);

    if (item->entered) {
        sem_post(item->entered);
        sem_wait(item->leave);
    }
    if (!status && item->fails == STS_E_REFUSED)
        return violate(store);
    return status ? status : item->fails;
}

static int64_t count_reports(struct store *store)
{
    const struct store_report_filter all = {.since = INT64_MIN, .until = INT64_MAX};
    int64_t count = -1;

    assert_int_equal(store_count_reports(store, &all, &count), STS_OK);
    return count;
}

static void on_written(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    const struct item *item = data;

    assert_ptr_equal(arg, &bench);
    assert_true(!fault == (status != STS_E_IO && status != STS_E_REFUSED));
    bench.trouble = fault ? fault->trouble : STORE_TROUBLE_NONE;
    bench.told[bench.count] = item->number;
    bench.refused[bench.count] = bench.trouble == STORE_TROUBLE_REFUSED;
    bench.status[bench.count++] = status;
    if (bench.beside && status == STS_OK && item->number % 100 == 0)
        assert_true(count_reports(bench.beside) >= (int64_t)bench.count);
    if (bench.count == bench.wanted)
        loop_stop(bench.loop);
}

static void put(int number, enum sts_status fails, sem_t *gate)
{
    struct item *item = talloc_zero(bench.ctx, struct item);

    *item = (struct item){number, fails, gate, gate ? gate + 1 : NULL};
    assert_int_equal(
        store_writer_put(bench.writer,
                         &(struct store_writer_request){
                             .write = write_item, .done = bench.done, .data = item, .arg = &bench}),
        STS_OK);
}

static void wait_for(size_t wanted)
{
    bench.wanted = wanted;
    if (bench.count < wanted)
        assert_int_equal(loop_run(bench.loop), STS_OK);
    assert_int_equal(bench.count, wanted);
}

/* All that is in the store in the end, seen by another. */
static void expect_stored(int64_t count)
{
    struct store *store = open_reader(bench.ctx, bench.where);

    assert_int_equal(count_reports(store), count);
    talloc_free(bench.ctx);
}

void what_is_told_is_durable(void **state)
{
    (void)state;
    begin_bench(NULL);
    put(0, STS_OK, NULL);
    wait_for(1);
    bench.beside = open_reader(bench.ctx, bench.where);
    for (int i = 1; i < MANY; i++)
        put(i, STS_OK, NULL);
    wait_for(MANY);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(bench.told[i], i);
        assert_int_equal(bench.status[i], STS_OK);
    }
    expect_stored(MANY);
}

/* One that is at work is a batch of its own; what comes then shares the next, and its failure. */
void what_comes_meanwhile_is_one_batch(void **state)
{
    sem_t gate[2];

    (void)state;
    sem_init(&gate[0], 0, 0);
    sem_init(&gate[1], 0, 0);
    begin_bench(NULL);
    put(0, STS_OK, gate);
    sem_wait(&gate[0]);
    put(1, STS_OK, NULL);
    put(2, STS_E_IO, NULL);
    put(3, STS_OK, NULL);
    sem_post(&gate[1]);
    wait_for(4);
    assert_int_equal(bench.status[0], STS_OK);
    for (int i = 1; i < 4; i++)
        assert_int_equal(bench.status[i], STS_E_IO);
    put(4, STS_OK, NULL);
    wait_for(5);
    assert_int_equal(bench.status[4], STS_OK);
    expect_stored(2);
    sem_destroy(&gate[0]);
    sem_destroy(&gate[1]);
}

static void refuse_with(enum sts_status refusal)
{
    sem_t gate[2];

    sem_init(&gate[0], 0, 0);
    sem_init(&gate[1], 0, 0);
    begin_bench(NULL);
    put(0, STS_OK, gate);
    sem_wait(&gate[0]);
    for (int i = 1; i < 6; i++)
        put(i, i == 3 ? refusal : STS_OK, NULL);
    sem_post(&gate[1]);
    wait_for(6);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(bench.told[i], i);
        assert_int_equal(bench.status[i], i == 3 ? refusal : STS_OK);
        assert_int_equal(bench.refused[i], i == 3 && refusal == STS_E_REFUSED);
    }
    expect_stored(5);
    sem_destroy(&gate[0]);
    sem_destroy(&gate[1]);
}

void one_that_is_refused_leaves_the_others(void **state)
{
    (void)state;
    refuse_with(STS_E_LIMIT);
    refuse_with(STS_E_REFUSED);
}

static void on_refusal(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    if (((struct item *)data)->number == 1)
        store_writer_refuse(bench.writer, status, fault);
    on_written(arg, data, status, fault);
}

/* One fault, told to all that wait, is enough. */
void those_that_wait_can_be_refused(void **state)
{
    sem_t gate[2];

    (void)state;
    sem_init(&gate[0], 0, 0);
    sem_init(&gate[1], 0, 0);
    begin_bench(NULL);
    bench.done = on_refusal;
    put(0, STS_OK, NULL);
    wait_for(1);
    put(1, STS_E_IO, gate);
    sem_wait(&gate[0]);
    for (int i = 2; i < MANY; i++)
        put(i, STS_OK, NULL);
    sem_post(&gate[1]);
    wait_for(MANY);
    for (int i = 1; i < MANY; i++)
        assert_int_equal(bench.status[i], STS_E_IO);
    expect_stored(1);
    sem_destroy(&gate[0]);
    sem_destroy(&gate[1]);
}

static enum sts_status prepare_item(void *data)
{
    struct item *item = data;

    if (item->entered) {
        sem_post(item->entered);
        sem_wait(item->leave);
    }
    item->entered = NULL;
    return item->number == 1 ? STS_E_INVALID : STS_OK;
}

static void put_prepared(int number, sem_t *gate)
{
    struct item *item = talloc_zero(bench.ctx, struct item);
    const struct store_writer_request request = {prepare_item, write_item, bench.done, item,
                                                 &bench};

    *item = (struct item){number, STS_OK, gate, gate ? gate + 1 : NULL};
    assert_int_equal(store_writer_put(bench.writer, &request), STS_OK);
}

/* What takes long is done before the batch begins; and what cannot be prepared spoils nothing. */
void others_write_while_a_batch_is_prepared(void **state)
{
    struct store_fault *fault;
    struct store *other;
    sem_t gate[2];

    (void)state;
    sem_init(&gate[0], 0, 0);
    sem_init(&gate[1], 0, 0);
    begin_bench(NULL);
    assert_int_equal(store_open(bench.ctx, bench.where, STORE_WRITE, &other, &fault), STS_OK);
    put_prepared(0, gate);
    sem_wait(&gate[0]);
    assert_int_equal(add_item(other, &(struct item){.number = 7}), STS_OK);
    put_prepared(1, NULL);
    put_prepared(2, NULL);
    sem_post(&gate[1]);
    wait_for(3);
    assert_int_equal(bench.status[0], STS_OK);
    assert_int_equal(bench.status[1], STS_E_INVALID);
    assert_int_equal(bench.status[2], STS_OK);
    expect_stored(3);
    sem_destroy(&gate[0]);
    sem_destroy(&gate[1]);
}

void a_fault_is_told_and_then_it_is_opened_again(void **state)
{
    (void)state;
    begin_bench("/nonexistent/store.db");
    put(0, STS_OK, NULL);
    wait_for(1);
    assert_int_equal(bench.status[0], STS_E_IO);
    assert_int_equal(bench.trouble, STORE_TROUBLE_UNREACHABLE);
    put(1, STS_OK, NULL);
    wait_for(2);
    assert_int_equal(bench.status[1], STS_E_IO);
    talloc_free(bench.ctx);

    begin_bench(NULL);
    put(0, STS_E_IO, NULL);
    wait_for(1);
    assert_int_equal(bench.status[0], STS_E_IO);
    put(1, STS_OK, NULL);
    wait_for(2);
    assert_int_equal(bench.status[1], STS_OK);
    expect_stored(1);
}

void what_is_left_is_written_at_the_end(void **state)
{
    (void)state;
    begin_bench(NULL);
    for (int i = 0; i < MANY; i++)
        put(i, STS_OK, NULL);
    TALLOC_FREE(bench.writer);
    assert_int_equal(bench.count, 0);
    expect_stored(MANY);
}

/* ---- readers --------------------------------------------------------------------------------- */

struct look {
    int64_t count;
};

static enum sts_status read_count(struct store *store, void *data)
{
    const struct store_report_filter all = {.since = INT64_MIN, .until = INT64_MAX};
    struct look *look = data;

    return store_count_reports(store, &all, &look->count);
}

static void on_look(void *arg, void *data, enum sts_status status, const struct store_fault *fault)
{
    const struct look *look = data;
    int64_t *seen = arg;

    assert_int_equal(status, STS_OK);
    assert_null(fault);
    assert_true(look->count >= 1);
    ++*seen;
    if (++bench.count == bench.wanted)
        loop_stop(bench.loop);
}

static void start_look(struct store_readers *readers,
                       void (*done)(void *arg, void *data, enum sts_status status,
                                    const struct store_fault *fault),
                       void *arg, struct jobs_handle **ret)
{
    const struct store_read_request request = {
        .read = read_count, .done = done, .data = talloc_zero(bench.ctx, struct look), .arg = arg};

    assert_int_equal(store_read_start(bench.ctx, readers, &request, ret), STS_OK);
}

void many_read_beside_a_writer(void **state)
{
    struct store_readers *readers;
    struct jobs_handle *handle;
    int64_t seen = 0;

    (void)state;
    begin_bench(NULL);
    assert_int_equal(store_readers_new(bench.ctx, bench.loop, bench.where, 3, &readers), STS_OK);
    put(0, STS_OK, NULL);
    wait_for(1);
    for (int i = 1; i < 100; i++) {
        put(i, STS_OK, NULL);
        start_look(readers, on_look, &seen, &handle);
    }
    wait_for(199);
    assert_int_equal(seen, 99);
    expect_stored(100);
}

static void on_fault(void *arg, void *data, enum sts_status status, const struct store_fault *fault)
{
    (void)data;
    assert_int_equal(status, STS_E_IO);
    *(enum store_trouble *)arg = fault->trouble;
    loop_stop(bench.loop);
}

void what_cannot_be_read_is_told(void **state)
{
    struct store_readers *readers;
    struct jobs_handle *handle;
    enum store_trouble trouble = STORE_TROUBLE_NONE;
    int64_t seen = 0;

    (void)state;
    begin_bench(NULL);
    assert_int_equal(store_readers_new(bench.ctx, bench.loop, bench.where, 1, &readers), STS_OK);
    start_look(readers, on_fault, &trouble, &handle);
    assert_int_equal(loop_run(bench.loop), STS_OK);
    assert_int_equal(trouble, STORE_TROUBLE_ABSENT);
    put(0, STS_OK, NULL); /* now there is one */
    wait_for(1);
    start_look(readers, on_look, &seen, &handle);
    wait_for(2);
    assert_int_equal(seen, 1);
    talloc_free(bench.ctx);
}

void a_read_that_is_cancelled_is_not_told(void **state)
{
    struct store_readers *readers;
    struct jobs_handle *handles[20];
    int64_t seen = 0;

    (void)state;
    begin_bench(NULL);
    assert_int_equal(store_readers_new(bench.ctx, bench.loop, bench.where, 2, &readers), STS_OK);
    put(0, STS_OK, NULL);
    wait_for(1);
    for (size_t i = 0; i < 20; i++)
        start_look(readers, on_look, &seen, &handles[i]);
    for (size_t i = 0; i < 19; i++)
        talloc_free(handles[i]);
    wait_for(2);
    assert_int_equal(seen, 1);
    talloc_free(bench.ctx);
}
