/* SPDX-License-Identifier: MIT */
/* test_store.c - the verbs of store.h: what is put in comes out, once, and only after commit. */
#include "store/rollups.h"
#include "store/session_counts.h"
#include "store/test_store.h"

#include <stdio.h>
#include <string.h>

#include "store/accounts.h"
#include "store/alerts.h"
#include "store/changes.h"
#include "store/db.h"
#include "store/domain_list.h"

struct fixture {
    TALLOC_CTX *ctx;
    const char *where;
    struct store *store;
};

struct store *test_open(TALLOC_CTX *ctx, const char *where)
{
    struct store *store = NULL;
    struct store_fault *fault = NULL;
    enum sts_status status = store_open(ctx, where, STORE_WRITE, &store, &fault);

    if (status)
        (void)fprintf(stderr, "store_open: %d %s: %s\n", status,
                      fault ? store_trouble_text(fault->trouble) : "",
                      fault && fault->detail ? fault->detail : "");
    assert_int_equal(status, STS_OK);
    return store;
}

static int setup(void **state)
{
    struct fixture *f = talloc_zero(NULL, struct fixture);

    f->ctx = f;
    f->where = backend.fresh(f);
    f->store = test_open(f, f->where);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    talloc_free(*state);
    return 0;
}

/* ---- checks ---------------------------------------------------------------------------------- */

static const struct store_code two_codes[] = {
    {"mx-cert-expired", "critical", "mx1.example.com"},
    {"policy-max-age-short", "low", NULL},
};

static struct store_check check_at(int64_t at, const struct store_code *codes, size_t count)
{
    return (struct store_check){.domain = "example.com",
                                .observed_at = at,
                                .verdict = "critical",
                                .posture = "enforce",
                                .delivery = "refused",
                                .facts = bytes_of("{\"format\":\"mtasts.facts/1\"}"),
                                .codes = codes,
                                .code_count = count};
}

static void put(struct store *store, struct store_check check)
{
    assert_int_equal(store_put_check(store, &check), STS_OK);
}

/* "100: critical mx-cert-expired/critical/mx1 ...;" for each check */
static bool tell_check(void *arg, const struct store_check *check)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%lld %s %s:", (long long)check->observed_at,
                                   check->verdict, check->delivery);
    for (size_t i = 0; i < check->code_count; i++)
        *text = talloc_asprintf_append(*text, " %s/%s/%s", check->codes[i].code,
                                       check->codes[i].severity,
                                       check->codes[i].subject ? check->codes[i].subject : "-");
    *text = talloc_strdup_append(*text, ";");
    return true;
}

static bool tell_first(void *arg, const struct store_check *check)
{
    (void)tell_check(arg, check);
    return false;
}

static void expect_history(struct fixture *f, const char *domain, int64_t since, store_check_fn fn,
                           const char *expected)
{
    char *text = talloc_strdup(f, "");

    assert_int_equal(store_history(f->store, domain, since, fn, &text), STS_OK);
    assert_string_equal(text, expected);
}

static void nothing_is_there_at_first(void **state)
{
    struct fixture *f = *state;
    struct store_check *check = (void *)f;

    assert_int_equal(store_last_check(f->store, f, "example.com", INT64_MAX, &check), STS_OK);
    assert_null(check);
    expect_history(f, "example.com", 0, tell_check, "");
    assert_int_equal(test_count(f->store), 0);
}

static void a_check_comes_back_whole(void **state)
{
    struct fixture *f = *state;
    struct store_check *last;

    put(f->store, check_at(100, two_codes, 2));
    assert_int_equal(store_last_check(f->store, f, "example.com", INT64_MAX, &last), STS_OK);
    assert_string_equal(last->domain, "example.com");
    assert_int_equal(last->observed_at, 100);
    assert_string_equal(last->posture, "enforce");
    assert_int_equal(last->facts.length, 27);
    assert_memory_equal(last->facts.data, "{\"format\":\"mtasts.facts/1\"}", 28);
    assert_int_equal(last->code_count, 2);
    expect_history(f, "example.com", 0, tell_check,
                   "100 critical refused: mx-cert-expired/critical/mx1.example.com"
                   " policy-max-age-short/low/-;");
}

static void history_is_in_order_and_of_one_domain(void **state)
{
    struct fixture *f = *state;
    struct store_check other = check_at(150, NULL, 0), *last;

    other.domain = "example.net";
    put(f->store, check_at(300, two_codes + 1, 1));
    put(f->store, check_at(100, NULL, 0));
    put(f->store, check_at(200, two_codes, 2));
    put(f->store, other);
    expect_history(f, "example.com", 0, tell_first, "100 critical refused:;");
    expect_history(f, "example.com", 201, tell_check,
                   "300 critical refused: policy-max-age-short/low/-;");
    expect_history(f, "example.net", 0, tell_check, "150 critical refused:;");
    assert_int_equal(store_last_check(f->store, f, "example.com", 299, &last), STS_OK);
    assert_int_equal(last->observed_at, 200);
    assert_int_equal(store_last_check(f->store, f, "example.com", 99, &last), STS_OK);
    assert_null(last);
}

static void the_same_check_is_kept_once(void **state)
{
    struct fixture *f = *state;

    put(f->store, check_at(100, two_codes, 2));
    put(f->store, check_at(100, two_codes + 1, 1));
    expect_history(f, "example.com", 0, tell_check,
                   "100 critical refused: policy-max-age-short/low/-;");
}

static bool tell_number(void *arg, const struct store_check *check)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%lld@%lld;", (long long)check->seq,
                                   (long long)check->observed_at);
    return true;
}

static void other_facts_of_one_second_are_another_check(void **state)
{
    struct fixture *f = *state;
    struct store_check first = check_at(100, two_codes, 2), second = check_at(100, NULL, 0), *last;

    second.facts = bytes_of("{\"format\":\"mtasts.facts/1\",\"again\":true}");
    put(f->store, first);
    put(f->store, second);
    put(f->store, first); /* a file that is put again changes nothing */
    put(f->store, second);
    put(f->store, check_at(90, NULL, 0)); /* kept late */
    expect_history(f, "example.com", 0, tell_check,
                   "90 critical refused:;100 critical refused: mx-cert-expired/critical/"
                   "mx1.example.com policy-max-age-short/low/-;100 critical refused:;");
    expect_history(f, "example.com", 0, tell_number, "3@90;1@100;2@100;");
    assert_int_equal(store_last_check(f->store, f, "example.com", 100, &last), STS_OK);
    assert_int_equal(last->seq, 2);
    assert_int_equal(last->facts.length, second.facts.length);
}

static void what_was_kept_later_has_a_larger_number(void **state)
{
    static const struct {
        int64_t seq, expected;
    } rows[] = {{0, 90}, {1, 90}, {2, INT64_MAX}, {9, INT64_MAX}};
    struct fixture *f = *state;
    struct store_check *check;
    int64_t at;

    put(f->store, check_at(100, NULL, 0));
    put(f->store, check_at(90, NULL, 0));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(store_checked_since(f->store, "example.com", rows[i].seq, &at), STS_OK);
        assert_true(at == rows[i].expected);
    }
    assert_int_equal(store_checked_since(f->store, "example.net", 0, &at), STS_OK);
    assert_true(at == INT64_MAX);
    assert_int_equal(store_check_numbered(f->store, f, 2, &check), STS_OK);
    assert_int_equal(check->observed_at, 90);
    assert_int_equal(store_check_numbered(f->store, f, 3, &check), STS_OK);
    assert_null(check);
}

static void place_listener(struct fixture *f, const char *name, int64_t seq)
{
    assert_int_equal(store_put_notified(f->store, "example.com", name,
                                        (struct store_place){.seq = seq, .at = 1}),
                     STS_OK);
}

/* Kept at 10, 20 ... 60, the fourth late. */
static void fill_for_pruning(struct fixture *f)
{
    static const int64_t times[] = {10, 20, 40, 30, 50, 60};
    struct store_check other = check_at(10, two_codes, 2);

    other.domain = "example.net";
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        put(f->store, check_at(times[i], two_codes, 2));
    put(f->store, other);
}

