/* SPDX-License-Identifier: MIT */
/* test_report.c - TLS reports: what deviates is named, what is counted is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mtasts/report.h"
#include "sts/report.h"

#define HEAD                                                                                       \
    "{\"organization-name\":\"Sender Inc\",\"date-range\":{\"start-datetime\":"                    \
    "\"2026-11-01T00:00:00Z\",\"end-datetime\":\"2026-11-01T23:59:59Z\"},"                         \
    "\"contact-info\":\"t@sender.example\",\"report-id\":\"r1\","
#define POLICY(more) "\"policy\":{\"policy-type\":\"sts\",\"policy-domain\":\"a.example\"" more "}"
#define SUMMARY(s, f)                                                                              \
    "\"summary\":{\"total-successful-session-count\":" s ",\"total-failure-session-count\":" f "}"
#define POLICIES(text)  HEAD "\"policies\":[{" text "}]}"
#define WITH(more)      POLICIES(POLICY(more) "," SUMMARY("3", "0"))
#define COUNTED(s, f)   POLICIES(POLICY("") "," SUMMARY(s, f))
#define DETAILS(f, all) POLICIES(POLICY("") "," SUMMARY("5", f) ",\"failure-details\":" all)
#define EXPIRED(more)   "{\"result-type\":\"certificate-expired\"" more "}"

struct report_case {
    const char *text;
    int64_t successful, failed, details; /* details: their sum */
    const char *notes;                   /* codes, each between blanks, in order */
};

