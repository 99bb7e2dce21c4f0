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

#define FINE POSTURE_ENFORCE, DELIVERY_PROTECTED

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
