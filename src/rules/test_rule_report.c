/* SPDX-License-Identifier: MIT */
/* test_rule_report.c - what the rules make of TLS reports, alone and beside a check. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "rules/cause.h"
#include "rules/report_rules.h"
#include "rules/test_facts.h"

#define SUMMARY(s, f)                                                                              \
    "\"summary\":{\"total-successful-session-count\":" s ",\"total-failure-session-count\":" f "}"
#define REPORT(org, policy, summary, details)                                                      \
    "{\"organization-name\":\"" org "\",\"date-range\":{\"start-datetime\":\"2026-11-20T00:00:00Z" \
    "\",\"end-datetime\":\"2026-11-20T23:59:59Z\"},\"report-id\":\"" org "1\",\"policies\":[{"     \
    "\"policy\":{\"policy-type\":\"sts\",\"policy-domain\":\"example.com\"" policy "}," summary    \
    ",\"failure-details\":[" details "]}]}"
#define MX1                     ",\"receiving-mx-hostname\":\"mx1.example.com\""
#define REASON(text)            ",\"failure-reason-code\":\"" text "\""
#define DETAIL(type, more)      "{\"result-type\":\"" type "\",\"failed-session-count\":2" more "}"
#define FAILED(org, type, more) REPORT(org, "", SUMMARY("0", "2"), DETAIL(type, more))
#define CLEAN(org, policy)      REPORT(org, policy, SUMMARY("9", "0"), "")
#define STRINGS(mode)                                                                              \
    ",\"policy-string\":[\"version: STSv1\",\"mode: " mode "\",\"mx: mx1.example.com\","           \
    "\"max_age: 2592000\"]"
#define NONE(org, day)                                                                             \
    "{\"organization-name\":\"" org "\",\"date-range\":{\"start-datetime\":\"2026-11-" day         \
    "T00:00:00Z\",\"end-datetime\":\"2026-11-" day "T23:59:59Z\"},\"report-id\":\"n" day           \
    "\",\"policies\":[{\"policy\":{\"policy-type\":\"no-policy-found\",\"policy-domain\":"         \
    "\"example.com\"}," SUMMARY("9", "0") "}]}"
#define ADDRESS ",\"sending-mta-ip\":\"192.0.2.9\""
#define CLEAN_LATER                                                                                \
    "{\"organization-name\":\"b\",\"date-range\":{\"start-datetime\":\"2026-11-22T00:00:00Z\","    \
    "\"end-datetime\":\"2026-11-22T23:59:59Z\"},\"report-id\":\"b1\",\"policies\":[{\"policy\":{"  \
    "\"policy-type\":\"sts\",\"policy-domain\":\"example.com\"}," SUMMARY("9", "0") "}]}"
#define ELSEWHERE ",\"mx-host\":[\"*.mail.example.com\"]"

struct report_case {
    const char *name, *texts[3];
    void (*change)(struct facts *f);
    bool live;
    const char *expect; /* "code:severity ..." */
    const char *cause;  /* of the first finding; NULL: not looked at */
};

static void expired(struct facts *f)
{
    session(f)->tls->chain[0].not_after = NOW - DAY;
}

static void no_mx(struct facts *f)
{
    f->mx_answer->outcome = DNS_OUTCOME_FAILED;
    f->mx_answer->record_count = 0;
    f->mx_count = 0;
}

static void with_tlsa(struct facts *f)
{
    struct dns_answer *answer = talloc_zero(f, struct dns_answer);

    answer->outcome = DNS_OUTCOME_NXDOMAIN;
    f->mx[0].tlsa = answer;
}

static void other_mx(struct facts *f)
{
    f->mx[0].name = "mx9.example.com";
    set_policy(f, "version: STSv1\nmode: enforce\nmx: mx9.example.com\nmax_age: 2592000\n");
    f->mx_answer->records[0].host = "mx9.example.com";
    set_names(f, session(f)->tls, "mx9.example.com", NULL);
}

