/* SPDX-License-Identifier: MIT */
/* test_policy_store_read.c - the store read while it is used: a store of our own making, whose
 * reads and writes come when the test says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "policyd/limits.h"
#include "policyd/policy_store_work.h"

#define NOW  1800000000
#define HOUR 3600
#define DAY  86400
#define STEP                                                                                       \
    (200 * (int64_t)DAY) /* by which somebody set the clock: longer than LIMIT_POLICY_UNUSED_S */
#define TEXT "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 31536000\n"
#define ROWS (LIMIT_STORE_PAGE + 10)
#define JOBS (ROWS + 10)

/* ---- the store ------------------------------------------------------------------------------- */

struct row {
    char domain[32];
    int64_t fetched_at, used_at;
};

/* Those that were used last first. */
static struct row rows[ROWS];
static size_t row_count;
static int64_t clock_before; /* so much earlier than ours; what the store knows */
static int prunes, clocks;   /* those that say that all is corrected */

static struct row *row_of(const char *domain)
{
    for (size_t i = 0; i < row_count; i++)
        if (!strcmp(rows[i].domain, domain))
            return &rows[i];
    return NULL;
}

/* It was fetched so long ago by our clock. */
static bool is_stored(const char *domain, int64_t age)
{
    const struct row *row = row_of(domain);

    return row && row->fetched_at == NOW - age;
}

static void add_row(const char *domain, int64_t age)
{
    struct row *row = &rows[row_count++];

    assert_true(row_count <= ROWS);
    snprintf(row->domain, sizeof(row->domain), "%s", domain);
    row->fetched_at = row->used_at = NOW - clock_before - age;
}

static struct store_cached_policy policy_of(const struct row *row)
{
    return (struct store_cached_policy){.domain = row->domain,
                                        .policy = TEXT,
                                        .id = "1",
                                        .fetched_at = row->fetched_at,
                                        .used_at = row->used_at};
}

enum sts_status store_put_cached_policy(struct store *store,
                                        const struct store_cached_policy *policy)
{
    struct row *row = row_of(policy->domain);

    (void)store;
    if (!row || !policy->policy)
        return STS_E_INVALID;
    row->fetched_at = policy->fetched_at;
    row->used_at = policy->used_at;
    return STS_OK;
}

enum sts_status store_cached_policy(struct store *store, TALLOC_CTX *ctx, const char *domain,
                                    struct store_cached_policy **ret)
{
    const struct row *row = row_of(domain);

    (void)store;
    *ret = row ? talloc_zero(ctx, struct store_cached_policy) : NULL;
    if (row)
        **ret = policy_of(row);
    return STS_OK;
}

enum sts_status store_cached_policies(struct store *store, int64_t used_at, const char *domain,
                                      int64_t most, store_cached_policy_fn fn, void *arg)
{
    (void)store;
    for (size_t i = 0; i < row_count && most; i++) {
        const struct store_cached_policy policy = policy_of(&rows[i]);

        if (policy.used_at > used_at ||
            (policy.used_at == used_at && strcmp(policy.domain, domain) <= 0))
            continue;
        if (!fn(arg, &policy))
            break;
        most--;
    }
    return STS_OK;
}

enum sts_status store_forget_cached_policy(struct store *store, const char *domain)
{
    (void)store;
    (void)domain;
    fail();
    return STS_OK;
}

enum sts_status store_prune_cached_policies(struct store *store, int64_t used_before, int64_t keep)
{
    size_t left = 0;

    (void)store;
    (void)keep;
    for (size_t i = 0; i < row_count; i++)
        if (rows[i].used_at >= used_before)
            rows[left++] = rows[i];
    row_count = left;
    prunes++;
    return STS_OK;
}

enum sts_status store_put_cache_clock(struct store *store, const char *boot, int64_t start,
                                      int64_t most_later, int64_t *ret_before)
{
    (void)store;
    (void)boot;
    *ret_before = start - clock_before;
    clocks += most_later == INT64_MAX;
    return STS_OK;
}

/* ---- its reads and writes -------------------------------------------------------------------- */

struct jobs_handle {
    struct store_read_request request;
};

struct store_readers {
    int unused;
};

struct store_writer {
    int unused;
};

static struct jobs_handle *reads[JOBS];
static struct store_writer_request writes[JOBS];
static size_t read_count, write_count;
static bool fails; /* what is written */

static int handle_drop(struct jobs_handle *handle)
{
    for (size_t i = 0; i < read_count; i++)
        if (reads[i] == handle)
            memmove(&reads[i], &reads[i + 1], (--read_count - i) * sizeof(*reads));
    return 0;
}

enum sts_status store_readers_new(TALLOC_CTX *ctx, struct loop *loop, const char *where,
                                  size_t connections, struct store_readers **ret)
{
    (void)loop;
    (void)where;
    (void)connections;
    *ret = talloc_zero(ctx, struct store_readers);
    return STS_OK;
}

