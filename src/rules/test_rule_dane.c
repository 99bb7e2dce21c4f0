/* SPDX-License-Identifier: MIT */
/* test_rule_dane.c - TLSA records, DNSSEC, and what they make of the MX hosts' certificates. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rules/test_facts.h"

#define HOST   "mx1.example.com"
#define SHA256 "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

/* One TLSA record of the first MX, signed all the way, that the chain matches. */
static void record(struct facts *f, int64_t usage, int64_t selector, int64_t matching,
                   const char *data, int result)
{
    struct mx_host *mx = &f->mx[0];
    struct tls_session *tls = session(f)->tls;
    struct dns_record *made = talloc_zero(f, struct dns_record);

    assert_non_null(made);
    *made = (struct dns_record){
        .usage = usage, .selector = selector, .matching = matching, .data = text_bytes(data)};
    f->mx_answer->security = mx->a->security = DNS_SECURITY_SECURE;
    mx->tlsa = answer(f, "_25._tcp." HOST, DNS_TLSA, DNS_OUTCOME_FOUND);
    mx->tlsa->security = DNS_SECURITY_SECURE;
    mx->tlsa->records = made;
    mx->tlsa->record_count = 1;
    tls->tlsa = talloc_zero(f, struct tlsa_match);
    assert_non_null(tls->tlsa);
    *tls->tlsa = (struct tlsa_match){usage, selector, matching, made->data, result};
    tls->tlsa_count = 1;
    leaf(tls)->spki_sha256 = SHA256;
}

static void active(struct facts *f)
{
    record(f, 3, 1, 1, SHA256, TLSA_MATCH);
}

static void full_certificate(struct facts *f)
{
    record(f, 3, 0, 0, "3082", TLSA_MATCH);
}

static void other_key(struct facts *f)
{
    record(f, 3, 1, 1, SHA256, TLSA_MISMATCH);
}

