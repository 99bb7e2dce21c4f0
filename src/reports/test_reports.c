/* SPDX-License-Identifier: MIT */
/* test_reports.c - copies, revisions and totals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "reports/reports.h"

#define SUMMARY(s, f)                                                                              \
    "\"summary\":{\"total-successful-session-count\":" s ",\"total-failure-session-count\":" f "}"
#define POLICY(type, domain, s, f, more)                                                           \
    "{\"policy\":{\"policy-type\":\"" type "\",\"policy-domain\":\"" domain "\"}," SUMMARY(s, f)   \
        more "}"
#define FAILED(mx, count)                                                                          \
    ",\"failure-details\":[{\"result-type\":\"certificate-expired\",\"receiving-mx-hostname\":"    \
    "\"" mx "\",\"failed-session-count\":" count "}]"
#define REPORT(org, day, id, policies)                                                             \
    "{\"organization-name\":\"" org "\",\"date-range\":{\"start-datetime\":\"2026-11-" day         \
    "T00:00:00Z\",\"end-datetime\":\"2026-11-" day "T23:59:59Z\"},\"report-id\":\"" id             \
    "\",\"policies\":[" policies "]}"

#define ADDED_MAX 10

/* What was added, so that it can be read again. */
static struct {
    const char *text, *trust;
    int64_t received;
} came[ADDED_MAX];
static size_t came_count;

static struct reports *begin(reports_better_fn better)
{
    came_count = 0;
    return reports_new(NULL, better, NULL);
}

static enum reports_added add_text(struct reports *reports, const char *text, int64_t received,
                                   const char *trust)
{
    struct sts_report *report;
    enum sts_report_fault fault;
    size_t used;

    assert_int_equal(sts_report_parse(text, strlen(text), NULL, &used, &fault, &report), STS_OK);
    return reports_add(reports, report, "x", received, trust);
}

static enum reports_added add_trusted(struct reports *reports, const char *text, int64_t received,
                                      const char *trust)
{
    assert_true(came_count < ADDED_MAX);
    came[came_count].text = text;
    came[came_count].trust = trust;
    came[came_count++].received = received;
    return add_text(reports, text, received, trust);
}

static enum reports_added add(struct reports *reports, const char *text, int64_t received)
{
    return add_trusted(reports, text, received, NULL);
}

/* The totals; read once more where they are wanted so. */
static const struct tally *totals(struct reports *reports)
{
    const struct tally *tally;

    if (reports_want_again(reports)) {
        assert_int_equal(reports_begin_again(reports, NULL, NULL), STS_OK);
        for (size_t i = 0; i < came_count; i++)
            add_text(reports, came[i].text, came[i].received, came[i].trust);
    }
    tally = reports_tally(reports);
    assert_false(tally->no_memory);
    assert_int_equal(tally->reports, reports_count(reports));
    return tally;
}

static void expect(struct reports *reports, int64_t successful, int64_t failed)
{
    const struct tally *tally = totals(reports);

    assert_int_equal(tally->successful, successful);
    assert_int_equal(tally->failed, failed);
}

static int64_t failed_of(const struct names *names, const char *name)
{
    const struct tally_count *found = names_find(names, name);

    return found ? found->failed : -1;
}

static void test_copies(void **state)
{
    struct reports *reports = begin(NULL);

    assert_int_equal(
        add(reports, REPORT("A", "01", "1", POLICY("sts", "d.example", "5", "1", "")), 0),
        REPORTS_NEW);
    assert_int_equal(
        add(reports, REPORT("a", "01", "1", POLICY("sts", "D.example", "5", "1", "")), 0),
        REPORTS_DUPLICATE);
    expect(reports, 5, 1);
    /* the same id for two domains, two days, two senders: all of them count */
    add(reports, REPORT("A", "01", "1", POLICY("sts", "e.example", "5", "1", "")), 0);
    add(reports, REPORT("A", "02", "1", POLICY("sts", "d.example", "5", "1", "")), 0);
    add(reports, REPORT("B", "01", "1", POLICY("sts", "d.example", "5", "1", "")), 0);
    expect(reports, 20, 4);
    assert_int_equal(reports_count(reports), 4);
    assert_int_equal(reports_duplicates(reports), 1);
    talloc_free(reports);
}

static void test_revisions(void **state)
{
    struct reports *reports = begin(NULL);
    size_t count;

    add(reports, REPORT("A", "01", "1", POLICY("sts", "d.example", "5", "1", "")), 100);
    assert_int_equal(
        add(reports, REPORT("A", "01", "1", POLICY("sts", "d.example", "6", "1", "")), 200),
        REPORTS_REVISION);
    assert_int_equal(
        add(reports, REPORT("A", "01", "1", POLICY("sts", "d.example", "4", "1", "")), 150),
        REPORTS_REVISION);
    expect(reports, 6, 1);
    assert_int_equal(reports_revised(reports, &count)->replaced, 2);
    assert_int_equal(count, 1);
    assert_int_equal(reports_count(reports), 1);
    assert_int_equal(reports_revisions(reports), 2);
    talloc_free(reports);
}

