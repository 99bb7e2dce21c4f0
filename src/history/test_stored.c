/* SPDX-License-Identifier: MIT */
/* test_stored.c - diagnoses and reports go into the store and come out as they were; which reports
 * are asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "history/certificate_log.h"
#include "history/check_log.h"
#include "history/cause_key.h"
#include "history/report_parts.h"
#include "history/stored_check.h"
#include "history/stored_reports.h"
#include "history/test_history.h"
#include "intake/parser.h"
#include "rules/test_facts.h"
#include "store/rollups.h"

static int open_store(void **state)
{
    *state = test_store_open();
    return 0;
}

static int close_store(void **state)
{
    test_store_close(*state);
    return 0;
}

/* ---- checks ---------------------------------------------------------------------------------- */

static struct diagnosis *diagnosis_of(struct facts *facts)
{
    struct diagnosis *diagnosis;

    assert_int_equal(diagnose(facts, facts, facts->observed_at, &diagnosis), STS_OK);
    return diagnosis;
}

static bool take_policy(void *arg, const struct store_policy *policy)
{
    *(char **)arg = talloc_asprintf(NULL, "%s %s %lld %s", policy->id, policy->mode,
                                    (long long)policy->max_age, policy->mx[0]);
    return true;
}

static bool count_one(void *arg, const struct store_check *check)
{
    (void)check;
    (*(int *)arg)++;
    return true;
}

static int checks_in(struct store *store)
{
    int count = 0;

    assert_int_equal(store_history(store, TEST_DOMAIN, 0, count_one, &count), STS_OK);
    return count;
}

/* Of a scan, which leaves some out, and of watch, in the same minutes. */
static void what_others_stored_does_not_count(void **state)
{
    static const char *left_out[] = {"report-endpoints", "caa"};

    for (int i = 0; i < 4; i++) {
        struct facts *facts = healthy(NULL);
        struct stored_check *check;

        facts->observed_at = NOW + i;
        facts->observer.left_out = left_out;
        facts->observer.left_out_count = i == 0 ? 0 : 2;
        assert_int_equal(stored_check_new(NULL, diagnosis_of(facts), &check), STS_OK);
        assert_int_equal(stored_check_write_once(*state, check, NOW - 60), STS_OK);
        talloc_free(check);
        talloc_free(facts);
        assert_int_equal(checks_in(*state), i == 0 ? 1 : 2);
    }
}

/* Whoever was killed does not know whether it was written; an older one does not count. */
static void a_check_made_ready_is_written_once(void **state)
{
    static const struct {
        int64_t observed_at, since;
        int checks;
    } cases[] = {{NOW, NOW - 60, 1}, {NOW + 30, NOW - 60, 1}, {NOW + 90, NOW + 60, 2}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct facts *facts = healthy(NULL);
        struct stored_check *check;

        facts->observed_at = cases[i].observed_at;
        assert_int_equal(stored_check_new(NULL, diagnosis_of(facts), &check), STS_OK);
        talloc_free(facts); /* nothing is borrowed */
        assert_int_equal(stored_check_write_once(*state, check, cases[i].since), STS_OK);
        assert_int_equal(checks_in(*state), cases[i].checks);
        talloc_free(check);
    }
}

static void a_check_and_its_policy(void **state)
{
    struct facts *facts = healthy(*state);
    struct store_check *check;
    char *policy = NULL;

    facts->observed_at = NOW;
    set_policy(facts, "version: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 604800\n");
    for (int i = 0; i < 2; i++) /* it may be repeated */
        assert_int_equal(stored_check_put(*state, diagnosis_of(facts)), STS_OK);
    assert_int_equal(store_last_check(*state, *state, TEST_DOMAIN, NOW, &check), STS_OK);
    assert_int_equal(check->seq, 1);
    assert_string_equal(check->posture, "testing");
    assert_string_equal(check->delivery, "reported");
    assert_string_equal(check->codes[0].code, "policy-mode-testing");
    assert_string_equal(check->codes[0].severity, "low");
    assert_true(check->facts.length > 0);
    assert_int_equal(store_policies(*state, TEST_DOMAIN, take_policy, &policy), STS_OK);
    assert_string_equal(policy, "20261101000000 testing 604800 mx1.example.com");
    talloc_free(policy);
}

