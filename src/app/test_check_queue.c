/* SPDX-License-Identifier: MIT */
/* test_check_queue.c - who asks gets a check, a place in the queue, somebody else's check or none.
 * Nobody answers here, so each check ends with its time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "app/check_queue.h"
#include "event/loop.h"

#define IN_FLIGHT 2
#define WAITING   3
#define KEPT      2
#define ASIDE     2
#define LIMIT_MS  20000 /* far more than a test takes */

struct told {
    struct loop *loop;
    const char *stop_at; /* the loop ends when this one is over */
    size_t calls, over, events;
    size_t places[8], place_count; /* each that was told */
};

static TALLOC_CTX *ctx;
static struct loop *loop;
static struct check_queue *queue;
static unsigned char chance_next;
static size_t done_count;
static char done_last[CHECK_ID_SIZE];

static bool chance(void *bytes, size_t length)
{
    memset(bytes, ++chance_next, length);
    return chance_next < 0xf0;
}

static int64_t now(void)
{
    return 1795446000;
}

static void on_done(void *arg, const struct check_run *run)
{
    (void)arg;
    assert_int_equal(run->state, CHECK_DONE);
    assert_non_null(run->diagnosis);
    done_count++;
    memcpy(done_last, run->id, sizeof done_last);
}

static void open_queue(int64_t timeout_ms)
{
    static const char *const nobody[] = {"127.0.0.1@1"};
    const struct net_options net = {
        .resolvers = nobody, .resolver_count = 1, .timeout_ms = timeout_ms, .no_smtp = true};
    const struct check_queue_request request = {.net = &net,
                                                .in_flight = IN_FLIGHT,
                                                .waiting = WAITING,
                                                .kept = KEPT,
                                                .aside = ASIDE,
                                                .now = now,
                                                .chance = chance,
                                                .done = on_done};
    struct check_queue_request whole = request;
    char *why;

    ctx = talloc_new(NULL);
    chance_next = 0;
    done_count = 0;
    assert_int_equal(loop_new(ctx, &loop), STS_OK);
    whole.loop = loop;
    assert_int_equal(check_queue_new(ctx, &whole, &queue, &why), STS_OK);
}

static struct check_asked ask_as(const char *client, const char *domain)
{
    struct check_asked asked;

    assert_int_equal(check_queue_ask(queue, &(struct check_wish){domain, domain, client}, &asked),
                     STS_OK);
    return asked;
}

static struct check_asked ask(const char *domain)
{
    return ask_as("192.0.2.1", domain);
}

static void too_long(void *arg)
{
    (void)arg;
    fail_msg("nothing happened");
}

/* Until somebody stops the loop. */
static void wait_loop(void)
{
    struct loop_timer *timer;

    assert_int_equal(loop_timer_start(ctx, loop, loop_now(loop) + LIMIT_MS, too_long, NULL, &timer),
                     STS_OK);
    assert_int_equal(loop_run(loop), STS_OK);
    talloc_free(timer);
}

static void stop(void *arg)
{
    loop_stop(arg);
}

/* What is due now happens. */
static void turn(int64_t ms)
{
    struct loop_timer *timer;

    assert_int_equal(loop_timer_start(ctx, loop, loop_now(loop) + ms, stop, loop, &timer), STS_OK);
    assert_int_equal(loop_run(loop), STS_OK);
    talloc_free(timer);
}

static void on_changed(void *arg, const struct check_run *run)
{
    struct told *told = arg;

    told->calls++;
    assert_true(run->event_count >= told->events);
    told->events = run->event_count;
    if (run->state == CHECK_QUEUED && told->place_count < 8)
        told->places[told->place_count++] = run->place;
    if (run->state >= CHECK_DONE) {
        told->over++;
        loop_stop(loop);
    }
}

static struct check_follower *follow(const char *id, struct told *told)
{
    struct check_follower *follower;

    assert_int_equal(check_follow(ctx, queue, id, on_changed, told, &follower), STS_OK);
    assert_int_equal(told->calls, 0); /* not from inside */
    return follower;
}

