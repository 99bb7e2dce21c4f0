/* SPDX-License-Identifier: MIT */
/* test_address.c - addresses that nobody on the internet can reach, and networks where they mean
 * something; MX targets and hosts of one family with them. */
#include "verdict/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "facts/test_domain.h"
#include "verdict/fetch.h"
#include "verdict/mx_target.h"
#include "verdict/session.h"

static struct facts *facts;

/* Seen from the internet, and everything at public addresses. */
static int fresh(void **state)
{
    (void)state;
    facts = healthy(NULL);
    facts->observer.resolver_count = 0;
    fetch(facts)->address = "203.0.114.1";
    session(facts)->address = "203.0.114.25";
    return 0;
}

static int gone(void **state)
{
    (void)state;
    talloc_free(facts);
    return 0;
}

/* ---- kinds ----------------------------------------------------------------------------------- */

static void kinds(void **state)
{
    static const struct {
        const char *address;
        enum address_kind expect;
    } cases[] = {{"203.0.114.1", ADDRESS_PUBLIC},      {"2600::1", ADDRESS_PUBLIC},
                 {"203.0.113.1", ADDRESS_PLACEHOLDER}, {"2001:db8::1", ADDRESS_PLACEHOLDER},
                 {"10.0.0.1", ADDRESS_PRIVATE},        {"198.18.0.1", ADDRESS_PRIVATE},
                 {"127.0.0.1", ADDRESS_PRIVATE},       {"fe80::1", ADDRESS_PRIVATE}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (address_kind(facts, cases[i].address) != cases[i].expect)
            fail_msg("%s: %d", cases[i].address, address_kind(facts, cases[i].address));
        assert_int_equal(mx_address_is_nowhere(facts, cases[i].address),
                         cases[i].expect != ADDRESS_PUBLIC);
        assert_false(address_is_inner(facts, cases[i].address));
    }
}

static void a_block_that_answers(void **state)
{
    (void)state;
    fetch(facts)->address = "10.0.0.1";
    assert_int_equal(address_kind(facts, "10.9.9.9"), ADDRESS_PUBLIC);
    assert_true(address_is_inner(facts, "10.9.9.9"));
    assert_int_equal(address_kind(facts, "192.168.0.1"), ADDRESS_PRIVATE); /* another block */
    assert_false(address_is_inner(facts, "203.0.114.1"));
    facts->observer.allow_private = true;
    assert_false(address_is_inner(facts, "10.9.9.9"));
    facts->observer.allow_private = false;
    facts->observer.public_only = true;
    assert_int_equal(address_kind(facts, "10.9.9.9"), ADDRESS_PRIVATE);
    facts->observer.public_only = false;
    fetch_stops(fetch(facts), NET_TIMEOUT, PHASE_CONNECT);
    assert_int_equal(address_kind(facts, "10.9.9.9"), ADDRESS_PRIVATE);
    fetch_stops(fetch(facts), NET_FAILED, PHASE_NONE);
    assert_int_equal(address_kind(facts, "10.9.9.9"), ADDRESS_PRIVATE);
}

static void an_mx_host_that_answers(void **state)
{
    (void)state;
    add_mx(facts, "mx2.example.com", "10.0.0.2");
    assert_int_equal(address_kind(facts, "10.9.9.9"), ADDRESS_PUBLIC);
    session_stops(&facts->mx[1].sessions[0], NET_REFUSED, PHASE_CONNECT);
    assert_int_equal(address_kind(facts, "10.9.9.9"), ADDRESS_PRIVATE);
    session_stops(&facts->mx[1].sessions[0], NET_REFUSED, PHASE_NONE);
    assert_int_equal(address_kind(facts, "10.9.9.9"), ADDRESS_PRIVATE);
    add_session(facts, &facts->mx[1], "10.0.0.3");
    assert_int_equal(address_kind(facts, "10.9.9.9"), ADDRESS_PUBLIC);
    session(facts)->address = "192.168.0.25"; /* the first host too */
    assert_int_equal(address_kind(facts, "192.168.0.1"), ADDRESS_PUBLIC);
    session(facts)->address = "127.0.0.1"; /* never, whoever answers */
    assert_int_equal(address_kind(facts, "127.0.0.1"), ADDRESS_PRIVATE);
}