static void what_is_old_is_pruned_but_for_what_is_compared(void **state)
{
    static const struct {
        int64_t places[2], before; /* place 0: no such listener */
        const char *left;
    } rows[] = {
        {{0, 0}, 10, "1@10;2@20;4@30;3@40;5@50;6@60;"},
        {{0, 0}, 35, "3@40;5@50;6@60;"},
        {{0, 0}, 1000, "6@60;"},
        {{6, 0}, 1000, "6@60;"},
        {{2, 0}, 1000, "2@20;6@60;"},
        {{4, 5}, 1000, "3@40;5@50;6@60;"},
        {{-1, 0}, 1000, "6@60;"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fixture *f = talloc_zero(NULL, struct fixture);

        f->store = test_open(f, backend.fresh(f));
        fill_for_pruning(f);
        for (size_t k = 0; k < 2; k++)
            if (rows[i].places[k])
                place_listener(f, k ? "b" : "a", rows[i].places[k]);
        assert_int_equal(store_prune(f->store, "example.com", rows[i].before), STS_OK);
        assert_int_equal(store_prune(f->store, "example.org", INT64_MAX), STS_OK);
        expect_history(f, "example.com", 0, tell_number, rows[i].left);
        expect_history(f, "example.net", 0, tell_number, "7@10;");
        talloc_free(f);
    }
}

static void a_number_is_never_given_twice(void **state)
{
    struct fixture *f = *state;

    put(f->store, check_at(20, two_codes, 2));
    put(f->store, check_at(10, two_codes, 2)); /* the last that was kept, and the older one */
    assert_int_equal(store_prune(f->store, "example.com", INT64_MAX), STS_OK);
    expect_history(f, "example.com", 0, tell_number, "1@20;");
    put(f->store, check_at(30, two_codes, 2));
    expect_history(f, "example.com", 0, tell_number, "1@20;3@30;");
}

static void strangers_text_does_no_harm(void **state)
{
    struct fixture *f = *state;
    const struct store_code codes[] = {
        {"a", "low", "'); DROP TABLE checked; --"}, {"b", "low", "caf\xe9"}, {"c", "low", "café"}};

    put(f->store, check_at(100, codes, 3));
    expect_history(f, "example.com", 0, tell_check,
                   "100 critical refused: a/low/'); DROP TABLE checked; -- b/low/caf\\xe9"
                   " c/low/café;");
}

static void misuse_is_told(void **state)
{
    struct fixture *f = *state;
    struct store_check check = check_at(100, NULL, 0);
    struct store_fault *fault;
    struct store *store;

    check.domain = NULL;
    assert_int_equal(store_put_check(f->store, &check), STS_E_INVALID);
    check = check_at(100, NULL, STORE_LIST_MAX + 1);
    assert_int_equal(store_put_check(f->store, &check), STS_E_LIMIT);
    assert_int_equal(store_commit(f->store), STS_E_INVALID);
    assert_int_equal(store_begin(f->store), STS_OK);
    assert_int_equal(store_begin(f->store), STS_E_INVALID);
    store_rollback(f->store);
    store_rollback(f->store);
    assert_int_equal(store_open(f, "", STORE_READ, &store, &fault), STS_E_INVALID);
}

/* ---- batches --------------------------------------------------------------------------------- */

static void a_batch_is_seen_after_commit_only(void **state)
{
    struct fixture *f = *state;
    struct store *other = test_open(f, f->where);
    enum store_added added;

    assert_int_equal(store_begin(f->store), STS_OK);
    put(f->store, check_at(100, two_codes, 2));
    assert_int_equal(test_add(f->store, 1, &added), STS_OK);
    assert_int_equal(test_count(other), 0);
    assert_int_equal(store_commit(f->store), STS_OK);
    assert_int_equal(test_count(other), 1);
}

static void a_batch_given_up_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct store *other = test_open(f, f->where);
    enum store_added added;

    assert_int_equal(store_begin(f->store), STS_OK);
    assert_int_equal(test_add(f->store, 1, &added), STS_OK);
    store_rollback(f->store);
    assert_int_equal(test_count(f->store), 0);
    /* the domain's number was given back with it */
    assert_int_equal(test_add(f->store, 1, &added), STS_OK);
    assert_int_equal(added, STORE_NEW);
    assert_int_equal(store_begin(f->store), STS_OK);
    assert_int_equal(test_add(f->store, 2, &added), STS_OK);
    TALLOC_FREE(f->store);
    assert_int_equal(test_count(other), 1);
    assert_int_equal(test_add(other, 3, &added), STS_OK); /* and the lock is free */
}

static void a_failure_spoils_the_batch(void **state)
{
    struct fixture *f = *state;
    enum store_added added;

    assert_int_equal(store_begin(f->store), STS_OK);
    assert_int_equal(test_add(f->store, 1, &added), STS_OK);
    backend.sql(f->where, ""); /* nothing */
    f->store->spoiled = STS_E_IO;
    assert_int_equal(test_add(f->store, 2, &added), STS_E_IO);
    assert_int_equal(store_commit(f->store), STS_E_IO);
    assert_int_equal(test_count(f->store), 0);
    assert_int_equal(test_add(f->store, 2, &added), STS_OK);
}

static void a_constraint_refuses_what_was_to_be_written(void **state)
{
    struct fixture *f = *state;
    const struct store_alert_rule rule = {.group = 4711, .kinds = "domain", .severity = "high"};
    enum store_added added;
    int64_t id;

    assert_int_equal(store_add_rule(f->store, &rule, &id), STS_E_REFUSED);
    assert_int_equal(store_fault(f->store)->trouble, STORE_TROUBLE_REFUSED);
    assert_non_null(store_fault(f->store)->detail);
    assert_int_equal(store_begin(f->store), STS_OK);
    assert_int_equal(test_add(f->store, 1, &added), STS_OK);
    assert_int_equal(store_add_rule(f->store, &rule, &id), STS_E_REFUSED);
    assert_int_equal(test_add(f->store, 2, &added), STS_E_REFUSED);
    assert_int_equal(store_commit(f->store), STS_E_REFUSED);
    assert_int_equal(test_count(f->store), 0);
    assert_int_equal(test_add(f->store, 2, &added), STS_OK);
}

/* ---- policies -------------------------------------------------------------------------------- */

static bool tell_policy(void *arg, const struct store_policy *policy)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%s %s %lld %lld-%lld", policy->id, policy->mode,
                                   (long long)policy->max_age, (long long)policy->first_seen,
                                   (long long)policy->last_seen);
    for (size_t i = 0; i < policy->mx_count; i++)
        *text = talloc_asprintf_append(*text, " %s", policy->mx[i]);
    *text = talloc_strdup_append(*text, ";");
    return true;
}

static void policies_are_known_from_first_to_last(void **state)
{
    static const char *const mx[] = {"mx1.example.com", "*.example.net"};
    struct fixture *f = *state;
    char *text = talloc_strdup(f, "");
    struct store_policy policy = {.domain = "example.com",
                                  .id = "1",
                                  .mode = "enforce",
                                  .max_age = 604800,
                                  .mx = mx,
                                  .mx_count = 2};

    assert_int_equal(store_policy_seen(f->store, &policy, 200), STS_OK);
    assert_int_equal(store_policy_seen(f->store, &policy, 300), STS_OK);
    assert_int_equal(store_policy_seen(f->store, &policy, 100), STS_OK);
    policy.mx_count = 1; /* changed, the id forgotten */
    assert_int_equal(store_policy_seen(f->store, &policy, 400), STS_OK);
    policy.mx_count = 0;
    policy.mode = "none";
    policy.id = "2";
    assert_int_equal(store_policy_seen(f->store, &policy, 500), STS_OK);
    assert_int_equal(store_policies(f->store, "example.com", tell_policy, &text), STS_OK);
    assert_string_equal(text, "1 enforce 604800 100-300 mx1.example.com *.example.net;"
                              "1 enforce 604800 400-400 mx1.example.com;2 none 604800 500-500;");
    assert_int_equal(store_policies(f->store, "example.net", tell_policy, &text), STS_OK);
}

/* ---- reports --------------------------------------------------------------------------------- */

#define DAY 86400

enum sts_status test_add(struct store *store, int n, enum store_added *ret)
{
    struct store_report_policy policies[] = {{"example.com", "sts", n, 1},
                                             {"example.com", "tlsa", 1, 2}};
    char id[32], raw[64];

    (void)snprintf(id, sizeof id, "report-%d", n);
    (void)snprintf(raw, sizeof raw, "{\"report-id\":\"report-%d\"}", n);
    struct store_report report = {.submitter = "sender.example",
                                  .report_id = id,
                                  .begins = n * DAY,
                                  .ends = (n + 1) * DAY - 1,
                                  .raw = bytes_of(raw),
                                  .received_at = 5,
                                  .policies = policies,
                                  .policy_count = 2};
    return store_add_report(store, &report, ret);
}

