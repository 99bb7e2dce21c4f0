/* SPDX-License-Identifier: MIT */
/* test_testing_probe.c - who wants to know how a host fares, with looks that are made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "event/loop.h"
#include "policyd/limits.h"
#include "policyd/mx_look.h"
#include "policyd/testing_probe.h"

#define PATTERNS 1000 /* of a policy that is as long as any may be */

static struct lab {
    struct net net;
    struct testing_probe *probe;
    const char *patterns[PATTERNS];
    struct mx_look_request look;
    size_t looks, probed;
} lab;

enum sts_status mx_look_start(TALLOC_CTX *ctx, const struct mx_look_request *request,
                              struct mx_look **ret)
{
    lab.look = *request;
    lab.looks++;
    *ret = talloc_zero_size(ctx, 1);
    return *ret ? STS_OK : STS_E_NOMEM;
}

static void on_probed(void *arg, const struct testing_probed *probed)
{
    (void)arg;
    assert_string_equal(probed->host, "mx.example.com");
    assert_non_null(strstr(probed->lines, "mode: testing\nmx: mx.example.com\n"));
    lab.probed++;
}

static int64_t now(void)
{
    return 1800000000;
}

static int set_up(void **state)
{
    struct testing_probe_request request = {.net = &lab.net, .now = now, .probed = on_probed};
    TALLOC_CTX *ctx = talloc_new(NULL);

    lab = (struct lab){.patterns = {"mx.example.com"}};
    *state = ctx;
    for (size_t i = 1; i < PATTERNS; i++)
        lab.patterns[i] = talloc_asprintf(ctx, "%055zu.x", i);
    assert_int_equal(loop_new(ctx, &lab.net.loop), STS_OK);
    assert_int_equal(testing_probe_new(ctx, &request, &lab.probe), STS_OK);
    return 0;
}

static int tear_down(void **state)
{
    talloc_free(*state);
    return 0;
}

static void asks(size_t number, size_t patterns)
{
    static const char *const hosts[] = {"mx.example.com"};
    const struct live_policy policy = {"1", STS_MODE_TESTING, 86400, lab.patterns, patterns};
    char name[40];
    const struct policy_known known = {name, &policy, DANE_COVER_NONE, hosts, 1};

    snprintf(name, sizeof(name), "d%zu.example", number);
    testing_probe_domain(lab.probe, &known);
}

static void domains_share_a_look(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        asks(i, 1);
        asks(i, 1); /* once a day */
    }
    assert_int_equal(lab.looks, 1);
    assert_int_equal(lab.probed, 0);
    lab.look.done(lab.look.arg, "192.0.2.1", STS_OUTCOME_SUCCESS);
    assert_int_equal(lab.probed, 3);
    asks(3, 1);
    assert_int_equal(lab.looks, 1);
    assert_int_equal(lab.probed, 4);
}

/* What waits for looks has a ceiling in bytes, and room again when they are over. */
static void long_policies_have_a_ceiling(void **state)
{
    size_t most = LIMIT_PROBE_TEXTS / (PATTERNS * 100), domains = 2 * most;

    (void)state;
    for (size_t i = 0; i < domains; i++)
        asks(i, PATTERNS);
    lab.look.done(lab.look.arg, "192.0.2.1", STS_OUTCOME_SUCCESS);
    assert_in_range(lab.probed, most / 2, most);
    asks(domains - 1, PATTERNS);
    assert_in_range(lab.probed, most / 2 + 1, most + 1);
}

/* What waits when it ends is freed with it. */
static void the_end_is_at_any_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++)
        asks(i, 1);
    TALLOC_FREE(lab.probe);
    assert_int_equal(lab.probed, 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(domains_share_a_look),
        TEST(long_policies_have_a_ceiling),
        TEST(the_end_is_at_any_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
