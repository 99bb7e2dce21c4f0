/* SPDX-License-Identifier: MIT */
/* test_shards.c - a list is ordered by labels from the right, and each domain is in one shard. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "scan/shards.h"

static void neighbours_lie_together(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct listed names[] = {
        {"shop.b.example", "shop.b.example", 0}, {"ab.example", "AB.example", 1},
        {"b.example", "b.example", 2},           {"b.test", "b.test", 3},
        {"a.b.example", "a.b.example", 4},       {"ab.example", "ab.example.", 5},
        {"bb.example", "bb.example", 6},
    };
    size_t count = shards_order(names, 7);

    (void)state;
    assert_int_equal(count, 6);
    assert_string_equal(shards_text(ctx, names, count, 0, 4),
                        "b.example\na.b.example\nshop.b.example\nAB.example\n");
    assert_string_equal(shards_text(ctx, names, count, 4, 4), "bb.example\nb.test\n");
    talloc_free(ctx);
}

static void an_empty_list_has_no_shard(void **state)
{
    (void)state;
    assert_int_equal(shards_order(NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours_lie_together),
        cmocka_unit_test(an_empty_list_has_no_shard),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