static bool count_one(void *arg, const struct store_receipt *receipt)
{
    (void)receipt;
    ++*(int *)arg;
    return true;
}

int test_count(struct store *store)
{
    int count = 0;

    assert_int_equal(store_reports(store, NULL, INT64_MIN, count_one, &count), STS_OK);
    return count;
}

static bool tell_receipt(void *arg, const struct store_receipt *receipt)
{
    char **text = arg;

    *text = talloc_asprintf_append(
        *text, "%s %s %lld.%lld%s %.*s %s %s;", receipt->submitter, receipt->report_id,
        (long long)receipt->begins, (long long)receipt->revision, receipt->superseded ? "-" : "",
        (int)receipt->raw.length, receipt->raw.data, receipt->source ? receipt->source : "-",
        receipt->trust ? receipt->trust : "-");
    return true;
}

static bool tell_sessions(void *arg, const struct store_sessions *sessions)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%s %lld-%lld %lld/%lld at %lld;", sessions->submitter,
                                   (long long)sessions->begins, (long long)sessions->ends,
                                   (long long)sessions->successful, (long long)sessions->failed,
                                   (long long)sessions->received_at);
    return true;
}

/* Each row is added in turn to the same store. */
static void a_report_is_new_known_or_revised(void **state)
{
    static const struct {
        const char *submitter, *id, *domains[3], *raw;
        int64_t begins;
        enum store_added expected;
    } rows[] = {
        {"s.example", "1", {"a.example"}, "{}", 0, STORE_NEW},
        {"s.example", "1", {"a.example"}, "{}", 0, STORE_DUPLICATE},
        {"s.example", "1", {"a.example"}, "{ }", 0, STORE_REVISION},
        {"s.example", "1", {"a.example"}, "{ }", 0, STORE_DUPLICATE},
        {"s.example", "1", {"a.example"}, "{}", 0, STORE_DUPLICATE},
        {"s.example", "1", {"a.example"}, "{  }", 0, STORE_REVISION},
        {"s.example", "1", {"a.example"}, "{}", DAY, STORE_NEW},
        {"s.example", "1", {"b.example"}, "{}", 0, STORE_NEW}, /* two destinations, one day */
        {"s.example", "1", {"b.example", "b.example"}, "{}", 0, STORE_DUPLICATE},
        {"s.example", "1", {"a.example", "b.example"}, "{}", 0, STORE_NEW},
        {"s.example", "1", {"b.example", "a.example"}, "{}", 0, STORE_DUPLICATE},
        {"s.example", "2", {"a.example"}, "{}", 0, STORE_NEW},
        {"t.example", "1", {"a.example"}, "{}", 0, STORE_NEW},
        {"s.exampl", "e1", {"a.example"}, "{}", 0, STORE_NEW}, /* parts do not run together */
        {"s.example", "1", {NULL}, "{}", 0, STORE_NEW},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct store_report_policy policies[3] = {{rows[i].domains[0], "sts", 1, 0},
                                                  {rows[i].domains[1], "tlsa", 1, 0}};
        struct store_report report = {.submitter = rows[i].submitter,
                                      .report_id = rows[i].id,
                                      .begins = rows[i].begins,
                                      .raw = bytes_of(rows[i].raw),
                                      .policies = policies,
                                      .policy_count = rows[i].domains[1] ? 2 : 1};
        enum store_added added;

        assert_int_equal(store_add_report(f->store, &report, &added), STS_OK);
        if (added != rows[i].expected)
            fail_msg("row %zu: %d, not %d", i, (int)added, (int)rows[i].expected);
    }
}

static void reports_come_back_by_domain_and_time(void **state)
{
    struct fixture *f = *state;
    struct store_report_policy policies[] = {{"a.example", "sts", 10, 1},
                                             {"a.example", "tlsa", 12, 0},
                                             {NULL, "no-policy-found", 99, 99},
                                             {"b.example", "x\xff", 5, 5}};
    struct store_report report = {.submitter = "s",
                                  .report_id = "1",
                                  .begins = DAY,
                                  .ends = 2 * DAY - 1,
                                  .raw = {"{\0\xff}", 4},
                                  .policies = policies,
                                  .policy_count = 4};
    char *text = talloc_strdup(f, "");
    enum store_added added;

    assert_int_equal(store_add_report(f->store, &report, &added), STS_OK);
    report.raw = bytes_of("{2}");
    report.received_at = 7;
    report.source = "inbox/1";
    report.trust = "aligned";
    policies[0].failed = 3;
    assert_int_equal(store_add_report(f->store, &report, &added), STS_OK);
    report.begins = 0;
    report.ends = DAY - 1;
    report.report_id = "caf\xe9";
    policies[0].domain = policies[1].domain = "b.example";
    assert_int_equal(store_add_report(f->store, &report, &added), STS_OK);
    assert_int_equal(store_reports(f->store, NULL, DAY, tell_receipt, &text), STS_OK);
    assert_string_equal(text, "s 1 86400.1- { - -;s 1 86400.2 {2} inbox/1 aligned;");
    *text = '\0';
    assert_int_equal(store_reports(f->store, "b.example", 0, tell_receipt, &text), STS_OK);
    assert_string_equal(text, "s 1 86400.1- { - -;s 1 86400.2 {2} inbox/1 aligned;"
                              "s caf\\xe9 0.1 {2} inbox/1 aligned;");
    *text = '\0';
    assert_int_equal(store_sessions(f->store, "a.example", 0, tell_sessions, &text), STS_OK);
    assert_string_equal(text, "s 86400-172799 12/3 at 7;");
    *text = '\0';
    assert_int_equal(store_sessions(f->store, "c.example", 0, tell_sessions, &text), STS_OK);
    assert_string_equal(text, "");
}

/* As reports.h counts them: one type adds up, sts and tlsa may be the same, others add to that. */
static void sessions_are_summed_by_type(void **state)
{
    struct fixture *f = *state;
    struct store_report_policy policies[] = {{"a.example", "no-policy-found", 7, 0},
                                             {"a.example", "sts", 5, 2},
                                             {"a.example", "tlsa", 6, 1},
                                             {"a.example", "sts", INT64_MAX, 3},
                                             {"a.example", NULL, 1, 1}};
    struct store_report report = {.submitter = "s",
                                  .report_id = "1",
                                  .ends = DAY,
                                  .raw = bytes_of("{}"),
                                  .policies = policies,
                                  .policy_count = 3};
    char *text = talloc_strdup(f, "");
    enum store_added added;

    assert_int_equal(store_add_report(f->store, &report, &added), STS_OK);
    report.report_id = "2";
    report.policy_count = 5;
    assert_int_equal(store_add_report(f->store, &report, &added), STS_OK);
    assert_int_equal(store_sessions(f->store, "a.example", 0, tell_sessions, &text), STS_OK);
    assert_string_equal(text, "s 0-86400 13/2 at 0;s 0-86400 9223372036854775807/6 at 0;");
}

static bool tell_origin(void *arg, const struct store_receipt *receipt)
{
    const struct store_origin *origin = &receipt->origin;
    const char *const texts[] = {origin->part,          origin->wrapping,         origin->file_name,
                                 origin->header_domain, origin->header_submitter, origin->subject};
    char **text = arg;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *text = talloc_asprintf_append(*text, "%s,", texts[i] ? texts[i] : "-");
    return true;
}

static void what_a_report_came_in_is_kept(void **state)
{
    struct fixture *f = *state;
    struct store_report report = {
        .submitter = "s",
        .report_id = "1",
        .begins = STORE_RANGE_BEGINS,
        .ends = STORE_RANGE_ENDS,
        .raw = bytes_of("{}"),
        .origin = {"mail 3", "zip forwarded", "a!b!1!2.json", "b", "a", "caf\xe9"}};
    char *text = talloc_strdup(f, "");
    enum store_added added;

    assert_int_equal(store_add_report(f->store, &report, &added), STS_OK);
    report.report_id = "2";
    report.policies = &(struct store_report_policy){"a.example", "sts", 1, 1};
    report.policy_count = 1;
    report.origin = (struct store_origin){.subject = "x"};
    assert_int_equal(store_add_report(f->store, &report, &added), STS_OK);
    assert_int_equal(store_reports(f->store, NULL, INT64_MAX, tell_origin, &text), STS_OK);
    assert_string_equal(text, "mail 3,zip forwarded,a!b!1!2.json,b,a,caf\\xe9,-,-,-,-,-,x,");
    /* without a range it is of no day */
    *text = '\0';
    assert_int_equal(store_sessions(f->store, "a.example", 0, tell_sessions, &text), STS_OK);
    assert_string_equal(text, "");
}

