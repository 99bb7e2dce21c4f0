/* SPDX-License-Identifier: MIT */
/* test_store_shared.c - checks that whoever knows their id may read. */
#include "store/test_store.h"

#include <stdio.h>
#include <string.h>

#include "store/shared.h"

static void put(struct store *store, const char *id, const char *domain, int64_t created)
{
    const struct store_shared shared = {.id = id,
                                        .domain = domain,
                                        .created = created,
                                        .expires = created + 100,
                                        .facts = bytes_of(created > 20 ? "{\"b\":1}" : "{}")};

    assert_int_equal(store_put_shared(store, &shared), STS_OK);
}

static void expect(struct store *store, const char *id, int64_t now, const char *facts)
{
    struct store_shared *found;

    assert_int_equal(store_shared(store, store, id, now, &found), STS_OK);
    if (!facts) {
        assert_null(found);
        return;
    }
    assert_non_null(found);
    assert_string_equal(found->id, id);
    assert_string_equal(found->facts.data, facts);
    assert_int_equal(found->facts.length, strlen(facts));
}

void a_shared_check_is_found_by_its_id(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = test_open(ctx, backend.fresh(ctx));
    struct store_shared *found;

    (void)state;
    put(store, "aa", "example.com", 10);
    put(store, "bb", "example.com", 30);
    put(store, "cc", "example.net", 40);
    put(store, "aa", "example.org", 50); /* the first stays */
    expect(store, "aa", 20, "{}");
    expect(store, "bb", 20, "{\"b\":1}");
    expect(store, "dd", 20, NULL);
    expect(store, "", 20, NULL);
    expect(store, "aa", 109, "{}");
    expect(store, "aa", 110, NULL); /* expired */
    assert_int_equal(store_last_shared(store, ctx, "example.com", 20, &found), STS_OK);
    assert_string_equal(found->id, "bb");
    assert_int_equal(found->created, 30);
    assert_string_equal(found->domain, "example.com");
    assert_int_equal(store_last_shared(store, ctx, "example.org", 20, &found), STS_OK);
    assert_null(found);
    talloc_free(ctx);
}

void shared_checks_are_forgotten(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = test_open(ctx, backend.fresh(ctx));
    char id[4];

    (void)state;
    for (int i = 0; i < 9; i++) {
        snprintf(id, sizeof id, "i%d", i);
        put(store, id, "example.com", 10 + i);
    }
    assert_int_equal(store_prune_shared(store, 112, 100), STS_OK);
    expect(store, "i2", 0, NULL); /* expired at 112 */
    expect(store, "i3", 0, "{}");
    assert_int_equal(store_prune_shared(store, 0, 2), STS_OK);
    expect(store, "i6", 0, NULL);
    expect(store, "i7", 0, "{}");
    expect(store, "i8", 0, "{}");
    talloc_free(ctx);
}