static void what_is_no_check(void **state)
{
    struct facts *facts = healthy(*state);
    struct check_log *log;

    facts->observed_at = NOW;
    facts->interrupted = true;
    assert_false(stored_check_is_one(diagnosis_of(facts)));
    assert_int_equal(stored_check_put(*state, diagnosis_of(facts)), STS_OK);
    facts->interrupted = false;
    facts->shortage = "memory";
    assert_int_equal(stored_check_put(*state, diagnosis_of(facts)), STS_OK);
    assert_int_equal(check_log_read(*state, *state, TEST_DOMAIN, INT64_MIN, &log), STS_OK);
    assert_int_equal(log->count, 0);
}

static void without_a_policy(void **state)
{
    struct facts *facts = healthy(*state);
    char *policy = NULL;

    facts->observed_at = NOW;
    fetch_stops(fetch(facts), NET_REFUSED, PHASE_CONNECT);
    assert_int_equal(stored_check_put(*state, diagnosis_of(facts)), STS_OK);
    assert_int_equal(store_policies(*state, TEST_DOMAIN, take_policy, &policy), STS_OK);
    assert_null(policy);
}

/* ---- what checks have in common -------------------------------------------------------------- */

static bool tell_part(void *arg, const char *part, int64_t domains)
{
    char **text = arg;

    (void)domains;
    *text = talloc_asprintf_append(*text, "%s;", part);
    return true;
}

static bool tell_cause(void *arg, const char *domain, const struct store_code *code)
{
    char **text = arg;

    (void)domain;
    *text = talloc_asprintf_append(*text, "%s=%s;", code->code, code->cause);
    return true;
}

static void findings_say_what_they_share(void **state)
{
    static const struct store_sight everything = {.all = true};
    struct store_owned owned = {.domain = TEST_DOMAIN, .proof = "", .proven = 1};
    int64_t group;
    struct facts *facts = healthy(*state);
    char *text = talloc_strdup(*state, "");
    struct store_state *seen = NULL;

    assert_int_equal(store_add_group(*state, "us", 1, &owned.group), STS_OK);
    assert_int_equal(store_give_domain(*state, &owned, &group), STS_OK);
    fetch_stops(fetch(facts), NET_REFUSED, PHASE_CONNECT);
    assert_int_equal(stored_check_put(*state, diagnosis_of(facts)), STS_OK);
    assert_int_equal(store_parts(*state, TEST_DOMAIN, tell_part, &text), STS_OK);
    assert_int_equal(store_state_codes(*state, &everything, tell_cause, &text), STS_OK);
    assert_string_equal(text, "cert:00:mx1.example.com;mx:mx1.example.com;"
                              "policy-address:198.18.2.1;"
                              "policy-host-unreachable=policy-address:198.18.2.1;");
    assert_int_equal(store_state(*state, *state, TEST_DOMAIN, &seen), STS_OK);
    assert_true(seen->cert_ends > NOW);
}

/* ---- certificates ---------------------------------------------------------------------------- */

static void see(struct store *store, int64_t at, const char *host, const char *digest, int64_t ends)
{
    const struct store_certificate seen = {
        .service = "smtp", .host = host, .digest = digest, .ends = ends};
    char *facts = talloc_asprintf(NULL, "{\"%s%s\":%lld}", host, digest, (long long)at);
    const struct store_check check = {.domain = TEST_DOMAIN,
                                      .observed_at = at,
                                      .verdict = "ok",
                                      .posture = "enforce",
                                      .delivery = "protected",
                                      .facts = bytes_of(facts),
                                      .certificates = &seen,
                                      .certificate_count = 1};

    assert_int_equal(store_put_check(store, &check), STS_OK);
    talloc_free(facts);
}

static char *new_certificates(struct store *store, int64_t now)
{
    struct certificate_log log;
    char *text = talloc_strdup(store, "");

    assert_int_equal(certificate_log_read(store, store, TEST_DOMAIN, now, &log), STS_OK);
    for (size_t i = 0; i < log.count; i++)
        text = talloc_asprintf_append(text, "%lld %s %lld;", (long long)log.changes[i].at,
                                      log.changes[i].host, (long long)log.changes[i].ends);
    return text;
}

