/* SPDX-License-Identifier: MIT */
/* test_rule_report_live.c - a reported failure beside what a check sees: the same, nothing, or not
 * looked at; and policies that senders still have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "rules/report_rules.h"
#include "rules/test_facts.h"

#define CONFIRMED     "report-confirmed"
#define NOT_CONFIRMED "report-not-confirmed"
#define STALE         "report-stale-policy"
#define NO_POLICY     "report-no-policy-found"

#define REPORT_END ((int64_t)1795219199) /* 2026-11-20T23:59:59Z */

static struct facts *facts;

static int fresh(void **state)
{
    (void)state;
    facts = healthy(NULL);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    talloc_free(facts);
    return 0;
}

/* ---- the report ------------------------------------------------------------------------------ */

static char *report_of(const char *day, const char *policy, const char *details)
{
    return talloc_asprintf(
        facts,
        "{\"organization-name\":\"a\",\"date-range\":{\"start-datetime\":\"2026-11-%sT00:00:00Z\","
        "\"end-datetime\":\"2026-11-%sT23:59:59Z\"},\"report-id\":\"%s%zu\",\"policies\":[{"
        "\"policy\":{%s,\"policy-domain\":\"example.com\"},\"summary\":{"
        "\"total-successful-session-count\":9,\"total-failure-session-count\":%d},"
        "\"failure-details\":[%s]}]}",
        day, day, day, strlen(policy), policy, *details ? 2 : 0, details);
}

static char *failure(const char *type, const char *mx)
{
    const char *host = *mx ? talloc_asprintf(facts, ",\"receiving-mx-hostname\":\"%s\"", mx) : "";

    return report_of("20", "\"policy-type\":\"sts\"",
                     talloc_asprintf(facts, "{\"result-type\":\"%s\",\"failed-session-count\":2%s}",
                                     type, host));
}

/* A sender used the policy with these lines. */
static char *used_policy(const char *mode, const char *mx, const char *max_age)
{
    return report_of("20",
                     talloc_asprintf(facts,
                                     "\"policy-type\":\"sts\",\"policy-string\":["
                                     "\"version: STSv1\",\"mode: %s\",%s\"max_age: %s\"]",
                                     mode, mx, max_age),
                     "");
}

static void add(struct reports *reports, const char *text)
{
    struct sts_report *report;
    enum sts_report_fault fault;
    size_t used;

    if (sts_report_parse(text, strlen(text), NULL, &used, &fault, &report) != STS_OK)
        fail_msg("%s: %s", sts_report_fault_name(fault), text);
    reports_add(reports, report, "x", 0, NULL);
}

/* What is found of one or two reports, judged beside the facts at this time. */
static const struct report_view *judged(const char *text, const char *second, int64_t now)
{
    struct reports *reports = reports_new(facts, NULL, NULL);
    const struct diagnosis *check;
    struct diagnosis *diagnosis;
    struct report_view *view;

    add(reports, text);
    if (second)
        add(reports, second);
    assert_int_equal(diagnose(facts, facts, now, &diagnosis), STS_OK);
    check = diagnosis;
    assert_int_equal(judge_reports(facts, reports_tally(reports), &check, 1, now, &view), STS_OK);
    return view;
}

/* The finding of one of these four codes; NULL: none. */
static const struct finding *told(const struct report_view *view)
{
    static const char *const codes[] = {CONFIRMED, NOT_CONFIRMED, STALE, NO_POLICY};

    for (size_t i = 0; i < view->finding_count; i++)
        for (size_t j = 0; j < sizeof(codes) / sizeof(codes[0]); j++)
            if (!strcmp(finding_info(view->findings[i].code)->name, codes[j]))
                return &view->findings[i];
    return NULL;
}

static const char *value_of(const struct finding *finding, const char *name)
{
    for (size_t i = 0; i < finding->param_count; i++)
        if (!strcmp(finding->params[i].name, name))
            return finding->params[i].value;
    return "";
}

