/* SPDX-License-Identifier: MIT */
/* test_mail.c - mails and mailboxes: which of their parts are reports, what deviates, what is
 * turned away and why; and what bytes look like. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <talloc.h>

#include "intake/job.h"

#define REPORT                                                                                     \
    "{\"report-id\":\"1\",\"policies\":[{\"policy\":{\"policy-type\":\"sts\",\"policy-domain\":"   \
    "\"d.example\"},\"summary\":{\"total-successful-session-count\":5}}]}"
/* The same, packed with gzip. */
static const char packed[] =
    "H4sIAAAAAAAC/zWLQQoDIRAE/9LnNZBDLn4l5CA6gQF1xBkhsvj3SMKeurqpPtGpSTfHCR53HGiSOTIp/PP8lwl/"
    "kbPZaItqeqnTJSmB617TjT6htExYB3SUEvrva2IhOx0xkup7bNzJUl2UUQ3+sdZrfQFfFRv3igAAAA==";

/* ---- what comes out, as text ----------------------------------------------------------------- */

struct seen {
    TALLOC_CTX *ctx;
    char *text; /* "+part [deviations] mail from;" of a report, "-part: why;" of what is rejected */
    struct intake_result result;
};

static void on_report(void *arg, struct sts_report *one, const struct intake_source *source)
{
    struct seen *seen = arg;

    seen->text = talloc_asprintf_append(seen->text, "+%s [", source->part ? source->part : "");
    for (int i = 0; i < INTAKE_DEVIATION_COUNT; i++)
        if (source->deviations & 1u << i)
            seen->text =
                talloc_asprintf_append(seen->text, " %s", intake_deviation_name((unsigned)i));
    seen->text = talloc_asprintf_append(seen->text, " ] %zu %s;", source->mail,
                                        source->from ? source->from : "-");
    sts_report_free(one);
}

static void on_rejected(void *arg, const struct intake_source *source, const char *why,
                        const char *detail)
{
    struct seen *seen = arg;

    seen->text =
        talloc_asprintf_append(seen->text, "-%s: %s%s%s;", source->part ? source->part : "", why,
                               detail ? " " : "", detail ? detail : "");
}

static struct seen take(TALLOC_CTX *ctx, struct bytes bytes)
{
    struct seen seen = {.ctx = ctx, .text = talloc_strdup(ctx, "")};
    struct intake_sink sink = {.report = on_report, .rejected = on_rejected, .arg = &seen};

    intake_bytes(&sink, "x", bytes, &seen.result);
    assert_false(seen.result.no_memory);
    return seen;
}

static void assert_seen(const char *name, const struct seen *seen, const char *expect)
{
    if (strcmp(seen->text, expect) != 0)
        fail_msg("%s:\n   found %s\nexpected %s", name, seen->text, expect);
}

/* ---- one mail -------------------------------------------------------------------------------- */

#define FROM      "From: t@s.example\r\n"
#define SUBJECT   "Subject: Report Domain: d.example Submitter: s.example\r\n"
#define DOMAIN    "TLS-Report-Domain: d.example\r\n"
#define SUBMITTER "TLS-Report-Submitter: s.example\r\n"
#define MULTIPART                                                                                  \
    "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=tlsrpt; boundary=b\r\n\r\n"
#define MIXED                  "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
#define PART(type, more, body) "--b\r\nContent-Type: " type "\r\n" more "\r\n" body "\r\n"
#define NAMED(name)            "Content-Disposition: attachment; filename=" name "\r\n"
#define BASE64                 "Content-Transfer-Encoding: base64\r\n"
#define END                    "--b--\r\n"
#define HEAD                   FROM SUBJECT DOMAIN SUBMITTER MULTIPART
#define TEXT                   PART("text/plain", "", "A report.")
#define NO_REPORT              "-: the message contains no TLS report;"

struct mail_case {
    const char *name, *mail, *expect;
    size_t others;
};

