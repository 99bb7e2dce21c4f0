/* SPDX-License-Identifier: MIT */
/* test_budget.c - nobody is late because of others, and nobody takes more time than there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <event2/event.h>

#include "base/clock.h"
#include "event/budget.h"
#include "event/limits.h"
#include "event/watchdog.h"

#define LONG_MS  (10 * LIMIT_TURN_MS)
#define NEVER_MS 3600000
#define DOMAIN   "costly.example"

static struct {
    TALLOC_CTX *ctx;
    struct loop *loop;
    struct budget *budget;
    int64_t deadline;
    int spent, fd;
    bool shut;
} lab;

static int set_up(void **state)
{
    (void)state;
    memset(&lab, 0, sizeof lab);
    lab.ctx = talloc_new(NULL);
    lab.fd = -1;
    watchdog_limits(NEVER_MS, NEVER_MS);
    return loop_new(lab.ctx, &lab.loop) == STS_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    talloc_free(lab.ctx);
    return 0;
}

static void in_the_loop(int64_t deadline, loop_fn done)
{
    struct loop_timer *timer;

    assert_int_equal(loop_timer_start(lab.ctx, lab.loop, deadline, done, NULL, &timer), STS_OK);
}

static void stop(void *arg)
{
    (void)arg;
    loop_stop(lab.loop);
}

/* ---- the clock ------------------------------------------------------------------------------- */

static void takes_long(void *arg)
{
    int64_t before = loop_now(lab.loop), real = clock_monotonic_ms();

    (void)arg;
    while (clock_monotonic_ms() - real < LONG_MS)
        usleep(LIMIT_TURN_MS * 100U);
    assert_in_range(loop_now(lab.loop) - before, 0, LIMIT_TURN_MS);
}

static void is_due(void *arg)
{
    (void)arg;
    assert_true(loop_now(lab.loop) >= lab.deadline);
    loop_stop(lab.loop);
}

static void the_clock_stands_still_in_a_long_turn(void **state)
{
    int64_t real = clock_monotonic_ms(), now = loop_now(lab.loop);

    (void)state;
    lab.deadline = now + LONG_MS / 2;
    in_the_loop(lab.deadline, is_due);
    in_the_loop(now, takes_long);
    assert_int_equal(loop_run(lab.loop), STS_OK);
    /* half a turn of the clock takes more than a whole one of ours */
    assert_true(clock_monotonic_ms() - real >= LONG_MS + LONG_MS / 2 - LIMIT_TURN_MS - 1);
}

/* ---- the budget ------------------------------------------------------------------------------ */

static void burn(int64_t ms)
{
    clockid_t own;
    int64_t since;

    assert_int_equal(pthread_getcpuclockid(pthread_self(), &own), 0);
    since = clock_spent_ns(own);
    while (clock_spent_ns(own) - since < ms * 1000000)
        continue;
}

/* As a library's callback does. */
static void burns_and_says_nothing(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    (void)arg;
    burn((int64_t)LONG_MS);
}

static void the_clock_stands_still_for_others_callbacks_too(void **state)
{
    int64_t before = clock_monotonic_ms() - loop_now(lab.loop);

    (void)state;
    lab.deadline = loop_now(lab.loop) + LONG_MS / 2;
    in_the_loop(lab.deadline, is_due);
    assert_int_equal(
        event_base_once(loop_base(lab.loop), -1, EV_TIMEOUT, burns_and_says_nothing, NULL, NULL),
        0);
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_true(clock_monotonic_ms() - loop_now(lab.loop) - before >= LONG_MS - LIMIT_TURN_MS - 2);
}

static void spent(void *arg)
{
    (void)arg;
    lab.spent++;
    loop_stop(lab.loop);
}

