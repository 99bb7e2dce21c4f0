/* SPDX-License-Identifier: MIT */
/* test_intake.c - what comes out of packed bytes and mails, and what is turned away.  The mixtures
 * of real life stand in test/reports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/base64.h"
#include "intake/intake.h"

static const char report[] =
    "{\"report-id\":\"1\",\"policies\":[{\"policy\":{\"policy-type\":\"sts\",\"policy-domain\":"
    "\"d.example\"},\"summary\":{\"total-successful-session-count\":5,"
    "\"total-failure-session-count\":0}}]}";

struct seen {
    size_t reports, rejected, told;
    const char *why;
    char places[200]; /* of what was rejected */
    unsigned deviations;
    int64_t successful;
};

/* Text and origin make the same report again. */
static void expect_same(const struct sts_report *one, const struct intake_source *source)
{
    char key[2][STS_REPORT_FINGERPRINT_SIZE], print[2][STS_REPORT_FINGERPRINT_SIZE];
    struct sts_report *again;
    enum sts_report_fault fault;
    size_t used;

    assert_int_equal(sts_report_parse(source->text.data, source->text.length, source->origin, &used,
                                      &fault, &again),
                     STS_OK);
    sts_report_key(one, key[0]);
    sts_report_key(again, key[1]);
    sts_report_fingerprint(one, print[0]);
    sts_report_fingerprint(again, print[1]);
    assert_string_equal(key[0], key[1]);
    assert_string_equal(print[0], print[1]);
    sts_report_free(again);
}

static void on_report(void *arg, struct sts_report *one, const struct intake_source *source)
{
    struct seen *seen = arg;
    int64_t successful, failed;

    expect_same(one, source);

    sts_report_sessions(one, "d.example", &successful, &failed);
    seen->successful += successful;
    seen->reports++;
    seen->deviations |= source->deviations;
    sts_report_free(one);
}

static void on_rejected(void *arg, const struct intake_source *source, const char *why,
                        const char *detail)
{
    struct seen *seen = arg;

    size_t at = strlen(seen->places);

    seen->rejected += source->rejections;
    seen->told++;
    seen->why = why;
    snprintf(seen->places + at, sizeof(seen->places) - at, "%s;",
             source->part ? source->part : "-");
}

static struct seen take(struct bytes bytes)
{
    struct seen seen = {0};
    struct intake_sink sink = {on_report, on_rejected, &seen};
    struct intake_result result = {0};

    intake_bytes(&sink, "x", bytes, &result);
    assert_false(result.no_memory);
    return seen;
}

static struct bytes packed(TALLOC_CTX *ctx, struct bytes bytes)
{
    size_t room = bytes.length / 500 + 1000;
    char *data = talloc_size(ctx, room);
    z_stream stream = {.next_in = (z_const Bytef *)(uintptr_t)bytes.data,
                       .avail_in = (uInt)bytes.length,
                       .next_out = (Bytef *)data,
                       .avail_out = (uInt)room};

    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, 0), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return (struct bytes){data, room - stream.avail_out};
}

static void test_gzip(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct bytes one = packed(ctx, bytes_of(report)), two = packed(ctx, one);
    struct seen seen = take(one);

    assert_int_equal(seen.successful, 5);
    seen = take(two);
    assert_int_equal(seen.successful, 5);
    assert_int_equal(seen.deviations, 1u << INTAKE_PACKED_TWICE);
    for (size_t cut = 2; cut < one.length;
         cut++) { /* cut anywhere: never a report, never silence */
        seen = take((struct bytes){one.data, cut});
        assert_int_equal(seen.reports, 0);
        assert_int_equal(seen.rejected, 1);
    }
    talloc_free(ctx);
}

static void test_members_and_trailing(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    size_t half = strlen(report) / 2;
    struct bytes a = packed(ctx, (struct bytes){report, half});
    struct bytes b = packed(ctx, bytes_from(bytes_of(report), half));
    char *both = talloc_size(ctx, a.length + b.length + 2);
    struct seen seen;

    memcpy(both, a.data, a.length);
    memcpy(both + a.length, b.data, b.length);
    memcpy(both + a.length + b.length, "\r\n", 2);
    seen = take((struct bytes){both, a.length + b.length + 2});
    assert_int_equal(seen.successful, 5);
    assert_int_equal(seen.deviations, 1u << INTAKE_GZIP_MEMBERS | 1u << INTAKE_GZIP_TRAILING);
    talloc_free(ctx);
}

