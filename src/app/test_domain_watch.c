/* SPDX-License-Identifier: MIT */
/* test_domain_watch.c - which domains are looked at when; clock, chance, looks and our own place
 * are made up, the store is real. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "app/domain_watch.h"
#include "app/watch_interval.h"
#include "event/loop.h"
#include "facts/test_domain.h"
#include "history/test_history.h"
#include "store/accounts.h"
#include "store/readers.h"
#include "store/writer.h"

#define HOUR     ((int64_t)3600)
#define EVERY    (6 * HOUR)
#define LIMIT_MS 20000 /* far more than a test takes */

struct fixture {
    struct store *store;
    struct loop *loop;
    struct store_writer *writer;
    struct store_readers *readers;
    struct domain_watch *watch;
    struct check_source source;
    int64_t pace;
    size_t more, renewed, faults;
};

static int64_t clock_is;
static uint32_t chance_is;
/* Of our place. */
static own_place_fn place_done;
static void *place_arg;
static size_t place_asked;

static int64_t now(void)
{
    return clock_is;
}

static uint32_t chance(void)
{
    return chance_is;
}

static enum sts_status look_at_place(TALLOC_CTX *ctx, struct loop *loop,
                                     const struct net_options *net, own_place_fn done, void *arg,
                                     struct own_place_look **ret)
{
    (void)loop;
    (void)net;
    place_done = done;
    place_arg = arg;
    place_asked++;
    *ret = talloc_zero_size(ctx, 1);
    return *ret ? STS_OK : STS_E_NOMEM;
}

static void place_is(bool fine)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct vantage_point points[] = {{VANTAGE_RESOLVER, VANTAGE_STATE_OK, NULL}};
    struct vantage vantage = {.points = points, .point_count = 1};
    struct facts facts = {.domain = "", .vantage = &vantage};

    points[0].state = fine ? VANTAGE_STATE_OK : VANTAGE_STATE_CLOSED;
    place_done(place_arg, &facts);
    talloc_free(ctx);
}

static void on_more(void *arg)
{
    struct fixture *f = arg;

    f->more++;
    loop_stop(f->loop);
}

static void on_renew(void *arg)
{
    ((struct fixture *)arg)->renewed++;
}

static void on_fault(void *arg, const struct store_fault *why)
{
    (void)why;
    ((struct fixture *)arg)->faults++;
}

/* ---- a watch --------------------------------------------------------------------------------- */

static void begin(struct fixture *f)
{
    const struct domain_watch_request request = {.loop = f->loop,
                                                 .writer = f->writer,
                                                 .readers = f->readers,
                                                 .every = EVERY,
                                                 .keep_days = 400,
                                                 .pace = f->pace,
                                                 .doubt_ms = 1,
                                                 .more = on_more,
                                                 .renew = on_renew,
                                                 .fault = on_fault,
                                                 .arg = f,
                                                 .now = now,
                                                 .chance = chance,
                                                 .look_at_place = look_at_place};

    assert_int_equal(domain_watch_new(f->loop, &request, &f->watch), STS_OK);
    f->source = domain_watch_source(f->watch);
}

static int open_all(void **state)
{
    struct fixture *f = talloc_zero(NULL, struct fixture);
    int64_t group;

    f->store = test_store_open();
    clock_is = NOW;
    chance_is = UINT32_MAX / 2;
    place_asked = 0;
    f->pace = 10000;
    assert_int_equal(loop_new(f, &f->loop), STS_OK);
    assert_int_equal(store_writer_new(f, f->loop, store_name(f->store), &f->writer), STS_OK);
    assert_int_equal(store_readers_new(f, f->loop, store_name(f->store), 1, &f->readers), STS_OK);
    assert_int_equal(store_add_group(f->store, "g", NOW, &group), STS_OK);
    *state = f;
    return 0;
}

static int close_all(void **state)
{
    struct fixture *f = *state;
    struct store *store = f->store;

    talloc_free(f->watch);
    talloc_free(f->readers);
    talloc_free(f->writer);
    talloc_free(f);
    test_store_close(store);
    return 0;
}

/* As after kill -9, but for what the writer had been given. */
static void restart(struct fixture *f)
{
    TALLOC_FREE(f->watch);
    begin(f);
}