static void works(void *arg)
{
    (void)arg;
    budget_enter(lab.loop, lab.budget, -1);
    budget_enter(lab.loop, NULL, -1); /* within: the work stays the domain's */
    burn(2);
    budget_leave(lab.loop);
    budget_leave(lab.loop);
    assert_int_equal(lab.spent, 0); /* never from inside */
}

static void what_is_spent_is_told_once(void **state)
{
    (void)state;
    budget_limit(5);
    assert_int_equal(budget_new(lab.ctx, lab.loop, DOMAIN, spent, NULL, &lab.budget), STS_OK);
    for (int i = 0; i < 10; i++)
        in_the_loop(0, works);
    assert_int_equal(loop_run(lab.loop), STS_OK);
    in_the_loop(loop_now(lab.loop) + 10, stop);
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_int_equal(lab.spent, 1);
    budget_limit(LIMIT_DOMAIN_CPU_MS);
}

static void works_for_nobody(void *arg)
{
    (void)arg;
    budget_enter(lab.loop, NULL, -1);
    burn(20);
    budget_leave(lab.loop);
}

static void frees_its_own(void *arg)
{
    (void)arg;
    budget_enter(lab.loop, lab.budget, -1);
    burn(20);
    TALLOC_FREE(lab.budget);
    budget_leave(lab.loop);
    loop_stop(lab.loop);
}

static void other_work_is_not_counted(void **state)
{
    (void)state;
    budget_limit(5);
    assert_int_equal(budget_new(lab.ctx, lab.loop, DOMAIN, spent, NULL, &lab.budget), STS_OK);
    in_the_loop(0, works_for_nobody);
    in_the_loop(0, frees_its_own);
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_int_equal(lab.spent, 0);
    budget_limit(LIMIT_DOMAIN_CPU_MS);
}

/* ---- the watchdog ---------------------------------------------------------------------------- */

/* As a library that reads until the peer has no more to say. */
static void reads_on(void *arg)
{
    char byte;

    (void)arg;
    budget_enter(lab.loop, NULL, lab.fd);
    while (recv(lab.fd, &byte, 1, MSG_DONTWAIT) != 0)
        continue;
    lab.shut = budget_is_shut(lab.loop);
    budget_leave(lab.loop);
    loop_stop(lab.loop);
}

static void a_callback_that_reads_on_is_ended(void **state)
{
    int pair[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    lab.fd = pair[0];
    watchdog_limits(20, NEVER_MS);
    in_the_loop(0, reads_on);
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_true(lab.shut);
    close(pair[0]);
    close(pair[1]);
}

static int told;

static void last_words(const char *domain)
{
    (void)!write(told, domain, strlen(domain));
    _exit(70);
}

static void hangs(void *arg)
{
    (void)arg;
    budget_enter(lab.loop, lab.budget, -1);
    for (;;)
        continue;
}

static void child(void)
{
    watchdog_on_end(last_words);
    watchdog_limits(20, 100);
    in_the_loop(0, hangs);
    if (loop_run(lab.loop) != STS_OK)
        _exit(1);
    _exit(0);
}

static void one_that_never_returns_ends_the_process(void **state)
{
    char text[sizeof DOMAIN] = "";
    int ends[2], status = 0;
    pid_t pid;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    told = ends[1];
    assert_int_equal(budget_new(lab.ctx, lab.loop, DOMAIN, spent, NULL, &lab.budget), STS_OK);
    pid = fork();
    if (!pid)
        child();
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 70);
    assert_int_equal(read(ends[0], text, sizeof text), strlen(DOMAIN));
    assert_string_equal(text, DOMAIN);
    close(ends[0]);
    close(ends[1]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* first: a thread of the watchdog does not live in a child */
        TEST(one_that_never_returns_ends_the_process),
        TEST(the_clock_stands_still_in_a_long_turn),
        TEST(the_clock_stands_still_for_others_callbacks_too),
        TEST(what_is_spent_is_told_once),
        TEST(other_work_is_not_counted),
        TEST(a_callback_that_reads_on_is_ended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
