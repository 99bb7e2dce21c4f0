/* SPDX-License-Identifier: MIT */
/* test_failures_now.c - what reports say failed, and what is said of it now. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "rules/failures_now.h"
#include "rules/test_facts.h"

#define MX1     "mx1.example.com"
#define NOV(d)  ((int64_t)1793491200 + ((d)-1) * 86400) /* 2026-11-01T00:00:00Z */
#define EXPIRED "certificate-expired"

static struct facts *facts;
static struct reports *reports;

static int fresh(void **state)
{
    (void)state;
    facts = healthy(NULL);
    reports = reports_new(facts, NULL, NULL);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    talloc_free(facts);
    return 0;
}

/* A report of one sender and day; type NULL: nothing failed. */
static void add(const char *sender, int day, const char *type, const char *mx, int failed)
{
    const char *host = *mx ? talloc_asprintf(facts, ",\"receiving-mx-hostname\":\"%s\"", mx) : "";
    const char *details =
        type ? talloc_asprintf(facts,
                               "{\"result-type\":\"%s\",\"failed-session-count\":%d,"
                               "\"sending-mta-ip\":\"192.0.2.%d\"%s}",
                               type, failed, day, host)
             : "";
    char *text = talloc_asprintf(
        facts,
        "{\"organization-name\":\"%s\",\"date-range\":{\"start-datetime\":\"2026-11-%02dT00:00:00Z"
        "\",\"end-datetime\":\"2026-11-%02dT23:59:59Z\"},\"report-id\":\"%s%d\",\"policies\":[{"
        "\"policy\":{\"policy-type\":\"sts\",\"policy-domain\":\"example.com\"},\"summary\":{"
        "\"total-successful-session-count\":9,\"total-failure-session-count\":%d},"
        "\"failure-details\":[%s]}]}",
        sender, day, day, sender, day, failed, details);
    enum sts_report_fault fault;
    struct sts_report *report;
    size_t used;

    assert_int_equal(sts_report_parse(text, strlen(text), NULL, &used, &fault, &report), STS_OK);
    reports_add(reports, report, "x", 0, NULL);
}

static struct failures_now judged(bool checked, const struct failure_gone *before, size_t count)
{
    struct failures_now_request request = {.gone = before, .gone_count = count};
    const struct diagnosis *check;
    struct diagnosis *diagnosis;
    struct failures_now now;
    struct report_view *view;

    assert_int_equal(diagnose(facts, facts, NOW, &diagnosis), STS_OK);
    check = diagnosis;
    request.checks = &check;
    request.check_count = checked;
    assert_int_equal(judge_reports(facts, reports_tally(reports), &check, checked, NOW, &view),
                     STS_OK);
    request.view = view;
    assert_int_equal(failures_now(facts, &request, &now), STS_OK);
    return now;
}

static struct failure_now only(bool checked, const struct failure_gone *before, size_t count)
{
    struct failures_now now = judged(checked, before, count);

    assert_int_equal(now.count, 1);
    return now.list[0];
}

static void assert_state(struct failure_now now, const char *state)
{
    assert_string_equal(failure_state_name(now.state), state);
}

static void nothing_failed(void **state)
{
    (void)state;
    add("a", 20, NULL, "", 0);
    assert_int_equal(judged(true, NULL, 0).count, 0);
}

static void not_checked(void **state)
{
    struct failure_now now;

    (void)state;
    add("a", 20, EXPIRED, MX1, 2);
    now = only(false, NULL, 0);
    assert_state(now, "not-checked");
    assert_int_equal(now.checked_at, 0);
    assert_int_equal(now.sessions, 2);
    assert_int_equal(now.first, NOV(20));
    assert_int_equal(now.last, NOV(20));
    assert_string_equal(now.mx, MX1);
    assert_string_equal(now.result_type, EXPIRED);
    assert_string_equal(now.senders, "a");
    assert_string_equal(now.sending_ips, "192.0.2.20");
}

