/* SPDX-License-Identifier: MIT */
/* test_policy_history.c - what the store remembers, as plan and rollback get it; nothing from the
 * future. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "history/policy_history.h"

#define DAY ((int64_t)86400)

static void put_check(struct store *store, int64_t at, const char *name, const char *severity)
{
    struct store_code code = {name, severity, NULL};
    struct store_check check = {.domain = "example.com",
                                .observed_at = at,
                                .verdict = "ok",
                                .posture = "testing",
                                .delivery = "reported",
                                .codes = &code,
                                .code_count = name ? 1 : 0};

    assert_int_equal(store_put_check(store, &check), STS_OK);
}

static void put_policy(struct store *store, const char *id, const char *mode, int64_t max_age,
                       int64_t at)
{
    static const char *const mx[] = {"mx1.example.com", "*.example.net"};
    struct store_policy policy = {.domain = "example.com",
                                  .id = id,
                                  .mode = mode,
                                  .max_age = max_age,
                                  .mx = mx,
                                  .mx_count = 2};

    assert_int_equal(store_policy_seen(store, &policy, at), STS_OK);
}

static void put_report(struct store *store, const char *id, int64_t day, int64_t good, int64_t bad)
{
    struct store_report_policy policy = {"example.com", "sts", good, bad};
    struct store_report report = {.submitter = "sender.example",
                                  .report_id = id,
                                  .begins = day,
                                  .ends = day + DAY - 1,
                                  .raw = {"{}", 2},
                                  .policies = &policy,
                                  .policy_count = 1};
    enum store_added added;

    assert_int_equal(store_add_report(store, &report, &added), STS_OK);
}

static char folder[] = "/dev/shm/mtasts-policy-history-XXXXXX";

static int open_store(void **state)
{
    struct store_fault *fault;
    struct store *store;
    char *path;

    assert_non_null(mkdtemp(folder));
    path = talloc_asprintf(NULL, "%s/db", folder);
    assert_int_equal(store_open(NULL, path, STORE_WRITE, &store, &fault), STS_OK);
    talloc_steal(store, path);
    put_policy(store, "1", "testing", 86400, 10 * DAY);
    put_policy(store, "1", "testing", 86400, 24 * DAY);
    put_policy(store, "2", "enforce", 604800, 25 * DAY);
    put_check(store, 10 * DAY, NULL, NULL);
    put_check(store, 12 * DAY, "mx-cert-expired", "high");
    put_check(store, 14 * DAY, "mx-unreachable", "high");
    put_check(store, 15 * DAY, "policy-mode-testing", "low");
    put_check(store, 24 * DAY, "no-such-code", "high");
    put_check(store, 26 * DAY, "mx-not-covered", "critical");
    put_report(store, "a", 14 * DAY, 10, 2);
    put_report(store, "b", 25 * DAY, 20, 0);
    *state = store;
    return 0;
}

static int close_store(void **state)
{
    char *path = talloc_strdup(NULL, store_name(*state));

    talloc_free(*state);
    (void)unlink(path);
    (void)rmdir(folder);
    talloc_free(path);
    return 0;
}

static struct history *past(struct store *store, const char *domain, int64_t now)
{
    struct history *history;

    assert_int_equal(policy_history_read(store, store, domain, now, &history), STS_OK);
    return history;
}

static void all_of_it(void **state)
{
    struct history *h = past(*state, "example.com", 30 * DAY);

    assert_int_equal(h->policy_count, 2);
    assert_string_equal(h->policies[0].id, "1");
    assert_int_equal(h->policies[0].mode, STS_MODE_TESTING);
    assert_int_equal(h->policies[0].first_seen, 10 * DAY);
    assert_int_equal(h->policies[0].last_seen, 24 * DAY);
    assert_int_equal(h->policies[0].gone_at, 26 * DAY); /* not when the other was first seen */
    assert_int_equal(h->policies[1].gone_at, 26 * DAY);
    assert_int_equal(h->policies[1].mode, STS_MODE_ENFORCE);
    assert_int_equal(h->policies[1].max_age, 604800);
    assert_string_equal(h->policies[1].mx[1], "*.example.net");
    assert_int_equal(h->check_count, 6);
    assert_int_equal(h->first_check, 10 * DAY);
    assert_int_equal(h->last_bad, 26 * DAY);
    assert_int_equal(h->clean_since, 0);
    assert_int_equal(h->report_count, 2);
    assert_string_equal(h->reports[0].submitter, "sender.example");
    assert_int_equal(h->reports[0].failed, 2);
}

static void only_what_was_known_then(void **state)
{
    struct history *h = past(*state, "example.com", 20 * DAY);

    assert_int_equal(h->policy_count, 1);
    assert_int_equal(h->policies[0].last_seen, 20 * DAY);
    assert_int_equal(h->policies[0].gone_at, 0);
    assert_int_equal(h->check_count, 4);
    assert_int_equal(h->last_bad, 12 * DAY);
    assert_int_equal(h->clean_since, 15 * DAY); /* what could not be judged is not clean */
    assert_int_equal(h->report_count, 1);
}

static void another_domain(void **state)
{
    struct history *h = past(*state, "example.org", 30 * DAY);

    assert_int_equal(h->policy_count + h->check_count + h->report_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_it),
        cmocka_unit_test(only_what_was_known_then),
        cmocka_unit_test(another_domain),
    };

    return cmocka_run_group_tests(tests, open_store, close_store);
}
