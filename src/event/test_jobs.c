/* SPDX-License-Identifier: MIT */
/* test_jobs.c - what blocks is done elsewhere, its result comes back here, and nothing comes after
 * a handle or the pool was freed, whatever the job was doing then. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "event/jobs.h"
#include "event/loop.h"

#define MANY 200

/* What a job works on. */
struct sum {
    int number, result;
    char *text;
    pthread_t thread;
};

static struct lab {
    TALLOC_CTX *ctx;
    struct loop *loop;
    struct jobs *jobs;
    struct jobs_handle *handle[MANY];
    size_t wanted, done;
    int order[MANY];
    struct sum *kept;
    sem_t entered, leave, both[2];
    atomic_int begun, freed, at_work, most;
} lab;

static int set_up(void **state)
{
    (void)state;
    memset(&lab, 0, sizeof(lab));
    lab.ctx = talloc_new(NULL);
    sem_init(&lab.entered, 0, 0);
    sem_init(&lab.leave, 0, 0);
    sem_init(&lab.both[0], 0, 0);
    sem_init(&lab.both[1], 0, 0);
    return loop_new(lab.ctx, &lab.loop) == STS_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    talloc_free(lab.ctx);
    sem_destroy(&lab.entered);
    sem_destroy(&lab.leave);
    sem_destroy(&lab.both[0]);
    sem_destroy(&lab.both[1]);
    return 0;
}

static int sum_drop(struct sum *sum)
{
    (void)sum;
    atomic_fetch_add(&lab.freed, 1);
    return 0;
}

static struct sum *sum_new(TALLOC_CTX *ctx, int number)
{
    struct sum *sum = talloc_zero(ctx, struct sum);

    sum->number = number;
    talloc_set_destructor(sum, sum_drop);
    return sum;
}

static void pool(size_t workers)
{
    assert_int_equal(jobs_new(lab.ctx, lab.loop, workers, &lab.jobs), STS_OK);
}

static void done(void *arg, void *data)
{
    struct sum *sum = data;

    (void)arg;
    lab.order[lab.done++] = sum->number;
    if (lab.done == lab.wanted)
        loop_stop(lab.loop);
}

static void never(void *arg, void *data)
{
    (void)arg, (void)data;
    fail_msg("the result of a job that was cancelled came");
}

static void start_with(size_t at, void (*work)(void *data), void (*then)(void *arg, void *data))
{
    const struct jobs_request request = {
        .work = work, .done = then, .data = sum_new(lab.ctx, (int)at), .arg = &lab.handle[at]};

    assert_int_equal(jobs_start(lab.ctx, lab.jobs, &request, &lab.handle[at]), STS_OK);
}

/* Not by time: timers of the loop alone would not show that it is free. */
static void run(size_t wanted)
{
    lab.wanted = wanted;
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_int_equal(lab.done, wanted);
}

/* ---- what comes back ------------------------------------------------------------------------- */

static void square(void *data)
{
    struct sum *sum = data;

    atomic_fetch_add(&lab.begun, 1);
    sum->result = sum->number * sum->number;
    sum->text = talloc_asprintf(sum, "%d", sum->result);
    sum->thread = pthread_self();
}

static void keep(void *arg, void *data)
{
    struct jobs_handle **handle = arg;

    lab.kept = talloc_steal(lab.ctx, data);
    done(NULL, data);
    TALLOC_FREE(*handle);
}

static void the_result_comes_from_another_thread_and_may_be_kept(void **state)
{
    (void)state;
    pool(1);
    start_with(7, square, keep);
    assert_int_equal(lab.done, 0);
    run(1);
    assert_null(lab.handle[7]);
    assert_int_equal(atomic_load(&lab.freed), 0);
    assert_int_equal(lab.kept->result, 49);
    assert_string_equal(lab.kept->text, "49");
    assert_false(pthread_equal(lab.kept->thread, pthread_self()));
}

static void what_is_not_kept_goes_with_the_handle(void **state)
{
    (void)state;
    pool(1);
    start_with(7, square, done);
    run(1);
    assert_int_equal(atomic_load(&lab.freed), 0);
    talloc_free(lab.handle[7]);
    assert_int_equal(atomic_load(&lab.freed), 1);
}

