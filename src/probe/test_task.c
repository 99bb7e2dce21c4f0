/* SPDX-License-Identifier: MIT */
/* test_task.c - the list says what is under way; who waits for others loses no time; one at a time
 * is admitted; the last hand over what they have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "event/inbox.h"
#include "event/semaphore.h"
#include "net/net.h"
#include "probe/task.h"
#include "probe/work.h"

#define ADDRESS    "192.0.2.1"
#define TIMEOUT_MS 60000
#define LONG_MS    60000

struct chore {
    struct task task;
    struct lookup *lookup;
    struct admission admission;
    int *log;
    int begun, known, ready;
};

struct lab {
    struct probe *probe;
    struct net net;
    int cut[4];
};

static void chore_cut(void *arg)
{
    struct chore *chore = arg;

    for (size_t i = 0; chore->log && i < 4; i++)
        if (!chore->log[i]) {
            chore->log[i] = chore->begun;
            return;
        }
}

static const struct task_kind chore_kind = {sizeof(struct chore), chore_cut};
static const struct task_kind plain_kind = {sizeof(struct chore), NULL};

static int set_up(void **state)
{
    const struct rate_limits limits = {.per_address = 1};
    struct lab *lab = talloc_zero(NULL, struct lab);

    assert_int_equal(loop_new(lab, &lab->net.loop), STS_OK);
    assert_int_equal(net_common_new(lab, &limits, &lab->net.common), STS_OK);
    assert_int_equal(inbox_new(lab, lab->net.common->inboxes, lab->net.loop, &lab->net.inbox),
                     STS_OK);
    assert_int_equal(semaphore_new(lab, lab->net.loop, 8, &lab->net.connections), STS_OK);
    lab->net.observer.timeout_ms = TIMEOUT_MS;
    lab->probe = talloc_zero(lab, struct probe);
    *lab->probe = (struct probe){.net = &lab->net,
                                 .facts = talloc_zero(lab, struct facts),
                                 .begun = true,
                                 .afterwards_begun = true};
    *state = lab;
    return 0;
}

static int tear_down(void **state)
{
    talloc_free(*state);
    return 0;
}

static struct chore *begin(struct lab *lab, const struct task_kind *kind)
{
    struct chore *chore = task_new(lab->probe, kind);

    assert_non_null(chore);
    chore->log = lab->cut;
    return chore;
}

static void stop(void *arg)
{
    loop_stop(arg);
}

/* Turns of the loop for all that is due. */
static void turn(struct lab *lab)
{
    struct loop_timer *timer;

    assert_int_equal(loop_timer_start(lab, lab->net.loop, clock_monotonic_ms() + 20, stop,
                                      lab->net.loop, &timer),
                     STS_OK);
    assert_int_equal(loop_run(lab->net.loop), STS_OK);
    talloc_free(timer);
}

/* ---- the list -------------------------------------------------------------------------------- */

static void the_newest_comes_first_and_any_may_leave(void **state)
{
    struct lab *lab = *state;
    struct task *first = &begin(lab, &chore_kind)->task, *second = &begin(lab, &chore_kind)->task;
    struct task *third = &begin(lab, &plain_kind)->task;

    assert_ptr_equal(LIST_FIRST(&lab->probe->tasks), third);
    task_done(second, STS_OK);
    assert_ptr_equal(LIST_FIRST(&lab->probe->tasks), third);
    assert_ptr_equal(LIST_NEXT(third, link), first);
    assert_null(LIST_NEXT(first, link));
    task_done(third, STS_OK);
    assert_ptr_equal(LIST_FIRST(&lab->probe->tasks), first);
    assert_false(lab->probe->over);
}

static void what_is_in_the_background_holds_nothing_up(void **state)
{
    struct lab *lab = *state;
    struct chore *slow = begin(lab, &chore_kind), *other = begin(lab, &chore_kind);

    assert_false(task_all_idle(lab->probe));
    slow->task.background = true;
    assert_false(task_all_idle(lab->probe));
    task_done(&other->task, STS_OK);
    assert_true(task_all_idle(lab->probe));
}

static void a_start_that_failed_leaves_nothing(void **state)
{
    struct lab *lab = *state;
    struct chore *chore = begin(lab, &chore_kind);

    assert_int_equal(task_started(&chore->task, STS_OK), STS_OK);
    assert_ptr_equal(LIST_FIRST(&lab->probe->tasks), &chore->task);
    assert_int_equal(task_started(&chore->task, STS_E_NOMEM), STS_E_NOMEM);
    assert_true(LIST_EMPTY(&lab->probe->tasks));
}

static void all_hand_over_what_they_have(void **state)
{
    struct lab *lab = *state;

    begin(lab, &chore_kind)->begun = 1;
    begin(lab, &plain_kind)->begun = 2; /* has nothing to hand over */
    begin(lab, &chore_kind)->begun = 3;
    task_cut_all(lab->probe);
    assert_true(LIST_EMPTY(&lab->probe->tasks));
    assert_int_equal(lab->cut[0], 3);
    assert_int_equal(lab->cut[1], 1);
    assert_int_equal(lab->cut[2], 0);
}