static void assert_told(const char *name, const struct report_view *view, const char *expect)
{
    const struct finding *finding = told(view);
    const char *code = finding ? finding_info(finding->code)->name : "";

    if (strcmp(code, expect) != 0)
        fail_msg("%s: %s, expected %s", name, code, expect);
    expect_findings(name, view->findings, view->finding_count);
}

/* ---- the same fault -------------------------------------------------------------------------- */

#define MX1 "mx1.example.com"

static void expired(void)
{
    leaf(session(facts)->tls)->not_after = NOW - DAY;
}

static void other_name(void)
{
    set_names(facts, session(facts)->tls, "other.example.com", NULL);
}

static void no_starttls(void)
{
    session(facts)->starttls_offered = false;
    session(facts)->tls = NULL;
}

static void refused(void)
{
    session_stops(session(facts), NET_REFUSED, PHASE_CONNECT);
}

static void no_policy(void)
{
    fetch_stops(fetch(facts), NET_OK, PHASE_DONE);
    fetch(facts)->status = 404;
}

static void nothing_known(void)
{
    facts->shortage = "memory";
}

static void policy_expired(void)
{
    leaf(fetch(facts)->tls)->not_after = NOW - DAY;
}

static void no_mx_known(void)
{
    facts->mx_answer->outcome = DNS_OUTCOME_FAILED;
    facts->mx_answer->record_count = 0;
    facts->mx_count = 0;
}

static void second_host_is_well(void)
{
    add_mx(facts, "mx2.example.com", "198.18.2.26");
    set_policy(facts, "version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 2592000\n");
    refused();
}

struct seen_case {
    const char *name, *type, *mx;
    void (*change)(void);
    const char *expect;
};

static const struct seen_case seen[] = {
    {"the same", "certificate-expired", MX1, expired, CONFIRMED},
    {"in capitals", "certificate-expired", "MX1.EXAMPLE.COM", expired, CONFIRMED},
    {"of no host", "certificate-expired", "", expired, CONFIRMED},
    {"of a shorter name", "certificate-expired", "mx1.example.co", expired, NOT_CONFIRMED},
    {"of a longer name", "certificate-expired", "mx1.example.com.au", expired, NOT_CONFIRMED},
    {"of another host", "certificate-expired", "mx9.example.com", expired, NOT_CONFIRMED},
    {"another type", "certificate-host-mismatch", MX1, expired, NOT_CONFIRMED},
    {"its own type", "certificate-host-mismatch", MX1, other_name, CONFIRMED},
    {"STARTTLS", "starttls-not-supported", MX1, no_starttls, CONFIRMED},
    {"vague, for the name", "certificate-not-trusted", MX1, other_name, CONFIRMED},
    {"vague, for STARTTLS", "validation-failure", MX1, no_starttls, CONFIRMED},
    {"vague, for the policy", "validation-failure", MX1, no_policy, NOT_CONFIRMED},
    {"well", "certificate-expired", MX1, NULL, NOT_CONFIRMED},
    {"well, of no host", "certificate-expired", "", NULL, NOT_CONFIRMED},
    {"not connected", "certificate-expired", MX1, refused, ""},
    {"another host connected", "certificate-expired", MX1, second_host_is_well, ""},
    {"that host connected", "certificate-expired", "mx2.example.com", second_host_is_well,
     NOT_CONFIRMED},
    {"no MX known", "certificate-expired", MX1, no_mx_known, ""},
    {"no MX known, no host", "certificate-expired", "", no_mx_known, ""},
    {"no text", "sts-policy-fetch-error", "", no_policy, CONFIRMED},
    {"fetched", "sts-policy-fetch-error", "", NULL, NOT_CONFIRMED},
    {"policy not seen", "sts-policy-fetch-error", "", nothing_known, ""},
    {"policy certificate", "sts-webpki-invalid", "", policy_expired, CONFIRMED},
    {"policy certificate, of another type", "sts-policy-invalid", "", policy_expired,
     NOT_CONFIRMED},
    {"policy text", "sts-policy-invalid", "", NULL, NOT_CONFIRMED},
    {"a host beside the policy's fault", "sts-policy-fetch-error", "mx9.example.com", no_policy,
     CONFIRMED},
    {"unknown type", "x-new", MX1, expired, ""},
};

