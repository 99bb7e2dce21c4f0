/* SPDX-License-Identifier: MIT */
/* test_audit.c - lines of real logs, and what is made of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "collect/audit.h"

#define NOW "2026-11-30T12:00:00Z"
#define OK  "TLSRPT: status=success, domain=Example.com, receiving_mx=mx.example.com[192.0.2.1]"
#define BAD                                                                                        \
    "TLSRPT: status=failure, domain=example.com, receiving_mx=mx.example.com[192.0.2.1],"          \
    " failure_type=validation_failure, failure_reason=self-signed_certificate"
#define UNSENT "warning: Could not report TLS handshake result to tlsrpt library: "

static int64_t time_of(const char *text)
{
    int64_t at = 0;

    assert_true(clock_parse(text, &at));
    return at;
}

/* kind, "failed", domain, errno and the time. */
static const struct {
    const char *line, *expected;
} lines[] = {
    {"Nov 30 11:59:58 mail postfix/smtp[123]: " OK, "1 0 Example.com 0 2026-11-30T11:59:58Z"},
    {"Nov  3 01:02:03 mail postfix/smtp[123]: " BAD, "1 1 example.com 0 2026-11-03T01:02:03Z"},
    {"Dec 31 23:59:59 mail postfix/smtp[123]: " OK, "1 0 Example.com 0 2025-12-31T23:59:59Z"},
    {"2026-11-30T13:00:00.123456+01:00 mail postfix/tlsproxy[9]: " OK,
     "1 0 Example.com 0 2026-11-30T12:00:00Z"},
    {"Nov 30 11:00:00 mail postfix/smtp[1]: " UNSENT "Resource temporarily unavailable (errno 11)",
     "2 0  11 2026-11-30T11:00:00Z"},
    {"Nov 30 11:00:00 mail postfix/smtp[1]: " UNSENT "unknown", "2 0  0 2026-11-30T11:00:00Z"},
    {"", "0 0  0 1970-01-01T00:00:00Z"},
    {"Nov 30 11:00:00 mail postfix/smtp[1]: ABC: to=<a@b.example>, status=sent (250 ok)",
     "0 0  0 1970-01-01T00:00:00Z"},
    {"Nov 30 11:00:00 mail postfix/smtp[1]: TLSRPT: status=odd, domain=a.example",
     "0 0 a.example 0 1970-01-01T00:00:00Z"},
    {"yesterday mail postfix/smtp[123]: " OK, "0 0 Example.com 0 1970-01-01T00:00:00Z"},
    {"Foo 30 11:00:00 mail: " OK, "0 0 Example.com 0 1970-01-01T00:00:00Z"},
    {"Nov 99 11:00:00 mail: " OK, "0 0 Example.com 0 1970-01-01T00:00:00Z"},
};

static void lines_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct postfix_log_line line = postfix_log_read(bytes_of(lines[i].line), time_of(NOW));
        char at[CLOCK_TEXT_SIZE], *text;

        clock_format(line.at, at);
        text =
            talloc_asprintf(NULL, "%d %d %.*s %lld %s", (int)line.kind, line.failed,
                            (int)line.domain.length, line.domain.data, (long long)line.error, at);
        assert_string_equal(text, lines[i].expected);
        talloc_free(text);
    }
}

static void add(struct audit *audit, const char *line)
{
    assert_int_equal(audit_line(audit, bytes_of(line), time_of(NOW)), STS_OK);
}

static void days_and_domains_are_compared(void **state)
{
    struct audit *audit = audit_new(NULL);
    const struct store_collected collected = {
        .day = 20787, .received = 3, .malformed = 1, .truncated = 0, .lost = 0};
    const struct store_counted_domain counted = {
        .day = 20787, .domain = "example.com", .successful = 1, .failed = 1};
    const struct store_counted_domain other = {
        .day = 20787, .domain = "other.example", .successful = 1};
    const struct audit_domain *domains;
    const struct audit_day *days;
    size_t count;

    (void)state;
    for (int i = 0; i < 5; i++)
        add(audit, lines[i % 2 ? 0 : 3].line);
    add(audit, "Nov 30 11:00:00 m: " BAD);
    add(audit, lines[4].line);
    add(audit, lines[5].line);
    add(audit, lines[2].line);
    audit_collected(audit, &collected);
    assert_int_equal(audit_counted(audit, &counted), STS_OK);
    assert_int_equal(audit_counted(audit, &other), STS_OK);
    days = audit_days(audit, &count);
    assert_int_equal(count, 2);
    assert_true(days[0].day < days[1].day);
    assert_int_equal(days[1].reported, 6);
    assert_int_equal(days[1].full, 1);
    assert_int_equal(days[1].failed, 1);
    assert_int_equal(days[1].counted, 3);
    assert_int_equal(audit_missing(&days[1]), 1);
    domains = audit_domains(audit, 10, &count);
    assert_int_equal(count, 3);
    assert_string_equal(domains[0].name, "example.com");
    assert_int_equal(domains[0].reported, 6);
    assert_int_equal(domains[0].counted, 2);
    assert_string_equal(domains[2].name, "other.example");
    (void)audit_domains(audit, 1, &count);
    assert_int_equal(count, 1);
    talloc_free(audit);
}

static bool is_incomplete(enum store_reported_state state, int64_t late, const char *now)
{
    struct audit *audit = audit_new(NULL);
    const struct store_collected collected = {.day = 20787, .received = 1};
    const struct store_reported reported = {
        .day = 20787, .state = state, .sessions = 1, .late = late};
    const struct store_reported other = {.day = 1, .state = STORE_REPORTED_FAILED, .sessions = 1};
    size_t count;
    bool is;

    add(audit, lines[0].line);
    audit_collected(audit, &collected);
    audit_reported(audit, &reported);
    audit_reported(audit, &other);
    is = audit_is_incomplete(audit_days(audit, &count), time_of(now));
    assert_int_equal(count, 1);
    assert_int_equal(audit_days(audit, &count)->reports[state], 1);
    talloc_free(audit);
    return is;
}

static void what_is_not_reported_in_time_is_missing(void **state)
{
    (void)state;
    assert_false(is_incomplete(STORE_REPORTED_SENT, 0, "2026-12-09T00:00:00Z"));
    assert_true(is_incomplete(STORE_REPORTED_SENT, 1, "2026-12-09T00:00:00Z"));
    assert_false(is_incomplete(STORE_REPORTED_UNPLANNED, 0, "2026-12-01T00:30:00Z"));
    assert_true(is_incomplete(STORE_REPORTED_UNPLANNED, 0, "2026-12-01T01:00:00Z"));
    assert_true(is_incomplete(STORE_REPORTED_FAILED, 0, "2026-12-01T01:00:00Z"));
    assert_true(is_incomplete(STORE_REPORTED_EXPIRED, 0, "2026-12-02T01:00:00Z"));
    assert_false(is_incomplete(STORE_REPORTED_WAITING, 0, "2026-12-01T01:00:00Z"));
    assert_false(is_incomplete(STORE_REPORTED_WITHHELD, 0, "2026-12-01T01:00:00Z"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_read),
        cmocka_unit_test(days_and_domains_are_compared),
        cmocka_unit_test(what_is_not_reported_in_time_is_missing),
    };

    (void)setenv("TZ", "UTC", 1);
    tzset();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