/* ---- cases ----------------------------------------------------------------------------------- */

static void a_check_is_begun_followed_and_done(void **state)
{
    struct check_asked asked;
    struct told told = {0};
    const struct check_run *run;

    (void)state;
    open_queue(300);
    asked = ask("a.example");
    assert_int_equal(asked.outcome, CHECK_BEGUN);
    assert_string_equal(asked.run->id, "01010101010101010101010101010101");
    assert_int_equal(asked.run->state, CHECK_QUEUED);
    assert_int_equal(asked.run->place, 1);
    assert_int_equal(asked.run->asked_at, now());
    follow(asked.run->id, &told);
    wait_loop();
    run = check_queue_find(queue, "01010101010101010101010101010101");
    assert_int_equal(run->state, CHECK_DONE);
    assert_string_equal(run->diagnosis->facts->domain, "a.example");
    assert_true(run->diagnosis->facts->observer.public_only);
    assert_int_equal(run->event_count, LOOK_STEPS); /* each step, and no host is known */
    for (size_t i = 0; i < run->event_count; i++)
        assert_int_equal(run->events[i].host, LOOK_NO_HOST);
    assert_int_equal(done_count, 1);
    assert_string_equal(done_last, run->id);
    assert_ptr_equal(check_queue_newest(queue, "a.example"), run);
    assert_null(check_queue_newest(queue, "b.example"));
    talloc_free(ctx);
}

static void the_same_domain_is_joined_and_reused(void **state)
{
    struct check_asked first, second;
    struct told told = {0};
    struct check_queue_numbers numbers;

    (void)state;
    open_queue(300);
    first = ask("a.example");
    second = ask_as("192.0.2.2", "a.example");
    assert_int_equal(second.outcome, CHECK_JOINED);
    assert_ptr_equal(second.run, first.run);
    follow(first.run->id, &told);
    turn(10);
    assert_int_equal(ask("a.example").outcome, CHECK_JOINED); /* it runs by now */
    wait_loop();
    second = ask("a.example");
    assert_int_equal(second.outcome, CHECK_REUSED);
    assert_string_equal(second.run->id, "01010101010101010101010101010101");
    numbers = check_queue_numbers(queue);
    assert_int_equal(numbers.begun, 1);
    assert_int_equal(numbers.joined, 2);
    assert_int_equal(numbers.reused, 1);
    talloc_free(ctx);
}

static void others_wait_and_move_up(void **state)
{
    struct told told = {0};
    struct check_asked last;

    (void)state;
    open_queue(600);
    ask("a.example");
    ask("b.example");
    turn(10);
    assert_int_equal(ask("c.example").run->place, 1);
    last = ask("d.example");
    assert_int_equal(last.run->place, 2);
    follow(last.run->id, &told);
    wait_loop();
    assert_true(told.place_count >= 1);
    assert_int_equal(told.places[0], 2);
    for (size_t i = 1; i < told.place_count; i++)
        assert_true(told.places[i] <= told.places[i - 1]);
    assert_int_equal(told.over, 1);
    assert_true(check_queue_numbers(queue).kept <= KEPT);
    talloc_free(ctx);
}

static void the_queue_is_bounded(void **state)
{
    struct check_asked asked;
    char domain[16];

    (void)state;
    open_queue(60000);
    ask("a.example");
    ask("b.example");
    turn(10);
    for (int i = 0; i < WAITING; i++) {
        snprintf(domain, sizeof domain, "w%d.example", i);
        assert_int_equal(ask(domain).outcome, CHECK_BEGUN);
    }
    asked = ask("z.example");
    assert_int_equal(asked.outcome, CHECK_FULL);
    assert_null(asked.run);
    assert_true(asked.retry_after > 0);
    assert_int_equal(ask("w0.example").outcome, CHECK_JOINED);
    assert_int_equal(ask("a.example").outcome, CHECK_JOINED);
    talloc_free(ctx);
}

