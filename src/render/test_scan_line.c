/* SPDX-License-Identifier: MIT */
/* test_scan_line.c - results of a scan as lines of either format, and what is read out of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "render/scan_line.h"
#include "rules/test_facts.h"

static struct diagnosis *broken(TALLOC_CTX *ctx)
{
    struct facts *facts = healthy(ctx);
    struct diagnosis *diagnosis;

    facts->observed_at = NOW;
    leaf(session(facts)->tls)->not_after = NOW - DAY;
    assert_int_equal(diagnose(ctx, facts, NOW, &diagnosis), STS_OK);
    return diagnosis;
}

static void a_line_of_csv(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *line = scan_line(ctx, SCAN_CSV, broken(ctx));
    const char *begin = "\"example.com\",\"critical\",\"enforce\",\"refused\",\"critical\","
                        "\"mx-cert-expired\",\"mx-cert-expired\",\"2026-11-23T15:00:00Z\",\"";
    const char *end = "\",\"enforce\",2592000,\"20261101000000\",\"mx1.example.com\",\"\"\r\n";

    (void)state;
    assert_memory_equal(line, begin, strlen(begin));
    assert_string_equal(line + strlen(line) - strlen(end), end);
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    talloc_free(ctx);
}

/* What a spreadsheet would run is text, and what stands there is found again. */
static void lines_that_hold_no_name(void **state)
{
    static const struct {
        enum scan_format format;
        const char *given, *line, *subject;
    } cases[] = {
        {SCAN_CSV, "no name", "\"no name\",\"\",", "no name"},
        {SCAN_CSV, "=cmd|' /C calc'!A0", "\" =cmd|' /C calc'!A0\",\"\",", " =cmd|' /C calc'!A0"},
        {SCAN_CSV, "@SUM(1)", "\" @SUM(1)\",\"\",", " @SUM(1)"},
        {SCAN_CSV, "+1", "\" +1\",", " +1"},
        {SCAN_CSV, "-1", "\" -1\",", " -1"},
        {SCAN_CSV, "a\",\"b", "\"a?,?b\",\"\",", "a?,?b"},
        {SCAN_CSV, "a\nb", "\"a\\\\x0ab\",\"\",", "a\\\\x0ab"},
        {SCAN_JSON, "no name", "{\"format\":\"mtasts.scan-error/1\",\"given\":\"no name\"",
         "no name"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *line = scan_line_error(NULL, cases[i].format, 7, cases[i].given, "not a domain name");
        size_t length = 0;
        const char *subject = scan_line_subject(cases[i].format, line, &length);
        int64_t time;

        assert_memory_equal(line, cases[i].line, strlen(cases[i].line));
        assert_int_equal(length, strlen(cases[i].subject));
        assert_memory_equal(subject, cases[i].subject, length);
        assert_false(scan_line_time(cases[i].format, line, &time));
        talloc_free(line);
    }
}

static void domain_and_time_of_a_line(void **state)
{
    static const enum scan_format formats[] = {SCAN_JSON, SCAN_CSV};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        char *line = scan_line(ctx, formats[i], broken(ctx));
        size_t length = 0;
        const char *subject = scan_line_subject(formats[i], line, &length);
        int64_t time = 0;

        assert_int_equal(length, strlen("example.com"));
        assert_memory_equal(subject, "example.com", length);
        assert_true(scan_line_time(formats[i], line, &time));
        assert_int_equal(time, NOW);
        assert_null(scan_line_subject(formats[!i], line, &length));
        talloc_free(ctx);
    }
    assert_string_equal(scan_line_head(SCAN_JSON), "");
    assert_memory_equal(scan_line_head(SCAN_CSV), "domain,verdict,", 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_of_csv),
        cmocka_unit_test(lines_that_hold_no_name),
        cmocka_unit_test(domain_and_time_of_a_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
