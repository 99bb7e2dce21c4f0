/* SPDX-License-Identifier: MIT */
/* test_policy_import.c - caches of other daemons.  Those of postfix-tlspol are seeds of the fuzz
 * target, written by encoding/gob of Go 1.19 from its structs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/policy_import.h"
#include "policyd/limits.h"
#include "policyd/policy_reply.h"

#define THEN 1800000000
#define NOW  (THEN + 100)

static enum policy_import_fault read_text(TALLOC_CTX *ctx, const char *text,
                                          struct policy_import *ret)
{
    return policy_import_read(ctx, bytes_of(text), NOW, ret);
}

static struct bytes seed(TALLOC_CTX *ctx, const char *name)
{
    const char *root = getenv("SOURCE_ROOT");
    char *path = talloc_asprintf(ctx, "%s/fuzz/corpus/policy_import/%s", root ? root : ".", name);
    char *data = talloc_size(ctx, 65536);
    FILE *file = fopen(path, "rb");
    struct bytes bytes;

    assert_non_null(file);
    bytes = (struct bytes){data, fread(data, 1, 65536, file)};
    fclose(file);
    return bytes;
}

static const struct store_cached_policy *row_of(const struct policy_import *import,
                                                const char *domain)
{
    static const struct store_cached_policy none = {.policy = "none", .id = "none"};

    for (size_t i = 0; i < import->count; i++) {
        if (!strcmp(import->list[i].domain, domain))
            return &import->list[i];
    }
    return &none;
}

static bool has_line(const struct store_cached_policy *row, const char *line)
{
    return row->policy && strstr(row->policy, line);
}

/* ---- postfix-mta-sts-resolver ---------------------------------------------------------------- */

#define BODY(mode, age)              "{\"mode\": \"" mode "\", \"mx\": [\"mx.b.example\"], \"max_age\": " age "}"
#define LINE(domain, time, id, body) domain "\t" time "\t" id "\t" body "\n"

static void test_lines(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct policy_import import;
    const struct store_cached_policy *row;

    (void)state;
    assert_int_equal(policy_import_read(ctx, seed(ctx, "resolver"), NOW, &import),
                     POLICY_IMPORT_OK);
    assert_int_equal(import.count, 3);
    assert_int_equal(import.expired, 1);
    row = row_of(&import, "sts.example");
    assert_string_equal(row->policy, "version: STSv1\nmode: enforce\nmx: mx.sts.example\n"
                                     "mx: *.pool.example\nmax_age: 604800\n");
    assert_string_equal(row->id, "20270115T000000");
    assert_int_equal(row->fetched_at, THEN);
    assert_int_equal(row->used_at, NOW);
    assert_int_equal(row->dane_at, 0);
    assert_true(has_line(row_of(&import, "testing.example"), "mode: testing\n"));
    row = row_of(&import, "none.example");
    assert_true(has_line(row, "mode: none\n"));
    assert_null(row->id);
    talloc_free(ctx);
}

/* line; what becomes of it: imported, expired or unusable */
static const struct {
    const char *line;
    size_t imported, expired, unusable;
} taken[] = {
    {LINE("B\xc3\xbc"
          "cher.Example.",
          "1800000000.75", "1", BODY("enforce", "200")),
     1, 0, 0},
    {LINE("b.example", "1800000000", "1", BODY("enforce", "101")), 1, 0, 0},
    {LINE("b.example", "1800000000", "1", BODY("enforce", "100")), 0, 1, 0},
    {LINE("b.example", "1700000000", "1", BODY("enforce", "9223372036854775807")), 0, 0, 1},
    {LINE("b.example", "1800000000", "1", BODY("enforce", "-1")), 0, 1, 0},
    {LINE("b.example", "1800000000", "1", BODY("enforced", "86400")), 0, 0, 1},
    {LINE("b.example", "1800000000", "1", "{\"mode\":\"enforce\",\"mx\":[],\"max_age\":86400}"), 0,
     0, 1},
    {LINE("b.example", "1800000000", "1",
          "{\"mode\":\"enforce\",\"mx\":[\"mx\\nmode: none\"],\"max_age\":86400}"),
     0, 0, 1},
    {LINE("b..example", "1800000000", "1", BODY("enforce", "86400")), 0, 0, 1},
    {LINE("192.0.2.1", "1800000000", "1", BODY("enforce", "86400")), 0, 0, 1},
    {LINE("", "1800000000", "1", BODY("enforce", "86400")), 0, 0, 1},
    {LINE("b.example", "1900000000", "an id with blanks", BODY("enforce", "86400")), 1, 0, 0},
};

