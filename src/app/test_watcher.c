/* SPDX-License-Identifier: MIT */
/* test_watcher.c - a pass over domains: what is stored, what is told and what is told again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "app/watcher.h"
#include "event/loop.h"
#include "history/test_history.h"
#include "rules/test_facts.h"

#define HOUR     ((int64_t)3600)
#define NEWS_MAX 8

/* What came of one pass. */
struct heard {
    struct watcher *watcher;
    bool delivers; /* from within news() */
    struct watcher_news *news[NEWS_MAX];
    size_t changes[NEWS_MAX];
    char codes[NEWS_MAX][200]; /* of the notes, with blanks between them */
    size_t count;
    size_t faults;
    enum sts_status fault;
    char fault_domain[40]; /* "": of none in particular */
    const struct store *fault_of;
};

static void on_news(void *arg, struct watcher_news *news)
{
    struct heard *heard = arg;
    char *codes = heard->codes[heard->count];

    assert_true(heard->count < NEWS_MAX);
    for (size_t i = 0; i < news->feed->advisory->note_count; i++) {
        strncat(codes, news->feed->advisory->notes[i].code, 50);
        strncat(codes, " ", 2);
    }
    heard->changes[heard->count] = news->feed->changes;
    heard->news[heard->count++] = news;
    if (heard->delivers)
        watcher_delivered(heard->watcher, news);
}

static void on_fault(void *arg, const struct fault *fault)
{
    struct heard *heard = arg;

    heard->faults++;
    heard->fault = fault->status;
    heard->fault_of = fault->store;
    (void)snprintf(heard->fault_domain, sizeof heard->fault_domain, "%s",
                   fault->domain ? fault->domain : "");
}

static struct loop *loop;
static size_t alive;

static void on_alive(void)
{
    alive++;
}

static struct watcher_request request_at(struct heard *heard, struct store *store, int64_t now)
{
    return (struct watcher_request){
        .store = store,
        .where = store ? store_name(store) : NULL,
        .loop = loop,
        .subscriber = "me",
        .now = now,
        .keep_days = 400,
        .news = on_news,
        .fault = on_fault,
        .alive = on_alive,
        .arg = heard,
    };
}

static struct watcher *begin(struct heard *heard, const struct watcher_request *request)
{
    assert_int_equal(watcher_new(NULL, request, &heard->watcher), STS_OK);
    return heard->watcher;
}

/* The facts are gone as soon as they were taken, as those of a probe are. */
static void take(struct heard *heard, int64_t at, void (*change)(struct facts *facts))
{
    struct facts *facts = healthy(NULL);

    facts->observed_at = at;
    if (change)
        change(facts);
    assert_int_equal(watcher_take(heard->watcher, facts), STS_OK);
    talloc_free(facts);
}

static void end(struct heard *heard)
{
    watcher_end(heard->watcher);
    TALLOC_FREE(heard->watcher);
}

/* One domain, one look, delivered or not. */
static struct heard pass_with(struct store *store, const char *where, int64_t at, bool delivers,
                              void (*change)(struct facts *facts))
{
    struct heard heard = {.delivers = delivers};
    struct watcher_request request = request_at(&heard, store, at);

    request.where = where;
    begin(&heard, &request);
    take(&heard, at, change);
    watcher_tell(heard.watcher);
    end(&heard);
    return heard;
}

static struct heard pass(struct store *store, int64_t at, bool delivers,
                         void (*change)(struct facts *facts))
{
    return pass_with(store, store ? store_name(store) : NULL, at, delivers, change);
}

static void testing(struct facts *facts)
{
    set_policy(facts, "version: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 2592000\n");
}

static void without_memory(struct facts *facts)
{
    facts->shortage = "memory";
}

static void interrupted(struct facts *facts)
{
    facts->interrupted = true;
}

static void elsewhere(struct facts *facts)
{
    facts->domain = "b.example";
}

static void elsewhere_without_memory(struct facts *facts)
{
    elsewhere(facts);
    without_memory(facts);
}

static bool count_check(void *arg, const struct store_check *check)
{
    size_t *count = arg;

    (void)check;
    ++*count;
    return true;
}

static size_t checks_of(struct store *store)
{
    size_t count = 0;

    assert_int_equal(store_history(store, TEST_DOMAIN, INT64_MIN, count_check, &count), STS_OK);
    return count;
}

/* ---- what is stored and told ----------------------------------------------------------------- */

