/* SPDX-License-Identifier: MIT */
/* test_store_batches.c - lists that are looked at once: added, worked off, cancelled, forgotten. */
#include "store/test_store.h"

#include <stdio.h>
#include <string.h>

#include "store/accounts.h"
#include "store/batches.h"

#define NOW  1000
#define MOST 100

static struct store *open_fresh(TALLOC_CTX *ctx)
{
    struct store *store = test_open(ctx, backend.fresh(ctx));
    int64_t group;

    assert_int_equal(store_add_group(store, "g", 1, &group), STS_OK);
    assert_int_equal(store_add_group(store, "h", 1, &group), STS_OK);
    return store;
}

static enum store_batch_added add_for(struct store *store, int64_t group, const char *list,
                                      int64_t domains, const char *key, int64_t *ret_id)
{
    const struct store_new_batch batch = {
        .batch = {.group = group,
                  .name = "new ones",
                  .who = "anna",
                  .language = "de",
                  .created = NOW,
                  .domains = domains},
        .list = list,
        .repeat = bytes_of(key),
        .content = bytes_of(list),
        .most = MOST,
    };
    enum store_batch_added added;

    assert_int_equal(store_add_batch(store, &batch, &added, ret_id), STS_OK);
    return added;
}

static enum store_batch_added add_as(struct store *store, const char *list, int64_t domains,
                                     const char *key, int64_t *ret_id)
{
    return add_for(store, 1, list, domains, key, ret_id);
}

static int64_t add(struct store *store, const char *list, int64_t domains)
{
    int64_t id;

    assert_int_equal(add_as(store, list, domains, "", &id), STORE_BATCH_NEW);
    return id;
}

static bool note_domain(void *arg, const struct store_batch_domain *domain)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%d:%d %s %s %d;", (int)domain->batch, (int)domain->place,
                                   domain->domain, domain->language, (int)domain->tries);
    return true;
}

static void expect_claimed(struct store *store, int64_t now, size_t most, const char *expected)
{
    char *text = talloc_strdup(NULL, "");

    assert_int_equal(store_claim_batch_domains(store, now, now + 300, most, note_domain, &text),
                     STS_OK);
    assert_string_equal(text, expected);
    talloc_free(text);
}

static bool note_result(void *arg, int64_t number, struct bytes result)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%d %.*s;", (int)number, (int)result.length, result.data);
    return true;
}

static void expect_results(struct store *store, int64_t id, int64_t after, const char *expected)
{
    char *text = talloc_strdup(NULL, "");

    assert_int_equal(store_batch_results(store, id, after, 2, note_result, &text), STS_OK);
    assert_string_equal(text, expected);
    talloc_free(text);
}

static void result(struct store *store, int64_t id, int64_t place, const char *text)
{
    assert_int_equal(store_batch_result(store, id, place, NOW + 9, "ok", bytes_of(text)), STS_OK);
}

static bool take_batch(void *arg, const struct store_domain_batch *batch)
{
    *(struct store_domain_batch *)arg = *batch;
    return true;
}

static struct store_domain_batch numbered(struct store *store, int64_t id)
{
    struct store_domain_batch batch = {0};

    assert_int_equal(store_batch_numbered(store, id, take_batch, &batch), STS_OK);
    return batch;
}

static bool note_verdict(void *arg, const char *verdict, int64_t domains)
{
    assert_string_equal(verdict, "ok");
    *(int64_t *)arg += domains;
    return true;
}

