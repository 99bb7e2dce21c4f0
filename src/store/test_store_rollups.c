/* SPDX-License-Identifier: MIT */
/* test_store_rollups.c - the roll-ups are what the checks and reports come to, in whatever order
 * these are stored, replaced and forgotten. */
#include "store/test_store.h"

#include <stdio.h>
#include <string.h>

#include "store/rollups.h"

struct fixture {
    const char *where;
    struct store *store;
};

/* What belongs to a group is seen. */
static const struct store_sight everything = {.all = true}, other = {.all = true, .group = 77};

static void own(struct store *store)
{
    struct store_owned owned = {.domain = "example.com", .proof = "", .proven = 1};
    int64_t group;

    assert_int_equal(store_add_group(store, "us", 1, &owned.group), STS_OK);
    assert_int_equal(store_give_domain(store, &owned, &group), STS_OK);
    owned.domain = "example.net";
    assert_int_equal(store_give_domain(store, &owned, &group), STS_OK);
}

static struct fixture *open_fixture(void)
{
    struct fixture *f = talloc_zero(NULL, struct fixture);

    f->where = backend.fresh(f);
    f->store = test_open(f, f->where);
    own(f->store);
    return f;
}

/* ---- the state of a domain ------------------------------------------------------------------- */

static const struct store_code expired = {"mx-cert-expired", "critical", "mx1.example.net",
                                          "mx:mx1.example.net"};
static const struct store_code slow = {"mx-slow", "low", "mx1.example.net", NULL};
static const char *const parts[] = {"mx:mx1.example.net", "provider:example"};

/* Of example.com; 'o': nothing found, 'x': expired, 'b': expired and slow, 's': slow. */
static void check(struct store *store, int64_t at, char found)
{
    const struct store_code both[] = {expired, slow}, one[] = {expired}, minor[] = {slow};
    char facts[32];
    struct store_check check = {.domain = "example.com",
                                .observed_at = at,
                                .verdict = found == 'x' || found == 'b' ? "critical" : "ok",
                                .posture = "enforce",
                                .delivery = found == 'x' || found == 'b' ? "refused" : "protected",
                                .codes = found == 'b'   ? both
                                         : found == 'x' ? one
                                                        : minor,
                                .code_count = found == 'b' ? 2 : found != 'o',
                                .cert_ends = at + 1000,
                                .parts = parts,
                                .part_count = found == 'o' ? 1 : 2};

    (void)snprintf(facts, sizeof facts, "{\"%lld\":\"%c\"}", (long long)at, found);
    check.facts = bytes_of(facts);
    assert_int_equal(store_put_check(store, &check), STS_OK);
}

static char *told_state(TALLOC_CTX *ctx, struct store *store)
{
    struct store_state *s = NULL;

    assert_int_equal(store_state(store, ctx, "example.com", &s), STS_OK);
    assert_non_null(s);
    return talloc_asprintf(ctx, "%lld %s %lld %s since %lld changed %lld ends %lld",
                           (long long)s->observed_at, s->verdict, (long long)s->codes,
                           s->code ? s->code : "-", (long long)s->since, (long long)s->changed_at,
                           (long long)s->cert_ends);
}

#define EXPECT_STATE(text)                                                                         \
    do {                                                                                           \
        char *told_ = told_state(f, f->store);                                                     \
        assert_string_equal(told_, text);                                                          \
    } while (0)

struct added_report {
    const char *id;
    int64_t day, mailed_at;
    int64_t ok, failed;
};

static void add(struct store *store, const struct added_report *r);

void a_state_is_that_of_the_newest_check(void **state)
{
    struct fixture *f = open_fixture();
    struct store_state *none = (void *)1;

    (void)state;
    assert_int_equal(store_state(f->store, f, "example.com", &none), STS_OK);
    assert_null(none);
    check(f->store, 100, 'o');
    EXPECT_STATE("100 ok 0 - since 100 changed 100 ends 1100");
    check(f->store, 200, 'o');
    EXPECT_STATE("200 ok 0 - since 100 changed 100 ends 1200");
    check(f->store, 300, 'x');
    EXPECT_STATE("300 critical 1 mx-cert-expired since 300 changed 300 ends 1300");
    check(f->store, 400, 'b');
    EXPECT_STATE("400 critical 2 mx-cert-expired since 300 changed 400 ends 1400");
    check(f->store, 400, 'b');
    EXPECT_STATE("400 critical 2 mx-cert-expired since 300 changed 400 ends 1400");
    talloc_free(f);
}

