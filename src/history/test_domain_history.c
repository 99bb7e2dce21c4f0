/* SPDX-License-Identifier: MIT */
/* test_domain_history.c - what the store knows of a domain: all of it, since a time, and until
 * one; and the sums of sessions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "history/domain_history.h"
#include "history/test_history.h"

#define DAY TEST_DAY

static int open_store(void **state)
{
    struct store *store = test_store_open();

    test_put_policy(store, "1", "testing", 3600, 10 * DAY);
    test_put_policy(store, "2", "enforce", 2 * DAY, 20 * DAY);
    test_put_check(store, 10 * DAY, NULL, NULL);
    test_put_check(store, 12 * DAY, "mx-cert-expired", "high");
    test_put_check(store, 12 * DAY, "mx-cert-expired", "critical");
    test_put_check(store, 14 * DAY, NULL, NULL);
    test_put_check(store, 20 * DAY, NULL, NULL);
    test_put_report(store, "one.example", 12 * DAY, 10, 2);
    test_put_report(store, "two.example", 12 * DAY, 5, 0);
    test_put_report(store, "one.example", 19 * DAY, 7, 1);
    *state = store;
    return 0;
}

static int close_store(void **state)
{
    test_store_close(*state);
    return 0;
}

static struct domain_history *history(struct store *store, int64_t since, int64_t now)
{
    const struct domain_history_request request = {
        .domain = TEST_DOMAIN, .now = now, .since_known = since != INT64_MIN, .since = since};
    struct domain_history *history;

    assert_int_equal(domain_history_read(store, store, &request, &history), STS_OK);
    return history;
}

static const struct session_sums *sums(const struct names *list, size_t index, const char *name)
{
    const struct session_sums *found = names_at(list, index);

    assert_true(index < list->count);
    assert_string_equal(found->name, name);
    return found;
}

static void all_of_it(void **state)
{
    const struct domain_history *h = history(*state, INT64_MIN, 30 * DAY);
    const struct session_sums *day;

    assert_false(domain_history_is_empty(h));
    assert_int_equal(h->checks, 4); /* the same facts of one second are one check */
    assert_int_equal(h->runs.count, 3);
    assert_int_equal(h->policy_count, 2);
    assert_int_equal(h->policies[0].gone_at, 12 * DAY);
    assert_int_equal(h->reports, 3);
    assert_int_equal(h->days.count, 2);
    day = sums(&h->days, 0, "1970-01-13");
    assert_int_equal(day->successful, 15);
    assert_int_equal(day->failed, 2);
    assert_int_equal(sums(&day->senders, 1, "two.example")->successful, 5);
    assert_int_equal(sums(&h->days, 1, "1970-01-20")->failed, 1);
}

static void since_a_time(void **state)
{
    const struct domain_history *h = history(*state, 13 * DAY, 30 * DAY);

    assert_int_equal(h->checks, 3); /* with the one that held when that time began */
    assert_int_equal(h->runs.list[0].first, 12 * DAY);
    assert_int_equal(h->policy_count, 1); /* no sender held the first one then */
    assert_string_equal(h->policies[0].id, "2");
    assert_int_equal(h->reports, 1);
}

static void what_ends_as_the_time_begins_is_before_it(void **state)
{
    assert_int_equal(history(*state, 13 * DAY - 1, 30 * DAY)->reports, 1);
    assert_int_equal(history(*state, 13 * DAY - 2, 30 * DAY)->reports, 3);
}

static void until_a_time(void **state)
{
    const struct domain_history *h = history(*state, INT64_MIN, 13 * DAY);

    assert_int_equal(h->checks, 2);
    assert_int_equal(h->runs.count, 2);
    assert_int_equal(h->policy_count, 1);
    assert_int_equal(h->reports, 2);
}

static void before_everything(void **state)
{
    assert_true(domain_history_is_empty(history(*state, INT64_MIN, 9 * DAY)));
    assert_int_equal(history(*state, 50 * DAY, 9 * DAY)->checks, 0);
    assert_int_equal(history(*state, 2 * DAY, 30 * DAY)->checks, 4);
}