/* Whoever reads an archive backwards gets the same as whoever reads it forwards. */
static void the_revision_mailed_last_counts(void **state)
{
    static const struct {
        int64_t mailed;
        const char *raw;
    } rows[] = {{20, "{1}"}, {30, "{2}"}, {10, "{3}"}, {0, "{4}"}, {30, "{5}"}};
    struct fixture *f = *state;
    char *text = talloc_strdup(f, "");
    enum store_added added;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct store_report_policy policy = {"a.example", "sts", (int64_t)i, 0};
        struct store_report report = {.submitter = "s",
                                      .report_id = "1",
                                      .raw = bytes_of(rows[i].raw),
                                      .mailed_at = rows[i].mailed,
                                      .policies = &policy,
                                      .policy_count = 1};

        assert_int_equal(store_add_report(f->store, &report, &added), STS_OK);
    }
    assert_int_equal(store_reports(f->store, NULL, 0, tell_receipt, &text), STS_OK);
    assert_string_equal(text, "s 1 0.1- {1} - -;s 1 0.2- {2} - -;s 1 0.3- {3} - -;"
                              "s 1 0.4- {4} - -;s 1 0.5 {5} - -;");
    *text = '\0';
    assert_int_equal(store_sessions(f->store, "a.example", 0, tell_sessions, &text), STS_OK);
    assert_string_equal(text, "s 0-0 4/0 at 0;");
}

static bool take_signed(void *arg, const struct store_receipt *receipt)
{
    if (!receipt->superseded)
        *(char *)arg = receipt->raw.data[1];
    return true;
}

/* Whoever writes a date into a mail replaces nothing that the sender has signed, in whatever order
 * they come; of what is not signed, an upload counts last. */
static void no_date_replaces_what_is_signed(void **state)
{
    static const struct {
        int64_t mailed;
        const char *raw, *trust, *source;
    } rows[] = {{50, "{a}", "aligned", "lmtp:r"},  {40, "{b}", "aligned", "lmtp:r"},
                {99, "{c}", "unsigned", "lmtp:r"}, {98, "{d}", "other-domain", "imap"},
                {97, "{e}", NULL, NULL},           {999, "{f}", "no-mail", "upload:a:b"}};
    enum { COUNT = sizeof rows / sizeof *rows };
    static const char *const orders[] = {"012345", "543210", "2345", "25", "52", "501"};
    static const char counts[] = "aaccca";
    struct fixture *f = *state;
    enum store_added added;

    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        char id[2] = {(char)('0' + i), '\0'}, seen = '?';

        for (const char *at = orders[i]; *at; at++) {
            size_t row = (size_t)(*at - '0') % COUNT;
            struct store_report_policy policy = {id, "sts", (int64_t)row, 0};
            struct store_report report = {.submitter = "s",
                                          .report_id = id,
                                          .raw = bytes_of(rows[row].raw),
                                          .mailed_at = rows[row].mailed,
                                          .trust = rows[row].trust,
                                          .source = rows[row].source,
                                          .policies = &policy,
                                          .policy_count = 1};

            assert_int_equal(store_add_report(f->store, &report, &added), STS_OK);
        }
        assert_int_equal(store_reports(f->store, id, 0, take_signed, &seen), STS_OK);
        if (seen != counts[i])
            fail_msg("order %s: %c, not %c", orders[i], seen, counts[i]);
    }
}

static bool expect_subject(void *arg, const struct store_receipt *receipt)
{
    (void)arg;
    if (!receipt->superseded)
        assert_string_equal(receipt->origin.subject, "Report Domain: a.example");
    return true;
}

/* What was uploaded first and comes by mail then is a mail: with its sender, and before what was
 * only uploaded; an upload of it later changes nothing of that. */
static void what_comes_by_mail_is_no_upload(void **state)
{
    static const struct {
        const char *raw, *source, *subject;
        int64_t mailed;
    } rows[] = {{"{a}", "upload:u:f", NULL, 10},
                {"{b}", "upload:u:f", NULL, 20},
                {"{a}", "lmtp:r", "Report Domain: a.example", 10},
                {"{a}", "upload:u:g", "Fw: Report", 10}};
    static const char *const after[] = {
        "s up 0.1 {a} upload:u:f -;",
        "s up 0.1- {a} upload:u:f -;s up 0.2 {b} upload:u:f -;",
        "s up 0.1 {a} lmtp:r -;s up 0.2- {b} upload:u:f -;",
        "s up 0.1 {a} lmtp:r -;s up 0.2- {b} upload:u:f -;",
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct store_report_policy policy = {"up.example", "sts", rows[i].raw[1], 0};
        struct store_report report = {.submitter = "s",
                                      .report_id = "up",
                                      .raw = bytes_of(rows[i].raw),
                                      .mailed_at = rows[i].mailed,
                                      .source = rows[i].source,
                                      .origin.subject = rows[i].subject,
                                      .policies = &policy,
                                      .policy_count = 1};
        char *text = talloc_strdup(f, ""), *sessions = talloc_strdup(f, "");
        enum store_added added;

        assert_int_equal(store_add_report(f->store, &report, &added), STS_OK);
        assert_int_equal(store_reports(f->store, "up.example", 0, tell_receipt, &text), STS_OK);
        assert_string_equal(text, after[i]);
        assert_int_equal(store_sessions(f->store, "up.example", 0, tell_sessions, &sessions),
                         STS_OK);
        assert_string_equal(sessions, i == 1 ? "s 0-0 98/0 at 0;" : "s 0-0 97/0 at 0;");
    }
    assert_int_equal(store_reports(f->store, "up.example", 0, expect_subject, NULL), STS_OK);
}

/* The same rows as in the test of reports.c: what comes, when it was mailed, what counts then. */
static const struct {
    const char *letters;
    int64_t mailed[5];
    char counts;
} again[] = {
    {"ABA", {0, 0, 0}, 'B'},         {"ABA", {10, 10, 10}, 'B'},
    {"ABA", {10, 20, 30}, 'A'},      {"ABA", {30, 20, 10}, 'A'},
    {"ABA", {0, 20, 30}, 'A'},       {"ABAB", {10, 20, 10, 20}, 'B'},
    {"ABAB", {10, 20, 30, 40}, 'B'}, {"ABCA", {10, 30, 20, 30}, 'B'},
    {"ABCB", {10, 20, 20, 20}, 'C'}, {"ABCAB", {10, 20, 30, 40, 5}, 'A'},
    {"ABAA", {10, 20, 30, 0}, 'A'},  {"AAB", {50, 0, 40}, 'A'},
    {"BACB", {20, 10, 10, 15}, 'B'},
};

static void add_letters(struct store *store, size_t row)
{
    const char *letters = again[row].letters;
    char id[16];

    (void)snprintf(id, sizeof id, "row %zu", row);
    for (size_t i = 0; letters[i]; i++) {
        char raw[2] = {letters[i], '\0'};
        struct store_report_policy policy = {id, "sts", letters[i], 0};
        struct store_report report = {.submitter = "s",
                                      .report_id = id,
                                      .raw = bytes_of(raw),
                                      .mailed_at = again[row].mailed[i],
                                      .policies = &policy,
                                      .policy_count = 1};
        bool before = memchr(letters, letters[i], i) != NULL;
        enum store_added added;

        assert_int_equal(store_add_report(store, &report, &added), STS_OK);
        assert_int_equal(added, before ? STORE_DUPLICATE : i ? STORE_REVISION : STORE_NEW);
    }
}

static bool take_counting(void *arg, const struct store_receipt *receipt)
{
    if (!receipt->superseded)
        *(char *)arg = receipt->raw.data[0];
    return true;
}

static void a_revision_comes_again(void **state)
{
    struct fixture *f = *state;
    char id[16], counts;

    for (size_t row = 0; row < sizeof again / sizeof *again; row++) {
        (void)snprintf(id, sizeof id, "row %zu", row);
        add_letters(f->store, row);
        counts = '?';
        assert_int_equal(store_reports(f->store, id, 0, take_counting, &counts), STS_OK);
        if (counts != again[row].counts)
            fail_msg("row %zu: %c, not %c", row, counts, again[row].counts);
    }
}

/* "a" before "b" */
static bool by_letter(const char *trust, const char *than)
{
    return *trust < *than;
}

