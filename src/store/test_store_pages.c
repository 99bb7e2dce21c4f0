/* SPDX-License-Identifier: MIT */
/* test_store_pages.c - lists page by page, their lengths, and what is forgotten. */
#include "store/test_store.h"

#include <stdio.h>
#include <string.h>

#include "store/pages.h"

#define DAY 86400

/* ---- domains --------------------------------------------------------------------------------- */

static void put(struct store *store, const char *domain, int64_t at, const char *verdict)
{
    char facts[64];

    (void)snprintf(facts, sizeof facts, "{\"%lld\":\"%s\"}", (long long)at, verdict);
    assert_int_equal(store_put_check(store, &(struct store_check){.domain = domain,
                                                                  .observed_at = at,
                                                                  .verdict = verdict,
                                                                  .posture = "enforce",
                                                                  .delivery = "protected",
                                                                  .facts = bytes_of(facts)}),
                     STS_OK);
}

static void fill_domains(struct store *store)
{
    static const struct {
        const char *domain, *verdict;
        int64_t at;
    } rows[] = {
        {"b.example", "ok", 10},        {"a.example", "ok", 10},   {"b.example", "critical", 30},
        {"b.example", "low", 20},       {"aa.example", "low", 10}, {"aa.example", "ok", 10},
        {"a-b.example", "critical", 5}, {"c.example", "ok", 7},    {"a.example.net", "ok", 8},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        put(store, rows[i].domain, rows[i].at, rows[i].verdict);
    assert_int_equal(test_add(store, 1, &(enum store_added){STORE_NEW}), STS_OK);
}

struct told {
    char *text;
    char last[64];
    int count;
};

static bool tell_domain(void *arg, const struct store_domain_state *state)
{
    struct told *told = arg;

    told->text = talloc_asprintf_append(told->text, "%s %s@%lld;", state->domain, state->verdict,
                                        (long long)state->observed_at);
    (void)snprintf(told->last, sizeof told->last, "%s", state->domain);
    told->count++;
    return true;
}

/* All pages of a length, one after the other. */
static char *tell_domains(TALLOC_CTX *ctx, struct store *store,
                          const struct store_domain_filter *filter, size_t limit)
{
    struct told told = {.text = talloc_strdup(ctx, "")};
    int before;

    do {
        before = told.count;
        assert_int_equal(
            store_domains(store, filter, before ? told.last : NULL, limit, tell_domain, &told),
            STS_OK);
        assert_true(told.count - before <= (int)limit);
    } while (told.count > before);
    return told.text;
}

void domains_are_listed_with_their_latest_check(void **state)
{
    static const struct {
        struct store_domain_filter filter;
        int64_t count;
        const char *expected;
    } rows[] = {
        {{NULL, NULL},
         6,
         "a-b.example critical@5;a.example ok@10;a.example.net ok@8;aa.example ok@10;"
         "b.example critical@30;c.example ok@7;"},
        {{"a", NULL},
         4,
         "a-b.example critical@5;a.example ok@10;a.example.net ok@8;aa.example ok@10;"},
        {{"a.example", NULL}, 2, "a.example ok@10;a.example.net ok@8;"},
        {{NULL, "critical"}, 2, "a-b.example critical@5;b.example critical@30;"},
        {{NULL, "low"}, 0, ""}, /* it is not the latest of anybody */
        {{"a", "ok"}, 3, "a.example ok@10;a.example.net ok@8;aa.example ok@10;"},
        {{"example", NULL}, 0, ""}, /* known from a report only */
        {{"z", NULL}, 0, ""},
        {{"", NULL}, 6, NULL},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = test_open(ctx, backend.fresh(ctx));

    (void)state;
    fill_domains(store);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t count;

        assert_int_equal(store_count_domains(store, &rows[i].filter, &count), STS_OK);
        assert_int_equal(count, rows[i].count);
        for (size_t limit = 1; rows[i].expected && limit <= 7; limit += 3)
            assert_string_equal(tell_domains(ctx, store, &rows[i].filter, limit), rows[i].expected);
    }
    talloc_free(ctx);
}

static bool tell_one(void *arg, const struct store_domain_state *state)
{
    (void)tell_domain(arg, state);
    return false;
}

void a_page_is_bounded_and_may_be_left(void **state)
{
    static const size_t wrong[] = {0, STORE_PAGE_MAX + 1};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = test_open(ctx, backend.fresh(ctx));
    struct told told = {.text = talloc_strdup(ctx, "")};
    struct store_domain_filter all = {NULL, NULL};
    struct store_report_filter every = {.since = INT64_MIN, .until = INT64_MAX};

    (void)state;
    fill_domains(store);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(store_domains(store, &all, NULL, wrong[i], tell_domain, &told),
                         STS_E_INVALID);
        assert_int_equal(store_reports_page(store, &every, STORE_NEWEST, wrong[i], NULL, NULL),
                         STS_E_INVALID);
    }
    assert_int_equal(store_domains(store, &all, "aa.example", 5, tell_one, &told), STS_OK);
    assert_string_equal(told.text, "b.example critical@30;");
    talloc_free(ctx);
}