static const struct report_case cases[] = {
    {"clean", {CLEAN("a", "")}, NULL, false, "", NULL},
    {"starttls",
     {FAILED("a", "starttls-not-supported", MX1)},
     NULL,
     false,
     "report-starttls-not-supported:critical",
     "starttls-missing"},
    {"names",
     {FAILED("a", "certificate-host-mismatch", MX1)},
     NULL,
     false,
     "report-certificate-host-mismatch:high",
     "certificate-names"},
    {"expired",
     {FAILED("a", "certificate-expired", MX1)},
     NULL,
     false,
     "report-certificate-expired:high",
     "certificate-expired"},
    {"not trusted",
     {FAILED("a", "certificate-not-trusted", MX1)},
     NULL,
     false,
     "report-certificate-not-trusted:high",
     "certificate-chain"},
    {"not trusted, really a name",
     {FAILED("a", "certificate-not-trusted", REASON("NotValidForName"))},
     NULL,
     false,
     "report-certificate-not-trusted:high",
     "certificate-names"},
    {"validation",
     {FAILED("a", "validation-failure", MX1)},
     NULL,
     false,
     "report-validation-failure:high",
     "mx-or-certificate"},
    {"validation, no host",
     {FAILED("a", "validation-failure", "")},
     NULL,
     false,
     "report-validation-failure:high",
     "policy-stage"},
    {"validation, Microsoft",
     {FAILED("Microsoft", "validation-failure", REASON("MX_HOSTS_MISMATCH"))},
     NULL,
     false,
     "report-validation-failure:high",
     "mx-not-covered"},
    {"validation, uncovered",
     {REPORT("google", ELSEWHERE, SUMMARY("0", "2"), DETAIL("validation-failure", MX1))},
     NULL,
     false,
     "report-validation-failure:high",
     "mx-not-covered"},
    {"validation, covered",
     {REPORT("google", STRINGS("enforce"), SUMMARY("0", "2"), DETAIL("validation-failure", MX1))},
     NULL,
     false,
     "report-validation-failure:high",
     "certificate-or-handshake"},
    {"certificate of a host that the policy does not name",
     {REPORT("postfix", ELSEWHERE, SUMMARY("0", "2"), DETAIL("certificate-host-mismatch", MX1))},
     NULL,
     false,
     "report-certificate-host-mismatch:high",
     "mx-not-covered"},
    {"two policies, one of which covers the host",
     {REPORT("google", STRINGS("enforce"), SUMMARY("0", "2"), DETAIL("validation-failure", MX1)),
      REPORT("other", ELSEWHERE, SUMMARY("0", "2"), DETAIL("validation-failure", MX1))},
     NULL,
     false,
     "report-validation-failure:high report-validation-failure:high",
     NULL},
    {"fetch",
     {FAILED("a", "sts-policy-fetch-error", "")},
     NULL,
     false,
     "report-sts-policy-fetch-error:high",
     "fetch"},
    {"fetch, Microsoft",
     {FAILED("Microsoft Corporation", "sts-policy-fetch-error", "")},
     NULL,
     false,
     "report-sts-policy-fetch-error:high",
     "fetch-reachability"},
    {"fetch, slow",
     {FAILED("Mail.ru", "sts-policy-fetch-error", REASON("context deadline exceeded"))},
     NULL,
     false,
     "report-sts-policy-fetch-error:high",
     "fetch-slow"},
    {"invalid",
     {FAILED("a", "sts-policy-invalid", "")},
     NULL,
     false,
     "report-sts-policy-invalid:high",
     "policy-text"},
    {"webpki",
     {FAILED("a", "sts-webpki-invalid", "")},
     NULL,
     false,
     "report-sts-webpki-invalid:high",
     "policy-certificate"},
    {"tlsa",
     {FAILED("a", "tlsa-invalid", MX1)},
     NULL,
     false,
     "report-tlsa-invalid:high",
     "tlsa-mismatch"},
    {"dnssec",
     {FAILED("a", "dnssec-invalid", MX1)},
     NULL,
     false,
     "report-dnssec-invalid:high",
     "dnssec-bogus"},
    {"dane",
     {FAILED("a", "dane-required", MX1)},
     NULL,
     false,
     "report-dane-required:high",
     "dane-demanded"},
    {"other", {FAILED("a", "x-new", MX1)}, NULL, false, "report-other:medium", "unknown"},
    {"other, known reason",
     {FAILED("a", "Other", REASON("MTA-STS is required and no policy was found."))},
     NULL,
     false,
     "report-other:medium",
     "sts-demanded"},
    /* one sender, or all */
    {"one sender of two",
     {FAILED("a", "certificate-expired", MX1), CLEAN("b", "")},
     NULL,
     false,
     "report-certificate-expired:high report-one-sender-only:info",
     NULL},
    {"all senders",
     {FAILED("a", "certificate-expired", MX1), FAILED("b", "certificate-expired", MX1)},
     NULL,
     false,
     "report-certificate-expired:high",
     NULL},
    {"one sender of two, the other on another day",
     {FAILED("a", "certificate-expired", MX1), CLEAN_LATER},
     NULL,
     false,
     "report-certificate-expired:high",
     NULL},
    {"one sender of three, but another fails otherwise",
     {FAILED("a", "certificate-expired", MX1), FAILED("b", "validation-failure", MX1),
      CLEAN("c", "")},
     NULL,
     false,
     "report-certificate-expired:high report-validation-failure:high",
     NULL},
    {"one address of a sender",
     {REPORT("a", "", SUMMARY("9", "2"), DETAIL("certificate-expired", MX1 ADDRESS))},
     NULL,
     false,
     "report-certificate-expired:high report-one-sender-only:info",
     NULL},
    {"one address, and nothing else is known",
     {FAILED("a", "certificate-expired", MX1 ADDRESS)},
     NULL,
     false,
     "report-certificate-expired:high",
     NULL},
    {"two hosts",
     {FAILED("a", "certificate-expired", MX1), FAILED("b", "certificate-expired", "")},
     NULL,
     false,
     "report-certificate-expired:high report-certificate-expired:high",
     NULL},
    /* beside a check */
    {"confirmed",
     {FAILED("a", "certificate-expired", MX1)},
     expired,
     true,
     "report-certificate-expired:high report-confirmed:info",
     NULL},
    {"confirmed by a vague type",
     {FAILED("a", "validation-failure", MX1)},
     expired,
     true,
     "report-validation-failure:high report-confirmed:info",
     NULL},
    {"not confirmed",
     {FAILED("a", "certificate-expired", MX1)},
     NULL,
     true,
     "report-certificate-expired:high report-not-confirmed:info",
     NULL},
    {"no MX any more",
     {FAILED("a", "certificate-expired", MX1)},
     other_mx,
     true,
     "report-certificate-expired:high report-not-confirmed:info",
     NULL},
    {"DANE is not looked at",
     {FAILED("a", "tlsa-invalid", MX1)},
     NULL,
     true,
     "report-tlsa-invalid:high",
     NULL},
    {"no MX host is known",
     {FAILED("a", "certificate-expired", MX1)},
     no_mx,
     true,
     "report-certificate-expired:high",
     NULL},
    {"DANE is looked at, and clean",
     {FAILED("a", "tlsa-invalid", MX1)},
     with_tlsa,
     true,
     "report-tlsa-invalid:high report-not-confirmed:info",
     NULL},
    {"stale policy",
     {CLEAN("a", STRINGS("testing"))},
     NULL,
     true,
     "report-stale-policy:info",
     NULL},
    {"no policy, where one is", {NONE("a", "20")}, NULL, true, "report-no-policy-found:info", NULL},
    {"no policy, and none is known to be", {NONE("a", "20")}, NULL, false, "", NULL},
    {"no policy, and the next day there was one",
     {NONE("a", "19"), CLEAN("a", STRINGS("enforce"))},
     NULL,
     true,
     "",
     NULL},
    {"same policy", {CLEAN("a", STRINGS("enforce"))}, NULL, true, "", NULL},
};

