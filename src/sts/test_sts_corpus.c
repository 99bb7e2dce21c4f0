/* SPDX-License-Identifier: MIT */
/* test_sts_corpus.c - what is read of each text of the fuzz corpora and of test/reports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <string.h>

#include <talloc.h>

#include "base/test_expected.h"
#include "mtasts/mtasts.h"
#include "mtasts/report.h"

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

static char *put_list(char *to, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to = talloc_asprintf_append_buffer(to, " %s", list[i]);
    return talloc_strdup_append_buffer(to, "\n");
}

static char *put_issues(char *to, const struct sts_issue *issues, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to = talloc_asprintf_append_buffer(to, "  %s %s %zu+%zu %u:%u\n",
                                           sts_issue_name(issues[i].code),
                                           sts_reason_name(issues[i].reason), issues[i].offset,
                                           issues[i].length, issues[i].line, issues[i].column);
    return to;
}

/* ---- policies, records ----------------------------------------------------------------------- */

static char *dump_policy(char *to, const char *text, size_t length)
{
    static const char *const hosts[] = {"mx1.example.com", "example.com", "a.b.example.com",
                                        "mail.example.net"};
    struct sts_policy *policy = NULL;
    enum sts_status status = sts_policy_parse(text, length, &policy);
    const char *const *mx;
    const struct sts_issue *issues;
    size_t count;

    if (status != STS_OK)
        return talloc_asprintf_append_buffer(to, "%d\n", (int)status);
    mx = sts_policy_mx(policy, &count);
    to = talloc_asprintf_append_buffer(
        to, "%d %d %s %lld:", sts_policy_valid(policy), sts_policy_usable(policy),
        sts_mode_name(sts_policy_mode(policy)), sts_policy_max_age(policy));
    to = put_list(to, mx, count);
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
        to = talloc_asprintf_append_buffer(to, "%d", sts_policy_covers(policy, hosts[i], NULL));
    issues = sts_policy_issues(policy, &count);
    to = put_issues(to, issues, count);
    sts_policy_free(policy);
    return to;
}

static char *dump_sts_record(char *to, const char *text, size_t length)
{
    struct sts_record *record = NULL;
    enum sts_status status = sts_record_parse(text, length, &record);
    const struct sts_issue *issues;
    size_t count;

    to = talloc_asprintf_append_buffer(to, "%d %d\n", (int)status,
                                       sts_looks_like_record(text, length));
    if (status != STS_OK)
        return to;
    to = talloc_asprintf_append_buffer(to, "%d %d %s\n", sts_record_valid(record),
                                       sts_record_usable(record), or_dash(sts_record_id(record)));
    issues = sts_record_issues(record, &count);
    to = put_issues(to, issues, count);
    sts_record_free(record);
    return to;
}

static char *dump_tlsrpt_record(char *to, const char *text, size_t length)
{
    struct sts_tlsrpt_record *record = NULL;
    enum sts_status status = sts_tlsrpt_record_parse(text, length, &record);
    const struct sts_issue *issues;
    const char *const *rua;
    size_t count;

    to = talloc_asprintf_append_buffer(to, "%d %d\n", (int)status,
                                       sts_looks_like_tlsrpt_record(text, length));
    if (status != STS_OK)
        return to;
    to = talloc_asprintf_append_buffer(to, "%d %d", sts_tlsrpt_record_valid(record),
                                       sts_tlsrpt_record_usable(record));
    rua = sts_tlsrpt_record_rua(record, &count);
    to = put_list(to, rua, count);
    issues = sts_tlsrpt_record_issues(record, &count);
    to = put_issues(to, issues, count);
    sts_tlsrpt_record_free(record);
    return to;
}

static char *dump_record(char *to, const char *text, size_t length)
{
    const struct sts_text whole = {text, length};
    size_t index;

    to = dump_sts_record(to, text, length);
    to = dump_tlsrpt_record(to, text, length);
    return talloc_asprintf_append_buffer(to, "%d %d\n", (int)sts_record_select(&whole, 1, &index),
                                         (int)sts_tlsrpt_record_select(&whole, 1, &index));
}

/* ---- reports --------------------------------------------------------------------------------- */