/* ---- reports --------------------------------------------------------------------------------- */

static void add(struct store *store, struct store_report report,
                const struct store_report_policy *policies, size_t count)
{
    enum store_added added;

    report.policies = policies;
    report.policy_count = count;
    assert_int_equal(store_add_report(store, &report, &added), STS_OK);
}

/* By day: 0 twice, with a revision; 1 by another, 2, and one of no known range. */
static void fill_reports(struct store *store)
{
    static const struct store_report_policy fine[] = {{"a.example", "sts", 5, 0}},
                                            failed[] = {{"a.example", "sts", 5, 0},
                                                        {"a.example", "tlsa", 5, 2},
                                                        {"b.example", "sts", 1, 0},
                                                        {NULL, "sts", 1, 0},
                                                        {"b.example", "sts", 1, 0}};
    struct store_report report = {
        .submitter = "one", .report_id = "1", .ends = DAY - 1, .raw = bytes_of("{}")};

    add(store, report, fine, 1);
    report.report_id = "2";
    add(store, report, failed, 5);
    report.raw = bytes_of("{2}");
    add(store, report, failed, 5);
    report.report_id = "3";
    report.submitter = "two";
    report.begins = DAY;
    report.ends = 2 * DAY; /* one second too long, as some have it */
    add(store, report, failed + 2, 2);
    report.begins = 2 * DAY;
    report.ends = 3 * DAY - 1;
    report.report_id = "4";
    add(store, report, failed, 2);
    report = (struct store_report){.submitter = "one",
                                   .report_id = "5",
                                   .ends = STORE_RANGE_ENDS,
                                   .received_at = 5 * DAY,
                                   .mailed_at = DAY + 5,
                                   .raw = bytes_of("{}")};
    add(store, report, fine, 1);
    report.report_id = "6";
    report.mailed_at = 0;
    add(store, report, fine, 1);
}

struct listing {
    char *text;
    struct store_report_place last;
    int count;
};

static bool tell_listed(void *arg, const struct store_listed_report *report)
{
    struct listing *listing = arg;

    listing->text = talloc_asprintf_append(
        listing->text, "%s.%lld%s%s ", report->report_id, (long long)report->revision,
        report->superseded ? "-" : "", report->failed ? "!" : "");
    listing->last = report->place;
    listing->count++;
    return true;
}

static char *tell_pages(TALLOC_CTX *ctx, struct store *store,
                        const struct store_report_filter *filter, size_t limit)
{
    struct listing listing = {.text = talloc_strdup(ctx, ""), .last = STORE_NEWEST};
    int before;

    do {
        before = listing.count;
        assert_int_equal(
            store_reports_page(store, filter, listing.last, limit, tell_listed, &listing), STS_OK);
        assert_true(listing.count - before <= (int)limit);
    } while (listing.count > before);
    return listing.text;
}

#define ALL_TIME INT64_MIN, INT64_MAX

void reports_are_listed_by_filter(void **state)
{
    static const struct {
        struct store_report_filter filter;
        int64_t count;
        const char *expected;
    } rows[] = {
        {{NULL, NULL, ALL_TIME, false}, 7, "4.1! 3.1 6.1 5.1 2.2! 2.1-! 1.1 "},
        {{NULL, NULL, ALL_TIME, true}, 3, "4.1! 2.2! 2.1-! "},
        {{"a.example", NULL, ALL_TIME, false}, 6, "4.1! 6.1 5.1 2.2! 2.1-! 1.1 "},
        {{"b.example", NULL, ALL_TIME, false}, 3, "3.1 2.2 2.1- "}, /* what failed was of others */
        {{"b.example", NULL, ALL_TIME, true}, 0, ""},
        {{"c.example", NULL, ALL_TIME, false}, 0, ""},
        {{NULL, "two", ALL_TIME, false}, 2, "4.1! 3.1 "},
        {{NULL, "tw", ALL_TIME, false}, 0, ""},
        {{"a.example", "two", ALL_TIME, false}, 1, "4.1! "},
        {{"a.example", "two", ALL_TIME, true}, 1, "4.1! "},
        {{NULL, NULL, DAY, INT64_MAX, false}, 3, "4.1! 3.1 5.1 "},
        {{NULL, NULL, 2 * DAY, INT64_MAX, false}, 1, "4.1! "},
        {{NULL, NULL, INT64_MIN, DAY, false}, 3, "2.2! 2.1-! 1.1 "},
        {{NULL, NULL, DAY, 2 * DAY, false}, 2, "3.1 5.1 "},
        {{"a.example", NULL, 0, 3 * DAY, true}, 3, "4.1! 2.2! 2.1-! "},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = test_open(ctx, backend.fresh(ctx));

    (void)state;
    fill_reports(store);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t count;

        assert_int_equal(store_count_reports(store, &rows[i].filter, &count), STS_OK);
        assert_int_equal(count, rows[i].count);
        for (size_t limit = 1; limit <= 8; limit++)
            assert_string_equal(tell_pages(ctx, store, &rows[i].filter, limit), rows[i].expected);
    }
    talloc_free(ctx);
}

