/* SPDX-License-Identifier: MIT */
/* test_report_series.c - stored reports summed by day, sender, MX host and result type. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/clock.h"
#include "history/report_series.h"
#include "history/test_history.h"

#define DAY TEST_DAY

static struct store *store;

static int open_store(void **state)
{
    (void)state;
    store = test_store_open();
    return 0;
}

static int close_store(void **state)
{
    (void)state;
    test_store_close(store);
    return 0;
}

/* policies: what stands in the list of that name. */
static void put(const char *sender, int64_t day, const char *policies)
{
    char date[CLOCK_TEXT_SIZE];
    char *text;

    clock_format(day * DAY, date);
    text = talloc_asprintf(NULL,
                           "{\"organization-name\":\"%s\",\"report-id\":\"1\",\"date-range\":{"
                           "\"start-datetime\":\"%s\",\"end-datetime\":\"%.10sT23:59:59Z\"},"
                           "\"policies\":[%s]}",
                           sender, date, date, policies);
    test_put_text(store, text, day * DAY + 2 * DAY);
    talloc_free(text);
}

#define POLICY(type, good, bad, details)                                                           \
    "{\"policy\":{\"policy-type\":\"" type "\",\"policy-domain\":\"" TEST_DOMAIN                   \
    "\"},\"summary\":{\"total-successful-session-count\":" good                                    \
    ",\"total-failure-session-count\":" bad "},\"failure-details\":[" details "]}"
#define DETAIL(type, mx, ip, count)                                                                \
    "{\"result-type\":\"" type "\",\"receiving-mx-hostname\":\"" mx "\",\"sending-mta-ip\":\"" ip  \
    "\",\"failed-session-count\":" count "}"

static struct report_series *series(struct report_pick pick, int64_t since, int64_t until)
{
    const struct report_series_request request = {
        .domain = TEST_DOMAIN, .since = since * DAY, .until = until * DAY, .pick = pick};
    struct report_series *made;

    assert_int_equal(report_series_read(store, store, &request, &made), STS_OK);
    return made;
}

static int64_t failed(const struct report_series *from)
{
    int64_t sum = 0;

    for (size_t i = 0; i < from->failures.count; i++)
        sum += ((const struct series_failure *)names_at(&from->failures, i))->sessions;
    return sum;
}

static void fill(void)
{
    put("One", 11, POLICY("sts", "10", "0", ""));
    put("One", 12,
        POLICY("sts", "8", "5",
               DETAIL("certificate-expired", "mx1.example.com", "192.0.2.1", "2") "," DETAIL(
                   "starttls-not-supported", "mx2.example.com", "192.0.2.2", "1")));
    put("Two", 12,
        POLICY("sts", "4", "1",
               DETAIL("certificate-expired", "mx1.example.com", "192.0.2.3", "1")));
    put("Two", 19, POLICY("sts", "4", "0", ""));
}

static void by_day_and_sender(void **state)
{
    const struct series_sessions **list;
    const struct series_failure **failures;
    struct report_series *all;

    (void)state;
    fill();
    all = series((struct report_pick){0}, 0, 100);
    list = series_sessions_sorted(all, all);
    failures = series_failures_sorted(all, all);
    assert_int_equal(all->reports, 4);
    assert_int_equal(all->sessions.count, 4);
    assert_int_equal(list[0]->day, 11 * DAY);
    assert_string_equal(list[1]->sender, "One");
    assert_int_equal(list[1]->successful, 8);
    assert_int_equal(list[1]->failed, 5);
    assert_int_equal(all->failures.count, 4);
    /* two are explained by no detail */
    assert_string_equal(failures[0]->result_type, "");
    assert_int_equal(failures[0]->sessions, 2);
    assert_int_equal(failed(all), 6);
    assert_int_equal(all->tally->failed, 6);
    assert_int_equal(all->all.senders.count, 2);
    assert_int_equal(all->all.mx.count, 2);
    assert_int_equal(all->all.sending_ips.count, 3);
}

static void of_a_time(void **state)
{
    (void)state;
    fill();
    assert_int_equal(series((struct report_pick){0}, 12, 12)->reports, 2);
    assert_int_equal(series((struct report_pick){0}, 13, 18)->reports, 0);
}

static void what_is_picked(void **state)
{
    static const struct {
        struct report_pick pick;
        size_t sessions;
        int64_t failed;
    } cases[] = {
        {{.sender = "ONE"}, 2, 5},           {{.sender = "three"}, 0, 0},
        {{.mx = "mx1.example.com"}, 4, 3},   {{.result_type = "starttls-not-supported"}, 4, 1},
        {{.sending_ip = "192.0.2.3"}, 4, 1}, {{.sender = "One", .mx = "mx1.example.com"}, 2, 2},
    };

    (void)state;
    fill();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct report_series *picked = series(cases[i].pick, 0, 100);

        assert_int_equal(picked->sessions.count, cases[i].sessions);
        assert_int_equal(failed(picked), cases[i].failed);
        /* what can be picked stays the same */
        assert_int_equal(picked->all.senders.count, 2);
        assert_int_equal(picked->tally->failed, 6);
    }
}

/* The same sessions under both types count once. */
static void twice_told(void **state)
{
    const struct report_series *all;

    (void)state;
    put("One", 12,
        POLICY(
            "sts", "8", "2",
            DETAIL("certificate-expired", "mx1.example.com", "192.0.2.1",
                   "2")) "," POLICY("tlsa", "7", "3",
                                    DETAIL("tlsa-invalid", "mx1.example.com", "192.0.2.1", "3")));
    all = series((struct report_pick){0}, 0, 100);
    assert_int_equal(all->failures.count, 1);
    assert_int_equal(failed(all), 3);
}

/* The last revision counts. */
static void revised(void **state)
{
    const struct report_series *all;

    (void)state;
    put("One", 12, POLICY("sts", "8", "0", ""));
    put("One", 12, POLICY("sts", "9", "0", ""));
    all = series((struct report_pick){0}, 0, 100);
    assert_int_equal(all->reports, 1);
    assert_int_equal(all->tally->successful, 9);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(by_day_and_sender, open_store, close_store),
        cmocka_unit_test_setup_teardown(of_a_time, open_store, close_store),
        cmocka_unit_test_setup_teardown(what_is_picked, open_store, close_store),
        cmocka_unit_test_setup_teardown(twice_told, open_store, close_store),
        cmocka_unit_test_setup_teardown(revised, open_store, close_store),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