void a_batch_is_worked_off(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);
    int64_t first = add(store, "[\"a.example\",\"b.example\",\"c.example\"]", 3);
    int64_t second, verdicts = 0;
    struct store_batch_counts counts;

    (void)state;
    assert_int_equal(add_for(store, 2, "[\"x.example\"]", 1, "", &second), STORE_BATCH_NEW);
    assert_int_equal(first, 1);
    expect_claimed(store, NOW, 2, "1:1 a.example de 1;2:1 x.example de 1;"); /* each its part */
    expect_claimed(store, NOW, 9, "1:2 b.example de 1;1:3 c.example de 1;");
    expect_claimed(store, NOW, 9, "");
    result(store, first, 3, "C");
    result(store, first, 3, "again"); /* stays as it was */
    result(store, first, 1, "A");
    assert_int_equal(store_batch_again(store, second, 1, NOW + 60), STS_OK);
    assert_int_equal(store_count_batch(store, first, NOW, &counts), STS_OK);
    assert_true(counts.waiting == 0 && counts.running == 1 && counts.done == 2);
    assert_int_equal(store_batch_verdicts(store, first, note_verdict, &verdicts), STS_OK);
    assert_int_equal(verdicts, 2);
    expect_results(store, first, 0, "1 C;2 A;");
    expect_results(store, first, 1, "2 A;");
    assert_int_equal(numbered(store, first).ended, 0);
    /* whoever had b was killed; x is to be looked at again */
    expect_claimed(store, NOW + 300, 9, "1:2 b.example de 2;2:1 x.example de 2;");
    /* a clean stop gives back what is its own still, and that was no try */
    assert_int_equal(store_batch_back(store, first, 2, NOW + 1, NOW), STS_OK);
    assert_int_equal(store_batch_back(store, first, 1, NOW + 600, NOW), STS_OK);
    expect_claimed(store, NOW + 300, 9, "");
    assert_int_equal(store_batch_back(store, first, 2, NOW + 600, NOW + 300), STS_OK);
    expect_claimed(store, NOW + 300, 9, "1:2 b.example de 2;");
    result(store, first, 2, "B");
    assert_int_equal(numbered(store, first).ended, NOW + 9);
    expect_results(store, first, 1, "2 A;3 B;");
    talloc_free(ctx);
}

/* However many batches a group has, it has one turn; and what others leave is its own. */
void groups_take_turns_with_batches(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);
    int64_t id;

    (void)state;
    for (int i = 0; i < 3; i++)
        (void)add(store, "[\"a.example\",\"b.example\"]", 2);
    assert_int_equal(add_for(store, 2, "[\"x.example\",\"y.example\",\"z.example\"]", 3, "", &id),
                     STORE_BATCH_NEW);
    expect_claimed(store, NOW, 1, "1:1 a.example de 1;");
    expect_claimed(store, NOW, 1, "4:1 x.example de 1;"); /* of whom fewer are under way */
    expect_claimed(store, NOW, 2, "1:2 b.example de 1;4:2 y.example de 1;");
    expect_claimed(store, NOW, 9,
                   "2:1 a.example de 1;2:2 b.example de 1;4:3 z.example de 1;"
                   "3:1 a.example de 1;3:2 b.example de 1;");
    talloc_free(ctx);
}

void a_batch_is_repeated_by_its_key(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);
    int64_t id, other;

    (void)state;
    assert_int_equal(add_as(store, "[\"a.example\"]", 1, "k", &id), STORE_BATCH_NEW);
    assert_int_equal(add_as(store, "[\"a.example\"]", 1, "k", &other), STORE_BATCH_REPEATED);
    assert_int_equal(other, id);
    assert_int_equal(add_as(store, "[\"b.example\"]", 1, "k", &other), STORE_BATCH_OTHER);
    assert_int_equal(add_as(store, "[\"b.example\"]", MOST, "l", &other), STORE_BATCH_FULL);
    assert_int_equal(add_as(store, "[\"b.example\"]", MOST - 1, "l", &other), STORE_BATCH_NEW);
    talloc_free(ctx);
}

void a_batch_is_cancelled_and_forgotten(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);
    int64_t id = add(store, "[\"a.example\",\"b.example\"]", 2);
    struct store_domain_batch batch = {0};
    bool done, more;

    (void)state;
    expect_claimed(store, NOW, 1, "1:1 a.example de 1;");
    result(store, id, 1, "A");
    assert_int_equal(store_cancel_batch(store, id, NOW + 5, &done), STS_OK);
    assert_true(done);
    result(store, id, 2, "B"); /* was under way */
    expect_results(store, id, 0, "1 A;");
    batch = numbered(store, id);
    assert_true(batch.cancelled && batch.ended == NOW + 5 && batch.domains == 2);
    assert_int_equal(store_cancel_batch(store, id, NOW + 6, &done), STS_OK);
    assert_false(done);
    assert_int_equal(store_prune_batches(store, NOW + 5, &more), STS_OK);
    assert_int_equal(numbered(store, id).id, id);
    assert_int_equal(store_prune_batches(store, NOW + 6, &more), STS_OK);
    assert_false(more);
    assert_int_equal(numbered(store, id).id, 0);
    talloc_free(ctx);
}