/* ---- laboratories ---------------------------------------------------------------------------- */

#define LAB "198.18.7.7"

static void resolvers_of_a_laboratory(void **state)
{
    static const struct {
        const char *resolvers[2];
        bool lab;
    } cases[] = {{{"198.18.0.53", "192.0.2.53"}, true},
                 {{"192.0.2.53", "198.19.255.255"}, true},
                 {{"198.18.0.53@5353", "none"}, true},
                 {{"192.0.2.53", "10.0.0.53"}, false},
                 {{"none", "192.0.2.53@198"}, false}};

    (void)state;
    facts->observer.resolver_count = 2;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *resolvers[] = {cases[i].resolvers[0], cases[i].resolvers[1]};

        facts->observer.resolvers = resolvers;
        assert_int_equal(address_kind(facts, LAB), cases[i].lab ? ADDRESS_PUBLIC : ADDRESS_PRIVATE);
        assert_false(address_is_inner(facts, LAB));
    }
}

static void name_servers_of_a_laboratory(void **state)
{
    struct authority servers[] = {{.address = "192.0.2.53", .authoritative = true},
                                  {.address = "198.18.0.53", .authoritative = true}};

    (void)state;
    facts->authorities = servers;
    facts->authority_count = 2;
    assert_int_equal(address_kind(facts, LAB), ADDRESS_PUBLIC);
    servers[1].authoritative = false;
    assert_int_equal(address_kind(facts, LAB), ADDRESS_PRIVATE);
    servers[1].authoritative = true;
    facts->authority_count = 1;
    assert_int_equal(address_kind(facts, LAB), ADDRESS_PRIVATE);
    servers[0].address = "198.18.0.53"; /* the first of all */
    assert_int_equal(address_kind(facts, LAB), ADDRESS_PUBLIC);
    facts->observer.public_only = true;
    assert_int_equal(address_kind(facts, LAB), ADDRESS_PRIVATE);
}

/* A person says so. */
static void allowed(void **state)
{
    (void)state;
    facts->observer.allow_private = true;
    assert_int_equal(address_kind(facts, LAB), ADDRESS_PUBLIC);
    assert_int_equal(address_kind(facts, "127.0.0.1"), ADDRESS_PRIVATE);
    assert_int_equal(address_kind(facts, "203.0.113.1"), ADDRESS_PLACEHOLDER);
}

/* ---- targets of MX records ------------------------------------------------------------------- */