static void start_next(void *arg, void *data)
{
    struct jobs_handle **handle = arg;
    size_t next = (size_t)(handle - lab.handle) + 1;

    done(NULL, data);
    TALLOC_FREE(*handle);
    if (next < lab.wanted)
        start_with(next, square, start_next);
}

static void a_result_may_start_the_next_job(void **state)
{
    (void)state;
    pool(2);
    start_with(0, square, start_next);
    run(MANY);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(lab.order[i], i);
}

/* ---- how many at a time ---------------------------------------------------------------------- */

static void count(void *data)
{
    int inside = atomic_fetch_add(&lab.at_work, 1) + 1;

    (void)data;
    if (inside > atomic_load(&lab.most))
        atomic_store(&lab.most, inside);
    sched_yield();
    atomic_fetch_sub(&lab.at_work, 1);
}

static void one_worker_does_one_after_the_other(void **state)
{
    (void)state;
    pool(1);
    for (size_t i = 0; i < MANY; i++)
        start_with(i, count, done);
    run(MANY);
    assert_int_equal(atomic_load(&lab.most), 1);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(lab.order[i], i);
}

static void meet(void *data)
{
    const struct sum *sum = data;

    sem_post(&lab.both[sum->number]);
    sem_wait(&lab.both[!sum->number]);
}

static void two_workers_do_two_at_a_time(void **state)
{
    (void)state;
    pool(2);
    start_with(0, meet, done); /* each waits for the other */
    start_with(1, meet, done);
    run(2);
}

/* ---- the loop is not held up ----------------------------------------------------------------- */

static void wait_in_there(void *data)
{
    (void)data;
    sem_post(&lab.entered);
    sem_wait(&lab.leave);
}

static void let_it_leave(void *arg)
{
    (void)arg;
    sem_post(&lab.leave);
}

static void the_loop_goes_on_meanwhile(void **state)
{
    struct loop_timer *timer;

    (void)state;
    pool(1);
    start_with(0, wait_in_there, done);
    assert_int_equal(
        loop_timer_start(lab.ctx, lab.loop, loop_now(lab.loop), let_it_leave, NULL, &timer),
        STS_OK);
    run(1);
}

/* ---- cancelled ------------------------------------------------------------------------------- */

static void a_job_that_waits_never_begins(void **state)
{
    (void)state;
    pool(1);
    start_with(0, wait_in_there, done);
    start_with(1, square, never);
    start_with(2, square, done);
    sem_wait(&lab.entered);
    talloc_free(lab.handle[1]);
    assert_int_equal(atomic_load(&lab.freed), 1);
    sem_post(&lab.leave);
    run(2);
    assert_int_equal(lab.order[1], 2);
    assert_int_equal(atomic_load(&lab.begun), 1);
}

static void a_job_at_work_goes_on_and_is_freed_there(void **state)
{
    (void)state;
    pool(1);
    start_with(0, wait_in_there, never);
    start_with(1, square, done);
    sem_wait(&lab.entered);
    talloc_free(lab.handle[0]);
    assert_int_equal(atomic_load(&lab.freed), 0);
    sem_post(&lab.leave);
    run(1);
    assert_int_equal(atomic_load(&lab.freed), 1);
}

static void tell(void *data)
{
    (void)data;
    sem_post(&lab.entered);
}

static void a_job_that_is_over_does_not_come_back(void **state)
{
    (void)state;
    pool(1);
    start_with(0, square, never);
    start_with(1, tell, done);
    sem_wait(&lab.entered); /* so the first is over */
    talloc_free(lab.handle[0]);
    assert_int_equal(atomic_load(&lab.freed), 1);
    run(1);
}

/* ---- the end of the pool --------------------------------------------------------------------- */

static void *leave_soon(void *arg)
{
    (void)arg;
    sched_yield();
    sem_post(&lab.leave);
    return NULL;
}

static void the_pool_waits_for_what_is_at_work(void **state)
{
    pthread_t thread;

    (void)state;
    pool(1);
    start_with(0, wait_in_there, never);
    start_with(1, square, never);
    sem_wait(&lab.entered);
    assert_int_equal(pthread_create(&thread, NULL, leave_soon, NULL), 0);
    TALLOC_FREE(lab.jobs);
    pthread_join(thread, NULL);
    assert_int_equal(atomic_load(&lab.begun), 0);
    assert_int_equal(atomic_load(&lab.freed), 2);
    talloc_free(lab.handle[0]); /* does nothing any more */
    talloc_free(lab.handle[1]);
}

