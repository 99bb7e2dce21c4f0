/* SPDX-License-Identifier: MIT */
/* test_change_feed.c - what has changed about a domain, for a subscriber at its place in the log.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "facts/facts_json.h"
#include "history/change_feed.h"
#include "history/test_history.h"
#include "rules/test_facts.h"

#define HOUR ((int64_t)3600)

static int open_store(void **state)
{
    *state = test_store_open();
    return 0;
}

static int close_store(void **state)
{
    test_store_close(*state);
    return 0;
}

static const struct facts *facts_at(TALLOC_CTX *ctx, int64_t at, bool testing)
{
    struct facts *facts = healthy(ctx);

    facts->observed_at = at;
    if (testing)
        set_policy(facts, "version: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 2592000\n");
    return facts;
}

static void put(struct store *store, int64_t at, bool testing)
{
    char *facts;
    struct store_check check = {.domain = TEST_DOMAIN,
                                .observed_at = at,
                                .verdict = "ok",
                                .posture = "enforce",
                                .delivery = "protected"};

    assert_int_equal(facts_write(store, facts_at(store, at, testing), &facts), STS_OK);
    check.facts = bytes_of(facts);
    assert_int_equal(store_put_check(store, &check), STS_OK);
}

static struct change_feed *feed_of(struct store *store, int64_t now, const struct facts *unstored)
{
    const struct change_feed_request request = {.domain = TEST_DOMAIN,
                                                .subscriber = "me",
                                                .now = now,
                                                .fresh = {.facts = unstored},
                                                .seen = true,
                                                .least_shown = SEVERITY_MEDIUM};
    struct change_feed *feed;

    assert_int_equal(change_feed_read(store, store, &request, &feed), STS_OK);
    return feed;
}

static void deliver(struct store *store, const struct change_feed *feed)
{
    assert_int_equal(store_put_notified(store, TEST_DOMAIN, "me", feed->next), STS_OK);
}

static bool has_note(const struct change_feed *feed, const char *code)
{
    for (size_t i = 0; i < feed->advisory->note_count; i++)
        if (strcmp(feed->advisory->notes[i].code, code) == 0)
            return true;
    return false;
}

static void the_first_check_is_no_change(void **state)
{
    const struct change_feed *feed;

    put(*state, NOW, false);
    feed = feed_of(*state, NOW, NULL);
    assert_int_equal(feed->changes, 0);
    assert_int_equal(feed->at, NOW);
    assert_true(feed->notified.at == STORE_NEVER);
    assert_int_equal(feed->next.seq, 1);
    assert_int_equal(feed->next.at, NOW);
    assert_non_null(feed->diagnosis);
}

static void listed_until_it_was_delivered(void **state)
{
    struct change_feed *feed;

    put(*state, NOW, false);
    deliver(*state, feed_of(*state, NOW, NULL));
    put(*state, NOW + HOUR, true);
    for (int i = 0; i < 2; i++) {
        feed = feed_of(*state, NOW + HOUR, NULL);
        assert_true(feed->changes > 0);
        assert_true(has_note(feed, "mode-changed"));
    }
    deliver(*state, feed);
    feed = feed_of(*state, NOW + HOUR, NULL);
    assert_int_equal(feed->changes, 0);
    assert_int_equal(feed->next.seq, feed->notified.seq);
}

static void two_of_one_second(void **state)
{
    struct change_feed *feed;

    put(*state, NOW, false);
    deliver(*state, feed_of(*state, NOW, NULL));
    put(*state, NOW, true);
    feed = feed_of(*state, NOW, NULL);
    assert_true(has_note(feed, "mode-changed"));
    assert_int_equal(feed->next.seq, 2);
}

static void what_is_later_than_now_stays_news(void **state)
{
    struct change_feed *feed;

    put(*state, NOW, false);
    put(*state, NOW + 2 * HOUR, true); /* by a clock that is fast */
    put(*state, NOW + HOUR, false);
    feed = feed_of(*state, NOW + HOUR, NULL);
    assert_int_equal(feed->at, NOW + HOUR);
    assert_int_equal(feed->next.seq, 1);
    deliver(*state, feed);
    assert_true(has_note(feed_of(*state, NOW + 2 * HOUR, NULL), "mode-changed"));
}

static void a_subscriber_begins_behind_what_is_there(void **state)
{
    struct change_feed *feed;

    put(*state, NOW, false);
    put(*state, NOW + HOUR, true);
    assert_int_equal(change_feed_begin(*state, TEST_DOMAIN, "me", NOW + 2 * HOUR), STS_OK);
    feed = feed_of(*state, NOW + 2 * HOUR, NULL);
    assert_int_equal(feed->notified.seq, 2);
    assert_int_equal(feed->changes, 0);
    assert_int_equal(change_feed_begin(*state, TEST_DOMAIN, "me", NOW + 9 * HOUR), STS_OK);
    put(*state, NOW + 3 * HOUR, false);
    assert_true(feed_of(*state, NOW + 3 * HOUR, NULL)->changes > 0);
}

