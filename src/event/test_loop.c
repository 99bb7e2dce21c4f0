/* SPDX-License-Identifier: MIT */
/* test_loop.c - timers come when due, in order, and never after they were freed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "event/loop.h"

struct trace {
    struct loop *loop;
    int order[4];
    int count;
};

static struct trace trace;

static void first(void *arg)
{
    (void)arg;
    trace.order[trace.count++] = 1;
}

static void last(void *arg)
{
    (void)arg;
    trace.order[trace.count++] = 2;
    loop_stop(trace.loop);
}

static void never(void *arg)
{
    (void)arg;
    fail_msg("a freed timer fired");
}

static void timers_fire_in_order_of_their_deadline(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct loop_timer *timer;
    int64_t now = clock_monotonic_ms();

    (void)state;
    trace = (struct trace){0};
    assert_int_equal(loop_new(ctx, &trace.loop), STS_OK);
    assert_int_equal(loop_timer_start(ctx, trace.loop, now + 30, last, NULL, &timer), STS_OK);
    assert_int_equal(loop_timer_start(ctx, trace.loop, now - 5, first, NULL, &timer), STS_OK);
    assert_int_equal(trace.count, 0); /* no callback from inside start */
    assert_int_equal(loop_timer_start(ctx, trace.loop, now + 10, never, NULL, &timer), STS_OK);
    talloc_free(timer);
    assert_int_equal(loop_run(trace.loop), STS_OK);
    assert_int_equal(trace.count, 2);
    assert_int_equal(trace.order[0], 1);
    assert_true(clock_monotonic_ms() - now >= 30);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timers_fire_in_order_of_their_deadline),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
