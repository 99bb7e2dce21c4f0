/* SPDX-License-Identifier: MIT */
/* test_headline.c - no first line says what a finding or the delivery belies. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "render/headline.h"
#include "rules/test_facts.h"

/* Each kind of claim, and the words by which the English text makes it. */
static const struct claim {
    const char *name;
    const char *words[4]; /* any of them */
} all_is_well = {"all is well", {"no problems found"}},
  delivered = {"mail is delivered", {"ail is delivered", "ail is protected"}},
  refused = {"somebody refuses", {"refuse", "either", "not deliver", "only to the others"}},
  lost = {"nobody can deliver", {"o mail can be", "cannot deliver mail", "accepts no mail"}};

static bool says(const char *line, const struct claim *claim)
{
    for (size_t i = 0; i < 4 && claim->words[i]; i++)
        if (strstr(line, claim->words[i]))
            return true;
    return false;
}

static void deny(const char *line, const struct claim *claim, const char *where)
{
    if (says(line, claim))
        fail_msg("%s: \"%s\" says: %s", where, line, claim->name);
}

static void demand(const char *line, const struct claim *claim, const char *where)
{
    if (!says(line, claim))
        fail_msg("%s: \"%s\" does not say: %s", where, line, claim->name);
}

static bool refuses(enum delivery delivery)
{
    return delivery == DELIVERY_REFUSED || delivery == DELIVERY_PARTLY_REFUSED;
}

static void check_line(const struct diagnosis *d, enum severity worst, const char *line,
                       const char *where)
{
    char last = line[strlen(line) - 1];

    assert_true(last == '.' || last == '?');
    assert_null(strchr(line, '\n'));
    if (worst > SEVERITY_INFO)
        deny(line, &all_is_well, where);
    else
        demand(line, &all_is_well, where);
    if (d->delivery == DELIVERY_UNDELIVERABLE) {
        demand(line, &lost, where);
        deny(line, &delivered, where);
    } else {
        deny(line, &lost, where);
    }
    if (refuses(d->by.dane) || refuses(d->by.policy)) {
        demand(line, &refused, where);
        deny(line, &delivered, where);
    }
    if (refuses(d->by.dane) && !strstr(line, "DANE"))
        fail_msg("%s: \"%s\" does not name DANE", where, line);
    /* who goes by DANE below unsigned MX records too */
    if (refuses(d->by.dane) && !refuses(d->by.policy) &&
        (strstr(line, "Postfix") != NULL) != (d->mx->dane == DANE_BY_POSTFIX))
        fail_msg("%s: \"%s\" and Postfix", where, line);
}

static enum delivery worse(enum delivery policy, enum delivery dane)
{
    if (policy == DELIVERY_UNDELIVERABLE)
        return policy;
    if (policy == DELIVERY_REFUSED || dane == DELIVERY_REFUSED)
        return DELIVERY_REFUSED;
    if (refuses(policy) || refuses(dane))
        return DELIVERY_PARTLY_REFUSED;
    return policy;
}

/* What delivery.c can make of a posture. */
static bool can_be(enum posture posture, enum delivery policy)
{
    if (policy == DELIVERY_UNDELIVERABLE)
        return true;
    if (posture == POSTURE_NONEXISTENT)
        return false;
    if (policy == DELIVERY_UNKNOWN)
        return true;
    if (posture == POSTURE_TESTING)
        return policy == DELIVERY_REPORTED;
    if (posture == POSTURE_ENFORCE)
        return policy == DELIVERY_PROTECTED || refuses(policy);
    return policy == DELIVERY_UNPROTECTED;
}

static void try_one(struct diagnosis *d, struct mx_view *view, enum severity worst)
{
    struct finding finding = {FINDING_MX_DNSSEC_BOGUS, worst};
    char where[120];

    d->delivery = d->by.all = worse(d->by.policy, d->by.dane);
    d->findings = &finding;
    d->finding_count = worst != SEVERITY_NONE;
    for (view->dane = DANE_BY_POSTFIX; view->dane <= DANE_BY_ALL; view->dane++) {
        TALLOC_CTX *ctx = talloc_new(NULL);

        snprintf(where, sizeof where, "%s, policy %s, dane %s, %s", posture_name(d->posture),
                 delivery_name(d->by.policy), delivery_name(d->by.dane), severity_name(worst));
        check_line(d, worst, headline(ctx, d), where);
        talloc_free(ctx);
    }
}

static void test_all(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct facts *f = healthy(ctx);
    struct mx_view view = {.host = &f->mx[0], .usable = ANSWER_NO, .dane_usable = ANSWER_NO};
    struct diagnosis d = {.facts = f, .mx = &view, .mx_count = 1};
    size_t tried = 0;

    (void)state;
    for (d.posture = 0; d.posture < POSTURE_COUNT; d.posture++)
        for (d.by.policy = 0; d.by.policy < DELIVERY_COUNT; d.by.policy++)
            for (d.by.dane = 0; d.by.dane < DELIVERY_COUNT; d.by.dane++)
                for (enum severity worst = SEVERITY_NONE; worst <= SEVERITY_CRITICAL; worst++) {
                    bool lost_both = d.by.policy == DELIVERY_UNDELIVERABLE;

                    if (!can_be(d.posture, d.by.policy) ||
                        (d.by.dane == DELIVERY_UNDELIVERABLE) != lost_both)
                        continue;
                    try_one(&d, &view, worst);
                    tried++;
                }
    assert_true(tried > 300);
    talloc_free(ctx);
}

/* ---- whole diagnoses ------------------------------------------------------------------------- */

static void null_mx(struct facts *f)
{
    f->mx_answer->records[0] = (struct dns_record){.host = "", .preference = 0};
    f->mx_count = 0;
}

