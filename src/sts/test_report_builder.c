/* SPDX-License-Identifier: MIT */
/* test_report_builder.c - what is built is written, and read back as it was meant. */
#include "mtasts/report_builder.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define BEGIN         1795305600 /* 2026-11-22T00:00:00Z */
#define DAY           86400
#define LONG_TEXT     5000
#define LARGEST       8000 /* failures with texts, more than a report holds */

static const struct sts_report_head head = {.organization = "Company-X",
                                            .contact = "sts-reports@mail.company-x.example",
                                            .id =
                                                "20261122.company-y.example@mail.company-x.example",
                                            .begin = BEGIN,
                                            .end = BEGIN + DAY - 1};

static const char *const lines[] = {"version: STSv1", "mode: testing",
                                    "mx: *.mail.company-y.example", "max_age: 86400"};
static const char *const patterns[] = {"*.mail.company-y.example"};
static const struct sts_report_applied sts = {.type = "sts",
                                              .domain = "company-y.example",
                                              .strings = lines,
                                              .string_count = LENGTH(lines),
                                              .mx = patterns,
                                              .mx_count = LENGTH(patterns)};
static const struct sts_report_applied none = {.type = "no-policy-found",
                                               .domain = "company-y.example"};

static struct sts_report_builder *begin_report(void)
{
    struct sts_report_builder *builder;

    assert_int_equal(sts_report_builder_new(&head, &builder), STS_OK);
    return builder;
}

