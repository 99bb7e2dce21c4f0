/* SPDX-License-Identifier: MIT */
/* test_lookup.c - an answer of the DNS, A and AAAA together, and what name servers say. */
#include "verdict/lookup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "facts/test_domain.h"

/* ---- one answer ------------------------------------------------------------------------------ */

#define ANCHOR  "validation failure <x. A IN>: signature for trust anchor . is missing"
#define KEY     "key for validation . is marked as invalid because of a previous failure"
#define EXPIRED "signature expired"

struct answer_case {
    int outcome, security;
    const char *why, *rcode;
    enum lookup_state expect;
    const char *text;
};

static const struct answer_case answers[] = {
    {DNS_OUTCOME_FOUND, DNS_SECURITY_SECURE, NULL, NULL, LOOKUP_FOUND, "NOERROR"},
    {DNS_OUTCOME_NODATA, DNS_SECURITY_SECURE, NULL, NULL, LOOKUP_ABSENT, "NODATA"},
    {DNS_OUTCOME_NXDOMAIN, DNS_SECURITY_INSECURE, NULL, NULL, LOOKUP_ABSENT, "NXDOMAIN"},
    {DNS_OUTCOME_FAILED, DNS_SECURITY_UNCHECKED, NULL, NULL, LOOKUP_UNKNOWN, "SERVFAIL"},
    {DNS_OUTCOME_FAILED, DNS_SECURITY_UNCHECKED, NULL, "REFUSED", LOOKUP_UNKNOWN, "REFUSED"},
    {DNS_OUTCOME_TIMEOUT, DNS_SECURITY_UNCHECKED, NULL, NULL, LOOKUP_UNKNOWN, "timeout"},
    {DNS_OUTCOME_UNKNOWN, DNS_SECURITY_UNCHECKED, NULL, NULL, LOOKUP_UNKNOWN, "unknown"},
    {DNS_OUTCOME_FOUND, DNS_SECURITY_BOGUS, EXPIRED, NULL, LOOKUP_BOGUS, "DNSSEC: bogus"},
    {DNS_OUTCOME_NODATA, DNS_SECURITY_BOGUS, NULL, NULL, LOOKUP_BOGUS, "NODATA"},
    {DNS_OUTCOME_FOUND, DNS_SECURITY_BOGUS, ANCHOR, NULL, LOOKUP_UNKNOWN, "DNSSEC: bogus"},
    {DNS_OUTCOME_FOUND, DNS_SECURITY_BOGUS, KEY, NULL, LOOKUP_UNKNOWN, "DNSSEC: bogus"},
    {DNS_OUTCOME_FOUND, DNS_SECURITY_INSECURE, ANCHOR, NULL, LOOKUP_FOUND, "NOERROR"},
};

static void each_answer(void **state)
{
    (void)state;
    assert_int_equal(dns_lookup_state(NULL), LOOKUP_NONE);
    assert_false(dns_bogus_here(NULL));
    assert_false(dns_is_secure(NULL));
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        const struct answer_case *one = &answers[i];
        const struct dns_answer found = {.outcome = one->outcome,
                                         .security = one->security,
                                         .why_bogus = one->why,
                                         .rcode = one->rcode};

        if (dns_lookup_state(&found) != one->expect)
            fail_msg("case %zu: %d", i, dns_lookup_state(&found));
        assert_string_equal(dns_answer_text(&found), one->text);
        assert_int_equal(dns_is_secure(&found), one->security == DNS_SECURITY_SECURE);
    }
}

static void not_awaited(void **state)
{
    struct facts facts = {0};
    struct dns_answer found = {.outcome = DNS_OUTCOME_UNKNOWN};

    (void)state;
    assert_false(dns_not_awaited(&facts, NULL));
    assert_false(dns_not_awaited(&facts, &found));
    facts.interrupted = true;
    assert_true(dns_not_awaited(&facts, NULL));
    assert_true(dns_not_awaited(&facts, &found));
    found.outcome = DNS_OUTCOME_TIMEOUT;
    assert_false(dns_not_awaited(&facts, &found));
}

static void targets(void **state)
{
    const char *cnames[] = {"a.example", "b.example"};
    struct dns_answer found = {.cnames = cnames, .cname_count = 2};

    (void)state;
    assert_string_equal(dns_target(&found), "b.example");
    found.cname_count = 1;
    assert_string_equal(dns_target(&found), "a.example");
    found.cname_count = 0;
    assert_null(dns_target(&found));
    assert_null(dns_target(NULL));
}

/* ---- A and AAAA ------------------------------------------------------------------------------ */

/* One row a state of A, one column a state of AAAA.  n: none asked, u: unknown, b: bogus, d: no
 * data, x: no such name, f: found. */