static void give(struct fixture *f, const char *domain)
{
    const struct store_owned owned = {
        .domain = domain, .group = 1, .added = NOW, .proof = "p", .proven = NOW};
    int64_t group;

    assert_int_equal(store_give_domain(f->store, &owned, &group), STS_OK);
}

static void stop(void *arg)
{
    loop_stop(arg);
}

static void turn(struct fixture *f, int64_t ms)
{
    struct loop_timer *timer;

    assert_int_equal(
        loop_timer_start(f->loop, f->loop, loop_now(f->loop) + ms, stop, f->loop, &timer), STS_OK);
    assert_int_equal(loop_run(f->loop), STS_OK);
    talloc_free(timer);
}

static void settle(struct fixture *f)
{
    for (int i = 0; i < LIMIT_MS / 5 && store_writer_pending(f->writer); i++)
        turn(f, 5);
    assert_int_equal(store_writer_pending(f->writer), 0);
}

/* Asks the store what is due, and waits for its answer. */
static void ask(struct fixture *f)
{
    domain_watch_wake(f->watch);
    turn(f, 1);
    settle(f);
}

static bool next(struct fixture *f, struct observe_name *name, void **look)
{
    return f->source.next(f->source.arg, name, look);
}

static struct facts *facts_of(const char *domain, int64_t at)
{
    struct facts *facts = healthy(NULL);

    facts->domain = talloc_strdup(facts, domain);
    facts->observed_at = at;
    return facts;
}

static void hand_back(struct fixture *f, void *look, struct facts *facts)
{
    f->source.seen(f->source.arg, look, facts);
    talloc_free(facts);
    settle(f);
}

/* The only one that is given is this, and it is looked at. */
static void look_at(struct fixture *f, const char *domain, void (*change)(struct facts *facts))
{
    struct observe_name name;
    struct facts *facts;
    void *look, *other;

    assert_true(next(f, &name, &look));
    assert_string_equal(name.name, domain);
    assert_false(next(f, &name, &other));
    facts = facts_of(domain, clock_is);
    if (change)
        change(facts);
    hand_back(f, look, facts);
}

static void expect_none(struct fixture *f)
{
    struct observe_name name;
    void *look;

    ask(f);
    if (next(f, &name, &look))
        fail_msg("%s is given", name.name);
}

static struct store_scheduled scheduled(struct fixture *f, const char *domain)
{
    struct store_scheduled found;
    bool there;

    assert_int_equal(store_scheduled(f->store, domain, &found, &there), STS_OK);
    assert_true(there);
    return found;
}

static size_t checks_of(struct fixture *f, const char *domain)
{
    struct store_check *check = NULL;
    size_t count = 0;
    int64_t at = INT64_MAX;

    for (;;) {
        assert_int_equal(store_last_check(f->store, f, domain, at, &check), STS_OK);
        if (!check)
            return count;
        at = check->observed_at - 1;
        count++;
    }
}

static void unanswered(struct facts *facts)
{
    facts->sts_txt = answer(facts, "x", DNS_TXT, DNS_OUTCOME_TIMEOUT);
    facts->mx_answer = answer(facts, "x", DNS_MX, DNS_OUTCOME_TIMEOUT);
    facts->tlsrpt_txt = answer(facts, "x", DNS_TXT, DNS_OUTCOME_TIMEOUT);
    facts->policy_host.a = answer(facts, "x", DNS_A, DNS_OUTCOME_TIMEOUT);
    facts->policy_host.aaaa = answer(facts, "x", DNS_AAAA, DNS_OUTCOME_TIMEOUT);
}

static void unanswered_by_a_good_resolver(struct facts *facts)
{
    struct vantage *vantage = talloc_zero(facts, struct vantage);

    vantage->points = talloc_zero(vantage, struct vantage_point);
    vantage->points[0] =
        (struct vantage_point){.name = VANTAGE_RESOLVER, .state = VANTAGE_STATE_OK};
    vantage->point_count = 1;
    facts->vantage = vantage;
    unanswered(facts);
}

static void without_memory(struct facts *facts)
{
    facts->shortage = "memory";
}

static void expired(struct facts *facts)
{
    set_policy(facts, "nonsense");
}

/* ---- cases ----------------------------------------------------------------------------------- */