static void a_client_is_limited(void **state)
{
    struct check_asked asked;
    char domain[16];

    (void)state;
    open_queue(100);
    for (int i = 0; i < 10; i++) {
        snprintf(domain, sizeof domain, "c%d.example", i);
        asked = ask(domain);
        assert_int_equal(asked.outcome, CHECK_BEGUN);
        assert_true(check_queue_cancel(queue, asked.run->id, "192.0.2.1"));
    }
    asked = ask("y.example");
    assert_int_equal(asked.outcome, CHECK_LIMITED);
    assert_in_range(asked.retry_after, 1, 60);
    assert_int_equal(ask_as("192.0.2.2", "y.example").outcome, CHECK_BEGUN);
    assert_int_equal(ask("y.example").outcome, CHECK_JOINED); /* that costs nothing */
    talloc_free(ctx);
}

/* It ends when nobody wants it any more, and is no result for others. */
static void a_check_is_cancelled_by_the_last(void **state)
{
    struct told told = {0};
    struct check_asked asked;
    char id[CHECK_ID_SIZE];

    (void)state;
    open_queue(60000);
    asked = ask("a.example");
    memcpy(id, asked.run->id, sizeof id);
    ask_as("192.0.2.2", "a.example");
    turn(10);
    assert_true(check_queue_cancel(queue, id, "192.0.2.2"));
    assert_false(check_queue_cancel(queue, id, "192.0.2.2")); /* others want it still */
    assert_false(check_queue_cancel(queue, id, "192.0.2.3"));
    turn(10);
    assert_int_equal(check_queue_find(queue, id)->state, CHECK_RUNNING);
    follow(id, &told);
    told.calls = 0;
    assert_true(check_queue_cancel(queue, id, "192.0.2.1"));
    wait_loop();
    assert_int_equal(check_queue_find(queue, id)->state, CHECK_CANCELLED);
    assert_null(check_queue_find(queue, id)->diagnosis);
    assert_false(check_queue_cancel(queue, id, "192.0.2.1")); /* nothing happens */
    assert_int_equal(done_count, 0);
    assert_int_equal(ask("a.example").outcome, CHECK_BEGUN);
    talloc_free(ctx);
}

static void one_that_waits_is_cancelled(void **state)
{
    struct check_asked asked;

    (void)state;
    open_queue(60000);
    ask("a.example");
    ask("b.example");
    turn(10);
    asked = ask("c.example");
    assert_int_equal(ask("d.example").run->place, 2);
    assert_true(check_queue_cancel(queue, asked.run->id, "192.0.2.1"));
    assert_int_equal(ask("d.example").run->place, 1);
    assert_int_equal(check_queue_numbers(queue).waiting, 1);
    talloc_free(ctx);
}

static void nobody_follows_what_is_not_there(void **state)
{
    struct check_follower *follower;
    struct told told = {0};

    (void)state;
    open_queue(60000);
    assert_null(check_queue_find(queue, "02"));
    assert_int_equal(check_follow(ctx, queue, "02", on_changed, &told, &follower), STS_E_INVALID);
    assert_false(check_queue_cancel(queue, "02", "192.0.2.1"));
    follower = follow(ask("a.example").run->id, &told);
    TALLOC_FREE(queue); /* the follower outlives it, and is not called */
    turn(10);
    assert_int_equal(told.calls, 0);
    talloc_free(follower);
    talloc_free(ctx);
}

/* ---- sources --------------------------------------------------------------------------------- */

/* Gives names until there are none, and notes what comes back. */
struct giving {
    const char *const *names;
    size_t at, seen, empty;
    const char *looks[8]; /* as they were given */
};

static bool give(void *arg, struct observe_name *ret, void **ret_look)
{
    struct giving *giving = arg;

    if (!giving->names[giving->at])
        return false;
    *ret = (struct observe_name){giving->names[giving->at], giving->names[giving->at], false};
    giving->looks[giving->at] = giving->names[giving->at];
    *ret_look = &giving->looks[giving->at++];
    return true;
}

static void take(void *arg, void *look, const struct facts *facts)
{
    struct giving *giving = arg;

    giving->empty += !facts;
    assert_string_equal(*(const char **)look, facts ? facts->domain : *(const char **)look);
    giving->seen++;
}

