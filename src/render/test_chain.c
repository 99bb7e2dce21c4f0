/* SPDX-License-Identifier: MIT */
/* test_chain.c - what each step of the chain shows: the mark, and what was seen or found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "render/text.h"
#include "rules/test_facts.h"

static struct facts *facts;

static int fresh(void **state)
{
    (void)state;
    facts = healthy(NULL);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    talloc_free(facts);
    return 0;
}

static char *page_of(struct textout_options options)
{
    struct diagnosis *d;
    char *text;

    assert_int_equal(diagnose(facts, facts, NOW, &d), STS_OK);
    text = text_check(facts, d, &options);
    assert_non_null(text);
    return text;
}

/* The line of the step with this label; it must be there. */
static char *line_of(const char *label)
{
    char *text = page_of((struct textout_options){0});
    char *at = strstr(text, talloc_asprintf(facts, " %s", label)), *begin = at;

    if (!at)
        fail_msg("no line of %s in:\n%s", label, text);
    while (begin > text && begin[-1] != '\n')
        begin--;
    return talloc_strndup(facts, begin, strcspn(begin, "\n"));
}

struct step_case {
    const char *name;
    void (*change)(void);
    const char *label, *line; /* without the indent; runs of blanks are one */
};

/* ---- changes --------------------------------------------------------------------------------- */

