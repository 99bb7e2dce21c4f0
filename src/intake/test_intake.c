/* SPDX-License-Identifier: MIT */
/* test_intake.c - what comes out of packed bytes and mails, and what is turned away.  The mixtures
 * of real life stand in test/reports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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
    size_t reports, rejected;
    const char *why;
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

    seen->rejected++;
    seen->why = why;
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
    assert_string_equal(seen.why, "it unpacks to more than is allowed (64 MiB a report)");
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
        cmocka_unit_test(test_gzip),      cmocka_unit_test(test_members_and_trailing),
        cmocka_unit_test(test_bomb),      cmocka_unit_test(test_mails),
        cmocka_unit_test(test_rejected),  cmocka_unit_test(test_layers),
        cmocka_unit_test(test_long_mbox), cmocka_unit_test(test_large_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