static void test_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct policy_import import;

        assert_int_equal(read_text(ctx, taken[i].line, &import), POLICY_IMPORT_OK);
        if (import.count != taken[i].imported || import.expired != taken[i].expired ||
            import.unusable != taken[i].unusable)
            fail_msg("%zu, %zu, %zu: %s", import.count, import.expired, import.unusable,
                     taken[i].line);
        talloc_free(ctx);
    }
}

/* A clock that ran ahead makes nothing younger than now; an id that is none is not kept. */
static void test_ahead(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct policy_import import;

    (void)state;
    assert_int_equal(
        read_text(ctx, LINE("b.example", "1900000000", "a b", BODY("enforce", "9")), &import),
        POLICY_IMPORT_OK);
    assert_int_equal(import.list[0].fetched_at, NOW);
    assert_null(import.list[0].id);
    talloc_free(ctx);
}

static const struct {
    const char *text;
    enum policy_import_fault fault;
    size_t line;
} faults[] = {
    {"", POLICY_IMPORT_EMPTY, 0},
    {"sts.example   12  secure match=mx.sts.example\n", POLICY_IMPORT_NAMES, 0},
    {LINE("a.example", "1800000000", "1", BODY("enforce", "86400")) "b.example\t1800000000\t1",
     POLICY_IMPORT_BAD_LINE, 2},
    {LINE("b.example", "1800000000", "1", BODY("enforce", "86400") "\tmore"),
     POLICY_IMPORT_BAD_LINE, 1},
    {LINE("b.example", "yesterday", "1", BODY("enforce", "86400")), POLICY_IMPORT_BAD_LINE, 1},
    {LINE("b.example", "1800000000", "1", "{\"mode\": \"enforce\""), POLICY_IMPORT_BAD_LINE, 1},
    {LINE("b.example", "1800000000", "1", "{\"max_age\": 86400}"), POLICY_IMPORT_BAD_LINE, 1},
    {LINE("b.example", "1800000000", "1", "{\"mode\":\"enforce\",\"mx\":[1],\"max_age\":86400}"),
     POLICY_IMPORT_BAD_LINE, 1},
    {LINE("b.example", "1800000000", "1", "[[[[[[[[1]]]]]]]]"), POLICY_IMPORT_BAD_LINE, 1},
};

static void test_faults(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct policy_import import;

    (void)state;
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        enum policy_import_fault fault = read_text(ctx, faults[i].text, &import);

        if (fault != faults[i].fault || (faults[i].line && import.line != faults[i].line))
            fail_msg("%d in line %zu: %s", fault, import.line, faults[i].text);
        assert_string_not_equal(policy_import_fault_text(fault), "");
    }
    assert_int_equal(
        policy_import_read(ctx, (struct bytes){"SQLite format 3\0\1\2", 18}, NOW, &import),
        POLICY_IMPORT_SQLITE);
    assert_int_equal(policy_import_read(ctx, (struct bytes){"\0\1\2", 3}, NOW, &import),
                     POLICY_IMPORT_UNKNOWN);
    talloc_free(ctx);
}

/* ---- postfix-tlspol -------------------------------------------------------------------------- */