static const char *text_of(struct sts_report_builder *builder)
{
    const char *text;
    size_t length;

    assert_int_equal(sts_report_builder_write(builder, &text, &length), STS_OK);
    assert_int_equal(strlen(text), length);
    return text;
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

/* Read back without a deviation, under the names of its mail and file. */
static struct sts_report *read_back(const char *text)
{
    struct sts_report_labels labels;
    struct sts_report_origin origin;
    enum sts_report_fault fault;
    struct sts_report *report;
    const struct sts_report_note *notes;
    size_t used, count;

    assert_int_equal(sts_report_labels_make("company-y.example", "mail.company-x.example", BEGIN,
                                            BEGIN + DAY - 1, "a7", &labels),
                     STS_OK);
    origin = (struct sts_report_origin){labels.domain, labels.submitter, labels.subject,
                                        labels.file_name};
    assert_int_equal(sts_report_parse(text, strlen(text), &origin, &used, &fault, &report), STS_OK);
    assert_int_equal(used, strlen(text));
    notes = sts_report_notes(report, &count, NULL);
    if (count)
        fail_msg("%s at %s (%s): %s", sts_deviation_name(notes[0].code), notes[0].path,
                 notes[0].found, text);
    return report;
}

/* ---- the text -------------------------------------------------------------------------------- */

static void test_text(void **state)
{
    static const struct sts_report_detail failures[] = {
        {.result_type = "certificate-expired",
         .sending_ip = "2001:DB8::9",
         .mx = "MX1.mail.company-y.example.",
         .helo = "mx1.mail.company-y.example\r\nPIPELINING\r\n",
         .receiving_ip = "192.0.2.1",
         .reason = "certificate-expired",
         .info = "https://company-x.example/?a=\"b\"\\",
         .sessions = 2},
        {.result_type = "starttls-not-supported",
         .mx = "mx2.mail.company-y.example",
         .sessions = 1},
    };
    static const char wanted[] =
        "{\"organization-name\":\"Company-X\",\"date-range\":{\"start-datetime\":"
        "\"2026-11-22T00:00:00Z\",\"end-datetime\":\"2026-11-22T23:59:59Z\"},\"contact-info\":"
        "\"sts-reports@mail.company-x.example\",\"report-id\":"
        "\"20261122.company-y.example@mail.company-x.example\",\"policies\":["
        "{\"policy\":{\"policy-type\":\"no-policy-found\",\"policy-domain\":\"company-y.example\"},"
        "\"summary\":{\"total-successful-session-count\":7,\"total-failure-session-count\":0}},"
        "{\"policy\":{\"policy-type\":\"sts\",\"policy-string\":[\"version: STSv1\","
        "\"mode: testing\",\"mx: *.mail.company-y.example\",\"max_age: 86400\"],"
        "\"policy-domain\":\"company-y.example\",\"mx-host\":[\"*.mail.company-y.example\"]},"
        "\"summary\":{\"total-successful-session-count\":100,\"total-failure-session-count\":3},"
        "\"failure-details\":[{\"result-type\":\"certificate-expired\",\"sending-mta-ip\":"
        "\"2001:db8::9\",\"receiving-mx-hostname\":\"mx1.mail.company-y.example\","
        "\"receiving-mx-helo\":\"mx1.mail.company-y.example\",\"receiving-ip\":"
        "\"192.0.2.1\",\"failed-session-count\":2,\"additional-information\":"
        "\"https://company-x.example/?a=\\\"b\\\"\\\\\",\"failure-reason-code\":"
        "\"certificate-expired\"},{\"result-type\":\"starttls-not-supported\","
        "\"receiving-mx-hostname\":\"mx2.mail.company-y.example\",\"failed-session-count\":1}]}]}";
    struct sts_report_builder *builder = begin_report();

    (void)state;
    assert_int_equal(sts_report_builder_add(builder, &sts, 100, 3, failures, 2), STS_OK);
    assert_int_equal(sts_report_builder_add(builder, &none, 7, 0, NULL, 0), STS_OK);
    assert_string_equal(text_of(builder), wanted);
    assert_string_equal(text_of(builder), wanted); /* and again */
    sts_report_free(read_back(wanted));
    sts_report_builder_free(builder);
}

/* ---- counts ---------------------------------------------------------------------------------- */

static void test_merge(void **state)
{
    static const struct sts_report_detail a = {
        .result_type = "validation-failure", .mx = "a.example", .sessions = 1};
    static const struct sts_report_detail same = {
        .result_type = "validation-failure", .mx = "A.example.", .sessions = 4};
    static const struct sts_report_detail other = {
        .result_type = "validation-failure", .mx = "a.example", .reason = "x", .sessions = 1};
    static const struct sts_report_detail nothing = {.result_type = "sts-policy-invalid"};
    static const char *const fewer[] = {"version: STSv1", "mode: none", "max_age: 1"};
    struct sts_report_applied capitals = sts, changed = sts;
    struct sts_report_builder *builder = begin_report();
    const struct sts_report_policy *policies;
    struct sts_report *report;
    size_t count;

    (void)state;
    capitals.domain = "Company-Y.Example.";
    changed.strings = fewer;
    changed.string_count = LENGTH(fewer);
    assert_int_equal(sts_report_builder_add(builder, &sts, 1, 1, &a, 1), STS_OK);
    assert_int_equal(sts_report_builder_add(builder, &capitals, 1, 4, &same, 1), STS_OK);
    assert_int_equal(sts_report_builder_add(builder, &sts, 0, 1, &other, 1), STS_OK);
    assert_int_equal(sts_report_builder_add(builder, &sts, 5, 0, &nothing, 1), STS_OK);
    assert_int_equal(sts_report_builder_add(builder, &changed, 3, 0, NULL, 0), STS_OK);
    report = read_back(text_of(builder));
    policies = sts_report_policies(report, &count);
    assert_int_equal(count, 2);
    assert_int_equal(policies[0].successful, 3); /* "mode: none" comes before "mode: testing" */
    assert_int_equal(policies[1].successful, 7);
    assert_int_equal(policies[1].failed, 6);
    assert_int_equal(policies[1].detail_count, 2);
    assert_int_equal(policies[1].details[0].sessions, 5);
    assert_int_equal(policies[1].details[1].sessions, 1);
    sts_report_free(report);
    sts_report_builder_free(builder);
}

static void test_count_ceiling(void **state)
{
    static const struct sts_report_detail many = {.result_type = "validation-failure",
                                                  .sessions = INT64_MAX};
    struct sts_report_builder *builder = begin_report();
    const struct sts_report_policy *policy;
    struct sts_report *report;
    size_t count;

    (void)state;
    for (int i = 0; i < 3; i++)
        assert_int_equal(sts_report_builder_add(builder, &sts, INT64_MAX, INT64_MAX, &many, 1),
                         STS_OK);
    report = read_back(text_of(builder));
    policy = sts_report_policies(report, &count);
    assert_int_equal(policy->successful, ((int64_t)1 << 53) - 1);
    assert_int_equal(policy->failed, ((int64_t)1 << 53) - 1);
    assert_int_equal(policy->details[0].sessions, ((int64_t)1 << 53) - 1);
    sts_report_free(report);
    sts_report_builder_free(builder);
}

/* Beyond the ceiling the kinds of failures are told, and all sessions. */
static void test_many_details(void **state)
{
    struct sts_report_builder *builder = begin_report();
    const struct sts_report_policy *policy;
    struct sts_report *report;
    size_t count;
    int64_t sum = 0;

    (void)state;
    for (int i = 0; i < 3 * STS_REPORT_DETAILS_MAX; i++) {
        char mx[32];
        struct sts_report_detail detail = {.result_type =
                                               i % 2 ? "certificate-expired" : "validation-failure",
                                           .mx = mx,
                                           .sessions = 1};

        snprintf(mx, sizeof(mx), "mx%d.example", i);
        assert_int_equal(sts_report_builder_add(builder, &sts, 0, 1, &detail, 1), STS_OK);
    }
    report = read_back(text_of(builder));
    policy = sts_report_policies(report, &count);
    assert_int_equal(policy->detail_count, STS_REPORT_DETAILS_MAX + 2);
    for (size_t i = 0; i < policy->detail_count; i++)
        sum += policy->details[i].sessions;
    assert_int_equal(sum, policy->failed);
    assert_int_equal(policy->failed, 3 * STS_REPORT_DETAILS_MAX);
    sts_report_free(report);
    sts_report_builder_free(builder);
}

static void test_many_policies(void **state)
{
    struct sts_report_builder *builder = begin_report();
    struct sts_report_applied policy = none;
    char domain[32];

    (void)state;
    policy.domain = domain;
    for (int i = 0; i <= STS_REPORT_POLICIES_MAX; i++) {
        snprintf(domain, sizeof(domain), "d%d.example", i);
        assert_int_equal(sts_report_builder_add(builder, &policy, 1, 0, NULL, 0),
                         i < STS_REPORT_POLICIES_MAX ? STS_OK : STS_E_LIMIT);
    }
    policy.domain = "d7.example"; /* one that is there takes more */
    assert_int_equal(sts_report_builder_add(builder, &policy, 1, 0, NULL, 0), STS_OK);
    sts_report_builder_free(builder);
}

/* The first ones are kept, and its sessions. */
static void test_long_policy(void **state)
{
    static const char *many[STS_REPORT_LINES_MAX + 2], *names[STS_REPORT_LINES_MAX + 1];
    struct sts_report_builder *builder = begin_report();
    struct sts_report_applied policy = {.type = "sts",
                                        .domain = "company-y.example",
                                        .strings = many,
                                        .string_count = LENGTH(many),
                                        .mx = names,
                                        .mx_count = LENGTH(names)};
    const struct sts_report_policy *read;
    struct sts_report *report;
    size_t count;

    (void)state;
    for (size_t i = 0; i < LENGTH(many); i++)
        many[i] = i ? "mx: a.example" : ""; /* which is none */
    many[STS_REPORT_LINES_MAX] = "the last";
    for (size_t i = 0; i < LENGTH(names); i++)
        names[i] = "a.example";
    assert_int_equal(sts_report_builder_add(builder, &policy, 3, 0, NULL, 0), STS_OK);
    policy.string_count--; /* what differs behind the last is the same */
    assert_int_equal(sts_report_builder_add(builder, &policy, 4, 0, NULL, 0), STS_OK);
    report = read_back(text_of(builder));
    read = sts_report_policies(report, &count);
    assert_int_equal(count, 1);
    assert_int_equal(read->successful, 7);
    assert_int_equal(read->string_count, STS_REPORT_LINES_MAX);
    assert_string_equal(read->strings[STS_REPORT_LINES_MAX - 1], "the last");
    assert_int_equal(read->mx_count, STS_REPORT_LINES_MAX);
    sts_report_free(report);
    sts_report_builder_free(builder);
}

/* However long the texts are: it can be read, and no session of a policy that is there is lost. */
static void test_largest(void **state)
{
    static char soft_hyphens[STS_REPORT_TEXT_MAX + 1]; /* each is written as \\u00ad */
    struct sts_report_builder *builder = begin_report();
    struct sts_report_applied policy = none;
    const struct sts_report_policy *policies;
    struct sts_report *report;
    char domain[32], reason[STS_REPORT_TEXT_MAX + 1];
    enum sts_status status = STS_OK;
    int64_t failed = 0;
    size_t count;

    (void)state;
    for (size_t i = 0; i < STS_REPORT_TEXT_MAX; i++)
        soft_hyphens[i] = i % 2 ? '\xad' : '\xc2';
    policy.domain = domain;
    for (int i = 0; i < LARGEST; i++) {
        struct sts_report_detail detail = {.result_type = "validation-failure",
                                           .helo = soft_hyphens,
                                           .info = soft_hyphens,
                                           .reason = reason,
                                           .sessions = 1};

        snprintf(domain, sizeof(domain), i % 10 ? "d%d.example" : "company-y.example", i % 10);
        snprintf(reason, sizeof(reason), "%d%s", i, soft_hyphens + STS_REPORT_TEXT_MAX / 2);
        assert_int_equal(sts_report_builder_add(builder, &policy, 0, 1, &detail, 1), STS_OK);
    }
    for (int i = 10; i < STS_REPORT_POLICIES_MAX && status == STS_OK; i++) {
        snprintf(domain, sizeof(domain), "d%d.example", i);
        status = sts_report_builder_add(builder, &policy, 1, 0, NULL, 0);
    }
    assert_int_equal(status, STS_E_LIMIT); /* there is no room for another policy */
    report = read_back(text_of(builder));
    policies = sts_report_policies(report, &count);
    for (size_t i = 0; i < count; i++)
        failed += policies[i].failed;
    assert_int_equal(failed, LARGEST);
    sts_report_free(report);
    sts_report_builder_free(builder);
}

/* ---- untrusted texts ------------------------------------------------------------------------- */

static void test_texts(void **state)
{
    static char long_text[LONG_TEXT + 1];
    const struct {
        const char *given, *read; /* as additional-information */
    } cases[] = {
        {"", NULL},
        {" \t\r\n", NULL},
        {"\x01\x1f", NULL},
        {" a\tb \x7f", "a b"},
        {"a\r\nb", "a  b"},
        {"\xc2\x85"
         "a\xc2\x9b"
         "31m",
         "a 31m"},
        {"b\xc3\xbc"
         "cher",
         "b\xc3\xbc"
         "cher"},
        {"\xff", "\xef\xbf\xbd"},
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xc3", "\xef\xbf\xbd"},
        {"\xe2\x80\xae"
         "evil",
         "\xe2\x80\xae"
         "evil"},
        {"\"\\\"", "\"\\\""},
        {"\\u0041", "\\u0041"},
        {"\xef\xb7\x8f\xef\xb7\x90\xef\xb7\xaf\xef\xb7\xb0",
         "\xef\xb7\x8f\xef\xbf\xbd\xef\xbf\xbd\xef\xb7\xb0"}, /* U+FDD0 to U+FDEF */
        {"\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbc", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbc"},
        {"\xf0\x9f\xbf\xbd\xf0\x9f\xbf\xbe\xf4\x8f\xbf\xbf",
         "\xf0\x9f\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* U+1FFFE, U+10FFFF */
        {"{\"a\":[1]}", "{\"a\":[1]}"},
        {"null", "null"},
    };

    (void)state;
    memset(long_text, 'x', LONG_TEXT);
    for (size_t i = 0; i <= LENGTH(cases); i++) {
        struct sts_report_builder *builder = begin_report();
        struct sts_report_detail detail = {.result_type = "validation-failure", .sessions = 1};
        struct sts_report *report;
        const char *info;
        size_t count;

        detail.info = i < LENGTH(cases) ? cases[i].given : long_text;
        assert_int_equal(sts_report_builder_add(builder, &sts, 0, 1, &detail, 1), STS_OK);
        report = read_back(text_of(builder));
        info = sts_report_policies(report, &count)->details[0].info;
        if (i == LENGTH(cases))
            assert_int_equal(strlen(info), STS_REPORT_TEXT_MAX);
        else if (!info != !cases[i].read || (info && strcmp(info, cases[i].read) != 0))
            fail_msg("%s: %s", cases[i].given, info);
        sts_report_free(report);
        sts_report_builder_free(builder);
    }
}

/* One form of a peer's name and of an address, so that equal failures are one. */
static void test_forms(void **state)
{
    static const struct {
        const char *helo, *helo_read, *address, *address_read;
    } cases[] = {
        {"mx1.example", "mx1.example", "192.0.2.1", "192.0.2.1"},
        {"mx1.example at your service", "mx1.example", "[192.0.2.1]", "192.0.2.1"},
        {" mx1.example\r\nSTARTTLS", "mx1.example", "[IPv6:2001:DB8::1]", "2001:db8::1"},
        {"mx1.example\nSIZE 1", "mx1.example", "2001:db8:0:0:0:0:0:1", "2001:db8::1"},
        {"mx1.example\tHello", "mx1.example", "IPv6:::ffff:192.0.2.1", "::ffff:192.0.2.1"},
        {"\r\n", NULL, "[192.0.2.1", NULL},
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct sts_report_builder *builder = begin_report();
        struct sts_report_detail given = {.result_type = "validation-failure",
                                          .helo = cases[i].helo,
                                          .sending_ip = cases[i].address,
                                          .receiving_ip = cases[i].address,
                                          .sessions = 1};
        struct sts_report_detail wanted = {.helo = cases[i].helo_read,
                                           .sending_ip = cases[i].address_read,
                                           .receiving_ip = cases[i].address_read};
        const struct sts_report_detail *read;
        struct sts_report *report;
        size_t count;

        assert_int_equal(sts_report_builder_add(builder, &sts, 0, 1, &given, 1), STS_OK);
        report = read_back(text_of(builder));
        read = sts_report_policies(report, &count)->details;
        assert_true(same_text(read->helo, wanted.helo));
        assert_true(same_text(read->sending_ip, wanted.sending_ip));
        assert_true(same_text(read->receiving_ip, wanted.receiving_ip));
        sts_report_free(report);
        sts_report_builder_free(builder);
    }
}

/* What is none is left out; the count stays. */
static void test_left_out(void **state)
{
    static const char *const odd_lines[] = {"version: STSv1",
                                            "",
                                            "[\"mode: enforce\"]",
                                            "[]",
                                            "\r\n",
                                            "mode: enforce\nmx: evil.example"};
    static const char *const odd_patterns[] = {
        "*.ok.example",       "*", "", "a b", "*.*.example", "MX.Ok.Example.", "192.0.2.1",
        "a.example,b.example"};
    static const struct sts_report_applied odd = {.type = "sts",
                                                  .domain = "company-y.example",
                                                  .strings = odd_lines,
                                                  .string_count = LENGTH(odd_lines),
                                                  .mx = odd_patterns,
                                                  .mx_count = LENGTH(odd_patterns)};
    static const struct sts_report_detail detail = {.result_type = "validation-failure",
                                                    .sending_ip = "localhost",
                                                    .mx = "mx_1.example",
                                                    .receiving_ip = "192.0.2.256",
                                                    .sessions = 2};
    struct sts_report_builder *builder = begin_report();
    const struct sts_report_policy *policy;
    struct sts_report *report;
    size_t count;

    (void)state;
    assert_int_equal(sts_report_builder_add(builder, &odd, 0, 1, &detail, 1), STS_OK);
    report = read_back(text_of(builder));
    policy = sts_report_policies(report, &count);
    assert_int_equal(policy->string_count, 2);
    assert_string_equal(policy->strings[1], "mode: enforce mx: evil.example");
    assert_int_equal(policy->mx_count, 2);
    assert_string_equal(policy->mx[1], "mx.ok.example");
    assert_null(policy->details[0].mx);
    assert_null(policy->details[0].sending_ip);
    assert_null(policy->details[0].receiving_ip);
    assert_int_equal(policy->details[0].sessions, 2);
    sts_report_free(report);
    sts_report_builder_free(builder);
}

/* ---- misuse ---------------------------------------------------------------------------------- */

static void test_refused(void **state)
{
    static const struct sts_report_detail one = {.result_type = "validation-failure",
                                                 .sessions = 1};
    static const struct sts_report_detail unknown = {.result_type = "Validation-Failure",
                                                     .sessions = 1};
    static const struct sts_report_detail dane = {.result_type = "tlsa-invalid", .sessions = 1};
    static const struct sts_report_detail fetch = {.result_type = "sts-policy-fetch-error",
                                                   .sessions = 1};
    static const struct sts_report_detail untyped = {.sessions = 1};
    static const struct sts_report_detail negative = {.result_type = "validation-failure",
                                                      .sessions = -1};
    const struct {
        const char *type, *domain;
        int64_t successful, failed;
        const struct sts_report_detail *detail;
    } cases[] = {
        {"STS", "a.example", 1, 0, NULL},
        {NULL, "a.example", 1, 0, NULL},
        {"sts", NULL, 1, 0, NULL},
        {"sts", "", 1, 0, NULL},
        {"sts", "a b", 1, 0, NULL},
        {"sts", "a.example", -1, 0, NULL},
        {"sts", "a.example", 0, -1, NULL},
        {"sts", "a.example", 0, 1, NULL},
        {"sts", "a.example", 0, 2, &one},
        {"sts", "a.example", 0, 1, &unknown},
        {"sts", "a.example", 0, 0, &untyped},
        {"sts", "a.example", 0, 0, &negative},
        {"sts", "a.example", 0, 1, &dane},
        {"tlsa", "a.example", 0, 1, &fetch},
    };
    struct sts_report_builder *builder = begin_report();
    const char *text;
    size_t length;

    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct sts_report_applied policy = {.type = cases[i].type, .domain = cases[i].domain};

        if (sts_report_builder_add(builder, &policy, cases[i].successful, cases[i].failed,
                                   cases[i].detail, cases[i].detail != NULL) != STS_E_INVALID)
            fail_msg("case %zu", i);
    }
    assert_int_equal(sts_report_builder_write(builder, &text, &length), STS_E_INVALID);
    assert_int_equal(sts_report_builder_add(builder, &sts, 0, 1, &fetch, 1), STS_OK);
    assert_int_equal(sts_report_builder_add(builder, &none, 0, 1, &dane, 1), STS_OK);
    assert_int_equal(sts_report_builder_add(builder, &none, 0, 1, &fetch, 1), STS_OK);
    sts_report_builder_free(builder);
    sts_report_builder_free(NULL);
}

static void test_head(void **state)
{
    static const struct {
        int64_t begin, end;
        enum sts_status status;
    } ranges[] = {
        {BEGIN, BEGIN + DAY - 1, STS_OK},
        {BEGIN, BEGIN + DAY, STS_OK},
        {BEGIN, BEGIN + (int64_t)2 * DAY, STS_OK},
        {0, DAY, STS_OK},
        {BEGIN, BEGIN + (int64_t)2 * DAY + 1, STS_E_INVALID},
        {BEGIN, BEGIN, STS_E_INVALID},
        {BEGIN, BEGIN - 1, STS_E_INVALID},
        {BEGIN + 1, BEGIN + DAY, STS_E_INVALID},
        {-DAY, 0, STS_E_INVALID},
        {INT64_MIN, INT64_MAX, STS_E_INVALID},
        {253402300800, 253402300801, STS_E_INVALID},
    };
    struct sts_report_head bad[3] = {head, head, head};
    struct sts_report_builder *builder;

    (void)state;
    for (size_t i = 0; i < LENGTH(ranges); i++) {
        struct sts_report_head one = head;

        one.begin = ranges[i].begin;
        one.end = ranges[i].end;
        if (sts_report_builder_new(&one, &builder) != ranges[i].status)
            fail_msg("range %zu", i);
        if (ranges[i].status == STS_OK)
            sts_report_builder_free(builder);
    }
    bad[0].organization = NULL;
    bad[1].contact = " ";
    bad[2].id = "";
    for (size_t i = 0; i < LENGTH(bad); i++)
        assert_int_equal(sts_report_builder_new(&bad[i], &builder), STS_E_INVALID);
}

/* ---- whatever the sessions ------------------------------------------------------------------- */

#define PIECES 40

struct piece {
    struct sts_report_applied policy;
    int64_t successful, failed;
    struct sts_report_detail details[3];
    size_t detail_count;
};

static size_t choose(uint64_t *seed, size_t count)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (*seed >> 33) % count;
}

static struct sts_report_detail any_detail(uint64_t *seed)
{
    static const char *const types[] = {"validation-failure", "certificate-expired",
                                        "starttls-not-supported"};
    static const char *const texts[] = {NULL, "a", "a\n", "\"", "\xe2\x80\xae", "\xfe", " b "};
    static const char *const hosts[] = {NULL, "mx1.example", "MX1.example.", "mx2.example", "-"};
    static const char *const addresses[] = {NULL, "192.0.2.1", "2001:DB8::1", "x"};

    return (struct sts_report_detail){.result_type = types[choose(seed, LENGTH(types))],
                                      .sending_ip = addresses[choose(seed, LENGTH(addresses))],
                                      .mx = hosts[choose(seed, LENGTH(hosts))],
                                      .helo = texts[choose(seed, LENGTH(texts))],
                                      .reason = texts[choose(seed, LENGTH(texts))],
                                      .sessions = (int64_t)choose(seed, 3)};
}

static struct piece any_piece(uint64_t *seed)
{
    static const char *const tlsa[] = {"3 1 1 00ff"};
    static const struct sts_report_applied dane = {
        .type = "tlsa", .domain = "company-y.example", .strings = tlsa, .string_count = 1};
    const struct sts_report_applied *const policies[] = {&sts, &none, &dane};
    struct piece piece = {.policy = *policies[choose(seed, LENGTH(policies))],
                          .successful = (int64_t)choose(seed, 5),
                          .detail_count = choose(seed, 4)};

    piece.policy.string_count = piece.policy.string_count ? choose(seed, 2) : 0;
    for (size_t i = 0; i < piece.detail_count; i++) {
        piece.details[i] = any_detail(seed);
        piece.failed += piece.details[i].sessions;
    }
    return piece;
}

/* From the one at `first` on, every `step` of them, around to it. */
static struct sts_report_builder *build(const struct piece *pieces, size_t first, size_t step)
{
    struct sts_report_builder *builder = begin_report();

    for (size_t i = 0; i < PIECES; i++) {
        const struct piece *piece = &pieces[(first + i * step) % PIECES];

        assert_int_equal(sts_report_builder_add(builder, &piece->policy, piece->successful,
                                                piece->failed, piece->details, piece->detail_count),
                         STS_OK);
    }
    return builder;
}

/* The report read is built once more: the same text. */
static void check_again(const struct sts_report *report, const char *text)
{
    struct sts_report_builder *builder = begin_report();
    size_t count;
    const struct sts_report_policy *policies = sts_report_policies(report, &count);

    for (size_t i = 0; i < count; i++) {
        struct sts_report_applied applied = {policies[i].type,    policies[i].domain,
                                             policies[i].strings, policies[i].string_count,
                                             policies[i].mx,      policies[i].mx_count};

        assert_int_equal(sts_report_builder_add(builder, &applied, policies[i].successful,
                                                policies[i].failed, policies[i].details,
                                                policies[i].detail_count),
                         STS_OK);
    }
    assert_string_equal(text_of(builder), text);
    sts_report_builder_free(builder);
}

static void test_any(void **state)
{
    uint64_t seed = 8460;

    (void)state;
    for (int round = 0; round < 100; round++) {
        struct piece pieces[PIECES];
        struct sts_report_builder *builder, *shuffled;
        struct sts_report *report;
        int64_t successful = 0, failed = 0, sum_successful = 0, sum_failed = 0;
        const struct sts_report_policy *policies;
        size_t count;

        for (size_t i = 0; i < PIECES; i++) {
            pieces[i] = any_piece(&seed);
            successful += pieces[i].successful;
            failed += pieces[i].failed;
        }
        builder = build(pieces, 0, 1);
        shuffled = build(pieces, 5, 7);
        assert_string_equal(text_of(builder), text_of(shuffled));
        report = read_back(text_of(builder));
        policies = sts_report_policies(report, &count);
        for (size_t i = 0; i < count; i++) {
            sum_successful += policies[i].successful;
            sum_failed += policies[i].failed;
        }
        assert_int_equal(sum_successful, successful);
        assert_int_equal(sum_failed, failed);
        check_again(report, text_of(builder));
        sts_report_free(report);
        sts_report_builder_free(shuffled);
        sts_report_builder_free(builder);
    }
}

/* ---- names of mail and file ------------------------------------------------------------------ */

static void test_labels(void **state)
{
    struct sts_report_labels labels;

    (void)state;
    assert_int_equal(sts_report_labels_make("Company-Y.example.", "mail.company-x.example", BEGIN,
                                            BEGIN + DAY - 1, "001", &labels),
                     STS_OK);
    assert_string_equal(labels.domain, "company-y.example");
    assert_string_equal(labels.submitter, "mail.company-x.example");
    assert_string_equal(labels.id, "20261122.001+company-y.example@mail.company-x.example");
    assert_string_equal(labels.file_name,
                        "mail.company-x.example!company-y.example!1795305600!1795391999!001.json");
    assert_string_equal(labels.subject,
                        "Report Domain: company-y.example Submitter: mail.company-x.example "
                        "Report-ID: <20261122.001+company-y.example@mail.company-x.example>");
    assert_int_equal(sts_report_labels_make("b\xc3\xbc"
                                            "cher.example",
                                            "a.example", 0, 0, NULL, &labels),
                     STS_OK);
    assert_string_equal(labels.id, "19700101.xn--bcher-kva.example@a.example");
    assert_string_equal(labels.file_name, "a.example!xn--bcher-kva.example!0!0.json");
}

static void test_labels_refused(void **state)
{
    static const struct {
        const char *domain, *submitter;
        int64_t begin, end;
        const char *unique;
    } cases[] = {
        {"a b", "a.example", 0, 1, NULL},
        {"a.example", "", 0, 1, NULL},
        {"a.example", "b.example", 1, 0, NULL},
        {"a.example", "b.example", -1, 0, NULL},
        {"a.example", "b.example", 0, INT64_MAX, NULL},
        {"a.example", "b.example", 0, 1, ""},
        {"a.example", "b.example", 0, 1, "a!b"},
        {"a.example", "b.example", 0, 1, "a.b"},
        {"a.example", "b.example", 0, 1, "123456789012345678901234567890123"},
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct sts_report_labels labels = {.id = "as it was"};

        assert_int_equal(sts_report_labels_make(cases[i].domain, cases[i].submitter, cases[i].begin,
                                                cases[i].end, cases[i].unique, &labels),
                         STS_E_INVALID);
        assert_string_equal(labels.id, "as it was");
    }
}

/* The longest of everything is held whole. */
static void test_labels_longest(void **state)
{
    struct sts_report_labels labels;
    char domain[STS_NAME_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(domain) - 3; i++)
        domain[i] = i % 60 == 59 ? '.' : 'a';
    domain[sizeof(domain) - 3] = '\0';
    assert_int_equal(sts_report_labels_make(domain, domain, 253402300799, 253402300799,
                                            "12345678901234567890123456789012", &labels),
                     STS_OK);
    assert_string_equal(labels.id + strlen(labels.id) - 4, "aaaa");
    assert_string_equal(labels.file_name + strlen(labels.file_name) - 5, ".json");
    assert_true(strlen(labels.file_name) + strlen(".gz") < sizeof(labels.file_name));
    assert_string_equal(labels.subject + strlen(labels.subject) - 2, "a>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_merge),
        cmocka_unit_test(test_count_ceiling),
        cmocka_unit_test(test_many_details),
        cmocka_unit_test(test_many_policies),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_long_policy),
        cmocka_unit_test(test_largest),
        cmocka_unit_test(test_left_out),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_head),
        cmocka_unit_test(test_any),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_labels_refused),
        cmocka_unit_test(test_labels_longest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