static void a_change_is_told_until_it_arrived(void **state)
{
    struct heard heard = pass(*state, NOW, true, NULL);

    assert_int_equal(heard.count, 1);
    assert_true(heard.changes[0] == 0 && heard.faults == 0);
    for (int i = 0; i < 2; i++) {
        heard = pass(*state, NOW + HOUR + i, false, testing);
        assert_true(heard.changes[0] > 0);
        assert_non_null(strstr(heard.codes[0], "mode-changed "));
    }
    assert_true(pass(*state, NOW + 2 * HOUR, true, testing).changes[0] > 0);
    assert_int_equal(pass(*state, NOW + 3 * HOUR, true, testing).changes[0], 0);
    assert_int_equal(checks_of(*state), 5);
}

static void what_arrives_later(void **state)
{
    struct heard heard = {.delivers = false};
    const struct watcher_request request = request_at(&heard, *state, NOW + HOUR);

    (void)pass(*state, NOW, true, NULL);
    begin(&heard, &request);
    take(&heard, NOW + HOUR, testing);
    watcher_tell(heard.watcher);
    assert_true(heard.changes[0] > 0);
    assert_null(heard.news[0]->feed); /* it was for the callback */
    assert_string_equal(heard.news[0]->domain, TEST_DOMAIN);
    watcher_delivered(heard.watcher, heard.news[0]);
    end(&heard);
    assert_int_equal(pass(*state, NOW + 2 * HOUR, false, testing).changes[0], 0);
}

static void of_several_looks_the_newest_tells(void **state)
{
    struct heard heard = {.delivers = true};
    const struct watcher_request request = request_at(&heard, *state, NOW + HOUR);

    begin(&heard, &request);
    alive = 0;
    take(&heard, NOW + HOUR, testing);
    take(&heard, NOW, NULL);
    take(&heard, NOW, elsewhere);
    watcher_tell(heard.watcher);
    assert_int_equal(heard.count, 2);
    assert_string_equal(heard.news[0]->domain, TEST_DOMAIN);
    assert_string_equal(heard.news[1]->domain, "b.example");
    assert_true(alive >= 6); /* while storing and while telling */
    end(&heard);
    assert_int_equal(checks_of(*state), 2);
}

static void at_the_time_of_the_pass(void **state)
{
    struct heard heard = {.delivers = true};
    struct watcher_request request = request_at(&heard, *state, NOW + 5 * DAY);
    struct store_check *last;

    request.at_now = true;
    begin(&heard, &request);
    take(&heard, NOW, NULL);
    watcher_tell(heard.watcher);
    end(&heard);
    assert_int_equal(store_last_check(*state, *state, TEST_DOMAIN, NOW + 6 * DAY, &last), STS_OK);
    assert_int_equal(last->observed_at, NOW + 5 * DAY);
}

/* ---- beside the network ---------------------------------------------------------------------- */

#define LOOKS 240U /* live ones, of as many domains */

struct crowd {
    struct watcher *watcher;
    size_t told, wanted;
};

/* In the order of the looks, and judged once. */
static void on_crowd_news(void *arg, struct watcher_news *news)
{
    struct crowd *crowd = arg;
    char expected[40];

    (void)snprintf(expected, sizeof expected, "d%zu.example", crowd->told);
    assert_string_equal(news->domain, expected);
    assert_true(news->seen && news->feed->diagnosis);
    watcher_delivered(crowd->watcher, news);
    if (++crowd->told == crowd->wanted)
        loop_stop(loop);
}

static void give_up(void *arg)
{
    (void)arg;
    fail_msg("nothing is told while domains are looked at");
}

static void take_one(const struct crowd *crowd, size_t number)
{
    struct facts *facts = healthy(NULL);

    facts->observed_at = NOW;
    facts->domain = talloc_asprintf(facts, "d%zu.example", number);
    assert_int_equal(watcher_take(crowd->watcher, facts), STS_OK);
    talloc_free(facts);
}

static void take_crowd(struct crowd *crowd, size_t first, size_t count)
{
    for (size_t i = first; i < first + count; i++)
        take_one(crowd, i);
    crowd->wanted = first + count;
    assert_int_equal(loop_run(loop), STS_OK);
}

