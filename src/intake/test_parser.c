/* SPDX-License-Identifier: MIT */
/* test_parser.c - the process that parses dies, hangs, runs out of memory and lies, on purpose: one
 * report is lost at the most, the others are read, each once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "intake/parser.h"
#include "intake/wire.h"

#define REPORTS_MAX 4000

struct seen {
    struct parser *parser;
    size_t reports, rejected, doubled;
    unsigned char count[REPORTS_MAX]; /* by the number that its id is */
    char places[400];                 /* of what was rejected */
    char why[200];                    /* the last reason; those of the intake go with the parser */
    int kill;                         /* the process, when so many reports came; 0: never */
    int signal;
};

static void on_report(void *arg, struct sts_report *report, const struct intake_source *source)
{
    struct seen *seen = arg;
    long id = strtol(sts_report_id(report), NULL, 10);

    assert_true(id > 0 && id < REPORTS_MAX);
    assert_true(source->text.length > 0 && memchr(source->text.data, '{', source->text.length));
    seen->doubled += seen->count[id]++ != 0;
    if (++seen->reports == (size_t)seen->kill)
        kill(parser_process(seen->parser), seen->signal);
    sts_report_free(report);
}

static void on_rejected(void *arg, const struct intake_source *source, const char *why,
                        const char *detail)
{
    struct seen *seen = arg;
    size_t at = strlen(seen->places);

    (void)detail;
    seen->rejected += source->rejections;
    snprintf(seen->why, sizeof(seen->why), "%s", why);
    snprintf(seen->places + at, sizeof(seen->places) - at, "%s;",
             source->part ? source->part : "-");
}

/* ---- texts ----------------------------------------------------------------------------------- */

#define REPORT                                                                                     \
    "{\"report-id\":\"%d\",\"contact-info\":\"%s\",\"policies\":[{\"policy\":{\"policy-type\":"    \
    "\"sts\",\"policy-domain\":\"d.example\"},\"summary\":{\"total-successful-session-count\":5,"  \
    "\"total-failure-session-count\":0}}]}"

static const char *mark_of(int number, int marked, const char *mark)
{
    return number == marked ? mark : "fine";
}

/* Reports one a line, or an mbox with one in each mail; the one of the number is marked. */
static char *lines(TALLOC_CTX *ctx, int count, int marked, const char *mark)
{
    char *text = talloc_strdup(ctx, "");

    for (int i = 1; i <= count; i++)
        text = talloc_asprintf_append_buffer(text, REPORT "\n", i, mark_of(i, marked, mark));
    return text;
}