void a_check_that_is_stored_late_changes_since_when(void **state)
{
    struct fixture *f = open_fixture();

    (void)state;
    check(f->store, 100, 'o');
    check(f->store, 500, 'x');
    EXPECT_STATE("500 critical 1 mx-cert-expired since 500 changed 500 ends 1500");
    check(f->store, 300, 'x');
    EXPECT_STATE("500 critical 1 mx-cert-expired since 300 changed 300 ends 1500");
    check(f->store, 400, 'b');
    EXPECT_STATE("500 critical 1 mx-cert-expired since 300 changed 500 ends 1500");
    check(f->store, 450, 's');
    EXPECT_STATE("500 critical 1 mx-cert-expired since 500 changed 500 ends 1500");
    talloc_free(f);
}

void what_is_pruned_is_still_known_since_when(void **state)
{
    struct fixture *f = open_fixture();

    (void)state;
    for (int64_t at = 100; at <= 500; at += 100)
        check(f->store, at, 'x');
    assert_int_equal(store_prune(f->store, "example.com", 450), STS_OK);
    EXPECT_STATE("500 critical 1 mx-cert-expired since 100 changed 100 ends 1500");
    check(f->store, 500, 'x');
    check(f->store, 480, 'x');
    EXPECT_STATE("500 critical 1 mx-cert-expired since 100 changed 100 ends 1500");
    check(f->store, 600, 'x');
    EXPECT_STATE("600 critical 1 mx-cert-expired since 100 changed 100 ends 1600");
    talloc_free(f);
}

static bool add_part(void *arg, const char *part, int64_t domains)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%s=%lld;", part, (long long)domains);
    return true;
}

static bool add_state(void *arg, const struct store_state *s)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%s %s;", s->domain, s->verdict);
    return true;
}

static bool add_code(void *arg, const char *domain, const struct store_code *code)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%s %s %s;", domain, code->code,
                                   code->cause ? code->cause : "-");
    return true;
}

void findings_and_parts_are_of_the_newest_check(void **state)
{
    struct fixture *f = open_fixture();
    char *text = talloc_strdup(f, "");

    (void)state;
    check(f->store, 100, 'b');
    check(f->store, 50, 'o');
    assert_int_equal(store_parts(f->store, "example.com", add_part, &text), STS_OK);
    assert_int_equal(store_count_parts(f->store, &everything, add_part, &text), STS_OK);
    assert_int_equal(store_state_codes(f->store, &everything, add_code, &text), STS_OK);
    assert_string_equal(text,
                        "mx:mx1.example.net=1;provider:example=1;"
                        "mx:mx1.example.net=1;provider:example=1;"
                        "example.com mx-cert-expired mx:mx1.example.net;example.com mx-slow -;");
    check(f->store, 200, 'o');
    text = talloc_strdup(f, "");
    assert_int_equal(store_parts(f->store, "example.com", add_part, &text), STS_OK);
    assert_int_equal(store_state_codes(f->store, &everything, add_code, &text), STS_OK);
    assert_int_equal(store_states(f->store, &everything, NULL, 10, add_state, &text), STS_OK);
    assert_int_equal(store_states(f->store, &everything, "example.com", 10, add_state, &text),
                     STS_OK);
    assert_int_equal(store_states(f->store, &other, NULL, 10, add_state, &text), STS_OK);
    assert_string_equal(text, "mx:mx1.example.net=1;example.com ok;");
    talloc_free(f);
}

