/* SPDX-License-Identifier: MIT */
/* test_rule_tlsrpt.c - what the rules make of the TXT record at _smtp._tls. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rules/test_facts.h"

#define NAME "_smtp._tls.example.com"

static void missing(struct facts *f)
{
    f->tlsrpt_txt = answer(f, NAME, DNS_TXT, DNS_OUTCOME_NXDOMAIN);
}

static void missing_unprotected(struct facts *f)
{
    missing(f);
    set_policy(f, "version: STSv1\nmode: none\nmx: mx1.example.com\nmax_age: 2592000\n");
}

static void alias(struct facts *f)
{
    missing(f);
    add_cname(f, f->tlsrpt_txt, "gone.example.net");
}

static void other_text(struct facts *f)
{
    f->tlsrpt_txt = txt(f, NAME, "v=spf1 -all", NULL);
}

static void servfail(struct facts *f)
{
    f->tlsrpt_txt = answer(f, NAME, DNS_TXT, DNS_OUTCOME_FAILED);
}

static void bogus(struct facts *f)
{
    f->tlsrpt_txt->security = DNS_SECURITY_BOGUS;
}

static void misplaced(struct facts *f)
{
    missing(f);
    f->tlsrpt_strays = txt(f, "_tls.example.com", TLSRPT, NULL);
    f->tlsrpt_stray_count = 1;
}

/* The apex is asked once, for both records. */
static void misplaced_at_apex(struct facts *f)
{
    missing(f);
    f->sts_strays = txt(f, "example.com", "v=spf1 -all", TLSRPT, NULL);
    f->sts_stray_count = 1;
}

static void dmarc_is_no_stray(struct facts *f)
{
    missing(f);
    f->tlsrpt_strays = txt(f, "example.com", "v=DMARC1; rua=mailto:d@example.com", NULL);
    f->tlsrpt_stray_count = 1;
}

/* Neither begins as it must, and both were meant. */
static void two_typos(struct facts *f)
{
    f->tlsrpt_txt = txt(f, NAME, "v=TLSRPT1; rua=mailto:tls@example.com",
                        "v=TLSRPTv2; rua=mailto:tls@example.com", NULL);
}

static void typo_beside_it(struct facts *f)
{
    f->tlsrpt_txt = txt(f, NAME, "v=TLSRPT1; rua=mailto:tls@example.com", TLSRPT, NULL);
}

static void beside(struct facts *f)
{
    f->tlsrpt_txt = txt(f, NAME, "v=spf1 -all", TLSRPT, NULL);
}

/* One TXT record with this text. */
#define TEXT_CASE(name, ...)                                                                       \
    static void name(struct facts *f)                                                              \
    {                                                                                              \
        f->tlsrpt_txt = txt(f, NAME, __VA_ARGS__, NULL);                                           \
    }

TEXT_CASE(two, TLSRPT, "v=TLSRPTv1; rua=mailto:b@example.com")
TEXT_CASE(typo, "v=TLSRPT1; rua=mailto:a@example.com")
TEXT_CASE(syntax, "v=TLSRPTv1; rua=mailto:a@example.com; nonsense")
TEXT_CASE(no_rua, "v=TLSRPTv1; x=y")
TEXT_CASE(spacing, "v=TLSRPTv1 ; rua=mailto:a@example.com")
TEXT_CASE(two_rua, "v=TLSRPTv1; rua=mailto:a@example.com; rua=https://example.com/")
TEXT_CASE(bare_address, "v=TLSRPTv1; rua=tls@example.com")
TEXT_CASE(https, "v=TLSRPTv1; rua=https://example.com/tls,mailto:a@example.com")

#define FINE POSTURE_ENFORCE, DELIVERY_PROTECTED

static struct rua_target *target(struct facts *f, bool mail, int outcome)
{
    struct rua_target *made = talloc_zero(f, struct rua_target);

