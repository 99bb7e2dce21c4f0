/* SPDX-License-Identifier: MIT */
/* test_store_session_counts.c - sessions of our own mail servers, counted and read for reports. */
#include "store/test_store.h"

#include <stdlib.h>
#include <string.h>

#include "store/rollups.h"
#include "store/session_counts.h"

#define DAY    20000
#define RECORD "v=TLSRPTv1;rua=mailto:tls-reports@example.com"
#define OTHER  "v=TLSRPTv1;rua=https://example.com/tls"

static const struct store_session_detail expired = {
    "certificate-expired", "192.0.2.1", "mx1.example.com", "mx1", "198.51.100.1", "", "", 2, false};

static struct store_session_counts counts_of(const char *domain, const char *record,
                                             const char *key)
{
    return (struct store_session_counts){.day = DAY,
                                         .domain = domain,
                                         .record = record,
                                         .key = bytes_of(key),
                                         .type = "sts",
                                         .policy_domain = domain,
                                         .lines = "version: STSv1\nmode: enforce",
                                         .mx = "mx1.example.com",
                                         .successful = 3,
                                         .failed = 2};
}

static void flush(struct store *store, const char *run, int64_t number,
                  const struct store_session_counts *counts, size_t count)
{
    const struct store_collected collected = {.day = DAY, .received = 7, .malformed = 1};
    const struct store_session_flush flush = {.collector = "relay1.example",
                                              .run = run,
                                              .number = number,
                                              .at = DAY * INT64_C(86400) + number,
                                              .counts = counts,
                                              .count = count,
                                              .collected = &collected,
                                              .collected_count = 1};

    assert_int_equal(store_count_sessions(store, &flush), STS_OK);
}

/* ---- all that is there, as text -------------------------------------------------------------- */

struct telling {
    struct store *store;
    char *text;
    int64_t ids[8];
    size_t count;
};

static bool tell_detail(void *arg, const struct store_session_detail *detail)
{
    struct telling *telling = arg;

    telling->text = talloc_asprintf_append(telling->text, " {%s %s %s %lld%s}", detail->type,
                                           detail->mx, detail->helo, (long long)detail->sessions,
                                           detail->rest ? " rest" : "");
    return true;
}

static bool tell_policy(void *arg, const struct store_counted_policy *policy)
{
    struct telling *telling = arg;

    telling->text = talloc_asprintf_append(
        telling->text, " %s/%s/%s %lld/%lld", policy->type, policy->policy_domain, policy->mx,
        (long long)policy->successful, (long long)policy->failed);
    telling->ids[telling->count++] = policy->id;
    return true;
}

static bool tell_domain(void *arg, const struct store_counted_domain *domain)
{
    struct telling *telling = arg;

    telling->text = talloc_asprintf_append(
        telling->text, "%s%s %s %lld/%lld %lld-%lld:", telling->count ? "; " : "", domain->domain,
        strcmp(domain->record, RECORD) == 0 ? "record" : "other", (long long)domain->successful,
        (long long)domain->failed, (long long)(domain->first_at - DAY * INT64_C(86400)),
        (long long)(domain->last_at - DAY * INT64_C(86400)));
    telling->ids[telling->count++] = domain->id;
    return true;
}

static const char *details_of(struct telling *telling, int64_t policy)
{
    telling->text = talloc_strdup(telling->store, "");
    assert_int_equal(store_counted_details(telling->store, policy, tell_detail, telling), STS_OK);
    return telling->text;
}

static const char *policies_of(struct telling *telling, int64_t domain)
{
    telling->text = talloc_strdup(telling->store, "");
    telling->count = 0;
    assert_int_equal(store_counted_policies(telling->store, domain, tell_policy, telling), STS_OK);
    return telling->text;
}

static const char *domains_of(struct telling *telling, int64_t after, size_t limit)
{
    telling->text = talloc_strdup(telling->store, "");
    telling->count = 0;
    assert_int_equal(store_counted_domains(telling->store, DAY, after, limit, tell_domain, telling),
                     STS_OK);
    return telling->text;
}

static bool tell_collector(void *arg, const struct store_collector_day *day)
{
    char **text = arg;

    *text = talloc_asprintf_append(
        *text, "%s %lld/%lld/%lld/%lld;", day->collector, (long long)day->collected.received,
        (long long)day->collected.malformed, (long long)day->collected.truncated,
        (long long)day->collected.lost);
    return true;
}

static const char *collectors_of(struct store *store)
{
    char *text = talloc_strdup(store, "");

    assert_int_equal(store_collector_days(store, DAY, tell_collector, &text), STS_OK);
    return text;
}

static struct telling opened(TALLOC_CTX *ctx)
{
    return (struct telling){.store = test_open(ctx, backend.fresh(ctx))};
}

/* ---- cases ----------------------------------------------------------------------------------- */

void sessions_are_counted_by_day_record_and_policy(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct telling telling = opened(ctx);
    struct store_session_counts counts[] = {
        counts_of("example.com", RECORD, "a"), counts_of("example.com", RECORD, "b"),
        counts_of("example.com", OTHER, "a"), counts_of("example.net", RECORD, "a")};
    int64_t first;

    (void)state;
    counts[0].details = &expired;
    counts[0].detail_count = 1;
    counts[1].policy_domain = "\xff"; /* no UTF-8 */
    flush(telling.store, "one", 1, counts, 4);
    flush(telling.store, "two", 2, counts, 1); /* another relay */
    assert_string_equal(domains_of(&telling, 0, 2),
                        "example.com record 9/6 1-2:; example.com other 3/2 1-1:");
    first = telling.ids[0];
    assert_string_equal(domains_of(&telling, telling.ids[1], 2), "example.net record 3/2 1-1:");
    assert_string_equal(policies_of(&telling, first),
                        " sts/example.com/mx1.example.com 6/4 sts/\\xff/mx1.example.com 3/2");
    assert_string_equal(details_of(&telling, telling.ids[0]),
                        " {certificate-expired mx1.example.com mx1 4}");
    assert_string_equal(details_of(&telling, telling.ids[1]), "");
    assert_string_equal(collectors_of(telling.store), "relay1.example 14/2/0/0;");
    talloc_free(ctx);
}