enum sts_status store_read_start(TALLOC_CTX *ctx, struct store_readers *readers,
                                 const struct store_read_request *request, struct jobs_handle **ret)
{
    struct jobs_handle *handle = talloc_zero(ctx, struct jobs_handle);

    (void)readers;
    assert_true(read_count < JOBS);
    handle->request = *request;
    handle->request.data = talloc_steal(handle, request->data);
    reads[read_count++] = handle;
    talloc_set_destructor(handle, handle_drop);
    *ret = handle;
    return STS_OK;
}

enum sts_status store_writer_new(TALLOC_CTX *ctx, struct loop *loop, const char *where,
                                 struct store_writer **ret)
{
    (void)loop;
    (void)where;
    *ret = talloc_zero(ctx, struct store_writer);
    return STS_OK;
}

enum sts_status store_writer_put(struct store_writer *writer,
                                 const struct store_writer_request *request)
{
    assert_true(write_count < JOBS);
    writes[write_count] = *request;
    writes[write_count++].data = talloc_steal(writer, request->data);
    return STS_OK;
}

/* The one that was begun as the nth of those that are under way. */
static void run_read(size_t nth)
{
    struct jobs_handle *handle = reads[nth];
    const struct store_read_request *request = &handle->request;

    assert_true(nth < read_count);
    memmove(&reads[nth], &reads[nth + 1], (--read_count - nth) * sizeof(*reads));
    request->done(request->arg, request->data, request->read(NULL, request->data), NULL);
}

static void run_write(void)
{
    static const struct store_fault fault = {.trouble = STORE_TROUBLE_NO_PLACE};
    const struct store_writer_request request = writes[0];

    assert_true(write_count > 0);
    memmove(&writes[0], &writes[1], --write_count * sizeof(*writes));
    if (fails)
        request.done(request.arg, request.data, STS_E_IO, &fault);
    else
        request.done(request.arg, request.data, request.write(NULL, request.data), NULL);
    talloc_free(request.data);
}

static void run_writes(void)
{
    while (write_count)
        run_write();
}

/* ---- the daemon ------------------------------------------------------------------------------ */

struct desk {
    struct loop *loop;
    struct policy_cache *cache;
    struct policy_store *store;
    int changed, faults;
};

static int64_t now_of(void *arg)
{
    (void)arg;
    return NOW;
}

static void on_changed(void *arg, struct policy_entry *entry)
{
    struct desk *desk = arg;

    assert_non_null(entry);
    desk->changed++;
    loop_stop(desk->loop);
}

static void on_state(void *arg, const struct store_fault *fault)
{
    ((struct desk *)arg)->faults += fault != NULL;
}

/* The clock was set forward by so much since the store was written. */
static struct desk *desk_new(int64_t step)
{
    struct desk *desk = talloc_zero(NULL, struct desk);
    struct policy_store_request request = {
        .where = "a store", .now = now_of, .changed = on_changed, .state = on_state, .arg = desk};

    row_count = read_count = write_count = 0;
    prunes = clocks = 0;
    fails = false;
    clock_before = step;
    assert_int_equal(loop_new(desk, &desk->loop), STS_OK);
    assert_int_equal(policy_cache_new(desk, 2 * ROWS, true, &desk->cache), STS_OK);
    request.loop = desk->loop;
    request.cache = desk->cache;
    assert_int_equal(policy_store_new(desk, &request, &desk->store), STS_OK);
    assert_int_equal(write_count, 1); /* the clock, with which it is opened */
    return desk;
}

static void desk_free(struct desk *desk)
{
    TALLOC_FREE(desk->store);
    assert_int_equal(read_count, 0);
    write_count = 0;
    talloc_free(desk);
}

/* A mail goes there. */
static struct policy_entry *use(struct desk *desk, const char *domain)
{
    struct policy_entry *entry = policy_cache_use(desk->cache, domain, NOW);

    assert_non_null(entry);
    if (policy_entry_due(entry, POLICY_PART_STORED, NOW))
        (void)policy_store_recall(desk->store, entry);
    return entry;
}

static bool holds(const struct policy_entry *entry, int64_t age)
{
    const struct policy_stored stored = policy_entry_stored(entry);

    return stored.policy && stored.fetched_at == NOW - age;
}

/* ---- a clock that was set -------------------------------------------------------------------- */

/* By a clock that was set forward the row looks unused.  While somebody waits for it, the page
 * leaves it to who reads it alone, and what is pruned waits for that. */
