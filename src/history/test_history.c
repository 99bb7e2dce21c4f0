/* SPDX-License-Identifier: MIT */
/* test_history.c - a store in a folder of its own. */
#include "history/test_history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "facts/facts.h"
#include "history/stored_reports.h"

struct store *test_store_open(void)
{
    char folder[] = "/dev/shm/mtasts-history-XXXXXX";
    struct store_fault *fault;
    struct store *store;
    char *path;

    assert_non_null(mkdtemp(folder));
    path = talloc_asprintf(NULL, "%s/db", folder);
    assert_int_equal(store_open(NULL, path, STORE_WRITE, &store, &fault), STS_OK);
    talloc_free(path);
    return store;
}

void test_store_close(struct store *store)
{
    char *path = talloc_strdup(NULL, store_name(store));

    talloc_free(store);
    assert_int_equal(unlink(path), 0);
    *strrchr(path, '/') = '\0';
    assert_int_equal(rmdir(path), 0);
    talloc_free(path);
}

void test_put_codes(struct store *store, int64_t at, const char *verdict,
                    const struct store_code *codes, size_t count)
{
    struct store_check check = {.domain = TEST_DOMAIN,
                                .observed_at = at,
                                .verdict = verdict,
                                .posture = "testing",
                                .delivery = "reported",
                                .codes = codes,
                                .code_count = count};

    assert_int_equal(store_put_check(store, &check), STS_OK);
}

void test_put_check(struct store *store, int64_t at, const char *code, const char *severity)
{
    const struct store_code one = {code, severity, NULL};

    test_put_codes(store, at, "ok", &one, code ? 1 : 0);
}

void test_put_policy(struct store *store, const char *id, const char *mode, int64_t max_age,
                     int64_t at)
{
    static const char *const mx[] = {"mx1.example.com", "*.example.net"};
    struct store_policy policy = {
        .domain = TEST_DOMAIN, .id = id, .mode = mode, .max_age = max_age, .mx = mx, .mx_count = 2};

    assert_int_equal(store_policy_seen(store, &policy, at), STS_OK);
}

void test_put_report(struct store *store, const char *submitter, int64_t day, int64_t successful,
                     int64_t failed)
{
    struct store_report_policy policy = {TEST_DOMAIN, "sts", successful, failed};
    char *id = talloc_asprintf(NULL, "%lld", (long long)day);
    struct store_report report = {.submitter = submitter,
                                  .report_id = id,
                                  .begins = day,
                                  .ends = day + TEST_DAY - 1,
                                  .received_at = day + TEST_DAY,
                                  .raw = {"{}", 2},
                                  .policies = &policy,
                                  .policy_count = 1};
    enum store_added added;

    assert_int_equal(store_add_report(store, &report, &added), STS_OK);
    talloc_free(id);
}

void test_put_text(struct store *store, const char *text, int64_t received_at)
{
    static const struct sts_report_origin origin = {NULL, NULL, NULL, NULL};
    const struct intake_source source = {
        .path = "test", .text = {text, strlen(text)}, .origin = &origin};
    enum sts_report_fault fault;
    struct sts_report *report;
    enum store_added added;
    size_t used;

    assert_int_equal(sts_report_parse(text, strlen(text), NULL, &used, &fault, &report), STS_OK);
    assert_int_equal(stored_report_put(store, report, &source, received_at, &added), STS_OK);
    sts_report_free(report);
}

/* A greeting of so many bytes no probe writes down; the store does not know that. */
void facts_too_large(struct facts *facts, const char *domain)
{
    char *greeting = talloc_size(facts, STORE_RAW_MAX);

    assert_non_null(greeting);
    memset(greeting, 'x', STORE_RAW_MAX);
    facts->domain = domain;
    facts->mx[0].sessions[0].greeting = (struct bytes){greeting, STORE_RAW_MAX};
}
