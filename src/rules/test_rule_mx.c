/* SPDX-License-Identifier: MIT */
/* test_rule_mx.c - the MX set, the addresses of its hosts, and whether the policy covers them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "rules/rule.h"
#include "rules/test_facts.h"

#define HEAD    "version: STSv1\nmode: enforce\nmax_age: 2592000\n"
#define TESTING "version: STSv1\nmode: testing\nmax_age: 2592000\n"

static struct mx_host *host(struct facts *f)
{
    return &f->mx[0];
}

/* ---- the set --------------------------------------------------------------------------------- */

static void no_set(struct facts *f, int outcome)
{
    f->mx_answer = answer(f, "example.com", DNS_MX, outcome);
    f->mx_count = 0;
}

static void servfail(struct facts *f)
{
    no_set(f, DNS_OUTCOME_FAILED);
}

static void not_asked(struct facts *f)
{
    f->mx_answer = NULL;
    f->mx_count = 0;
}

static void bogus(struct facts *f)
{
    no_set(f, DNS_OUTCOME_FAILED);
    f->mx_answer->security = DNS_SECURITY_BOGUS;
    f->mx_answer->why_bogus = "signature expired";
}

static void implicit(struct facts *f)
{
    no_set(f, DNS_OUTCOME_NODATA);
    f->mx_count = 1;
    host(f)->name = "example.com";
    session(f)->tls = tls_new(f, "example.com");
    set_policy(f, HEAD "mx: example.com\n");
}

static void nowhere(struct facts *f)
{
    no_set(f, DNS_OUTCOME_NODATA);
}

static void nowhere_either(struct facts *f)
{
    implicit(f);
    f->mx[0].a->outcome = DNS_OUTCOME_NODATA;
    f->mx[0].a->record_count = 0;
    f->mx[0].session_count = 0;
}