static void the_same_fault(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++) {
        gone(NULL);
        fresh(NULL);
        if (seen[i].change)
            seen[i].change();
        assert_told(seen[i].name, judged(failure(seen[i].type, seen[i].mx), NULL, NOW),
                    seen[i].expect);
    }
}

static void which_codes_and_until_when(void **state)
{
    const struct finding *finding;

    (void)state;
    expired();
    other_name();
    finding = told(judged(failure("certificate-expired", MX1), NULL, NOW));
    assert_non_null(finding);
    assert_string_equal(value_of(finding, "codes"), "mx-cert-expired");
    assert_string_equal(value_of(finding, "last"), "2026-11-20");
    assert_string_equal(value_of(finding, "host"), MX1);
    finding = told(judged(failure("validation-failure", MX1), NULL, NOW));
    assert_string_equal(value_of(finding, "codes"), "mx-cert-expired, mx-cert-name-mismatch");
    finding = told(judged(failure("certificate-expired", "mx9.example.com"), NULL, NOW));
    assert_non_null(strstr(finding->detail, "no longer an MX host"));
    finding = told(judged(failure("starttls-not-supported", "Mx1.example.com"), NULL, NOW));
    assert_non_null(strstr(finding->detail, "does not show"));
    finding = told(judged(failure("starttls-not-supported", ""), NULL, NOW));
    assert_non_null(strstr(finding->detail, "does not show"));
}

/* ---- DANE ------------------------------------------------------------------------------------ */

static void tlsa_of(struct mx_host *host, int outcome)
{
    host->tlsa = answer(facts, "_25._tcp.mx.example.com", DNS_TLSA, outcome);
}

static void dane(void **state)
{
    static const struct {
        int outcome;
        const char *expect;
    } cases[] = {{DNS_OUTCOME_NXDOMAIN, NOT_CONFIRMED},
                 {DNS_OUTCOME_NODATA, NOT_CONFIRMED},
                 {DNS_OUTCOME_TIMEOUT, ""},
                 {DNS_OUTCOME_UNKNOWN, ""}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        tlsa_of(&facts->mx[0], cases[i].outcome);
        assert_told("DANE", judged(failure("tlsa-invalid", MX1), NULL, NOW), cases[i].expect);
    }
    facts->mx[0].tlsa = NULL;
    assert_told("not asked", judged(failure("tlsa-invalid", MX1), NULL, NOW), "");
    tlsa_of(&facts->mx[0], DNS_OUTCOME_NXDOMAIN);
    facts->mx[0].session_count = 0;
    assert_told("no session", judged(failure("tlsa-invalid", MX1), NULL, NOW), "");
    no_mx_known();
    assert_told("no host", judged(failure("tlsa-invalid", MX1), NULL, NOW), "");
}

/* Without a host all of them have to be known, with one that one. */
static void dane_at_several_hosts(void **state)
{
    (void)state;
    second_host_is_well();
    tlsa_of(&facts->mx[1], DNS_OUTCOME_NXDOMAIN);
    assert_told("its own", judged(failure("dane-required", "MX2.example.com"), NULL, NOW),
                NOT_CONFIRMED);
    assert_told("another", judged(failure("dane-required", MX1), NULL, NOW), "");
    assert_told("any", judged(failure("dane-required", ""), NULL, NOW), "");
    tlsa_of(&facts->mx[0], DNS_OUTCOME_NXDOMAIN);
    assert_told("all", judged(failure("dane-required", ""), NULL, NOW), NOT_CONFIRMED);
}