static void persists(void **state)
{
    struct failure_now now;

    (void)state;
    leaf(session(facts)->tls)->not_after = NOW - DAY;
    add("a", 20, EXPIRED, MX1, 2);
    now = only(true, NULL, 0);
    assert_state(now, "persists");
    assert_string_equal(now.codes, "mx-cert-expired");
    assert_int_equal(now.checked_at, facts->observed_at);
}

static void not_seen(void **state)
{
    (void)state;
    add("a", 20, EXPIRED, MX1, 1);
    assert_state(only(true, NULL, 0), "not-seen");
    add("b", 20, EXPIRED, MX1, 1);
    assert_state(only(true, NULL, 0), "not-seen");
}

static void one_sender(void **state)
{
    (void)state;
    add("a", 20, EXPIRED, MX1, 2);
    add("b", 20, NULL, "", 0);
    assert_state(only(true, NULL, 0), "one-sender");
}

static void undecided(void **state)
{
    (void)state;
    session_stops(session(facts), NET_REFUSED, PHASE_CONNECT);
    add("a", 20, EXPIRED, MX1, 2);
    assert_state(only(true, NULL, 0), "undecided");
}

/* Each sender that had it reports without it on a later day. */
static void fixed_by_reports(void **state)
{
    struct failure_now now;

    (void)state;
    add("a", 19, EXPIRED, MX1, 2);
    add("b", 20, EXPIRED, MX1, 2);
    add("b", 21, NULL, "", 0);
    assert_state(only(true, NULL, 0), "not-seen");
    add("a", 20, NULL, "", 0);
    now = only(true, NULL, 0);
    assert_state(now, "fixed");
    assert_int_equal(now.since, NOV(21) - 1);
    assert_int_equal(now.sessions, 4);
}

/* A check saw the end of it. */
static void fixed_by_checks(void **state)
{
    static const struct failure_gone fits[] = {{"mx-cert-expired", MX1 " [198.18.2.25]", NOV(22)},
                                               {"mx-cert-expired", MX1, NOV(21)}},
                                     other_host[] = {{"mx-cert-expired", "mx2.example.com",
                                                      NOV(22)}},
                                     other_code[] = {{"mx-no-starttls", MX1, NOV(22)},
                                                     {"no-such-code", NULL, NOV(22)}},
                                     before[] = {{"mx-cert-expired", MX1, NOV(19)}};
    struct failure_now now;

    (void)state;
    add("a", 20, EXPIRED, MX1, 1);
    now = only(true, fits, 2);
    assert_state(now, "fixed");
    assert_int_equal(now.since, NOV(22));
    assert_state(only(true, other_host, 1), "not-seen");
    assert_state(only(true, other_code, 2), "not-seen");
    assert_state(only(true, before, 1), "not-seen");
    leaf(session(facts)->tls)->not_after = NOW - DAY;
    assert_state(only(true, fits, 2), "persists");
}

static void the_most_sessions_first(void **state)
{
    struct failures_now now;

    (void)state;
    add("a", 20, EXPIRED, MX1, 2);
    add("b", 20, "starttls-not-supported", MX1, 5);
    add("c", 20, "sts-policy-fetch-error", "", 3);
    now = judged(true, NULL, 0);
    assert_int_equal(now.count, 3);
    assert_string_equal(now.list[0].senders, "b");
    assert_string_equal(now.list[1].senders, "c");
    assert_string_equal(now.list[1].mx, "");
    assert_string_equal(now.list[2].senders, "a");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_failed, fresh, gone),
        cmocka_unit_test_setup_teardown(not_checked, fresh, gone),
        cmocka_unit_test_setup_teardown(persists, fresh, gone),
        cmocka_unit_test_setup_teardown(not_seen, fresh, gone),
        cmocka_unit_test_setup_teardown(one_sender, fresh, gone),
        cmocka_unit_test_setup_teardown(undecided, fresh, gone),
        cmocka_unit_test_setup_teardown(fixed_by_reports, fresh, gone),
        cmocka_unit_test_setup_teardown(fixed_by_checks, fresh, gone),
        cmocka_unit_test_setup_teardown(the_most_sessions_first, fresh, gone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
