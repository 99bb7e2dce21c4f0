/* SPDX-License-Identifier: MIT */
/* test_domain_chart.c - the days of a domain's drawing, up to now and in the past. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pages/domain_chart.h"

#define DAY 86400
#define NOW (20000 * (int64_t)DAY + 3600)

static void add_sessions(struct report_series *series, const char *key, int64_t day,
                         int64_t successful)
{
    struct series_sessions *one = names_get(&series->sessions, key);

    assert_non_null(one);
    one->day = day * DAY;
    one->sender = "mail.example";
    one->successful = successful;
}

/* Three days with sessions: today, ten days ago, and a hundred days ago. */
static struct domain_summary *summary_of(int64_t days, int64_t until)
{
    static const struct history nothing;
    struct domain_summary *s = talloc_zero(NULL, struct domain_summary);
    struct report_series *series = talloc_zero(s, struct report_series);

    names_begin(&series->sessions, series, sizeof(struct series_sessions));
    names_begin(&series->failures, series, sizeof(struct series_failure));
    add_sessions(series, "today", 20000, 1);
    add_sessions(series, "lately", 19990, 20);
    add_sessions(series, "long ago", 19900, 300);
    s->domain = "example.com";
    s->now = NOW;
    s->until = until;
    s->days = days;
    s->series = series;
    s->past = &nothing;
    return s;
}

static void draw(const struct domain_summary *s, struct chart *ret)
{
    assert_int_equal(domain_chart((TALLOC_CTX *)(uintptr_t)s, s, s->days, ret), STS_OK);
}

static int64_t sum_of(const struct chart *chart)
{
    int64_t sum = 0;

    for (size_t i = 0; i < chart->span_count; i++)
        sum += chart->spans[i].successful;
    return sum;
}

static void the_axis_ends_today(void **state)
{
    struct domain_summary *s = summary_of(30, NOW);
    struct chart chart;

    (void)state;
    draw(s, &chart);
    assert_int_equal(chart.span_count, 30);
    assert_int_equal(chart.spans[0].begins, INT64_C(19971) * DAY);
    assert_int_equal(chart.spans[29].begins, INT64_C(20000) * DAY);
    assert_true(chart.spans[29].incomplete && chart.spans[28].incomplete);
    assert_false(chart.spans[27].incomplete);
    assert_int_equal(sum_of(&chart), 21);
    talloc_free(s);
}

static void an_axis_in_the_past_has_its_days(void **state)
{
    struct domain_summary *s = summary_of(5, INT64_C(19902) * DAY + DAY - 1);
    struct chart chart;

    (void)state;
    draw(s, &chart);
    assert_int_equal(chart.span_count, 5);
    assert_int_equal(chart.spans[0].begins, INT64_C(19898) * DAY);
    assert_int_equal(chart.spans[4].begins, INT64_C(19902) * DAY);
    assert_false(chart.spans[4].incomplete);
    assert_true(chart.spans[2].reported);
    assert_false(chart.spans[1].reported || chart.spans[3].reported);
    assert_int_equal(sum_of(&chart), 300);
    talloc_free(s);
}

static void weeks_end_with_the_last_day(void **state)
{
    struct domain_summary *s = summary_of(140, INT64_C(19990) * DAY);
    struct chart chart;

    (void)state;
    draw(s, &chart);
    assert_int_equal(chart.span_count, 20);
    assert_int_equal(chart.spans[19].begins, INT64_C(19984) * DAY);
    assert_int_equal(sum_of(&chart), 320);
    talloc_free(s);
}

/* What was found and served later is not drawn at the end of the axis. */
static void marks_lie_on_the_axis(void **state)
{
    static const char *mx_one[] = {"mx1.example"}, *mx_two[] = {"mx2.example"};
    static struct served policies[] = {
        {.mx = mx_one, .mx_count = 1, .first_seen = INT64_C(19890) * DAY},
        {.mx = mx_two, .mx_count = 1, .first_seen = INT64_C(19900) * DAY},
        {.mx = mx_one, .mx_count = 1, .first_seen = INT64_C(19950) * DAY}};
    static struct certificate_change certificates[] = {
        {.host = "mx1.example", .at = INT64_C(19897) * DAY},
        {.host = "mx1.example", .at = INT64_C(19901) * DAY},
        {.host = "mx1.example", .at = INT64_C(19903) * DAY}};
    struct domain_summary *s = summary_of(5, INT64_C(19902) * DAY);
    struct history past = *s->past;
    struct chart chart;

    (void)state;
    past.policies = policies;
    past.policy_count = 3;
    s->past = &past;
    s->certificates.changes = certificates;
    s->certificates.count = 3;
    draw(s, &chart);
    assert_int_equal(chart.mark_count, 2);
    assert_int_equal(chart.marks[0].at, INT64_C(19900) * DAY);
    assert_int_equal(chart.marks[1].at, INT64_C(19901) * DAY);
    talloc_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_axis_ends_today),
        cmocka_unit_test(an_axis_in_the_past_has_its_days),
        cmocka_unit_test(weeks_end_with_the_last_day),
        cmocka_unit_test(marks_lie_on_the_axis),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