static void bogus_mx(struct facts *f)
{
    f->mx_answer->security = DNS_SECURITY_BOGUS;
    f->mx_count = 0;
}

static void bogus_mx_without_policy(struct facts *f)
{
    bogus_mx(f);
    f->sts_txt = answer(f, "_mta-sts.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.a = answer(f, "mta-sts.example.com", DNS_A, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.fetch_count = 0;
}

/* Two findings of one severity: the record's, which comes first elsewhere, and this one. */
static void nowhere_without_policy(struct facts *f)
{
    bogus_mx_without_policy(f);
    f->mx_answer = answer(f, "example.com", DNS_MX, DNS_OUTCOME_NODATA);
}

static void closed_in_enforce(struct facts *f)
{
    session_stops(session(f), NET_REFUSED, PHASE_CONNECT);
}

static void closed_to_all_but_one(struct facts *f)
{
    add_mx(f, "mx2.example.com", "192.0.2.2");
    set_policy(f, "version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 2592000\n");
    closed_in_enforce(f);
}

static void closed(struct facts *f)
{
    bogus_mx_without_policy(f);
    f->mx_answer->security = DNS_SECURITY_INSECURE;
    f->mx_count = 1;
    closed_in_enforce(f);
}

static void testing(struct facts *f)
{
    set_policy(f, "version: STSv1\nmode: testing\nmx: *.example.com\nmax_age: 2592000\n");
}

static void testing_unreported(struct facts *f)
{
    testing(f);
    f->tlsrpt_txt = answer(f, "_smtp._tls.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
}

static void testing_two_records(struct facts *f)
{
    testing(f);
    f->tlsrpt_txt = txt(f, "_smtp._tls.example.com", "v=TLSRPTv1; rua=mailto:a@example.com",
                        "v=TLSRPTv1; rua=mailto:b@example.com", NULL);
}

static void testing_twice(struct facts *f)
{
    set_policy(f, "version: STSv1\nmode: testing\nmode: enforce\nmx: *.example.com\n"
                  "max_age: 2592000\n");
}

static void unreported(struct facts *f)
{
    f->tlsrpt_txt = answer(f, "_smtp._tls.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
}

static void expiring(struct facts *f)
{
    leaf(session(f)->tls)->not_after = NOW + 4 * DAY + 60;
    unreported(f);
}

static void expiring_tomorrow(struct facts *f)
{
    leaf(session(f)->tls)->not_after = NOW + DAY + 60;
}

static void blind_to_port_25(struct facts *f)
{
    session_stops(session(f), NET_TIMEOUT, PHASE_CONNECT);
    f->port25_controls = talloc_zero(f, struct port25_control);
    f->port25_controls[0] = (struct port25_control){"mx.example.net", "198.51.100.25", NET_TIMEOUT};
    f->port25_control_count = 1;
}

static const struct {
    void (*change)(struct facts *f);
    const char *begins;
} lines[] = {
    {NULL, "no problems found. Mail is protected."},
    {null_mx, "no problems found. The domain accepts no mail (null MX)."},
    {bogus_mx, "DNSSEC validation of the MX hosts fails (mx-dnssec-bogus). Senders behind "
               "validating resolvers find no mail server and cannot deliver mail."},
    {bogus_mx_without_policy,
     "DNSSEC validation of the MX hosts fails (mx-dnssec-bogus) and 1 more. Senders behind "
     "validating resolvers find no mail server"},
    {nowhere_without_policy,
     "example.com has no address (mx-host-missing) and 1 more. No mail can be delivered"},
    {closed, "no MTA-STS record is published (sts-record-missing) and 1 more. No mail server of "
             "the domain can be reached; mail is delayed and eventually bounces."},
    {closed_in_enforce,
     "mx1.example.com cannot be reached on port 25 (mx-unreachable). No mail server of the domain "
     "can be reached; mail is delayed and eventually bounces."},
    {closed_to_all_but_one,
     "mx1.example.com cannot be reached on port 25 (mx-unreachable). Senders that follow MTA-STS "
     "refuse some of the mail servers"},
    {testing, "the policy is in testing mode (policy-mode-testing). Mail is delivered in any case "
              "(testing mode); senders report failures."},
    {testing_unreported,
     "no TLSRPT record is published (tlsrpt-record-missing) and 1 more. Mail is delivered in any "
     "case (testing mode), but senders report no failures"},
    {testing_twice, "the policy repeats a field (policy-duplicate-field) and 1 more. Mail is "
                    "delivered in any case (testing mode); senders report failures."},
    {unreported, "no TLSRPT record is published (tlsrpt-record-missing). Mail is protected."},
    {testing_two_records, "more than one TLSRPT record (tlsrpt-record-multiple) and 1 more. Mail "
                          "is delivered in any case (testing mode), but senders report no "
                          "failures"},
    {expiring, "the certificate of mx1.example.com expires in 4 days (mx-cert-expires-soon) and 1 "
               "more. Mail is protected."},
    {expiring_tomorrow,
     "the certificate of mx1.example.com expires in 1 day (mx-cert-expires-soon). Mail is "
     "protected."},
    {blind_to_port_25, "this network blocks outgoing connections to port 25 (mx-port25-blocked). "
                       "Mail delivery could not be judged from here."},
};

static void test_diagnoses(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct facts *f = healthy(ctx);
        struct diagnosis *d = NULL;

        if (lines[i].change)
            lines[i].change(f);
        assert_int_equal(diagnose(ctx, f, NOW, &d), STS_OK);
        if (strncmp(headline(ctx, d), lines[i].begins, strlen(lines[i].begins)) != 0)
            fail_msg("expected \"%s ...\", found \"%s\"", lines[i].begins, headline(ctx, d));
        talloc_free(ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_all),
                                       cmocka_unit_test(test_diagnoses)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
