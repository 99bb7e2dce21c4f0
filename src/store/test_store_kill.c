/* SPDX-License-Identifier: MIT */
/* test_store_kill.c - writers that are killed, and writers that meet. */
#include "store/test_store.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "event/loop.h"
#include "store/rollups.h"
#include "store/writer.h"

#define KILLS   50
#define REPORTS 400
#define BATCH   7
#define WRITERS 4

/* Reports 0 to REPORTS - 1 in batches; each commit is told through the pipe.  The exit status. */
static int ingest(const char *where, int tell, int stride)
{
    struct store *store;
    struct store_fault *fault;
    enum store_added added;

    if (store_open(NULL, where, STORE_WRITE, &store, &fault)) {
        (void)fprintf(stderr, "%d: %s\n", (int)fault->trouble, fault->detail);
        return 1;
    }
    for (int i = 0; i < REPORTS; i++) {
        int last = i; /* the report is kept once the batch with it is */

        if (i % BATCH == 0 && store_begin(store))
            return 2;
        if (test_add(store, i * stride % REPORTS, &added))
            return 3;
        if (i % BATCH != BATCH - 1 && i != REPORTS - 1)
            continue;
        if (store_commit(store))
            return 4;
        if (tell >= 0 && write(tell, &last, sizeof last) != (ssize_t)sizeof last)
            return 5;
    }
    talloc_free(store);
    return 0;
}

/* ---- the same through a writer --------------------------------------------------------------- */

#define AHEAD 40 /* reports on their way to the writer */

struct feeding {
    struct loop *loop;
    struct store_writer *writer;
    int tell, next, last; /* the next to be put, the last that was told */
};

static enum sts_status write_report(struct store *store, void *data)
{
    enum store_added added;

    return test_add(store, *(int *)data, &added);
}

static void feed(struct feeding *feeding);

static void on_written(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    struct feeding *feeding = arg;

    (void)fault;
    feeding->last = *(int *)data;
    if (status ||
        (feeding->tell >= 0 && write(feeding->tell, data, sizeof(int)) != (ssize_t)sizeof(int)))
        _exit(3);
    if (feeding->last == REPORTS - 1)
        loop_stop(feeding->loop);
    feed(feeding);
}

static void feed(struct feeding *feeding)
{
    while (feeding->next < REPORTS && feeding->next - feeding->last <= AHEAD) {
        int *number = talloc(NULL, int);

        *number = feeding->next++;
        if (store_writer_put(feeding->writer, &(struct store_writer_request){.write = write_report,
                                                                             .done = on_written,
                                                                             .data = number,
                                                                             .arg = feeding}))
            _exit(2);
    }
}

static int ingest_by_writer(const char *where, int tell)
{
    struct feeding feeding = {.tell = tell, .last = -1};

    if (loop_new(NULL, &feeding.loop) ||
        store_writer_new(feeding.loop, feeding.loop, where, &feeding.writer))
        return 1;
    feed(&feeding);
    return loop_run(feeding.loop) == STS_OK ? 0 : 4;
}

#define BY_WRITER 0 /* in place of a stride */

static pid_t start(const char *where, int tell, int stride)
{
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0)
        _exit(stride == BY_WRITER ? ingest_by_writer(where, tell) : ingest(where, tell, stride));
    return child;
}

struct tally {
    int seen[REPORTS];
};

static bool tally_one(void *arg, const struct store_receipt *receipt)
{
    struct tally *tally = arg;
    int n = (int)(receipt->begins / 86400);
    char raw[64];

    assert_in_range(n, 0, REPORTS - 1);
    (void)snprintf(raw, sizeof raw, "{\"report-id\":\"report-%d\"}", n);
    assert_int_equal(receipt->raw.length, strlen(raw));
    assert_memory_equal(receipt->raw.data, raw, strlen(raw));
    tally->seen[n]++;
    return true;
}

/* What reports say, or their roll-ups. */
struct sums {
    int64_t reports, successful, failed;
};

static bool sum_one(void *arg, const struct store_sessions *sessions)
{
    struct sums *sums = arg;

    sums->reports++;
    sums->successful += sessions->successful;
    sums->failed += sessions->failed;
    return true;
}

static bool sum_day(void *arg, const struct store_day *day)
{
    struct sums *sums = arg;

    sums->reports += day->reports;
    sums->successful += day->successful;
    sums->failed += day->failed;
    return true;
}

static struct sums sums_of_days(struct store *store)
{
    const struct store_day_range all = {0, 2 * REPORTS};
    struct sums sums = {0};