/* Whoever only says that a domain is theirs learns nothing of it. */
void what_is_not_proven_is_not_seen(void **state)
{
    struct fixture *f = open_fixture();
    struct store_owned owned = {.domain = "example.com", .proof = "", .group = 1};
    char *text = talloc_strdup(f, "");
    int64_t group;
    bool done;

    (void)state;
    check(f->store, 100, 'b');
    add(f->store, &(struct added_report){"1", 20, 0, 5, 2});
    assert_int_equal(store_take_domain(f->store, "example.com", 1, &done), STS_OK);
    assert_int_equal(store_take_domain(f->store, "example.net", 1, &done), STS_OK);
    assert_int_equal(store_give_domain(f->store, &owned, &group), STS_OK);
    assert_int_equal(store_states(f->store, &everything, NULL, 10, add_state, &text), STS_OK);
    assert_int_equal(store_count_parts(f->store, &everything, add_part, &text), STS_OK);
    assert_int_equal(store_state_codes(f->store, &everything, add_code, &text), STS_OK);
    assert_int_equal(store_lost(f->store, &everything, 0, add_part, &text), STS_OK);
    assert_string_equal(text, "");
    assert_int_equal(store_take_domain(f->store, "example.com", 1, &done), STS_OK);
    owned.proven = 7;
    assert_int_equal(store_give_domain(f->store, &owned, &group), STS_OK);
    assert_int_equal(store_states(f->store, &everything, NULL, 10, add_state, &text), STS_OK);
    assert_string_equal(text, "example.com critical;");
    talloc_free(f);
}

void worse_is_more_harm(void **state)
{
    (void)state;
    assert_true(store_harm("critical", "refused", "critical") >
                store_harm("critical", "partly-refused", "critical"));
    assert_true(store_harm("critical", "reported", "high") >
                store_harm("warning", "refused", "medium"));
    assert_true(store_harm("warning", "protected", "medium") >
                store_harm("unknown", "unknown", NULL));
    assert_int_equal(store_harm("ok", "protected", NULL), 0);
}

/* ---- sessions -------------------------------------------------------------------------------- */

#define DAY INT64_C(86400)

static void add(struct store *store, const struct added_report *r)
{
    const struct store_report_policy policies[] = {
        {"example.com", "sts", r->ok, r->failed},
        {"example.com", "tlsa", r->ok + 1, 0},
        {"example.com", "no-policy-found", 1, 0},
        {"example.net", "sts", 3, INT64_MAX},
    };
    const struct store_failure failures[] = {
        {"example.com", "starttls-not-supported", "mx1", "192.0.2.1", NULL, NULL, r->failed},
        {"example.com", "certificate-expired", NULL, NULL, NULL, NULL, 1},
    };
    char raw[64];
    struct store_report report = {.submitter = "mail.example",
                                  .report_id = r->id,
                                  .begins = r->day * DAY,
                                  .ends = r->day * DAY + DAY - 1,
                                  .received_at = 5,
                                  .mailed_at = r->mailed_at,
                                  .policies = policies,
                                  .policy_count = 4,
                                  .failures = failures,
                                  .failure_count = r->failed ? 2 : 0};
    enum store_added added;

    (void)snprintf(raw, sizeof raw, "%lld/%lld", (long long)r->ok, (long long)r->failed);
    report.raw = bytes_of(raw);
    assert_int_equal(store_add_report(store, &report, &added), STS_OK);
}

static bool add_day(void *arg, const struct store_day *day)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%lld:%lld/%lld/%lld ", (long long)day->day,
                                   (long long)day->reports, (long long)day->successful,
                                   (long long)day->failed);
    return true;
}

static bool add_failures(void *arg, int64_t day, const char *type, int64_t sessions)
{
    char **text = arg;

    *text =
        talloc_asprintf_append(*text, "%lld %s %lld;", (long long)day, type, (long long)sessions);
    return true;
}

#define ALL ((struct store_day_range){0, INT64_MAX})

static char *told_days(TALLOC_CTX *ctx, struct store *store)
{
    struct store_day_range all = ALL;
    char *text = talloc_strdup(ctx, "");

    assert_int_equal(store_days(store, "example.com", &all, NULL, add_day, &text), STS_OK);
    return text;
}

static char *told_failures(TALLOC_CTX *ctx, struct store *store)
{
    struct store_failure_filter filter = {.domain = "example.com", .range = ALL};
    char *text = talloc_strdup(ctx, "");

    assert_int_equal(store_failure_days(store, &filter, add_failures, &text), STS_OK);
    return text;
}