#define REVISION(s) REPORT("A", "01", "1", POLICY("sts", "d.example", s, "1", ""))

/* The same rows as in the store's test: what comes, when it was mailed, what counts then. */
static void test_a_revision_comes_again(void **state)
{
    static const struct {
        const char *letters;
        int64_t mailed[5];
        char counts;
        size_t duplicates;
    } rows[] = {
        {"ABA", {0, 0, 0}, 'B', 1},         {"ABA", {10, 10, 10}, 'B', 1},
        {"ABA", {10, 20, 30}, 'A', 1},      {"ABA", {30, 20, 10}, 'A', 1},
        {"ABA", {0, 20, 30}, 'A', 1},       {"ABAB", {10, 20, 10, 20}, 'B', 2},
        {"ABAB", {10, 20, 30, 40}, 'B', 2}, {"ABCA", {10, 30, 20, 30}, 'B', 1},
        {"ABCB", {10, 20, 20, 20}, 'C', 1}, {"ABCAB", {10, 20, 30, 40, 5}, 'A', 2},
        {"ABAA", {10, 20, 30, 0}, 'A', 2},  {"AAB", {50, 0, 40}, 'A', 1},
        {"BACB", {20, 10, 10, 15}, 'B', 1},
    };
    static const char *const texts[] = {REVISION("1"), REVISION("2"), REVISION("3")};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct reports *reports = begin(NULL);

        for (size_t k = 0; rows[i].letters[k]; k++)
            add(reports, texts[rows[i].letters[k] - 'A'], rows[i].mailed[k]);
        expect(reports, rows[i].counts - 'A' + 1, 1);
        assert_int_equal(reports_count(reports), 1);
        assert_int_equal(reports_duplicates(reports), rows[i].duplicates);
        assert_int_equal(reports_revisions(reports), reports_item(reports, 0)->revisions);
        assert_int_equal(reports_revisions(reports) + reports_duplicates(reports) + 1,
                         strlen(rows[i].letters));
        talloc_free(reports);
    }
}

/* "a" before "b" */
static bool by_letter(const char *trust, const char *than)
{
    return *trust < *than;
}

static void test_the_best_trust_of_copies_counts(void **state)
{
    static const char *const rows[][4] = {
        {NULL, "b", "a", "a"}, {"b", NULL, "b", "b"}, {"a", "b", "c", "a"}, {"c", "b", NULL, "b"}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct reports *reports = begin(by_letter);

        for (size_t k = 0; k < 3; k++)
            add_trusted(reports, REVISION("1"), 0, rows[i][k]);
        assert_string_equal(reports_item(reports, 0)->trust, rows[i][3]);
        /* each content has its own, also where it counts no more and comes again */
        add_trusted(reports, REVISION("2"), 10, "z");
        assert_string_equal(reports_item(reports, 0)->trust, "z");
        add_trusted(reports, REVISION("1"), 20, "y");
        assert_string_equal(reports_item(reports, 0)->trust, rows[i][3]);
        talloc_free(reports);
    }
}

static void test_totals(void **state)
{
    struct reports *reports = begin(NULL);
    const struct tally *tally;
    struct tally_domain *domain;

    add(reports,
        REPORT("A", "01", "1",
               POLICY("sts", "d.example", "7", "1", FAILED("mx1.d.example", "1")) "," POLICY(
                   "tlsa", "d.example", "5", "2",
                   FAILED("mx2.d.example", "2")) "," POLICY("sts", "e.example", "1", "0", "")),
        0);
    add(reports,
        REPORT("B", "03", "1", POLICY("sts", "d.example", "10", "4", FAILED("mx1.d.example", "4"))),
        0);
    tally = totals(reports);
    assert_int_equal(tally->successful, 18);
    assert_int_equal(tally->failed, 6);
    assert_int_equal(failed_of(&tally->result_types, "certificate-expired"), 7);
    assert_int_equal(failed_of(&tally->policy_types, "sts"), 5);
    assert_int_equal(failed_of(&tally->policy_types, "tlsa"), 2);
    assert_int_equal(failed_of(&tally->days, "2026-11-01"), 2);
    assert_int_equal(failed_of(&tally->days, "2026-11-03"), 4);
    domain = names_find(&tally->domains, "d.example");
    assert_int_equal(domain->successful, 17);
    assert_int_equal(domain->failed, 6);
    assert_int_equal(domain->reports, 2);
    assert_int_equal(failed_of(&domain->mx, "mx1.d.example"), 5);
    assert_int_equal(failed_of(&domain->senders, "B"), 4);
    assert_int_equal(tally->failures.count, 3);
    talloc_free(reports);
}

#define SERVED(mode)                                                                               \
    "{\"policy\":{\"policy-type\":\"sts\",\"policy-string\":[\"version: STSv1\",\"mode: " mode     \
    "\"],\"policy-domain\":\"d.example\"},\"summary\":{\"total-successful-session-count\":1,"      \
    "\"total-failure-session-count\":0}}"