static void the_best_trust_of_copies_is_kept(void **state)
{
    static const char *const rows[][4] = {{NULL, "b", "a", "a"},
                                          {"b", NULL, "b", "b"},
                                          {"a", "b", "c", "a"},
                                          {"c", "b", NULL, "b"},
                                          {NULL, NULL, NULL, "-"}};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct store_report_policy policy = {"a.example", "sts", 1, 0};
        struct store_report report = {.submitter = "s",
                                      .report_id = "1",
                                      .begins = (int64_t)i,
                                      .ends = (int64_t)i,
                                      .raw = bytes_of("{}"),
                                      .trust_better = by_letter,
                                      .policies = &policy,
                                      .policy_count = 1};
        char *text = talloc_strdup(f, ""), *expected;
        enum store_added added;

        for (size_t k = 0; k < 3; k++) {
            report.trust = rows[i][k];
            report.source = k ? "copy" : "first";
            assert_int_equal(store_add_report(f->store, &report, &added), STS_OK);
        }
        report.raw = bytes_of("{2}"); /* each content has its own */
        report.trust = "z";
        assert_int_equal(store_add_report(f->store, &report, &added), STS_OK);
        assert_int_equal(store_reports(f->store, NULL, (int64_t)i, tell_receipt, &text), STS_OK);
        expected =
            talloc_asprintf(f, "s 1 %zu.1- {} first %s;s 1 %zu.2 {2} copy z;", i, rows[i][3], i);
        assert_string_equal(text, expected);
    }
}

static bool same_raw(void *arg, const struct store_receipt *receipt)
{
    const struct bytes *raw = arg;

    assert_int_equal(receipt->raw.length, raw->length);
    assert_memory_equal(receipt->raw.data, raw->data, raw->length);
    return true;
}

static void a_large_report_comes_back_whole(void **state)
{
    struct fixture *f = *state;
    size_t length = 3u << 20;
    char *data = talloc_size(f, length), *id = talloc_zero_size(f, 5001);

    for (size_t i = 0; i < length; i++)
        data[i] = (char)(i * 2654435761u >> 13);
    memset(id, 'i', 5000); /* longer than an index of PostgreSQL takes */
    struct bytes raw = {data, length};
    struct store_report report = {.submitter = id, .report_id = id, .raw = raw};
    enum store_added added;

    assert_int_equal(store_add_report(f->store, &report, &added), STS_OK);
    assert_int_equal(store_reports(f->store, NULL, 0, same_raw, &raw), STS_OK);
    report.raw.length = (size_t)STORE_RAW_MAX + 1;
    assert_int_equal(store_add_report(f->store, &report, &added), STS_E_LIMIT);
}

/* ---- schema ---------------------------------------------------------------------------------- */

static struct store_place place_at(int64_t at)
{
    return (struct store_place){.seq = at / 10, .at = at};
}

static int64_t told(struct fixture *f, const char *domain, const char *listener)
{
    struct store_place place = {0};

    assert_int_equal(store_notified(f->store, domain, listener, &place), STS_OK);
    return place.at;
}

static void each_listener_is_told_by_itself(void **state)
{
    struct fixture *f = *state;

    assert_true(told(f, "example.com", "") == STORE_NEVER);
    assert_int_equal(store_put_notified(f->store, "example.com", "", place_at(100)), STS_OK);
    assert_int_equal(store_put_notified(f->store, "example.com", "mail -s x", place_at(50)),
                     STS_OK);
    assert_int_equal(store_put_notified(f->store, "example.com", "", place_at(200)), STS_OK);
    assert_int_equal(told(f, "example.com", ""), 200);
    assert_int_equal(told(f, "example.com", "mail -s x"), 50);
    assert_true(told(f, "example.net", "") == STORE_NEVER);
    assert_int_equal(store_put_notified(f->store, "example.com", NULL, place_at(1)), STS_E_INVALID);
    f->store = test_open(f, f->where);
    assert_int_equal(told(f, "example.com", ""), 200);
}

char *test_fixture(TALLOC_CTX *ctx, const char *version)
{
    const char *root = getenv("SOURCE_ROOT");
    char *path = talloc_asprintf(ctx, "%s/src/store/fixtures/%s-%s.sql", root ? root : ".", version,
                                 backend.name);
    char *text = talloc_zero_size(ctx, 65536);
    FILE *file = fopen(path, "r");

    if (!file)
        fail_msg("no %s", path);
    assert_true(fread(text, 1, 65535, file) > 0);
    (void)fclose(file);
    return text;
}

/* A store of that version, with data: it opens, has what it had, and takes more. */
static void expect_migrated(const char *version, const char *expected)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct fixture f = {.ctx = ctx, .where = backend.fresh(ctx)};
    char *text = talloc_strdup(ctx, "");
    enum store_added added;

    backend.sql(f.where, test_fixture(ctx, version));
    f.store = test_open(ctx, f.where);
    assert_int_equal(store_history(f.store, "example.com", 0, tell_check, &text), STS_OK);
    assert_int_equal(store_policies(f.store, "example.com", tell_policy, &text), STS_OK);
    assert_int_equal(store_reports(f.store, NULL, 0, tell_receipt, &text), STS_OK);
    assert_int_equal(store_sessions(f.store, "example.com", 0, tell_sessions, &text), STS_OK);
    text = talloc_asprintf_append(text, "told %lld", (long long)told(&f, "example.com", "x"));
    assert_string_equal(text, expected);
    assert_int_equal(test_add(f.store, 1, &added), STS_OK);
    assert_int_equal(added, STORE_NEW);
    put(f.store, check_at(300, two_codes, 2));
    assert_int_equal(store_put_notified(f.store, "example.com", "x", place_at(100)), STS_OK);
    assert_int_equal(told(&f, "example.com", "x"), 100);
    talloc_free(ctx);
}

#define NEVER "told -9223372036854775808"

static void version_1_is_brought_up_to_date(void **state)
{
    (void)state;
    expect_migrated("v1", "100 ok protected:;"
                          "200 critical refused: mx-cert-expired/critical/mx1.example.com;"
                          "20260101 enforce 604800 100-200 *.example.com;" NEVER);
}

static void version_2_is_brought_up_to_date(void **state)
{
    (void)state;
    expect_migrated("v2", "100 ok protected:;mail.example 1 0.1 {} - -;"
                          "mail.example 0-86399 5/1 at 90000;" NEVER);
}

static void version_3_is_brought_up_to_date(void **state)
{
    (void)state;
    expect_migrated("v3", "100 ok protected:;mail.example 1 0.1- {} - -;"
                          "mail.example 1 0.2 {3} inbox/2 aligned;"
                          "mail.example 0-86399 6/2 at 90001;told 77");
}

/* The place of a listener is behind what it was told, and before what it was not. */
static void version_4_is_brought_up_to_date(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct fixture f = {.ctx = ctx, .where = backend.fresh(ctx)};
    struct store_place place;

    (void)state;
    expect_migrated("v4", "100 ok protected:;150 critical refused: mx-cert-expired/critical/"
                          "mx1.example.com;200 ok protected:;mail.example 1 0.1- {} - -;"
                          "mail.example 1 0.2 {3} inbox/2 aligned;"
                          "mail.example 0-86399 6/2 at 90001;told 150");
    backend.sql(f.where, test_fixture(ctx, "v4"));
    f.store = test_open(ctx, f.where);
    assert_int_equal(store_notified(f.store, "example.com", "x", &place), STS_OK);
    assert_int_equal(place.seq, 2); /* 3 is of 200, 4 of 150: kept after it */
    put(f.store, check_at(100, two_codes, 2));
    assert_int_equal(store_notified(f.store, "example.net", "x", &place), STS_OK);
    assert_int_equal(place.seq, 5);
    talloc_free(ctx);
}

static void version_5_is_brought_up_to_date(void **state)
{
    (void)state;
    expect_migrated("v5", "100 ok protected:;150 critical refused: mx-cert-expired/critical/"
                          "mx1.example.com;200 ok protected:;mail.example 1 0.1- {} - -;"
                          "mail.example 1 0.2 {3} inbox/2 aligned;"
                          "mail.example 0-86399 6/2 at 90001;told 150");
}

static void version_6_is_brought_up_to_date(void **state)
{
    (void)state;
    expect_migrated("v6", "100 ok protected:;150 critical refused: mx-cert-expired/critical/"
                          "mx1.example.com;200 ok protected:;mail.example 1 0.1- {} - -;"
                          "mail.example 1 0.2 {3} inbox/2 aligned;"
                          "mail.example 0-86399 6/2 at 90001;told 150");
}