static const struct report_case cases[] = {
    {WITH(""), 3, 0, 0, " "},
    {WITH(",\"policy-string\":[\"version: STSv1\"],\"mx-host\":[\"*.a.example\"]"), 3, 0, 0, " "},
    /* counts */
    {COUNTED("\"3\"", "\"0\""), 3, 0, 0, " count-string count-string "},
    {COUNTED("\" 12 \"", "0"), 12, 0, 0, " count-string "},
    {COUNTED("3.0", "0"), 3, 0, 0, " "},
    {COUNTED("3.5", "0"), 3, 0, 0, " count-fraction "},
    {COUNTED("-3", "0"), 0, 0, 0, " count-negative "},
    {COUNTED("\"-3\"", "0"), 0, 0, 0, " count-string count-negative "},
    {COUNTED("\"many\"", "0"), 0, 0, 0, " count-string count-unreadable "},
    {COUNTED("null", "0"), 0, 0, 0, " member-null "},
    {COUNTED("[1]", "0"), 0, 0, 0, " count-unreadable "},
    {COUNTED("99999999999999999999", "0"), (int64_t)1 << 53, 0, 0, " count-too-large "},
    {COUNTED("1e3", "0"), 1000, 0, 0, " "},
    {COUNTED("1", "2"), 1, 2, 0, " details-missing "},
    {POLICIES(POLICY("")), 0, 0, 0, " member-missing member-missing member-missing "},
    {POLICIES(POLICY("") ",\"summary\":null"), 0, 0, 0,
     " member-null member-missing member-missing "},
    {POLICIES(POLICY("") ",\"failure-details\":[" EXPIRED(",\"failed-session-count\":4") "]"), 0, 4,
     4, " member-missing member-missing member-missing count-derived "},
    {DETAILS("4", "[" EXPIRED("") "]"), 5, 4, 4, " member-missing count-derived "},
    {DETAILS("4", "[" EXPIRED(",\"failed-session-count\":3") "," EXPIRED("") "]"), 5, 4, 4,
     " member-missing count-derived "},
    {DETAILS("1", "[" EXPIRED(",\"failed-session-count\":2") "]"), 5, 1, 2, " "},
    {DETAILS("3", "[" EXPIRED(",\"failed-session-count\":2") "]"), 5, 3, 2, " count-unexplained "},
    /* details */
    {DETAILS("0", "null"), 5, 0, 0, " member-null "},
    {DETAILS("0", "[]"), 5, 0, 0, " "},
    {DETAILS("2", EXPIRED(",\"failed-session-count\":2")), 5, 2, 2, " not-a-list "},
    {DETAILS("2", "[7," EXPIRED(",\"failed-session-count\":2") "]"), 5, 2, 2, " element-type "},
    {DETAILS("2", "[{\"result-type\":\"Other\",\"failed-session-count\":2}]"), 5, 2, 2,
     " letter-case result-type-unknown "},
    {DETAILS("2", "[{\"failed-session-count\":2}]"), 5, 2, 2, " result-type-missing "},
    {DETAILS("2", "[" EXPIRED(",\"failed-session-count\":2,\"sending-mta-ip\":\"\"") "]"), 5, 2, 2,
     " member-empty "},
    {DETAILS("2", "[" EXPIRED(",\"failed-session-count\":2,\"receiving-ip\":\"mx\"") "]"), 5, 2, 2,
     " address-invalid "},
    {DETAILS("2",
             "[" EXPIRED(",\"session-count\":2,\"receiving-mx-hostname\":\"M.a.example.\"") "]"),
     5, 2, 2, " member-name "},
    {DETAILS("2",
             "[" EXPIRED(",\"failed-session-count\":2,\"receiving-mx-helo\":\"a\\r\\nb\"") "]"),
     5, 2, 2, " text-control-character "},
    /* policies */
    {WITH(",\"policy-string\":\"version: STSv1\\nmode: none\""), 3, 0, 0,
     " not-a-list policy-string-lines "},
    {WITH(",\"policy-string\":[\"mode: enforce\\r\"]"), 3, 0, 0, " policy-string-cr "},
    {WITH(",\"policy-string\":[\"[\\\"3 1 1 AA\\\",\\\"3 1 1 BB\\\"]\"]"), 3, 0, 0,
     " policy-string-json "},
    {WITH(",\"mx-host\":\"mx: m.a.example\""), 3, 0, 0, " mx-host-prefix "},
    {WITH(",\"mx-host\":[\"a b\"]"), 3, 0, 0, " mx-host-invalid "},
    {WITH(",\"mx-host\":[\"\"]"), 3, 0, 0, " member-empty "},
    {WITH(",\"new\":1"), 3, 0, 0, " "},
    {HEAD "\"policies\":{" POLICY("") "," SUMMARY("3", "0") "}}", 3, 0, 0, " not-a-list "},
    {HEAD "\"policies\":[]}", 0, 0, 0, " policies-empty "},
    {POLICIES("\"policy-type\":\"sts\",\"policy-domain\":\"a.example\"," SUMMARY("3", "0")), 3, 0,
     0, " member-misplaced member-misplaced member-missing "},
    {POLICIES("\"policy\":{\"policy-type\":\"STS\",\"policy-domain\":\"A.Example.\"}," SUMMARY(
         "3", "0")),
     3, 0, 0, " letter-case domain-form "},
    {POLICIES(
         "\"policy\":{\"policyType\":\"sts\",\"policy_domain\":\"a.example\"}," SUMMARY("3", "0")),
     3, 0, 0, " member-name member-name "},
    {POLICIES(
         "\"policy\":{\"policy-type\":\"new\",\"policy-domain\":\"a.example\"}," SUMMARY("3", "0")),
     3, 0, 0, " policy-type-unknown "},
    /* the text */
    {"\xef\xbb\xbf" WITH(""), 3, 0, 0, " json-bom "},
    {"[" WITH("") "]", 3, 0, 0, " json-wrapped "},
    {WITH("") "\n\n", 3, 0, 0, " "},
    {WITH("") "--boundary", 3, 0, 0, " json-trailing "},
    {WITH("") WITH(""), 3, 0, 0, " json-several "},
    {WITH(",\"x\":'y'"), 3, 0, 0, " json-not-strict "},
    {WITH(",\"mx-host\":[\"\xff\"]"), 3, 0, 0, " mx-host-invalid json-not-utf-8 "},
};

static struct sts_report *parsed(const char *text, const struct sts_report_origin *origin)
{
    struct sts_report *report = NULL;
    enum sts_report_fault fault;
    size_t used;

