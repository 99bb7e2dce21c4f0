/* SPDX-License-Identifier: MIT */
/* test_check.c - facts are judged by the time they are of, stored where that is wanted, and copied
 * where they are judged beside reports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "app/check.h"
#include "app/report_checks.h"
#include "event/loop.h"
#include "facts/test_domain.h"
#include "history/test_history.h"
#include "store/writer.h"

static void on_fault(void *arg, const struct fault *fault)
{
    assert_non_null(fault->store);
    assert_int_not_equal(fault->status, STS_OK);
    ++*(size_t *)arg;
}

static struct facts *facts_at(TALLOC_CTX *ctx, int64_t at)
{
    struct facts *facts = healthy(ctx);

    facts->observed_at = at;
    return facts;
}

/* The resolver is not there. */
static struct facts *blind_facts(TALLOC_CTX *ctx)
{
    struct facts *facts = talloc_zero(ctx, struct facts);
    struct vantage *vantage = talloc_zero(facts, struct vantage);

    vantage->points = talloc_zero_array(facts, struct vantage_point, 1);
    vantage->points[0] =
        (struct vantage_point){.name = VANTAGE_RESOLVER, .state = VANTAGE_STATE_CLOSED};
    vantage->point_count = 1;
    facts->vantage = vantage;
    facts->domain = "example.com";
    facts->policy_host.name = "mta-sts.example.com";
    facts->observed_at = NOW;
    facts->sts_txt = answer(facts, "_mta-sts.example.com", DNS_TXT, DNS_OUTCOME_TIMEOUT);
    facts->mx_answer = answer(facts, "example.com", DNS_MX, DNS_OUTCOME_TIMEOUT);
    return facts;
}

static size_t checks_of(struct store *store)
{
    struct store_check *check;
    size_t count = 0;

    for (int64_t at = NOW + 9 * DAY; count < 9; at = check->observed_at - 1, count++) {
        assert_int_equal(store_last_check(store, store, TEST_DOMAIN, at, &check), STS_OK);
        if (!check)
            break;
    }
    return count;
}

/* ---- checks ---------------------------------------------------------------------------------- */

static void judged_by_the_time_of_the_observation(void **state)
{
    struct check check = {.request = {.fault = on_fault}};
    const struct facts *facts = facts_at(*state, NOW);
    struct checked checked;

    assert_int_equal(check_facts(*state, &check, facts, &checked), STS_OK);
    assert_int_equal(checked.diagnosis->finding_count, 0);
    assert_ptr_equal(checked.diagnosis->facts, facts);
    assert_false(checked.repeats_why);
}

static void judged_by_another_time(void **state)
{
    struct check check = {.request = {.at_now = true, .now = NOW + 3650 * DAY, .fault = on_fault}};
    struct checked checked;

    assert_int_equal(check_facts(*state, &check, facts_at(*state, NOW), &checked), STS_OK);
    assert_true(checked.diagnosis->finding_count > 0); /* the certificates ran out */
}

static void warned_early(void **state)
{
    static const int64_t warn_days[] = {5, 30};

    for (size_t i = 0; i < 2; i++) { /* ten days are left to the certificates */
        struct check check = {.request = {.warn_days = warn_days[i], .fault = on_fault}};
        struct checked checked;

        assert_int_equal(check_facts(*state, &check, facts_at(*state, NOW + 50 * DAY), &checked),
                         STS_OK);
        assert_int_equal(checked.diagnosis->finding_count > 0, i == 1);
    }
}

static void why_nothing_was_seen_is_told_once(void **state)
{
    struct check check = {.request = {.fault = on_fault}};
    struct facts *facts = blind_facts(*state);

    for (int i = 0; i < 3; i++) {
        struct checked checked;

        assert_int_equal(check_facts(*state, &check, facts, &checked), STS_OK);
        assert_int_equal(checked.repeats_why, i > 0);
    }
}

