/* SPDX-License-Identifier: MIT */
/* test_observe.c - many domains side by side: each is seen once, no more at a time than asked for,
 * and a wish to stop ends them all.  Nobody answers here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "app/observe.h"
#include "event/loop.h"

#define COUNT 5
#define JOBS  2

static const char *const names[COUNT] = {"a.example", "b.example", "c.example", "d.example",
                                         "e.example"};

struct seen {
    size_t times[COUNT], total, interrupted;
    size_t done;  /* as told by progress */
    size_t asked; /* how often, whether there is room */
    size_t there, given;
    struct loop *loop;
    struct observation *run;
    struct observe_end end;
};

static void on_seen(void *arg, size_t index, const struct facts *facts)
{
    struct seen *seen = arg;

    assert_true(index < COUNT);
    assert_string_equal(facts->domain, names[index]);
    seen->times[index]++;
    seen->total++;
    seen->interrupted += facts->interrupted;
}

static void on_progress(void *arg, size_t done, size_t running)
{
    struct seen *seen = arg;

    assert_true(done >= seen->done && done == seen->total);
    assert_true(running <= JOBS && done + running <= COUNT);
    seen->done = done;
}

/* At first there is none. */
static bool has_room(void *arg)
{
    struct seen *seen = arg;

    assert_true(seen->asked || !seen->total);
    return ++seen->asked > 3;
}

static bool has_none(void *arg)
{
    struct seen *seen = arg;

    seen->asked++;
    return false;
}

static void on_over(void *arg, const struct observe_end *end)
{
    struct seen *seen = arg;

    seen->end = *end;
    loop_stop(seen->loop);
}

static void on_wish(void *arg)
{
    struct seen *seen = arg;

    observe_interrupt(seen->run);
}

/* A resolver that is not there; the time is short where it is to run out. */
static void observe_with(struct seen *seen, int64_t timeout_ms, bool stop, bool (*room)(void *arg))
{
    static const char *const nobody[] = {"127.0.0.1@1"};
    const struct net_options net = {
        .resolvers = nobody, .resolver_count = 1, .timeout_ms = timeout_ms, .no_smtp = true};
    const struct observe_request request = {.net = &net,
                                            .names = names,
                                            .given = names,
                                            .count = COUNT,
                                            .jobs = JOBS,
                                            .seen = on_seen,
                                            .has_room = room,
                                            .progress = on_progress,
                                            .over = on_over,
                                            .arg = seen};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct loop_timer *timer;
    char *why;

    assert_int_equal(loop_new(ctx, &seen->loop), STS_OK);
    assert_int_equal(observe_start(ctx, seen->loop, &request, &seen->run, &why), STS_OK);
    assert_int_equal(seen->total + seen->done, 0); /* no callback from inside start */
    if (stop)
        assert_int_equal(
            loop_timer_start(ctx, seen->loop, loop_now(seen->loop) + 100, on_wish, seen, &timer),
            STS_OK);
    assert_int_equal(loop_run(seen->loop), STS_OK);
    assert_false(seen->end.incomplete);
    talloc_free(ctx);
}

static void observe(struct seen *seen, int64_t timeout_ms, bool stop)
{
    observe_with(seen, timeout_ms, stop, NULL);
}

static void each_is_seen_once(void **state)
{
    struct seen seen = {0};

    (void)state;
    observe(&seen, 200, false);
    assert_false(seen.end.stopped);
    assert_int_equal(seen.total, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(seen.times[i], 1);
    assert_true(seen.done >= COUNT - JOBS);
}

static void stopped_with_what_is_known(void **state)
{
    struct seen seen = {0};

    (void)state;
    observe(&seen, 600000, true);
    assert_true(seen.end.stopped);
    assert_int_equal(seen.total, JOBS); /* no more were begun */
    assert_int_equal(seen.interrupted, JOBS);
}

static void held_until_there_is_room(void **state)
{
    struct seen seen = {0};

    (void)state;
    observe_with(&seen, 200, false, has_room);
    assert_true(seen.asked > 3);
    assert_int_equal(seen.total, COUNT);
}

static void stopped_while_it_is_held(void **state)
{
    struct seen seen = {0};

    (void)state;
    observe_with(&seen, 600000, true, has_none);
    assert_true(seen.end.stopped && seen.asked);
    assert_int_equal(seen.total, 0);
}

/* ---- domains that come ----------------------------------------------------------------------- */

static bool next(void *arg, struct observe_name *ret)
{
    struct seen *seen = arg;

    if (seen->given == seen->there)
        return false;
    *ret = (struct observe_name){names[seen->given], names[seen->given]};
    seen->given++;
    return true;
}

/* One more comes when one was seen, up to all of them. */
static void on_come(void *arg, size_t index, const struct facts *facts)
{
    struct seen *seen = arg;

    on_seen(arg, index, facts);
    if (seen->there < COUNT)
        seen->there++;
    observe_more(seen->run);
    if (seen->total == COUNT)
        observe_interrupt(seen->run);
}

static void end_the_first(void *arg)
{
    struct seen *seen = arg;

    observe_end_one(seen->run, 0);
    observe_end_one(seen->run, COUNT); /* there is none such */
}

static void those_that_come_are_looked_at(void **state)
{
    static const char *const nobody[] = {"127.0.0.1@1"};
    const struct net_options net = {
        .resolvers = nobody, .resolver_count = 1, .timeout_ms = 500, .no_smtp = true};
    struct seen seen = {.there = 2};
    const struct observe_request request = {
        .net = &net, .next = next, .jobs = JOBS, .seen = on_come, .over = on_over, .arg = &seen};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct loop_timer *timer;
    char *why;

    (void)state;
    assert_int_equal(loop_new(ctx, &seen.loop), STS_OK);
    assert_int_equal(observe_start(ctx, seen.loop, &request, &seen.run, &why), STS_OK);
    assert_int_equal(
        loop_timer_start(ctx, seen.loop, loop_now(seen.loop) + 20, end_the_first, &seen, &timer),
        STS_OK);
    assert_int_equal(loop_run(seen.loop), STS_OK);
    assert_true(seen.end.stopped);
    assert_int_equal(seen.total, COUNT);
    assert_true(seen.interrupted >= 1);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(seen.times[i], 1);
    talloc_free(ctx);
}

static void what_is_wrong_with_the_options(void **state)
{
    static const char *const nonsense[] = {"not an address"};
    const struct net_options net = {.resolvers = nonsense, .resolver_count = 1};
    struct seen seen = {0};
    const struct observe_request request = {.net = &net,
                                            .names = names,
                                            .given = names,
                                            .count = COUNT,
                                            .jobs = JOBS,
                                            .seen = on_seen,
                                            .arg = &seen};
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *why;

    (void)state;
    assert_int_equal(loop_new(ctx, &seen.loop), STS_OK);
    assert_int_equal(observe_start(ctx, seen.loop, &request, &seen.run, &why), STS_E_INVALID);
    assert_non_null(strstr(why, "not an address"));
    assert_int_equal(seen.total, 0);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_seen_once),
        cmocka_unit_test(stopped_with_what_is_known),
        cmocka_unit_test(held_until_there_is_room),
        cmocka_unit_test(stopped_while_it_is_held),
        cmocka_unit_test(those_that_come_are_looked_at),
        cmocka_unit_test(what_is_wrong_with_the_options),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