static void a_certificate_is_new_at_a_host_that_had_another(void **state)
{
    struct store *store = *state;

    see(store, 300, "mx1", "b", 900); /* late, as checks may come */
    see(store, 100, "mx1", "a", 500);
    see(store, 200, "mx1", "a", 500);
    see(store, 250, "mx2", "a", 500); /* a host that was not there before */
    see(store, 300, "mx1", "c", 800); /* at another address */
    see(store, 400, "mx1", "b", 900);
    see(store, 500, "mx2", "d", 990);
    assert_string_equal(new_certificates(store, 1000), "300 mx1 800;500 mx2 990;");
    assert_string_equal(new_certificates(store, 400), "300 mx1 800;");
    assert_string_equal(new_certificates(store, 299), "");
    see(store, 150, "mx1", "b", 900); /* so it is older than it seemed */
    assert_string_equal(new_certificates(store, 1000), "150 mx1 900;300 mx1 800;500 mx2 990;");
    assert_int_equal(store_prune(store, TEST_DOMAIN, 400), STS_OK);
    assert_string_equal(new_certificates(store, 1000), "");
}

static bool tell_certificate(void *arg, const struct store_certificate *seen)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%s %s;", seen->service, seen->host);
    return true;
}

static void a_check_has_each_certificate_of_a_host_once(void **state)
{
    char *text = talloc_strdup(*state, "");
    struct facts *facts = healthy(*state);

    assert_int_equal(stored_check_put(*state, diagnosis_of(facts)), STS_OK);
    assert_int_equal(store_certificates(*state, TEST_DOMAIN, 10, tell_certificate, &text), STS_OK);
    assert_string_equal(text, "smtp mx1.example.com;https mta-sts.example.com;");
}

static void causes_are_keys(void **state)
{
    const char *value = NULL;

    (void)state;
    assert_int_equal(cause_kind_of("mx:mx1.example.net", &value), CAUSE_MX);
    assert_string_equal(value, "mx1.example.net");
    assert_int_equal(cause_kind_of("code:policy-empty", &value), CAUSE_CODE);
    assert_int_equal(cause_kind_of("mx", &value), CAUSE_KIND_COUNT);
    assert_int_equal(cause_kind_of("mxx:a", &value), CAUSE_KIND_COUNT);
    assert_int_equal(cause_kind_of("", &value), CAUSE_KIND_COUNT);
}

/* ---- reports --------------------------------------------------------------------------------- */

#define DATED                                                                                      \
    "{\"organization-name\":\"Sender\",\"date-range\":{\"start-datetime\":"                        \
    "\"2026-11-01T00:00:00Z\",\"end-datetime\":\"2026-11-01T23:59:59Z\"},"                         \
    "\"contact-info\":\"t@sender.example\",\"report-id\":\"r1\",\"policies\":[{\"policy\":{"       \
    "\"policy-type\":\"sts\",\"policy-domain\":\"example.com\"},\"summary\":{"                     \
    "\"total-successful-session-count\":5,\"total-failure-session-count\":1}}]}"
#define UNDATED                                                                                    \
    "{\"report-id\":\"r2\",\"policies\":[{\"policy\":{\"policy-type\":\"sts\","                    \
    "\"policy-domain\":\"example.com\"}}]}"
#define FIRST  ((int64_t)1793491200) /* 2026-11-01T00:00:00Z */
#define SECOND (FIRST + DAY)

static struct sts_report *report_of(const char *text)
{
    struct sts_report *report;
    enum sts_report_fault fault;
    size_t used;

    assert_int_equal(sts_report_parse(text, strlen(text), NULL, &used, &fault, &report), STS_OK);
    return report;
}

static enum store_added put(struct store *store, const char *text, const char *trust)
{
    static const struct sts_report_origin origin = {"d.example", "s.example", "a subject",
                                                    "a.json"};
    const struct intake_source source = {.path = "box",
                                         .part = "mail 3",
                                         .received = SECOND,
                                         .deviations = 1u << INTAKE_ZIP | 1u << INTAKE_FORWARDED,
                                         .text = {text, strlen(text)},
                                         .origin = &origin,
                                         .trust = trust};
    struct sts_report *report = report_of(text);
    enum store_added added;

    assert_int_equal(stored_report_put(store, report, &source, NOW, &added), STS_OK);
    sts_report_free(report);
    return added;
}

struct seen {
    size_t reports, rejected;
    char *what; /* of the last */
};