#define EXPECT_DAYS(text) assert_string_equal(told_days(f, f->store), text)

/* sts and tlsa may tell the same sessions: the larger counts, the rest adds to it. */
void a_day_has_what_its_reports_count(void **state)
{
    struct fixture *f = open_fixture();
    struct store_day_range one = {20, 21};
    char *text = talloc_strdup(f, "");

    (void)state;
    add(f->store, &(struct added_report){"1", 20, 0, 5, 2});
    EXPECT_DAYS("20:1/7/2 ");
    add(f->store, &(struct added_report){"1", 20, 0, 5, 2});
    EXPECT_DAYS("20:1/7/2 ");
    add(f->store, &(struct added_report){"2", 20, 0, 1, 0});
    add(f->store, &(struct added_report){"3", 21, 0, 1, 4});
    EXPECT_DAYS("20:2/10/2 21:1/3/4 ");
    assert_int_equal(store_days(f->store, "example.com", &one, "mail.example", add_day, &text),
                     STS_OK);
    assert_int_equal(store_days(f->store, "example.com", &one, "other.example", add_day, &text),
                     STS_OK);
    assert_int_equal(store_lost(f->store, &everything, 21, add_part, &text), STS_OK);
    assert_string_equal(text, "20:2/10/2 example.com=4;example.net=1099511627776;");
    assert_string_equal(told_failures(f, f->store),
                        "20 certificate-expired 1;20 starttls-not-supported 2;"
                        "21 certificate-expired 1;21 starttls-not-supported 4;");
    talloc_free(f);
}

/* A, B, and A mailed again. */
void a_revision_replaces_what_was_counted(void **state)
{
    struct fixture *f = open_fixture();

    (void)state;
    add(f->store, &(struct added_report){"1", 20, 10, 5, 2});
    add(f->store, &(struct added_report){"1", 20, 20, 8, 0});
    EXPECT_DAYS("20:1/10/0 ");
    assert_string_equal(told_failures(f, f->store), "");
    add(f->store, &(struct added_report){"1", 20, 15, 6, 6});
    EXPECT_DAYS("20:1/10/0 ");
    add(f->store, &(struct added_report){"1", 20, 30, 5, 2});
    EXPECT_DAYS("20:1/7/2 ");
    assert_string_equal(told_failures(f, f->store),
                        "20 certificate-expired 1;20 starttls-not-supported 2;");
    add(f->store, &(struct added_report){"1", 20, 25, 8, 0});
    EXPECT_DAYS("20:1/7/2 ");
    talloc_free(f);
}

static bool add_sums(void *arg, const struct store_failure_sums *sums)
{
    char **text = arg;

    *text =
        talloc_asprintf_append(*text, "%s %lld %lld-%lld;", sums->value, (long long)sums->sessions,
                               (long long)sums->first_day, (long long)sums->last_day);
    return true;
}

static bool add_sender(void *arg, const struct store_sender_sums *sums)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%s %lld/%lld;", sums->sender,
                                   (long long)sums->successful, (long long)sums->failed);
    return true;
}

static struct store_failure_place last_place;

static bool add_row(void *arg, const struct store_failure_row *row)
{
    char **text = arg;

    last_place = row->place;
    *text = talloc_asprintf_append(*text, "%lld %s %s %s %lld;", (long long)row->place.day,
                                   row->failure.type, row->failure.mx, row->failure.sending_ip,
                                   (long long)row->failure.sessions);
    return true;
}

