/* SPDX-License-Identifier: MIT */
/* test_rule_record.c - what the rules make of the TXT record at _mta-sts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rules/test_facts.h"

#define NAME "_mta-sts.example.com"

static void no_policy_host(struct facts *f)
{
    f->policy_host.a = answer(f, "mta-sts.example.com", DNS_A, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.aaaa = answer(f, "mta-sts.example.com", DNS_AAAA, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.fetch_count = 0;
}

static void nxdomain(struct facts *f)
{
    f->sts_txt = answer(f, NAME, DNS_TXT, DNS_OUTCOME_NXDOMAIN);
}

static void nothing(struct facts *f)
{
    nxdomain(f);
    no_policy_host(f);
}

static void nothing_but_a_web_site(struct facts *f)
{
    nxdomain(f);
    fetch(f)->status = 404;
}

static void nothing_but_a_page(struct facts *f)
{
    nxdomain(f);
    set_policy(f, "<!DOCTYPE html><html><body>Hello</body></html>");
}

static void spf_only(struct facts *f)
{
    f->sts_txt = txt(f, NAME, "v=spf1 -all", NULL);
    no_policy_host(f);
}

static void alias_without_record(struct facts *f)
{
    f->sts_txt = answer(f, NAME, DNS_TXT, DNS_OUTCOME_NODATA);
    add_cname(f, f->sts_txt, "_mta-sts.provider.example");
    no_policy_host(f);
}

static void dangling(struct facts *f)
{
    nxdomain(f);
    add_cname(f, f->sts_txt, "_mta-sts.gone.example");
    no_policy_host(f);
}

static void servfail(struct facts *f)
{
    f->sts_txt = answer(f, NAME, DNS_TXT, DNS_OUTCOME_FAILED);
    f->sts_txt->rcode = "SERVFAIL";
}

static void unknown(struct facts *f)
{
    f->sts_txt = answer(f, NAME, DNS_TXT, DNS_OUTCOME_UNKNOWN);
}

static void not_asked(struct facts *f)
{
    f->sts_txt = NULL;
}

static void bogus(struct facts *f)
{
    f->sts_txt->security = DNS_SECURITY_BOGUS;
}

static void two(struct facts *f)
{
    f->sts_txt = txt(f, NAME, RECORD, "v=STSv1; id=2;", NULL);
}

static void misplaced(struct facts *f)
{
    nxdomain(f);
    f->sts_strays = txt(f, "example.com", "v=spf1 -all", RECORD, NULL);
    f->sts_stray_count = 1;
}

/* An SPF record at the apex is no misplaced record. */
static void not_misplaced(struct facts *f)
{
    nothing(f);
    f->sts_strays = txt(f, "example.com", "v=spf1 -all", TLSRPT, NULL);
    f->sts_stray_count = 1;
}

static void unrelated(struct facts *f)
{
    f->sts_txt = txt(f, NAME, "google-site-verification=x", RECORD, NULL);
}

static void long_ttl(struct facts *f)
{
    f->sts_txt->ttl = 86401;
}

/* The resolver gives what is left of it, or less than it was told. */
static void capped_ttl(struct facts *f)
{
    struct authority *authority = talloc_zero(f, struct authority);

    f->sts_txt->ttl = 3600;
    authority->server = "ns1.example.com";
    authority->address = "192.0.2.53";
    authority->authoritative = true;
    authority->sts_txt = txt(f, "_mta-sts.example.com", RECORD, NULL);
    authority->sts_txt->ttl = 172800;
    f->authorities = authority;
    f->authority_count = 1;
}

static void day_ttl(struct facts *f)
{
    f->sts_txt->ttl = 86400;
}

/* One TXT record with this text. */
#define TEXT_CASE(name, text)                                                                      \
    static void name(struct facts *f)                                                              \
    {                                                                                              \
        f->sts_txt = txt(f, NAME, text, NULL);                                                     \
    }

TEXT_CASE(typo, "v=STS1; id=1;")
TEXT_CASE(no_id, "v=STSv1;")
TEXT_CASE(bad_id, "v=STSv1; id=2026-11-01;")
TEXT_CASE(bad_field, "v=STSv1; id=1; nonsense;")
TEXT_CASE(pasted, "v=STSv1; id=1; mode: enforce; mx: mx1.example.com; max_age: 2592000;")
TEXT_CASE(quoted, "\"v=STSv1; id=1;\"")
TEXT_CASE(twice, "v=STSv1; id=1; id=2;")
TEXT_CASE(spaced, "v=STSv1 ; id=1;")
TEXT_CASE(trailing, "v=STSv1; id=1 ")

static void wildcard(struct facts *f)
{
    spf_only(f);
    f->wildcard_txt = txt(f, "_mta-sts-unused.example.com", "site=1", "v=spf1 -all", NULL);
}

static void other_wildcard(struct facts *f)
{
    spf_only(f);
    f->wildcard_txt = txt(f, "_mta-sts-unused.example.com", "site=1", NULL);
}

