/* SPDX-License-Identifier: MIT */
/* test_rule_provider.c - providers in findings: patterns that are lacking, and the provider's fix.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules/test_facts.h"
#include "vendors/provider.h"

#define HEAD "version: STSv1\nmode: enforce\nmax_age: 2592000\n"

static void only_mx(struct facts *f, const char *name, const char *policy)
{
    f->mx[0].name = name;
    session(f)->tls = tls_new(f, name);
    set_policy(f, policy);
}

static void google_one_host(struct facts *f)
{
    only_mx(f, "aspmx.l.google.com", HEAD "mx: aspmx.l.google.com\n");
}

static void google_whole(struct facts *f)
{
    only_mx(f, "aspmx.l.google.com", HEAD "mx: aspmx.l.google.com\nmx: *.aspmx.l.google.com\n");
    add_mx(f, "alt1.aspmx.l.google.com", "192.0.2.26");
}

/* As the guides have it: a wildcard for more than one label. */
static void google_star(struct facts *f)
{
    only_mx(f, "aspmx.l.google.com", HEAD "mx: *.google.com\n");
}

static void google_single(struct facts *f)
{
    only_mx(f, "smtp.google.com", HEAD "mx: smtp.google.com\n");
}

static void microsoft_own_host(struct facts *f)
{
    only_mx(f, "t.mail.protection.outlook.com", HEAD "mx: t.mail.protection.outlook.com\n");
}

static void microsoft_no_star(struct facts *f)
{
    only_mx(f, "t.mail.protection.outlook.com", HEAD "mx: mail.protection.outlook.com\n");
}

static void microsoft_dnssec_deep(struct facts *f)
{
    only_mx(f, "t.j-v1.mx.microsoft", HEAD "mx: *.mx.microsoft\n");
}

static void fastmail_one_of_two(struct facts *f)
{
    only_mx(f, "in1-smtp.messagingengine.com", HEAD "mx: in1-smtp.messagingengine.com\n");
}

static void own_host(struct facts *f)
{
    only_mx(f, "mx.example.org", HEAD "mx: *.example.net\n");
}

static void no_policy_host(struct facts *f, const char *alias)
{
    struct policy_host *host = &f->policy_host;

    host->a = answer(f, host->name, DNS_A, DNS_OUTCOME_NODATA);
    host->aaaa = answer(f, host->name, DNS_AAAA, DNS_OUTCOME_NODATA);
    host->fetch_count = 0;
    if (alias)
        add_cname(f, host->a, alias);
}

static void pages_without_address(struct facts *f)
{
    no_policy_host(f, "policy.pages.dev");
}

static void half_delegated(struct facts *f)
{
    no_policy_host(f, NULL);
    add_cname(f, f->sts_txt, "example.com._mta-sts.mailhardener.com");
}

static void cloudflare_dns(struct facts *f)
{
    static struct dns_record server = {.host = "ada.ns.cloudflare.com"};

    no_policy_host(f, NULL);
    f->ns = answer(f, "example.com", DNS_NS, DNS_OUTCOME_FOUND);
    f->ns->records = &server;
    f->ns->record_count = 1;
}

#define FINE    POSTURE_ENFORCE, DELIVERY_PROTECTED
#define REFUSED POSTURE_ENFORCE, DELIVERY_REFUSED

static const struct rule_case cases[] = {
    {"one of Google's hosts", google_one_host, "mx-provider-pattern:low", FINE},
    {"all of Google's hosts", google_whole, "", FINE},
    {"Google's single host", google_single, "", FINE},
    {"a tenant's own host", microsoft_own_host, "", FINE},
    {"one of two", fastmail_one_of_two, "mx-provider-pattern:low", FINE},
    {"not covered: that says enough", google_star, "mx-wildcard-depth:critical", REFUSED},
};

static void lacking_patterns(void **state)
{
    (void)state;
    RUN_CASES(cases);
}

/* The first finding of the domain: the provider's steps, and the lines to add. */
static const struct {
    void (*change)(struct facts *f);
    const char *code, *provider, *right;
} advised[] = {
    {google_star, "mx-wildcard-depth", "google-workspace",
     "mx: aspmx.l.google.com, mx: *.aspmx.l.google.com"},
    {google_one_host, "mx-provider-pattern", "google-workspace", "mx: *.aspmx.l.google.com"},
    {microsoft_no_star, "mx-none-covered", "microsoft-365", "mx: *.mail.protection.outlook.com"},
    {microsoft_dnssec_deep, "mx-wildcard-depth", "microsoft-365-dnssec", "mx: t.j-v1.mx.microsoft"},
    {own_host, "mx-none-covered", NULL, "mx: mx.example.org"},
    {pages_without_address, "policy-host-missing", "cloudflare-pages", NULL},
    {half_delegated, "policy-host-missing", "mailhardener", NULL},
    {cloudflare_dns, "policy-host-missing", "cloudflare-workers", NULL},
};

static const char *value_of(const struct finding *finding, const char *name)
{
    for (size_t i = 0; i < finding->param_count; i++)
        if (!strcmp(finding->params[i].name, name))
            return finding->params[i].value;
    return NULL;
}

static const char *steps_of(const struct finding *finding)
{
    for (size_t i = 0; finding->hints && i < provider_count; i++)
        if (finding->hints == providers[i].mx_steps || finding->hints == providers[i].host_steps)
            return providers[i].id;
    return NULL;
}

static void same(const char *a, const char *b)
{
    assert_int_equal(!a, !b);
    if (a)
        assert_string_equal(a, b);
}

static void advice(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(advised) / sizeof(advised[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct facts *f = healthy(ctx);
        struct diagnosis *d;

        advised[i].change(f);
        assert_int_equal(diagnose(ctx, f, NOW, &d), STS_OK);
        assert_true(d->finding_count > 0);
        assert_string_equal(finding_info(d->findings[0].code)->name, advised[i].code);
        same(steps_of(&d->findings[0]), advised[i].provider);
        if (advised[i].right)
            assert_string_equal(value_of(&d->findings[0], "right"), advised[i].right);
        talloc_free(ctx);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(lacking_patterns),
                                              cmocka_unit_test(advice)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