static void test_bomb(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    size_t length = (64u << 20) + 1;
    char *zeros = talloc_zero_size(ctx, length);
    struct seen seen = take(packed(ctx, (struct bytes){zeros, length}));

    assert_int_equal(seen.reports, 0);
    assert_int_equal(seen.rejected, 1);
    assert_string_equal(seen.why, "it is too large when decompressed (limit: 64 MiB per report)");
    talloc_free(ctx);
}

static char *mail_of(TALLOC_CTX *ctx, const char *type, const char *encoding, const char *body)
{
    return talloc_asprintf(ctx,
                           "From: t@s.example\r\nSubject: Report Domain: d.example\r\n"
                           "MIME-Version: 1.0\r\nContent-Type: %s; name=r\r\n"
                           "Content-Transfer-Encoding: %s\r\n\r\n%s\r\n",
                           type, encoding, body);
}

static void test_mails(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct bytes gz = packed(ctx, bytes_of(report));
    const char *base64 = base64_encode(ctx, gz.data, gz.length);
    const char *inner = mail_of(ctx, "application/tlsrpt+gzip", "base64", base64);

    assert_int_equal(take(bytes_of(inner)).successful, 5);
    assert_int_equal(
        take(bytes_of(mail_of(ctx, "application/octet-stream", "base64", base64))).reports, 1);
    assert_int_equal(take(bytes_of(mail_of(ctx, "text/plain", "7bit", report))).reports, 1);
    assert_int_equal(take(bytes_of(mail_of(ctx, "application/gzip", "7bit", base64))).reports, 1);
    assert_int_equal(take(bytes_of(mail_of(ctx, "message/rfc822", "7bit", inner))).reports, 1);
    assert_int_equal(take(bytes_of(mail_of(ctx, "text/plain", "7bit", "Hello"))).rejected, 1);
    assert_int_equal(
        take(bytes_of(mail_of(ctx, "application/tlsrpt+json", "7bit", "Hello"))).rejected, 1);
    talloc_free(ctx);
}

static void test_rejected(void **state)
{
    assert_int_equal(take(bytes_of("")).rejected, 1);
    assert_int_equal(take(bytes_of("<?xml version=\"1.0\"?>")).rejected, 1);
    assert_int_equal(take(bytes_of("PK\3\4rubbish")).rejected, 1);
    assert_int_equal(take(bytes_of("rubbish")).rejected, 1);
}

#define GOOD                                                                                       \
    "{\"report-id\":\"1\",\"policies\":[{\"policy\":{\"policy-type\":\"sts\",\"policy-domain\":"   \
    "\"d.example\"},"                                                                              \
    "\"summary\":{\"total-successful-session-count\":5}}]}"
#define PRETTY                                                                                     \
    "{\n  \"report-id\": \"1\",\n  \"policies\": [\n    {\n      \"policy\": {\"policy-domain\": " \
    "\"d.example\"},\n"                                                                            \
    "      \"summary\":\n      {\"total-successful-session-count\": 5}\n    }\n  ]\n}\n"
#define UNINDENTED                                                                                 \
    "{\n\"report-id\":\"1\",\n\"policies\":\n[\n{\n\"policy\":\n{\n\"policy-domain\":\"d."         \
    "example\"\n}\n}\n]\n}\n"