static void no_record(void)
{
    facts->sts_txt = answer(facts, "_mta-sts.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
}

static void broken_record(void)
{
    facts->sts_txt = txt(facts, "_mta-sts.example.com", "v=STSv1; id=;", NULL);
}

static void record_unknown(void)
{
    facts->sts_txt = answer(facts, "_mta-sts.example.com", DNS_TXT, DNS_OUTCOME_UNKNOWN);
    facts->interrupted = true;
}

static void hosts_outcome(int a, int aaaa)
{
    facts->policy_host.a = answer(facts, "mta-sts.example.com", DNS_A, a);
    facts->policy_host.aaaa = answer(facts, "mta-sts.example.com", DNS_AAAA, aaaa);
    facts->policy_host.fetch_count = 0;
}

static void no_host(void)
{
    no_record();
    hosts_outcome(DNS_OUTCOME_NXDOMAIN, DNS_OUTCOME_NODATA);
}

static void two_addresses(void)
{
    facts->policy_host.aaaa = address(facts, "mta-sts.example.com", "2001:db8:1::1");
}

static void not_fetched(void)
{
    facts->interrupted = true;
    facts->policy_host.fetch_count = 0;
}

static void for_hours(void)
{
    set_policy(facts, "version: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 90000\n");
}

static void for_an_hour(void)
{
    set_policy(facts, "version: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 3600\n");
}

static void for_a_day(void)
{
    set_policy(facts, "version: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 86400\n");
}

static void for_seconds(void)
{
    set_policy(facts, "version: STSv1\nmode: testing\nmx: mx1.example.com\nmx: "
                      "*.example.com\nmax_age: 86401\n");
}

static void mode_none(void)
{
    set_policy(facts, "version: STSv1\nmode: none\nmax_age: 86400\n");
}

static void no_record_for_it(void)
{
    facts->sts_txt = txt(facts, "_mta-sts.example.com", "v=STSv1;", NULL);
}

static void intercepted(void)
{
    facts->vantage = talloc_zero(facts, struct vantage);
    facts->vantage->points = talloc_zero(facts, struct vantage_point);
    facts->vantage->points[0] = (struct vantage_point){
        .name = VANTAGE_TLS, .state = VANTAGE_STATE_WRONG, .detail = "CN=Proxy"};
    facts->vantage->point_count = 1;
}

static void without_tls(void)
{
    fetch_stops(fetch(facts), NET_REFUSED, PHASE_CONNECT);
}

static void second_has_a_certificate(void)
{
    fetch_stops(fetch(facts), NET_REFUSED, PHASE_CONNECT);
    add_fetch(facts, "198.18.2.2");
    facts->policy_host.fetches[1].tls->chain[0].issuer = NULL;
}

static void null_mx(void)
{
    facts->mx_answer->records[0].host = ".";
    facts->mx_count = 0;
}

static void two_mx(void)
{
    add_mx(facts, "mx2.example.com", "198.18.2.26");
    set_policy(facts, "version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 2592000\n");
}

static void uncovered(void)
{
    set_policy(facts, "version: STSv1\nmode: enforce\nmx: mx9.example.com\nmax_age: 2592000\n");
}

static void no_mx_answer(void)
{
    facts->mx_answer = answer(facts, "example.com", DNS_MX, DNS_OUTCOME_TIMEOUT);
    facts->mx_count = 0;
}

static void two_rua(void)
{
    facts->tlsrpt_txt = txt(facts, "_smtp._tls.example.com",
                            "v=TLSRPTv1; rua=mailto:a@example.com,https://r.example.com/x", NULL);
}

static void no_tlsrpt(void)
{
    facts->tlsrpt_txt = answer(facts, "_smtp._tls.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
}

static void tlsa(size_t i, int outcome)
{
    facts->mx[i].tlsa = answer(facts, "_25._tcp.mx.example.com", DNS_TLSA, outcome);
}

static void no_tlsa(void)
{
    tlsa(0, DNS_OUTCOME_NXDOMAIN);
}

static void tlsa_unknown(void)
{
    tlsa(0, DNS_OUTCOME_TIMEOUT);
}

#define HEX64 "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void tlsa_at_one(void)
{
    struct tls_session *tls;

    two_mx();
    tlsa(0, DNS_OUTCOME_FOUND);
    tlsa(1, DNS_OUTCOME_NODATA);
    facts->mx_answer->security = facts->mx[0].tlsa->security = DNS_SECURITY_SECURE;
    facts->mx[0].a->security = facts->mx[0].aaaa->security = DNS_SECURITY_SECURE;
    facts->mx[0].tlsa->records = talloc_zero(facts, struct dns_record);
    facts->mx[0].tlsa->records[0] =
        (struct dns_record){.usage = 3, .selector = 1, .matching = 1, .data = text_bytes(HEX64)};
    facts->mx[0].tlsa->record_count = 1;
    tls = session(facts)->tls;
    tls->tlsa = talloc_zero(facts, struct tlsa_match);
    tls->tlsa[0] = (struct tlsa_match){.usage = 3,
                                       .selector = 1,
                                       .matching = 1,
                                       .data = text_bytes(HEX64),
                                       .result = TLSA_MATCH,
                                       .position = 1};
    tls->tlsa_count = 1;
}

static void no_dnssec_here(void)
{
    intercepted();
    facts->vantage->points[0] = (struct vantage_point){
        .name = VANTAGE_DNSSEC, .state = VANTAGE_STATE_CLOSED, .detail = "no RRSIG"};
}

/* ---- lines ----------------------------------------------------------------------------------- */

static const struct step_case steps[] = {
    {"id", NULL, "DNS  ", "+ DNS _mta-sts.example.com, id 20261101000000"},
    {"no record", no_record, "DNS  ", "x DNS No MTA-STS record is published"},
    {"broken", broken_record, "DNS  ", "x DNS The MTA-STS record's id is invalid"},
    {"not seen", record_unknown, "DNS  ", "? DNS not available"},
    {"host", NULL, "policy host  ", "+ policy host mta-sts.example.com, 198.18.2.1"},
    {"no host", no_host, "policy host  ", "! policy host mta-sts.example.com has no address"},
    {"two addresses", two_addresses, "policy host  ",
     "+ policy host mta-sts.example.com, 198.18.2.1, 2001:db8:1::1"},
    {"not fetched", not_fetched, "policy host  ", "? policy host not available"},
    {"days", NULL, "policy  ", "+ policy mode enforce, max_age 30 days, mx: mx1.example.com"},
    {"a day", for_a_day, "policy  ", "! policy mode testing, max_age 1 day, mx: mx1.example.com"},
    {"hours", for_hours, "policy  ",
     "! policy mode testing, max_age 25 hours, mx: mx1.example.com"},
    {"an hour", for_an_hour, "policy  ",
     "! policy mode testing, max_age 1 hour, mx: mx1.example.com"},
    {"seconds", for_seconds, "policy  ",
     "! policy mode testing, max_age 86401 seconds, mx: mx1.example.com, *.example.com"},
    {"none", mode_none, "policy  ", "! policy mode none, max_age 1 day, no mx"},
    {"fetched, not used", no_record_for_it, "policy  ",
     "+ policy mode enforce, max_age 30 days, mx: mx1.example.com"},
    {"intercepted", intercepted, "policy  ",
     "? policy mode enforce, max_age 30 days, mx: mx1.example.com (not judged: TLS is intercepted "
     "here)"},
    {"certificate", NULL, "certificate  ",
     "+ certificate valid until 2027-01-22, issued by CN=Lab Intermediate"},
    {"of the second", second_has_a_certificate, "certificate  ",
     "+ certificate valid until 2027-01-22, issued by ?"},
    {"no TLS", without_tls, "certificate  ", "? certificate not available"},
    {"intercepted too", intercepted, "certificate  ",
     "? certificate not judged: TLS is intercepted here"},
    {"one", NULL, "MX  ", "+ MX 1 mail server"},
    {"two", two_mx, "MX  ", "+ MX 2 mail servers"},
    {"null MX", null_mx, "MX  ", "+ MX none: accepts no mail"},
    {"no MX seen", no_mx_answer, "MX  ", "? MX The MX hosts could not be looked up"},
    {"host of it", NULL, "10 mx1.example.com,", "+ 10 mx1.example.com, covered"},
    {"by a pattern", two_mx, "10 mx2.example.com,",
     "+ 10 mx2.example.com, covered by *.example.com"},
    {"uncovered", uncovered,
     "10 mx1.example.com:", "x 10 mx1.example.com: The policy covers no MX host of the domain"},
    {"reports", NULL, "TLS-RPT  ", "+ TLS-RPT reports go to mailto:tls@example.com"},
    {"two addresses for reports", two_rua, "TLS-RPT  ",
     "+ TLS-RPT reports go to mailto:a@example.com, https://r.example.com/x"},
    {"no reports", no_tlsrpt, "TLS-RPT  ", "! TLS-RPT No TLSRPT record is published"},
    {"not asked", NULL, "DANE  ", "? DANE not available"},
    {"asked in vain", tlsa_unknown, "DANE  ", "? DANE not available"},
    {"none", no_tlsa, "DANE  ", "+ DANE not used"},
    {"at one of two", tlsa_at_one, "DANE  ", "+ DANE TLSA records at 1 of 2 mail servers"},
    {"not validated", no_dnssec_here, "DANE  ",
     "? DANE not judged: DNSSEC cannot be validated from here"},
    {"nobody sends there", null_mx, "DANE  ", "+ DANE not used"},
};

/* Runs of blanks become one, those at the begin none. */
static void squeeze(char *text)
{
    char *to = text;

    for (const char *from = text; *from; from++)
        if (*from != ' ' || (to > text && to[-1] != ' '))
            *to++ = *from;
    *to = '\0';
}

static void each_step(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        char *line;

        fresh(NULL);
        if (steps[i].change)
            steps[i].change();
        line = line_of(steps[i].label);
        squeeze(line);
        if (strcmp(line, steps[i].line) != 0) {
            print_error("%s:\n   found %s\nexpected %s\n", steps[i].name, line, steps[i].line);
            wrong++;
        }
        gone(NULL);
    }
    assert_int_equal(wrong, 0);
}

/* Labels stand below each other, and marks are what the terminal shows. */
static void marks_and_columns(void **state)
{
    char *text;

    (void)state;
    fresh(NULL);
    text = page_of((struct textout_options){.utf8 = true});
    assert_non_null(strstr(text, "\n  \xe2\x9c\x93 DNS          _mta-sts"));
    assert_non_null(strstr(text, "\n  \xe2\x9c\x93 policy host  mta-sts"));
    assert_non_null(strstr(text, "\n  ? DANE         not available"));
    assert_non_null(strstr(text, "\n                 \xe2\x9c\x93 10 mx1.example.com, covered\n"));
    uncovered();
    text = page_of((struct textout_options){.utf8 = true});
    assert_non_null(strstr(text, "\n                 \xe2\x9c\x97 10 mx1.example.com: "));
    gone(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_step),
        cmocka_unit_test(marks_and_columns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