static const char letters[] = "nubdxf";
static const enum lookup_state pairs[6][6] = {
    [0] = {LOOKUP_NONE, LOOKUP_UNKNOWN, LOOKUP_BOGUS, LOOKUP_UNKNOWN, LOOKUP_ABSENT, LOOKUP_FOUND},
    [1] = {LOOKUP_UNKNOWN, LOOKUP_UNKNOWN, LOOKUP_BOGUS, LOOKUP_UNKNOWN, LOOKUP_UNKNOWN,
           LOOKUP_FOUND},
    [2] = {LOOKUP_BOGUS, LOOKUP_BOGUS, LOOKUP_BOGUS, LOOKUP_BOGUS, LOOKUP_BOGUS, LOOKUP_FOUND},
    [3] = {LOOKUP_UNKNOWN, LOOKUP_UNKNOWN, LOOKUP_BOGUS, LOOKUP_ABSENT, LOOKUP_ABSENT,
           LOOKUP_FOUND},
    [4] = {LOOKUP_ABSENT, LOOKUP_UNKNOWN, LOOKUP_BOGUS, LOOKUP_ABSENT, LOOKUP_ABSENT, LOOKUP_FOUND},
    [5] = {LOOKUP_FOUND, LOOKUP_FOUND, LOOKUP_FOUND, LOOKUP_FOUND, LOOKUP_FOUND, LOOKUP_FOUND},
};

static void each_pair(void **state)
{
    static const struct dns_answer of[6] = {
        [1] = {.outcome = DNS_OUTCOME_TIMEOUT},
        [2] = {.outcome = DNS_OUTCOME_FOUND, .security = DNS_SECURITY_BOGUS},
        [3] = {.outcome = DNS_OUTCOME_NODATA},
        [4] = {.outcome = DNS_OUTCOME_NXDOMAIN},
        [5] = {.outcome = DNS_OUTCOME_FOUND}};

    (void)state;
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < 6; j++) {
            enum lookup_state found = host_lookup_state(i ? &of[i] : NULL, j ? &of[j] : NULL);

            if (found != pairs[i][j])
                fail_msg("%c%c: %d", letters[i], letters[j], found);
        }
}

/* ---- name servers ---------------------------------------------------------------------------- */

static void answers_of_a_server(void **state)
{
    struct dns_answer all[] = {{.name = "a.example", .type = DNS_A},
                               {.name = "a.example", .type = DNS_MX},
                               {.name = "b.example", .type = DNS_MX}};
    const struct authority server = {.answers = all, .answer_count = 3};

    (void)state;
    assert_ptr_equal(authority_answer(&server, "a.example", DNS_A), &all[0]);
    assert_ptr_equal(authority_answer(&server, "a.example", DNS_MX), &all[1]);
    assert_ptr_equal(authority_answer(&server, "b.example", DNS_MX), &all[2]);
    assert_null(authority_answer(&server, "b.example", DNS_A));
    assert_null(authority_answer(&server, "c.example", DNS_MX));
}

/* Three servers; the first asked says nothing about MX. */
static struct facts *with_servers(struct authority servers[3], struct dns_answer said[2])
{
    struct facts *f = healthy(NULL);

    for (size_t i = 0; i < 2; i++) {
        said[i] = *answer(f, f->domain, DNS_MX, DNS_OUTCOME_FOUND);
        said[i].records = talloc_zero_array(f, struct dns_record, 2);
        said[i].records[0] = (struct dns_record){.host = "mx1.example.com", .preference = 10};
        said[i].records[1] = (struct dns_record){.host = "mx2.example.com", .preference = 20};
        said[i].record_count = 2;
        servers[i + 1].answers = &said[i];
        servers[i + 1].answer_count = 1;
    }
    f->authorities = servers;
    f->authority_count = 3;
    return f;
}

static void servers_that_differ(void **state)
{
    struct authority servers[3] = {0};
    struct dns_answer said[2];
    struct facts *f = with_servers(servers, said);

    (void)state;
    assert_false(mx_servers_differ(f));
    said[1].records[1].preference = 10;
    assert_true(mx_servers_differ(f));
    said[1].records[1].preference = 20;
    said[1].records[1].host = "mx3.example.com";
    assert_true(mx_servers_differ(f));
    said[1].truncated = true; /* the rest is not known */
    assert_false(mx_servers_differ(f));
    said[1].truncated = false;
    said[1].record_count = 1;
    assert_true(mx_servers_differ(f));
    said[1].record_count = 0;
    said[1].outcome = DNS_OUTCOME_NODATA;
    assert_true(mx_servers_differ(f));
    said[1].outcome = DNS_OUTCOME_FAILED; /* no word on MX */
    assert_false(mx_servers_differ(f));
    f->authority_count = 2;
    assert_false(mx_servers_differ(f));
    talloc_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_answer),
        cmocka_unit_test(not_awaited),
        cmocka_unit_test(targets),
        cmocka_unit_test(each_pair),
        cmocka_unit_test(answers_of_a_server),
        cmocka_unit_test(servers_that_differ),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
