/* SPDX-License-Identifier: MIT */
/* test_prometheus.c - each sample once, escaped, below the head of its metric. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "mtasts/version.h"
#include "render/prometheus.h"
#include "rules/test_facts.h"

static struct facts *facts;
static struct prometheus *metrics;

static int fresh(void **state)
{
    (void)state;
    facts = healthy(NULL);
    metrics = prometheus_new(facts, false);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    talloc_free(facts);
    return 0;
}

static void add(const struct recent_sessions *sessions)
{
    struct diagnosis *d;

    assert_int_equal(diagnose(facts, facts, NOW, &d), STS_OK);
    prometheus_add(metrics, d, sessions);
}

static char *text(void)
{
    char *made = prometheus_text(facts, metrics);

    assert_non_null(made);
    return made;
}

/* How often the line is there. */
static size_t count_of(const char *line)
{
    char *whole = talloc_asprintf(facts, "\n%s", text());
    char *wanted = talloc_asprintf(facts, "\n%s\n", line);
    size_t count = 0;

    for (const char *at = whole; (at = strstr(at, wanted)); at++)
        count++;
    return count;
}

#define HAS(line)   assert_int_equal(count_of(line), 1)
#define LACKS(line) assert_int_equal(count_of(line), 0)

/* ---- a domain -------------------------------------------------------------------------------- */

static void a_healthy_domain(void **state)
{
    (void)state;
    facts->elapsed_ms = 1500;
    add(NULL);
    HAS("# HELP mtasts_verdict Verdict of the last check: 0 ok, 1 warning, 2 critical, 3 unknown.");
    HAS("# TYPE mtasts_verdict gauge");
    HAS("mtasts_verdict{domain=\"example.com\"} 0");
    HAS("mtasts_posture{domain=\"example.com\",posture=\"enforce\"} 1");
    HAS("mtasts_delivery{domain=\"example.com\",delivery=\"protected\"} 1");
    HAS("mtasts_policy_mode{domain=\"example.com\",mode=\"enforce\"} 1");
    assert_null(strstr(text(), "nonexistent"));
    assert_null(strstr(text(), "mtasts_verdict_state"));
    HAS("mtasts_policy_max_age_seconds{domain=\"example.com\"} 2592000");
    HAS("mtasts_certificate_expiry_timestamp_seconds{domain=\"example.com\",service=\"https\","
        "host=\"mta-sts.example.com\",address=\"198.18.2.1\"} 1800630000");
    HAS("mtasts_certificate_expiry_timestamp_seconds{domain=\"example.com\",service=\"smtp\","
        "host=\"mx1.example.com\",address=\"198.18.2.25\"} 1800630000");
    HAS("mtasts_check_timestamp_seconds{domain=\"example.com\"} 1795446000");
    HAS("mtasts_check_duration_seconds{domain=\"example.com\"} 1.5");
    assert_null(strstr(text(), "mtasts_finding"));
    assert_null(strstr(text(), "mtasts_tlsrpt"));
    assert_null(strstr(text(), "mtasts_check_success"));
}

/* As the exit status. */
static void the_verdict_as_a_number(void **state)
{
    static const enum verdict verdicts[] = {VERDICT_OK, VERDICT_WARNING, VERDICT_CRITICAL,
                                            VERDICT_UNKNOWN};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        const struct diagnosis d = {.facts = facts, .verdict = verdicts[i]};

        metrics = prometheus_new(facts, false);
        prometheus_add(metrics, &d, NULL);
        HAS(talloc_asprintf(facts, "mtasts_verdict{domain=\"example.com\"} %zu", i));
    }
}

static void one_hot(void **state)
{
    (void)state;
    metrics = prometheus_new(facts, true);
    add(NULL);
    HAS("mtasts_verdict{domain=\"example.com\"} 0");
    HAS("mtasts_verdict_state{domain=\"example.com\",verdict=\"ok\"} 1");
    HAS("mtasts_verdict_state{domain=\"example.com\",verdict=\"warning\"} 0");
    HAS("mtasts_verdict_state{domain=\"example.com\",verdict=\"critical\"} 0");
    HAS("mtasts_verdict_state{domain=\"example.com\",verdict=\"unknown\"} 0");
    HAS("mtasts_posture{domain=\"example.com\",posture=\"enforce\"} 1");
    HAS("mtasts_posture{domain=\"example.com\",posture=\"nonexistent\"} 0");
    HAS("mtasts_delivery{domain=\"example.com\",delivery=\"protected\"} 1");
    HAS("mtasts_delivery{domain=\"example.com\",delivery=\"partly-refused\"} 0");
    HAS("mtasts_policy_mode{domain=\"example.com\",mode=\"enforce\"} 1");
    HAS("mtasts_policy_mode{domain=\"example.com\",mode=\"none\"} 0");
}