/* How long resolvers keep it: by the answer, else by the zone's SOA. */
static void denied_for_no_time(struct facts *f)
{
    nothing(f);
    f->sts_txt->negative_ttl = 0;
    f->domain_soa = answer(f, "example.com", DNS_SOA, DNS_OUTCOME_FOUND);
    f->domain_soa->records = talloc_zero(f, struct dns_record);
    f->domain_soa->records[0].minimum = 300;
    f->domain_soa->record_count = 1;
}

static void denied_by_the_soa(struct facts *f)
{
    denied_for_no_time(f);
    f->sts_txt->negative_ttl = -1;
}

static const struct rule_case cases[] = {
    {"wildcard", wildcard, "sts-record-wildcard:medium", POSTURE_ABSENT, DELIVERY_UNPROTECTED},
    {"other wildcard", other_wildcard, "sts-record-missing:medium", POSTURE_ABSENT,
     DELIVERY_UNPROTECTED},
    {"healthy", NULL, "", POSTURE_ENFORCE, DELIVERY_PROTECTED},
    {"missing", nothing, "sts-record-missing:medium", POSTURE_ABSENT, DELIVERY_UNPROTECTED},
    {"missing, not to be kept", denied_for_no_time, "sts-record-missing:medium", POSTURE_ABSENT,
     DELIVERY_UNPROTECTED},
    {"missing, by the SOA", denied_by_the_soa, "sts-record-missing:medium", POSTURE_ABSENT,
     DELIVERY_UNPROTECTED},
    {"missing, 404", nothing_but_a_web_site, "sts-record-missing:medium", POSTURE_ABSENT,
     DELIVERY_UNPROTECTED},
    {"missing, a page", nothing_but_a_page, "sts-record-missing:medium", POSTURE_ABSENT,
     DELIVERY_UNPROTECTED},
    {"missing, a policy", nxdomain, "sts-record-missing:high", POSTURE_BROKEN,
     DELIVERY_UNPROTECTED},
    {"missing, SPF", spf_only, "sts-record-missing:medium", POSTURE_ABSENT, DELIVERY_UNPROTECTED},
    {"alias", alias_without_record, "sts-record-missing:medium", POSTURE_ABSENT,
     DELIVERY_UNPROTECTED},
    {"not misplaced", not_misplaced, "sts-record-missing:medium", POSTURE_ABSENT,
     DELIVERY_UNPROTECTED},
    {"dangling", dangling, "sts-record-cname-dangling:high policy-host-missing:high",
     POSTURE_BROKEN, DELIVERY_UNPROTECTED},
    {"servfail", servfail, "sts-record-lookup-failed:unknown", POSTURE_BROKEN, DELIVERY_UNKNOWN},
    {"unknown", unknown, "sts-record-lookup-failed:unknown", POSTURE_BROKEN, DELIVERY_UNKNOWN},
    {"not asked", not_asked, "sts-record-lookup-failed:unknown", POSTURE_BROKEN, DELIVERY_UNKNOWN},
    {"bogus", bogus, "sts-record-dnssec-bogus:high", POSTURE_BROKEN, DELIVERY_UNPROTECTED},
    {"two", two, "sts-record-multiple:high", POSTURE_BROKEN, DELIVERY_UNPROTECTED},
    {"misplaced", misplaced, "sts-record-misplaced:high", POSTURE_BROKEN, DELIVERY_UNPROTECTED},
    {"typo", typo, "sts-record-version-invalid:high", POSTURE_BROKEN, DELIVERY_UNPROTECTED},
    {"no id", no_id, "sts-record-id-missing:high", POSTURE_BROKEN, DELIVERY_UNPROTECTED},
    {"bad id", bad_id, "sts-record-id-invalid:high", POSTURE_BROKEN, DELIVERY_UNPROTECTED},
    {"bad field", bad_field, "sts-record-syntax-invalid:high", POSTURE_BROKEN,
     DELIVERY_UNPROTECTED},
    {"pasted", pasted, "sts-record-policy-pasted:high", POSTURE_BROKEN, DELIVERY_UNPROTECTED},
    {"quoted", quoted, "sts-record-quoted:high", POSTURE_BROKEN, DELIVERY_UNPROTECTED},
    {"twice", twice, "sts-record-duplicate-field:medium", POSTURE_ENFORCE, DELIVERY_PROTECTED},
    {"spaced", spaced, "sts-record-version-spacing:low", POSTURE_ENFORCE, DELIVERY_PROTECTED},
    {"trailing", trailing, "sts-record-trailing-space:low", POSTURE_ENFORCE, DELIVERY_PROTECTED},
    {"unrelated", unrelated, "sts-record-unrelated-txt:info", POSTURE_ENFORCE, DELIVERY_PROTECTED},
    {"long ttl", long_ttl, "sts-record-ttl-high:low", POSTURE_ENFORCE, DELIVERY_PROTECTED},
    {"long ttl that the resolver cuts short", capped_ttl, "sts-record-ttl-high:low",
     POSTURE_ENFORCE, DELIVERY_PROTECTED},
    {"a day", day_ttl, "", POSTURE_ENFORCE, DELIVERY_PROTECTED},
};

int main(void)
{
    return RUN_ONLY_CASES(cases);
}