void failures_are_found_by_filter(void **state)
{
    struct fixture *f = open_fixture();
    struct store_failure_filter filter = {.domain = "example.com", .range = ALL};
    char *text = talloc_strdup(f, "");

    (void)state;
    for (int64_t day = 20; day < 23; day++)
        add(f->store, &(struct added_report){"1", day, 0, 5, day});
    assert_int_equal(
        store_failure_sums(f->store, &filter, STORE_FAILURES_BY_TYPE, 9, add_sums, &text), STS_OK);
    assert_int_equal(
        store_failure_sums(f->store, &filter, STORE_FAILURES_BY_MX, 1, add_sums, &text), STS_OK);
    filter.mx = "mx1";
    filter.range.since = 21;
    assert_int_equal(
        store_failure_sums(f->store, &filter, STORE_FAILURES_BY_SENDER, 9, add_sums, &text),
        STS_OK);
    assert_int_equal(
        store_failure_sums(f->store, &filter, STORE_FAILURES_BY_SENDING_IP, 9, add_sums, &text),
        STS_OK);
    assert_int_equal(store_senders(f->store, "example.com", &filter.range, 5, add_sender, &text),
                     STS_OK);
    assert_string_equal(text, "starttls-not-supported 63 20-22;certificate-expired 3 20-22;"
                              "mx1 63 20-22;mail.example 43 21-22;192.0.2.1 43 21-22;"
                              "mail.example 14/43;");
    text = talloc_strdup(f, "");
    filter.mx = NULL;
    assert_int_equal(store_failures(f->store, &filter, STORE_LAST_FAILURE, 3, add_row, &text),
                     STS_OK);
    assert_int_equal(store_failures(f->store, &filter, last_place, 3, add_row, &text), STS_OK);
    assert_string_equal(text,
                        "22 certificate-expired   1;22 starttls-not-supported mx1 192.0.2.1 22;"
                        "21 certificate-expired   1;21 starttls-not-supported mx1 192.0.2.1 21;");
    talloc_free(f);
}

static bool add_sender_day(void *arg, const struct store_sender_day *day)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%lld %s %lld %lld-%lld p%lld%s;", (long long)day->day,
                                   day->sender, (long long)day->failed, (long long)day->begins,
                                   (long long)day->ends, (long long)day->policy,
                                   day->none ? " none" : "");
    return true;
}

static bool add_day_failure(void *arg, const struct store_day_failure *one)
{
    char **text = arg;

    *text = talloc_asprintf_append(
        *text, "%lld %s %s %s %lld p%lld%s%s;", (long long)one->day, one->sender, one->failure.type,
        one->failure.info, (long long)one->failure.sessions, (long long)one->policy,
        one->failure.rest ? " rest" : "", one->failure.twice ? " twice" : "");
    return true;
}

static bool add_name(void *arg, const char *sender, const char *name)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%s=%s;", sender, name);
    return true;
}

static void add_reported_policy(void *arg, const struct store_reported_policy *policy)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%s %s %s;", policy->type, policy->lines, policy->mx);
}

/* A report of one day with a policy; the mode is the first line, "": it found none. */
static void add_with_policy(struct store *store, const char *id, int64_t day, int64_t mailed_at,
                            const char *mode)
{
    const struct store_report_policy policy = {
        "example.com", *mode ? "sts" : "no-policy-found", 5, 3, *mode ? mode : NULL, "*.example"};
    const struct store_failure failures[] = {
        {"example.com", "t", NULL, NULL, NULL, NULL, 2, "more", 1, false, true},
        {.domain = "example.com", .sessions = 1, .policy = 1, .rest = true},
    };
    struct store_report report = {.submitter = "mail.example",
                                  .sender = "Mail Inc.",
                                  .report_id = id,
                                  .begins = day * DAY + 5,
                                  .ends = day * DAY + DAY + 4,
                                  .received_at = 5,
                                  .mailed_at = mailed_at,
                                  .raw = bytes_of(mode),
                                  .policies = &policy,
                                  .policy_count = 1,
                                  .failures = failures,
                                  .failure_count = 2};
    enum store_added added;

    assert_int_equal(store_add_report(store, &report, &added), STS_OK);
}

static char *told_page(struct fixture *f)
{
    struct store_day_range all = ALL;
    char *text = talloc_strdup(f, "");

    assert_int_equal(store_sender_days(f->store, "example.com", &all, add_sender_day, &text),
                     STS_OK);
    assert_int_equal(store_day_failures(f->store, "example.com", &all, 9, add_day_failure, &text),
                     STS_OK);
    return text;
}