static void test_recalled_while_its_page_is_read(void **state)
{
    struct desk *desk = desk_new(STEP);
    const struct policy_entry *entry;

    (void)state;
    add_row("a.example", HOUR);
    add_row("b.example", 2 * HOUR);
    run_write();
    assert_int_equal(read_count, 1); /* the page */
    entry = use(desk, "a.example");
    assert_int_equal(read_count, 2);
    run_read(0);
    run_writes();
    assert_true(holds(policy_cache_find(desk->cache, "b.example"), 2 * HOUR));
    assert_true(is_stored("b.example", 2 * HOUR));
    assert_int_equal(prunes + clocks, 0); /* a.example has the times of the other clock */
    assert_true(is_stored("a.example", STEP + HOUR));
    run_read(0);
    assert_true(holds(entry, HOUR));
    run_writes();
    assert_int_equal(prunes, 1);
    assert_int_equal(clocks, 1);
    assert_int_equal(row_count, 2); /* whoever is killed now finds both */
    assert_true(is_stored("a.example", HOUR));
    desk_free(desk);
}

/* Where it is read and corrected before the page, it is not corrected once more, or a policy would
 * be younger than it is. */
static void test_recalled_before_its_page(void **state)
{
    struct desk *desk = desk_new(STEP);
    const struct policy_entry *entry;

    (void)state;
    add_row("a.example", HOUR);
    run_write();
    entry = use(desk, "a.example");
    run_read(1);
    assert_true(holds(entry, HOUR));
    run_writes();
    assert_int_equal(prunes + clocks, 0);
    run_read(0);
    assert_true(holds(entry, HOUR));
    run_writes();
    assert_int_equal(prunes, 1);
    assert_int_equal(clocks, 1);
    assert_true(is_stored("a.example", HOUR));
    desk_free(desk);
}

/* Each page is corrected before the next is read: else what is written would pass over rows. */
static void test_pages(void **state)
{
    struct desk *desk = desk_new(STEP);
    char domain[32];

    (void)state;
    for (int i = 0; i < ROWS; i++) {
        snprintf(domain, sizeof(domain), "d%d.example", i);
        add_row(domain, HOUR + i);
    }
    run_write();
    run_read(0);
    assert_int_equal(policy_cache_count(desk->cache), LIMIT_STORE_PAGE);
    assert_int_equal(read_count, 0);
    run_writes();
    assert_int_equal(read_count, 1);
    run_read(0);
    run_writes();
    assert_int_equal(policy_cache_count(desk->cache), ROWS);
    assert_int_equal(policy_store_counts(desk->store).loaded, ROWS);
    assert_int_equal(prunes, 1);
    assert_int_equal(row_count, ROWS);
    for (int i = 0; i < ROWS; i++)
        assert_int_equal(rows[i].fetched_at, NOW - HOUR - i);
    desk_free(desk);
}

/* ---- who asks meanwhile ---------------------------------------------------------------------- */

/* It is asked for when the store is not open yet. */
static void test_before_it_is_open(void **state)
{
    struct desk *desk = desk_new(0);
    const struct policy_entry *entry = use(desk, "a.example");

    (void)state;
    add_row("a.example", HOUR);
    assert_int_equal(read_count, 0);
    assert_true(policy_entry_is_busy(entry, POLICY_PART_STORED));
    run_write();
    assert_int_equal(read_count, 2);
    run_read(0);
    assert_true(holds(entry, HOUR));
    assert_int_equal(desk->changed, 1);
    assert_int_equal(policy_store_counts(desk->store).found, 1);
    desk_free(desk);
}

static void test_it_cannot_be_opened(void **state)
{
    struct desk *desk = desk_new(0);
    const struct policy_entry *entry = use(desk, "a.example");

    (void)state;
    fails = true;
    run_write();
    assert_int_equal(read_count, 0);
    assert_false(policy_entry_is_busy(entry, POLICY_PART_STORED));
    assert_false(holds(entry, HOUR));
    assert_int_equal(desk->changed, 1);
    assert_int_equal(desk->faults, 1);
    assert_true(policy_store_counts(desk->store).failing);
    desk_free(desk);
}

/* A read that takes long keeps nobody waiting, and what it finds counts all the same. */
static void test_late(void **state)
{
    struct desk *desk = desk_new(0);
    const struct policy_entry *entry;

    (void)state;
    add_row("a.example", HOUR);
    run_write();
    entry = use(desk, "a.example");
    assert_int_equal(loop_run(desk->loop), STS_OK); /* until LIMIT_STORE_WAIT_MS are over */
    assert_false(policy_entry_is_busy(entry, POLICY_PART_STORED));
    assert_false(holds(entry, HOUR));
    run_read(1);
    assert_true(holds(entry, HOUR));
    assert_int_equal(desk->changed, 2);
    desk_free(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recalled_while_its_page_is_read),
        cmocka_unit_test(test_recalled_before_its_page),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_before_it_is_open),
        cmocka_unit_test(test_it_cannot_be_opened),
        cmocka_unit_test(test_late),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