static void a_new_domain_is_looked_at_at_once_and_then_on_schedule(void **state)
{
    struct fixture *f = *state;

    give(f, "example.com");
    begin(f);
    expect_none(f); /* our own place is not known yet */
    place_is(true);
    ask(f);
    look_at(f, "example.com", NULL);
    assert_int_equal(checks_of(f, "example.com"), 1);
    assert_int_equal(f->more, 1);
    expect_none(f);
    clock_is = scheduled(f, "example.com").due - 1;
    assert_in_range(clock_is, NOW + EVERY / 2, NOW + EVERY);
    expect_none(f);
    clock_is++;
    ask(f);
    look_at(f, "example.com", NULL);
    assert_int_equal(checks_of(f, "example.com"), 2);
    assert_in_range(scheduled(f, "example.com").due, clock_is + EVERY * 9 / 10,
                    clock_is + EVERY * 11 / 10);
    assert_int_equal(f->faults, 0);
}

static void on_stopped(void *arg)
{
    ++*(int *)arg;
}

static size_t taken(struct fixture *f, struct observe_name *names, void **looks, size_t most)
{
    size_t count = 0;

    ask(f);
    while (count < most && next(f, &names[count], &looks[count]))
        count++;
    return count;
}

/* What is not begun, what is under way, and what waits to know whose fault it is. */
static void a_clean_stop_gives_claims_back(void **state)
{
    struct fixture *f = *state;
    struct observe_name names[4];
    struct facts *facts;
    void *looks[4];
    int stopped = 0;

    give(f, "a.example");
    begin(f);
    ask(f);
    place_is(true);
    ask(f);
    look_at(f, "a.example", NULL);
    give(f, "b.example");
    give(f, "c.example");
    clock_is = scheduled(f, "a.example").due;
    assert_int_equal(taken(f, names, looks, 2), 2);
    assert_true(scheduled(f, "c.example").due > clock_is);
    facts = facts_of(names[0].name, clock_is);
    unanswered_by_a_good_resolver(facts);
    hand_back(f, looks[0], facts);
    domain_watch_stop(f->watch, on_stopped, &stopped);
    assert_false(next(f, &names[2], &looks[2]));
    settle(f);
    assert_int_equal(stopped, 1);
    assert_int_equal(scheduled(f, "a.example").due, clock_is);
    assert_int_equal(scheduled(f, "b.example").due, STORE_DUE_NOW);
    assert_int_equal(scheduled(f, "c.example").due, STORE_DUE_NOW);
    restart(f);
    ask(f);
    place_is(true);
    assert_int_equal(taken(f, names, looks, 4), 3);
}

/* Without the loop, so that the watch does not know it yet. */
static void wait_for_claim(struct fixture *f, const char *domain)
{
    struct store_scheduled found;
    bool there = false;

    for (int i = 0; i < LIMIT_MS && (!there || found.due <= NOW); i++) {
        assert_int_equal(poll(NULL, 0, 1), 0);
        assert_int_equal(store_scheduled(f->store, domain, &found, &there), STS_OK);
    }
    assert_true(there && found.due > NOW);
}

static void a_stop_waits_for_the_claim_under_way(void **state)
{
    struct fixture *f = *state;
    int stopped = 0;

    give(f, "a.example");
    begin(f);
    ask(f);
    place_is(true);
    turn(f, 1);
    wait_for_claim(f, "a.example"); /* of which the watch was not told yet */
    domain_watch_stop(f->watch, on_stopped, &stopped);
    assert_int_equal(stopped, 0);
    settle(f);
    assert_int_equal(stopped, 1);
    assert_int_equal(scheduled(f, "a.example").due, STORE_DUE_NOW);
}

static void a_domain_that_is_added_behind_a_claim_is_seen_at_once(void **state)
{
    struct fixture *f = *state;
    struct observe_name name;
    void *look;

    give(f, "a.example");
    begin(f);
    turn(f, 1);
    place_is(true);
    turn(f, 0);
    wait_for_claim(f, "a.example");
    give(f, "b.example");
    domain_watch_wake(f->watch);
    for (int i = 0; i < 10; i++)
        turn(f, 1);
    settle(f);
    turn(f, 1);
    settle(f);
    assert_true(next(f, &name, &look));
    assert_true(next(f, &name, &look));
    assert_string_equal(name.name, "b.example");
}

