/* SPDX-License-Identifier: MIT */
/* test_notify.c - a command gets each text, how it ended is told of each, and a process that is
 * gone fails them all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/notify.h"
#include "event/loop.h"

#define LONG_MS 60000
#define MOST    16

static struct lab {
    TALLOC_CTX *ctx;
    struct loop *loop;
    struct notify *notify;
    struct notify_end ends[MOST];
    size_t times[MOST], total;
    bool interrupt_first;
} lab;

static int set_up(void **state)
{
    (void)state;
    lab = (struct lab){.ctx = talloc_new(NULL)};
    (void)signal(SIGPIPE, SIG_IGN);
    return loop_new(lab.ctx, &lab.loop) == STS_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    talloc_free(lab.ctx);
    return 0;
}

static void on_done(void *arg, const struct notify_order *order, const struct notify_end *end)
{
    size_t i = (size_t)(order - (const struct notify_order *)arg);

    lab.ends[i] = *end;
    lab.times[i]++;
    lab.total++;
    if (lab.interrupt_first)
        notify_interrupt(lab.notify);
}

static void on_over(void *arg)
{
    (void)arg;
    TALLOC_FREE(lab.notify);
    loop_stop(lab.loop);
}

static void start(const struct notify_order *orders, size_t count, size_t jobs, int64_t timeout_ms)
{
    const struct notify_request request = {.orders = orders,
                                           .count = count,
                                           .timeout_ms = timeout_ms,
                                           .jobs = jobs,
                                           .done = on_done,
                                           .over = on_over,
                                           .arg = (void *)(uintptr_t)orders};

    memset(lab.times, 0, sizeof(lab.times));
    lab.total = 0;
    assert_int_equal(notify_start(lab.ctx, lab.loop, &request, &lab.notify), STS_OK);
    assert_int_equal(lab.total, 0); /* no callback from inside start */
}

static void run(const struct notify_order *orders, size_t count, size_t jobs, int64_t timeout_ms)
{
    start(orders, count, jobs, timeout_ms);
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_null(lab.notify);
    assert_int_equal(lab.total, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(lab.times[i], 1);
}

static void each_end_is_told(void **state)
{
    const struct notify_order orders[] = {
        {"a.example", "test $MTASTS_DOMAIN = a.example", NULL},
        {"b.example", "exit 5", NULL},
        {"c.example", "kill -9 $$", NULL},
        {"d.example", "test $MTASTS_DOMAIN = a.example", NULL},
        {"e.example", "", NULL},
    };
    static const struct notify_end wanted[] = {{NOTIFY_DELIVERED, 0},
                                               {NOTIFY_EXITED, 5},
                                               {NOTIFY_KILLED, 9},
                                               {NOTIFY_EXITED, 1},
                                               {NOTIFY_DELIVERED, 0}};

    (void)state;
    assert_true(notify_prepare(NOTIFY_CHANGES, "eval \"$(cat)\""));
    for (size_t jobs = 1; jobs < 4; jobs++) { /* one batch behind the other */
        run(orders, 5, jobs, LONG_MS);
        for (size_t i = 0; i < 5; i++) {
            assert_int_equal(lab.ends[i].outcome, wanted[i].outcome);
            assert_int_equal(lab.ends[i].number, wanted[i].number);
        }
    }
}

static void a_text_may_be_larger_than_a_socket_takes(void **state)
{
    size_t size = (size_t)3 << 20;
    char *text = malloc(size + 1);
    struct notify_order orders[MOST];

    (void)state;
    memset(text, 'x', size);
    text[size] = '\0';
    for (size_t i = 0; i < MOST; i++)
        orders[i] = (struct notify_order){"a.example", text, NULL};
    assert_true(notify_prepare(NOTIFY_CHANGES, "test $(wc -c) = 3145728"));
    run(orders, MOST, 2, LONG_MS);
    for (size_t i = 0; i < MOST; i++)
        assert_int_equal(lab.ends[i].outcome, NOTIFY_DELIVERED);
    free(text);
}

static void each_has_its_time(void **state)
{
    const struct notify_order orders[] = {{"a.example", "sleep 1000", NULL}};

    (void)state;
    assert_true(notify_prepare(NOTIFY_CHANGES, "eval \"$(cat)\""));
    run(orders, 1, 1, 100);
    assert_int_equal(lab.ends[0].outcome, NOTIFY_TIMED_OUT);
}

static void an_interrupt_ends_them_and_begins_no_more(void **state)
{
    const struct notify_order orders[] = {{"a.example", "exit 0", NULL},
                                          {"b.example", "sleep 1000", NULL},
                                          {"c.example", "sleep 1000", NULL},
                                          {"d.example", "sleep 1000", NULL}};

    (void)state;
    assert_true(notify_prepare(NOTIFY_CHANGES, "eval \"$(cat)\""));
    lab.interrupt_first = true;
    run(orders, 4, 2, LONG_MS);
    assert_int_equal(lab.ends[0].outcome, NOTIFY_DELIVERED);
    for (size_t i = 1; i < 4; i++)
        assert_int_equal(lab.ends[i].outcome, NOTIFY_INTERRUPTED);
}

static void a_process_that_is_gone_fails_them_all(void **state)
{
    const struct notify_order orders[] = {{"a.example", "kill -9 $PPID; exit 0", NULL},
                                          {"b.example", "exit 0", NULL}};

    (void)state;
    assert_true(notify_prepare(NOTIFY_CHANGES, "eval \"$(cat)\""));
    for (int pass = 0; pass < 2; pass++) { /* and those of the next pass */
        run(orders, 2, 1, LONG_MS);
        for (size_t i = 0; i < 2; i++)
            assert_int_equal(lab.ends[i].outcome, NOTIFY_NO_PROCESS);
    }
}

static void nothing_comes_after_the_handle_was_freed(void **state)
{
    const struct notify_order orders[] = {{"a.example", "exit 0", NULL}};

    (void)state;
    assert_true(notify_prepare(NOTIFY_CHANGES, "eval \"$(cat)\""));
    start(orders, 1, 1, LONG_MS);
    TALLOC_FREE(lab.notify);
    run(orders, 1, 1, LONG_MS);
    assert_int_equal(lab.ends[0].outcome, NOTIFY_NO_PROCESS);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(each_end_is_told),
        CASE(a_text_may_be_larger_than_a_socket_takes),
        CASE(each_has_its_time),
        CASE(an_interrupt_ends_them_and_begins_no_more),
        CASE(a_process_that_is_gone_fails_them_all),
        CASE(nothing_comes_after_the_handle_was_freed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
