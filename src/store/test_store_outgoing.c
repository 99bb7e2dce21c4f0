/* SPDX-License-Identifier: MIT */
/* test_store_outgoing.c - reports planned, claimed, sent, tried again and given up. */
#include "store/test_store.h"

#include <stdio.h>
#include <string.h>

#include "store/outgoing.h"

#define ORGANIZATION "sender.example"
#define DUE          1000
#define LEASE        100

static struct store *open_fresh(TALLOC_CTX *ctx)
{
    struct store_fault *fault;
    struct store *store;

    assert_int_equal(store_open(ctx, backend.fresh(ctx), STORE_WRITE, &store, &fault), STS_OK);
    return store;
}

static void plan(struct store *store, int64_t counted, const char *domain)
{
    const struct store_new_delivery deliveries[] = {
        {"mailto:t@a.example", "a.example", true, STORE_OUTGOING_WAITING, ""},
        {"https://b.example/", "b.example", false, STORE_OUTGOING_WAITING, ""},
        {"ftp:x", "", false, STORE_OUTGOING_UNUSABLE, ""}};
    const struct store_new_outgoing report = {.organization = ORGANIZATION,
                                              .day = 5,
                                              .counted = counted,
                                              .domain = domain,
                                              .due = DUE + counted,
                                              .deliveries = deliveries,
                                              .delivery_count = 3};

    assert_int_equal(store_plan_outgoing(store, &report), STS_OK);
}

struct seen {
    char text[1000];
    struct store_outgoing first;
};

static bool see(void *arg, const struct store_outgoing *delivery)
{
    struct seen *seen = arg;
    size_t length = strlen(seen->text);

    if (!length)
        seen->first = *delivery;
    snprintf(seen->text + length, sizeof(seen->text) - length, "%s %s %s %lld;", delivery->domain,
             delivery->uri, delivery->state, (long long)delivery->tries);
    return true;
}

static struct seen claim(struct store *store, int64_t now, size_t per_host, const char *domain)
{
    const struct store_outgoing_claim wish = {.organization = ORGANIZATION,
                                              .domain = domain,
                                              .now = now,
                                              .until = now + LEASE,
                                              .per_host = per_host,
                                              .limit = 100};
    struct seen seen = {""};

    assert_int_equal(store_claim_outgoing(store, &wish, see, &seen), STS_OK);
    return seen;
}

static struct seen list(struct store *store, const char *domain, bool open)
{
    const struct store_outgoing_filter filter = {ORGANIZATION, domain, open, 100};
    struct seen seen = {""};

    assert_int_equal(store_outgoing_list(store, &filter, see, &seen), STS_OK);
    return seen;
}

static void end(struct store *store, const char *uri, int64_t place, int64_t at,
                enum store_outgoing_state state)
{
    const struct store_outgoing_result result = {.organization = ORGANIZATION,
                                                 .uri = uri,
                                                 .report = 1,
                                                 .place = place,
                                                 .at = at,
                                                 .state = state,
                                                 .next_try = at + 50,
                                                 .tried = true,
                                                 .outcome = "HTTP 503"};

    assert_int_equal(store_outgoing_result(store, &result), STS_OK);
}

void a_report_is_planned_once(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);

    (void)state;
    plan(store, 1, "a.example");
    plan(store, 1, "a.example");
    assert_string_equal(list(store, "a.example", false).text,
                        "a.example mailto:t@a.example waiting 0;"
                        "a.example https://b.example/ waiting 0;a.example ftp:x unusable 0;");
    talloc_free(ctx);
}

static void count_at(struct store *store, const char *domain, int64_t number, int64_t at)
{
    const struct store_session_counts counts = {.day = 5,
                                                .domain = domain,
                                                .record = "v=TLSRPTv1",
                                                .key = bytes_of("key"),
                                                .type = "sts",
                                                .policy_domain = domain,
                                                .lines = "",
                                                .mx = "",
                                                .successful = 1};
    const struct store_session_flush flush = {
        .collector = "a", .run = "r", .number = number, .at = at, .counts = &counts, .count = 1};

    assert_int_equal(store_count_sessions(store, &flush), STS_OK);
}

static void count(struct store *store, const char *domain, int64_t number)
{
    count_at(store, domain, number, 0);
}

static bool add_name(void *arg, const struct store_counted_domain *domain)
{
    char *text = arg;
    size_t length = strlen(text);

    snprintf(text + length, 100 - length, "%s;", domain->domain);
    return true;
}