/* ---- what a worker knows of who asked -------------------------------------------------------- */

static void tell_language(void *data)
{
    ((struct sum *)data)->result = (int)i18n_used();
}

static void keep_language(void *arg, void *data)
{
    (void)arg;
    lab.order[lab.done] = ((struct sum *)data)->result;
    if (++lab.done == lab.wanted)
        loop_stop(lab.loop);
}

static void the_language_goes_with_the_job(void **state)
{
    enum i18n_language before = i18n_use(I18N_GERMAN);

    (void)state;
    pool(1);
    start_with(0, tell_language, keep_language);
    i18n_use(I18N_ENGLISH);
    start_with(1, tell_language, keep_language);
    i18n_use(I18N_DEFAULT);
    start_with(2, tell_language, keep_language);
    run(3);
    i18n_use(before);
    assert_int_equal(lab.order[0], I18N_GERMAN);
    assert_int_equal(lab.order[1], I18N_ENGLISH);
    assert_int_equal(lab.order[2], I18N_DEFAULT);
}

static void tell_signals(void *data)
{
    sigset_t blocked;

    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    ((struct sum *)data)->result = sigismember(&blocked, SIGTERM) && sigismember(&blocked, SIGPIPE);
}

static void signals_are_for_others(void **state)
{
    sigset_t blocked;

    (void)state;
    pool(1);
    start_with(0, tell_signals, keep_language);
    run(1);
    assert_int_equal(lab.order[0], 1);
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    assert_false(sigismember(&blocked, SIGTERM));
}

/* ---- all of it at once ----------------------------------------------------------------------- */

static void drop_some(void *arg, void *data)
{
    size_t at = (size_t)((struct jobs_handle **)arg - lab.handle);

    done(NULL, data);
    for (size_t i = at + 1; i < MANY && i < at + 3; i++) {
        lab.wanted -= lab.handle[i] != NULL;
        TALLOC_FREE(lab.handle[i]);
    }
    TALLOC_FREE(lab.handle[at]);
    if (lab.done == lab.wanted)
        loop_stop(lab.loop);
}

static void until_cancelled(void *data)
{
    (void)data;
    sem_post(&lab.entered);
    while (!jobs_is_cancelled())
        ;
    sem_post(&lab.leave);
}

static void start_endless(void)
{
    const struct jobs_request request = {until_cancelled, never, NULL, NULL};

    assert_int_equal(jobs_start(lab.ctx, lab.jobs, &request, &lab.handle[0]), STS_OK);
    sem_wait(&lab.entered);
}

/* It would else go on for ever. */
static void a_job_at_work_learns_that_nobody_wants_it(void **state)
{
    (void)state;
    assert_int_equal(jobs_new(lab.ctx, lab.loop, 1, &lab.jobs), STS_OK);
    assert_false(jobs_is_cancelled());
    start_endless();
    TALLOC_FREE(lab.handle[0]);
    sem_wait(&lab.leave);
    start_endless();
    TALLOC_FREE(lab.jobs);
    sem_wait(&lab.leave);
}

static void many_are_cancelled_in_all_states(void **state)
{
    (void)state;
    pool(3);
    lab.wanted = MANY;
    for (size_t i = 0; i < MANY; i++)
        start_with(i, i % 3 ? square : count, drop_some);
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_int_equal(lab.done, lab.wanted);
    TALLOC_FREE(lab.jobs);
    assert_int_equal(atomic_load(&lab.freed), MANY);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_result_comes_from_another_thread_and_may_be_kept),
        CASE(what_is_not_kept_goes_with_the_handle),
        CASE(a_result_may_start_the_next_job),
        CASE(one_worker_does_one_after_the_other),
        CASE(two_workers_do_two_at_a_time),
        CASE(the_loop_goes_on_meanwhile),
        CASE(a_job_that_waits_never_begins),
        CASE(a_job_at_work_goes_on_and_is_freed_there),
        CASE(a_job_that_is_over_does_not_come_back),
        CASE(the_pool_waits_for_what_is_at_work),
        CASE(the_language_goes_with_the_job),
        CASE(signals_are_for_others),
        CASE(a_job_at_work_learns_that_nobody_wants_it),
        CASE(many_are_cancelled_in_all_states),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