static void targets_by_name(void **state)
{
    static const struct {
        const char *name;
        enum mx_target expect;
    } cases[] = {{"mx1.example.com", MX_TARGET_HOST},
                 {"192.0.2.1", MX_TARGET_ADDRESS},
                 {"2001:db8::1", MX_TARGET_ADDRESS},
                 {"localhost", MX_TARGET_LOCALHOST},
                 {"LocalHost", MX_TARGET_LOCALHOST},
                 {"mail.localhost", MX_TARGET_LOCALHOST},
                 {"localhost.localdomain", MX_TARGET_LOCALHOST},
                 {"localhost.example.com", MX_TARGET_HOST},
                 {"mylocalhost", MX_TARGET_ONE_LABEL},
                 {"mail", MX_TARGET_ONE_LABEL},
                 {"mail_1.example.com", MX_TARGET_BAD_NAME}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (mx_target_of(cases[i].name) != cases[i].expect)
            fail_msg("%s: %d", cases[i].name, mx_target_of(cases[i].name));
}

static void nowhere(void **state)
{
    struct mx_host *host = &facts->mx[0];
    struct mx_nowhere found;

    (void)state;
    host->a = address(facts, host->name, "10.0.0.1");
    host->aaaa = address(facts, host->name, "2600::1");
    found = mx_nowhere(facts, host);
    assert_int_equal(found.of, 2);
    assert_int_equal(found.count, 1);
    assert_false(found.own);
    assert_true(mx_target_findable(facts, host)); /* one leads somewhere */
    host->aaaa = address(facts, host->name, "::1");
    found = mx_nowhere(facts, host);
    assert_int_equal(found.count, 2);
    assert_true(found.own);
    assert_false(mx_target_findable(facts, host));
    host->a = address(facts, host->name, "127.0.0.1");
    host->aaaa = address(facts, host->name, "2600::1");
    assert_true(mx_nowhere(facts, host).own); /* the first too */
    host->a = host->aaaa = NULL;
    assert_int_equal(mx_nowhere(facts, host).of, 0);
}

static void findable(void **state)
{
    struct mx_host *host = &facts->mx[0];
    struct dns_answer *a;

    (void)state;
    host->a = a = address(facts, host->name, "203.0.114.25");
    assert_true(mx_target_findable(facts, host));
    host->is_address = true;
    assert_false(mx_target_findable(facts, host));
    host->is_address = false;
    host->name = "mail";
    assert_false(mx_target_findable(facts, host));
    host->name = "mail_1.example.com"; /* DNS allows it */
    assert_true(mx_target_findable(facts, host));
    host->name = "mail.localhost";
    assert_false(mx_target_findable(facts, host));
    host->name = "mx1.example.com";
    host->a = answer(facts, host->name, DNS_A, DNS_OUTCOME_NODATA);
    assert_false(mx_target_findable(facts, host));
    host->a = answer(facts, host->name, DNS_A, DNS_OUTCOME_TIMEOUT); /* perhaps it has some */
    assert_true(mx_target_findable(facts, host));
}

/* ---- hosts of one family --------------------------------------------------------------------- */

static struct https_fetch *without_route(const char *at)
{
    struct https_fetch *one = add_fetch(facts, at);

    fetch_stops(one, NET_NO_ROUTE, PHASE_CONNECT);
    return one;
}

static void families_of_the_policy_host(void **state)
{
    (void)state;
    facts->mx_count = 0;
    facts->policy_host.fetch_count = 0;
    assert_int_equal(policy_host_families_missing(facts), 0);
    without_route("2600::1");
    assert_int_equal(policy_host_families_missing(facts), FAMILY_IPV6);
    without_route("203.0.114.1");
    assert_int_equal(policy_host_families_missing(facts), FAMILY_IPV6 | FAMILY_IPV4);
    fetch_stops(&facts->policy_host.fetches[1], NET_TIMEOUT, PHASE_CONNECT);
    assert_int_equal(policy_host_families_missing(facts), 0);
    facts->policy_host.fetch_count = 0;
    without_route("203.0.114.1");
    assert_int_equal(policy_host_families_missing(facts), FAMILY_IPV4);
    fetch(facts)->outcome = NET_UNKNOWN; /* open, but not for want of a route */
    assert_int_equal(policy_host_families_missing(facts), 0);
    fetch(facts)->outcome = NET_NO_ROUTE;
    fetch(facts)->address = "10.0.0.1"; /* of no use to anybody */
    assert_int_equal(policy_host_families_missing(facts), 0);
}

static void families_of_an_mx_host(void **state)
{
    struct mx_host *host = &facts->mx[0];

    (void)state;
    facts->policy_host.fetch_count = 0;
    assert_int_equal(mx_families_missing(facts, host), 0);
    session_stops(session(facts), NET_NO_ROUTE, PHASE_CONNECT);
    assert_int_equal(mx_families_missing(facts, host), FAMILY_IPV4);
    session_stops(add_session(facts, host, "2600::25"), NET_NO_ROUTE, PHASE_CONNECT);
    assert_int_equal(mx_families_missing(facts, host), FAMILY_IPV4 | FAMILY_IPV6);
    session_stops(&host->sessions[1], NET_TIMEOUT, PHASE_CONNECT);
    assert_int_equal(mx_families_missing(facts, host), 0);
    host->session_count = 0;
    assert_int_equal(mx_families_missing(facts, host), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fresh, gone)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(kinds),
        TEST(a_block_that_answers),
        TEST(an_mx_host_that_answers),
        TEST(resolvers_of_a_laboratory),
        TEST(name_servers_of_a_laboratory),
        TEST(allowed),
        TEST(targets_by_name),
        TEST(nowhere),
        TEST(findable),
        TEST(families_of_the_policy_host),
        TEST(families_of_an_mx_host),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