static void add(struct reports *reports, const char *text)
{
    struct sts_report *report;
    enum sts_report_fault fault;
    size_t used;

    if (sts_report_parse(text, strlen(text), NULL, &used, &fault, &report) != STS_OK)
        fail_msg("%s: %s", sts_report_fault_name(fault), text);
    reports_add(reports, report, "x", 0, NULL);
}

static const struct diagnosis *checked(TALLOC_CTX *ctx, const struct report_case *c)
{
    struct facts *facts = healthy(ctx);
    struct diagnosis *diagnosis;

    if (c->change)
        c->change(facts);
    assert_int_equal(diagnose(ctx, facts, NOW, &diagnosis), STS_OK);
    return diagnosis;
}

/* Each place of the sentence has its value. */
static void check_places(const struct report_case *c, const struct finding *finding)
{
    for (const char *at = strchr(finding->detail, '{'); at; at = strchr(at + 1, '{')) {
        size_t length = strcspn(at, "|}") - 1;
        bool there = false;

        for (size_t i = 0; i < finding->param_count; i++)
            there |= strlen(finding->params[i].name) == length &&
                     !strncmp(finding->params[i].name, at + 1, length);
        if (!there)
            fail_msg("%s: no value for %.*s", c->name, (int)length, at + 1);
    }
}