static void version_7_is_brought_up_to_date(void **state)
{
    (void)state;
    expect_migrated("v7", "100 ok protected:;150 critical refused: mx-cert-expired/critical/"
                          "mx1.example.com;200 ok protected:;mail.example 1 0.1- {} - -;"
                          "mail.example 1 0.2 {3} inbox/2 aligned;"
                          "mail.example 0-86399 6/2 at 90001;told 150");
}

static void version_8_is_brought_up_to_date(void **state)
{
    (void)state;
    expect_migrated("v8", "100 ok protected:;150 critical refused: mx-cert-expired/critical/"
                          "mx1.example.com;200 ok protected:;mail.example 1 0.1- {} - -;"
                          "mail.example 1 0.2 {3} inbox/2 aligned;"
                          "mail.example 0-86399 6/2 at 90001;told 150");
}

static void version_9_is_brought_up_to_date(void **state)
{
    (void)state;
    expect_migrated("v9", "100 ok protected:;150 critical refused: mx-cert-expired/critical/"
                          "mx1.example.com;200 ok protected:;mail.example 1 0.1- {} - -;"
                          "mail.example 1 0.2 {3} inbox/2 aligned;"
                          "mail.example 0-86399 6/2 at 90001;told 150");
}

static void version_10_is_brought_up_to_date(void **state)
{
    (void)state;
    expect_migrated("v10", "100 ok protected:;150 critical refused: mx-cert-expired/critical/"
                           "mx1.example.com;200 ok protected:;mail.example 1 0.1- {} - -;"
                           "mail.example 1 0.2 {3} inbox/2 aligned;"
                           "mail.example 0-86399 6/2 at 90001;told 150");
}

static void version_11_is_brought_up_to_date(void **state)
{
    (void)state;
    expect_migrated("v11", "100 ok protected:;150 critical refused: mx-cert-expired/critical/"
                           "mx1.example.com;200 ok protected:;mail.example 1 0.1- {} - -;"
                           "mail.example 1 0.2 {3} inbox/2 aligned;"
                           "mail.example 0-86399 6/2 at 90001;told 150");
}

static void version_12_is_brought_up_to_date(void **state)
{
    (void)state;
    expect_migrated("v12", "100 ok protected:;150 critical refused: mx-cert-expired/critical/"
                           "mx1.example.com;200 ok protected:;mail.example 1 0.1- {} - -;"
                           "mail.example 1 0.2 {3} inbox/2 aligned;"
                           "mail.example 0-86399 6/2 at 90001;told 150");
}

/* A domain that was not proven is a claim from then on. */
static void version_13_is_brought_up_to_date(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct fixture f = {.ctx = ctx, .where = backend.fresh(ctx)};
    struct store_owned *owner = NULL, *claim = NULL;

    (void)state;
    expect_migrated("v13", "100 ok protected:;150 critical refused: mx-cert-expired/critical/"
                           "mx1.example.com;200 ok protected:;mail.example 1 0.1- {} - -;"
                           "mail.example 1 0.2 {3} inbox/2 aligned;"
                           "mail.example 0-86399 6/2 at 90001;told 150");
    backend.sql(f.where, test_fixture(ctx, "v13"));
    f.store = test_open(ctx, f.where);
    assert_int_equal(store_owner(f.store, ctx, "example.com", &owner), STS_OK);
    assert_null(owner);
    assert_int_equal(store_domain_claim(f.store, ctx, "example.com", 1, &claim), STS_OK);
    assert_string_equal(claim->proof, "proofalpha");
    assert_int_equal(store_owner(f.store, ctx, "example.net", &owner), STS_OK);
    assert_int_equal(owner->group, 2);
    assert_string_equal(owner->proof, "");
    talloc_free(ctx);
}

/* What was stored before has no changes, and what its newest check showed is not known. */
static void version_14_is_brought_up_to_date(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct fixture f = {.ctx = ctx, .where = backend.fresh(ctx)};
    struct store_shown shown;

    (void)state;
    expect_migrated("v14", "100 ok protected:;150 critical refused: mx-cert-expired/critical/"
                           "mx1.example.com;200 ok protected:;mail.example 1 0.1- {} - -;"
                           "mail.example 1 0.2 {3} inbox/2 aligned;"
                           "mail.example 0-86399 6/2 at 90001;told 150");
    backend.sql(f.where, test_fixture(ctx, "v14"));
    f.store = test_open(ctx, f.where);
    assert_int_equal(store_shown(f.store, "example.net", &shown), STS_OK);
    assert_int_equal(shown.observed_at, 85);
    assert_false(shown.known);
    talloc_free(ctx);
}

static bool tell_audit(void *arg, const struct store_audit *audit)
{
    *(char **)arg = talloc_asprintf_append(*(char **)arg, "%s;", audit->object);
    return true;
}

static bool tell_subject(void *arg, const struct store_alert *alert)
{
    *(char **)arg = talloc_asprintf_append(*(char **)arg, "%s;", alert->subject);
    return true;
}

static bool tell_claimed(void *arg, const struct store_delivery *delivery)
{
    *(char **)arg = talloc_asprintf_append(*(char **)arg, "%s;", delivery->message);
    return true;
}

/* Channels that were in use are confirmed, and nothing tells the URL of a webhook any more. */
static void version_15_is_brought_up_to_date(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct fixture f = {.ctx = ctx, .where = backend.fresh(ctx)};
    const struct store_alert_page page = {.group = 1, .open = true, .before = 99, .limit = 9};
    const struct store_delivery_claim claim = {"webhook", 90, 99, 9, 9, 9};
    char *text = talloc_strdup(ctx, "");

    (void)state;
    expect_migrated("v15", "100 ok protected:;150 critical refused: mx-cert-expired/critical/"
                           "mx1.example.com;200 ok protected:;mail.example 1 0.1- {} - -;"
                           "mail.example 1 0.2 {3} inbox/2 aligned;"
                           "mail.example 0-86399 6/2 at 90001;told 150");
    backend.sql(f.where, test_fixture(ctx, "v15"));
    f.store = test_open(ctx, f.where);
    assert_int_equal(store_audit(f.store, 1, INT64_MAX, 9, tell_audit, &text), STS_OK);
    assert_int_equal(store_alerts(f.store, &page, tell_subject, &text), STS_OK);
    assert_int_equal(store_claim_deliveries(f.store, &claim, tell_claimed, &text), STS_OK);
    assert_string_equal(
        text,
        "ada@mail.example;https://hooks.example/...9z8y;https://hooks.example/...9z8y;msg_2;");
    talloc_free(ctx);
}

/* Its roll-ups of reports are made anew. */
static void version_16_is_brought_up_to_date(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct fixture f = {.ctx = ctx, .where = backend.fresh(ctx)};
    struct store_todo todo;

    (void)state;
    expect_migrated("v16", "100 ok protected:;150 critical refused: mx-cert-expired/critical/"
                           "mx1.example.com;200 ok protected:;mail.example 1 0.1- {} - -;"
                           "mail.example 1 0.2 {3} inbox/2 aligned;"
                           "mail.example 0-86399 6/2 at 90001;told 150");
    backend.sql(f.where, test_fixture(ctx, "v16"));
    f.store = test_open(ctx, f.where);
    assert_int_equal(rollups_todo(f.store, &todo), STS_OK);
    assert_true(todo.reports);
    talloc_free(ctx);
}

static void version_17_is_brought_up_to_date(void **state)
{
    (void)state;
    expect_migrated("v17", "100 ok protected:;150 critical refused: mx-cert-expired/critical/"
                           "mx1.example.com;200 ok protected:;mail.example 1 0.1- {} - -;"
                           "mail.example 1 0.2 {3} inbox/2 aligned;"
                           "mail.example 0-86399 6/2 at 90001;told 150");
}

static bool note_certificate(void *arg, const struct store_certificate *certificate)
{
    *(int64_t *)arg = certificate->last_seen;
    return true;
}

static void version_18_is_brought_up_to_date(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct fixture f = {.ctx = ctx, .where = backend.fresh(ctx)};
    int64_t seen = 0;

    (void)state;
    expect_migrated("v18", "100 ok protected:;150 critical refused: mx-cert-expired/critical/"
                           "mx1.example.com;200 ok protected:;mail.example 1 0.1- {} - -;"
                           "mail.example 1 0.2 {3} inbox/2 aligned;"
                           "mail.example 0-86399 6/2 at 90001;told 150");
    backend.sql(f.where, test_fixture(ctx, "v18"));
    f.store = test_open(ctx, f.where);
    assert_int_equal(store_certificates(f.store, "example.com", 9, note_certificate, &seen),
                     STS_OK);
    assert_int_equal(seen, 150);
    talloc_free(ctx);
}