static char *put_details(char *to, const struct sts_report_policy *policy)
{
    for (size_t i = 0; i < policy->detail_count; i++) {
        const struct sts_report_detail *d = &policy->details[i];

        to = talloc_asprintf_append_buffer(
            to, "  %s %s %s %s %s %s %s %" PRId64 "\n", or_dash(d->result_type),
            or_dash(d->sending_ip), or_dash(d->mx), or_dash(d->receiving_ip), or_dash(d->helo),
            or_dash(d->reason), or_dash(d->info), d->sessions);
    }
    return to;
}

static char *put_policy(char *to, const struct sts_report_policy *policy)
{
    to = talloc_asprintf_append_buffer(
        to, " %s %s %d %s %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "\n", or_dash(policy->type),
        or_dash(policy->domain), (int)policy->domain_source, or_dash(policy->recipient),
        policy->stated_successful, policy->stated_failed, policy->successful, policy->failed);
    to = put_list(to, policy->strings, policy->string_count);
    to = put_list(to, policy->mx, policy->mx_count);
    return put_details(to, policy);
}

static char *put_notes(char *to, const struct sts_report *report)
{
    size_t count, total;
    const struct sts_report_note *notes = sts_report_notes(report, &count, &total);

    to = talloc_asprintf_append_buffer(to, "%zu of %zu\n", count, total);
    for (size_t i = 0; i < count; i++)
        to = talloc_asprintf_append_buffer(to, "  %s %s %s\n", sts_deviation_name(notes[i].code),
                                           or_dash(notes[i].path), or_dash(notes[i].found));
    return to;
}

static char *put_report(char *to, const struct sts_report *report)
{
    char key[STS_REPORT_FINGERPRINT_SIZE], print[STS_REPORT_FINGERPRINT_SIZE];
    int64_t begin = 0, end = 0;
    size_t count;
    const struct sts_report_policy *policies = sts_report_policies(report, &count);
    bool dated = sts_report_range(report, &begin, &end);

    sts_report_key(report, key);
    sts_report_fingerprint(report, print);
    to = talloc_asprintf_append_buffer(
        to, "%s %s %s %s %d %" PRId64 " %" PRId64 " %s %s\n",
        or_dash(sts_report_organization(report)), or_dash(sts_report_contact(report)),
        or_dash(sts_report_id(report)), or_dash(sts_report_sender(report)), dated, begin, end, key,
        print);
    for (size_t i = 0; i < count; i++)
        to = put_policy(to, &policies[i]);
    return put_notes(to, report);
}

/* All reports of the text, as if they had come in this file. */
static char *dump_reports(char *to, const char *text, size_t length)
{
    static const struct sts_report_origin origin = {
        .header_domain = "example.com",
        .header_submitter = "sender.example",
        .subject = "Report Domain: example.net Submitter: sender.example",
        .file_name = "sender.example!example.org!1793491200!1793577599!1.json.gz"};

    for (size_t at = 0, used = 0; at < length; at += used ? used : 1) {
        struct sts_report *report = NULL;
        enum sts_report_fault fault = STS_REPORT_FAULT_NONE;
        enum sts_status status =
            sts_report_parse(text + at, length - at, at ? NULL : &origin, &used, &fault, &report);

        to = talloc_asprintf_append_buffer(to, "%d %s %zu\n", (int)status,
                                           sts_report_fault_name(fault), used);
        if (status != STS_OK)
            break;
        to = put_report(to, report);
        sts_report_free(report);
    }
    return to;
}

/* ---------------------------------------------------------------------------------------------- */

static void each_file(void **state)
{
    (void)state;
    expect_sums("sts", "fuzz/corpus/policy", "", dump_policy);
    expect_sums("sts", "fuzz/grown/policy", "", dump_policy);
    expect_sums("sts", "fuzz/corpus/record", "", dump_record);
    expect_sums("sts", "fuzz/grown/record", "", dump_record);
    expect_sums("sts", "fuzz/corpus/report", "", dump_reports);
    expect_sums("sts", "fuzz/grown/report", "", dump_reports);
    expect_sums("sts", "test/reports", ".json", dump_reports);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_file)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