static void on_report(void *arg, struct sts_report *report, const struct intake_source *source)
{
    struct seen *seen = arg;

    seen->reports++;
    talloc_free(seen->what);
    seen->what =
        talloc_asprintf(NULL, "%s %s %s %lld %x %s %s", sts_report_id(report), source->path,
                        source->part, (long long)source->received, source->deviations,
                        source->origin->subject, source->trust ? source->trust : "-");
    sts_report_free(report);
}

static void on_rejected(void *arg, const struct intake_source *source, const char *why,
                        const char *detail)
{
    struct seen *seen = arg;

    (void)source;
    (void)detail;
    seen->rejected++;
    talloc_free(seen->what);
    seen->what = talloc_strdup(NULL, why);
}

static struct seen read_all(struct store *store, const struct report_filter *filter, bool aligned)
{
    struct seen seen = {0};
    struct intake_result result = {0};
    struct intake_sink sink = {on_report, on_rejected, &seen, parser_new(store), PARSER_TEXT};

    assert_int_equal(stored_reports_read(store, filter, aligned, &sink, &result), STS_OK);
    assert_false(result.no_memory);
    talloc_free(sink.parser);
    talloc_steal(store, seen.what);
    return seen;
}

static void a_report_comes_back_as_it_was_read(void **state)
{
    struct report_filter filter = report_filter_none();
    struct seen seen;
    char *expected = talloc_asprintf(*state, "r1 box mail 3 %lld %x a subject aligned",
                                     (long long)SECOND, 1u << INTAKE_ZIP | 1u << INTAKE_FORWARDED);

    assert_int_equal(put(*state, DATED, NULL), STORE_NEW);
    assert_int_equal(put(*state, DATED, "aligned"), STORE_DUPLICATE); /* and better trusted */
    assert_int_equal(put(*state, DATED, "broken"), STORE_DUPLICATE);
    seen = read_all(*state, &filter, false);
    assert_int_equal(seen.reports, 1);
    assert_string_equal(seen.what, expected);
    talloc_free(seen.what);
}

/* A Date of next year would count before all revisions that are yet to come. */
static void no_mail_is_of_the_future(void **state)
{
    static const struct sts_report_origin origin;
    struct report_filter filter = report_filter_none();
    struct sts_report *report = report_of(DATED);
    const struct intake_source source = {
        .path = "box", .received = NOW + 1000, .text = {DATED, strlen(DATED)}, .origin = &origin};
    enum store_added added;
    struct seen seen;

    assert_int_equal(stored_report_put(*state, report, &source, NOW, &added), STS_OK);
    sts_report_free(report);
    seen = read_all(*state, &filter, false);
    assert_non_null(strstr(seen.what, talloc_asprintf(*state, " %lld ", (long long)NOW)));
    talloc_free(seen.what);
}

#define FAILING                                                                                    \
    "{\"organization-name\":\"Sender\",\"date-range\":{\"start-datetime\":"                        \
    "\"2026-11-01T00:00:00Z\",\"end-datetime\":\"2026-11-01T23:59:59Z\"},\"report-id\":\"f\","     \
    "\"policies\":[{\"policy\":{\"policy-type\":\"sts\",\"policy-domain\":\"example.com\"},"       \
    "\"summary\":{\"total-successful-session-count\":5,\"total-failure-session-count\":3},"        \
    "\"failure-details\":[{\"result-type\":\"certificate-expired\",\"receiving-mx-hostname\":"     \
    "\"mx1.example.net\",\"sending-mta-ip\":\"192.0.2.9\",\"failed-session-count\":3}]}]}"

static bool tell_failure(void *arg, const struct store_failure_row *row)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%lld %s %s %s %s %lld;", (long long)row->place.day,
                                   row->sender, row->failure.type, row->failure.mx,
                                   row->failure.sending_ip, (long long)row->failure.sessions);
    return true;
}

static char *failures_in(struct store *store)
{
    struct store_failure_filter filter = {.domain = TEST_DOMAIN, .range = {0, INT64_MAX}};
    char *text = talloc_strdup(store, "");

    assert_int_equal(store_failures(store, &filter, STORE_LAST_FAILURE, 10, tell_failure, &text),
                     STS_OK);
    return text;
}

static void what_a_report_says_of_failures_is_kept(void **state)
{
    assert_int_equal(put(*state, FAILING, NULL), STORE_NEW);
    assert_int_equal(put(*state, FAILING, NULL), STORE_DUPLICATE);
    assert_string_equal(failures_in(*state),
                        "20758 sender certificate-expired mx1.example.net 192.0.2.9 3;");
}

