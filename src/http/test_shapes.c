/* SPDX-License-Identifier: MIT */
/* test_shapes.c - each shape of a request gets the answer that the table gives it, in whatever
 * pieces it comes. */
#include "http/test_shapes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/test_expected.h"

#define TIMES 40

static size_t all(void *arg, size_t left)
{
    return left;
}

static size_t one(void *arg, size_t left)
{
    return 1;
}

/* Mostly a few bytes, now and then most of it. */
static size_t some(void *arg, size_t left)
{
    uint64_t *state = arg;
    size_t most;

    *state = *state * 6364136223846793005u + 1442695040888963407u;
    most = (*state >> 60) == 0 ? left : 1 + (size_t)(*state >> 33) % 40;
    return most < left ? most : left;
}

static size_t count(const char *text, const char *what)
{
    size_t found = 0;

    for (; (text = strstr(text, what)); text += strlen(what))
        found++;
    return found;
}

/* "passes passes 400": so many heads, and then that fault. */
static void compare(const struct shape *shape, const char *events)
{
    const char *last = strrchr(shape->answers, ' ');
    long status = strtol(last ? last + 1 : shape->answers, NULL, 10);
    char *fault = talloc_asprintf(NULL, "\n%ld: ", status);
    bool waits = strstr(shape->answers, "waits");

    if (count(events, "head: ") != count(shape->answers, "passes"))
        fail_msg("%s: %s, but\n%s", shape->name, shape->answers, events);
    if (status && strncmp(events, fault + 1, strlen(fault) - 1) != 0 && !strstr(events, fault))
        fail_msg("%s: %s, but\n%s", shape->name, shape->answers, events);
    if (waits != (strstr(events, "\nin a ") || strncmp(events, "in a ", 5) == 0))
        fail_msg("%s: %s, but\n%s", shape->name, shape->answers, events);
    talloc_free(fault);
}

static void test_answers(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    size_t shape_count;
    struct shape *shapes = shapes_read(ctx, &shape_count);

    assert_true(shape_count > 150);
    for (size_t i = 0; i < shape_count; i++) {
        char *events = shape_events(ctx, shapes[i].text, all, NULL);

        compare(&shapes[i], events);
        expect_text("http", shapes[i].name,
                    talloc_asprintf(ctx, "%s\n%s\n", shapes[i].name, events));
    }
    talloc_free(ctx);
}

static void test_in_pieces(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    size_t shape_count;
    struct shape *shapes = shapes_read(ctx, &shape_count);
    uint64_t seed = 1;

    for (size_t i = 0; i < shape_count; i++) {
        TALLOC_CTX *each = talloc_new(ctx);
        char *whole = shape_events(each, shapes[i].text, all, NULL);

        assert_string_equal(shape_events(each, shapes[i].text, one, NULL), whole);
        for (int t = 0; t < TIMES; t++)
            assert_string_equal(shape_events(each, shapes[i].text, some, &seed), whole);
        talloc_free(each);
    }
    talloc_free(ctx);
}

/* Shapes one behind the other, as a hostile client would try them on one connection. */
static void test_one_after_the_other(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    size_t shape_count;
    struct shape *shapes = shapes_read(ctx, &shape_count);
    uint64_t seed = 2;

    for (size_t i = 0; i < 2000; i++) {
        const struct shape *pair[2];
        char *joined, *whole;
        struct bytes text;

        for (int k = 0; k < 2; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            pair[k] = &shapes[(size_t)(seed >> 33) % shape_count];
        }
        text.length = pair[0]->text.length + pair[1]->text.length;
        joined = talloc_size(ctx, text.length);
        memcpy(joined, pair[0]->text.data, pair[0]->text.length);
        memcpy(joined + pair[0]->text.length, pair[1]->text.data, pair[1]->text.length);
        text.data = joined;
        whole = shape_events(ctx, text, all, NULL);
        assert_string_equal(shape_events(ctx, text, some, &seed), whole);
        if (strchr("45", pair[0]->answers[0])) /* what is refused is the last that is read */
            if (strstr(whole, "head: "))
                fail_msg("%s:\n%s", pair[0]->name, whole);
        talloc_free(joined);
    }
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_in_pieces),
        cmocka_unit_test(test_one_after_the_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