/* News come before watcher_tell(), in order, and what was told leaves next to nothing behind. */
static void told_while_others_are_looked_at(void **state)
{
    struct crowd crowd = {0};
    struct heard unused = {0};
    struct watcher_request request = request_at(&unused, *state, NOW);
    struct loop_timer *timer;
    size_t before, first_half;

    request.live = true;
    request.news = on_crowd_news;
    request.arg = &crowd;
    assert_int_equal(watcher_new(NULL, &request, &crowd.watcher), STS_OK);
    assert_int_equal(
        loop_timer_start(crowd.watcher, loop, loop_now(loop) + 60000, give_up, NULL, &timer),
        STS_OK);
    before = talloc_total_size(crowd.watcher);
    take_crowd(&crowd, 0, LOOKS / 2);
    first_half = talloc_total_size(crowd.watcher);
    take_crowd(&crowd, LOOKS / 2, LOOKS / 2);
    assert_true(first_half - before < LOOKS / 2 * 1000);
    assert_true(talloc_total_size(crowd.watcher) - first_half < LOOKS / 2 * 1000);
    watcher_tell(crowd.watcher);
    assert_int_equal(crowd.told, LOOKS);
    watcher_end(crowd.watcher);
    talloc_free(crowd.watcher);
}

/* Where nothing comes to its end, no more are to be taken. */
static void no_room_while_nothing_is_told(void **state)
{
    struct crowd crowd = {.wanted = SIZE_MAX};
    struct heard unused = {0};
    struct watcher_request request = request_at(&unused, *state, NOW);
    size_t taken = 0;

    request.live = true;
    request.news = on_crowd_news;
    request.arg = &crowd;
    assert_int_equal(watcher_new(NULL, &request, &crowd.watcher), STS_OK);
    for (; watcher_has_room(crowd.watcher); taken++) {
        assert_true(taken < 10 * LOOKS);
        take_one(&crowd, taken);
    }
    assert_true(taken > LOOKS);
    watcher_tell(crowd.watcher);
    assert_int_equal(crowd.told, taken);
    assert_true(watcher_has_room(crowd.watcher));
    watcher_end(crowd.watcher);
    talloc_free(crowd.watcher);
}

/* ---- nothing was seen ------------------------------------------------------------------------ */

static void a_look_that_was_interrupted(void **state)
{
    assert_int_equal(pass(*state, NOW, true, interrupted).count, 0);
    assert_int_equal(checks_of(*state), 0);
}

static void want_of_our_own_is_no_check(void **state)
{
    struct heard heard;

    (void)pass(*state, NOW, true, NULL);
    heard = pass(*state, NOW + HOUR, true, without_memory);
    assert_int_equal(heard.count, 1);
    assert_true(heard.news[0] && heard.changes[0] == 0);
    assert_int_equal(checks_of(*state), 1);
    assert_int_equal(pass(*state, NOW + 2 * HOUR, true, NULL).changes[0], 0);
}

static void why_is_said_once(void **state)
{
    for (int once = 0; once < 2; once++) {
        struct heard heard = {.delivers = true};
        struct watcher_request request = request_at(&heard, *state, NOW);

        request.blind_once = once;
        begin(&heard, &request);
        take(&heard, NOW, without_memory);
        take(&heard, NOW, elsewhere_without_memory);
        watcher_tell(heard.watcher);
        assert_int_equal(heard.count, 2);
        assert_true(heard.news[0]->blind && !heard.news[0]->seen);
        assert_int_equal(heard.news[1]->blind, !once);
        assert_true(*heard.codes[0]);
        assert_int_equal(*heard.codes[1] != '\0', !once);
        end(&heard);
    }
}

/* ---- trouble with the store ------------------------------------------------------------------ */

static void without_a_store(void **state)
{
    struct heard heard;

    (void)state;
    heard = pass(NULL, NOW, true, NULL);
    assert_true(heard.count == 1 && heard.faults == 0);
}

/* A store that can be read only: said once; what was seen is told, and told again. */
static void a_store_that_takes_nothing(void **state)
{
    struct store_fault *fault;
    struct store *reader;

    (void)pass(*state, NOW, true, NULL);
    assert_int_equal(store_open(NULL, store_name(*state), STORE_READ, &reader, &fault), STS_OK);
    for (int i = 1; i < 3; i++) {
        struct heard heard = pass_with(reader, "/nonexistent/store", NOW + i * HOUR, true, testing);

        assert_true(heard.faults == 1 && heard.fault == STS_E_IO && heard.fault_of == reader);
        assert_int_equal(store_fault(reader)->trouble, STORE_TROUBLE_UNREACHABLE);
        assert_true(heard.changes[0] > 0);
        assert_non_null(strstr(heard.codes[0], "mode-changed "));
    }
    talloc_free(reader);
    assert_int_equal(checks_of(*state), 1);
}

