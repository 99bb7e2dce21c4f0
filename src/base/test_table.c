/* SPDX-License-Identifier: MIT */
/* test_table.c - the hash table beside a plain list of flags. */
#include "base/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define WORDS 500

/* Words are their own keys; `owner` says how many hashes there are. */
static uint64_t hash_of(const void *owner, uint64_t word)
{
    const uint64_t *hashes = owner;

    return table_hash(0, &word, sizeof(word)) % *hashes;
}

static bool is(const void *owner, uint64_t word, const void *key)
{
    (void)owner;
    return word == *(const uint64_t *)key;
}

static const struct table_kind kind = {hash_of, is};

static void check_all(const struct table *table, const bool *there)
{
    size_t count = 0;

    for (uint64_t word = 1; word < WORDS; word++) {
        count += there[word];
        assert_int_equal(table_find(table, hash_of(table->owner, word), &word),
                         there[word] ? word : 0);
    }
    assert_int_equal(table->count, count);
    assert_true(2 * table->count <= table->room || !table->room);
}

static bool is_odd(void *arg, uint64_t word)
{
    ((bool *)arg)[word] = word % 2 == 0 && ((bool *)arg)[word];
    return word % 2;
}

/* With many hashes, with few, and with one: then every search meets all the others. */
static void test_any(void **state)
{
    static const uint64_t hashes[] = {UINT64_MAX, 64, 7, 1};

    (void)state;
    for (size_t h = 0; h < sizeof(hashes) / sizeof(hashes[0]); h++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        uint64_t seed = 1;
        bool there[WORDS] = {false};
        struct table table;

        table_begin(&table, ctx, &kind, &hashes[h]);
        check_all(&table, there);
        for (int i = 0; i < 4000; i++) {
            uint64_t word;

            seed = seed * 6364136223846793005u + 1442695040888963407u;
            word = 1 + (seed >> 33) % (WORDS - 1);
            if (there[word])
                table_remove(&table, word);
            else
                assert_true(table_add(&table, word));
            there[word] = !there[word];
            if (i % 500 == 499)
                check_all(&table, there);
        }
        table_sweep(&table, is_odd, there);
        check_all(&table, there);
        talloc_free(ctx);
    }
}

static void test_hash(void **state)
{
    (void)state;
    assert_int_equal(table_hash(0, "abc", 3), table_hash(0, "abcd", 3));
    assert_int_not_equal(table_hash(0, "abc", 3), table_hash(0, "abd", 3));
    assert_int_not_equal(table_hash(0, "abc", 3), table_hash(1, "abc", 3));
    assert_int_not_equal(table_hash(0, "", 0), table_hash(0, "\0", 1));
}

static void test_things(void **state)
{
    int thing = 0;

    (void)state;
    assert_ptr_equal(table_thing(table_word(&thing)), &thing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any),
        cmocka_unit_test(test_hash),
        cmocka_unit_test(test_things),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
