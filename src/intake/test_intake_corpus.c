/* SPDX-License-Identifier: MIT */
/* test_intake_corpus.c - the reports in each file of the fuzz corpora and of test/reports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <talloc.h>

#include "base/test_expected.h"
#include "base/text.h"
#include "intake/intake.h"

static char *text;

static void put(const char *mark, const char *value)
{
    char *shown = value ? text_printable(text, value, strlen(value), 0) : NULL;

    text = talloc_asprintf_append_buffer(text, "%s%s", mark, shown ? shown : "-");
}

static void put_source(const struct intake_source *source)
{
    put(" part ", source->part);
    put(" from ", source->from);
    text = talloc_asprintf_append_buffer(
        text, " at %lld deviations %x message %zu mail %zu text %zu\n", (long long)source->received,
        source->deviations, source->message.length, source->mail, source->text.length);
}

static void on_report(void *arg, struct sts_report *report, const struct intake_source *source)
{
    char key[STS_REPORT_FINGERPRINT_SIZE], print[STS_REPORT_FINGERPRINT_SIZE];

    (void)arg;
    sts_report_key(report, key);
    sts_report_fingerprint(report, print);
    text = talloc_asprintf_append_buffer(text, "report %s %s", key, print);
    put_source(source);
    sts_report_free(report);
}

static void on_rejected(void *arg, const struct intake_source *source, const char *why,
                        const char *detail)
{
    (void)arg;
    put("rejected: ", why);
    put(" ", detail);
    text = talloc_asprintf_append_buffer(text, " for %zu", source->rejections);
    put_source(source);
}

static char *dump(char *to, const char *data, size_t length)
{
    const struct intake_sink sink = {.report = on_report, .rejected = on_rejected};
    struct intake_result result = {0};

    text = to;
    intake_bytes(&sink, "dir/s.example!d.example!1!2.json", (struct bytes){data, length}, &result);
    return talloc_asprintf_append_buffer(text, "%zu mails, %zu others\n", result.mails,
                                         result.other_mails);
}

/* Behind the line of a mailbox, as the mail of a stranger. */
static char *dump_mail(char *to, const char *data, size_t length)
{
    static const char head[] = "From x\nSubject: Report Domain: d.example\n";
    char *headed = talloc_size(NULL, sizeof(head) + length);

    memcpy(headed, head, sizeof(head) - 1);
    memcpy(headed + sizeof(head) - 1, data, length);
    to = dump(to, headed, sizeof(head) - 1 + length);
    to = dump(to, strchr(headed, '\n') + 1, sizeof(head) - 8 + length);
    talloc_free(headed);
    return to;
}

static void each_file(void **state)
{
    (void)state;
    expect_sums("intake", "fuzz/corpus/mime", "", dump_mail);
    expect_sums("intake", "fuzz/grown/mime", "", dump_mail);
    expect_sums("intake", "fuzz/corpus/gzip", "", dump);
    expect_sums("intake", "fuzz/grown/gzip", "", dump);
    expect_sums("intake", "fuzz/corpus/archive", "", dump);
    expect_sums("intake", "fuzz/grown/archive", "", dump);
    expect_sums("intake", "fuzz/grown/report", "", dump);
    expect_sums("intake", "test/reports", "", dump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_file)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