static char *mbox(TALLOC_CTX *ctx, int count, int marked, const char *mark)
{
    char *text = talloc_strdup(ctx, "");

    for (int i = 1; i <= count; i++)
        text = talloc_asprintf_append_buffer(
            text,
            "From a@b.example Mon Nov 23 00:00:00 2026\nFrom: a@b.example\nSubject: Report Domain: "
            "d.example\nContent-Type: application/tlsrpt+json\n\n" REPORT "\n\n",
            i, mark_of(i, marked, mark));
    return text;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void read_file(struct seen *seen, const char *text, struct intake_result *result)
{
    const struct intake_sink sink = {on_report, on_rejected, seen, seen->parser, PARSER_TEXT};
    FILE *file = tmpfile();

    assert_non_null(file);
    assert_true(fwrite(text, 1, strlen(text), file) == strlen(text) && fflush(file) == 0);
    (void)lseek(fileno(file), 0, SEEK_SET);
    intake_open(&sink, fileno(file), "file", result);
    fclose(file);
}

static struct seen take(const char *text, struct intake_result *result)
{
    struct seen seen = {.parser = parser_new(NULL)};

    *result = (struct intake_result){0};
    assert_non_null(seen.parser);
    read_file(&seen, text, result);
    talloc_free(seen.parser);
    assert_int_equal(seen.doubled, 0);
    return seen;
}

static bool holds(struct bytes bytes, const char *word)
{
    return bytes_find_nocase(bytes, word) >= 0;
}

/* Only where the report begins, so that a mail is no step to blame, nor all the lines behind. */
static bool is_report(struct bytes bytes, const char *mark)
{
    char *end = bytes.length ? memchr(bytes.data, '\n', bytes.length) : NULL;

    if (!bytes.length || bytes.data[0] != '{')
        return false;
    return holds((struct bytes){bytes.data, end ? (size_t)(end - bytes.data) : bytes.length}, mark);
}

static void trap(struct bytes bytes)
{
    if (is_report(bytes, "crash@"))
        abort();
    if (is_report(bytes, "hang@"))
        for (;;)
            sleep(1);
    if (is_report(bytes, "memory@"))
        _exit(EX_SOFTWARE);
    if (holds(bytes, "whole@"))
        abort();
}

static int begin(void **state)
{
    (void)state;
    parser_set_trap(trap, PARSER_SILENCE_MS);
    return 0;
}

/* Long enough for a machine under load, as a step takes less than a millisecond. */
static int begin_impatiently(void **state)
{
    (void)state;
    parser_set_trap(trap, 3000);
    return 0;
}

/* ---- cases ----------------------------------------------------------------------------------- */

static void test_all_is_read(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct intake_result result;
    struct seen seen = take(lines(ctx, 3000, 0, ""), &result);

    assert_int_equal(seen.reports, 3000);
    assert_int_equal(seen.rejected, 0);
    seen = take(mbox(ctx, 3000, 0, ""), &result);
    assert_int_equal(seen.reports, 3000);
    assert_int_equal(result.mails, 3000);
    assert_int_equal(result.faults, 0);
    talloc_free(ctx);
}

static void expect_one_lost(const char *text, const char *place)
{
    struct intake_result result;
    struct seen seen = take(text, &result);

    assert_int_equal(seen.reports, 999);
    assert_int_equal(seen.count[500], 0);
    assert_int_equal(seen.rejected, 1);
    assert_string_equal(seen.places, place);
    assert_int_equal(result.faults, 1);
    assert_non_null(strstr(seen.why, "a bug in this program"));
}

static void test_a_crash_harms_one_report(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    expect_one_lost(lines(ctx, 1000, 500, "crash@x.example"), "line 500;");
    expect_one_lost(mbox(ctx, 1000, 500, "crash@x.example"), "mail 500: application/tlsrpt+json;");
    expect_one_lost(mbox(ctx, 1000, 500, "whole@x.example"), "mail 500;");
    talloc_free(ctx);
}

static void test_a_hang_harms_one_report(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    expect_one_lost(mbox(ctx, 1000, 500, "hang@x.example"), "mail 500: application/tlsrpt+json;");
    talloc_free(ctx);
}

/* Killed or stopped from outside, anywhere: nothing is lost. */
static void test_who_kills_it_harms_nothing(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *texts[] = {lines(ctx, 1000, 0, ""), mbox(ctx, 1000, 0, ""), mbox(ctx, 1000, 0, "")};

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        struct intake_result result = {0};
        struct seen seen = {
            .parser = parser_new(NULL), .kill = 400, .signal = i < 2 ? SIGKILL : SIGSTOP};

        read_file(&seen, texts[i], &result);
        assert_int_equal(seen.reports, 1000);
        assert_int_equal(seen.doubled + seen.rejected + result.faults, 0);
        talloc_free(seen.parser);
    }
    talloc_free(ctx);
}

/* A machine without memory is no fault of a report. */
static void test_no_memory_ends_it(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct intake_result result;
    struct seen seen = take(lines(ctx, 100, 50, "memory@x.example"), &result);

    assert_true(result.no_memory);
    assert_int_equal(seen.rejected, 0);
    talloc_free(ctx);
}

static void test_many_crashes(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *text = talloc_strdup(ctx, "");
    struct intake_result result;
    struct seen seen;

    for (int i = 1; i <= 60; i++)
        text =
            talloc_asprintf_append_buffer(text, REPORT "\n", i, i % 6 ? "fine" : "crash@x.example");
    seen = take(text, &result);
    assert_int_equal(seen.reports, 50);
    assert_int_equal(seen.rejected, 10);
    assert_int_equal(result.faults, 10);
    talloc_free(ctx);
}

static void stop_it(void *arg, struct sts_report *report, const struct intake_source *source)
{
    struct intake_result *result = arg;

    (void)source;
    sts_report_free(report);
    assert_false(result->stop);
    result->stop = true;
}

static void test_who_stops_hears_no_more(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct intake_result result = {0};
    struct intake_sink sink = {stop_it, on_rejected, &result, parser_new(ctx), 0};
    char *text = mbox(ctx, 100, 0, "");
    FILE *file = tmpfile();

    assert_true(fputs(text, file) >= 0 && fflush(file) == 0);
    (void)lseek(fileno(file), 0, SEEK_SET);
    intake_open(&sink, fileno(file), "file", &result);
    fclose(file);
    assert_true(result.stop);
    talloc_free(ctx);
}

static struct seen take_within(const char *text, const struct parser_limits *limits,
                               struct intake_result *result)
{
    struct seen seen = {.parser = parser_new_within(NULL, limits)};

    *result = (struct intake_result){0};
    assert_non_null(seen.parser);
    read_file(&seen, text, result);
    assert_true(!result->stop || !parser_process(seen.parser));
    talloc_free(seen.parser);
    return seen;
}

/* What a stranger sent costs no more than was granted, and what was read by then counts. */
static void test_limits_end_it(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct parser_limits limits = {clock_monotonic_ms() + 500, 0, 0};
    struct intake_result result;
    struct seen seen = take_within(mbox(ctx, 100, 50, "hang@x.example"), &limits, &result);

    (void)state;
    assert_true(result.stop);
    assert_true(seen.reports < 100);
    assert_non_null(strstr(seen.why, "too long"));
    limits = (struct parser_limits){.answers_max = 20000};
    seen = take_within(lines(ctx, 3000, 0, ""), &limits, &result);
    assert_true(result.stop);
    assert_true(seen.reports > 0 && seen.reports < 3000);
    assert_non_null(strstr(seen.why, "more than can be read"));
    limits = (struct parser_limits){.memory_max = 1u << 30};
    seen = take_within(lines(ctx, 100, 50, "memory@x.example"), &limits, &result);
    assert_false(result.no_memory);
    assert_int_equal(seen.reports, 99);
    talloc_free(ctx);
}