static const char *cause_in(const struct finding *finding)
{
    for (size_t i = 0; i < finding->param_count; i++)
        if (!strcmp(finding->params[i].name, "likely_cause"))
            return finding->params[i].value;
    return "";
}

static void run_case(const struct report_case *c)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct reports *reports = reports_new(ctx, NULL, NULL);
    const struct diagnosis *check = c->live ? checked(ctx, c) : NULL;
    struct report_view *view;
    char *have = talloc_strdup(ctx, "");

    for (size_t i = 0; i < 3 && c->texts[i]; i++)
        add(reports, c->texts[i]);
    assert_int_equal(judge_reports(ctx, reports_tally(reports), &check, c->live, NOW, &view),
                     STS_OK);
    for (size_t i = 0; i < view->finding_count; i++) {
        have = talloc_asprintf_append(have, "%s%s:%s", i ? " " : "",
                                      finding_info(view->findings[i].code)->name,
                                      severity_name(view->findings[i].severity));
        check_places(c, &view->findings[i]);
    }
    expect_findings(c->name, view->findings, view->finding_count);
    if (strcmp(have, c->expect) != 0)
        fail_msg("%s:\n have %s\n want %s", c->name, have, c->expect);
    if (c->cause && strcmp(cause_in(&view->findings[0]), c->cause) != 0)
        fail_msg("%s: cause %s", c->name, cause_in(&view->findings[0]));
    talloc_free(ctx);
}

static void test_cases(void **state)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        run_case(&cases[i]);
}

/* Every row can be reached: none stands behind one that takes all it would. */
static void test_rows(void **state)
{
    for (size_t i = 0; cause_rows[i].name; i++) {
        static const struct sts_report_policy none;
        const struct cause *row = &cause_rows[i];
        struct tally_failure failure = {
            .result_type = row->result_type ? row->result_type : "x",
            .sender = row->sender ? row->sender : "",
            .reason = row->reason ? row->reason : "",
            .info = "",
            .policy_type = row->host == CAUSE_UNDER_TLSA ? "tlsa" : "sts",
            .mx = row->host == CAUSE_WITH_HOST ? "mx" : "",
            .policy = &none,
        };

        if (row->host != CAUSE_HOST_UNCOVERED && row->host != CAUSE_HOST_COVERED &&
            cause_of(&failure) != row)
            fail_msg("row %zu (%s) is hidden by %s", i, row->name, cause_of(&failure)->name);
        if (!row->result_type && !row->sender && !row->reason && row->host == CAUSE_ANY_HOST)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases), cmocka_unit_test(test_rows)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
