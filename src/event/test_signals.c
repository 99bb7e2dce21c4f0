/* SPDX-License-Identifier: MIT */
/* test_signals.c - a signal wakes the loop, also one that came before; the last ends the process.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "event/signals.h"

#define LAST   4
#define STATUS 7

static struct lab {
    TALLOC_CTX *ctx;
    struct loop *loop;
    int came;
} lab;

static int set_up(void **state)
{
    (void)state;
    lab = (struct lab){.ctx = talloc_new(NULL)};
    return loop_new(lab.ctx, &lab.loop) == STS_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    talloc_free(lab.ctx);
    return 0;
}

static void came(void *arg)
{
    (void)arg;
    lab.came++;
    loop_stop(lab.loop);
}

static void never(void *arg)
{
    (void)arg;
    fail_msg("a watch that was freed was woken");
}

static void send_one(void *arg)
{
    raise(*(const int *)arg);
}

/* Each case in a process of its own: what is counted is the process's. */
static int status_of(void (*body)(void))
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        signals_catch(LAST, STATUS);
        body();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void demand(bool holds)
{
    if (!holds)
        _exit(1);
}

static void while_it_waits(void)
{
    static const int numbers[] = {SIGINT, SIGTERM};
    struct signals_watch *watch, *freed;

    demand(signals_start(lab.ctx, lab.loop, never, NULL, &freed) == STS_OK);
    demand(signals_start(lab.ctx, lab.loop, came, NULL, &watch) == STS_OK);
    talloc_free(freed);
    for (int i = 0; i < 2; i++) {
        struct loop_timer *timer;

        demand(loop_timer_start(lab.ctx, lab.loop, loop_now(lab.loop), send_one,
                                (void *)(uintptr_t)&numbers[i], &timer) == STS_OK);
        demand(loop_run(lab.loop) == STS_OK);
        demand(lab.came == i + 1 && signals_count() == i + 1);
    }
}

static void a_signal_wakes_the_loop(void **state)
{
    (void)state;
    assert_int_equal(status_of(while_it_waits), 0);
}

static void before_it_waits(void)
{
    struct signals_watch *watch;

    raise(SIGTERM);
    demand(signals_start(lab.ctx, lab.loop, came, NULL, &watch) == STS_OK);
    demand(lab.came == 0); /* no callback from inside start */
    demand(loop_run(lab.loop) == STS_OK);
    demand(lab.came == 1);
}

static void one_that_came_before_wakes_it_too(void **state)
{
    (void)state;
    assert_int_equal(status_of(before_it_waits), 0);
}

static void send_the_last(void)
{
    for (int i = 0; i < LAST; i++) {
        demand(signals_count() == i);
        raise(i % 2 ? SIGINT : SIGTERM);
    }
}

static void the_last_ends_the_process(void **state)
{
    (void)state;
    assert_int_equal(status_of(send_the_last), STATUS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_signal_wakes_the_loop, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_that_came_before_wakes_it_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_last_ends_the_process, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