    if (sts_report_parse(text, strlen(text), origin, &used, &fault, &report) != STS_OK)
        fail_msg("%s: %s", sts_report_fault_name(fault), text);
    return report;
}

static char *notes_of(const struct sts_report *report)
{
    size_t count;
    const struct sts_report_note *notes = sts_report_notes(report, &count, NULL);
    char *text = talloc_strdup(NULL, " ");

    for (size_t i = 0; i < count; i++)
        text = talloc_asprintf_append(text, "%s ", sts_deviation_name(notes[i].code));
    return text;
}

static int64_t sum_of_details(const struct sts_report *report)
{
    size_t count;
    const struct sts_report_policy *policies = sts_report_policies(report, &count);
    int64_t sum = 0;

    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < policies[i].detail_count; j++)
            sum += policies[i].details[j].sessions;
    return sum;
}

static void test_cases(void **state)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct report_case *c = &cases[i];
        struct sts_report *report = parsed(c->text, NULL);
        char *notes = notes_of(report);
        int64_t successful, failed;

        sts_report_sessions(report, "a.example", &successful, &failed);
        if (strcmp(notes, c->notes) || successful != c->successful || failed != c->failed ||
            sum_of_details(report) != c->details)
            fail_msg("%s:\n have \"%s\" %lld %lld %lld\n want \"%s\" %lld %lld %lld", c->text,
                     notes, (long long)successful, (long long)failed,
                     (long long)sum_of_details(report), c->notes, (long long)c->successful,
                     (long long)c->failed, (long long)c->details);
        talloc_free(notes);
        sts_report_free(report);
    }
}

/* ---- what is no report ----------------------------------------------------------------------- */

static void expect_fault(const char *text, size_t length, enum sts_status status,
                         enum sts_report_fault want)
{
    struct sts_report *report = NULL;
    enum sts_report_fault fault;
    size_t used;

    if (sts_report_parse(text, length, NULL, &used, &fault, &report) != status || fault != want)
        fail_msg("%s: %s", text, sts_report_fault_name(fault));
    assert_null(report);
}

static void test_faults(void **state)
{
    static const struct {
        const char *text;
        enum sts_report_fault fault;
    } rows[] = {
        {"", STS_REPORT_FAULT_EMPTY},
        {" \r\n", STS_REPORT_FAULT_EMPTY},
        {"Report Domain: a.example", STS_REPORT_FAULT_NOT_JSON},
        {"{\"policies\":[}", STS_REPORT_FAULT_TRUNCATED},
        {"{\"policies\": what}", STS_REPORT_FAULT_NOT_JSON},
        {"{\"policies\":[{\"policy\":{", STS_REPORT_FAULT_TRUNCATED},
        {"{\"a\":1}", STS_REPORT_FAULT_NOT_A_REPORT},
        {"{\"policies\":null}", STS_REPORT_FAULT_NOT_A_REPORT},
    };
    char deep[200];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        expect_fault(rows[i].text, strlen(rows[i].text), STS_E_INVALID, rows[i].fault);
    memset(deep, '[', sizeof(deep));
    memcpy(deep, "{\"a\":", 5);
    expect_fault(deep, sizeof(deep), STS_E_LIMIT, STS_REPORT_FAULT_TOO_DEEP);
    expect_fault(deep, STS_REPORT_MAX + 1, STS_E_LIMIT, STS_REPORT_FAULT_TOO_LARGE);
}

/* Two bytes for an object that takes the parser a kilobyte. */
static void test_too_many(void **state)
{
    size_t length = 3 * (STS_REPORT_OBJECTS_MAX + 10);
    char *text = malloc(length);

    for (size_t i = 0; i < length; i++)
        text[i] = "{},"[i % 3];
    memcpy(text, "{\"a\":[", 6);
    expect_fault(text, length, STS_E_LIMIT, STS_REPORT_FAULT_TOO_MANY);
    free(text);
}

/* ---- times ----------------------------------------------------------------------------------- */