/* As many as a stranger likes: the first stay as they are, the rest is told by type. */
static void failures_are_bounded(void **state)
{
    TALLOC_CTX *ctx = talloc_new(*state);
    char *text = talloc_strdup(ctx, "{\"report-id\":\"m\",\"policies\":[{\"policy\":{"
                                    "\"policy-type\":\"sts\",\"policy-domain\":\"example.com\"},"
                                    "\"failure-details\":[");
    struct store_report_parts parts;
    int64_t sum = 0;

    for (int i = 0; i < 3000; i++)
        text = talloc_asprintf_append_buffer(
            text,
            "%s{\"result-type\":\"t%d\",\"sending-mta-ip\":\"%d\",\"failed-session-count\":2}",
            i ? "," : "", i % 7, i);
    text = talloc_strdup_append_buffer(text, "]}]}");
    struct sts_report *report = report_of(text);
    assert_int_equal(report_parts(ctx, report, &parts), STS_OK);
    assert_int_equal(parts.failure_count, REPORT_FAILURES_MAX + 7);
    for (size_t i = 0; i < parts.failure_count; i++)
        sum += parts.failures[i].sessions;
    assert_int_equal(sum, 6000);
    sts_report_free(report);
    talloc_free(ctx);
}

#define UNDER(type, domain, bad, details)                                                          \
    "{\"policy\":{\"policy-type\":\"" type "\",\"policy-domain\":\"" domain                        \
    "\",\"policy-string\":[\"version: STSv1\",\"mode: "                                            \
    "testing\"],\"mx-host\":[\"*.example.net\"]},"                                                 \
    "\"summary\":{\"total-successful-session-count\":1,\"total-failure-session-count\":" bad       \
    "},\"failure-details\":[" details "]}"

/* The policy of each failure, what no detail tells, and what is told under two types. */
static void the_parts_of_a_report(void **state)
{
    TALLOC_CTX *ctx = talloc_new(*state);
    struct sts_report *report =
        report_of("{\"organization-name\":\"One Inc.\",\"report-id\":\"m\",\"policies\":[" UNDER(
            "tlsa", "example.com", "2",
            "{\"result-type\":\"a\",\"failed-session-count\":2}") "," UNDER("sts", "example.com",
                                                                            "3",
                                                                            "{\"result-type\":"
                                                                            "\"b\",\"failed-"
                                                                            "session-count\":1,"
                                                                            "\"additional-"
                                                                            "information\":"
                                                                            "\"more\"}") "]}");
    struct store_report_parts parts;

    assert_int_equal(report_parts(ctx, report, &parts), STS_OK);
    assert_string_equal(parts.sender, "One Inc.");
    assert_int_equal(parts.policy_count, 2);
    assert_string_equal(parts.policies[1].lines, "version: STSv1\nmode: testing");
    assert_string_equal(parts.policies[1].mx, "*.example.net");
    assert_int_equal(parts.failure_count, 3);
    assert_true(parts.failures[0].twice);
    assert_int_equal(parts.failures[0].policy, 1);
    assert_false(parts.failures[1].twice || parts.failures[1].rest);
    assert_string_equal(parts.failures[1].info, "more");
    assert_true(parts.failures[2].rest);
    assert_int_equal(parts.failures[2].sessions, 2);
    assert_int_equal(parts.failures[2].policy, 2);
    sts_report_free(report);
    talloc_free(ctx);
}

/* A policy as long as a stranger likes: the lines that fit. */
static void policies_are_bounded(void **state)
{
    TALLOC_CTX *ctx = talloc_new(*state);
    char *text = talloc_strdup(ctx, "{\"report-id\":\"m\",\"policies\":[{\"policy\":{"
                                    "\"policy-type\":\"sts\",\"policy-domain\":\"example.com\","
                                    "\"policy-string\":[\"mode: enforce\"");
    struct store_report_parts parts;
    struct sts_report *report;
    size_t length;

    for (int i = 0; i < 500; i++)
        text = talloc_asprintf_append_buffer(text, ",\"mx: %0100d\"", i);
    report = report_of(talloc_strdup_append_buffer(text, "]}}]}"));
    assert_int_equal(report_parts(ctx, report, &parts), STS_OK);
    length = strlen(parts.policies[0].lines);
    assert_true(length < REPORT_POLICY_TEXT_MAX && length > REPORT_POLICY_TEXT_MAX - 110);
    assert_int_equal((length - strlen("mode: enforce")) % 105, 0);
    sts_report_free(report);
    talloc_free(ctx);
}

