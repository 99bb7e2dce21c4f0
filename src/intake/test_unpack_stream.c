/* SPDX-License-Identifier: MIT */
/* test_unpack_stream.c - how a packed stream ends, wherever its pieces are cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "intake/unpack.h"

/* "ab\n" */
#define GZIP                                                                                       \
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\x4c\xe2\x02\x00\x3e"                             \
    "\x98\x4a\x01\x03\x00\x00\x00"
#define BZIP2                                                                                      \
    "\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\xea\xe0\x8d\xeb\x00\x00"                             \
    "\x00\xc1\x00\x00\x10\x30\x00\x20\x00\x21\x98\x19\x84\x61\x77\x24"                             \
    "\x53\x85\x09\x0e\xae\x08\xde\xb0"
#define XZ                                                                                         \
    "\xfd\x37\x7a\x58\x5a\x00\x00\x01\x69\x22\xde\x36\x02\x00\x21\x01"                             \
    "\x0c\x00\x00\x00\x8f\x98\x41\x9c\x01\x00\x02\x61\x62\x0a\x00\x00"                             \
    "\x3e\x98\x4a\x01\x00\x01\x17\x03\x07\x60\x0c\xbc\x90\x42\x99\x0d"                             \
    "\x01\x00\x00\x00\x00\x01\x59\x5a"
#define ZSTD "\x28\xb5\x2f\xfd\x04\x58\x19\x00\x00\x61\x62\x0a\x3a\x09\x86\x75"

struct run {
    struct bytes packed; /* not delivered yet */
    size_t piece, max, length;
    char out[64];
};

static struct bytes next(void *arg)
{
    struct run *run = arg;
    size_t length = run->packed.length < run->piece ? run->packed.length : run->piece;
    struct bytes piece = {run->packed.data, length};

    run->packed = bytes_from(run->packed, length);
    return piece;
}

static bool put(void *arg, struct bytes bytes)
{
    struct run *run = arg;

    assert_true(bytes.length <= sizeof run->out - run->length);
    memcpy(run->out + run->length, bytes.data, bytes.length);
    run->length += bytes.length;
    return run->length <= run->max;
}

static enum unpack_outcome unpack_in(struct run *run, struct bytes packed, size_t piece, size_t max)
{
    *run = (struct run){.packed = packed, .piece = piece, .max = max};
    return unpack_stream(&(struct unpack_way){next, put, run});
}

#define ROW(text)                                                                                  \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

static void test_how_it_ends(void **state)
{
    static const struct {
        struct bytes packed;
        enum unpack_outcome outcome;
        const char *out;
    } rows[] = {
        {ROW(GZIP), UNPACK_OK, "ab\n"},
        {ROW(GZIP GZIP), UNPACK_OK, "ab\nab\n"},
        {ROW(BZIP2), UNPACK_OK, "ab\n"},
        {ROW(XZ), UNPACK_OK, "ab\n"},
        {ROW(ZSTD), UNPACK_OK, "ab\n"},
        {ROW(BZIP2 BZIP2), UNPACK_OK, "ab\nab\n"},
        /* noise behind it, some of which begins like a member */
        {ROW(GZIP "\r\n"), UNPACK_OK, "ab\n"},
        {ROW(GZIP "\0"), UNPACK_OK, "ab\n"},
        {ROW(GZIP "\x1f"), UNPACK_OK, "ab\n"},
        {ROW(GZIP "\x1f rest"), UNPACK_OK, "ab\n"},
        {ROW(GZIP GZIP "\x1f rest"), UNPACK_OK, "ab\nab\n"},
        /* a member, but a broken one */
        {ROW(GZIP "\x1f\x8b"), UNPACK_TRUNCATED, "ab\n"},
        {ROW(GZIP "\x1f\x8b\x07\0"), UNPACK_DAMAGED, "ab\n"},
        {ROW("\x1f\x8b"), UNPACK_TRUNCATED, ""},
        {ROW("\x1f\x8b\x07\0"), UNPACK_DAMAGED, ""},
        {ROW("BZh9rubbish and more"), UNPACK_DAMAGED, ""},
        {ROW("\xfd\x37zXZ rubbish"), UNPACK_DAMAGED, ""},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (size_t piece = 16; piece <= rows[i].packed.length + 16; piece++) {
            struct run run;
            enum unpack_outcome outcome = unpack_in(&run, rows[i].packed, piece, SIZE_MAX);

            if (outcome != rows[i].outcome || run.length != strlen(rows[i].out) ||
                memcmp(run.out, rows[i].out, run.length) != 0)
                fail_msg("row %zu by %zu: %s, %zu bytes", i, piece, unpack_text(outcome),
                         run.length);
        }
    }
}

/* Never whole, and never more than there was. */
static void test_cut_anywhere(void **state)
{
    static const struct bytes rows[] = {ROW(GZIP), ROW(BZIP2), ROW(XZ), ROW(ZSTD)};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (size_t length = 6; length < rows[i].length; length++) {
            struct run run;
            struct bytes cut = {rows[i].data, length};
            enum unpack_outcome outcome = unpack_in(&run, cut, SIZE_MAX, SIZE_MAX);

            if (outcome == UNPACK_OK || run.length > 3)
                fail_msg("row %zu cut at %zu: %s", i, length, unpack_text(outcome));
        }
    }
}

static void test_too_much(void **state)
{
    struct run run;

    for (size_t max = 0; max < 3; max++) {
        assert_int_equal(unpack_in(&run, (struct bytes)ROW(GZIP), 99, max), UNPACK_TOO_MANY);
        assert_int_equal(unpack_in(&run, (struct bytes)ROW(XZ), 99, max), UNPACK_TOO_MANY);
    }
    assert_int_equal(unpack_in(&run, (struct bytes)ROW(GZIP), 99, 3), UNPACK_OK);
    assert_int_equal(unpack_in(&run, (struct bytes)ROW(XZ), 99, 3), UNPACK_OK);
}

static void test_which_are_streams(void **state)
{
    static const struct bytes rows[] = {ROW(GZIP), ROW(BZIP2), ROW(XZ), ROW(ZSTD)};
    static const struct bytes others[] = {ROW("PK\3\4"), ROW("\x1f\x8c"), ROW("From "), ROW("")};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_true(is_packed_stream(rows[i]));
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_false(is_packed_stream(others[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_how_it_ends),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_too_much),
        cmocka_unit_test(test_which_are_streams),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
