/* SPDX-License-Identifier: MIT */
/* test_rate_limiter.c - never more than LIMIT_PER_ADDRESS at one place; nobody is forgotten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>

#include "base/clock.h"
#include "event/inbox.h"
#include "event/loop.h"
#include "net/limits.h"
#include "net/rate_limiter.h"

#define WANTED    7
#define MANY      12
#define AT_A_TIME 3

static struct lab {
    TALLOC_CTX *ctx;
    struct loop *loop;
    struct inboxes *inboxes;
    struct inbox *inbox;
    struct rate_limiter *limiter;
    struct slot *slot[MANY];
    struct loop_timer *timer[MANY];
    int holding, most, served;
    bool other;
} lab;

static void give_back(void *arg)
{
    struct slot **slot = arg;

    talloc_free(*slot);
    lab.holding--;
    if (++lab.served == WANTED)
        loop_stop(lab.loop);
}

static void ready(void *arg)
{
    struct slot **slot = arg;

    lab.holding++;
    if (lab.holding > lab.most)
        lab.most = lab.holding;
    assert_int_equal(loop_timer_start(lab.ctx, lab.loop, clock_monotonic_ms() + 5, give_back, slot,
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

static void take_slot(const char *address, slot_ready_fn when, void *arg, struct slot **ret)
{
    const struct slot_request request = {
        .inbox = lab.inbox, .address = address, .port = 25, .ready = when, .arg = arg};

    assert_int_equal(rate_limiter_take(lab.ctx, lab.limiter, &request, ret), STS_OK);
}

static void take(int i, const char *address, slot_ready_fn when)
{
    take_slot(address, when, &lab.slot[i], &lab.slot[i]);
}

static void all_are_served_and_few_at_a_time(void **state)
{
    const struct ceiling address = {.at_a_time = LIMIT_PER_ADDRESS}, network = {.at_a_time = 8};
    struct slot *given_up, *other;

    (void)state;
    lab.ctx = talloc_new(NULL);
    assert_int_equal(loop_new(lab.ctx, &lab.loop), STS_OK);
    assert_int_equal(inboxes_new(lab.ctx, &lab.inboxes), STS_OK);
    assert_int_equal(inbox_new(lab.ctx, lab.inboxes, lab.loop, &lab.inbox), STS_OK);
    assert_int_equal(rate_limiter_new(lab.ctx, lab.inboxes, address, network, &lab.limiter),
                     STS_OK);
    for (int i = 0; i < WANTED; i++)
        take(i, "192.0.2.1", ready);
    take_slot("192.0.2.1", never, NULL, &given_up);
    take_slot("192.0.2.2", other_is_ready, NULL, &other);
    assert_int_equal(lab.holding, 0); /* no callback from inside start */
    talloc_free(given_up);
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_int_equal(lab.most, LIMIT_PER_ADDRESS);
    assert_true(lab.other);
    talloc_free(lab.ctx);
}

/* ---- networks and rates ---------------------------------------------------------------------- */

static void serve_at_once(void *arg)
{
    struct slot **slot = arg;

    talloc_free(*slot);
    *slot = NULL;
    if (++lab.served == MANY)
        loop_stop(lab.loop);
}

static void raise_lab(struct ceiling address, struct ceiling network)
{
    lab = (struct lab){.ctx = talloc_new(NULL)};
    assert_int_equal(loop_new(lab.ctx, &lab.loop), STS_OK);
    assert_int_equal(inboxes_new(lab.ctx, &lab.inboxes), STS_OK);
    assert_int_equal(inbox_new(lab.ctx, lab.inboxes, lab.loop, &lab.inbox), STS_OK);
    assert_int_equal(rate_limiter_new(lab.ctx, lab.inboxes, address, network, &lab.limiter),
                     STS_OK);
}

static void a_network_has_a_ceiling_of_its_own(void **state)
{
    static const char *const in_one_network[WANTED] = {
        "2001:db8:1::1", "2001:db8:1::2", "2001:db8:1:2::1",    "2001:db8:1:3::1",
        "2001:db8:1::1", "2001:db8:1::2", "2001:db8:1:ffff::1",
    };
    const struct ceiling address = {.at_a_time = 2}, network = {.at_a_time = AT_A_TIME};

    (void)state;
    raise_lab(address, network);
    for (int i = 0; i < WANTED; i++)
        take(i, in_one_network[i], ready);
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_int_equal(lab.most, AT_A_TIME);
    talloc_free(lab.ctx);
}

/* Not how fast, but that it is never faster than the rate, and comes to an end. */
static void run_by_rate(struct ceiling address, struct ceiling network, bool one_address,
                        int64_t rate)
{
    char text[64] = "192.0.2.100";

    int64_t began = clock_monotonic_ms();

    raise_lab(address, network);
    for (int i = 0; i < MANY; i++) {
        if (!one_address)
            snprintf(text, sizeof text, "192.0.2.%d", i);
        take(i, text, serve_at_once);
    }
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_true(clock_monotonic_ms() - began >= (MANY - AT_A_TIME) * 1000 / rate - 1);
    talloc_free(lab.ctx);
}

static void no_more_begin_in_a_second(void **state)
{
    static const int64_t rates[] = {100, 300, 2000}; /* also such as are no whole milliseconds */

    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        const struct ceiling slow = {AT_A_TIME, rates[i]}, free = {MANY, 0};

        run_by_rate(slow, free, true, rates[i]);
        run_by_rate(free, slow, false, rates[i]);
    }
}

static void give_up_second(void *arg)
{
    (void)arg;
    talloc_free(lab.slot[1]);
}

static void who_watches_may_leave(void **state)
{
    const struct ceiling slow = {1, 20}, free = {MANY, 0};

    (void)state;
    raise_lab(slow, free);
    lab.served = MANY - 2;
    take(0, "192.0.2.1", serve_at_once);
    take(1, "192.0.2.1", never);
    take(2, "192.0.2.1", serve_at_once);
    assert_int_equal(loop_timer_start(lab.ctx, lab.loop, clock_monotonic_ms() + 10, give_up_second,
                                      NULL, &lab.timer[0]),
                     STS_OK);
    assert_int_equal(loop_run(lab.loop), STS_OK);
    talloc_free(lab.ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_served_and_few_at_a_time),
        cmocka_unit_test(a_network_has_a_ceiling_of_its_own),
        cmocka_unit_test(no_more_begin_in_a_second),
        cmocka_unit_test(who_watches_may_leave),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