void a_flush_counts_once(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct telling telling = opened(ctx);
    const struct store_session_counts counts = counts_of("example.com", RECORD, "a");
    struct store_session_counts wrong = counts;
    struct store_session_flush none = {"relay", "one", 0, 0, NULL, 0, NULL, 0};

    (void)state;
    flush(telling.store, "one", 1, &counts, 1);
    flush(telling.store, "one", 1, &counts, 1);
    flush(telling.store, "one", 2, &counts, 1);
    flush(telling.store, "one", 1, &counts, 1);
    assert_string_equal(domains_of(&telling, 0, 9), "example.com record 6/4 1-2:");
    assert_string_equal(collectors_of(telling.store), "relay1.example 14/2/0/0;");
    assert_int_equal(store_count_sessions(telling.store, &none), STS_E_INVALID);
    wrong.failed = -1;
    none = (struct store_session_flush){"relay", "one", 3, 0, &wrong, 1, NULL, 0};
    assert_int_equal(store_count_sessions(telling.store, &none), STS_E_INVALID);
    talloc_free(ctx);
}

void details_beyond_the_ceiling_are_one_row(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct telling telling = opened(ctx);
    struct store_session_detail *details =
        talloc_zero_array(ctx, struct store_session_detail, STORE_DETAILS_MAX + 3);
    struct store_session_counts counts = counts_of("example.com", RECORD, "a");
    const char *text;

    (void)state;
    for (size_t i = 0; i < STORE_DETAILS_MAX + 3; i++) {
        details[i] = expired;
        details[i].helo = talloc_asprintf(details, "id%zu", i);
    }
    details[0].sessions = 5;
    details[STORE_DETAILS_MAX + 2].type = "validation-failure";
    counts.details = details;
    counts.detail_count = STORE_DETAILS_MAX + 3;
    flush(telling.store, "one", 1, &counts, 1);
    flush(telling.store, "one", 2, &counts, 1);
    (void)domains_of(&telling, 0, 9);
    (void)policies_of(&telling, telling.ids[0]);
    text = details_of(&telling, telling.ids[0]);
    assert_memory_equal(text, " {certificate-expired mx1.example.com id0 10}", 45);
    assert_non_null(strstr(text, " {certificate-expired mx1.example.com id199 4}"));
    assert_null(strstr(text, "id200"));
    assert_non_null(strstr(text, " {certificate-expired   8 rest}"));
    assert_non_null(strstr(text, " {validation-failure   4 rest}"));
    talloc_free(ctx);
}

void policies_beyond_the_ceiling_are_lost(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct telling telling = opened(ctx);
    struct store_session_counts *counts =
        talloc_array(ctx, struct store_session_counts, STORE_COUNTED_MAX + 2);

    (void)state;
    for (size_t i = 0; i < STORE_COUNTED_MAX + 1; i++)
        counts[i] =
            counts_of("example.com", i % 2 ? RECORD : OTHER, talloc_asprintf(counts, "%zu", i));
    counts[STORE_COUNTED_MAX + 1] = counts_of("example.net", RECORD, "a");
    flush(telling.store, "one", 1, counts, STORE_COUNTED_MAX + 2);
    assert_string_equal(domains_of(&telling, 0, 9),
                        "example.com other 300/200 1-1:; example.com record 300/200 1-1:; "
                        "example.net record 3/2 1-1:");
    assert_string_equal(collectors_of(telling.store), "relay1.example 7/1/0/5;");
    talloc_free(ctx);
}

static bool note_day(void *arg, int64_t day)
{
    *(int64_t *)arg = day;
    return true;
}

void a_day_may_be_reported_a_minute_after_it(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = test_open(ctx, backend.fresh(ctx));
    const struct store_session_counts counts = counts_of("example.com", RECORD, "a");
    int64_t end = (DAY + 1) * INT64_C(86400), day = -1;

    (void)state;
    flush(store, "one", 1, &counts, 1);
    assert_int_equal(store_counted_days(store, end + 59, note_day, &day), STS_OK);
    assert_int_equal(day, -1);
    assert_int_equal(store_counted_days(store, end + 60, note_day, &day), STS_OK);
    assert_int_equal(day, DAY);
    talloc_free(ctx);
}

void counted_days_are_forgotten(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct telling telling = opened(ctx);
    struct store_session_counts counts = counts_of("example.com", RECORD, "a");
    int64_t policy;

    (void)state;
    counts.details = &expired;
    counts.detail_count = 1;
    flush(telling.store, "one", 1, &counts, 1);
    assert_int_equal(store_prune_counted(telling.store, DAY), STS_OK);
    (void)domains_of(&telling, 0, 9);
    assert_int_equal(telling.count, 1);
    (void)policies_of(&telling, telling.ids[0]);
    policy = telling.ids[0];
    assert_int_equal(store_prune_counted(telling.store, DAY + 1), STS_OK);
    assert_string_equal(domains_of(&telling, 0, 9), "");
    assert_string_equal(details_of(&telling, policy), "");
    assert_string_equal(collectors_of(telling.store), "");
    flush(telling.store, "one", 1, &counts, 1); /* the run is forgotten, too */
    assert_string_equal(domains_of(&telling, 0, 9), "example.com record 3/2 1-1:");
    talloc_free(ctx);
}
