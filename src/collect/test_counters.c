/* SPDX-License-Identifier: MIT */
/* test_counters.c - what is counted is what was sent, recognised or read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "collect/counters.h"
#include "collect/limits.h"

static const char *sent(TALLOC_CTX *ctx, const char *domain, const char *helo, bool failed)
{
    return talloc_asprintf(
        ctx,
        "{\"d\":\"%s\",\"pr\":\"v=TLSRPTv1;rua=mailto:a@example.com\",\"policies\":["
        "{\"policy-type\":2,\"policy-domain\":\"%s\",\"f\":%d%s%s%s}]}",
        domain, domain, failed,
        failed ? ",\"failure-details\":[{\"c\":204,\"n\":\"mx.example\",\"h\":\"" : "",
        failed ? helo : "", failed ? "\"}]" : "");
}

static void add(struct counters *counters, const char *datagram)
{
    assert_int_equal(counters_add(counters, bytes_of(datagram)), SESSION_EVENT_NONE);
}

static struct store_session_counts find(const struct store_session_flush *flush, const char *domain)
{
    for (size_t i = 0; i < flush->count; i++)
        if (strcmp(flush->counts[i].domain, domain) == 0)
            return flush->counts[i];
    fail_msg("no %s", domain);
    return (struct store_session_counts){0};
}

static void what_comes_again_is_recognised(void **state)
{
    struct counters *counters = counters_new(NULL, 5);
    struct store_session_flush flush;
    struct store_session_counts counts;

    (void)state;
    assert_true(counters_is_empty(counters));
    for (size_t i = 0; i < 10; i++) {
        add(counters, sent(counters, "a.example", "mx", false));
        add(counters, sent(counters, "a.example", "mx", true));
        add(counters, sent(counters, "b.example", "mx", i % 2));
    }
    assert_int_equal(counters_add(counters, bytes_of("{")), SESSION_EVENT_NOT_JSON);
    counters_truncated(counters);
    assert_int_equal(counters_repeated(counters), 26);
    assert_int_equal(counters_policies(counters), 2);
    assert_int_equal(counters_flush(counters, &flush), STS_OK);
    assert_int_equal(flush.count, 2);
    counts = find(&flush, "a.example");
    assert_int_equal(counts.day, 5);
    assert_int_equal(counts.successful, 10);
    assert_int_equal(counts.failed, 10);
    assert_int_equal(counts.detail_count, 1);
    assert_int_equal(counts.details[0].sessions, 10);
    assert_string_equal(counts.details[0].type, "certificate-expired");
    counts = find(&flush, "b.example");
    assert_int_equal(counts.failed, 5);
    assert_int_equal(counts.details[0].sessions, 5);
    assert_int_equal(flush.collected_count, 1);
    assert_int_equal(flush.collected[0].received, 32);
    assert_int_equal(flush.collected[0].malformed, 1);
    assert_int_equal(flush.collected[0].truncated, 1);
    assert_int_equal(flush.collected[0].lost, 0);
    talloc_free(counters);
}

/* Each connection of a server that greets with a number is another kind of failure. */
static void failures_beyond_the_ceiling_are_one(void **state)
{
    struct counters *counters = counters_new(NULL, 5);
    struct store_session_flush flush;
    int64_t sessions = 0, rest = 0;

    (void)state;
    for (size_t i = 0; i < STORE_DETAILS_MAX + 50; i++)
        add(counters, sent(counters, "a.example", talloc_asprintf(counters, "mx%zu", i), true));
    add(counters, sent(counters, "a.example", "mx249", true));
    assert_int_equal(counters_flush(counters, &flush), STS_OK);
    assert_int_equal(flush.counts[0].detail_count, STORE_DETAILS_MAX + 1);
    for (size_t i = 0; i < flush.counts[0].detail_count; i++) {
        sessions += flush.counts[0].details[i].sessions;
        if (flush.counts[0].details[i].rest)
            rest += flush.counts[0].details[i].sessions;
    }
    assert_int_equal(sessions, STORE_DETAILS_MAX + 51);
    assert_int_equal(rest, 51);
    assert_int_equal(flush.counts[0].failed, STORE_DETAILS_MAX + 51);
    talloc_free(counters);
}

/* A policy of 60 kB each: the room ends long before the number of policies does. */
static void what_has_no_room_is_lost(void **state)
{
    struct counters *counters = counters_new(NULL, 5);
    char *line = talloc_zero_size(counters, 60001);
    struct store_session_flush flush;
    int64_t known = 0;

    (void)state;
    memset(line, 'x', 60000);
    for (int i = 0; i < 1000; i++) {
        char *datagram =
            talloc_asprintf(counters,
                            "{\"d\":\"d%d.example\",\"pr\":\"v=TLSRPTv1;rua=mailto:a@b.example\","
                            "\"policies\":[{\"policy-type\":2,\"f\":0,\"mx-host\":[\"%s\"]}]}",
                            i, line);

        add(counters, datagram);
        talloc_free(datagram);
    }
    assert_true(counters_bytes(counters) <= LIMIT_COUNTED_BYTES);
    assert_int_equal(counters_flush(counters, &flush), STS_OK);
    for (size_t i = 0; i < flush.count; i++)
        known += flush.counts[i].successful;
    assert_true(flush.collected[0].lost > 0);
    assert_int_equal(known + flush.collected[0].lost, 1000);
    talloc_free(counters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_again_is_recognised),
        cmocka_unit_test(failures_beyond_the_ceiling_are_one),
        cmocka_unit_test(what_has_no_room_is_lost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