static void what_the_store_could_not_take(void **state)
{
    struct change_feed *feed;

    put(*state, NOW, false);
    deliver(*state, feed_of(*state, NOW, NULL));
    feed = feed_of(*state, NOW + HOUR, facts_at(*state, NOW + HOUR, true));
    assert_true(has_note(feed, "mode-changed"));
    assert_int_equal(feed->at, NOW + HOUR);
    assert_int_equal(feed->next.seq, feed->notified.seq);
}

static void unreadable_facts_are_passed_over(void **state)
{
    put(*state, NOW, false);
    test_put_check(*state, NOW + HOUR, NULL, NULL);
    assert_int_equal(feed_of(*state, NOW + HOUR, NULL)->at, NOW);
}

static void more_than_are_read(void **state)
{
    struct change_feed *feed;

    put(*state, NOW, false);
    deliver(*state, feed_of(*state, NOW, NULL));
    for (int i = 1; i <= 210; i++)
        put(*state, NOW + i * HOUR, i == 2);
    feed = feed_of(*state, NOW + 210 * HOUR, NULL);
    assert_false(has_note(feed, "mode-changed")); /* it came and went within the first step */
    assert_int_equal(feed->next.seq, 211);
}

static void reports_that_came_in(void **state)
{
    struct change_feed *feed;

    put(*state, NOW, false);
    test_put_report(*state, "sender.example", NOW - 2 * DAY, 5, 1);
    test_put_report(*state, "sender.example", NOW, 9, 0); /* it does not end before now */
    feed = feed_of(*state, NOW, NULL);
    assert_true(feed->sessions.any);
    assert_int_equal(feed->sessions.successful, 5);
    assert_int_equal(feed->sessions.failed, 1);
}

/* It is the one of that number: its diagnosis is taken as it is, its facts are not read again. */
static void what_is_fresh_is_not_judged_again(void **state)
{
    const struct facts *facts = facts_at(*state, NOW + HOUR, true);
    struct change_feed_request request = {.domain = TEST_DOMAIN,
                                          .subscriber = "me",
                                          .now = NOW + HOUR,
                                          .fresh = {.facts = facts, .seq = 2},
                                          .seen = true,
                                          .least_shown = SEVERITY_MEDIUM};
    struct diagnosis *diagnosis;
    struct change_feed *feed;

    put(*state, NOW, false);
    deliver(*state, feed_of(*state, NOW, NULL));
    put(*state, NOW + HOUR, true);
    assert_int_equal(diagnose(*state, facts, facts->observed_at, &diagnosis), STS_OK);
    for (int given = 0; given < 2; given++) {
        request.fresh.diagnosis = given ? diagnosis : NULL;
        assert_int_equal(change_feed_read(*state, *state, &request, &feed), STS_OK);
        assert_true(has_note(feed, "mode-changed"));
        assert_int_equal(feed->next.seq, 2);
        assert_ptr_equal(feed->diagnosis->facts, facts);
        assert_int_equal(feed->diagnosis == diagnosis, given);
    }
    request.fresh.seq = 3; /* another one: it is not in the log, and so not what is told */
    assert_int_equal(change_feed_read(*state, *state, &request, &feed), STS_OK);
    assert_ptr_not_equal(feed->diagnosis->facts, facts);
}

static void without_a_store(void **state)
{
    const struct change_feed_request request = {.domain = TEST_DOMAIN,
                                                .subscriber = "me",
                                                .now = NOW,
                                                .fresh = {facts_at(*state, NOW, false), NULL, 0},
                                                .seen = true};
    struct change_feed *feed;

    assert_int_equal(change_feed_read(*state, NULL, &request, &feed), STS_OK);
    assert_int_equal(feed->changes, 0);
    assert_int_equal(feed->at, NOW);
    assert_false(feed->sessions.any);
}

#define WITH_STORE(name) cmocka_unit_test_setup_teardown(name, open_store, close_store)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(the_first_check_is_no_change),
        WITH_STORE(listed_until_it_was_delivered),
        WITH_STORE(two_of_one_second),
        WITH_STORE(what_is_later_than_now_stays_news),
        WITH_STORE(a_subscriber_begins_behind_what_is_there),
        WITH_STORE(what_the_store_could_not_take),
        WITH_STORE(unreadable_facts_are_passed_over),
        WITH_STORE(more_than_are_read),
        WITH_STORE(reports_that_came_in),
        WITH_STORE(what_is_fresh_is_not_judged_again),
        WITH_STORE(without_a_store),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
