/* SPDX-License-Identifier: MIT */
/* test_semaphore.c - never more inside than there is room for; who continues goes before who
 * begins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "event/loop.h"
#include "event/semaphore.h"

#define ROOM 2
#define MANY 8

static struct lab {
    TALLOC_CTX *ctx;
    struct loop *loop;
    struct semaphore *semaphore;
    struct permit *permit[MANY];
    struct loop_timer *timer[MANY];
    size_t inside, most, left, wanted;
    char order[MANY + 1];
} lab;

static int set_up(void **state)
{
    (void)state;
    lab = (struct lab){.ctx = talloc_new(NULL)};
    return loop_new(lab.ctx, &lab.loop) == STS_OK &&
                   semaphore_new(lab.ctx, lab.loop, ROOM, &lab.semaphore) == STS_OK
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    (void)state;
    talloc_free(lab.ctx);
    return 0;
}

static void leave(void *arg)
{
    struct permit **permit = arg;

    lab.inside--;
    TALLOC_FREE(*permit);
    if (++lab.left == lab.wanted)
        loop_stop(lab.loop);
}

static void come_in(void *arg)
{
    struct permit **permit = arg;
    size_t which = (size_t)(permit - lab.permit);

    lab.order[strlen(lab.order)] = (char)('a' + which);
    if (++lab.inside > lab.most)
        lab.most = lab.inside;
    assert_int_equal(loop_timer_start(lab.ctx, lab.loop, clock_monotonic_ms() + 2, leave, permit,
                                      &lab.timer[which]),
                     STS_OK);
}

/* As all callers do: who is in at once goes on at once. */
static void enter(size_t which, enum semaphore_line line)
{
    const struct semaphore_request request = {line, come_in, &lab.permit[which]};
    bool in = false;

    assert_int_equal(semaphore_acquire(lab.ctx, lab.semaphore, &request, &lab.permit[which], &in),
                     STS_OK);
    if (in)
        come_in(&lab.permit[which]);
}

static void few_are_inside_and_all_come_in(void **state)
{
    (void)state;
    lab.wanted = MANY;
    for (size_t i = 0; i < MANY; i++)
        enter(i, SEMAPHORE_BEGINS);
    assert_int_equal(lab.inside, ROOM); /* the others not from inside semaphore_acquire() */
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_int_equal(lab.most, ROOM);
    assert_string_equal(lab.order, "abcdefgh");
}

static void who_continues_goes_first(void **state)
{
    (void)state;
    lab.wanted = 6;
    for (size_t i = 0; i < 4; i++)
        enter(i, SEMAPHORE_BEGINS);
    enter(4, SEMAPHORE_CONTINUES);
    enter(5, SEMAPHORE_CONTINUES);
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_string_equal(lab.order, "abefcd");
}

static void who_gives_up_makes_no_room_and_takes_none(void **state)
{
    (void)state;
    lab.wanted = 4;
    for (size_t i = 0; i < 5; i++)
        enter(i, SEMAPHORE_BEGINS);
    TALLOC_FREE(lab.permit[2]); /* it was waiting */
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_int_equal(lab.most, ROOM);
    assert_string_equal(lab.order, "abde");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(few_are_inside_and_all_come_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_continues_goes_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_gives_up_makes_no_room_and_takes_none, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
