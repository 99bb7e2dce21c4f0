/* SPDX-License-Identifier: MIT */
/* test_rule_propagation.c - what the domain's name servers say one by one. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "rules/test_facts.h"

#define NAME "_mta-sts.example.com"
#define NEW  "v=STSv1; id=20261123000000;"

static struct authority *server(struct facts *f, const char *text, int64_t serial)
{
    struct authority *made;

    f->authorities = talloc_realloc(f, f->authorities, struct authority, f->authority_count + 1);
    assert_non_null(f->authorities);
    made = &f->authorities[f->authority_count];
    *made = (struct authority){.server = f->authority_count ? "ns2.example.net" : "ns1.example.net",
                               .address = "192.0.2.53",
                               .authoritative = true};
    f->authority_count++;
    made->sts_txt =
        text ? txt(f, NAME, text, NULL) : answer(f, NAME, DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    made->soa = answer(f, "example.com", DNS_SOA, DNS_OUTCOME_FOUND);
    made->soa->records = talloc_zero(f, struct dns_record);
    assert_non_null(made->soa->records);
    made->soa->records->serial = serial;
    made->soa->record_count = 1;
    return made;
}

static void alike(struct facts *f)
{
    server(f, RECORD, 5);
    server(f, RECORD, 5);
}

static void serial_alone(struct facts *f)
{
    server(f, RECORD, 5);
    server(f, RECORD, 4);
}

static void id_differs(struct facts *f)
{
    server(f, NEW, 5);
    server(f, RECORD, 4);
}

static void one_has_none(struct facts *f)
{
    server(f, RECORD, 5);
    server(f, NULL, 4);
}

static void none_authoritative(struct facts *f)
{
    id_differs(f);
    f->authorities[1].authoritative = false;
}

static void no_answer(struct facts *f)
{
    server(f, RECORD, 5);
    server(f, NULL, 5)->sts_txt->outcome = DNS_OUTCOME_TIMEOUT;
}

static void refused(struct facts *f)
{
    server(f, RECORD, 5);
    server(f, NULL, 5)->sts_txt->outcome = DNS_OUTCOME_FAILED;
}

static void not_asked(struct facts *f)
{
    server(f, RECORD, 5);
    server(f, NULL, 5)->sts_txt = NULL;
}

/* A server that happens to know the alias's zone gives the text as well. */
static void alias(struct facts *f)
{
    add_cname(f, server(f, RECORD, 5)->sts_txt, "_mta-sts.provider.example");
    add_cname(f, server(f, NULL, 5)->sts_txt, "_mta-sts.provider.example");
    f->authorities[1].sts_txt->outcome = DNS_OUTCOME_NODATA;
}

static void two_aliases(struct facts *f)
{
    alias(f);
    f->authorities[1].sts_txt->cnames[0] = "_mta-sts.former.example";
}

static void other_texts(struct facts *f)
{
    alike(f);
    f->authorities[1].sts_txt = txt(f, NAME, "site-verification=1", RECORD, NULL);
}

/* ---- what else they say ---------------------------------------------------------------------- */

static struct dns_answer *says(struct facts *f, size_t index, const char *name, int type)
{
    struct authority *one = &f->authorities[index];
    struct dns_answer *made = answer(f, name, type, DNS_OUTCOME_FOUND);

    one->answers =
        talloc_realloc(f, one->answers, struct dns_answer, (unsigned)one->answer_count + 1);
    assert_non_null(one->answers);
    made->records = talloc_zero(made, struct dns_record);
    made->record_count = 1;
    one->answers[one->answer_count] = *made;
    return &one->answers[one->answer_count++];
}

static void mx_said(struct facts *f, size_t index, const char *host)
{
    *says(f, index, "example.com", DNS_MX)->records =
        (struct dns_record){.host = host, .preference = 10};
}

static void same_mx(struct facts *f)
{
    serial_alone(f);
    mx_said(f, 0, "mx1.example.com");
    mx_said(f, 1, "mx1.example.com");
}

static void other_mx(struct facts *f)
{
    alike(f);
    mx_said(f, 0, "mx1.example.com");
    mx_said(f, 1, "old.example.com");
}

/* Our resolver asked the server that is behind. */
static void stale_mx(struct facts *f)
{
    other_mx(f);
    f->mx[0].name = "old.example.com";
    f->mx[0].a = answer(f, "old.example.com", DNS_A, DNS_OUTCOME_NXDOMAIN);
    f->mx[0].aaaa = answer(f, "old.example.com", DNS_AAAA, DNS_OUTCOME_NXDOMAIN);
    f->mx[0].session_count = 0;
}

static void other_mx_covered(struct facts *f)
{
    other_mx(f);
    set_policy(f, "version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 2592000\n");
}

