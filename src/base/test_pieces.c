/* SPDX-License-Identifier: MIT */
/* test_pieces.c - pieces of all lengths: none overlaps another, and what is given back is used. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/pieces.h"

#define COUNT 5000

static size_t size_of(size_t number)
{
    return number * 7 % 700;
}

static void test_apart(void **state)
{
    struct pieces *pieces = pieces_new(NULL);
    unsigned char *taken[COUNT];

    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        taken[i] = pieces_take(pieces, size_of(i));
        assert_non_null(taken[i]);
        assert_int_equal((uintptr_t)taken[i] % sizeof(void *), 0);
        for (size_t at = 0; at < size_of(i); at++)
            assert_int_equal(taken[i][at], 0);
        memset(taken[i], (int)(i % 251), size_of(i));
    }
    for (size_t i = 0; i < COUNT; i++)
        for (size_t at = 0; at < size_of(i); at++)
            assert_int_equal(taken[i][at], i % 251);
    talloc_free(pieces);
}

static void test_given_back(void **state)
{
    struct pieces *pieces = pieces_new(NULL);
    size_t most;

    (void)state;
    for (size_t i = 0; i < 700; i++)
        pieces_give(pieces, pieces_take(pieces, i), i);
    most = talloc_total_size(pieces);
    for (size_t round = 0; round < 100; round++)
        for (size_t i = 0; i < 700; i++) {
            unsigned char *piece = pieces_take(pieces, i);

            for (size_t at = 0; at < i; at++)
                assert_int_equal(piece[at], 0);
            memset(piece, 255, i);
            pieces_give(pieces, piece, i);
        }
    assert_int_equal(talloc_total_size(pieces), most);
    pieces_give(pieces, NULL, 8);
    talloc_free(pieces);
}

static void test_text(void **state)
{
    struct pieces *pieces = pieces_new(NULL);
    char *first = pieces_text(pieces, "20261201T000000"), *second = pieces_text(pieces, "");

    (void)state;
    assert_string_equal(first, "20261201T000000");
    assert_string_equal(second, "");
    pieces_give_text(pieces, first);
    pieces_give_text(pieces, NULL);
    assert_ptr_equal(pieces_text(pieces, "20261202T000000"), first);
    talloc_free(pieces);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_apart),
        cmocka_unit_test(test_given_back),
        cmocka_unit_test(test_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