static void other_key_absent(struct facts *f)
{
    other_key(f);
    f->sts_txt = answer(f, "_mta-sts.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.a = answer(f, "mta-sts.example.com", DNS_A, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.fetch_count = 0;
}

static void other_key_at_one(struct facts *f)
{
    struct tls_session *second;

    active(f);
    second = add_session(f, &f->mx[0], "2001:470::25")->tls;
    second->tlsa = talloc_zero(f, struct tlsa_match);
    assert_non_null(second->tlsa);
    *second->tlsa = (struct tlsa_match){3, 1, 1, text_bytes(SHA256), TLSA_MISMATCH};
    second->tlsa_count = 1;
}

static void usage_one(struct facts *f)
{
    record(f, 1, 1, 1, SHA256, TLSA_UNUSABLE);
}

static void short_digest(struct facts *f)
{
    record(f, 3, 1, 1, "0011", TLSA_UNUSABLE);
}

static void long_digest(struct facts *f)
{
    record(f, 3, 1, 2, SHA256, TLSA_UNUSABLE);
}

static void unknown_matching(struct facts *f)
{
    record(f, 3, 1, 7, SHA256, TLSA_UNUSABLE);
}

static void unsigned_zone(struct facts *f)
{
    active(f);
    f->mx_answer->security = f->mx[0].a->security = DNS_SECURITY_INSECURE;
    f->mx[0].tlsa->security = DNS_SECURITY_INSECURE;
}

/* The host of a provider that is signed, below a domain that is not. */
static void unsigned_domain(struct facts *f)
{
    active(f);
    f->mx[0].name = "mx1.example.net";
    set_names(f, session(f)->tls, "mx1.example.net", NULL);
    set_policy(f, "version: STSv1\nmode: enforce\nmx: mx1.example.net\nmax_age: 604800\n");
    f->mx_answer->security = DNS_SECURITY_INSECURE;
}

static void unsigned_address(struct facts *f)
{
    active(f);
    f->mx[0].aaaa = address(f, HOST, "2001:470::25");
}

static void never_validated(struct facts *f)
{
    other_key(f);
    f->mx_answer->security = f->mx[0].a->security = DNS_SECURITY_UNCHECKED;
    f->mx[0].tlsa->security = DNS_SECURITY_UNCHECKED;
}

static void none(struct facts *f)
{
    active(f);
    f->mx[0].tlsa = answer(f, "_25._tcp." HOST, DNS_TLSA, DNS_OUTCOME_NXDOMAIN);
}

static void servfail(struct facts *f)
{
    active(f);
    f->mx[0].tlsa = answer(f, "_25._tcp." HOST, DNS_TLSA, DNS_OUTCOME_FAILED);
}

static void servfail_unsigned(struct facts *f)
{
    servfail(f);
    f->mx_answer->security = DNS_SECURITY_INSECURE;
}

static void bogus(struct facts *f)
{
    active(f);
    f->mx[0].tlsa->security = DNS_SECURITY_BOGUS;
}

static void no_answer(struct facts *f)
{
    active(f);
    f->mx[0].tlsa = answer(f, "_25._tcp." HOST, DNS_TLSA, DNS_OUTCOME_TIMEOUT);
}

static void stopped(struct facts *f)
{
    active(f);
    f->mx[0].tlsa = answer(f, "_25._tcp." HOST, DNS_TLSA, DNS_OUTCOME_UNKNOWN);
}

static void self_signed(struct facts *f)
{
    active(f);
    session(f)->tls->trust = CHAIN_SELF_SIGNED;
    session(f)->tls->chain_count = 1;
}

static void self_signed_none(struct facts *f)
{
    self_signed(f);
    set_policy(f, "version: STSv1\nmode: none\nmx: mx1.example.com\nmax_age: 604800\n");
}

/* Usage 3 passes over dates, usage 2 does not. */
static void expired_own_ca(struct facts *f)
{
    record(f, 2, 0, 1, SHA256, TLSA_MATCH);
    leaf(session(f)->tls)->not_after = NOW - DAY;
}

static void port_blocked(struct facts *f)
{
    active(f);
    session_stops(session(f), NET_TIMEOUT, PHASE_GREETING);
}

#define FINE    POSTURE_ENFORCE, DELIVERY_PROTECTED
#define REFUSED POSTURE_ENFORCE, DELIVERY_REFUSED

static const struct rule_case cases[] = {
    {"active", active, "dane-active:info", FINE},
    {"whole certificate", full_certificate, "dane-active:info", FINE},
    {"other key", other_key, "dane-tlsa-mismatch:critical dane-sts-conflict:medium", FINE},
    {"other key, no MTA-STS", other_key_absent,
     "dane-tlsa-mismatch:critical sts-record-missing:medium", POSTURE_ABSENT, DELIVERY_UNPROTECTED},
    {"other key at one address", other_key_at_one,
     "dane-tlsa-mismatch:medium dane-sts-conflict:medium", FINE},
    {"usage 1", usage_one, "dane-tlsa-unusable:medium", FINE},
    {"short digest", short_digest, "dane-tlsa-unusable:medium", FINE},
    {"long digest", long_digest, "dane-tlsa-unusable:medium", FINE},
    {"matching 7", unknown_matching, "dane-tlsa-unusable:medium", FINE},
    {"unsigned", unsigned_zone, "dane-tlsa-unsigned:medium", FINE},
    {"signed provider", unsigned_domain, "dane-tlsa-unsigned:info", FINE},
    {"an address unsigned", unsigned_address, "dane-tlsa-unsigned:medium", FINE},
    {"never validated", never_validated, "", FINE},
    {"none", none, "", FINE},
    {"servfail", servfail, "dane-lookup-failed:critical", FINE},
    {"servfail, unsigned", servfail_unsigned, "", FINE},
    {"bogus", bogus, "dane-lookup-failed:critical", FINE},
    {"no answer", no_answer, "dane-lookup-failed:unknown", FINE},
    {"stopped", stopped, "", FINE},
    {"self-signed", self_signed,
     "mx-cert-self-signed:critical dane-sts-conflict:medium dane-active:info", REFUSED},
    {"self-signed, mode none", self_signed_none,
     "policy-mode-none:low mx-cert-self-signed:low dane-active:info", POSTURE_NONE,
     DELIVERY_UNPROTECTED},
    {"own CA, expired", expired_own_ca, "mx-cert-expired:critical dane-tlsa-mismatch:critical",
     REFUSED},
    {"MX silent", port_blocked, "mx-timeout:medium", POSTURE_ENFORCE, DELIVERY_UNKNOWN},
};

static void test_cases(void **state)
{
    (void)state;
    RUN_CASES(cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
