/* SPDX-License-Identifier: MIT */
/* test_soon.c - what is to come soon comes, however busy the loop is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <unistd.h>

#include "event/descriptor.h"
#include "serve/soon.h"

#define TURNS_MAX 1000

struct busy {
    struct loop *loop;
    struct soon *soon;
    struct soon_entry entry;
    int turns, runs, freed, unfreed;
};

static int note_freed(struct busy **garbage)
{
    (*garbage)->freed++;
    return 0;
}

static void run(void *arg)
{
    struct busy *busy = arg;

    busy->runs++;
}

/* In each turn, as of a service under load. */
static void ready(void *arg)
{
    struct busy *busy = arg;
    struct busy **garbage = talloc_zero(NULL, struct busy *);

    *garbage = busy;
    talloc_set_destructor(garbage, note_freed);
    soon_free(busy->soon, garbage);
    soon_add(busy->soon, &busy->entry);
    busy->turns++;
    if (busy->turns - busy->freed > busy->unfreed)
        busy->unfreed = busy->turns - busy->freed;
    if (busy->turns == TURNS_MAX)
        loop_stop(busy->loop);
}

static void test_a_busy_loop(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct busy busy = {.entry = {.run = run, .arg = &busy}};
    struct descriptor_watch_request request = {
        .use = DESCRIPTOR_READ, .ready = ready, .arg = &busy};
    struct descriptor_watch *watch;
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1); /* and nobody reads it */
    assert_int_equal(loop_new(ctx, &busy.loop), STS_OK);
    assert_int_equal(soon_new(ctx, busy.loop, &busy.soon), STS_OK);
    request.fd = ends[0];
    assert_int_equal(descriptor_watch_start(ctx, busy.loop, &request, &watch), STS_OK);
    assert_int_equal(loop_run(busy.loop), STS_OK);
    assert_true(busy.runs > TURNS_MAX / 10);
    assert_true(busy.unfreed < TURNS_MAX / 10);
    talloc_free(watch);
    talloc_free(busy.soon);
    talloc_free(ctx);
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_busy_loop)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