/* What the page of a domain shows: whose revision counts is what a day has, its policy too. */
void a_day_has_what_the_page_shows(void **state)
{
    struct fixture *f = open_fixture();
    char *text = talloc_strdup(f, "");

    (void)state;
    add_with_policy(f->store, "1", 20, 10, "mode: testing");
    add_with_policy(f->store, "1", 20, 20, "mode: enforce");
    assert_string_equal(told_page(f), "20 mail.example 3 1728005-1814404 p2;"
                                      "20 mail.example   1 p2 rest;"
                                      "20 mail.example t more 2 p2 twice;");
    add_with_policy(f->store, "1", 20, 30, "mode: testing");
    add_with_policy(f->store, "2", 21, 0, "");
    assert_string_equal(told_page(f), "20 mail.example 3 1728005-1814404 p1;"
                                      "21 mail.example 3 1814405-1900804 p0 none;"
                                      "21 mail.example   1 p3 rest;"
                                      "21 mail.example t more 2 p3 twice;"
                                      "20 mail.example   1 p1 rest;"
                                      "20 mail.example t more 2 p1 twice;");
    assert_int_equal(store_sender_names(f->store, "example.com", add_name, &text), STS_OK);
    for (int64_t id = 1; id < 5; id++)
        assert_int_equal(store_reported_policy(f->store, id, add_reported_policy, &text), STS_OK);
    assert_string_equal(text, "mail.example=Mail Inc.;sts mode: testing *.example;"
                              "sts mode: enforce *.example;no-policy-found  *.example;");
    assert_string_equal(told_failures(f, f->store), "");
    talloc_free(f);
}

/* Told under MTA-STS and under DANE: a kind that two policies tell is not the worst for that. */
void sessions_told_twice_count_once(void **state)
{
    static const struct store_report_policy policies[] = {
        {"example.com", "sts", 5, 5, "mode: enforce", "*.example"},
        {"example.com", "tlsa", 8, 2, NULL, NULL}};
    static const struct store_failure failures[] = {
        {"example.com", "untrusted", "mx1", NULL, NULL, NULL, 3, NULL, 1, false, false},
        {"example.com", "expired", "mx2", NULL, NULL, NULL, 2, NULL, 1, false, false},
        {"example.com", "expired", "mx2", NULL, NULL, NULL, 2, NULL, 2, false, true}};
    const struct store_report report = {.submitter = "mail.example",
                                        .report_id = "1",
                                        .begins = 20 * DAY,
                                        .ends = 21 * DAY - 1,
                                        .raw = bytes_of("twice"),
                                        .policies = policies,
                                        .policy_count = 2,
                                        .failures = failures,
                                        .failure_count = 3};
    const struct store_failure_filter filter = {.domain = "example.com", .range = ALL};
    struct fixture *f = open_fixture();
    char *text = talloc_strdup(f, "");
    enum store_added added;

    (void)state;
    assert_int_equal(store_add_report(f->store, &report, &added), STS_OK);
    for (int by = STORE_FAILURES_BY_SENDER; by <= STORE_FAILURES_BY_MX; by++)
        assert_int_equal(
            store_failure_sums(f->store, &filter, (enum store_failures_by)by, 9, add_sums, &text),
            STS_OK);
    assert_string_equal(text, "mail.example 5 20-20;untrusted 3 20-20;expired 2 20-20;"
                              "mx1 3 20-20;mx2 2 20-20;");
    assert_string_equal(told_failures(f, f->store), "20 expired 2;20 untrusted 3;");
    talloc_free(f);
}

/* With the last report on it goes what is known of it. */
void policies_and_names_are_pruned(void **state)
{
    struct fixture *f = open_fixture();
    char *text = talloc_strdup(f, "");

    (void)state;
    add_with_policy(f->store, "1", 20, 0, "mode: testing");
    add_with_policy(f->store, "2", 20, 0, "mode: enforce");
    add_with_policy(f->store, "3", 22, 0, "mode: enforce");
    assert_int_equal(store_prune_reports(f->store, 22 * DAY), STS_OK);
    for (int64_t id = 1; id < 3; id++)
        assert_int_equal(store_reported_policy(f->store, id, add_reported_policy, &text), STS_OK);
    assert_int_equal(store_sender_names(f->store, "example.com", add_name, &text), STS_OK);
    assert_int_equal(store_prune_reports(f->store, 30 * DAY), STS_OK);
    assert_int_equal(store_sender_names(f->store, "example.com", add_name, &text), STS_OK);
    assert_string_equal(text, "sts mode: enforce *.example;mail.example=Mail Inc.;");
    talloc_free(f);
}

