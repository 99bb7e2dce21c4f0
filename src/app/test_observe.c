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

#define COUNT 5
#define JOBS  2

static const char *const names[COUNT] = {"a.example", "b.example", "c.example", "d.example",
                                         "e.example"};

struct seen {
    size_t times[COUNT], total, interrupted;
    size_t done; /* as told by progress */
    size_t polls, stop_at;
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

static void on_progress(void *arg, size_t done)
{
    struct seen *seen = arg;

    assert_true(done >= seen->done && done == seen->total);
    seen->done = done;
}

static bool on_poll(void *arg)
{
    struct seen *seen = arg;

    return ++seen->polls >= seen->stop_at;
}

/* A resolver that is not there; the time is short where it is to run out. */
static struct observe_end observe(struct seen *seen, int64_t timeout_ms)
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
                                            .progress = on_progress,
                                            .stop = on_poll,
                                            .arg = seen};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct observe_end end;

    assert_int_equal(observe_domains(ctx, &request, &end), STS_OK);
    assert_false(end.incomplete);
    talloc_free(ctx);
    return end;
}

static void each_is_seen_once(void **state)
{
    struct seen seen = {.stop_at = SIZE_MAX};

    (void)state;
    assert_false(observe(&seen, 200).stopped);
    assert_int_equal(seen.total, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(seen.times[i], 1);
    assert_true(seen.done >= COUNT - JOBS);
}

static void stopped_with_what_is_known(void **state)
{
    struct seen seen = {.stop_at = 1};

    (void)state;
    assert_true(observe(&seen, 600000).stopped);
    assert_int_equal(seen.total, JOBS); /* no more were begun */
    assert_int_equal(seen.interrupted, JOBS);
}

static void what_is_wrong_with_the_options(void **state)
{
    static const char *const nonsense[] = {"not an address"};
    const struct net_options net = {.resolvers = nonsense, .resolver_count = 1};
    struct seen seen = {.stop_at = SIZE_MAX};
    const struct observe_request request = {.net = &net,
                                            .names = names,
                                            .given = names,
                                            .count = COUNT,
                                            .jobs = JOBS,
                                            .seen = on_seen,
                                            .arg = &seen};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct observe_end end;

    (void)state;
    assert_int_equal(observe_domains(ctx, &request, &end), STS_E_INVALID);
    assert_non_null(strstr(end.why, "not an address"));
    assert_int_equal(seen.total, 0);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_seen_once),
        cmocka_unit_test(stopped_with_what_is_known),
        cmocka_unit_test(what_is_wrong_with_the_options),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