static bool note_sessions(void *arg, const struct store_counted_domain *domain)
{
    *(int64_t *)arg = domain->successful;
    return true;
}

static void version_19_is_brought_up_to_date(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct fixture f = {.ctx = ctx, .where = backend.fresh(ctx)};
    int64_t sessions = 0;

    (void)state;
    expect_migrated("v19", "100 ok protected:;150 critical refused: mx-cert-expired/critical/"
                           "mx1.example.com;200 ok protected:;mail.example 1 0.1- {} - -;"
                           "mail.example 1 0.2 {3} inbox/2 aligned;"
                           "mail.example 0-86399 6/2 at 90001;told 150");
    backend.sql(f.where, test_fixture(ctx, "v19"));
    f.store = test_open(ctx, f.where);
    assert_int_equal(store_counted_domain(f.store, 20000, "example.com", note_sessions, &sessions),
                     STS_OK);
    assert_int_equal(sessions, 5);
    talloc_free(ctx);
}

static bool tell_listed(void *arg, const struct store_listed_domain *domain)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%s %s;", domain->place.name, domain->verdict);
    return true;
}

static void version_20_is_brought_up_to_date(void **state)
{
    static const char *const causes[] = {"mx:mx1.example.net", "code:tlsrpt-missing",
                                         "code:mx-cert-expired"};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct fixture f = {.ctx = ctx, .where = backend.fresh(ctx)};
    struct store_list_request request = {.filter = {.sight = {.all = true}, .verdict = "ok"},
                                         .limit = 9};
    char *text = talloc_strdup(ctx, "");

    (void)state;
    expect_migrated("v20", "100 ok protected:;150 critical refused: mx-cert-expired/critical/"
                           "mx1.example.com;200 ok protected:;mail.example 1 0.1- {} - -;"
                           "mail.example 1 0.2 {3} inbox/2 aligned;"
                           "mail.example 0-86399 6/2 at 90001;told 150");
    backend.sql(f.where, test_fixture(ctx, "v20"));
    f.store = test_open(ctx, f.where);
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
        request.filter.cause = causes[i];
        assert_int_equal(store_list_domains(f.store, &request, tell_listed, &text), STS_OK);
    }
    assert_string_equal(text, "example.net ok;example.net ok;");
    talloc_free(ctx);
}

/* Which token made another was not written down then; nor was a colon in the name of who uploaded a
 * report told from the one behind it; and of revisions the last one counted, signed or not. */
static void version_21_is_brought_up_to_date(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct fixture f = {.ctx = ctx, .where = backend.fresh(ctx)};
    struct store_token *token = NULL;
    struct store_todo todo;

    (void)state;
    expect_migrated("v21", "100 ok protected:;150 critical refused: mx-cert-expired/critical/"
                           "mx1.example.com;200 ok protected:;mail.example 1 0.1- {} "
                           "upload:a%3Ab:c -;"
                           "mail.example 1 0.2 {3} inbox/2 aligned;"
                           "mail.example 0-86399 6/2 at 90001;told 150");
    backend.sql(f.where, test_fixture(ctx, "v21"));
    f.store = test_open(ctx, f.where);
    assert_int_equal(store_token(f.store, ctx, "mts_fixture1", &token), STS_OK);
    assert_string_equal(token->user_name, "nell");
    assert_int_equal(token->maker, 0);
    assert_int_equal(rollups_todo(f.store, &todo), STS_OK);
    assert_true(todo.reports);
    talloc_free(ctx);
}

static void version_22_is_brought_up_to_date(void **state)
{
    (void)state;
    expect_migrated("v22", "100 ok protected:;150 critical refused: mx-cert-expired/critical/"
                           "mx1.example.com;200 ok protected:;mail.example 1 0.1- {} "
                           "upload:a%3Ab:c -;"
                           "mail.example 1 0.2 {3} inbox/2 aligned;"
                           "mail.example 0-86399 6/2 at 90001;told 150");
}

static void version_23_is_brought_up_to_date(void **state)
{
    (void)state;
    expect_migrated("v23", "100 ok protected:;150 critical refused: mx-cert-expired/critical/"
                           "mx1.example.com;200 ok protected:;mail.example 1 0.1- {} "
                           "upload:a%3Ab:c -;"
                           "mail.example 1 0.2 {3} inbox/2 aligned;"
                           "mail.example 0-86399 6/2 at 90001;told 150");
}

/* A version that is added brings a fixture of the one before it. */
static void each_earlier_version_has_its_case(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(f->store->driver->migration_count, 24);
}

static void a_newer_store_is_left_alone(void **state)
{
    struct fixture *f = *state;
    struct store *store = NULL;
    struct store_fault *fault;

    assert_int_equal(f->store->driver->set_version(f->store, 99), STS_OK);
    assert_int_equal(store_open(f, f->where, STORE_WRITE, &store, &fault), STS_E_IO);
    assert_int_equal(fault->trouble, STORE_TROUBLE_NEWER);
    assert_non_null(strstr(fault->detail, "99"));
    assert_null(store);
}

