/* SPDX-License-Identifier: MIT */
/* test_store_scans.c - scans that several machines share: each shard's results are kept once,
 * whatever the queue does. */
#include "store/test_store.h"

#include <stdio.h>
#include <string.h>

#include "store/scans.h"

#define ALIVE 60

static enum store_scan_added add_as(struct store *store, const char *name, const char *content,
                                    int64_t shards, int64_t *ret_id)
{
    const struct store_scan scan = {.name = name,
                                    .content = bytes_of(content),
                                    .created = 1000,
                                    .domains = 2 * shards,
                                    .shards = shards};
    enum store_scan_added added;

    assert_int_equal(store_begin(store), STS_OK);
    assert_int_equal(store_scan_add(store, &scan, &added, ret_id), STS_OK);
    for (int64_t i = 1; i <= shards && added == STORE_SCAN_NEW; i++)
        assert_int_equal(store_scan_add_shard(store, *ret_id, i, "a.example\nb.example\n", 2),
                         STS_OK);
    assert_int_equal(store_commit(store), STS_OK);
    return added;
}

static int64_t add(struct store *store, int64_t shards)
{
    int64_t id;

    assert_int_equal(add_as(store, "all", "list", shards, &id), STORE_SCAN_NEW);
    return id;
}

static enum store_shard_begun begin(struct store *store, int64_t scan, int64_t number,
                                    struct store_shard *ret)
{
    enum store_shard_begun begun;
    char *names;

    *ret = (struct store_shard){.scan = scan, .number = number};
    assert_int_equal(store_shard_begin(store, store, ret, "w", &begun, &names), STS_OK);
    if (begun == STORE_SHARD_BEGUN)
        assert_string_equal(names, "a.example\nb.example\n");
    else
        assert_null(names);
    talloc_free(names);
    return begun;
}

static bool done(struct store *store, const struct store_shard *shard, const char *text)
{
    const struct store_scan_line lines[] = {{"a.example", text}, {"b.example", "{\"b\\u0000\":1}"}};
    bool is;

    assert_int_equal(store_shard_done(store, shard, lines, 2, &is), STS_OK);
    return is;
}

static bool note_line(void *arg, const struct store_scan_line *line)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%s %s;", line->domain, line->line);
    return true;
}

static void expect_results(struct store *store, int64_t scan, const char *after, size_t limit,
                           const char *expected)
{
    char *text = talloc_strdup(NULL, "");

    assert_int_equal(store_scan_results(store, scan, after, limit, note_line, &text), STS_OK);
    assert_string_equal(text, expected);
    talloc_free(text);
}

static void expect_counts(struct store *store, int64_t scan, const char *expected)
{
    struct store_scan_counts counts;
    char text[100];

    assert_int_equal(store_scan_count(store, scan, 3600, ALIVE, &counts), STS_OK);
    (void)snprintf(text, sizeof(text), "%d done, %d aside, %d running, %d domains, %d lately",
                   (int)counts.done, (int)counts.aside, (int)counts.running, (int)counts.domains,
                   (int)counts.lately);
    assert_string_equal(text, expected);
}

static bool note_scan(void *arg, const struct store_scan *scan)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%s %d %d%s;", scan->name, (int)scan->domains,
                                   (int)scan->shards, scan->cancelled ? " cancelled" : "");
    return true;
}

void a_scan_is_added_once(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = test_open(ctx, backend.fresh(ctx));
    char *text = talloc_strdup(ctx, "");
    int64_t id, again;

    (void)state;
    assert_int_equal(add_as(store, "all", "list", 2, &id), STORE_SCAN_NEW);
    assert_int_equal(add_as(store, "all", "list", 2, &again), STORE_SCAN_SAME);
    assert_int_equal(again, id);
    assert_int_equal(add_as(store, "all", "other", 2, &again), STORE_SCAN_OTHER);
    assert_int_equal(add_as(store, "more", "other", 1, &again), STORE_SCAN_NEW);
    assert_int_equal(store_scans(store, 0, 10, note_scan, &text), STS_OK);
    assert_int_equal(store_scans(store, id, 1, note_scan, &text), STS_OK);
    assert_string_equal(text, "all 4 2;more 2 1;more 2 1;");
    talloc_free(ctx);
}

void a_shard_is_done_once(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = test_open(ctx, backend.fresh(ctx));
    int64_t scan = add(store, 1);
    struct store_shard slept, woken;

    (void)state;
    assert_int_equal(begin(store, scan, 1, &slept), STORE_SHARD_BEGUN);
    assert_int_equal(begin(store, scan, 1, &woken), STORE_SHARD_BEGUN);
    assert_false(done(store, &slept, "{\"slept\":1}")); /* fenced, before and after */
    expect_results(store, scan, "", 10, "");
    assert_true(done(store, &woken, "{\"woken\":1}"));
    assert_true(done(store, &woken, "{\"twice\":1}")); /* the answer to the first was lost */
    assert_false(done(store, &slept, "{\"slept\":1}"));
    assert_int_equal(begin(store, scan, 1, &slept), STORE_SHARD_OVER);
    assert_int_equal(begin(store, scan, 2, &slept), STORE_SHARD_OVER);
    expect_results(store, scan, "", 10, "a.example {\"woken\":1};b.example {\"b\\u0000\":1};");
    expect_counts(store, scan, "1 done, 0 aside, 0 running, 2 domains, 2 lately");
    talloc_free(ctx);
}