static void mx_not_answered(struct facts *f)
{
    other_mx(f);
    f->authorities[1].answers[0].outcome = DNS_OUTCOME_TIMEOUT;
}

static void tlsa_gone(struct facts *f)
{
    alike(f);
    *says(f, 0, "_25._tcp.mx1.example.com", DNS_TLSA)->records =
        (struct dns_record){.usage = 3, .selector = 1, .matching = 1, .data = text_bytes("00ff")};
    says(f, 1, "_25._tcp.mx1.example.com", DNS_TLSA)->outcome = DNS_OUTCOME_NXDOMAIN;
    f->authorities[1].answers[0].record_count = 0;
}

static void host_said(struct facts *f, size_t index, const char *at)
{
    *says(f, index, "mta-sts.example.com", DNS_A)->records = (struct dns_record){.address = at};
}

/* Load sharing: nothing else differs. */
static void addresses_vary(struct facts *f)
{
    alike(f);
    host_said(f, 0, "192.0.2.1");
    host_said(f, 1, "192.0.2.2");
}

static void addresses_and_serials(struct facts *f)
{
    serial_alone(f);
    host_said(f, 0, "192.0.2.1");
    host_said(f, 1, "192.0.2.2");
}

static void host_alias(struct facts *f)
{
    serial_alone(f);
    host_said(f, 0, "192.0.2.1");
    add_cname(f, says(f, 1, "mta-sts.example.com", DNS_A), "policy.provider.example");
}

static void host_gone(struct facts *f)
{
    serial_alone(f);
    host_said(f, 0, "192.0.2.1");
    host_said(f, 1, "192.0.2.2");
    f->authorities[1].answers[0].outcome = DNS_OUTCOME_NODATA;
    f->authorities[1].answers[0].record_count = 0;
}

#define PARTLY POSTURE_ENFORCE, DELIVERY_PARTLY_REFUSED
#define FINE   POSTURE_ENFORCE, DELIVERY_PROTECTED

static const struct rule_case cases[] = {
    {"alike", alike, "", FINE},
    {"serial alone", serial_alone, "", FINE},
    {"id", id_differs, "sts-record-not-propagated:medium", FINE},
    {"one has none", one_has_none, "sts-record-not-propagated:medium", FINE},
    {"not authoritative", none_authoritative, "", FINE},
    {"no answer", no_answer, "", FINE},
    {"refused", refused, "", FINE},
    {"not asked", not_asked, "", FINE},
    {"alias", alias, "", FINE},
    {"two aliases", two_aliases, "sts-record-not-propagated:medium", FINE},
    {"other texts", other_texts, "", FINE},
    {"the same MX", same_mx, "", FINE},
    {"another MX", other_mx, "name-servers-differ:high", FINE},
    {"a stale MX", stale_mx, "name-servers-differ:high mx-host-missing:high", PARTLY},
    {"another MX, covered", other_mx_covered, "name-servers-differ:medium", FINE},
    {"MX not answered", mx_not_answered, "", FINE},
    {"no TLSA at one", tlsa_gone, "name-servers-differ:medium", FINE},
    {"addresses vary", addresses_vary, "", FINE},
    {"addresses and serials", addresses_and_serials, "name-servers-differ:low", FINE},
    {"the policy host without an address at one", host_gone, "name-servers-differ:medium", FINE},
    {"the policy host an alias at one", host_alias, "name-servers-differ:medium", FINE},
};

static void test_cases(void **state)
{
    (void)state;
    RUN_CASES(cases);
}

static const char *value(const struct finding *finding, const char *name)
{
    for (size_t i = 0; i < finding->param_count; i++)
        if (!strcmp(finding->params[i].name, name))
            return finding->params[i].value;
    return "none";
}

/* Serials go round (RFC 1982): 4294967290 is older than 3. */
static void test_evidence(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct facts *f = healthy(ctx);
    struct diagnosis *d;

    (void)state;
    server(f, NEW, 3);
    server(f, RECORD, 4294967290)->sts_txt->ttl = 7200;
    assert_int_equal(diagnose(ctx, f, NOW, &d), STS_OK);
    assert_int_equal(d->finding_count, 1);
    assert_string_equal(value(&d->findings[0], "servers"),
                        "ns1.example.net [192.0.2.53]: serial 3, id 20261123000000, TTL 3600; "
                        "ns2.example.net [192.0.2.53]: serial 4294967290, id 20261101000000, "
                        "TTL 7200");
    assert_string_equal(value(&d->findings[0], "behind"), "ns2.example.net");
    assert_string_equal(value(&d->findings[0], "ttl"), "7200");
    assert_string_equal(value(&d->findings[0], "seen_by"), "2026-11-23T17:00:00Z");
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases),
                                       cmocka_unit_test(test_evidence)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