static void without_a_store(void **state)
{
    const struct domain_history_request request = {.domain = TEST_DOMAIN, .since = INT64_MIN};
    struct domain_history *history;

    (void)state;
    assert_int_equal(domain_history_read(NULL, NULL, &request, &history), STS_OK);
    assert_true(domain_history_is_empty(history));
    talloc_free(history);
}

/* As senders write their names; the key where a report has none. */
static void senders_by_their_names(void **state)
{
    struct store_report_policy policy = {TEST_DOMAIN, "sts", 1, 0};
    struct store_report report = {.submitter = "one inc.",
                                  .sender = "One Inc.",
                                  .report_id = "x",
                                  .begins = 25 * DAY,
                                  .ends = 26 * DAY - 1,
                                  .received_at = 26 * DAY,
                                  .raw = {"{}", 2},
                                  .policies = &policy,
                                  .policy_count = 1};
    const struct session_sums *day;
    struct store *store = test_store_open();
    enum store_added added;

    (void)state;
    test_put_report(store, "two.example", 25 * DAY, 5, 0);
    assert_int_equal(store_add_report(store, &report, &added), STS_OK);
    day = sums(&history(store, INT64_MIN, 30 * DAY)->days, 0, "1970-01-26");
    sums(&day->senders, 0, "two.example");
    sums(&day->senders, 1, "One Inc.");
    test_store_close(store);
}

/* ---- sessions -------------------------------------------------------------------------------- */

static struct session_log *sessions(struct store *store)
{
    struct session_log *log;

    assert_int_equal(session_log_read(store, store, TEST_DOMAIN, INT64_MIN, &log), STS_OK);
    return log;
}

static void of_the_last_days(void **state)
{
    struct session_log *log = sessions(*state);
    struct recent_sessions recent = session_log_recent(log, 20 * DAY);

    assert_true(recent.any);
    assert_int_equal(recent.successful, 7);
    assert_int_equal(recent.failed, 1);
    assert_int_equal(recent.last_report, 20 * DAY - 1);
    recent = session_log_recent(log, 20 * DAY - 1); /* a second more of the first day */
    assert_int_equal(recent.successful, 22);
    log->count = 0;
    assert_false(session_log_recent(log, 20 * DAY).any);
}

static void known_by_then(void **state)
{
    struct session_log *log = sessions(*state);

    assert_int_equal(session_log_until(log, 12 * DAY), 2);
    assert_int_equal(session_log_until(log, 12 * DAY - 1), 0);
    session_log_keep_known(log, 20 * DAY);
    assert_int_equal(log->count, 3);
    session_log_keep_known(log, 20 * DAY - 1); /* it came in a second later */
    assert_int_equal(log->count, 2);
}

static void sums_do_not_overflow(void **state)
{
    struct reported reports[] = {{.submitter = "a", .successful = INT64_MAX},
                                 {.submitter = "a", .successful = INT64_MAX, .failed = 1}};
    const struct session_log log = {reports, 2};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct names days;

    (void)state;
    assert_int_equal(session_log_by_day(ctx, &log, 2, &days), STS_OK);
    assert_true(sums(&days, 0, "1970-01-01")->successful == INT64_MAX);
    assert_true(session_log_recent(&log, 0).successful == INT64_MAX);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_it),
        cmocka_unit_test(since_a_time),
        cmocka_unit_test(what_ends_as_the_time_begins_is_before_it),
        cmocka_unit_test(until_a_time),
        cmocka_unit_test(before_everything),
        cmocka_unit_test(without_a_store),
        cmocka_unit_test(senders_by_their_names),
        cmocka_unit_test(of_the_last_days),
        cmocka_unit_test(known_by_then),
        cmocka_unit_test(sums_do_not_overflow),
    };

    return cmocka_run_group_tests(tests, open_store, close_store);
}
