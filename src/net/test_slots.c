/* SPDX-License-Identifier: MIT */
/* test_slots.c - never more than LIMIT_PER_ADDRESS at one place; nobody is forgotten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>

#include "base/clock.h"
#include "net/limits.h"
#include "net/loop.h"
#include "net/slots.h"

#define WANTED 7

static struct {
    TALLOC_CTX *ctx;
    struct net_loop *loop;
    struct slots *slots;
    struct slot *slot[WANTED];
    struct net_timer *timer[WANTED];
    int holding, most, served;
    bool other;
} lab;

static void give_back(void *arg)
{
    struct slot **slot = arg;

    talloc_free(*slot);
    lab.holding--;
    if (++lab.served == WANTED)
        net_loop_stop(lab.loop);
}

static void ready(void *arg)
{
    struct slot **slot = arg;

    lab.holding++;
    if (lab.holding > lab.most)
        lab.most = lab.holding;
    assert_int_equal(net_timer_start(lab.ctx, lab.loop, clock_monotonic_ms() + 5, give_back, slot,
                                     &lab.timer[slot - lab.slot]),
                     STS_OK);
}

static void other_is_ready(void *arg)
{
    (void)arg;
    assert_int_equal(lab.served, 0); /* another address does not wait in the queue */
    lab.other = true;
}

static void never(void *arg)
{
    (void)arg;
    fail_msg("a slot that was given up came");
}

static void all_are_served_and_few_at_a_time(void **state)
{
    struct slot *given_up, *other;

    (void)state;
    lab.ctx = talloc_new(NULL);
    assert_int_equal(net_loop_new(lab.ctx, &lab.loop), STS_OK);
    assert_int_equal(slots_new(lab.ctx, lab.loop, &lab.slots), STS_OK);
    for (int i = 0; i < WANTED; i++)
        assert_int_equal(
            slot_take(lab.ctx, lab.slots, "192.0.2.1", 25, ready, &lab.slot[i], &lab.slot[i]),
            STS_OK);
    assert_int_equal(slot_take(lab.ctx, lab.slots, "192.0.2.1", 25, never, NULL, &given_up),
                     STS_OK);
    assert_int_equal(slot_take(lab.ctx, lab.slots, "192.0.2.2", 25, other_is_ready, NULL, &other),
                     STS_OK);
    assert_int_equal(lab.holding, 0); /* no callback from inside start */
    talloc_free(given_up);
    assert_int_equal(net_loop_run(lab.loop), STS_OK);
    assert_int_equal(lab.most, LIMIT_PER_ADDRESS);
    assert_true(lab.other);
    talloc_free(lab.ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_served_and_few_at_a_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