/* The name itself is not there, and nothing is published below it. */
static void no_such_domain(struct facts *f)
{
    no_set(f, DNS_OUTCOME_NXDOMAIN);
    f->sts_txt = answer(f, "_mta-sts.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    f->tlsrpt_txt = answer(f, "_smtp._tls.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.a = answer(f, "mta-sts.example.com", DNS_A, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.aaaa = answer(f, "mta-sts.example.com", DNS_AAAA, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.fetch_count = 0;
}

/* A server that denies a name below which there are others. */
static void a_name_below(struct facts *f)
{
    struct dns_answer *tlsrpt = f->tlsrpt_txt;

    no_such_domain(f);
    f->tlsrpt_txt = tlsrpt;
}

static void denied_bogus(struct facts *f)
{
    no_such_domain(f);
    f->mx_answer->security = DNS_SECURITY_BOGUS;
}

/* An alias that leads nowhere exists. */
static void alias_to_nowhere(struct facts *f)
{
    no_such_domain(f);
    add_cname(f, f->mx_answer, "gone.example.net");
}

static void null_among_others(struct facts *f)
{
    struct dns_record *records = talloc_zero_array(f, struct dns_record, 2);

    records[0] = f->mx_answer->records[0];
    records[1].host = ".";
    f->mx_answer->records = records;
    f->mx_answer->record_count = 2;
}

static void null_mx(struct facts *f)
{
    f->mx_answer->records[0] = (struct dns_record){.host = "", .preference = 0};
    f->mx_count = 0;
}

/* ---- the hosts ------------------------------------------------------------------------------- */

static void no_address(struct facts *f)
{
    host(f)->a = answer(f, "mx1.example.com", DNS_A, DNS_OUTCOME_NXDOMAIN);
    host(f)->aaaa = answer(f, "mx1.example.com", DNS_AAAA, DNS_OUTCOME_NXDOMAIN);
    host(f)->session_count = 0;
}

static void address_servfail(struct facts *f)
{
    no_address(f);
    host(f)->a = answer(f, "mx1.example.com", DNS_A, DNS_OUTCOME_FAILED);
}

static void address_bogus(struct facts *f)
{
    address_servfail(f);
    host(f)->a->security = DNS_SECURITY_BOGUS;
}

/* The denial alone is wrong: the address is good. */
static void half_bogus(struct facts *f)
{
    host(f)->aaaa->security = DNS_SECURITY_BOGUS;
}

static void half_failed(struct facts *f)
{
    host(f)->aaaa = answer(f, "mx1.example.com", DNS_AAAA, DNS_OUTCOME_TIMEOUT);
}

/* With -6, a host that has A only is not missing. */
static void one_family_asked(struct facts *f)
{
    host(f)->a = NULL;
    host(f)->session_count = 0;
}

static void alias(struct facts *f)
{
    add_cname(f, host(f)->a, "real.example.com");
}

static void literal(struct facts *f)
{
    no_address(f);
    host(f)->name = "192.0.2.25";
    host(f)->is_address = true;
}

static void no_smtp(struct facts *f)
{
    f->observer.no_smtp = true;
    host(f)->session_count = 0;
}

static void no_smtp_no_addresses(struct facts *f)
{
    no_smtp(f);
    host(f)->a = host(f)->aaaa = NULL;
}

/* ---- what the record names ------------------------------------------------------------------- */

static void rename_mx(struct facts *f, const char *name)
{
    host(f)->name = name;
    f->mx_answer->records[0].host = name;
}

static void lost_as(struct facts *f, const char *name)
{
    rename_mx(f, name);
    host(f)->a = answer(f, name, DNS_A, DNS_OUTCOME_NXDOMAIN);
    host(f)->aaaa = answer(f, name, DNS_AAAA, DNS_OUTCOME_NXDOMAIN);
    host(f)->session_count = 0;
}

static void no_final_dot(struct facts *f)
{
    lost_as(f, "mx1.example.com.example.com");
}

static void no_final_dot_apex(struct facts *f)
{
    lost_as(f, "example.com.example.com");
}

static void no_final_dot_provider(struct facts *f)
{
    lost_as(f, "aspmx.l.google.com.example.com");
}

static void no_final_dot_elsewhere(struct facts *f)
{
    lost_as(f, "mail.hoster.net.example.com");
}

static void no_final_dot_uncovered(struct facts *f)
{
    no_final_dot(f);
    set_policy(f, HEAD "mx: other.example.com\n");
}

/* Names below the domain that only are not there. */
static void a_name_of_ours(struct facts *f)
{
    lost_as(f, "mx.de.example.com");
}

static void doubled_and_there(struct facts *f)
{
    rename_mx(f, "mx1.example.com.example.com");
    session(f)->tls = tls_new(f, host(f)->name);
    set_policy(f, HEAD "mx: mx1.example.com.example.com\n");
}

static void localhost(struct facts *f)
{
    lost_as(f, "localhost");
}

static void one_label(struct facts *f)
{
    lost_as(f, "mx1");
}

static void underscore(struct facts *f)
{
    rename_mx(f, "mx_1.example.com");
    session(f)->tls = tls_new(f, host(f)->name);
    set_policy(f, HEAD "mx: *.example.com\n");
}

static void underscore_gone(struct facts *f)
{
    lost_as(f, "mx_1.example.com");
}

static void at(struct facts *f, const char *text)
{
    host(f)->a = address(f, host(f)->name, text);
    session_stops(session(f), NET_TIMEOUT, PHASE_CONNECT);
    session(f)->address = text;
}

static void loopback(struct facts *f)
{
    at(f, "127.0.0.1");
    host(f)->session_count = 0;
}

/* Of facts that another program wrote: what answered was the observer. */
static void loopback_answers(struct facts *f)
{
    host(f)->a = address(f, host(f)->name, "127.0.0.1");
    session(f)->address = "127.0.0.1";
}

static void private(struct facts *f)
{
    at(f, "10.1.2.3");
}

static void disguised(struct facts *f)
{
    host(f)->a = answer(f, host(f)->name, DNS_A, DNS_OUTCOME_NODATA);
    at(f, "::ffff:10.1.2.3");
}

static void nearly_private(struct facts *f)
{
    at(f, "172.32.0.1");
}

/* The observer is in that network. */
static void private_answers(struct facts *f)
{
    host(f)->a = address(f, host(f)->name, "10.1.2.3");
    session(f)->address = "10.1.2.3";
}

static void private_laboratory(struct facts *f)
{
    private_answers(f);
    f->observer.allow_private = true;
}

/* Not connected to. */
static void private_scan(struct facts *f)
{
    private(f);
    host(f)->session_count = 0;
    f->observer.public_only = true;
}

static void benchmark_scan(struct facts *f)
{
    private_scan(f);
    host(f)->a = address(f, host(f)->name, "198.18.2.25");
}

/* A resolver elsewhere, and nothing answers from there. */
static void benchmark_elsewhere(struct facts *f)
{
    static const char *resolvers[] = {"9.9.9.9@53"};

    at(f, "198.19.2.25");
    f->observer.resolvers = resolvers;
    f->policy_host.a = address(f, "mta-sts.example.com", "20.1.2.3");
    f->policy_host.fetches[0].address = "20.1.2.3";
}

static void nat64_loopback(struct facts *f)
{
    host(f)->a = answer(f, host(f)->name, DNS_A, DNS_OUTCOME_NODATA);
    at(f, "64:ff9b::7f00:1");
    host(f)->session_count = 0;
}

/* As DNS64 makes them up. */
static void nat64_public(struct facts *f)
{
    host(f)->a = answer(f, host(f)->name, DNS_A, DNS_OUTCOME_NODATA);
    at(f, "64:ff9b::808:808");
}

static void private_beside(struct facts *f)
{
    host(f)->aaaa = address(f, host(f)->name, "fd00::25");
    session_stops(add_session(f, host(f), "fd00::25"), NET_NO_ROUTE, PHASE_CONNECT);
}

static void only_the_domain(struct facts *f)
{
    implicit(f);
    set_policy(f, HEAD "mx: *.example.net\nmx: mail.example.com\n");
}

static void meant(struct facts *f)
{
    only_the_domain(f);
    f->mx_meant = address(f, "mail.example.com", "192.0.2.26");
}

static void meant_is_missing(struct facts *f)
{
    only_the_domain(f);
    f->mx_meant = answer(f, "mail.example.com", DNS_A, DNS_OUTCOME_NXDOMAIN);
}

/* One of two MX is not there: no line is advised for it, and the other is judged as ever. */
static void uncovered_and_lost(struct facts *f)
{
    add_mx(f, "mail.example.net", "192.0.2.27");
    no_final_dot(f);
}

/* ---- cover ----------------------------------------------------------------------------------- */

static void three(struct facts *f)
{
    add_mx(f, "mx2.example.com", "192.0.2.26");
    add_mx(f, "mail.example.net", "192.0.2.27");
}

static void one_uncovered(struct facts *f)
{
    three(f);
    set_policy(f, HEAD "mx: *.example.com\n");
}

static void one_uncovered_testing(struct facts *f)
{
    three(f);
    set_policy(f, TESTING "mx: *.example.com\n");
}

static void none_covered(struct facts *f)
{
    three(f);
    set_policy(f, HEAD "mx: old.example.org\nmx: *.example.org\n");
}

static void mode_none(struct facts *f)
{
    set_policy(f, "version: STSv1\nmode: none\nmax_age: 2592000\nmx: other.example.org\n");
}

static void unused(struct facts *f)
{
    set_policy(f, HEAD "mx: mx1.example.com\nmx: *.example.org\nmx: *.example.org\n");
}

static void unregistered(struct facts *f)
{
    unused(f);
    f->pattern_soas = answer(f, "example.org", DNS_SOA, DNS_OUTCOME_NXDOMAIN);
    f->pattern_soa_count = 1;
}

static void registered(struct facts *f)
{
    unregistered(f);
    f->pattern_soas->outcome = DNS_OUTCOME_FOUND;
}

static void policy_host_named(struct facts *f)
{
    set_policy(f, HEAD "mx: mta-sts.example.com\n");
}

/* The MX are covered by another pattern: then it is only one too many. */
static void policy_host_beside(struct facts *f)
{
    set_policy(f, HEAD "mx: mta-sts.example.com\nmx: mx1.example.com\n");
}

/* An MX that is the policy host is a small site, no mistake. */
static void policy_host_is_mx(struct facts *f)
{
    add_mx(f, "mta-sts.example.com", "192.0.2.1");
    set_policy(f, HEAD "mx: mta-sts.example.com\nmx: mx1.example.com\n");
}

static void deep(struct facts *f)
{
    host(f)->name = "aspmx.l.example.com";
    session(f)->tls = tls_new(f, host(f)->name);
    set_policy(f, HEAD "mx: *.example.com\n");
}

static void deep_and_good(struct facts *f)
{
    add_mx(f, "aspmx.l.example.com", "192.0.2.26");
    set_policy(f, HEAD "mx: *.example.com\n");
}

static void apex_is_no_label(struct facts *f)
{
    host(f)->name = "example.com";
    session(f)->tls = tls_new(f, host(f)->name);
    set_policy(f, HEAD "mx: *.example.com\n");
}

#define FINE    POSTURE_ENFORCE, DELIVERY_PROTECTED
#define REFUSED POSTURE_ENFORCE, DELIVERY_REFUSED
#define PARTLY  POSTURE_ENFORCE, DELIVERY_PARTLY_REFUSED
#define UNSEEN  POSTURE_ENFORCE, DELIVERY_UNKNOWN
#define LOST    POSTURE_ENFORCE, DELIVERY_UNDELIVERABLE

#define NOTHING "mx-host-missing:medium sts-record-missing:medium tlsrpt-record-missing:low"

static const struct rule_case cases[] = {
    {"servfail", servfail, "mx-lookup-failed:unknown", UNSEEN},
    {"not asked", not_asked, "mx-lookup-failed:unknown", UNSEEN},
    {"bogus", bogus, "mx-dnssec-bogus:high", LOST},
    {"implicit", implicit, "mx-implicit:medium", FINE},
    {"nowhere", nowhere, "mx-host-missing:high", LOST},
    {"nowhere, the domain having been asked", nowhere_either, "mx-host-missing:high", LOST},
    {"no such domain", no_such_domain, "domain-nonexistent:high", POSTURE_NONEXISTENT,
     DELIVERY_UNDELIVERABLE},
    {"denied, with a name below it", a_name_below,
     "mx-host-missing:medium sts-record-missing:medium", POSTURE_ABSENT, DELIVERY_UNDELIVERABLE},
    {"denied, and bogus", denied_bogus,
     "mx-dnssec-bogus:high sts-record-missing:medium tlsrpt-record-missing:low", POSTURE_ABSENT,
     DELIVERY_UNDELIVERABLE},
    {"an alias to nowhere", alias_to_nowhere, NOTHING, POSTURE_ABSENT, DELIVERY_UNDELIVERABLE},
    {"null beside another", null_among_others, "mx-host-missing:medium", FINE},
    {"null", null_mx, "mx-null:info", LOST},
    {"no address", no_address, "mx-host-missing:high", LOST},
    {"address servfail", address_servfail, "mx-lookup-failed:unknown", UNSEEN},
    {"address bogus", address_bogus, "mx-dnssec-bogus:high renewal-dnssec-bogus:low", LOST},
    {"denial of AAAA bogus", half_bogus, "mx-dnssec-bogus:medium renewal-dnssec-bogus:low", FINE},
    {"AAAA times out", half_failed, "mx-lookup-failed:unknown", FINE},
    {"-6", one_family_asked, "mx-lookup-failed:unknown", UNSEEN},
    {"alias", alias, "mx-host-cname:low", FINE},
    {"literal", literal, "mx-ip-literal:high", REFUSED},
    {"no smtp", no_smtp, "", UNSEEN},
    {"no smtp, no addresses", no_smtp_no_addresses, "", UNSEEN},
    {"no final dot", no_final_dot, "mx-final-dot-missing:high", LOST},
    {"no final dot, the domain itself", no_final_dot_apex, "mx-final-dot-missing:high", LOST},
    {"no final dot, a provider", no_final_dot_provider, "mx-final-dot-missing:high", LOST},
    {"no final dot, a hoster", no_final_dot_elsewhere, "mx-final-dot-missing:high", LOST},
    {"no final dot, not covered", no_final_dot_uncovered, "mx-final-dot-missing:high", LOST},
    {"a name of ours", a_name_of_ours, "mx-host-missing:high", LOST},
    {"doubled, and there", doubled_and_there, "", FINE},
    {"localhost", localhost, "mx-target-invalid:high", LOST},
    {"one label", one_label, "mx-target-invalid:high", LOST},
    {"underscore", underscore, "mx-target-invalid:high", REFUSED},
    {"underscore, gone", underscore_gone, "mx-target-invalid:high", LOST},
    {"loopback", loopback, "mx-address-private:high", LOST},
    {"loopback answers", loopback_answers, "mx-address-private:high", LOST},
    {"private", private, "mx-address-private:high", LOST},
    {"IPv4 in disguise", disguised, "mx-address-private:high", LOST},
    {"nearly private", nearly_private, "mx-unreachable:high", REFUSED},
    {"private, answers", private_answers, "mx-address-private:low", FINE},
    {"private, in a laboratory", private_laboratory, "", FINE},
    {"private, in a scan", private_scan, "mx-address-private:high", LOST},
    {"benchmarking, in a scan", benchmark_scan, "mx-address-private:high", LOST},
    {"benchmarking, seen from elsewhere", benchmark_elsewhere, "mx-address-private:high", LOST},
    {"NAT64 of loopback", nat64_loopback, "mx-address-private:high", LOST},
    {"NAT64 of a public one", nat64_public, "mx-unreachable:high", REFUSED},
    {"private beside", private_beside, "mx-address-private:medium", FINE},
    {"no record, the policy names a host", meant, "mx-record-missing:critical", REFUSED},
    {"... which nobody looked up", only_the_domain, "mx-record-missing:critical", REFUSED},
    {"... which is not there", meant_is_missing, "mx-none-covered:critical mx-implicit:medium",
     REFUSED},
    {"uncovered and lost", uncovered_and_lost, "mx-none-covered:critical mx-final-dot-missing:high",
     REFUSED},
    {"one uncovered", one_uncovered, "mx-not-covered:critical", PARTLY},
    {"one uncovered, testing", one_uncovered_testing, "mx-not-covered:high policy-mode-testing:low",
     POSTURE_TESTING, DELIVERY_REPORTED},
    {"none covered", none_covered, "mx-none-covered:critical", REFUSED},
    {"mode none", mode_none, "policy-mode-none:low", POSTURE_NONE, DELIVERY_UNPROTECTED},
    {"unused", unused, "mx-pattern-unused:low", FINE},
    {"unregistered", unregistered, "mx-pattern-unused:medium", FINE},
    {"registered", registered, "mx-pattern-unused:low", FINE},
    {"policy host", policy_host_named, "mx-pattern-is-policy-host:critical", REFUSED},
    {"policy host beside", policy_host_beside, "mx-pattern-unused:low", FINE},
    {"policy host is MX", policy_host_is_mx, "", FINE},
    {"deep", deep, "mx-wildcard-depth:critical", REFUSED},
    {"deep and good", deep_and_good, "mx-wildcard-depth:critical", PARTLY},
    {"apex", apex_is_no_label, "mx-none-covered:critical", REFUSED},
};

static void test_cases(void **state)
{
    (void)state;
    RUN_CASES(cases);
}

/* The view of each MX: cover, usability, and the codes about it. */
static void test_views(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct facts *f = healthy(ctx);
    struct diagnosis *d;

    (void)state;
    one_uncovered(f);
    assert_int_equal(diagnose(ctx, f, NOW, &d), STS_OK);
    assert_int_equal(d->mx_count, 3);
    assert_int_equal(d->mx[0].covered, ANSWER_YES);
    assert_string_equal(d->mx[0].pattern, "*.example.com");
    assert_int_equal(d->mx[0].usable, ANSWER_YES);
    assert_int_equal(d->mx_codes[0].count, 0);
    assert_int_equal(d->mx[2].covered, ANSWER_NO);
    assert_int_equal(d->mx[2].usable, ANSWER_NO);
    assert_int_equal(d->mx_codes[2].count, 1);
    assert_int_equal(d->mx_codes[2].codes[0], FINDING_MX_NOT_COVERED);
    talloc_free(ctx);
}

/* Whatever is wrong with a policy: no line is advised for a host that does not exist. */
static void test_lines(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct facts *f = healthy(ctx);
    struct diagnosis *d;

    (void)state;
    uncovered_and_lost(f);
    assert_int_equal(diagnose(ctx, f, NOW, &d), STS_OK);
    assert_int_equal(d->findings[0].code, FINDING_MX_NONE_COVERED);
    assert_string_equal(finding_value(&d->findings[0], "right"), "mx: mail.example.net");
    assert_string_equal(finding_value(&d->findings[1], "meant"), "mx1.example.com");
    assert_string_equal(finding_value(&d->findings[1], "covered"), "mx1.example.com");
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases), cmocka_unit_test(test_views),
                                       cmocka_unit_test(test_lines)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