static void test_times(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds;
        const char *deviations;
    } rows[] = {
        {"2026-11-01T00:00:00Z", 1793491200, ""},
        {"2026-11-01T00:00:00", 1793491200, "time-no-zone "},
        {"2026-11-01T00:00:00.000Z", 1793491200, ""},
        {"2026-11-01T00:00:00.5", 1793491200, "time-no-zone "},
        {"2026-11-01T00:00:00,5Z", 1793491200, "time-form "},
        {"2026-11-01t00:00:00z", 1793491200, ""},
        {"2026-10-31T24:00:00Z", 1793491200, "time-form "},
        {"2026-10-31T24:00:00+01:00", 1793487600, "time-offset time-form "},
        {"2026-10-31T24:00:01Z", 0, NULL},
        {"2026-11-01T01:00:00+01:00", 1793491200, "time-offset "},
        {"2026-11-01T00:00:00+00:00", 1793491200, ""},
        {"2026-11-01T00:00:00+0000", 1793491200, "time-form "},
        {"2026-11-01 00:00:00 UTC", 1793491200, "time-form "},
        {"2026-11-01 00:00:00", 1793491200, "time-form time-no-zone "},
        {"2026-11-01T00:00Z", 1793491200, "time-form "},
        {"2026-11-01", 1793491200, "time-form time-no-zone "},
        {"1793491200", 1793491200, "time-form "},
        {"1793491200000", 1793491200, "time-form "},
        {"yesterday", 0, NULL},
        {"2026-13-01T00:00:00Z", 0, NULL},
        {"", 0, NULL},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        enum sts_deviation deviations[TIME_DEVIATIONS_MAX + 1];
        char have[200] = "";
        int64_t seconds = 0;
        bool good = report_time(bytes_of(rows[i].text), &seconds, deviations);

        assert_int_equal(good, rows[i].deviations != NULL);
        for (size_t j = 0; good && deviations[j] != STS_DEVIATION_COUNT; j++) {
            size_t at = strlen(have);

            snprintf(have + at, sizeof(have) - at, "%s ", sts_deviation_name(deviations[j]));
        }
        if (good && (seconds != rows[i].seconds || strcmp(have, rows[i].deviations) != 0))
            fail_msg("%s: %lld %s", rows[i].text, (long long)seconds, have);
    }
}

/* ---- the policy domain ----------------------------------------------------------------------- */

static void test_inferred_domain(void **state)
{
#define NAMELESS(id)                                                                               \
    "{\"report-id\":\"" id                                                                         \
    "\",\"policies\":[{\"policy\":{\"policy-type\":\"no-policy-found\"}," SUMMARY("1", "0") "}]}"
    static const struct {
        const char *text;
        struct sts_report_origin origin;
        const char *domain;
        enum sts_domain_source source;
    } rows[] = {
        {NAMELESS("1"), {0}, NULL, STS_DOMAIN_NOWHERE},
        {NAMELESS("2026-11-01T00:00:00Z_a.example"), {0}, "a.example", STS_DOMAIN_REPORT_ID},
        {NAMELESS("133497270123456789+A.example"), {0}, "a.example", STS_DOMAIN_REPORT_ID},
        {NAMELESS("20261101.a.example@sender.example"), {0}, "a.example", STS_DOMAIN_REPORT_ID},
        {NAMELESS("2026-11-01T00:00:00Z_idx1_a.example"), {0}, "a.example", STS_DOMAIN_REPORT_ID},
        {NAMELESS("1700000000_8123456789"), {0}, NULL, STS_DOMAIN_NOWHERE},
        {NAMELESS("7b2a9d@mail.example"), {0}, NULL, STS_DOMAIN_NOWHERE},
        {NAMELESS("x_r.example"),
         {.file_name = "s.example!f.example!1!2!3.json.gz"},
         "f.example",
         STS_DOMAIN_FILE_NAME},
        {NAMELESS("x_r.example"),
         {.subject = "Report Domain: S.example Submitter: s Report-ID: <1>",
          .file_name = "s.example!f.example!1!2!3.json.gz"},
         "s.example",
         STS_DOMAIN_SUBJECT},
        {NAMELESS("x_r.example"),
         {.header_domain = " h.example", .subject = "Report Domain: s.example"},
         "h.example",
         STS_DOMAIN_HEADER},
        {"{\"policies\":[{\"policy\":{}},{\"policy\":{\"policy-domain\":\"p.example\"}}]}",
         {.header_domain = "h.example"},
         "p.example",
         STS_DOMAIN_OTHER_POLICY},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sts_report *report = parsed(rows[i].text, &rows[i].origin);
        size_t count;
        const struct sts_report_policy *policy = sts_report_policies(report, &count);

        if ((policy->domain == NULL) != (rows[i].domain == NULL) ||
            (policy->domain && strcmp(policy->domain, rows[i].domain) != 0) ||
            policy->domain_source != rows[i].source)
            fail_msg("%s: %s %d", rows[i].text, policy->domain, (int)policy->domain_source);
        sts_report_free(report);
    }
}