static void test_branches(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct policy_import import;
    const struct store_cached_policy *row;

    (void)state;
    assert_int_equal(policy_import_read(ctx, seed(ctx, "tlspol_new"), NOW, &import),
                     POLICY_IMPORT_OK);
    assert_int_equal(import.count, 2);
    assert_int_equal(import.expired, 1);
    row = row_of(&import, "sts.example");
    assert_string_equal(row->policy, "version: STSv1\nmode: enforce\nmx: mx.sts.example\n"
                                     "mx: *.pool.example\nmax_age: 604800\n");
    assert_null(row->id);
    assert_int_equal(row->fetched_at, THEN);
    row = row_of(&import, "dane.example");
    assert_null(row->policy);
    assert_int_equal(row->fetched_at, 0);
    assert_int_equal(row->dane, DANE_COVER_ALL);
    assert_int_equal(row->dane_at, THEN);
    talloc_free(ctx);
}

/* With one policy for a domain, and times in another zone. */
static void test_older(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct policy_import import;

    (void)state;
    assert_int_equal(policy_import_read(ctx, seed(ctx, "tlspol_old"), NOW, &import),
                     POLICY_IMPORT_OK);
    assert_int_equal(import.count, 2);
    assert_int_equal(row_of(&import, "sts.example")->fetched_at, THEN);
    assert_int_equal(row_of(&import, "dane.example")->dane, DANE_COVER_SOME);
    /* an hour later DANE is over, a week later everything */
    assert_int_equal(policy_import_read(ctx, seed(ctx, "tlspol_old"), THEN + 3600, &import),
                     POLICY_IMPORT_OK);
    assert_int_equal(import.count, 1);
    assert_int_equal(import.expired, 1);
    assert_int_equal(policy_import_read(ctx, seed(ctx, "tlspol_old"), THEN + 604800, &import),
                     POLICY_IMPORT_OK);
    assert_int_equal(import.count, 0);
    talloc_free(ctx);
}

/* Cut anywhere, it is refused; with any byte changed, nothing worse happens. */
static void test_damaged(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct policy_import import;
    struct bytes whole = seed(ctx, "tlspol_new");
    char *copy = talloc_memdup(ctx, whole.data, whole.length);

    (void)state;
    for (size_t i = 2; i < whole.length; i++)
        assert_int_not_equal(policy_import_read(ctx, (struct bytes){whole.data, i}, NOW, &import),
                             POLICY_IMPORT_OK);
    for (size_t i = 0; i < whole.length * 8; i++) {
        copy[i / 8] ^= (char)(1 << i % 8);
        policy_import_read(ctx, (struct bytes){copy, whole.length}, NOW, &import);
        copy[i / 8] ^= (char)(1 << i % 8);
    }
    assert_int_equal(policy_import_read(ctx, seed(ctx, "tlspol_other"), NOW, &import),
                     POLICY_IMPORT_UNKNOWN);
    assert_int_equal(policy_import_read(ctx, seed(ctx, "tlspol_empty"), NOW, &import),
                     POLICY_IMPORT_OK);
    assert_int_equal(import.count, 0);
    talloc_free(ctx);
}

/* A list of one type in another, without end, is no work and no depth. */
static void test_hostile(void **state)
{
    /* type 65: a slice of type 65; then a value of it, each holding one more */
    char text[400] = "\x07\xff\x81\x02\x02\x01\xff\x82\x00\x20\xff\x82\x00";
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct policy_import import;

    (void)state;
    memset(text + 13, 1, sizeof(text) - 13);
    assert_int_not_equal(policy_import_read(ctx, (struct bytes){text, sizeof(text)}, NOW, &import),
                         POLICY_IMPORT_OK);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),    cmocka_unit_test(test_taken),
        cmocka_unit_test(test_ahead),    cmocka_unit_test(test_faults),
        cmocka_unit_test(test_branches), cmocka_unit_test(test_older),
        cmocka_unit_test(test_damaged),  cmocka_unit_test(test_hostile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