static void a_domain_with_a_problem_is_looked_at_sooner_for_a_day(void **state)
{
    struct fixture *f = *state;

    give(f, "example.com");
    begin(f);
    turn(f, 1);
    place_is(true);
    for (int i = 0; i < 25; i++) {
        ask(f);
        look_at(f, "example.com", expired);
        if (i)
            assert_in_range(scheduled(f, "example.com").due, clock_is,
                            clock_is + (i < 24 ? HOUR : EVERY) * 11 / 10);
        clock_is = scheduled(f, "example.com").due;
    }
    assert_true(clock_is > NOW + 25 * HOUR);
    ask(f);
    look_at(f, "example.com", NULL);
    assert_int_equal(scheduled(f, "example.com").ill, 0);
}

static void a_kill_costs_some_minutes(void **state)
{
    struct fixture *f = *state;
    struct observe_name name;
    void *look;

    give(f, "example.com");
    begin(f);
    turn(f, 1);
    place_is(true);
    ask(f);
    assert_true(next(f, &name, &look));
    restart(f);
    turn(f, 1);
    place_is(true);
    expect_none(f); /* whoever was killed may still be at it, for all that is known */
    clock_is += 300;
    ask(f);
    look_at(f, "example.com", NULL);
    assert_int_equal(checks_of(f, "example.com"), 1);
}

static void what_is_not_seen_for_reasons_of_our_own_is_no_news(void **state)
{
    struct fixture *f = *state;
    struct domain_watch_state seen;

    give(f, "example.com");
    begin(f);
    turn(f, 1);
    place_is(true);
    ask(f);
    look_at(f, "example.com", without_memory);
    assert_int_equal(checks_of(f, "example.com"), 0);
    assert_int_equal(scheduled(f, "example.com").blind, 1);
    assert_in_range(scheduled(f, "example.com").due, clock_is + 54, clock_is + 66);
    assert_int_equal(scheduled(f, "example.com").looked, 0);
    clock_is += 70;
    ask(f);
    look_at(f, "example.com", without_memory);
    assert_in_range(scheduled(f, "example.com").due, clock_is + 108, clock_is + 132);
    seen = domain_watch_state(f->watch);
    assert_int_equal(seen.blind, 2);
    assert_int_equal(seen.looks, 0);
}

/* The loop's clock goes on: a look at our place is believed for a minute. */
static void a_broken_network_pauses_all(void **state)
{
    struct fixture *f = *state;
    struct observe_name name;
    void *first, *second;

    give(f, "a.example");
    give(f, "b.example");
    give(f, "c.example");
    begin(f);
    turn(f, 1);
    ask(f);
    place_is(false);
    assert_true(domain_watch_state(f->watch).broken);
    assert_int_equal(domain_watch_state(f->watch).broken_since, NOW);
    expect_none(f);
    place_is(true); /* as if it had been asked again */
    assert_false(domain_watch_state(f->watch).broken);
    assert_int_equal(f->renewed, 1);
    ask(f);
    assert_true(next(f, &name, &first));
    assert_true(next(f, &name, &second));
    place_is(false);
    {
        struct facts *facts = facts_of("a.example", clock_is);

        unanswered(facts);
        hand_back(f, first, facts);
    }
    assert_int_equal(checks_of(f, "a.example"), 0);
    assert_int_equal(scheduled(f, "a.example").blind, 1);
    assert_false(next(f, &name, &first));
    hand_back(f, second, facts_of("b.example", clock_is)); /* it saw something */
    assert_int_equal(checks_of(f, "b.example"), 1);
}

static void a_silent_domain_is_one_where_our_network_is_fine(void **state)
{
    struct fixture *f = *state;

    give(f, "example.com");
    begin(f);
    turn(f, 1);
    place_is(true);
    ask(f);
    look_at(f, "example.com", unanswered_by_a_good_resolver);
    assert_int_equal(checks_of(f, "example.com"), 0); /* our own place is looked at first */
    turn(f, 5);
    assert_int_equal(place_asked, 2);
    place_is(true);
    settle(f);
    assert_int_equal(checks_of(f, "example.com"), 1);
}