/* ---- time ------------------------------------------------------------------------------------ */

static void who_waited_for_others_has_all_his_time(void **state)
{
    struct lab *lab = *state;
    struct probe *probe = lab->probe;
    struct task *task = &begin(lab, &chore_kind)->task;
    int64_t now = probe_now(probe);

    probe->started = 7;
    assert_false(task_any_waits(probe));
    task->waits_since = now - 1000;
    assert_true(task_any_waits(probe));
    task_goes_on(task); /* one domain by itself: its time goes on */
    assert_int_equal(probe->deadline, 0);
    assert_false(task_any_waits(probe));

    lab->net.patient = true;
    task->waits_since = now;
    task_goes_on(task); /* nor did this one wait */
    assert_int_equal(probe->deadline, 0);
    task->waits_since = now - 1000;
    task_goes_on(task);
    assert_int_equal(probe->deadline, now + TIMEOUT_MS);
    assert_int_equal(probe->started, 7);
}

static void a_look_begins_when_its_first_question_is_put(void **state)
{
    struct lab *lab = *state;
    struct probe *probe = lab->probe;
    struct task *task = &begin(lab, &chore_kind)->task;

    lab->net.patient = true;
    probe->begun = false;
    task->waits_since = probe_now(probe) - 1000;
    task_goes_on(task);
    assert_int_equal(probe->started, probe_now(probe));
    assert_true(probe->facts->observed_at > 0);

    probe->started = 0;
    probe->over = true; /* nothing begins any more */
    task->waits_since = probe_now(probe) - 1000;
    task_goes_on(task);
    assert_int_equal(probe->started, 0);
}

/* ---- others ---------------------------------------------------------------------------------- */

static enum sts_status look(void *arg)
{
    struct chore *chore = arg;

    chore->begun++;
    return STS_OK;
}

static void known(void *arg)
{
    struct chore *chore = arg;

    chore->known++;
}

static enum sts_status look_up(struct chore *chore, const char *key)
{
    return task_look_up(&chore->task, key, known, look, &chore->lookup);
}

static void one_looks_for_all(void **state)
{
    struct lab *lab = *state;
    struct chore *first = begin(lab, &chore_kind), *second = begin(lab, &chore_kind);
    char *thing = talloc_strdup(NULL, "seen");

    assert_int_equal(look_up(first, NULL), STS_E_NOMEM);
    assert_int_equal(look_up(first, "mx"), STS_OK);
    assert_int_equal(look_up(second, "mx"), STS_OK);
    assert_int_equal(first->begun, 1);
    assert_int_equal(second->begun, 0);
    assert_true(second->task.waits_since > 0);
    lookup_publish(first->lookup, thing, LONG_MS);
    turn(lab);
    assert_int_equal(second->known, 1);
    assert_int_equal(first->known, 0);
    assert_string_equal(lookup_thing(second->lookup), "seen");
    talloc_free(lab->probe->facts); /* which hold on to it */
}

static void ready(void *arg)
{
    struct chore *chore = arg;

    chore->ready++;
}

static void one_at_a_time_is_admitted(void **state)
{
    struct lab *lab = *state;
    struct chore *first = begin(lab, &chore_kind), *second = begin(lab, &chore_kind);

    assert_int_equal(task_admit(&first->task, &first->admission, ADDRESS, 25, ready), STS_OK);
    assert_int_equal(task_admit(&second->task, &second->admission, ADDRESS, 25, ready), STS_OK);
    assert_int_equal(first->ready, 0); /* no callback from inside start */
    turn(lab);
    assert_int_equal(first->ready, 1);
    assert_int_equal(second->ready, 0);
    assert_int_equal(first->task.waits_since, 0);
    assert_true(second->task.waits_since > 0);
    admission_end(&first->admission);
    assert_null(first->admission.slot);
    assert_null(first->admission.permit);
    turn(lab);
    assert_int_equal(second->ready, 1);
    assert_int_equal(first->ready, 1);
}

static void nobody_is_admitted_to_this_machine(void **state)
{
    struct lab *lab = *state;
    struct chore *chore = begin(lab, &chore_kind);

    assert_int_equal(task_admit(&chore->task, &chore->admission, "127.0.0.1", 25, ready),
                     STS_E_INVALID);
    assert_int_equal(task_admit_question(&chore->task, &chore->admission, "::1", ready),
                     STS_E_INVALID);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(the_newest_comes_first_and_any_may_leave),
        CASE(what_is_in_the_background_holds_nothing_up),
        CASE(a_start_that_failed_leaves_nothing),
        CASE(all_hand_over_what_they_have),
        CASE(who_waited_for_others_has_all_his_time),
        CASE(a_look_begins_when_its_first_question_is_put),
        CASE(one_looks_for_all),
        CASE(one_at_a_time_is_admitted),
        CASE(nobody_is_admitted_to_this_machine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