/* Of what a sender used the last counts, in whatever order its reports are read. */
static void test_the_policy_used_last(void **state)
{
    static const char *const days[] = {REPORT("A", "02", "2", SERVED("enforce")),
                                       REPORT("A", "01", "1", SERVED("none")),
                                       REPORT("A", "03", "3", SERVED("testing"))};
    static const struct {
        size_t count;
        const char *mode;
    } steps[] = {{2, "mode: enforce"}, {3, "mode: testing"}};

    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        struct reports *reports = begin(NULL);
        const struct tally *tally;
        const struct tally_policy *last;

        for (size_t j = 0; j < steps[i].count; j++)
            add(reports, days[j], 0);
        tally = totals(reports);
        last = names_find(&tally->policies, "d.example\nA");
        assert_non_null(last);
        assert_int_equal(last->policy->string_count, 2);
        assert_string_equal(last->policy->strings[1], steps[i].mode);
        talloc_free(reports);
    }
}

static void test_names(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct names names;
    char name[16];

    names_begin(&names, ctx, sizeof(struct tally_count));
    for (int i = 0; i < 3000; i++) {
        snprintf(name, sizeof(name), "n%d", i % 1000);
        ((struct tally_count *)names_get(&names, name))->failed++;
    }
    assert_int_equal(names.count, 1000);
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof(name), "n%d", i);
        assert_int_equal(failed_of(&names, name), 3);
    }
    assert_null(names_find(&names, "m"));
    talloc_free(ctx);
}

/* Wherever it ran out, it is known. */
static void test_memory_that_ran_out(void **state)
{
    static const size_t of_tally[] = {offsetof(struct tally, domains.no_memory),
                                      offsetof(struct tally, result_types.no_memory),
                                      offsetof(struct tally, policy_types.no_memory),
                                      offsetof(struct tally, senders.no_memory),
                                      offsetof(struct tally, days.no_memory),
                                      offsetof(struct tally, failures.no_memory),
                                      offsetof(struct tally, policies.no_memory),
                                      offsetof(struct tally, none.no_memory),
                                      offsetof(struct tally, trusts.no_memory),
                                      offsetof(struct tally, used.no_memory)};
    static const size_t of_domain[] = {offsetof(struct tally_domain, senders.no_memory),
                                       offsetof(struct tally_domain, mx.no_memory),
                                       offsetof(struct tally_domain, days.no_memory),
                                       offsetof(struct tally_domain, result_types.no_memory),
                                       offsetof(struct tally_domain, policy_types.no_memory)};
    struct names texts;
    struct tally *tally = tally_new(NULL, &texts);

    names_begin(&texts, tally, sizeof(const char *));
    names_get(&tally->domains, "a.example");
    names_get(&tally->domains, "b.example");
    assert_false(tally_ran_out(tally));
    for (size_t i = 0; i < sizeof(of_tally) / sizeof(of_tally[0]); i++) {
        bool *none = (bool *)((char *)tally + of_tally[i]);

        *none = true;
        assert_true(tally_ran_out(tally));
        *none = false;
    }
    for (size_t i = 0; i < sizeof(of_domain) / sizeof(of_domain[0]); i++) {
        for (size_t k = 0; k < tally->domains.count; k++) {
            bool *none = (bool *)((char *)names_at(&tally->domains, k) + of_domain[i]);

            *none = true;
            assert_true(tally_ran_out(tally));
            *none = false;
        }
    }
    texts.no_memory = true;
    assert_true(tally_ran_out(tally));
    talloc_free(tally);
}

/* The most failures first, of these the most that went well, then by name. */
static void test_the_worst_first(void **state)
{
    static const struct {
        const char *name;
        int64_t failed, successful;
    } rows[] = {{"e", 1, 9}, {"b", 2, 3}, {"a", 2, 3}, {"c", 2, 4}, {"d", 0, 99}, {"f", 3, 0}};
    static const char by_name[] = "abcdef", worst[] = "fcabed";
    struct names names;
    TALLOC_CTX *ctx = talloc_new(NULL);
    const struct tally_count **list, **sorted;

    names_begin(&names, ctx, sizeof(struct tally_count));
    assert_non_null(tally_worst(ctx, &names));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct tally_count *count = names_get(&names, rows[i].name);

        count->failed = rows[i].failed;
        count->successful = rows[i].successful;
    }
    list = tally_worst(ctx, &names);
    sorted = tally_sorted(ctx, &names);
    for (size_t i = 0; i < names.count; i++) {
        assert_int_equal(*list[i]->name, worst[i]);
        assert_int_equal(*sorted[i]->name, by_name[i]);
    }
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_revisions),
        cmocka_unit_test(test_a_revision_comes_again),
        cmocka_unit_test(test_the_best_trust_of_copies_counts),
        cmocka_unit_test(test_totals),
        cmocka_unit_test(test_the_policy_used_last),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_memory_that_ran_out),
        cmocka_unit_test(test_the_worst_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