/* ---- policies that senders still have -------------------------------------------------------- */

#define MX_LINE "\"mx: mx1.example.com\","

static void what_differs(void **state)
{
    static const struct {
        const char *mode, *mx, *max_age, *differs;
    } cases[] = {{"enforce", MX_LINE, "2592000", ""},
                 {"Enforce", "\" MX:  MX1.example.com \",", "2592000", ""},
                 {"testing", MX_LINE, "2592000", "mode"},
                 {"enforce", MX_LINE, "2591999", "max_age"},
                 {"enforce", "\"mx: mx2.example.com\",", "2592000", "mx"},
                 {"enforce", MX_LINE MX_LINE, "2592000", "mx"},
                 {"enforce", MX_LINE "\"mx\",", "2592000", ""},
                 {"enforce", "", "2592000", "mx"},
                 {"none", "\"mx: a.example.com\",", "604800", "mode, max_age, mx"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct report_view *view =
            judged(used_policy(cases[i].mode, cases[i].mx, cases[i].max_age), NULL, NOW);

        assert_told(cases[i].differs, view, *cases[i].differs ? STALE : "");
        if (*cases[i].differs)
            assert_string_equal(value_of(told(view), "differs"), cases[i].differs);
    }
}

/* It matters until max_age is over, counted from the end of the report. */
static void how_long_it_matters(void **state)
{
    const struct report_view *view;

    (void)state;
    leaf(fetch(facts)->tls)->not_after = fetch(facts)->tls->chain[1].not_after = NOW + 900 * DAY;
    view = judged(used_policy("testing", MX_LINE, "100000"), NULL, REPORT_END + 100000);
    assert_told("the last second", view, STALE);
    assert_string_equal(value_of(told(view), "last"), "2026-11-20");
    assert_string_equal(value_of(told(view), "until"), "2026-11-22");
    assert_told("a second later",
                judged(used_policy("testing", MX_LINE, "100000"), NULL, REPORT_END + 100001), "");
    view = judged(used_policy("testing", MX_LINE, "31557601"), NULL, REPORT_END + 31557600);
    assert_told("a year at most", view, STALE);
    assert_told("over a year",
                judged(used_policy("testing", MX_LINE, "99999999"), NULL, REPORT_END + 31557601),
                "");
    assert_told("no max_age", judged(used_policy("testing", MX_LINE, ""), NULL, REPORT_END), STALE);
    assert_told("no max_age, later",
                judged(used_policy("testing", MX_LINE, ""), NULL, REPORT_END + 1), "");
}

static void nothing_is_stale_without_a_policy(void **state)
{
    (void)state;
    no_policy();
    assert_told("none now", judged(used_policy("testing", MX_LINE, "2592000"), NULL, NOW), "");
    facts->domain = "example.net";
    assert_told("another domain", judged(used_policy("testing", MX_LINE, "2592000"), NULL, NOW),
                "");
}

static char *none_on(const char *day)
{
    return report_of(day, "\"policy-type\":\"no-policy-found\"", "");
}

static void no_policy_found(void **state)
{
    const char *found = used_policy("enforce", MX_LINE, "2592000");

    (void)state;
    assert_told("none", judged(none_on("20"), NULL, NOW), NO_POLICY);
    assert_told("none, later one", judged(none_on("19"), found, NOW), "");
    assert_told("none the same day", judged(none_on("20"), found, NOW), "");
    assert_told("one, later none", judged(none_on("21"), found, NOW), NO_POLICY);
    no_policy();
    assert_told("there is none", judged(none_on("20"), NULL, NOW), "");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fresh, gone)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_fault),
        TEST(which_codes_and_until_when),
        TEST(dane),
        TEST(dane_at_several_hosts),
        TEST(what_differs),
        TEST(how_long_it_matters),
        TEST(no_policy_found),
        TEST(nothing_is_stale_without_a_policy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
