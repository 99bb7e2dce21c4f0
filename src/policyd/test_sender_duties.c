/* SPDX-License-Identifier: MIT */
/* test_sender_duties.c - what RFC 8461 asks of a sender, of what is cached: the rows of
 * docs/sender.md that no other test covers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policyd/limits.h"
#include "policyd/policy_cache.h"

#define NOW  1800000000
#define HOUR 3600
#define DAY  86400
#define WEEK ((int64_t)7 * DAY)

static struct policy_cache *cache;
static struct policy_entry *entry;

static int set_up(void **state)
{
    (void)state;
    assert_int_equal(policy_cache_new(NULL, 10, true, &cache), STS_OK);
    entry = policy_cache_use(cache, "example.com", NOW);
    return entry ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    talloc_free(cache);
    return 0;
}

static void see(enum sts_seen seen, const char *id, int64_t ttl, int64_t now)
{
    const struct sts_cache_record record = {seen, id};

    assert_int_equal(policy_entry_record(entry, &record, ttl, now), STS_OK);
}

static void fetch(enum sts_mode mode, const char *id, int64_t now)
{
    static const char *const mx[] = {"mx.example.com"};
    const struct live_policy policy = {id, mode, WEEK, mx, 1};

    assert_int_equal(policy_entry_fetched(entry, &policy, now, 0), STS_OK);
}

static enum policy_answer answer_at(int64_t now)
{
    const struct policy_known known = policy_entry_known(entry, now);

    return policy_answer_of(&known);
}

static bool is_due(enum policy_part part, int64_t now)
{
    return policy_entry_due(entry, part, now);
}

/* A record is followed at its TTL, of which a minute is the least and an hour the most: so an
 * id is at most an hour old when a message is given up. */
static void the_record_is_followed(void **state)
{
    static const struct {
        int64_t ttl, due;
    } rows[] = {{0, 60}, {59, 60}, {61, 61}, {300, 300}, {HOUR, HOUR}, {DAY, HOUR}, {-1, 60}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        see(STS_SEEN_RECORD, "1", rows[i].ttl, NOW);
        assert_false(is_due(POLICY_PART_RECORD, NOW + rows[i].due - 1));
        assert_true(is_due(POLICY_PART_RECORD, NOW + rows[i].due));
    }
}

/* No record that is seen in between makes a policy younger: its age is that of the fetch. */
static void the_record_makes_no_policy_younger(void **state)
{
    (void)state;
    see(STS_SEEN_RECORD, "1", 300, NOW);
    fetch(STS_MODE_ENFORCE, "1", NOW);
    for (int64_t now = NOW; now <= NOW + WEEK; now += HOUR) {
        see(STS_SEEN_RECORD, "1", HOUR, now);
        assert_int_equal(policy_entry_decision(entry, now).expires_at, NOW + WEEK);
    }
    assert_int_equal(answer_at(NOW + WEEK), POLICY_ANSWER_STS);
    assert_int_equal(answer_at(NOW + WEEK + 1), POLICY_ANSWER_NONE);
}

/* A policy of mode none or testing is a policy: it is kept for its time, its record is followed,
 * and the next one counts as soon as it is fetched. */
static void other_modes_are_kept(void **state)
{
    static const struct {
        enum sts_mode mode;
        enum policy_answer answer;
    } rows[] = {{STS_MODE_NONE, POLICY_ANSWER_NONE}, {STS_MODE_TESTING, POLICY_ANSWER_TESTING}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        see(STS_SEEN_RECORD, "1", 300, NOW);
        fetch(rows[i].mode, "1", NOW);
        assert_true(policy_entry_is_ready(entry, NOW));
        assert_int_equal(answer_at(NOW), rows[i].answer);
        assert_false(is_due(POLICY_PART_POLICY, NOW + HOUR));
        assert_true(is_due(POLICY_PART_RECORD, NOW + 300));
        see(STS_SEEN_RECORD, "2", 300, NOW + 300);
        assert_true(is_due(POLICY_PART_POLICY, NOW + 300));
        assert_true(policy_entry_is_ready(entry, NOW + 300)); /* it applies meanwhile */
        fetch(STS_MODE_ENFORCE, "2", NOW + 301);
        assert_int_equal(answer_at(NOW + 301), POLICY_ANSWER_STS);
    }
}

/* A look-up that fails, or whose answer is bogus, ends no policy and begins none. */
static void what_is_not_seen_changes_nothing(void **state)
{
    (void)state;
    see(STS_SEEN_UNKNOWN, NULL, -1, NOW);
    assert_true(policy_entry_is_ready(entry, NOW));
    assert_int_equal(answer_at(NOW), POLICY_ANSWER_NONE);
    assert_false(is_due(POLICY_PART_POLICY, NOW));
    see(STS_SEEN_RECORD, "1", 60, NOW + 60);
    fetch(STS_MODE_ENFORCE, "1", NOW + 60);
    see(STS_SEEN_UNKNOWN, NULL, -1, NOW + 120);
    assert_true(policy_entry_is_ready(entry, NOW + 120));
    assert_int_equal(answer_at(NOW + 60 + WEEK), POLICY_ANSWER_STS);
    assert_int_equal(answer_at(NOW + 61 + WEEK), POLICY_ANSWER_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_record_is_followed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_record_makes_no_policy_younger, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_modes_are_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_seen_changes_nothing, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