static void stored_where_it_is_wanted(void **state)
{
    size_t faults = 0;
    struct check check = {
        .request = {.store = test_store_open(), .fault = on_fault, .arg = &faults}};
    struct checked checked;

    for (int i = 0; i < 3; i++)
        assert_int_equal(check_facts(*state, &check, facts_at(*state, NOW + i * DAY), &checked),
                         STS_OK);
    assert_int_equal(checks_of(check.request.store), 3);
    assert_int_equal(faults, 0);
    test_store_close(check.request.store);
}

static void a_store_that_fails_is_left_alone(void **state)
{
    size_t faults = 0;
    struct store *store = test_store_open(), *reader;
    struct store_fault *fault;
    struct check check = {.request = {.fault = on_fault, .arg = &faults}};
    struct checked checked;

    assert_int_equal(store_open(NULL, store_name(store), STORE_READ, &reader, &fault), STS_OK);
    check.request.store = reader;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(check_facts(*state, &check, facts_at(*state, NOW), &checked), STS_OK);
        assert_non_null(checked.diagnosis);
    }
    assert_int_equal(faults, 1);
    assert_int_equal(checks_of(store), 0);
    talloc_free(reader);
    test_store_close(store);
}

/* Those of a loop are its writer's: durable in the end, and a fault is told once. */
static void stored_beside_the_loop(void **state)
{
    for (int good = 0; good < 2; good++) {
        size_t faults = 0;
        struct store *store = test_store_open();
        struct check check = {.request = {.store = store,
                                          .where = good ? store_name(store) : "/nonexistent/store",
                                          .live = true,
                                          .fault = on_fault,
                                          .arg = &faults}};
        struct checked checked;

        assert_int_equal(loop_new(*state, &check.request.loop), STS_OK);
        assert_int_equal(check_begin(*state, &check), STS_OK);
        for (int i = 0; i < 3; i++) {
            struct facts *facts = facts_at(NULL, NOW + i * DAY);

            assert_int_equal(check_facts(facts, &check, facts, &checked), STS_OK);
            talloc_free(facts); /* as those of a probe */
        }
        check_end(&check);
        assert_int_equal(checks_of(store), good ? 3 : 0);
        assert_int_equal(faults, !good);
        talloc_free(check.request.loop);
        test_store_close(store);
    }
}

static void on_fault_of_one(void *arg, const struct fault *fault)
{
    assert_int_equal(fault->status, STS_E_LIMIT);
    assert_string_equal(fault->domain, "large.example");
    ++*(size_t *)arg;
}

/* One that the store does not take is its own affair: that of the next domain is stored. */
static void one_too_large_keeps_no_other_away(void **state)
{
    for (int beside = 0; beside < 2; beside++) {
        size_t faults = 0;
        struct store *store = test_store_open();
        struct check check = {.request = {.store = store,
                                          .where = store_name(store),
                                          .live = true,
                                          .fault = on_fault_of_one,
                                          .arg = &faults}};
        struct checked checked;

        if (beside) {
            assert_int_equal(loop_new(*state, &check.request.loop), STS_OK);
            assert_int_equal(check_begin(*state, &check), STS_OK);
        }
        for (int i = 0; i < 2; i++) {
            struct facts *facts = facts_at(NULL, NOW);

            if (!i)
                facts_too_large(facts, "large.example");
            assert_int_equal(check_facts(facts, &check, facts, &checked), STS_OK);
            talloc_free(facts);
        }
        check_end(&check);
        assert_int_equal(faults, 1);
        assert_int_equal(checks_of(store), 1);
        TALLOC_FREE(check.request.loop);
        test_store_close(store);
    }
}