/* One that is broken, and the others go on. */
static void test_broken_among_others(void **state)
{
    static const struct {
        const char *text;
        size_t reports;
        const char *places;
    } rows[] = {
        {GOOD "\n" GOOD "\n", 2, ""},
        {GOOD "\n{broken\n" GOOD "\n", 2, "line 2;"},
        {"{broken\n" GOOD "\n", 1, "line 1;"},
        {GOOD "\n{broken", 1, "line 2;"},
        {GOOD "\n{broken\n{broken\n" GOOD, 2, "line 2;line 3;"},
        {GOOD "\n{broken}\n{broken}\n" GOOD, 2, "line 2;line 3;"},
        /* cut, a quote lost or one too many, a brace too many */
        {"{\"policies\":[{\n" GOOD "\n" GOOD, 2, "line 1;"},
        {"{\"policies:[]}\n" GOOD "\n" GOOD, 2, "line 1;"},
        {"{\"policies\"\":[]}\n" GOOD "\n" GOOD, 2, "line 1;"},
        {"{\"policies\":[]]]}\n" GOOD, 1, "line 1;"},
        {GOOD "}\n" GOOD, 2, "byte 138;"},
        /* the begin of a line is lost */
        {GOOD "\n\"x\":1}\n" GOOD, 2, "line 2;"},
        {"\"x\":1}\n" GOOD "\n" GOOD, 2, "line 1;"},
        /* a remark is none */
        {GOOD "\n# remark\n" GOOD "\n-- \nsent by mail\n", 2, ""},
        /* no report, though JSON */
        {GOOD "\n{\"a\":1}\n" GOOD, 2, "line 2;"},
        /* one behind the other in a line, and in a list */
        {GOOD "{broken}" GOOD, 2, "byte 138;"},
        {"{broken}" GOOD, 1, "line 1;"},
        {"[" GOOD ",{broken}," GOOD "]", 2, "byte 140;"},
        {"[\n" GOOD ",\n{\"policies\":[\n," GOOD "\n," GOOD "\n]", 1, "line 3;"},
        {"[\n" GOOD ",\n{\"policies\":[,\n" GOOD ",\n" GOOD "\n]", 3, "line 3;"},
        /* blanks before, CRLF */
        {"{broken\r\n \t" GOOD "\r\n", 1, "line 1;"},
        {"\r\n \r\n  {broken\r\n  " GOOD "\r\n", 1, "line 3;"},
        /* of several lines: the objects inside a broken one are parts of it */
        {PRETTY PRETTY, 2, ""},
        {UNINDENTED UNINDENTED, 2, ""},
        {"{\n  \"policies\": [\n    {\n      \"policy\":\n      {\"a\": 1},\n" PRETTY, 1,
         "line 1;"},
        {"{\n  \"policies\": [\n    {\"a\":1},\n    {bad}\n  ]\n}\n" PRETTY, 1, "line 1;"},
        {"{\n  \"policies\": [\n    {\n      \"policy\": {\"policy-domain\": \"d.example\"}\n    "
         "},\n"
         "    {\n      \"policy\": {\"policy-domain\": \"d.example\"}\n    },\n" PRETTY,
         1, "line 1;"},
        {PRETTY "{\n  \"x\": [\n    {\"a\":1},\n    {\"a\":2}\n  ]\n}\n" PRETTY, 2, "line 11;"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct seen seen = take(bytes_of(rows[i].text));

        if (seen.reports != rows[i].reports || strcmp(seen.places, rows[i].places) != 0)
            fail_msg("row %zu: %zu reports, rejected %s", i, seen.reports, seen.places);
    }
}

/* None is lost where others are broken at any byte. */
static void test_cut_anywhere(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    for (size_t cut = 1; cut < sizeof(GOOD) - 1; cut++) {
        char *front = talloc_asprintf(ctx, GOOD "\n%.*s\n" GOOD "\n", (int)cut, GOOD);
        char *back = talloc_asprintf(ctx, GOOD "\n%s\n" GOOD "\n", &GOOD[cut]);
        struct seen seen = take(bytes_of(front));

        if (seen.reports != 2 || strcmp(seen.places, "line 2;") != 0)
            fail_msg("front %zu: %zu reports, rejected %s", cut, seen.reports, seen.places);
        seen = take(bytes_of(back));
        /* its policy may be left whole */
        if (seen.reports < 2 || seen.reports > 3 || seen.rejected != 1)
            fail_msg("back %zu: %zu reports, rejected %s", cut, seen.reports, seen.places);
        talloc_free(front);
        talloc_free(back);
    }
    talloc_free(ctx);
}

/* What is told of one file has a ceiling; what is read has none. */
static void test_many_broken(void **state)
{
    static const char *const lines[] = {"{\n", "{\"\n", "{x}", "{\"a\":1}\n", "{\"x\":\"}\n"};
    size_t size = 1u << 20;
    char *text = malloc(size + sizeof(GOOD) + 1);

    assert_non_null(text);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        size_t length = strlen(lines[i]), count = size / length / 2 * 2, at = 0;
        struct seen seen;

        for (size_t k = 0; k < count; k++, at += length)
            memcpy(text + at, lines[i], length);
        text[at++] = '\n';
        memcpy(text + at, GOOD, sizeof(GOOD));
        seen = take((struct bytes){text, at + sizeof(GOOD) - 1});
        assert_int_equal(seen.reports, 1);
        assert_int_equal(seen.told, INTAKE_REJECTED_MAX + 1);
        assert_true(seen.rejected >= count / 2 && seen.rejected <= count);
    }
    free(text);
}