static void add_source(struct giving *giving)
{
    const struct check_source source = {give, take, giving};

    assert_int_equal(check_queue_add_source(queue, &source), STS_OK);
}

static void sources_are_behind_visitors(void **state)
{
    struct giving giving = {
        .names = (const char *const[]){"s1.example", "s2.example", "s3.example", NULL}};
    struct told told = {0};

    (void)state;
    open_queue(400);
    ask("a.example");
    ask("b.example");
    turn(10);
    follow(ask("c.example").run->id, &told); /* waits */
    add_source(&giving);
    turn(50);
    assert_int_equal(giving.at, 0); /* somebody waits */
    wait_loop();
    assert_int_equal(told.over, 1);
    for (int i = 0; i < LIMIT_MS / 20 && giving.seen < 3; i++)
        turn(20);
    assert_int_equal(giving.seen, 3);
    assert_int_equal(giving.empty, 0);
    assert_int_equal(check_queue_numbers(queue).aside, 0);
    assert_int_equal(check_queue_numbers(queue).begun, 3); /* of visitors */
    talloc_free(ctx);
}

static void the_first_source_goes_first(void **state)
{
    struct giving first = {.names = (const char *const[]){"f1.example", "f2.example", NULL}};
    struct giving second = {.names = (const char *const[]){"s1.example", NULL}};

    (void)state;
    open_queue(400);
    add_source(&first);
    add_source(&second);
    turn(10);
    assert_int_equal(first.at, ASIDE);
    assert_int_equal(second.at, 0);
    for (int i = 0; i < LIMIT_MS / 20 && !second.seen; i++)
        turn(20);
    assert_int_equal(second.seen, 1);
    talloc_free(ctx);
}

static void a_new_network_goes_on_where_the_old_one_ends(void **state)
{
    struct giving giving = {.names = (const char *const[]){"s1.example", NULL}};
    struct told told = {0};

    (void)state;
    open_queue(500);
    add_source(&giving);
    follow(ask("a.example").run->id, &told);
    turn(10);
    assert_int_equal(check_queue_renew(queue), STS_OK);
    assert_int_equal(check_queue_renew(queue), STS_OK); /* nothing to do: that one is not over */
    ask("b.example");
    turn(10);
    assert_int_equal(check_queue_numbers(queue).running, 2);
    wait_loop();
    assert_int_equal(told.over, 1);
    for (int i = 0; i < LIMIT_MS / 20 && check_queue_numbers(queue).running; i++)
        turn(20);
    assert_int_equal(giving.seen, 1);
    turn(10);
    assert_int_equal(check_queue_renew(queue), STS_OK);
    turn(10);
    talloc_free(ctx);
}

static void an_owner_is_not_limited(void **state)
{
    struct check_asked asked;
    char domain[16];

    (void)state;
    open_queue(100);
    for (int i = 0; i < 11; i++) {
        snprintf(domain, sizeof domain, "c%d.example", i);
        assert_int_equal(
            check_queue_ask(queue, &(struct check_wish){domain, domain, "192.0.2.1", true}, &asked),
            STS_OK);
        assert_true(asked.run && asked.run->kept);
        turn(120);
    }
    assert_int_equal(ask("d.example").outcome, CHECK_BEGUN);
    assert_false(ask("d.example").run->kept);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_check_is_begun_followed_and_done),
        cmocka_unit_test(the_same_domain_is_joined_and_reused),
        cmocka_unit_test(others_wait_and_move_up),
        cmocka_unit_test(the_queue_is_bounded),
        cmocka_unit_test(a_client_is_limited),
        cmocka_unit_test(a_check_is_cancelled_by_the_last),
        cmocka_unit_test(one_that_waits_is_cancelled),
        cmocka_unit_test(nobody_follows_what_is_not_there),
        cmocka_unit_test(sources_are_behind_visitors),
        cmocka_unit_test(the_first_source_goes_first),
        cmocka_unit_test(a_new_network_goes_on_where_the_old_one_ends),
        cmocka_unit_test(an_owner_is_not_limited),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