static void too_large(struct facts *facts)
{
    facts_too_large(facts, "large.example");
}

/* One check that the store does not take is told all the same; the next domain's is stored. */
static void one_too_large_keeps_no_other_away(void **state)
{
    struct heard heard = {.delivers = true};
    const struct watcher_request request = request_at(&heard, *state, NOW);

    begin(&heard, &request);
    take(&heard, NOW, too_large);
    take(&heard, NOW, NULL);
    watcher_tell(heard.watcher);
    assert_int_equal(heard.count, 2);
    end(&heard);
    assert_true(heard.faults == 1 && heard.fault == STS_E_LIMIT);
    assert_string_equal(heard.fault_domain, "large.example");
    assert_int_equal(checks_of(*state), 1);
}

/* ---- pruning --------------------------------------------------------------------------------- */

static void old_checks_are_pruned(void **state)
{
    for (int day = 0; day < 4; day++)
        (void)pass(*state, NOW + day * DAY, true, NULL);
    assert_int_equal(checks_of(*state), 4);
    (void)pass(*state, NOW + 402 * DAY, true, NULL);
    assert_int_equal(checks_of(*state), 3); /* of the last 400 days */
}

/* More than one request takes, each domain's own. */
static void of_many_domains(void **state)
{
    static const int64_t days[] = {0, 1, 402};

    for (size_t i = 0; i < 3; i++) {
        struct crowd crowd = {.wanted = SIZE_MAX};
        struct heard unused = {0};
        struct watcher_request request = request_at(&unused, *state, NOW + days[i] * DAY);

        request.live = request.at_now = true;
        request.news = on_crowd_news;
        request.arg = &crowd;
        assert_int_equal(watcher_new(NULL, &request, &crowd.watcher), STS_OK);
        for (size_t number = 0; number < LOOKS; number++)
            take_one(&crowd, number);
        watcher_tell(crowd.watcher);
        alive = 0;
        watcher_end(crowd.watcher);
        assert_true(alive >= 3);
        talloc_free(crowd.watcher);
    }
    for (size_t number = 0; number < LOOKS; number++) {
        char *domain = talloc_asprintf(NULL, "d%zu.example", number);
        size_t count = 0;

        assert_int_equal(store_history(*state, domain, INT64_MIN, count_check, &count), STS_OK);
        assert_int_equal(count, 1);
        talloc_free(domain);
    }
}

static void a_fast_clock_prunes_nothing(void **state)
{
    struct heard heard = {.delivers = true};
    const struct watcher_request request = request_at(&heard, *state, NOW + DAY);

    (void)pass(*state, NOW, true, NULL);
    (void)pass(*state, NOW + HOUR, true, NULL);
    begin(&heard, &request);
    take(&heard, NOW + 1000 * DAY, NULL);
    watcher_tell(heard.watcher);
    end(&heard);
    assert_int_equal(checks_of(*state), 3);
}

/* ---------------------------------------------------------------------------------------------- */

static int open_store(void **state)
{
    *state = test_store_open();
    return loop_new(NULL, &loop) == STS_OK ? 0 : -1;
}

static int close_store(void **state)
{
    TALLOC_FREE(loop);
    test_store_close(*state);
    return 0;
}

#define WITH_STORE(name) cmocka_unit_test_setup_teardown(name, open_store, close_store)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(a_change_is_told_until_it_arrived),
        WITH_STORE(what_arrives_later),
        WITH_STORE(of_several_looks_the_newest_tells),
        WITH_STORE(at_the_time_of_the_pass),
        WITH_STORE(told_while_others_are_looked_at),
        WITH_STORE(no_room_while_nothing_is_told),
        WITH_STORE(a_look_that_was_interrupted),
        WITH_STORE(want_of_our_own_is_no_check),
        WITH_STORE(why_is_said_once),
        cmocka_unit_test(without_a_store),
        WITH_STORE(a_store_that_takes_nothing),
        WITH_STORE(one_too_large_keeps_no_other_away),
        WITH_STORE(of_many_domains),
        WITH_STORE(old_checks_are_pruned),
        WITH_STORE(a_fast_clock_prunes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