/* ---- several policies, several reports, the same report -------------------------------------- */

static const char two_policies[] = HEAD "\"policies\":[{" POLICY("") "," SUMMARY(
    "7", "1") "},{\"policy\":{\"policy-type\":\"tlsa\","
              "\"policy-domain\":\"a.example\"}," SUMMARY(
                  "5", "2") "},{\"policy\":{\"policy-type\":"
                            "\"sts\",\"policy-domain\":\"b.example\"}," SUMMARY("4", "0") "}]}";

static void test_sessions_are_a_maximum(void **state)
{
    struct sts_report *report = parsed(two_policies, NULL);
    int64_t successful, failed;

    sts_report_sessions(report, "a.example", &successful, &failed);
    assert_int_equal(successful, 7);
    assert_int_equal(failed, 2);
    sts_report_sessions(report, "b.example", &successful, &failed);
    assert_int_equal(successful, 4);
    sts_report_free(report);
}

/* Of one type all add up, sts and tlsa may be the same, other types are sessions of their own. */
static void test_sessions_by_type(void **state)
{
#define OF(type, s, f)                                                                             \
    "{\"policy\":{\"policy-type\":\"" type "\",\"policy-domain\":\"a.example\"}," SUMMARY(s, f) "}"
    static const struct {
        const char *policies;
        int64_t successful, failed;
    } rows[] = {
        {OF("sts", "12", "3") "," OF("sts", "7", "2"), 19, 5},
        {OF("no-policy-found", "7", "0") "," OF("sts", "5", "2"), 12, 2},
        {OF("tlsa", "5", "2") "," OF("sts", "4", "3"), 5, 3},
        {OF("tlsa", "5", "2") "," OF("sts", "4", "1") "," OF("sts", "2", "2"), 6, 3},
        {OF("new", "1", "1") "," OF("no-policy-found", "1", "1") "," OF("tlsa", "1", "1"), 3, 3},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[1000];
        struct sts_report *report;
        int64_t successful, failed;

        snprintf(text, sizeof(text), "{\"policies\":[%s]}", rows[i].policies);
        report = parsed(text, NULL);
        sts_report_sessions(report, "a.example", &successful, &failed);
        assert_int_equal(successful, rows[i].successful);
        assert_int_equal(failed, rows[i].failed);
        sts_report_free(report);
    }
}