    assert_int_equal(store_days(store, "example.com", &all, NULL, sum_day, &sums), STS_OK);
    return sums;
}

static int count_reports(struct store *store, struct tally *tally)
{
    int count = 0;

    *tally = (struct tally){0};
    assert_int_equal(store_reports(store, NULL, 0, tally_one, tally), STS_OK);
    for (int i = 0; i < REPORTS; i++)
        count += tally->seen[i];
    return count;
}

/* All up to `kept` are there, none twice; how many there are.  A report is never without its
 * policies, and roll-ups count what the reports say.  A database server may still be at the last
 * batch of a client that is dead: between two counts that agree it was not. */
static int examine(const char *where, int kept, int stride)
{
    struct store *store = test_open(NULL, where);
    struct tally tally;
    struct sums sums, days;
    int count = count_reports(store, &tally), before;

    do {
        before = count;
        sums = (struct sums){0};
        assert_int_equal(store_sessions(store, "example.com", 0, sum_one, &sums), STS_OK);
        days = sums_of_days(store);
        count = count_reports(store, &tally);
    } while (count != before);
    for (int i = 0; i < REPORTS; i++) {
        assert_true(tally.seen[i] <= 1);
        if (i <= kept)
            assert_int_equal(tally.seen[i], 1);
    }
    if (stride != BY_WRITER)
        assert_true(count == REPORTS || count % BATCH == 0); /* whole batches */
    assert_int_equal(sums.reports, count);
    assert_memory_equal(&days, &sums, sizeof(sums));
    talloc_free(store);
    return count;
}

/* The last report that the child called kept; -1: none. */
static int last_told(int from)
{
    int last = -1, next;

    while (read(from, &next, sizeof next) == (ssize_t)sizeof next)
        last = next;
    return last;
}

/* True: the kill found it at work. */
static bool kill_one(const char *where, int stride, unsigned after_us, int *ret_told)
{
    int ends[2], result;
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    child = start(where, ends[1], stride);
    (void)close(ends[1]);
    (void)usleep(after_us);
    (void)kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &result, 0), child);
    *ret_told = last_told(ends[0]);
    (void)close(ends[0]);
    return WIFSIGNALED(result);
}

static unsigned whole_run_us(const char *where, int stride)
{
    int64_t before = clock_monotonic_ms();
    int result;

    assert_true(waitpid(start(where, -1, stride), &result, 0) > 0);
    assert_int_equal(result, 0);
    return (unsigned)(clock_monotonic_ms() - before + 1) * 1000;
}

/* A store is begun anew at every fifth run, so that kills find it empty, half full and full.  Only
 * kills that find the writer at work count, and some have to leave a part behind. */
static void kill_many(int stride, int kills)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    unsigned run_us = whole_run_us(backend.fresh(ctx), stride);
    const char *where = NULL;
    int at_work = 0, partial = 0, kept = -1;

    srandom(8460);
    for (int i = 0; at_work < kills || partial < kills / 5 || i % 5 != 0; i++) {
        int told, count;

        assert_true(i < 20 * kills);
        if (i % 5 == 0) {
            where = backend.fresh(ctx);
            kept = -1;
        }
        at_work += kill_one(where, stride, (unsigned)random() % run_us, &told);
        kept = told > kept ? told : kept;
        count = examine(where, kept, stride);
        partial += count > 0 && count < REPORTS;
        if (i % 5 == 4) { /* run again, to the end */
            (void)whole_run_us(where, stride);
            assert_int_equal(examine(where, REPORTS - 1, stride), REPORTS);
        }
    }
    print_message("%d kills at work, a part was there after %d runs\n", at_work, partial);
    talloc_free(ctx);
}

void killed_at_any_point_each_report_is_there_once(void **state)
{
    (void)state;
    kill_many(1, KILLS);
}

void killed_at_any_point_what_a_writer_told_is_there(void **state)
{
    (void)state;
    kill_many(BY_WRITER, KILLS / 5);
}

/* All open the same empty store and write the same reports, each in another order. */
void many_writers_wait_for_each_other(void **state)
{
    static const int strides[WRITERS] = {1, 3, 7, 399}; /* none divides REPORTS */
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *where = backend.fresh(ctx);
    int result;

    (void)state;
    for (int i = 0; i < WRITERS; i++)
        (void)start(where, -1, strides[i]);
    for (int i = 0; i < WRITERS; i++) {
        assert_true(wait(&result) > 0);
        assert_int_equal(result, 0);
    }
    assert_int_equal(examine(where, REPORTS - 1, 1), REPORTS);
    talloc_free(ctx);
}