static void those_of_a_domain_and_time(void **state)
{
    struct report_filter filter = report_filter_none();
    struct seen seen;

    put(*state, DATED, NULL);
    filter.since = SECOND; /* it has ended before */
    assert_int_equal(read_all(*state, &filter, false).reports, 0);
    filter = report_filter_none();
    snprintf(filter.domain, sizeof(filter.domain), "%s", "example.org");
    assert_int_equal(read_all(*state, &filter, false).reports, 0);
    snprintf(filter.domain, sizeof(filter.domain), "%s", TEST_DOMAIN);
    seen = read_all(*state, &filter, false);
    assert_int_equal(seen.reports, 1);
    talloc_free(seen.what);
}

static void only_aligned_ones(void **state)
{
    struct report_filter filter = report_filter_none();
    struct seen seen;

    put(*state, DATED, "aligned");
    put(*state, UNDATED, NULL);
    seen = read_all(*state, &filter, true);
    assert_int_equal(seen.reports, 1);
    assert_int_equal(seen.rejected, 1);
    talloc_free(seen.what);
    assert_int_equal(read_all(*state, &filter, false).reports, 2);
}

/* ---- the filter ------------------------------------------------------------------------------ */

static void by_time(void **state)
{
    static const struct {
        int64_t since, until;
        bool takes;
    } cases[] = {
        {INT64_MIN, INT64_MAX, true},  {FIRST, SECOND, true},
        {SECOND - 2, INT64_MAX, true}, {SECOND - 1, INT64_MAX, false}, /* ends with its second */
        {INT64_MIN, FIRST, false},     {INT64_MIN, FIRST + 1, true},
        {FIRST + 5, FIRST + 6, true},  {SECOND, SECOND + DAY, false},
    };
    struct sts_report *report = report_of(DATED);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct report_filter filter = {.since = cases[i].since, .until = cases[i].until};

        assert_int_equal(report_filter_takes(&filter, report, 0), cases[i].takes);
    }
    sts_report_free(report);
}

static void without_a_range(void **state)
{
    struct sts_report *report = report_of(UNDATED), *dated = report_of(DATED);
    struct report_filter filter = report_filter_none();

    (void)state;
    assert_true(report_filter_takes(&filter, report, 0));
    filter.since = FIRST;
    assert_false(report_filter_takes(&filter, report, 0));
    assert_true(report_filter_lacks_date(&filter, report, 0));
    assert_true(report_filter_takes(&filter, report, FIRST)); /* by the date of its mail */
    assert_false(report_filter_lacks_date(&filter, report, FIRST));
    assert_false(report_filter_lacks_date(&filter, dated, 0));
    snprintf(filter.domain, sizeof(filter.domain), "%s", "example.org");
    assert_false(report_filter_lacks_date(&filter, report, 0));
    sts_report_free(report);
    sts_report_free(dated);
}

#define WITH_STORE(name) cmocka_unit_test_setup_teardown(name, open_store, close_store)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(a_check_made_ready_is_written_once),
        WITH_STORE(what_others_stored_does_not_count),
        WITH_STORE(a_check_and_its_policy),
        WITH_STORE(what_is_no_check),
        WITH_STORE(without_a_policy),
        WITH_STORE(a_report_comes_back_as_it_was_read),
        WITH_STORE(no_mail_is_of_the_future),
        WITH_STORE(those_of_a_domain_and_time),
        WITH_STORE(only_aligned_ones),
        WITH_STORE(findings_say_what_they_share),
        WITH_STORE(a_certificate_is_new_at_a_host_that_had_another),
        WITH_STORE(a_check_has_each_certificate_of_a_host_once),
        cmocka_unit_test(causes_are_keys),
        WITH_STORE(what_a_report_says_of_failures_is_kept),
        WITH_STORE(failures_are_bounded),
        WITH_STORE(the_parts_of_a_report),
        WITH_STORE(policies_are_bounded),
        cmocka_unit_test(by_time),
        cmocka_unit_test(without_a_range),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