/* After a long stop all are due, and are taken at a pace. */
static void a_long_stop_leads_to_no_burst(void **state)
{
    struct fixture *f = *state;
    struct observe_name name;
    size_t given = 0;
    char domain[32];
    void *look;

    assert_int_equal(store_begin(f->store), STS_OK);
    for (int i = 0; i < 200; i++) {
        snprintf(domain, sizeof domain, "d%d.example", i);
        give(f, domain);
    }
    assert_int_equal(store_commit(f->store), STS_OK);
    assert_int_equal(
        store_schedule_update(f->store, &(struct store_schedule_rule){NOW, EVERY, NOW + 2 * EVERY}),
        STS_OK);
    for (int i = 0; i < 200; i++) {
        snprintf(domain, sizeof domain, "d%d.example", i);
        assert_int_equal(store_schedule(f->store, domain,
                                        &(struct store_scheduled){.due = NOW + i, .looked = NOW}),
                         STS_OK);
    }
    clock_is = NOW + HOUR * 24 * 30;
    f->pace = 0;
    begin(f);
    turn(f, 1);
    place_is(true);
    turn(f, 2100);
    settle(f);
    while (next(f, &name, &look))
        given++;
    assert_in_range(given, 1, 20); /* of 200; some two seconds have passed */
}

static void clocks_that_jump_do_no_harm(void **state)
{
    struct fixture *f = *state;

    give(f, "example.com");
    begin(f);
    turn(f, 1);
    place_is(true);
    ask(f);
    look_at(f, "example.com", NULL);
    clock_is -= HOUR * 24 * 400;
    expect_none(f);
    assert_in_range(scheduled(f, "example.com").due, clock_is, clock_is + EVERY);
}

static void what_an_owner_asks_for_is_stored(void **state)
{
    struct fixture *f = *state;
    const char *const domains[] = {"example.com", "foreign.example"};
    struct facts *facts = facts_of("example.com", NOW - 5);

    give(f, "example.com");
    begin(f);
    turn(f, 1);
    place_is(true);
    ask(f);
    domain_watch_take(f->watch, facts);
    talloc_free(facts);
    settle(f);
    assert_int_equal(checks_of(f, "example.com"), 1);
    look_at(f, "example.com", NULL); /* had been claimed before */
    expect_none(f);
    assert_int_equal(domain_watch_now(f->watch, domains, 2), STS_OK);
    settle(f);
    turn(f, 1);
    settle(f);
    look_at(f, "example.com", NULL);
}

static void intervals_are_bounded(void **state)
{
    const struct store_scheduled ill = {.looked = 1, .ill = 24}, blind = {.blind = 60};
    struct watch_interval interval = {EVERY, 0};

    (void)state;
    for (int i = 0; i < 2; i++, interval.chance = UINT32_MAX) {
        assert_in_range(watch_interval_next(&interval, &ill, WATCH_ILL, NOW).due,
                        NOW + EVERY * 9 / 10, NOW + EVERY * 11 / 10);
        assert_in_range(watch_interval_next(&interval, &ill, WATCH_FINE, NOW).due,
                        NOW + EVERY * 9 / 10, NOW + EVERY * 11 / 10);
        assert_in_range(watch_interval_next(&interval, &blind, WATCH_BLIND, NOW).due, NOW + 3456,
                        NOW + 4224);
        assert_true(watch_interval_next(&interval, &ill, WATCH_FINE, NOW).due <=
                    watch_interval_latest(EVERY, NOW));
    }
    interval.every = 600;
    assert_true(watch_interval_next(&interval, &blind, WATCH_BLIND, NOW).due <= NOW + 660);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_all, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_new_domain_is_looked_at_at_once_and_then_on_schedule),
        CASE(a_domain_with_a_problem_is_looked_at_sooner_for_a_day),
        CASE(a_clean_stop_gives_claims_back),
        CASE(a_stop_waits_for_the_claim_under_way),
        CASE(a_domain_that_is_added_behind_a_claim_is_seen_at_once),
        CASE(a_kill_costs_some_minutes),
        CASE(what_is_not_seen_for_reasons_of_our_own_is_no_news),
        CASE(a_broken_network_pauses_all),
        CASE(a_silent_domain_is_one_where_our_network_is_fine),
        CASE(a_long_stop_leads_to_no_burst),
        CASE(clocks_that_jump_do_no_harm),
        CASE(what_an_owner_asks_for_is_stored),
        cmocka_unit_test(intervals_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