static void without_a_policy(void **state)
{
    (void)state;
    fetch_stops(fetch(facts), NET_REFUSED, PHASE_CONNECT);
    add(NULL);
    HAS("mtasts_posture{domain=\"example.com\",posture=\"broken\"} 1");
    assert_null(strstr(text(), "mtasts_policy_mode"));
    assert_null(strstr(text(), "mtasts_policy_max_age"));
    assert_null(strstr(text(), "service=\"https\""));
    assert_non_null(strstr(text(), "service=\"smtp\""));
}

/* ---- nothing twice --------------------------------------------------------------------------- */

static void a_host_in_several_records(void **state)
{
    (void)state;
    add_mx(facts, "mx2.example.com", "198.18.2.26");
    add_mx(facts, "mx1.example.com", "198.18.2.25");
    session(facts)->tls->chain[0].not_after = NOW + DAY;
    add(NULL);
    HAS("mtasts_certificate_expiry_timestamp_seconds{domain=\"example.com\",service=\"smtp\","
        "host=\"mx1.example.com\",address=\"198.18.2.25\"} 1795532400");
    HAS("mtasts_certificate_expiry_timestamp_seconds{domain=\"example.com\",service=\"smtp\","
        "host=\"mx2.example.com\",address=\"198.18.2.26\"} 1800630000");
    LACKS("mtasts_certificate_expiry_timestamp_seconds{domain=\"example.com\",service=\"smtp\","
          "host=\"mx1.example.com\",address=\"198.18.2.25\"} 1800630000");
}

/* One address, certificates with two kinds of keys: the first to expire. */
static void an_address_once(void **state)
{
    struct tls_again *rsa = talloc_zero(facts, struct tls_again);

    (void)state;
    rsa->tls = tls_new(facts, "mx1.example.com");
    leaf(rsa->tls)->not_after = NOW + DAY;
    session(facts)->again = rsa;
    session(facts)->again_count = 1;
    add(NULL);
    HAS("mtasts_certificate_expiry_timestamp_seconds{domain=\"example.com\",service=\"smtp\","
        "host=\"mx1.example.com\",address=\"198.18.2.25\"} 1795532400");
    LACKS("mtasts_certificate_expiry_timestamp_seconds{domain=\"example.com\",service=\"smtp\","
          "host=\"mx1.example.com\",address=\"198.18.2.25\"} 1800630000");
}

