/* SPDX-License-Identifier: MIT */
/* test_place.c - where the observer's own place hides everything. */
#include "verdict/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "facts/test_domain.h"

#define FIRST_QUESTIONS 5

static struct facts *facts;
static struct dns_answer *asked[FIRST_QUESTIONS];

/* The first questions, all of them answered. */
static int fresh(void **state)
{
    (void)state;
    facts = healthy(NULL);
    asked[0] = facts->sts_txt;
    asked[1] = facts->mx_answer;
    asked[2] = facts->tlsrpt_txt;
    asked[3] = facts->policy_host.a;
    asked[4] = facts->policy_host.aaaa;
    facts->vantage = talloc_zero(facts, struct vantage);
    facts->vantage->points = talloc_zero_array(facts, struct vantage_point, 1);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    talloc_free(facts);
    return 0;
}

static void seen_from_here(enum vantage_name name, enum vantage_state state)
{
    facts->vantage->points[0] = (struct vantage_point){.name = (int)name, .state = (int)state};
    facts->vantage->point_count = 1;
}

static void all_of_them(int outcome, int security, const char *why)
{
    for (size_t i = 0; i < FIRST_QUESTIONS; i++) {
        asked[i]->outcome = outcome;
        asked[i]->security = security;
        asked[i]->why_bogus = why;
    }
}

static void silent(void **state)
{
    (void)state;
    assert_false(place_is_silent(facts));
    all_of_them(DNS_OUTCOME_TIMEOUT, DNS_SECURITY_UNCHECKED, NULL);
    assert_true(place_is_silent(facts));
    all_of_them(DNS_OUTCOME_UNKNOWN, DNS_SECURITY_UNCHECKED, NULL);
    assert_true(place_is_silent(facts));
    assert_true(place_is_blind(facts));
    facts->tlsrpt_txt = NULL; /* not asked */
    assert_true(place_is_silent(facts));
    facts->tlsrpt_txt = asked[2];
    seen_from_here(VANTAGE_RESOLVER, VANTAGE_STATE_CLOSED);
    assert_true(place_is_silent(facts));
    seen_from_here(VANTAGE_RESOLVER, VANTAGE_STATE_OK); /* it answers others */
    assert_false(place_is_silent(facts));
    assert_false(place_is_blind(facts));
    seen_from_here(VANTAGE_IPV4, VANTAGE_STATE_OK);
    assert_true(place_is_silent(facts));
    facts->interrupted = true;
    assert_false(place_is_silent(facts));
}

/* One answer of any of them is enough, an error too. */
static void one_word_is_enough(void **state)
{
    (void)state;
    for (size_t i = 0; i < FIRST_QUESTIONS; i++) {
        all_of_them(DNS_OUTCOME_TIMEOUT, DNS_SECURITY_UNCHECKED, NULL);
        asked[i]->outcome = DNS_OUTCOME_FAILED;
        assert_false(place_is_silent(facts));
    }
}

static void resolvers(void **state)
{
    static const struct {
        enum vantage_name name;
        enum vantage_state state;
        bool lacking;
    } cases[] = {{VANTAGE_RESOLVER, VANTAGE_STATE_UNKNOWN, false},
                 {VANTAGE_RESOLVER, VANTAGE_STATE_OK, false},
                 {VANTAGE_RESOLVER, VANTAGE_STATE_CLOSED, true},
                 {VANTAGE_RESOLVER, VANTAGE_STATE_WRONG, true},
                 {VANTAGE_NETWORK, VANTAGE_STATE_CLOSED, true},
                 {VANTAGE_NETWORK, VANTAGE_STATE_WRONG, false},
                 {VANTAGE_DNSSEC, VANTAGE_STATE_CLOSED, false}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        seen_from_here(cases[i].name, cases[i].state);
        if (place_lacks_resolver(facts) != cases[i].lacking)
            fail_msg("case %zu: %d", i, !cases[i].lacking);
    }
}

static void errors_of_a_broken_resolver(void **state)
{
    static const int answers[] = {DNS_OUTCOME_FOUND, DNS_OUTCOME_NODATA, DNS_OUTCOME_NXDOMAIN};

    (void)state;
    all_of_them(DNS_OUTCOME_FAILED, DNS_SECURITY_UNCHECKED, NULL);
    assert_false(place_is_blind(facts));
    seen_from_here(VANTAGE_RESOLVER, VANTAGE_STATE_WRONG);
    assert_true(place_is_blind(facts));
    for (size_t i = 0; i < FIRST_QUESTIONS; i++)
        for (size_t j = 0; j < sizeof(answers) / sizeof(answers[0]); j++) {
            asked[i]->outcome = answers[j]; /* it did answer something */
            assert_false(place_is_blind(facts));
            asked[i]->outcome = DNS_OUTCOME_FAILED;
        }
    facts->tlsrpt_txt = NULL;
    assert_true(place_is_blind(facts));
}

/* Bogus from the trust anchor on: nothing validates here. */
static void the_trust_anchor(void **state)
{
    static const char *const why = "signature for trust anchor . is missing";

    (void)state;
    all_of_them(DNS_OUTCOME_FAILED, DNS_SECURITY_UNCHECKED, NULL);
    for (size_t i = 0; i < FIRST_QUESTIONS; i++) {
        asked[i]->security = DNS_SECURITY_BOGUS;
        asked[i]->why_bogus = why;
        assert_true(place_is_blind(facts));
        asked[i]->why_bogus = "signature crypto failed"; /* the domain's own */
        assert_false(place_is_blind(facts));
        asked[i]->security = DNS_SECURITY_UNCHECKED;
    }
}

static void the_clock(void **state)
{
    (void)state;
    seen_from_here(VANTAGE_CLOCK, VANTAGE_STATE_WRONG);
    assert_false(clock_spoils_dnssec(facts));
    for (size_t i = 0; i < FIRST_QUESTIONS; i++) {
        all_of_them(DNS_OUTCOME_FOUND, DNS_SECURITY_INSECURE, NULL);
        asked[i]->security = DNS_SECURITY_BOGUS;
        asked[i]->why_bogus = "signature expired";
        facts->vantage->clock_offset = -1; /* ours is fast */
        assert_true(clock_spoils_dnssec(facts));
        assert_true(place_is_blind(facts));
        facts->vantage->clock_offset = 1;
        assert_false(clock_spoils_dnssec(facts));
        facts->vantage->clock_offset = 0;
        assert_false(clock_spoils_dnssec(facts));
        asked[i]->why_bogus = "signature before inception date";
        assert_true(clock_spoils_dnssec(facts));
        facts->vantage->clock_offset = -1;
        assert_false(clock_spoils_dnssec(facts));
    }
    asked[4]->why_bogus = "signature expired";
    asked[4]->security = DNS_SECURITY_INSECURE;
    assert_false(clock_spoils_dnssec(facts));
    asked[4]->security = DNS_SECURITY_BOGUS;
    seen_from_here(VANTAGE_CLOCK, VANTAGE_STATE_OK);
    assert_false(clock_spoils_dnssec(facts));
    assert_false(place_is_blind(facts));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fresh, gone)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(silent),    TEST(one_word_is_enough),
        TEST(resolvers), TEST(errors_of_a_broken_resolver),
        TEST(the_clock), TEST(the_trust_anchor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