/* The loop is run in between where more wait than may. */
static void out_of_a_file_they_do_not_heap_up(void **state)
{
    size_t faults = 0, most = 0;
    struct store *store = test_store_open();
    struct check check = {
        .request = {.store = store, .where = store_name(store), .fault = on_fault, .arg = &faults}};
    struct facts *facts = facts_at(*state, NOW);

    assert_int_equal(loop_new(*state, &check.request.loop), STS_OK);
    assert_int_equal(check_begin(*state, &check), STS_OK);
    for (int i = 0; i < 1100; i++) {
        TALLOC_CTX *unit = talloc_new(NULL);
        struct checked checked;

        assert_int_equal(check_facts(unit, &check, facts, &checked), STS_OK);
        most =
            store_writer_pending(check.writer) > most ? store_writer_pending(check.writer) : most;
        talloc_free(unit);
    }
    assert_int_equal(most, 1000);
    check_end(&check);
    assert_int_equal(store_writer_pending(check.writer), 0);
    assert_int_equal(checks_of(store), 1);
    talloc_free(check.request.loop);
    test_store_close(store);
}

/* ---- beside reports -------------------------------------------------------------------------- */

static void copied_beside_reports(void **state)
{
    struct report_checks checks = {NULL, 0};

    for (int i = 0; i < 2; i++) {
        struct facts *facts = facts_at(NULL, NOW + i * DAY);

        assert_int_equal(report_checks_add(*state, &checks, facts, facts->observed_at), STS_OK);
        talloc_free(facts);
    }
    assert_int_equal(checks.count, 2);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(checks.list[i]->facts->observed_at, NOW + i * DAY);
        assert_string_equal(checks.list[i]->facts->domain, TEST_DOMAIN);
        assert_int_equal(checks.list[i]->finding_count, 0);
    }
}

static void add_report(struct reports *reports, const char *domain)
{
    char *text = talloc_asprintf(NULL,
                                 "{\"report-id\":\"of %s\",\"policies\":[{\"policy\":{"
                                 "\"policy-type\":\"sts\",\"policy-domain\":\"%s\"}}]}",
                                 domain, domain);
    enum sts_report_fault fault;
    struct sts_report *report;
    size_t used;

    assert_int_equal(sts_report_parse(text, strlen(text), NULL, &used, &fault, &report), STS_OK);
    assert_int_equal(reports_add(reports, report, "x", 0, NULL), REPORTS_NEW);
    talloc_free(text);
}

static void domains_that_are_names(void **state)
{
    struct reports *reports = reports_new(*state, NULL, NULL);
    const char **names;
    size_t count;

    assert_int_equal(report_checks_names(*state, reports_tally(reports), &names, &count), STS_OK);
    assert_int_equal(count, 0);
    add_report(reports, "b.example");
    add_report(reports, "no name at all");
    add_report(reports, "a.example");
    assert_int_equal(report_checks_names(*state, reports_tally(reports), &names, &count), STS_OK);
    assert_int_equal(count, 2);
    assert_string_equal(names[0], "b.example");
    assert_string_equal(names[1], "a.example");
}

static void as_many_domains_as_are_looked_at(void **state)
{
    struct reports *reports = reports_new(*state, NULL, NULL);
    const char **names;
    size_t count;

    for (int i = 0; i < REPORT_CHECKS_MAX + 5; i++) {
        char domain[32];

        snprintf(domain, sizeof(domain), "d%d.example", i);
        add_report(reports, domain);
    }
    assert_int_equal(report_checks_names(*state, reports_tally(reports), &names, &count), STS_OK);
    assert_int_equal(count, REPORT_CHECKS_MAX);
    assert_string_equal(names[count - 1], "d999.example");
}

static int setup(void **state)
{
    *state = talloc_new(NULL);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    talloc_free(*state);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(judged_by_the_time_of_the_observation),
        TEST(judged_by_another_time),
        TEST(warned_early),
        TEST(why_nothing_was_seen_is_told_once),
        TEST(stored_where_it_is_wanted),
        TEST(a_store_that_fails_is_left_alone),
        TEST(stored_beside_the_loop),
        TEST(one_too_large_keeps_no_other_away),
        TEST(out_of_a_file_they_do_not_heap_up),
        TEST(copied_beside_reports),
        TEST(domains_that_are_names),
        TEST(as_many_domains_as_are_looked_at),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