static const struct mail_case mails[] = {
    {"as RFC 8460 has it", HEAD TEXT PART("application/tlsrpt+json", NAMED("r.json"), REPORT) END,
     "+r.json [ ] 1 s.example;", 0},
    {"another media type", HEAD PART("application/json", NAMED("r.json"), REPORT) END,
     "+r.json [ media-type ] 1 s.example;", 0},
    {"not packed", HEAD PART("application/tlsrpt+gzip", NAMED("r.json.gz"), REPORT) END,
     "+r.json.gz [ media-type-wrong ] 1 s.example;", 0},
    {"no submitter",
     FROM DOMAIN MULTIPART PART("application/tlsrpt+json", NAMED("r.json"), REPORT) END,
     "+r.json [ no-report-headers ] 1 s.example;", 0},
    {"no domain",
     FROM SUBMITTER MULTIPART PART("application/tlsrpt+json", NAMED("r.json"), REPORT) END,
     "+r.json [ no-report-headers ] 1 s.example;", 0},
    {"not a multipart/report",
     FROM DOMAIN SUBMITTER MIXED PART("application/tlsrpt+json", NAMED("r.json"), REPORT) END,
     "+r.json [ not-multipart-report ] 1 s.example;", 0},
    {"no file name", HEAD PART("application/tlsrpt+json", "", REPORT) END,
     "+application/tlsrpt+json [ file-name-missing ] 1 s.example;", 0},
    {"two reports",
     HEAD PART("application/tlsrpt+json", NAMED("r.json"), REPORT)
         PART("application/tlsrpt+json", NAMED("s.json"), REPORT) END,
     "+r.json [ ] 1 s.example;+s.json [ ] 1 s.example;", 0},
    {"two senders",
     "From: t@s.example, u@t.example\r\n" DOMAIN SUBMITTER MULTIPART PART(
         "application/tlsrpt+json", NAMED("r.json"), REPORT) END,
     "+r.json [ ] 1 -;", 0},
    {"forwarded",
     FROM MIXED PART("message/rfc822", "",
                     "From: u@t.example\r\n" DOMAIN SUBMITTER
                     "Content-Type: application/tlsrpt+json; name=r.json\r\n\r\n" REPORT) END,
     "+r.json [ not-multipart-report forwarded ] 1 s.example;", 0},
    /* in text, JSON is read and labels are believed */
    {"as text", FROM "\r\n" REPORT,
     "+text/plain [ media-type not-multipart-report no-report-headers file-name-missing ] 1 "
     "s.example;",
     0},
    {"text in between", HEAD PART("text/plain", "", "see [1]") END, NO_REPORT, 0},
    {"text with a name", HEAD PART("text/plain", NAMED("r.json"), "Hello") END,
     "-r.json: it is not JSON, gzip, an archive or an email message;", 0},
    {"named .gz", HEAD PART("text/plain", NAMED("r.gz"), "Hello") END,
     "-r.gz: it is not JSON, gzip, an archive or an email message;", 0},
    {"named .zip", HEAD PART("application/octet-stream", NAMED("r.zip"), "Hello") END,
     "-r.zip: it is not JSON, gzip, an archive or an email message;", 0},
    {"named .pdf", HEAD PART("application/octet-stream", NAMED("r.pdf"), "Hello") END, NO_REPORT,
     0},
    {"labelled", HEAD PART("application/gzip", "", "Hello") END,
     "-application/gzip: it is not JSON, gzip, an archive or an email message;", 0},
    {"a picture", HEAD PART("image/png", "", "Hello") END, NO_REPORT, 0},
    {"HTML", HEAD PART("text/html", "", "<html>") END, NO_REPORT, 0},
    {"nothing", FROM "\r\n\r\n", NO_REPORT, 0},
    /* a report of another kind is nobody's fault */
    {"DMARC as text", FROM MIXED PART("text/xml", "", "<feedback>") END, "", 1},
    {"DMARC", FROM MIXED PART("application/xml", NAMED("r.xml"), "<feedback>") END, "", 1},
    {"XML", FROM MIXED PART("text/xml", "", "<other>") END, NO_REPORT, 0},
    {"DMARC beside a report",
     HEAD PART("text/xml", "", "<feedback>")
         PART("application/tlsrpt+json", NAMED("r.json"), REPORT) END,
     "+r.json [ ] 1 s.example;", 0},
};