static void reading_makes_nothing(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = NULL;
    struct store_fault *fault;

    (void)state;
    for (int i = 0; i < 2; i++) {
        const char *where = backend.fresh(ctx);

        assert_int_equal(store_open(ctx, where, STORE_READ, &store, &fault), STS_E_IO);
        assert_int_equal(fault->trouble, STORE_TROUBLE_ABSENT);
    }
    talloc_free(ctx);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
static const struct CMUnitTest tests[] = {
    CASE(nothing_is_there_at_first),
    CASE(a_check_comes_back_whole),
    CASE(history_is_in_order_and_of_one_domain),
    CASE(the_same_check_is_kept_once),
    CASE(other_facts_of_one_second_are_another_check),
    CASE(what_was_kept_later_has_a_larger_number),
    cmocka_unit_test(what_is_old_is_pruned_but_for_what_is_compared),
    CASE(a_number_is_never_given_twice),
    CASE(strangers_text_does_no_harm),
    CASE(misuse_is_told),
    CASE(a_batch_is_seen_after_commit_only),
    CASE(a_batch_given_up_leaves_nothing),
    CASE(a_failure_spoils_the_batch),
    CASE(a_constraint_refuses_what_was_to_be_written),
    CASE(policies_are_known_from_first_to_last),
    CASE(a_report_is_new_known_or_revised),
    CASE(reports_come_back_by_domain_and_time),
    CASE(sessions_are_summed_by_type),
    CASE(what_a_report_came_in_is_kept),
    CASE(the_revision_mailed_last_counts),
    CASE(no_date_replaces_what_is_signed),
    CASE(a_revision_comes_again),
    CASE(the_best_trust_of_copies_is_kept),
    CASE(what_comes_by_mail_is_no_upload),
    CASE(a_large_report_comes_back_whole),
    CASE(each_listener_is_told_by_itself),
    cmocka_unit_test(version_1_is_brought_up_to_date),
    cmocka_unit_test(version_2_is_brought_up_to_date),
    cmocka_unit_test(version_3_is_brought_up_to_date),
    cmocka_unit_test(version_4_is_brought_up_to_date),
    cmocka_unit_test(version_5_is_brought_up_to_date),
    cmocka_unit_test(version_6_is_brought_up_to_date),
    cmocka_unit_test(version_7_is_brought_up_to_date),
    cmocka_unit_test(version_8_is_brought_up_to_date),
    cmocka_unit_test(version_9_is_brought_up_to_date),
    cmocka_unit_test(version_10_is_brought_up_to_date),
    cmocka_unit_test(version_11_is_brought_up_to_date),
    cmocka_unit_test(version_12_is_brought_up_to_date),
    cmocka_unit_test(version_13_is_brought_up_to_date),
    cmocka_unit_test(version_14_is_brought_up_to_date),
    cmocka_unit_test(version_15_is_brought_up_to_date),
    cmocka_unit_test(version_16_is_brought_up_to_date),
    cmocka_unit_test(version_17_is_brought_up_to_date),
    cmocka_unit_test(version_18_is_brought_up_to_date),
    cmocka_unit_test(version_19_is_brought_up_to_date),
    cmocka_unit_test(version_20_is_brought_up_to_date),
    cmocka_unit_test(version_21_is_brought_up_to_date),
    cmocka_unit_test(version_22_is_brought_up_to_date),
    cmocka_unit_test(version_23_is_brought_up_to_date),
    CASE(each_earlier_version_has_its_case),
    CASE(a_newer_store_is_left_alone),
    cmocka_unit_test(reading_makes_nothing),
    cmocka_unit_test(groups_have_names_of_their_own),
    cmocka_unit_test(users_come_back_whole),
    cmocka_unit_test(the_last_administrator_stays),
    cmocka_unit_test(one_claims_an_empty_service),
    cmocka_unit_test(several_claim_and_one_wins),
    cmocka_unit_test(members_have_a_role),
    cmocka_unit_test(a_domain_is_one_groups),
    cmocka_unit_test(claims_stand_side_by_side),
    cmocka_unit_test(claims_are_due_until_they_are_looked_at),
    cmocka_unit_test(sessions_end),
    cmocka_unit_test(tokens_are_found_by_their_label),
    cmocka_unit_test(tokens_go_with_the_one_that_made_them),
    cmocka_unit_test(each_code_counts_once),
    cmocka_unit_test(an_identity_is_issuer_and_subject),
    cmocka_unit_test(the_log_is_read_backwards),
    cmocka_unit_test(what_hangs_on_a_user_goes_too),
    cmocka_unit_test(changes_are_those_of_their_check),
    cmocka_unit_test(changes_are_listed_page_by_page),
    cmocka_unit_test(changes_are_found_by_filter),
    cmocka_unit_test(a_list_is_filtered),
    cmocka_unit_test(a_list_is_as_the_newest_checks_are),
    cmocka_unit_test(a_list_is_sorted_page_by_page),
    cmocka_unit_test(a_listed_domain_is_whole),
    cmocka_unit_test(one_is_as_in_the_list),
    cmocka_unit_test(all_that_a_filter_matches_is_changed),
    cmocka_unit_test(a_domain_has_so_many_tags),
    cmocka_unit_test(many_domains_are_whose_they_are),
    cmocka_unit_test(a_channel_belongs_to_its_group),
    cmocka_unit_test(a_rule_has_channels_of_its_group),
    cmocka_unit_test(an_alert_takes_in_the_domains_of_its_cause),
    cmocka_unit_test(what_happened_is_joined_until_it_is_told),
    cmocka_unit_test(alerts_are_listed_open_first),
    cmocka_unit_test(what_is_claimed_nobody_else_sends),
    cmocka_unit_test(groups_take_turns),
    cmocka_unit_test(who_may_hang_shares_what_is_for_them),
    cmocka_unit_test(who_is_tried_again_may_hang),
    cmocka_unit_test(who_has_not_confirmed_is_asked_and_told_nothing),
    cmocka_unit_test(one_acknowledges_and_mutes_ones_own),
    cmocka_unit_test(a_delivery_waits_until_it_is_sent),
    cmocka_unit_test(reminders_are_due_until_acknowledged),
    cmocka_unit_test(domains_that_left_end_their_alerts),
    cmocka_unit_test(the_log_is_looked_through_behind_a_place),
    cmocka_unit_test(a_batch_is_worked_off),
    cmocka_unit_test(groups_take_turns_with_batches),
    cmocka_unit_test(a_batch_is_repeated_by_its_key),
    cmocka_unit_test(a_batch_is_cancelled_and_forgotten),
    cmocka_unit_test(an_older_fetch_replaces_no_newer_one),
    cmocka_unit_test(cached_policies_are_read_page_by_page),
    cmocka_unit_test(cached_policies_are_forgotten),
    cmocka_unit_test(a_clock_that_was_set_is_noticed),
    cmocka_unit_test(a_scan_is_added_once),
    cmocka_unit_test(a_shard_is_done_once),
    cmocka_unit_test(a_shard_that_fails_is_set_aside),
    cmocka_unit_test(a_scan_is_cancelled_and_resumed),
    cmocka_unit_test(what_is_missing_is_swept),
    cmocka_unit_test(results_are_read_page_by_page),
    cmocka_unit_test(a_domain_is_due_by_its_newest_check),
    cmocka_unit_test(a_domain_is_taken_by_one),
    cmocka_unit_test(groups_take_turns_at_once),
    cmocka_unit_test(domains_leave_the_schedule_with_their_group),
    cmocka_unit_test(the_schedule_is_counted),
    cmocka_unit_test(a_report_is_planned_once),
    cmocka_unit_test(what_is_not_planned_is_found_in_any_order),
    cmocka_unit_test(what_became_of_what_is_counted),
    cmocka_unit_test(deliveries_are_counted_by_state),
    cmocka_unit_test(who_claims_a_delivery_has_it),
    cmocka_unit_test(a_host_has_its_share_of_a_claim),
    cmocka_unit_test(results_decide_what_is_due),
    cmocka_unit_test(who_fails_is_known_until_it_works),
    cmocka_unit_test(sent_reports_are_forgotten),
    cmocka_unit_test(sessions_are_counted_by_day_record_and_policy),
    cmocka_unit_test(a_flush_counts_once),
    cmocka_unit_test(details_beyond_the_ceiling_are_one_row),
    cmocka_unit_test(policies_beyond_the_ceiling_are_lost),
    cmocka_unit_test(a_day_may_be_reported_a_minute_after_it),
    cmocka_unit_test(counted_days_are_forgotten),
    cmocka_unit_test(a_shared_check_is_found_by_its_id),
    cmocka_unit_test(shared_checks_are_forgotten),
    cmocka_unit_test(a_state_is_that_of_the_newest_check),
    cmocka_unit_test(a_check_that_is_stored_late_changes_since_when),
    cmocka_unit_test(what_is_pruned_is_still_known_since_when),
    cmocka_unit_test(findings_and_parts_are_of_the_newest_check),
    cmocka_unit_test(what_is_not_proven_is_not_seen),
    cmocka_unit_test(worse_is_more_harm),
    cmocka_unit_test(a_day_has_what_its_reports_count),
    cmocka_unit_test(a_revision_replaces_what_was_counted),
    cmocka_unit_test(failures_are_found_by_filter),
    cmocka_unit_test(sessions_told_twice_count_once),
    cmocka_unit_test(what_is_pruned_is_no_longer_counted),
    cmocka_unit_test(a_day_has_what_the_page_shows),
    cmocka_unit_test(policies_and_names_are_pruned),
    cmocka_unit_test(what_was_stored_earlier_is_filled),
    cmocka_unit_test(each_folder_has_its_place),
    cmocka_unit_test(domains_are_known_that_were_checked),
    cmocka_unit_test(ways_add_up),
    cmocka_unit_test(the_quarantine_is_bounded),
    cmocka_unit_test(mailboxes_of_an_earlier_version_are_ways),
    cmocka_unit_test(what_was_rejected_is_kept_with_its_reason),
    cmocka_unit_test(domains_are_listed_with_their_latest_check),
    cmocka_unit_test(a_page_is_bounded_and_may_be_left),
    cmocka_unit_test(reports_are_listed_by_filter),
    cmocka_unit_test(policies_that_nobody_holds_are_forgotten),
    cmocka_unit_test(old_reports_are_forgotten_with_their_sessions),
    cmocka_unit_test(reports_of_an_earlier_version_are_listed),
    cmocka_unit_test(a_report_in_part_counts_for_its_domains),
    cmocka_unit_test(the_whole_report_replaces_its_parts),
    cmocka_unit_test(a_report_in_part_touches_nobody_elses),
    cmocka_unit_test(what_is_withheld_is_not_filled),
    cmocka_unit_test(what_is_told_is_durable),
    cmocka_unit_test(what_comes_meanwhile_is_one_batch),
    cmocka_unit_test(one_that_is_refused_leaves_the_others),
    cmocka_unit_test(those_that_wait_can_be_refused),
    cmocka_unit_test(a_fault_is_told_and_then_it_is_opened_again),
    cmocka_unit_test(what_is_left_is_written_at_the_end),
    cmocka_unit_test(others_write_while_a_batch_is_prepared),
    cmocka_unit_test(many_read_beside_a_writer),
    cmocka_unit_test(what_cannot_be_read_is_told),
    cmocka_unit_test(a_read_that_is_cancelled_is_not_told),
    cmocka_unit_test(killed_at_any_point_what_a_writer_told_is_there),
    cmocka_unit_test(many_writers_wait_for_each_other),
    cmocka_unit_test(killed_at_any_point_each_report_is_there_once),
};

int test_store_run(const struct CMUnitTest *more, size_t count)
{
    int failed = cmocka_run_group_tests_name("all databases", tests, NULL, NULL);

    return _cmocka_run_group_tests("this database", more, count, NULL, NULL) + failed ? 1 : 0;
}