/* In the square of the length this would take hours. */
static void test_many_without_end(void **state)
{
    static const char line[] = "{\"policies\":[{\"policy\":{\"x\":\"y\"\n";
    size_t length = sizeof(line) - 1, count = (16u << 20) / (length + sizeof(GOOD)), at = 0;
    char *text = malloc(count * (length + sizeof(GOOD)));
    struct seen seen;

    assert_non_null(text);
    for (size_t i = 0; i < count; i++) {
        memcpy(text + at, line, length);
        memcpy(text + at + length, GOOD "\n", sizeof(GOOD));
        at += length + sizeof(GOOD);
    }
    seen = take((struct bytes){text, at});
    assert_int_equal(seen.reports, count);
    assert_int_equal(seen.rejected, count);
    free(text);
}

/* Mail in mail without end. */
static void test_layers(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *mail = mail_of(ctx, "application/tlsrpt+json", "7bit", report);

    for (int i = 0; i < 40; i++)
        mail = mail_of(ctx, "message/rfc822", "7bit", mail);
    assert_int_equal(take(bytes_of(mail)).reports, 0);
    assert_true(take(bytes_of(mail)).rejected > 0);
    talloc_free(ctx);
}

/* Eight layers, the report among them, and no more. */
static void test_layers_of_gzip(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct bytes bytes = bytes_of(report);

    for (int i = 0; i < 7; i++)
        bytes = packed(ctx, bytes);
    assert_int_equal(take(bytes).reports, 1);
    bytes = packed(ctx, bytes);
    assert_int_equal(take(bytes).reports, 0);
    assert_string_equal(take(bytes).why, "it is nested too deeply");
    talloc_free(ctx);
}

/* More mails than a number of reports that doubles with each has bits for. */
static void test_long_mbox(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *mbox = talloc_strdup(ctx, "");
    struct seen seen;

    for (int i = 0; i < 200; i++)
        mbox = talloc_asprintf_append(mbox,
                                      "From x\nTLS-Report-Domain: d.example\n"
                                      "Content-Type: application/tlsrpt+json\n\n%s\n\n",
                                      report);
    seen = take(bytes_of(mbox));
    assert_int_equal(seen.reports, 200);
    assert_int_equal(seen.rejected, 0);
    talloc_free(ctx);
}

/* A file may hold more than a report may; one report may not. */
static void test_large_file(void **state)
{
    size_t piece = sizeof(report) - 1, padded = 1u << 20, count = 70;
    char *text = malloc(count * padded);
    struct seen seen;

    assert_non_null(text);
    memset(text, ' ', count * padded);
    for (size_t i = 0; i < count; i++)
        memcpy(text + i * padded, report, piece);
    seen = take((struct bytes){text, count * padded});
    assert_int_equal(seen.reports, count);
    assert_int_equal(seen.rejected, 0);
    memset(text + 1, ' ', count * padded - 1);
    seen = take((struct bytes){text, count * padded});
    assert_int_equal(seen.reports, 0);
    assert_string_equal(seen.why, "it is larger than 64 MiB");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_members_and_trailing),
        cmocka_unit_test(test_bomb),
        cmocka_unit_test(test_mails),
        cmocka_unit_test(test_rejected),
        cmocka_unit_test(test_layers),
        cmocka_unit_test(test_layers_of_gzip),
        cmocka_unit_test(test_long_mbox),
        cmocka_unit_test(test_large_file),
        cmocka_unit_test(test_broken_among_others),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_many_broken),
        cmocka_unit_test(test_many_without_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