/* Postfix names the MX host under tlsa; what is named beside the policies got the mail. */
static void test_recipients(void **state)
{
#define UNDER(type, domain, id)                                                                    \
    "{\"report-id\":\"" id "\",\"policies\":[{\"policy\":{\"policy-type\":\"" type                 \
    "\",\"policy-domain\":\"" domain "\"}," SUMMARY("1", "0") "}]}"
    static const struct {
        const char *text;
        struct sts_report_origin origin;
        const char *recipient;
    } rows[] = {
        {UNDER("tlsa", "mx.a.example", "1"), {.header_domain = "a.example"}, "a.example"},
        {UNDER("tlsa", "mx.a.example", "1"), {.subject = "Report Domain: a.example"}, "a.example"},
        {UNDER("tlsa", "mx.a.example", "1"), {.file_name = "s!a.example!1!2.json"}, "a.example"},
        {UNDER("tlsa", "mx.a.example", "2026-11-01T00:00:00Z_idx1_a.example"), {0}, "a.example"},
        {UNDER("tlsa", "mx.a.example", "1"), {0}, "mx.a.example"},
        {UNDER("tlsa", "a.example", "1"), {.header_domain = "a.example"}, "a.example"},
        {UNDER("sts", "b.example", "1"), {.header_domain = "a.example"}, "b.example"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sts_report *report = parsed(rows[i].text, &rows[i].origin);
        size_t count;

        assert_string_equal(sts_report_policies(report, &count)->recipient, rows[i].recipient);
        sts_report_free(report);
    }
}

static void test_several_in_one_text(void **state)
{
    static const char text[] = "[" COUNTED("1", "0") ",\n" COUNTED("2", "0") "]";
    struct sts_report *report;
    enum sts_report_fault fault;
    int64_t successful = 0, failed;
    size_t at = 0, used, count = 0;

    while (at < sizeof(text) - 1) {
        assert_int_equal(
            sts_report_parse(text + at, sizeof(text) - 1 - at, NULL, &used, &fault, &report),
            STS_OK);
        sts_report_sessions(report, "a.example", &successful, &failed);
        assert_int_equal(successful, ++count);
        sts_report_free(report);
        at += used;
    }
    assert_int_equal(count, 2);
}

static void test_utf16(void **state)
{
    static const char text[] = COUNTED("8", "0");
    char wide[2 * sizeof(text)] = "\xff\xfe";
    struct sts_report *report;
    enum sts_report_fault fault;
    int64_t successful, failed;
    size_t used;

    for (size_t i = 0; i < sizeof(text) - 1; i++)
        wide[2 + 2 * i] = text[i];
    assert_int_equal(sts_report_parse(wide, sizeof(wide), NULL, &used, &fault, &report), STS_OK);
    sts_report_sessions(report, "a.example", &successful, &failed);
    assert_int_equal(successful, 8);
    sts_report_free(report);
    /* Half of the last brace is there: what lies behind the text is not read. */
    assert_int_equal(sts_report_parse(wide, sizeof(wide) - 1, NULL, &used, &fault, &report),
                     STS_E_INVALID);
}

static void keys(const char *text, char key[33], char fingerprint[33])
{
    struct sts_report *report = parsed(text, NULL);

    sts_report_key(report, key);
    sts_report_fingerprint(report, fingerprint);
    sts_report_free(report);
}

static void test_keys(void **state)
{
    char key[4][33], print[4][33];

    keys(COUNTED("1", "0"), key[0], print[0]);
    keys(" " COUNTED("\"1\"", "0 "), key[1], print[1]);
    keys(COUNTED("2", "0"), key[2], print[2]);
    keys(two_policies, key[3], print[3]);
    assert_string_equal(key[0], key[1]); /* a copy, written differently */
    assert_string_equal(print[0], print[1]);
    assert_string_equal(key[0], key[2]); /* a revision */
    assert_string_not_equal(print[0], print[2]);
    assert_string_not_equal(key[0], key[3]); /* other domains */
}

#define WITHOUT_ID(id, successful)                                                                 \
    "{\"organization-name\":\"S\"," id "\"contact-info\":\"r@s.example\","                         \
    "\"date-range\":{\"start-datetime\":\"2026-11-01T00:00:00Z\","                                 \
    "\"end-datetime\":\"2026-11-01T23:59:59Z\"},"                                                  \
    "\"policies\":[{\"policy\":{\"policy-type\":\"sts\",\"policy-domain\":\"a.example\"},"         \
    "\"summary\":{\"total-successful-session-count\":" successful                                  \
    ",\"total-failure-session-count\":0}}]}"

/* No revision without an id: a sender's hosts may each report their own sessions of a day. */
static void test_keys_without_id(void **state)
{
    char key[4][33], print[33];

    (void)state;
    keys(WITHOUT_ID("", "1"), key[0], print);
    keys(WITHOUT_ID("\"report-id\":\"\",", "1"), key[1], print);
    keys(WITHOUT_ID("", "2"), key[2], print);
    keys(" " WITHOUT_ID("", "1 "), key[3], print);
    assert_string_equal(key[0], key[1]);
    assert_string_equal(key[0], key[3]);
    assert_string_not_equal(key[0], key[2]);
}

#define UNDATED(range)                                                                             \
    "{\"organization-name\":\"S\"," range "\"contact-info\":\"r@s.example\",\"report-id\":\"1\","  \
    "\"policies\":[{\"policy\":{\"policy-type\":\"sts\",\"policy-domain\":\"a.example\"},"         \
    "\"summary\":{\"total-successful-session-count\":1,\"total-failure-session-count\":0}}]}"

/* What the file name tells of the range makes no other report of it. */
static void test_key_of_a_range_completed(void **state)
{
    static const char *const texts[] = {
        UNDATED(""), UNDATED("\"date-range\":{\"start-datetime\":\"2026-11-01T00:00:00Z\"},")};
    static const struct sts_report_origin named = {
        .file_name = "s.example!a.example!1793491200!1793577599.json"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct sts_report *one = parsed(texts[i], NULL), *other = parsed(texts[i], &named);
        char key[2][33], print[2][33];
        int64_t begin, end;

        assert_true(sts_report_range(other, &begin, &end) && begin == 1793491200);
        assert_int_equal(sts_report_range(one, &begin, &end), i == 1);
        sts_report_key(one, key[0]);
        sts_report_key(other, key[1]);
        sts_report_fingerprint(one, print[0]);
        sts_report_fingerprint(other, print[1]);
        assert_string_equal(key[0], key[1]);
        assert_string_equal(print[0], print[1]);
        sts_report_free(one);
        sts_report_free(other);
    }
}

static void test_disagreement(void **state)
{
    static const struct {
        struct sts_report_origin origin;
        const char *notes;
    } rows[] = {
        {{.header_domain = "A.example",
          .header_submitter = "sender.example",
          .file_name = "sender.example!a.example!1793491200!1793577599!1.json.gz"},
         " "},
        {{.header_domain = "b.example"}, " header-domain-differs "},
        {{.header_submitter = "other.example"}, " submitter-differs "},
        {{.file_name = "s!b.example!1793491200!1793577599.json"}, " file-domain-differs "},
        {{.file_name = "s!a.example!1783491200!1793577599.json"}, " file-range-differs "},
        {{.file_name = "s!a.example!1!1793577599.json"}, " file-range-differs "},
        {{.file_name = "s!a.example!1793491200!1793577599000.json"}, " file-name-form "},
        {{.file_name = "s!a.example.json"}, " file-name-form "},
        {{.file_name = "report.json"}, " "},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sts_report *report = parsed(WITH(""), &rows[i].origin);
        char *notes = notes_of(report);

        assert_string_equal(notes, rows[i].notes);
        talloc_free(notes);
        sts_report_free(report);
    }
}

/* Every note is counted, a bounded number kept. */
static void test_notes_are_bounded(void **state)
{
    char *text = talloc_strdup(NULL, "{\"policies\":[");
    struct sts_report *report;
    size_t count, total;

    for (int i = 0; i < 300; i++)
        text = talloc_strdup_append(text, "7,");
    text = talloc_strdup_append(text, "7]}");
    report = parsed(text, NULL);
    sts_report_notes(report, &count, &total);
    assert_int_equal(count, STS_REPORT_NOTES_MAX);
    assert_true(total > 301);
    sts_report_free(report);
    talloc_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_inferred_domain),
        cmocka_unit_test(test_sessions_are_a_maximum),
        cmocka_unit_test(test_sessions_by_type),
        cmocka_unit_test(test_recipients),
        cmocka_unit_test(test_several_in_one_text),
        cmocka_unit_test(test_utf16),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_keys_without_id),
        cmocka_unit_test(test_key_of_a_range_completed),
        cmocka_unit_test(test_disagreement),
        cmocka_unit_test(test_notes_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