static const char *unplanned(struct store *store, const char *organization, int64_t after,
                             size_t limit, char text[100])
{
    const struct store_outgoing_page page = {organization, 5, after, limit};

    *text = '\0';
    assert_int_equal(store_outgoing_unplanned(store, &page, add_name, text), STS_OK);
    return text;
}

/* A lower id than one that is planned may appear later, where several collectors write. */
void what_is_not_planned_is_found_in_any_order(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);
    const struct store_outgoing_page without_limit = {ORGANIZATION, 5, 0, 0};
    char text[100];

    (void)state;
    count(store, "a.example", 1);
    count(store, "b.example", 2);
    count(store, "c.example", 3);
    assert_string_equal(unplanned(store, ORGANIZATION, 0, 2, text), "a.example;b.example;");
    assert_string_equal(unplanned(store, ORGANIZATION, 1, 9, text), "b.example;c.example;");
    plan(store, 2, "b.example");
    assert_string_equal(unplanned(store, ORGANIZATION, 0, 9, text), "a.example;c.example;");
    assert_string_equal(unplanned(store, "other.example", 0, 9, text),
                        "a.example;b.example;c.example;");
    plan(store, 1, "a.example");
    plan(store, 3, "c.example");
    assert_string_equal(unplanned(store, ORGANIZATION, 0, 9, text), "");
    assert_int_equal(store_outgoing_unplanned(store, &without_limit, add_name, text),
                     STS_E_INVALID);
    talloc_free(ctx);
}

void deliveries_are_counted_by_state(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);
    struct store_outgoing_numbers numbers;

    (void)state;
    plan(store, 1, "a.example");
    plan(store, 2, "b.example");
    end(store, "mailto:t@a.example", 0, DUE, STORE_OUTGOING_SENT);
    end(store, "https://b.example/", 1, DUE, STORE_OUTGOING_EXPIRED);
    assert_int_equal(store_outgoing_numbers(store, ORGANIZATION, 5, &numbers), STS_OK);
    assert_int_equal(numbers.deliveries[STORE_OUTGOING_WAITING], 2);
    assert_int_equal(numbers.deliveries[STORE_OUTGOING_SENT], 1);
    assert_int_equal(numbers.deliveries[STORE_OUTGOING_EXPIRED], 1);
    assert_int_equal(numbers.deliveries[STORE_OUTGOING_UNUSABLE], 2);
    assert_int_equal(numbers.failing, 1);
    assert_int_equal(store_outgoing_numbers(store, ORGANIZATION, 6, &numbers), STS_OK);
    assert_int_equal(numbers.deliveries[STORE_OUTGOING_WAITING], 0);
    assert_int_equal(store_outgoing_numbers(store, "other.example", 5, &numbers), STS_OK);
    assert_int_equal(numbers.failing, 0);
    talloc_free(ctx);
}

static bool add_reported(void *arg, const struct store_reported *reported)
{
    char *text = arg;
    size_t length = strlen(text);

    snprintf(text + length, 100 - length, "%d %lld %lld;", (int)reported->state,
             (long long)reported->sessions, (long long)reported->late);
    return true;
}

static const char *reported(struct store *store, int64_t day, char text[100])
{
    *text = '\0';
    assert_int_equal(store_outgoing_reported(store, day, add_reported, text), STS_OK);
    return text;
}

/* Of several destinations the one that lacks it counts. */
void what_became_of_what_is_counted(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);
    const struct store_new_outgoing nowhere = {
        .organization = ORGANIZATION, .day = 5, .counted = 2, .domain = "b.example"};
    char text[100];

    (void)state;
    count(store, "a.example", 1);
    count(store, "b.example", 2);
    count(store, "c.example", 3);
    assert_string_equal(reported(store, 5, text), "0 3 0;");
    assert_string_equal(reported(store, 6, text), "");
    plan(store, 1, "a.example");
    assert_int_equal(store_plan_outgoing(store, &nowhere), STS_OK);
    assert_string_equal(reported(store, 5, text), "0 1 0;1 1 0;7 1 0;");
    end(store, "mailto:t@a.example", 0, DUE, STORE_OUTGOING_SENT);
    end(store, "https://b.example/", 1, DUE, STORE_OUTGOING_EXPIRED);
    assert_string_equal(reported(store, 5, text), "0 1 0;3 1 0;7 1 0;");
    end(store, "https://b.example/", 1, DUE, STORE_OUTGOING_SENT);
    assert_string_equal(reported(store, 5, text), "0 1 0;6 1 0;7 1 0;");
    count_at(store, "a.example", 4, DUE + 1);
    assert_string_equal(reported(store, 5, text), "0 1 0;6 2 2;7 1 0;");
    talloc_free(ctx);
}