void what_is_pruned_is_no_longer_counted(void **state)
{
    struct fixture *f = open_fixture();

    (void)state;
    for (int64_t day = 20; day < 24; day++)
        add(f->store, &(struct added_report){"1", day, 0, day, 1});
    assert_int_equal(store_prune_reports(f->store, 21 * DAY + 5), STS_OK);
    EXPECT_DAYS("21:1/23/1 22:1/24/1 23:1/25/1 ");
    assert_int_equal(store_prune_reports(f->store, 22 * DAY), STS_OK);
    EXPECT_DAYS("22:1/24/1 23:1/25/1 ");
    assert_int_equal(store_prune_reports(f->store, 24 * DAY - 1), STS_OK);
    EXPECT_DAYS("23:1/25/1 ");
    assert_int_equal(store_prune_reports(f->store, 24 * DAY), STS_OK);
    EXPECT_DAYS("");
    assert_string_equal(told_failures(f, f->store), "");
    assert_int_equal(store_prune_reports(f->store, INT64_MIN), STS_OK);
    assert_int_equal(store_prune_reports(f->store, INT64_MAX), STS_OK);
    talloc_free(f);
}

/* ---- what an earlier version stored ---------------------------------------------------------- */

struct filling {
    struct store_unfilled_report list[8];
    size_t count;
    char submitter[64];
};

static bool note_report(void *arg, const struct store_unfilled_report *report)
{
    struct filling *filling = arg;

    (void)snprintf(filling->submitter, sizeof filling->submitter, "%s", report->submitter);
    filling->list[filling->count] = *report;
    filling->list[filling->count++].submitter = filling->submitter;
    return true;
}

static bool note_domain(void *arg, int64_t id, const char *domain)
{
    (void)domain;
    *(int64_t *)arg = id;
    return true;
}

static bool fill_some(struct store *store, size_t limit)
{
    struct filling filling = {.count = 0};
    const struct store_report_parts nothing = {NULL, NULL, 0, NULL, 0};
    struct store_todo todo;
    int64_t id = 0;

    assert_int_equal(rollups_unfilled_reports(store, limit, note_report, &filling), STS_OK);
    for (size_t i = 0; i < filling.count; i++)
        assert_int_equal(rollups_fill_report(store, &filling.list[i], &nothing), STS_OK);
    assert_int_equal(rollups_unfilled_domains(store, limit, note_domain, &id), STS_OK);
    if (id)
        assert_int_equal(rollups_domains_filled(store, id), STS_OK);
    assert_int_equal(rollups_todo(store, &todo), STS_OK);
    return todo.reports || todo.checks;
}

/* The fixture has two revisions of one report on day 0; another comes while they are filled. */
void what_was_stored_earlier_is_filled(void **state)
{
    struct fixture *f = talloc_zero(NULL, struct fixture);
    struct store_todo todo;
    int rounds = 0;

    (void)state;
    f->where = backend.fresh(f);
    backend.sql(f->where, test_fixture(f, "v12"));
    f->store = test_open(f, f->where);
    assert_int_equal(rollups_todo(f->store, &todo), STS_OK);
    assert_true(todo.reports && todo.checks);
    add(f->store, &(struct added_report){"new", 20, 0, 5, 2});
    EXPECT_DAYS("20:1/7/2 ");
    while (fill_some(f->store, 1) && rounds < 20)
        rounds++;
    EXPECT_DAYS("0:1/6/2 20:1/7/2 ");
    assert_false(fill_some(f->store, 1));
    EXPECT_DAYS("0:1/6/2 20:1/7/2 ");
    check(f->store, 120, 'o');
    EXPECT_STATE("200 ok 0 - since 200 changed 200 ends 0");
    talloc_free(f);
}