/* ---- what is forgotten ----------------------------------------------------------------------- */

static bool tell_policy(void *arg, const struct store_policy *policy)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%s ", policy->id);
    return true;
}

void policies_that_nobody_holds_are_forgotten(void **state)
{
    static const struct {
        int64_t before;
        const char *left;
    } rows[] = {{110, "1 2 3 4 "},  {111, "2 3 4 "},  {1000, "2 3 4 "},     {5000, "3 4 "},
                {31557700, "3 4 "}, {31557701, "4 "}, {INT64_MAX / 2, "4 "}};
    static const struct store_policy policies[] = {
        {.domain = "a.example", .id = "1", .mode = "none", .max_age = 10},
        {.domain = "a.example", .id = "2", .mode = "none", .max_age = 4000},
        {.domain = "a.example", .id = "3", .mode = "none", .max_age = INT64_MAX},
        {.domain = "a.example", .id = "4", .mode = "none", .max_age = 0},
        {.domain = "b.example", .id = "5", .mode = "none", .max_age = 0},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = test_open(ctx, backend.fresh(ctx));

    (void)state;
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++)
        assert_int_equal(store_policy_seen(store, &policies[i], i == 3 ? 200 : 100), STS_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = talloc_strdup(ctx, "");

        assert_int_equal(store_prune_policies(store, "a.example", rows[i].before), STS_OK);
        assert_int_equal(store_policies(store, "a.example", tell_policy, &text), STS_OK);
        assert_string_equal(text, rows[i].left);
        *text = '\0';
        assert_int_equal(store_policies(store, "b.example", tell_policy, &text), STS_OK);
        assert_string_equal(text, "5 ");
    }
    assert_int_equal(store_prune_policies(store, NULL, 0), STS_E_INVALID);
    talloc_free(ctx);
}

static bool count_sessions(void *arg, const struct store_sessions *sessions)
{
    *(int *)arg += (int)(sessions->successful + sessions->failed);
    return true;
}

void old_reports_are_forgotten_with_their_sessions(void **state)
{
    static const struct {
        int64_t before;
        const char *left;
        int sessions;
    } rows[] = {{0, "4.1! 3.1 6.1 5.1 2.2! 2.1-! 1.1 ", 19},
                {DAY - 1, "4.1! 3.1 6.1 5.1 2.2! 2.1-! 1.1 ", 19},
                {DAY, "4.1! 3.1 6.1 5.1 ", 7},
                {2 * DAY + 1, "4.1! 6.1 5.1 ", 7},
                {5 * DAY, "6.1 5.1 ", 0},
                {5 * DAY + 1, "", 0}};
    const struct store_report_filter all = {.since = INT64_MIN, .until = INT64_MAX};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = test_open(ctx, backend.fresh(ctx));

    (void)state;
    fill_reports(store);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int sessions = 0;

        assert_int_equal(store_prune_reports(store, rows[i].before), STS_OK);
        assert_string_equal(tell_pages(ctx, store, &all, 100), rows[i].left);
        assert_int_equal(store_sessions(store, "a.example", 0, count_sessions, &sessions), STS_OK);
        assert_int_equal(sessions, rows[i].sessions);
    }
    fill_reports(store); /* those that come again are new */
    assert_string_equal(tell_pages(ctx, store, &all, 100), rows[0].left);
    talloc_free(ctx);
}

/* A store of schema 5: what it had is listed as what comes now. */
void reports_of_an_earlier_version_are_listed(void **state)
{
    static const struct {
        struct store_report_filter filter;
        const char *expected;
    } rows[] = {{{"example.com", NULL, ALL_TIME, true}, "1.2! 1.1-! "},
                {{"example.net", NULL, ALL_TIME, false}, "1.2 "},
                {{NULL, "mail.example", ALL_TIME, false}, "1.2! 1.1-! "}};
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *where = backend.fresh(ctx);
    struct store *store;

    (void)state;
    backend.sql(where, test_fixture(ctx, "v5"));
    store = test_open(ctx, where);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(tell_pages(ctx, store, &rows[i].filter, 1), rows[i].expected);
    assert_string_equal(tell_domains(ctx, store, &(struct store_domain_filter){NULL, NULL}, 1),
                        "example.com ok@200;example.net ok@85;");
    talloc_free(ctx);
}