void who_claims_a_delivery_has_it(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);

    (void)state;
    plan(store, 1, "a.example");
    assert_string_equal(claim(store, DUE, 9, "").text, "");
    assert_string_equal(claim(store, DUE + 1, 9, "other.example").text, "");
    assert_string_equal(claim(store, DUE + 1, 9, "a.example").text,
                        "a.example mailto:t@a.example waiting 0;"
                        "a.example https://b.example/ waiting 0;");
    assert_string_equal(claim(store, DUE + LEASE, 9, "").text, "");
    /* whoever had it is gone */
    assert_string_equal(claim(store, DUE + LEASE + 1, 9, "").text,
                        "a.example mailto:t@a.example waiting 0;"
                        "a.example https://b.example/ waiting 0;");
    talloc_free(ctx);
}

void a_host_has_its_share_of_a_claim(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);

    (void)state;
    plan(store, 1, "a.example");
    plan(store, 2, "c.example");
    plan(store, 3, "d.example");
    assert_string_equal(claim(store, DUE + 9, 1, "").text,
                        "a.example mailto:t@a.example waiting 0;"
                        "a.example https://b.example/ waiting 0;");
    talloc_free(ctx);
}

void results_decide_what_is_due(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);
    struct seen seen;
    int64_t mails = 0;

    (void)state;
    plan(store, 1, "a.example");
    (void)claim(store, DUE + 1, 9, "");
    end(store, "mailto:t@a.example", 0, DUE + 2, STORE_OUTGOING_SENT);
    end(store, "https://b.example/", 1, DUE + 2, STORE_OUTGOING_WAITING);
    assert_string_equal(claim(store, DUE + 51, 9, "").text, "");
    seen = claim(store, DUE + 52, 9, "");
    assert_string_equal(seen.text, "a.example https://b.example/ waiting 1;");
    assert_int_equal(seen.first.first_try, DUE + 2);
    assert_int_equal(seen.first.at, DUE + 2);
    end(store, "https://b.example/", 1, DUE + 60, STORE_OUTGOING_FAILED);
    assert_string_equal(claim(store, DUE + 999, 9, "").text, "");
    assert_string_equal(list(store, "", true).text,
                        "a.example https://b.example/ failed 2;a.example ftp:x unusable 0;");
    assert_int_equal(store_outgoing_mails(store, "a.example", DUE, DUE + 3, &mails), STS_OK);
    assert_int_equal(mails, 1);
    assert_int_equal(store_outgoing_mails(store, "a.example", DUE, DUE + 2, &mails), STS_OK);
    assert_int_equal(mails, 0);
    assert_int_equal(store_outgoing_mails(store, "b.example", 0, DUE * 9, &mails), STS_OK);
    assert_int_equal(mails, 0);
    talloc_free(ctx);
}

void who_fails_is_known_until_it_works(void **state)
{
    static const char uri[] = "https://b.example/";
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);
    struct store_outgoing_failing failing;

    (void)state;
    plan(store, 1, "a.example");
    end(store, uri, 1, 2000, STORE_OUTGOING_WAITING);
    end(store, uri, 1, 3000, STORE_OUTGOING_EXPIRED);
    assert_int_equal(store_outgoing_failing(store, ORGANIZATION, uri, &failing), STS_OK);
    assert_int_equal(failing.since, 2000);
    assert_int_equal(failing.tried, 3000);
    assert_int_equal(store_outgoing_failing(store, "other.example", uri, &failing), STS_OK);
    assert_int_equal(failing.since, 0);
    end(store, uri, 1, 4000, STORE_OUTGOING_SENT);
    assert_int_equal(store_outgoing_failing(store, ORGANIZATION, uri, &failing), STS_OK);
    assert_int_equal(failing.since, 0);
    talloc_free(ctx);
}

void sent_reports_are_forgotten(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);

    (void)state;
    plan(store, 1, "a.example");
    assert_int_equal(store_prune_outgoing(store, 5), STS_OK);
    assert_true(*list(store, "", false).text);
    assert_int_equal(store_prune_outgoing(store, 6), STS_OK);
    assert_string_equal(list(store, "", false).text, "");
    assert_string_equal(claim(store, DUE * 9, 9, "").text, "");
    talloc_free(ctx);
}
