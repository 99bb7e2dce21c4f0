/* SPDX-License-Identifier: MIT */
/* test_report_chart.c - what gathered reports count, as days or weeks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pages/report_chart.h"

#define DAY 86400

struct fixture {
    struct names texts;
    struct tally *tally;
};

static struct tally *empty(TALLOC_CTX *ctx)
{
    struct fixture *fixture = talloc_zero(ctx, struct fixture);

    names_begin(&fixture->texts, fixture, sizeof(const char *));
    fixture->tally = tally_new(fixture, &fixture->texts);
    return fixture->tally;
}

static void take(struct tally *tally, const char *day, int successful, int failed,
                 const char *details)
{
    char text[1000];
    enum sts_report_fault fault;
    struct sts_report *report;
    size_t used;

    snprintf(text, sizeof(text),
             "{\"organization-name\":\"S\",\"report-id\":\"%s\",\"date-range\":{\"start-datetime\":"
             "\"%sT00:00:00Z\",\"end-datetime\":\"%sT23:59:59Z\"},\"policies\":[{\"policy\":{"
             "\"policy-type\":\"sts\",\"policy-domain\":\"example.org\"},\"summary\":{"
             "\"total-successful-session-count\":%d,\"total-failure-session-count\":%d},"
             "\"failure-details\":[%s]}]}",
             day, day, day, successful, failed, details);
    assert_int_equal(sts_report_parse(text, strlen(text), NULL, &used, &fault, &report), STS_OK);
    tally_add(tally, report);
    sts_report_free(report);
}

static void days_and_types(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct tally *tally = empty(ctx);
    struct chart chart;

    (void)state;
    take(tally, "2026-11-01", 10, 3,
         "{\"result-type\":\"certificate-expired\",\"failed-session-count\":2}");
    take(tally, "2026-11-03", 7, 0, "");
    take(tally, "2026-11-01", 5, 1,
         "{\"result-type\":\"dane-required\",\"failed-session-count\":1}");
    assert_int_equal(report_chart(ctx, tally, &chart), STS_OK);
    assert_int_equal(chart.span_count, 3);
    assert_int_equal(chart.span_seconds, DAY);
    assert_true(chart.spans[0].reported);
    assert_int_equal(chart.spans[0].successful, 15);
    assert_int_equal(chart.spans[0].failed[CHART_CERTIFICATE], 2);
    assert_int_equal(chart.spans[0].failed[CHART_DANE], 1);
    assert_int_equal(chart.spans[0].failed[CHART_OTHER], 1); /* no detail tells it */
    assert_false(chart.spans[1].reported);
    assert_int_equal(chart.spans[1].begins - chart.spans[0].begins, DAY);
    assert_int_equal(chart.spans[2].successful, 7);
    talloc_free(ctx);
}

static void weeks(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct tally *tally = empty(ctx);
    struct chart chart;

    (void)state;
    take(tally, "2026-01-01", 1, 0, "");
    take(tally, "2026-01-07", 2, 0, "");
    take(tally, "2026-01-08", 4, 0, "");
    take(tally, "2026-06-30", 8, 0, "");
    assert_int_equal(report_chart(ctx, tally, &chart), STS_OK);
    assert_int_equal(chart.span_seconds, 7 * DAY);
    assert_int_equal(chart.span_count, 26);
    assert_int_equal(chart.spans[0].successful, 3);
    assert_int_equal(chart.spans[1].successful, 4);
    assert_int_equal(chart.spans[25].successful, 8);
    talloc_free(ctx);
}

/* A report may claim any year. */
static void centuries(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct tally *tally = empty(ctx);
    struct chart chart;

    (void)state;
    take(tally, "1970-01-01", 1, 1, "");
    take(tally, "2026-11-30", 2, 2, "");
    assert_int_equal(report_chart(ctx, tally, &chart), STS_OK);
    assert_int_equal(chart.span_count, CHART_SPANS_MAX);
    assert_int_equal(chart.spans[CHART_SPANS_MAX - 1].successful, 2);
    assert_int_equal(chart.spans[CHART_SPANS_MAX - 1].failed[CHART_OTHER], 2);
    assert_int_equal(chart.spans[0].successful, 0);
    talloc_free(ctx);
}

static void none(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct chart chart;

    (void)state;
    assert_int_equal(report_chart(ctx, empty(ctx), &chart), STS_OK);
    assert_int_equal(chart.span_count, 0);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_and_types),
        cmocka_unit_test(weeks),
        cmocka_unit_test(centuries),
        cmocka_unit_test(none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
