/* SPDX-License-Identifier: MIT */
/* test_report_corpus.c - the page, the JSON and the table of each TLS report of test/reports and
 * the fuzz corpora. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/test_expected.h"
#include "render/report.h"

#define NOW ((int64_t)1795446000) /* 2026-11-23T15:00:00Z */

static const struct textout_options wide = {.width = 80, .utf8 = true},
                                    narrow = {.width = 50, .verbose = true};

static char *put(char *to, const char *made)
{
    assert_non_null(made);
    return talloc_strdup_append_buffer(to, made);
}

static char *put_pages(char *to, struct reports *reports, const struct report_view *view)
{
    struct report_page page = {.view = view, .reports = reports};

    to = put(to, text_report(to, &page, &wide));
    page.verbose = page.all = true;
    to = put(to, text_report(to, &page, &narrow));
    return put(to, json_report(to, &page));
}

/* All reports of the text together. */
static char *dump(char *to, const char *text, size_t length)
{
    struct reports *reports = reports_new(to, NULL, NULL);
    struct report_view *view;

    to = put(to, csv_report_head());
    for (size_t at = 0, used = 0; at < length; at += used ? used : 1) {
        struct sts_report *report;
        enum sts_report_fault fault;

        if (sts_report_parse(text + at, length - at, NULL, &used, &fault, &report) != STS_OK)
            break;
        to = put(to, csv_report(to, report, "file", at ? NULL : "dkim"));
        reports_add(reports, report, "file", NOW, NULL);
    }
    assert_int_equal(judge_reports(to, reports_tally(reports), NULL, 0, NOW, &view), STS_OK);
    return put_pages(to, reports, view);
}

static void each_text(void **state)
{
    (void)state;
    expect_sums("render", "test/reports", ".json", dump);
    expect_sums("render", "fuzz/corpus/report", "", dump);
    expect_sums("render", "fuzz/grown/report", "", dump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_text)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
