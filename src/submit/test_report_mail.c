/* SPDX-License-Identifier: MIT */
/* test_report_mail.c - the mail around a report: its fields, its parts, lines that any server
 * takes. A second implementation of DKIM and our own reader take one in test/send_reports.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "dkim/signing.h"
#include "submit/limits.h"
#include "submit/report_mail.h"

static const struct signing_key keys[] = {
    {"sender.example", "k1",
     "-----BEGIN PRIVATE "
     "KEY-----\nMC4CAQAwBQYDK2VwBCIEILbWxxIEfp1s64Gi59sOC2EBubh+DVCtPvd6I8LrbBPi\n-----END PRIVATE "
     "KEY-----\n"},
    {"sender.example", "k2", "no key"},
};

static enum sts_status write_mail(TALLOC_CTX *ctx, const char *organization, size_t key_count,
                                  char **ret)
{
    const struct submit_sender sender = {.organization = organization,
                                         .contact = "tls@sender.example",
                                         .domain = "sender.example",
                                         .from = "noreply@sender.example",
                                         .keys = keys,
                                         .key_count = key_count,
                                         .language = I18N_ENGLISH};
    const struct outgoing_policy policy = {
        {"no-policy-found", "a.example", NULL, 0, NULL, 0}, 1, 0, NULL, 0};
    const struct outgoing_day day = {20787, "a.example", "r", &policy, 1};
    struct report_mail mail = {.sender = &sender,
                               .to = "tls@a.example",
                               .text = "All is well.\n.\n",
                               .at = 1796083200,
                               .signer = signer_new(ctx)};
    struct outgoing_report *report;

    assert_int_equal(outgoing_build(ctx, &sender, &day, LIMIT_PACKED, &report), STS_OK);
    mail.report = report;
    return report_mail_write(ctx, &mail, ret);
}

static void it_has_what_the_rfc_asks_for(void **state)
{
    static const char *const expected[] = {
        "From: \"Sender \\\"Example\\\"\" <noreply@sender.example>\n",
        "To: <tls@a.example>\n",
        "Date: Tue, 1 Dec 2026 00:00:00 +0000\n",
        "TLS-Report-Domain: a.example\n",
        "TLS-Report-Submitter: sender.example\n",
        "TLS-Required: No\n",
        "Auto-Submitted: auto-generated\n",
        "Content-Type: multipart/report; report-type=\"tlsrpt\";\n",
        "Content-Type: application/tlsrpt+gzip\n",
        "Content-Type: text/plain; charset=utf-8\n",
        "\n=2E\n",
        "sender.example!a.example!1795996800!1796083199!",
        ".json.gz\"\n",
    };
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *mail;

    (void)state;
    assert_int_equal(write_mail(ctx, "Sender \"Example\"", 1, &mail), STS_OK);
    for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++)
        assert_non_null(strstr(mail, expected[i]));
    assert_int_equal(strncmp(mail, "DKIM-Signature: ", 16), 0);
    assert_non_null(strstr(mail, "h=From:To:Subject:Date:Message-ID:TLS-Report-Domain"));
    talloc_free(ctx);
}

static void no_line_is_too_long(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *mail;

    (void)state;
    assert_int_equal(write_mail(ctx, "S\xc3\xa9nder", 0, &mail), STS_OK);
    assert_non_null(strstr(mail, "From: =?UTF-8?B?U8OpbmRlcg==?= <noreply@sender.example>\n"));
    for (const char *line = mail; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        assert_in_range(strcspn(line, "\n"), 0, 200);
    }
    talloc_free(ctx);
}

static void a_bad_key_is_said(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *mail;

    (void)state;
    assert_int_equal(write_mail(ctx, "Sender", 2, &mail), STS_E_INVALID);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_has_what_the_rfc_asks_for),
        cmocka_unit_test(no_line_is_too_long),
        cmocka_unit_test(a_bad_key_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