static void test_it_is_apart(void **state)
{
    struct parser *parser = parser_new(NULL);

    (void)state;
    assert_true(parser_state(parser).apart);
    assert_true(parser_process(parser) > 0 && parser_process(parser) != getpid());
    talloc_free(parser);
}

/* ---- what comes back ------------------------------------------------------------------------- */

static struct sts_report *parsed(const char *text)
{
    struct sts_report *report;
    enum sts_report_fault fault;
    size_t used;

    assert_int_equal(sts_report_parse(text, strlen(text), NULL, &used, &fault, &report), STS_OK);
    return report;
}

static const char whole[] =
    "{\"organization-name\":\"o\",\"date-range\":{\"start-datetime\":\"2026-11-22T00:00:00Z\","
    "\"end-datetime\":\"2026-11-22T23:59:59Z\"},\"contact-info\":\"a@o.example\",\"report-id\":"
    "\"r\",\"policies\":[{\"policy\":{\"policy-type\":\"sts\",\"policy-string\":[\"version: "
    "STSv1\",\"mode: testing\"],\"policy-domain\":\"d.example\",\"mx-host\":\"mx.d.example\"},"
    "\"summary\":{\"total-successful-session-count\":5,\"total-failure-session-count\":2},"
    "\"failure-details\":[{\"result-type\":\"certificate-expired\",\"sending-mta-ip\":"
    "\"192.0.2.1\",\"failed-session-count\":2}]}]}";

static void test_a_report_comes_back_the_same(void **state)
{
    struct sts_report *report = parsed(whole), *again;
    struct wire_out out = {0};
    struct wire_in in;
    char prints[2][STS_REPORT_FINGERPRINT_SIZE], keys[2][STS_REPORT_FINGERPRINT_SIZE];
    size_t notes[2];

    (void)state;
    wire_put_report(&out, report);
    in = (struct wire_in){out.data, out.data + out.length, false};
    again = wire_report(NULL, &in);
    assert_non_null(again);
    assert_ptr_equal(in.at, in.end);
    sts_report_fingerprint(report, prints[0]);
    sts_report_fingerprint(again, prints[1]);
    assert_string_equal(prints[0], prints[1]);
    sts_report_key(report, keys[0]);
    sts_report_key(again, keys[1]);
    assert_string_equal(keys[0], keys[1]);
    (void)sts_report_notes(report, &notes[0], NULL);
    (void)sts_report_notes(again, &notes[1], NULL);
    assert_int_equal(notes[0], notes[1]);
    sts_report_free(again);
    sts_report_free(report);
    free(out.data);
}

/* Cut anywhere, and with each byte of it another: refused, or a report that can be read. */
static void test_nonsense_is_refused(void **state)
{
    struct sts_report *report = parsed(whole);
    struct wire_out out = {0};

    (void)state;
    wire_put_report(&out, report);
    for (size_t cut = 0; cut < out.length; cut++) {
        char *copy = talloc_memdup(NULL, out.data, cut);
        struct wire_in in = {copy, copy + cut, false};

        assert_null(wire_report(NULL, &in));
        assert_true(in.wrong);
        talloc_free(copy);
    }
    for (size_t at = 0; at < out.length; at++) {
        char *copy = talloc_memdup(NULL, out.data, out.length);
        struct wire_in in = {copy, copy + out.length, false};
        struct sts_report *other;
        char print[STS_REPORT_FINGERPRINT_SIZE];

        copy[at] = (char)(copy[at] ^ 0xff);
        other = wire_report(NULL, &in);
        if (other)
            sts_report_fingerprint(other, print);
        talloc_free(other);
        talloc_free(copy);
    }
    sts_report_free(report);
    free(out.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_is_read),
        cmocka_unit_test(test_a_crash_harms_one_report),
        cmocka_unit_test_setup_teardown(test_a_hang_harms_one_report, begin_impatiently, begin),
        cmocka_unit_test_setup_teardown(test_who_kills_it_harms_nothing, begin_impatiently, begin),
        cmocka_unit_test(test_no_memory_ends_it),
        cmocka_unit_test(test_many_crashes),
        cmocka_unit_test(test_who_stops_hears_no_more),
        cmocka_unit_test(test_limits_end_it),
        cmocka_unit_test(test_it_is_apart),
        cmocka_unit_test(test_a_report_comes_back_the_same),
        cmocka_unit_test(test_nonsense_is_refused),
    };

    return cmocka_run_group_tests(tests, begin, NULL);
}
