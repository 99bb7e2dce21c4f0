/* SPDX-License-Identifier: MIT */
/* test_sts_memory.c - where one allocation fails, a text is read whole or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/test_failing.h"
#include "mtasts/mtasts.h"
#include "mtasts/report.h"

#define ALLOCATIONS_MIN 3 /* fewer: malloc() is not ours */
#define ALLOCATIONS_MAX 20000

/* What was read of a text, as numbers that change where anything is missing. */
struct read {
    enum sts_status status;
    size_t issues, members;
    char print[STS_REPORT_FINGERPRINT_SIZE];
};

typedef struct read read_fn(const char *text);

static struct read of_record(const char *text)
{
    struct sts_record *record = NULL;
    struct read read = {.status = sts_record_parse(text, strlen(text), &record)};

    if (read.status == STS_OK) {
        sts_record_issues(record, &read.issues);
        read.members = sts_record_usable(record) ? strlen(sts_record_id(record)) : 0;
    }
    sts_record_free(record);
    return read;
}

static struct read of_tlsrpt_record(const char *text)
{
    struct sts_tlsrpt_record *record = NULL;
    struct read read = {.status = sts_tlsrpt_record_parse(text, strlen(text), &record)};

    if (read.status == STS_OK) {
        sts_tlsrpt_record_issues(record, &read.issues);
        sts_tlsrpt_record_rua(record, &read.members);
    }
    sts_tlsrpt_record_free(record);
    return read;
}

static struct read of_policy(const char *text)
{
    struct sts_policy *policy = NULL;
    struct read read = {.status = sts_policy_parse(text, strlen(text), &policy)};

    if (read.status == STS_OK) {
        sts_policy_issues(policy, &read.issues);
        sts_policy_mx(policy, &read.members);
    }
    sts_policy_free(policy);
    return read;
}

static struct read of_report(const char *text)
{
    static const struct sts_report_origin origin = {
        .header_domain = "b.example",
        .header_submitter = "other.example",
        .subject = "Report Domain: c.example",
        .file_name = "s.example!d.example!1793491200!1793577599.json"};
    struct sts_report *report = NULL;
    enum sts_report_fault fault;
    size_t used;
    struct read read = {.status =
                            sts_report_parse(text, strlen(text), &origin, &used, &fault, &report)};

    if (read.status == STS_OK) {
        sts_report_notes(report, &read.members, &read.issues);
        sts_report_fingerprint(report, read.print);
    }
    sts_report_free(report);
    return read;
}

static const struct {
    read_fn *fn;
    const char *text;
} texts[] = {
    {of_record, "v=STSv1; id=20261101000000;"},
    {of_record, "v=STSv1; id=a_b; id=2; x=1; y; ="},
    {of_tlsrpt_record, "v=TLSRPTv1; rua=mailto:a@example.com,https://r.example.com/x; x=1; rua=b"},
    {of_tlsrpt_record, "v=TLSRPTv1;rua=a@example.com, ftp://x;; y"},
    {of_policy, "version: STSv1\nmode: enforce\nmx: a.example\nmx: *.b.example\nmax_age: 86400\n"},
    {of_policy, "version: STSv1\r\nmode: Enforce\nmx: a.example.\nmx *.example\n\nmax-age: 1\n"
                "max_age: 99999999999\nother: x\nmode: none\n\x01\xff: y\nmx: b..c\n"},
    {of_report,
     "{\"organization-name\":\"S\",\"date-range\":{\"start-datetime\":\"2026-11-01T00:00:00Z\","
     "\"end-datetime\":\"2026-11-01T23:59:59Z\"},\"contact-info\":\"t@s.example\",\"report-id\":"
     "\"r1\",\"policies\":[{\"policy\":{\"policy-type\":\"sts\",\"policy-string\":[\"version: "
     "STSv1\"],\"policy-domain\":\"a.example\",\"mx-host\":[\"*.a.example\"]},\"summary\":{"
     "\"total-successful-session-count\":3,\"total-failure-session-count\":2},\"failure-details\":"
     "[{\"result-type\":\"certificate-expired\",\"sending-mta-ip\":\"192.0.2.1\","
     "\"receiving-mx-hostname\":\"mx.a.example\",\"failed-session-count\":2}]}]}"},
    {of_report,
     "{'Organization_Name':\"S\",\"date-range\":{\"start-datetime\":\"2026-11-01 00:00\"},"
     "\"x\":1,\"policies\":[7,{\"policy\":{\"policy-type\":[\"tlsa\"],\"policy-string\":\"version"
     "\",\"mx-host\":\"a\"},\"summary\":{\"total-successful-session-count\":\"3\"},\"failure-"
     "details"
     "\":{\"result-type\":\"Expired\",\"receiving-ip\":\"x\",\"failed-session-count\":-1}},{"
     "\"policy\":{\"policy-type\":\"tlsa\",\"policy-domain\":\"mx.a.example\"}}],}"},
};

static bool same(const struct read *a, const struct read *b)
{
    return a->status == b->status && a->issues == b->issues && a->members == b->members &&
           strcmp(a->print, b->print) == 0;
}

static void each_allocation(size_t i)
{
    struct read whole = texts[i].fn(texts[i].text);
    bool reached = true;
    long n;

    assert_int_equal(whole.status, STS_OK);
    for (n = 1; reached && n < ALLOCATIONS_MAX; n++) {
        struct read read;

        failing_begin(n);
        read = texts[i].fn(texts[i].text);
        reached = failing_end();
        if (!same(&read, &whole) && !(reached && read.status == STS_E_NOMEM))
            fail_msg("text %zu, allocation %ld: status %d, %zu issues of %zu, %zu members of %zu",
                     i, n, (int)read.status, read.issues, whole.issues, read.members,
                     whole.members);
    }
    assert_true(!reached && n > ALLOCATIONS_MIN);
}

static void whole_or_none(void **state)
{
    (void)state;
    if (!failing_is_possible())
        skip();
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        each_allocation(i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(whole_or_none)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
