/* SPDX-License-Identifier: MIT */
/* test_store_cached.c - what a policy daemon knows. */
#include "store/test_store.h"

#include <stdio.h>
#include <string.h>

#include "store/cached_policies.h"

static void put(struct store *store, const char *domain, const char *policy, int64_t at)
{
    const struct store_cached_policy row = {.domain = domain,
                                            .policy = policy,
                                            .id = policy ? "1" : NULL,
                                            .fetched_at = policy ? at : 0,
                                            .dane = at % 3,
                                            .dane_at = at,
                                            .used_at = at};

    assert_int_equal(store_put_cached_policy(store, &row), STS_OK);
}

static bool add_line(void *arg, const struct store_cached_policy *row)
{
    char **lines = arg;

    *lines = talloc_asprintf_append(*lines, "%s %s %s %d/%d/%d/%d;", row->domain,
                                    row->policy ? row->policy : "-", row->id ? row->id : "-",
                                    (int)row->fetched_at, (int)row->dane, (int)row->dane_at,
                                    (int)row->used_at);
    return true;
}

static void expect(struct store *store, const char *domain, const char *line)
{
    struct store_cached_policy *row;
    char *seen = talloc_strdup(store, "");

    assert_int_equal(store_cached_policy(store, store, domain, &row), STS_OK);
    if (row)
        add_line(&seen, row);
    assert_string_equal(seen, line);
}

void an_older_fetch_replaces_no_newer_one(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = test_open(ctx, backend.fresh(ctx));

    (void)state;
    expect(store, "example.com", "");
    put(store, "example.com", "old", 10);
    put(store, "example.com", "new", 20);
    put(store, "example.com", "old", 10);
    expect(store, "example.com", "example.com new 1 20/2/20/20;");
    put(store, "example.com", NULL, 31); /* DANE is newer, and no policy was fetched */
    expect(store, "example.com", "example.com new 1 20/1/31/31;");
    put(store, "example.com", "same second", 20);
    expect(store, "example.com", "example.com same second 1 20/1/31/31;");
    put(store, "example.net", NULL, 5);
    expect(store, "example.net", "example.net - - 0/2/5/5;");
    talloc_free(ctx);
}

static char *page(struct store *store, int64_t used_at, const char *domain, int64_t most)
{
    char *lines = talloc_strdup(store, "");

    assert_int_equal(store_cached_policies(store, used_at, domain, most, add_line, &lines), STS_OK);
    return lines;
}

void cached_policies_are_read_page_by_page(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = test_open(ctx, backend.fresh(ctx));

    (void)state;
    assert_string_equal(page(store, INT64_MAX, "", 9), "");
    put(store, "b.example", "p", 30);
    put(store, "a.example", "p", 30);
    put(store, "c.example", "p", 60);
    put(store, "d.example", "p", 3);
    assert_string_equal(page(store, INT64_MAX, "", 2),
                        "c.example p 1 60/0/60/60;a.example p 1 30/0/30/30;");
    assert_string_equal(page(store, 30, "a.example", 9),
                        "b.example p 1 30/0/30/30;d.example p 1 3/0/3/3;");
    assert_string_equal(page(store, 3, "d.example", 9), "");
    talloc_free(ctx);
}

void cached_policies_are_forgotten(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = test_open(ctx, backend.fresh(ctx));
    char name[16];

    (void)state;
    for (int i = 0; i < 9; i++) {
        snprintf(name, sizeof name, "d%d", i);
        put(store, name, "p", 30 + i);
    }
    assert_int_equal(store_prune_cached_policies(store, 32, 100), STS_OK);
    expect(store, "d1", "");
    expect(store, "d2", "d2 p 1 32/2/32/32;");
    assert_int_equal(store_prune_cached_policies(store, 0, 2), STS_OK);
    expect(store, "d5", "");
    expect(store, "d6", "d6 p 1 36/0/36/36;");
    assert_int_equal(store_forget_cached_policy(store, "d6"), STS_OK);
    expect(store, "d6", "");
    expect(store, "d7", "d7 p 1 37/1/37/37;");
    talloc_free(ctx);
}

void a_clock_that_was_set_is_noticed(void **state)
{
    static const struct {
        const char *boot;
        int64_t start, before;
    } steps[] = {{"one", 1000, 1000},   {"one", 1001, 1000},
                 {"two", 90000, 90000}, {"one", 5, 1001},
                 {"two", 90000, 90000}, {"one", 900, 5},
                 {"one", 5, 5},         {"three", 90000000, 90000000},
                 {"one", 7, 7}}; /* it is forgotten after a year */
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = test_open(ctx, backend.fresh(ctx));

    (void)state;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        int64_t before = 0;

        assert_int_equal(store_put_cache_clock(store, steps[i].boot, steps[i].start, 500, &before),
                         STS_OK);
        assert_int_equal(before, steps[i].before);
    }
    talloc_free(ctx);
}