static void each_mail(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(mails) / sizeof(mails[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct seen seen = take(ctx, bytes_of(mails[i].mail));

        assert_seen(mails[i].name, &seen, mails[i].expect);
        assert_int_equal(seen.result.mails, 1);
        assert_int_equal(seen.result.other_mails, mails[i].others);
        talloc_free(ctx);
    }
}

static void packed_parts(void **state)
{
    static const struct {
        const char *type, *expect;
    } cases[] = {{"application/tlsrpt+gzip", "+r.json.gz [ ] 1 s.example;"},
                 {"application/tlsrpt+json", "+r.json.gz [ media-type-wrong ] 1 s.example;"},
                 {"application/gzip", "+r.json.gz [ media-type ] 1 s.example;"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        char *mail = talloc_asprintf(
            ctx, HEAD "--b\r\nContent-Type: %s\r\n" NAMED("r.json.gz") BASE64 "\r\n%s\r\n" END,
            cases[i].type, packed);
        struct seen seen = take(ctx, bytes_of(mail));

        assert_seen(cases[i].type, &seen, cases[i].expect);
        talloc_free(ctx);
    }
}

/* The outermost element is looked for in the first 1,024 bytes. */
static void where_dmarc_begins(void **state)
{
    static const struct {
        int blanks;
        size_t others;
    } cases[] = {{1024 - 10, 1}, {1024 - 9, 0}};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        char *mail = talloc_asprintf(ctx, FROM "Content-Type: text/xml\r\n\r\n<%*s<feedback>\r\n",
                                     cases[i].blanks, "");
        struct seen seen = take(ctx, bytes_of(mail));

        assert_int_equal(seen.result.other_mails, cases[i].others);
        talloc_free(ctx);
    }
}

/* ---- mailboxes ------------------------------------------------------------------------------- */

#define LINE "From x\r\n"

static const struct mail_case boxes[] = {
    {"others pass in silence", LINE FROM "Subject: lunch\r\n\r\nHello\r\n", "", 1},
    {"two", LINE FROM "\r\nHello\r\n\r\n" LINE FROM "\r\nHello\r\n", "", 2},
    {"a subject that promises", LINE FROM SUBJECT "\r\nHello\r\n",
     "-mail 1: the message contains no TLS report;", 0},
    {"a header that does", LINE FROM DOMAIN "\r\nHello\r\n",
     "-mail 1: the message contains no TLS report;", 0},
    {"another header", LINE FROM SUBMITTER "\r\nHello\r\n",
     "-mail 1: the message contains no TLS report;", 0},
    {"a type that does", LINE FROM MULTIPART TEXT END,
     "-mail 1: the message contains no TLS report;", 0},
    {"a JSON of its own",
     LINE FROM MIXED PART("application/json", NAMED("a.json"), "{\"a\":1}") END, "", 1},
    {"a broken report",
     LINE FROM MIXED PART("application/tlsrpt+json", NAMED("a.json"), "{\"a\":1}") END,
     "-mail 1: a.json: it is JSON but not a TLS report: it has no policies;", 0},
    {"a broken one that a header promises",
     LINE FROM DOMAIN MIXED PART("application/json", NAMED("a.json"), "{\"a\":1}") END,
     "-mail 1: a.json: it is JSON but not a TLS report: it has no policies;", 0},
    {"a report without a sign",
     LINE FROM MIXED PART("application/json", NAMED("a.json"), REPORT) END,
     "+mail 1: a.json [ media-type not-multipart-report no-report-headers ] 1 s.example;", 0},
    {"DMARC", LINE FROM SUBJECT MIXED PART("text/xml", "", "<feedback>") END, "", 1},
    {"the third",
     LINE FROM "\r\nHello\r\n\r\n" LINE FROM SUBJECT "\r\nHello\r\n\r\n" LINE HEAD PART(
         "application/tlsrpt+json", NAMED("r.json"), REPORT) END,
     "-mail 2: the message contains no TLS report;+mail 3: r.json [ ] 3 s.example;", 1},
};

static void each_mailbox(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(boxes) / sizeof(boxes[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct seen seen = take(ctx, bytes_of(boxes[i].mail));

        assert_seen(boxes[i].name, &seen, boxes[i].expect);
        assert_int_equal(seen.result.other_mails, boxes[i].others);
        talloc_free(ctx);
    }
}

/* Where the next mail begins, as far as can be told from what is there. */
static void the_next_mail(void **state)
{
    static const struct {
        const char *text;
        size_t at;
        bool ended;
        size_t expect, goes_on;
    } cases[] = {
        {"From a\n\nFrom b\n", 0, true, 8, 8},
        {"From a\n\nFrom b\n", 0, false, 8, 8},
        {"From a\r\n\r\nFrom b\n", 0, false, 10, 10},
        {"From a\nx\nFrom b\n", 0, true, 16, 16}, /* no blank line before it */
        {"From a\nx\nFrom b\n", 0, false, NOWHERE, 16},
        {"From a\n\nFrox b\n", 0, true, 15, 15},
        {"From a\n\nFrom", 0, true, 12, 12},
        {"From a\n\nFrom", 0, false, NOWHERE, 7}, /* perhaps */
        {"From a\n\nFrom ", 0, false, 8, 8},
        {"From a\n\n", 0, false, NOWHERE, 7},
        {"From a", 0, false, NOWHERE, 0}, /* the line is not all there */
        {"From a", 0, true, 6, 6},
        {"From a\nab\nFrom b", 7, true, 16, 16},
        {"\rx\nFrom b\n", 0, true, 10, 10}, /* two bytes and the end are no blank line */
        {"a\nFrom b\n", 0, true, 9, 9},
        {"x\r\n\r\nFrom b", 0, true, 5, 5},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t at = cases[i].at,
               found = job_next_mail(bytes_of(cases[i].text), &at, cases[i].ended);

        if (found != cases[i].expect || at != cases[i].goes_on)
            fail_msg("case %zu: %zu, goes on at %zu", i, found, at);
    }
}

/* ---- what bytes look like -------------------------------------------------------------------- */

static void looks(void **state)
{
    static const struct {
        const char *text;
        size_t length; /* 0: of the text */
        enum content expect;
    } cases[] = {
        {"{", 0, CONTENT_JSON},
        {" \r\n\t[", 0, CONTENT_JSON},
        {"\xef\xbb\xbf{", 0, CONTENT_JSON},
        {"\xff\xfe{\0", 4, CONTENT_JSON},
        {"\xfe\xff\0{", 4, CONTENT_JSON},
        {"\xfe\xff", 0, CONTENT_OTHER},
        {"\x1f\x8b", 0, CONTENT_PACKED},
        {"\x1f{", 0, CONTENT_OTHER},
        {"PK\3\4", 0, CONTENT_PACKED},
        {"PK\5\6", 0, CONTENT_PACKED},
        {"PK\4\5", 0, CONTENT_OTHER},
        {"\n<", 0, CONTENT_XML},
        {"H4sIA", 0, CONTENT_BASE64},
        {"UEsDB", 0, CONTENT_BASE64},
        {"eyJh", 0, CONTENT_BASE64},
        {"W3si", 0, CONTENT_BASE64},
        {"H4s", 0, CONTENT_OTHER},
        {"", 0, CONTENT_OTHER},
        {"   ", 0, CONTENT_OTHER},
        {"Hello", 0, CONTENT_OTHER},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes bytes = {cases[i].text,
                              cases[i].length ? cases[i].length : strlen(cases[i].text)};

        if (content_of(bytes) != cases[i].expect)
            fail_msg("case %zu: %d", i, content_of(bytes));
    }
}

/* A word and a colon begin a mail, where the word is no longer than names of headers are. */
static void what_begins_a_mail(void **state)
{
    static const struct {
        int letters;
        bool mail;
    } cases[] = {{1, false}, {2, true}, {79, true}, {80, true}, {81, false}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        char *text = talloc_asprintf(ctx, "%*s: x\r\n\r\n", cases[i].letters, "");
        struct seen seen;

        memset(text, 'x', (size_t)cases[i].letters);
        text[cases[i].letters / 2] = cases[i].letters > 2 ? '-' : 'x';
        seen = take(ctx, bytes_of(text));
        assert_int_equal(seen.result.mails, cases[i].mail);
        assert_seen(text, &seen,
                    cases[i].mail ? NO_REPORT
                                  : "-: it is not JSON, gzip, an archive or an email message;");
        talloc_free(ctx);
    }
}

static void why_it_is_turned_away(void **state)
{
    static const struct {
        const char *text, *expect;
    } cases[] = {
        {"", "-: it is empty;"},
        {" \n ", "-: it is empty;"},
        {"<feedback>", "-: it is XML (a DMARC report?), not a TLS report;"},
        {"H4sI!", "-: it looks like base64 but is not valid;"},
        {"x}\n{\"a\":1}",
         "-line 1: it is not JSON;-line 2: it is JSON but not a TLS report: it has no policies;"},
        {"x]\n{\"a\":1}", "-line 2: it is JSON but not a TLS report: it has no policies;"},
        {"ab\n{\"a\":1}", "-: it is not JSON, gzip, an archive or an email message;"},
        {"ab\n{\"a\":1} b", "-: it is not JSON, gzip, an archive or an email message;"},
        {"a:", "-: it is not JSON, gzip, an archive or an email message;"},
        {"ab", "-: it is not JSON, gzip, an archive or an email message;"},
        {"ab:", NO_REPORT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct seen seen = take(ctx, bytes_of(cases[i].text));

        assert_seen(cases[i].text, &seen, cases[i].expect);
        talloc_free(ctx);
    }
}

static void an_archive_without_files(void **state)
{
    static const char empty[22] = "PK\5\6";
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct seen seen = take(ctx, (struct bytes){empty, sizeof empty});

    (void)state;
    assert_seen("zip", &seen, "-: the archive contains no files;");
    talloc_free(ctx);
}

/* ---- ceilings -------------------------------------------------------------------------------- */

/* A hundred are told one by one; then one entry stands for all others. */
static void what_is_told_of_many(void **state)
{
    static const struct {
        int broken;
        size_t told;
        const char *last;
    } cases[] = {
        {100, 100, "-line 100: it is JSON but not a TLS report: it has no policies;"},
        {101, 101, "-: further parts could not be read and are not listed individually 1;"},
        {103, 101, "-: further parts could not be read and are not listed individually 3;"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        char *text = talloc_strdup(ctx, "");
        struct seen seen;
        size_t told = 0;

        for (int k = 0; k < cases[i].broken; k++)
            text = talloc_strdup_append(text, "{\"a\":1}\n");
        seen = take(ctx, bytes_of(text));
        for (const char *at = seen.text; (at = strchr(at, ';')); at++)
            told++;
        assert_int_equal(told, cases[i].told);
        assert_string_equal(seen.text + strlen(seen.text) - strlen(cases[i].last), cases[i].last);
        talloc_free(ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mail),
        cmocka_unit_test(packed_parts),
        cmocka_unit_test(where_dmarc_begins),
        cmocka_unit_test(each_mailbox),
        cmocka_unit_test(the_next_mail),
        cmocka_unit_test(looks),
        cmocka_unit_test(what_begins_a_mail),
        cmocka_unit_test(why_it_is_turned_away),
        cmocka_unit_test(an_archive_without_files),
        cmocka_unit_test(what_is_told_of_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