static bool note_aside(void *arg, int64_t number, int64_t tries, const char *reason)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%d %d %s;", (int)number, (int)tries, reason);
    return true;
}

void a_shard_that_fails_is_set_aside(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = test_open(ctx, backend.fresh(ctx));
    int64_t scan = add(store, 2);
    struct store_shard shard;
    char *text = talloc_strdup(ctx, "");

    (void)state;
    for (int i = 0; i < 2 * STORE_SHARD_TRIES; i++) { /* given back whole, it is no try */
        assert_int_equal(begin(store, scan, 1, &shard), STORE_SHARD_BEGUN);
        assert_int_equal(store_shard_back(store, &shard, NULL), STS_OK);
    }
    for (int i = 0; i < STORE_SHARD_TRIES; i++) {
        assert_int_equal(begin(store, scan, 1, &shard), STORE_SHARD_BEGUN);
        assert_int_equal(begin(store, scan, 2, &shard), STORE_SHARD_BEGUN);
        assert_int_equal(store_shard_back(store, &shard, "too large"), STS_OK);
    }
    assert_int_equal(begin(store, scan, 1, &shard), STORE_SHARD_ASIDE);
    assert_int_equal(begin(store, scan, 2, &shard), STORE_SHARD_ASIDE);
    assert_int_equal(begin(store, scan, 1, &shard), STORE_SHARD_OVER);
    assert_int_equal(store_shards_aside(store, scan, 10, note_aside, &text), STS_OK);
    assert_string_equal(text, "1 5 no sign of life of w;2 5 too large;");
    expect_counts(store, scan, "0 done, 2 aside, 0 running, 0 domains, 0 lately");
    assert_int_equal(store_scan_resume(store, scan), STS_OK);
    assert_int_equal(begin(store, scan, 1, &shard), STORE_SHARD_BEGUN);
    talloc_free(ctx);
}

void a_scan_is_cancelled_and_resumed(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = test_open(ctx, backend.fresh(ctx));
    int64_t scan = add(store, 1);
    struct store_shard shard;

    (void)state;
    assert_int_equal(store_scan_cancel(store, scan), STS_OK);
    assert_int_equal(begin(store, scan, 1, &shard), STORE_SHARD_OVER);
    assert_int_equal(store_scan_resume(store, scan), STS_OK);
    assert_int_equal(begin(store, scan, 1, &shard), STORE_SHARD_BEGUN);
    assert_true(done(store, &shard, "{}"));
    assert_int_equal(store_scan_resume(store, scan), STS_OK);
    assert_int_equal(begin(store, scan, 1, &shard), STORE_SHARD_OVER);
    talloc_free(ctx);
}

static bool note_shard(void *arg, const struct store_shard *shard)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%d ", (int)shard->number);
    return true;
}

static void expect_open(struct store *store, int64_t scan, int64_t after, size_t limit,
                        const char *expected)
{
    const struct store_shard place = {.scan = scan, .number = after};
    char *text = talloc_strdup(NULL, "");

    assert_int_equal(store_shards_open(store, &place, limit, ALIVE, note_shard, &text), STS_OK);
    assert_string_equal(text, expected);
    talloc_free(text);
}

void what_is_missing_is_swept(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = test_open(ctx, backend.fresh(ctx));
    int64_t scan = add(store, 4);
    struct store_shard shard, place;
    bool due;

    (void)state;
    assert_int_equal(begin(store, scan, 1, &shard), STORE_SHARD_BEGUN);
    expect_open(store, scan, 0, 10, "1 2 3 4 "); /* nobody heard of w */
    assert_int_equal(store_scan_worker(store, "w", 7), STS_OK);
    expect_open(store, scan, 0, 2, "2 3 ");
    expect_counts(store, scan, "0 done, 0 aside, 1 running, 0 domains, 0 lately");
    assert_int_equal(store_scan_worker_gone(store, "w"), STS_OK);
    assert_true(done(store, &shard, "{}"));
    expect_open(store, scan, 2, 10, "3 4 ");
    assert_int_equal(store_scan_sweep(store, 3600, &due, &place), STS_OK);
    assert_true(due);
    assert_int_equal(place.scan, 0);
    place = (struct store_shard){.scan = scan, .number = 3};
    assert_int_equal(store_scan_swept(store, &place), STS_OK);
    assert_int_equal(store_scan_sweep(store, 3600, &due, &place), STS_OK);
    assert_false(due); /* it was done within the hour */
    assert_int_equal(store_scan_sweep(store, 0, &due, &place), STS_OK);
    assert_true(due);
    assert_int_equal(place.number, 3);
    talloc_free(ctx);
}

void results_are_read_page_by_page(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = test_open(ctx, backend.fresh(ctx));
    int64_t scan = add(store, 1);
    struct store_scan_line *lines = talloc_zero_array(ctx, struct store_scan_line, 450);

    (void)state;
    for (int i = 0; i < 450; i++)
        lines[i] = (struct store_scan_line){talloc_asprintf(lines, "d%03d.example", i), "{}"};
    assert_int_equal(store_begin(store), STS_OK);
    assert_int_equal(store_scan_add_lines(store, scan, lines, 450), STS_OK);
    assert_int_equal(store_commit(store), STS_OK);
    expect_results(store, scan, "", 2, "d000.example {};d001.example {};");
    expect_results(store, scan, "d447.example", 10, "d448.example {};d449.example {};");
    expect_results(store, scan + 1, "", 10, "");
    talloc_free(ctx);
}
