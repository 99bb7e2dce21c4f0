/* SPDX-License-Identifier: MIT */
/* test_provider.c - the table of providers: who is recognised by what, and rows without gaps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <mtasts/match.h>

#include "vendors/provider.h"

static const char *id_of(const struct provider *provider)
{
    return provider ? provider->id : "-";
}

static void mail_hosts(void **state)
{
    static const struct {
        const char *host, *id;
    } cases[] = {
        {"example-com.mail.protection.outlook.com", "microsoft-365"},
        {"Example-COM.mail.protection.OUTLOOK.com.", "microsoft-365"},
        {"mail.protection.outlook.com", "-"},
        {"example-com.j-v1.mx.microsoft", "microsoft-365-dnssec"},
        {"mx.microsoft", "-"},
        {"aspmx.l.google.com", "google-workspace"},
        {"alt4.aspmx.l.google.com", "google-workspace"},
        {"notaspmx.l.google.com", "-"},
        {"aspmx3.googlemail.com", "google-workspace-old"},
        {"smtp.google.com", "google-workspace-single"},
        {"google.com", "-"},
        {"mailsec.protonmail.ch", "proton-mail"},
        {"in1-smtp.messagingengine.com", "fastmail"},
        {"mx.example.com", "-"},
        {"", "-"},
        {".", "-"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(id_of(provider_of_mx(cases[i].host)), cases[i].id);
    assert_null(provider_of_mx(NULL));
}

/* The eight forms of CNAME that most delegating domains have. */
static void delegations(void **state)
{
    static const struct {
        const char *target, *id;
    } cases[] = {
        {"_mta-sts.tutanota.de", "tuta"},
        {"mta-sts.tutanota.de", "tuta"},
        {"a-com.mta-sts.dmarcinput.com", "dmarcreport"},
        {"a-com._mta.mta-sts.tech", "powerdmarc"},
        {"a_com__mta_sts.easydmarc.pro", "easydmarc"},
        {"a.com._mta-sts.mailhardener.com", "mailhardener"},
        {"a-com._mta-sts.uriports.com", "uriports"},
        {"a.com._mta-sts.sdmarc.net", "sendmarc"},
        {"_mta-sts.a.com._mta-sts.smart.ondmarc.com", "ondmarc"},
        {"my-policy.pages.dev", "cloudflare-pages"},
        {"me.github.io", "github-pages"},
        {"github.io", "-"},
        {"mta-sts.example.com", "-"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(id_of(provider_of_cname(cases[i].target)), cases[i].id);
}

static void addresses(void **state)
{
    static const struct {
        const char *address, *id;
    } cases[] = {
        {"104.16.0.0", "cloudflare-workers"},
        {"104.23.255.255", "cloudflare-workers"},
        {"104.28.0.0", "-"},
        {"104.15.255.255", "-"},
        {"2606:4700::6810:1", "cloudflare-workers"},
        {"2606:4701::1", "-"},
        {"2a06:98c7:ffff::", "cloudflare-workers"},
        {"2a06:98c8::", "-"},
        {"185.199.111.153", "github-pages"},
        {"192.0.2.1", "-"},
        {"not an address", "-"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(id_of(provider_of_address(cases[i].address)), cases[i].id);
}

/* The first alias that is known counts; addresses only where no alias tells. */
static void answers(void **state)
{
    const char *aliases[] = {"www.example.com", "site.pages.dev", "me.github.io"};
    struct dns_record record = {.address = "104.16.1.1"};
    struct dns_answer answer = {.cnames = aliases, .cname_count = 3};
    struct facts facts = {.policy_host = {.aaaa = &answer}};

    (void)state;
    assert_string_equal(id_of(provider_of_answer(&answer)), "cloudflare-pages");
    assert_string_equal(id_of(provider_of_policy_host(&facts)), "cloudflare-pages");
    answer.cname_count = 1;
    answer.records = &record;
    answer.record_count = 1;
    assert_string_equal(id_of(provider_of_answer(&answer)), "cloudflare-workers");
    record.address = NULL;
    assert_null(provider_of_answer(&answer));
    assert_null(provider_of_answer(NULL));
}

static void rows_are_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < provider_count; i++) {
        const struct provider *row = &providers[i];

        assert_true(*row->id && *row->name && *row->meaning && row->faults[0]);
        assert_int_equal(!(row->kinds & PROVIDER_MAIL), !row->mx_names);
        assert_true(row->mx_names || row->cname_names || row->networks);
        if (row->kinds & PROVIDER_MAIL)
            assert_true(row->mx_steps[0] && row->cert_steps[0]);
        if (row->kinds & (PROVIDER_HOSTING | PROVIDER_DELEGATION))
            assert_true(row->host_steps[0] && (row->cname_names || row->networks));
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(row->id, providers[j].id);
    }
}

/* A provider's own set covers the hosts it may use: the guide's *.google.com would not. */
static void sets_cover_their_hosts(void **state)
{
    (void)state;
    for (size_t i = 0; i < provider_count; i++)
        for (const char *const *host = providers[i].mx_hosts; host && *host; host++) {
            bool covered = false;

            for (const char *const *p = providers[i].mx_patterns; p && *p; p++)
                covered |= sts_name_match(*p, *host);
            assert_true(covered);
        }
}

/* The host of an example is one of the provider's, and what it needs covers it. */
static void examples_are_its_own(void **state)
{
    for (size_t i = 0; i < provider_count; i++) {
        const char *host = provider_mx_example(&providers[i]);

        if (!(providers[i].kinds & PROVIDER_MAIL))
            continue;
        if (!host || *host == '.')
            fail_msg("%s: no host", providers[i].id);
        if (providers[i].mx_patterns && !provider_covers(&providers[i], host))
            fail_msg("%s: %s is not covered", providers[i].id, host);
        if (strcmp(providers[i].id, "google-workspace-old") !=
            0) /* most of its hosts are the new */
            assert_ptr_equal(provider_of_mx(host), &providers[i]);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(mail_hosts),
        cmocka_unit_test(delegations),
        cmocka_unit_test(addresses),
        cmocka_unit_test(answers),
        cmocka_unit_test(rows_are_whole),
        cmocka_unit_test(sets_cover_their_hosts),
        cmocka_unit_test(examples_are_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
