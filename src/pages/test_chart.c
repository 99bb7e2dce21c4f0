/* SPDX-License-Identifier: MIT */
/* test_chart.c - the drawing of sessions day by day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/test_expected.h"
#include "pages/chart.h"

#define DAY   86400
#define BEGIN 1793491200 /* 2026-11-01 */

static const struct html_site site = {"/a/b/", NULL};

static const struct chart_span days[] = {
    {.begins = BEGIN, .reported = true, .successful = 4000, .link = "reports?day=2026-11-01"},
    {.begins = BEGIN + DAY,
     .reported = true,
     .successful = 3970,
     .failed = {[CHART_CERTIFICATE] = 30}},
    {.begins = BEGIN + 2 * DAY},
    {.begins = BEGIN + 3 * DAY, .reported = true, .failed = {900, 1, 0, 0, 3}},
    {.begins = BEGIN + 4 * DAY, .reported = true, .incomplete = true, .successful = 12},
};

static const struct chart_policy policies[] = {
    {BEGIN - 9 * DAY, BEGIN + 2 * DAY, "testing", "1"},
    {BEGIN + 2 * DAY, BEGIN + 99 * DAY, "enforce", "\"><script>2"},
    {BEGIN - 9 * DAY, BEGIN - 8 * DAY, "none", "0"}, /* before all of it */
};

static const struct chart_mark marks[] = {{BEGIN + DAY, "certificate of mx.example.com <renewed>"}};

static const struct chart chart = {
    .id = "sessions",
    .title = "Sessions a day",
    .description = "Five days",
    .spans = days,
    .span_count = sizeof(days) / sizeof(days[0]),
    .span_seconds = DAY,
    .policies = policies,
    .policy_count = sizeof(policies) / sizeof(policies[0]),
    .marks = marks,
    .mark_count = sizeof(marks) / sizeof(marks[0]),
};

/* One element a line. */
static char *in_lines(TALLOC_CTX *ctx, struct bytes text)
{
    char *lines = talloc_zero_array(ctx, char, 2 * text.length + 1), *to = lines;

    for (size_t i = 0; i < text.length; i++) {
        *to++ = text.data[i];
        if (text.data[i] == '>' && i + 1 < text.length && text.data[i + 1] == '<')
            *to++ = '\n';
    }
    return lines;
}

static void drawing(void **state)
{
    struct html *html = html_new(NULL, &site);

    (void)state;
    chart_write(html, &chart);
    assert_true(html_is_whole(html));
    chart_legend(html, &chart);
    expect_text("pages", "days",
                talloc_asprintf(html, "== days ==\n%s\n", in_lines(html, html_content(html))));
    talloc_free(html);
}

static const char *drawn(struct html *html, const struct chart_span *span)
{
    struct chart one = chart;

    html_clear(html);
    one.spans = span;
    one.span_count = 1;
    one.policy_count = one.mark_count = 0;
    chart_write(html, &one);
    return in_lines(html, html_content(html));
}

static void extremes(void **state)
{
    struct html *html = html_new(NULL, &site);
    struct chart_span most = {.reported = true, .successful = INT64_MAX};
    struct chart_span one = {.reported = true, .successful = 1000000, .failed = {[CHART_DANE] = 1}};
    const char *text = drawn(html, &most);

    (void)state;
    assert_non_null(strstr(text, "var(--sessions)"));
    assert_null(strstr(text, "height=\"-"));
    assert_null(strstr(text, "y=\"-"));
    for (size_t i = 0; i < CHART_FAMILY_COUNT; i++)
        most.failed[i] = INT64_MAX;
    text = drawn(html, &most);
    assert_null(strstr(text, "height=\"-"));
    assert_null(strstr(text, "y=\"-"));
    text = drawn(html, &one);
    assert_non_null(strstr(text, "var(--dane)"));
    talloc_free(html);
}

static void nothing_and_too_much(void **state)
{
    struct html *html = html_new(NULL, &site);
    struct chart_span *many = talloc_zero_array(html, struct chart_span, CHART_SPANS_MAX + 9);
    struct chart long_one = {.id = "c", .title = "", .description = "", .spans = many};

    (void)state;
    chart_write(html, &long_one);
    assert_int_equal(html_content(html).length, 0);
    long_one.span_count = CHART_SPANS_MAX + 9;
    long_one.span_seconds = DAY;
    chart_write(html, &long_one);
    assert_true(html_is_whole(html));
    assert_non_null(strstr(in_lines(html, html_content(html)), "viewBox=\"0 0 4090 284\""));
    talloc_free(html);
}

static void families(void **state)
{
    (void)state;
    assert_int_equal(chart_family_of("certificate-expired"), CHART_CERTIFICATE);
    assert_int_equal(chart_family_of("dane-required"), CHART_DANE);
    assert_int_equal(chart_family_of("validation-failure"), CHART_OTHER);
    assert_int_equal(chart_family_of(""), CHART_OTHER);
    assert_string_equal(chart_family_name(CHART_STARTTLS), "STARTTLS");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drawing),
        cmocka_unit_test(extremes),
        cmocka_unit_test(nothing_and_too_much),
        cmocka_unit_test(families),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
