/* SPDX-License-Identifier: MIT */
/* test_store_partial.c - a report of somebody who may count it for some of its domains only: it
 * counts for these, touches no report of others, and gives way to the whole one. */
#include "store/test_store.h"

#include <string.h>

#include "store/rollups.h"

#define DAY   20
#define OWN   "own.example"
#define OTHER "other.example"
#define MX    "mx.shared.example"

struct brought {
    const char *recipient, *counts_for[2]; /* its policy names MX; NULL: withheld */
    bool partial;
    int64_t failed, mailed_at;
    enum store_added expected;
};

static void bring(struct store *store, const struct brought *one)
{
    const struct store_report_policy policies[] = {
        {one->counts_for[0], "tlsa", 10, one->failed},
        {one->counts_for[1], "tlsa", 10, one->failed},
    };
    const struct store_failure failures[] = {
        {.domain = one->counts_for[0], .type = "validation-failure", .sessions = one->failed},
        {.domain = one->counts_for[1], .type = "validation-failure", .sessions = one->failed},
    };
    struct store_report report = {.submitter = "s.example",
                                  .sender = "S",
                                  .report_id = "1",
                                  .begins = (int64_t)DAY * STORE_DAY_S,
                                  .ends = (int64_t)(DAY + 1) * STORE_DAY_S - 1,
                                  .domains_hash =
                                      (const uint8_t *)"the domains of its policies....!",
                                  .raw = {(const char *)&one->failed, sizeof one->failed},
                                  .mailed_at = one->mailed_at,
                                  .source = one->partial ? "upload:u:f" : "box",
                                  .policies = policies,
                                  .policy_count = 2,
                                  .failures = failures,
                                  .failure_count = one->failed ? 2 : 0,
                                  .recipients = &one->recipient,
                                  .recipient_count = 1,
                                  .partial = one->partial};
    enum store_added added;

    assert_int_equal(store_add_report(store, &report, &added), STS_OK);
    assert_int_equal(added, one->expected);
}

static bool add_day(void *arg, const struct store_day *day)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%lld:%lld/%lld ", (long long)day->reports,
                                   (long long)day->successful, (long long)day->failed);
    return true;
}

static bool add_failures(void *arg, int64_t day, const char *type, int64_t sessions)
{
    char **text = arg;

    (void)day;
    *text = talloc_asprintf_append(*text, "%s %lld ", type, (long long)sessions);
    return true;
}

static bool add_name(void *arg, const char *sender, const char *name)
{
    char **text = arg;

    (void)sender;
    *text = talloc_asprintf_append(*text, "%s ", name);
    return true;
}

static void expect(struct store *store, const char *domain, const char *expected)
{
    const struct store_day_range days = {DAY - 1, DAY + 2};
    const struct store_failure_filter filter = {.domain = domain, .range = days};
    char *text = talloc_strdup(store, "");

    assert_int_equal(store_days(store, domain, &days, NULL, add_day, &text), STS_OK);
    assert_int_equal(store_failure_days(store, &filter, add_failures, &text), STS_OK);
    assert_int_equal(store_sender_names(store, domain, add_name, &text), STS_OK);
    assert_string_equal(text, expected);
    talloc_free(text);
}

static struct store *open_fresh(TALLOC_CTX *ctx)
{
    return test_open(ctx, backend.fresh(ctx));
}

#define PART(failed, expected)                                                                     \
    &(struct brought)                                                                              \
    {                                                                                              \
        OWN, {OWN, NULL}, true, failed, 0, expected                                                \
    }
#define WHOLE(recipient, failed, mailed_at, expected)                                              \
    &(struct brought)                                                                              \
    {                                                                                              \
        recipient, {recipient, MX}, false, failed, mailed_at, expected                             \
    }

void a_report_in_part_counts_for_its_domains(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);

    (void)state;
    bring(store, PART(2, STORE_NEW));
    bring(store, PART(2, STORE_DUPLICATE));
    expect(store, OWN, "1:10/2 validation-failure 2 S ");
    expect(store, MX, "");
    bring(store, PART(3, STORE_REVISION));
    expect(store, OWN, "1:10/3 validation-failure 3 S ");
    expect(store, MX, "");
    talloc_free(ctx);
}

/* The same content or another. */
void the_whole_report_replaces_its_parts(void **state)
{
    static const int64_t failed[] = {2, 5};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct store *store = open_fresh(ctx);

        bring(store, PART(1, STORE_NEW));
        bring(store, PART(2, STORE_REVISION));
        bring(store, WHOLE(OWN, failed[i], 0, STORE_NEW));
        expect(store, OWN, i ? "1:10/5 validation-failure 5 S " : "1:10/2 validation-failure 2 S ");
        expect(store, MX, i ? "1:10/5 validation-failure 5 S " : "1:10/2 validation-failure 2 S ");
        assert_int_equal(test_count(store), 1);
        bring(store, PART(2, STORE_DUPLICATE));
        bring(store, PART(9, STORE_DUPLICATE));
        assert_int_equal(test_count(store), 1);
        talloc_free(ctx);
    }
}

/* It revises none of theirs, whatever it says and whenever, and hides none. */
void a_report_in_part_touches_nobody_elses(void **state)
{
    static const char others[] = "1:10/2 validation-failure 2 S ";
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);

    (void)state;
    bring(store, WHOLE(OTHER, 2, 100, STORE_NEW));
    bring(store, &(struct brought){OWN, {OWN, NULL}, true, 7, 900, STORE_NEW});
    expect(store, OTHER, others);
    expect(store, MX, others);
    expect(store, OWN, "1:10/7 validation-failure 7 S ");
    bring(store, &(struct brought){OTHER, {OTHER, NULL}, true, 2, 0, STORE_DUPLICATE});
    bring(store, WHOLE(OTHER, 2, 200, STORE_DUPLICATE));
    expect(store, OTHER, others);
    expect(store, MX, others);
    expect(store, OWN, "1:10/7 validation-failure 7 S ");
    talloc_free(ctx);
}

/* When roll-ups are made anew its text, which has all names, gives it no more of them. */
void what_is_withheld_is_not_filled(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *where = backend.fresh(ctx);
    struct store *store = test_open(ctx, where);
    struct store_report_policy policies[] = {{OWN, "tlsa", 10, 2}, {MX, "tlsa", 10, 2}};
    struct store_failure failures[] = {{.domain = OWN, .type = "validation-failure", .sessions = 2},
                                       {.domain = MX, .type = "validation-failure", .sessions = 2}};
    const struct store_report_parts parts = {"S", policies, 2, failures, 2};
    const char *schema = strcmp(backend.name, "postgres") == 0 ? "SET search_path = mtasts;" : "";
    const struct store_unfilled_report report = {
        .id = 1, .begins = (int64_t)DAY * STORE_DAY_S, .submitter = "s.example", .counts = true};

    (void)state;
    bring(store, PART(2, STORE_NEW));
    talloc_free(store);
    backend.sql(where, talloc_asprintf(ctx,
                                       "%sDELETE FROM session_day; DELETE FROM report_failure;"
                                       "DELETE FROM sender_name;"
                                       "INSERT INTO rollup_todo VALUES ('reports', 0, 1)",
                                       schema));
    store = test_open(ctx, where);
    expect(store, OWN, "");
    assert_int_equal(rollups_fill_report(store, &report, &parts), STS_OK);
    expect(store, OWN, "1:10/2 validation-failure 2 S ");
    expect(store, MX, "");
    talloc_free(ctx);
}