static void findings_once(void **state)
{
    (void)state;
    leaf(session(facts)->tls)->not_after = NOW - DAY;
    add_session(facts, &facts->mx[0], "198.18.2.26");
    facts->mx[0].sessions[1].tls->chain[0].not_after = NOW - DAY;
    facts->tlsrpt_txt = answer(facts, "_smtp._tls.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    add(NULL);
    HAS("mtasts_finding{domain=\"example.com\",code=\"tlsrpt-record-missing\",severity=\"medium\","
        "subject=\"_smtp._tls.example.com\"} 1");
    assert_non_null(strstr(text(), "code=\"mx-cert-expired\",severity=\"critical\",subject=\"mx1"));
    HAS("mtasts_verdict{domain=\"example.com\"} 2");
}

/* Two findings that differ in the value of no label are one sample. */
static void the_same_finding_twice(void **state)
{
    struct finding findings[] = {
        {.code = FINDING_TLSRPT_RECORD_MISSING, .severity = SEVERITY_LOW, .subject = "a"},
        {.code = FINDING_TLSRPT_RECORD_MISSING, .severity = SEVERITY_LOW, .subject = "b"},
        {.code = FINDING_TLSRPT_RECORD_MISSING, .severity = SEVERITY_LOW, .subject = "a"},
        {.code = FINDING_MX_CERT_EXPIRED, .severity = SEVERITY_LOW, .subject = "a"}};
    struct diagnosis d = {.facts = facts, .findings = findings, .finding_count = 4};

    (void)state;
    prometheus_add(metrics, &d, NULL);
    HAS("mtasts_finding{domain=\"example.com\",code=\"tlsrpt-record-missing\",severity=\"low\","
        "subject="
        "\"a\"} 1");
    HAS("mtasts_finding{domain=\"example.com\",code=\"tlsrpt-record-missing\",severity=\"low\","
        "subject="
        "\"b\"} 1");
    HAS("mtasts_finding{domain=\"example.com\",code=\"mx-cert-expired\",severity=\"low\",subject="
        "\"a\"} 1");
}

/* ---- strangers' text ------------------------------------------------------------------------- */

static void escaped(void **state)
{
    struct finding finding = {.code = FINDING_TLSRPT_RECORD_MISSING,
                              .severity = SEVERITY_LOW,
                              .subject = "a\"b\\c\n\x1b[1m"};
    struct diagnosis d = {.facts = facts, .findings = &finding, .finding_count = 1};

    (void)state;
    prometheus_add(metrics, &d, NULL);
    assert_non_null(strstr(text(), "subject=\"a\\\"b\\\\\\\\c"));
    assert_null(strchr(text(), '\x1b'));
    for (const char *at = text(); *at; at = strchr(at, '\n') + 1) /* each line is whole */
        assert_true(!strncmp(at, "# ", 2) || !strncmp(at, "mtasts_", 7));
}

/* ---- reports, passes, several domains -------------------------------------------------------- */

static void sessions_of_reports(void **state)
{
    const struct recent_sessions some = {
        .any = true, .successful = 12, .failed = 3, .last_report = 1795219199};
    const struct recent_sessions none = {.any = false, .successful = 12};

    (void)state;
    add(&none);
    assert_null(strstr(text(), "mtasts_tlsrpt"));
    add(&some);
    HAS("mtasts_tlsrpt_sessions{domain=\"example.com\",result=\"successful\"} 12");
    HAS("mtasts_tlsrpt_sessions{domain=\"example.com\",result=\"failed\"} 3");
    HAS("mtasts_tlsrpt_last_report_timestamp_seconds{domain=\"example.com\"} 1795219199");
}

static void passes(void **state)
{
    (void)state;
    assert_string_equal(text(), "");
    prometheus_seen(metrics, "a.example", true);
    prometheus_seen(metrics, "b.example", false);
    assert_string_equal(text(), "# HELP mtasts_check_success 1 if the last pass could check the "
                                "domain, else 0.\n# TYPE mtasts_check_success gauge\n"
                                "mtasts_check_success{domain=\"a.example\"} 1\n"
                                "mtasts_check_success{domain=\"b.example\"} 0\n"
                                "# HELP mtasts_changes_total Changes reported since the file was "
                                "first written.\n# TYPE mtasts_changes_total counter\n"
                                "mtasts_changes_total{domain=\"a.example\"} 0\n"
                                "mtasts_changes_total{domain=\"b.example\"} 0\n");
    prometheus_pass(metrics, NOW);
    HAS("mtasts_build_info{version=\"" MTASTS_VERSION "\"} 1");
    HAS("# TYPE mtasts_last_pass_timestamp_seconds gauge");
    HAS("mtasts_last_pass_timestamp_seconds 1795446000");
}

static void goes_on(const char *before)
{
    metrics = prometheus_new(facts, false);
    prometheus_continue(metrics, text_bytes(before));
    prometheus_seen(metrics, "a.example", true);
}

/* The file of the last pass is the memory of the counter. */
static void changes(void **state)
{
    (void)state;
    prometheus_seen(metrics, "a.example", true);
    prometheus_seen(metrics, "b.example", true);
    prometheus_changed(metrics, "a.example", 3);
    HAS("mtasts_changes_total{domain=\"a.example\"} 3");
    HAS("mtasts_changes_total{domain=\"b.example\"} 0");
    goes_on(text());
    HAS("mtasts_changes_total{domain=\"a.example\"} 3");
    assert_null(strstr(text(), "b.example")); /* it is no longer watched */
    prometheus_changed(metrics, "a.example", 2);
    HAS("mtasts_changes_total{domain=\"a.example\"} 5");
}

static void what_was_no_text_of_ours(void **state)
{
    static const char *const texts[] = {
        "",
        "\n\n",
        "mtasts_changes_total{domain=\"a.example\"} 7", /* cut off */
        "mtasts_changes_total{domain=\"a.example\"}\n",
        "mtasts_changes_total{domain=\"a.example\"} \n",
        "mtasts_changes_total{domain=\"a.example\n",
        "mtasts_changes_total{domain=\"\n",
        "mtasts_changes_total{domain=\"a.example\"} -7\n",
        "mtasts_changes_total{domain=\"a.example\"} x\n",
        "mtasts_changes_total{domain=\"a.example\"} 99999999999999999999\n",
        "# mtasts_changes_total{domain=\"a.example\"} 7\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        goes_on(texts[i]);
        HAS("mtasts_changes_total{domain=\"a.example\"} 0");
    }
    goes_on("x\nmtasts_changes_total{domain=\"a.example\"} 7\n");
    HAS("mtasts_changes_total{domain=\"a.example\"} 7");
}

/* All samples of a metric stand together. */
static void several_domains(void **state)
{
    (void)state;
    add(NULL);
    facts->domain = "example.net";
    add(NULL);
    HAS("# TYPE mtasts_check_timestamp_seconds gauge");
    assert_non_null(strstr(text(),
                           "mtasts_check_timestamp_seconds{domain=\"example.com\"} 1795446000\n"
                           "mtasts_check_timestamp_seconds{domain=\"example.net\"} 1795446000\n"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fresh, gone)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_healthy_domain), TEST(without_a_policy),         TEST(a_host_in_several_records),
        TEST(findings_once),    TEST(an_address_once),          TEST(the_same_finding_twice),
        TEST(escaped),          TEST(sessions_of_reports),      TEST(passes),
        TEST(several_domains),  TEST(the_verdict_as_a_number),  TEST(one_hot),
        TEST(changes),          TEST(what_was_no_text_of_ours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