    assert_non_null(made);
    f->rua_targets = made;
    f->rua_target_count = 1;
    *made = (struct rua_target){.uri = mail ? "mailto:tls@example.net" : "https://example.net/",
                                .host = "example.net",
                                .a = answer(f, "example.net", DNS_A, outcome),
                                .aaaa = answer(f, "example.net", DNS_AAAA, outcome)};
    made->mx = mail ? answer(f, "example.net", DNS_MX, outcome) : NULL;
    return made;
}

static void rua_gone(struct facts *f)
{
    target(f, true, DNS_OUTCOME_NXDOMAIN);
}

static void rua_host_gone(struct facts *f)
{
    target(f, false, DNS_OUTCOME_NXDOMAIN);
}

static void rua_fails(struct facts *f)
{
    target(f, true, DNS_OUTCOME_FAILED);
}

/* Mail goes to the address itself. */
static void rua_without_mx(struct facts *f)
{
    target(f, true, DNS_OUTCOME_NODATA)->aaaa->outcome = DNS_OUTCOME_FOUND;
}

static void rua_one_family(struct facts *f)
{
    target(f, false, DNS_OUTCOME_NODATA)->aaaa = NULL;
}

static void rua_null_mx(struct facts *f)
{
    struct rua_target *made = target(f, true, DNS_OUTCOME_NODATA);

    made->mx = answer(f, "example.net", DNS_MX, DNS_OUTCOME_FOUND);
    made->mx->records = talloc_zero(f, struct dns_record);
    assert_non_null(made->mx->records);
    made->mx->records->host = ".";
    made->mx->record_count = 1;
}

static const struct rule_case cases[] = {
    {"rua gone", rua_gone, "tlsrpt-rua-undeliverable:medium", FINE},
    {"rua host gone", rua_host_gone, "tlsrpt-rua-undeliverable:medium", FINE},
    {"rua fails", rua_fails, "", FINE},
    {"rua without MX", rua_without_mx, "", FINE},
    {"rua, one family asked", rua_one_family, "", FINE},
    {"rua, null MX", rua_null_mx, "tlsrpt-rua-undeliverable:medium", FINE},
    {"missing", missing, "tlsrpt-record-missing:medium", FINE},
    {"missing, none", missing_unprotected, "policy-mode-none:low tlsrpt-record-missing:low",
     POSTURE_NONE, DELIVERY_UNPROTECTED},
    {"alias", alias, "tlsrpt-record-missing:medium", FINE},
    {"other text", other_text, "tlsrpt-record-missing:medium", FINE},
    {"servfail", servfail, "tlsrpt-record-lookup-failed:unknown", FINE},
    {"bogus", bogus, "tlsrpt-record-lookup-failed:unknown", FINE},
    {"misplaced", misplaced, "tlsrpt-record-misplaced:medium", FINE},
    {"misplaced at the apex", misplaced_at_apex, "tlsrpt-record-misplaced:medium", FINE},
    {"DMARC", dmarc_is_no_stray, "tlsrpt-record-missing:medium", FINE},
    {"beside another", beside, "", FINE},
    {"two", two, "tlsrpt-record-multiple:medium", FINE},
    {"typo", typo, "tlsrpt-record-version-invalid:medium", FINE},
    {"two typos", two_typos,
     "tlsrpt-record-version-invalid:medium tlsrpt-record-version-invalid:medium", FINE},
    {"a typo beside it", typo_beside_it, "", FINE},
    {"syntax", syntax, "tlsrpt-record-syntax-invalid:medium", FINE},
    {"no rua", no_rua, "tlsrpt-rua-missing:medium", FINE},
    {"a blank before the semicolon", spacing, "tlsrpt-record-version-spacing:low", FINE},
    {"two rua", two_rua, "", FINE},
    {"bare address", bare_address, "tlsrpt-rua-invalid:medium", FINE},
    {"https", https, "", FINE},
};

int main(void)
{
    return RUN_ONLY_CASES(cases);
}
