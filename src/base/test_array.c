/* SPDX-License-Identifier: MIT */
/* test_array.c - lists that grow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"

struct member {
    size_t number;
    char text[20];
};

static void keeps_what_it_holds(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct member *list = NULL;
    size_t count = 0;

    (void)state;
    for (size_t i = 0; i < 1000; i++) {
        struct member *one = array_grow(ctx, &list, &count, sizeof(*one));

        assert_non_null(one);
        assert_ptr_equal(one, &list[i]);
        assert_int_equal(one->number, 0);
        assert_string_equal(one->text, "");
        memset(one, 'x', sizeof(*one));
        one->number = i;
    }
    assert_int_equal(count, 1000);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(list[i].number, i);
    assert_ptr_equal(talloc_parent(list), ctx);
    talloc_free(ctx);
}

static void moves_seldom(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct member *list = NULL;
    size_t count = 0, rooms = 0, room = 0;

    (void)state;
    for (size_t i = 0; i < 1000; i++) {
        assert_non_null(array_grow(ctx, &list, &count, sizeof(*list)));
        if (talloc_get_size(list) != room)
            rooms++;
        room = talloc_get_size(list);
        assert_true(room >= count * sizeof(*list));
    }
    assert_int_equal(rooms, 11);
    talloc_free(ctx);
}

static void without_memory_it_stays(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct member *list = NULL, *before;
    size_t count = 0;

    (void)state;
    assert_non_null(array_grow(ctx, &list, &count, sizeof(*list)));
    before = list;
    /* More than there is, then more than can be counted. */
    assert_null(array_grow(ctx, &list, &count, SIZE_MAX / 4));
    assert_int_equal(count, 1);
    count = (size_t)1 << 62;
    assert_null(array_grow(ctx, &list, &count, sizeof(*list)));
    assert_int_equal(count, (size_t)1 << 62);
    assert_ptr_equal(list, before);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_it_holds),
        cmocka_unit_test(moves_seldom),
        cmocka_unit_test(without_memory_it_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
