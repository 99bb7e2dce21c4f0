/* SPDX-License-Identifier: MIT */
/* test_delivery.c - what becomes of mail: by the policy, by DANE, and for those who keep to both.
 */
#include "verdict/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "facts/test_domain.h"
#include "verdict/session.h"

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

/* ---- what is known of the MX hosts ----------------------------------------------------------- */

/* Two hosts, as a judgement left them.  u, y, n: unknown, yes, no. */
struct hosts_case {
    const char *policy; /* usable by the policy, a letter a host */
    const char *dane;   /* usable by DANE */
    const char *use;    /* of DANE: -, p(ostfix), a(ll) */
    enum posture posture;
    struct deliveries expect;
};

#define SAME(delivery)                                                                             \
    {                                                                                              \
        DELIVERY_##delivery, DELIVERY_UNPROTECTED, DELIVERY_##delivery                             \
    }
#define THREE(policy, dane, all)                                                                   \
    {                                                                                              \
        DELIVERY_##policy, DELIVERY_##dane, DELIVERY_##all                                         \
    }

static const struct hosts_case hosts[] = {
    /* the policy alone */
    {"yy", "yy", "--", POSTURE_ENFORCE, SAME(PROTECTED)},
    {"yn", "yy", "--", POSTURE_ENFORCE, SAME(PARTLY_REFUSED)},
    {"nn", "yy", "--", POSTURE_ENFORCE, SAME(REFUSED)},
    {"yu", "yy", "--", POSTURE_ENFORCE, SAME(UNKNOWN)},
    {"nu", "yy", "--", POSTURE_ENFORCE, SAME(UNKNOWN)},
    {"nn", "yy", "--", POSTURE_TESTING, SAME(REPORTED)},
    {"nn", "yy", "--", POSTURE_NONE, SAME(UNPROTECTED)},
    {"yy", "yy", "--", POSTURE_ABSENT, SAME(UNPROTECTED)},
    {"yy", "yy", "--", POSTURE_BROKEN, SAME(UNPROTECTED)},
    /* DANE alone */
    {"yy", "yy", "aa", POSTURE_ABSENT, THREE(UNPROTECTED, PROTECTED, UNPROTECTED)},
    {"yy", "yy", "a-", POSTURE_ABSENT, THREE(UNPROTECTED, UNPROTECTED, UNPROTECTED)},
    {"yy", "yy", "pp", POSTURE_ABSENT, THREE(UNPROTECTED, UNPROTECTED, UNPROTECTED)},
    {"yy", "yn", "aa", POSTURE_ABSENT, THREE(UNPROTECTED, PARTLY_REFUSED, PARTLY_REFUSED)},
    {"yy", "nn", "aa", POSTURE_ABSENT, THREE(UNPROTECTED, REFUSED, REFUSED)},
    {"yy", "yu", "aa", POSTURE_ABSENT, THREE(UNPROTECTED, UNKNOWN, UNPROTECTED)},
    {"yy", "nn", "pp", POSTURE_ABSENT, THREE(UNPROTECTED, REFUSED, REFUSED)},
    /* both */
    {"yy", "yy", "aa", POSTURE_ENFORCE, THREE(PROTECTED, PROTECTED, PROTECTED)},
    {"nn", "yy", "aa", POSTURE_ENFORCE, THREE(REFUSED, PROTECTED, REFUSED)},
    {"yy", "uu", "aa", POSTURE_ENFORCE, THREE(PROTECTED, UNKNOWN, UNKNOWN)},
    {"nn", "uu", "aa", POSTURE_ENFORCE, THREE(REFUSED, UNKNOWN, REFUSED)},
    {"yn", "ny", "aa", POSTURE_ENFORCE, THREE(PARTLY_REFUSED, PARTLY_REFUSED, REFUSED)},
    {"nu", "yn", "aa", POSTURE_ENFORCE, THREE(UNKNOWN, PARTLY_REFUSED, REFUSED)},
    {"uy", "yn", "aa", POSTURE_ENFORCE, THREE(UNKNOWN, PARTLY_REFUSED, UNKNOWN)},
    {"yn", "yn", "aa", POSTURE_TESTING, THREE(REPORTED, PARTLY_REFUSED, PARTLY_REFUSED)},
    {"ny", "nn", "aa", POSTURE_TESTING, THREE(REPORTED, REFUSED, REFUSED)},
};

static enum answer answer_of(char letter)
{
    return letter == 'y' ? ANSWER_YES : letter == 'n' ? ANSWER_NO : ANSWER_UNKNOWN;
}

static struct dns_answer *signed_record(void)
{
    struct dns_answer *made =
        answer(facts, "_25._tcp.mx1.example.com", DNS_TLSA, DNS_OUTCOME_FOUND);

    made->security = DNS_SECURITY_SECURE;
    made->records = talloc_zero(facts, struct dns_record);
    made->records[0] = (struct dns_record){.usage = 3, .data = text_bytes("3082")};
    made->record_count = 1;
    return made;
}

static struct domain_view view_of(const struct hosts_case *one, struct mx_view mx[2])
{
    while (facts->mx_count < 2)
        add_mx(facts, "mx2.example.com", "198.18.2.26");
    for (size_t i = 0; i < 2; i++) {
        facts->mx[i].tlsa = signed_record();
        mx[i] = (struct mx_view){.host = &facts->mx[i],
                                 .usable = answer_of(one->policy[i]),
                                 .dane_usable = answer_of(one->dane[i]),
                                 .dane = one->use[i] == 'a'   ? DANE_BY_ALL
                                         : one->use[i] == 'p' ? DANE_BY_POSTFIX
                                                              : DANE_UNUSED};
    }
    return (struct domain_view){
        .mem = facts, .facts = facts, .now = NOW, .posture = one->posture, .mx = mx, .mx_count = 2};
}

static void assert_deliveries(struct deliveries found, struct deliveries expect, const char *name)
{
    if (found.policy != expect.policy || found.dane != expect.dane || found.all != expect.all)
        fail_msg("%s: %s, %s, %s", name, delivery_name(found.policy), delivery_name(found.dane),
                 delivery_name(found.all));
}

static void each_pair_of_hosts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        struct mx_view mx[2];
        struct domain_view v = view_of(&hosts[i], mx);
        char name[16];

        snprintf(name, sizeof name, "case %zu", i);
        assert_deliveries(domain_view_deliveries(&v), hosts[i].expect, name);
    }
}

/* DANE protects where there are records that can be used at each host. */
static void records_that_cannot_be_used(void **state)
{
    struct mx_view mx[2];
    struct domain_view v = view_of(&(struct hosts_case){"yy", "yy", "aa", 0, SAME(UNKNOWN)}, mx);

    (void)state;
    assert_int_equal(domain_view_deliveries(&v).dane, DELIVERY_PROTECTED);
    facts->mx[1].tlsa->records[0].usage = 1;
    assert_int_equal(domain_view_deliveries(&v).dane, DELIVERY_UNPROTECTED);
}

static void what_was_not_looked_at(void **state)
{
    struct mx_view mx[2];
    struct domain_view v =
        view_of(&(struct hosts_case){"yy", "yy", "aa", POSTURE_ENFORCE, SAME(UNKNOWN)}, mx);

    (void)state;
    facts->mx_omitted = true;
    assert_deliveries(domain_view_deliveries(&v),
                      (struct deliveries)THREE(UNKNOWN, UNKNOWN, UNKNOWN), "omitted");
    facts->mx_omitted = false;
    v.mx_count = 0; /* hosts that nobody judged */
    assert_deliveries(domain_view_deliveries(&v),
                      (struct deliveries)THREE(UNKNOWN, UNPROTECTED, UNKNOWN), "none");
    v.posture = POSTURE_NONE;
    v.published.unsettled = true;
    assert_deliveries(domain_view_deliveries(&v),
                      (struct deliveries)THREE(UNKNOWN, UNPROTECTED, UNKNOWN), "unsettled");
    v.published.unsettled = false;
    assert_deliveries(domain_view_deliveries(&v),
                      (struct deliveries)THREE(UNPROTECTED, UNPROTECTED, UNPROTECTED), "settled");
    facts->mx_answer->outcome = DNS_OUTCOME_TIMEOUT;
    assert_deliveries(domain_view_deliveries(&v),
                      (struct deliveries)THREE(UNKNOWN, UNPROTECTED, UNKNOWN), "MX unknown");
    facts->mx_answer->outcome = DNS_OUTCOME_FOUND;
    facts->shortage = "memory";
    assert_deliveries(domain_view_deliveries(&v),
                      (struct deliveries)THREE(UNKNOWN, UNKNOWN, UNKNOWN), "shortage");
}

/* ---- lost ------------------------------------------------------------------------------------ */

static void null_mx(void **state)
{
    struct dns_record *record = &facts->mx_answer->records[0];

    (void)state;
    assert_false(mx_is_null(facts));
    record->host = ".";
    assert_true(mx_is_null(facts));
    record->host = "";
    assert_true(mx_is_null(facts));
    record->host = NULL;
    assert_true(mx_is_null(facts));
    record->host = "..";
    assert_false(mx_is_null(facts));
    record->host = ".";
    add_mx(facts, "mx2.example.com", "198.18.2.26"); /* RFC 7505: alone */
    facts->mx_answer->records[0].host = ".";
    assert_false(mx_is_null(facts));
    facts->mx_answer->record_count = 0;
    assert_false(mx_is_null(facts));
    facts->mx_answer->record_count = 1;
    facts->mx_answer->outcome = DNS_OUTCOME_NODATA;
    assert_false(mx_is_null(facts));
}

static void without_mx(void **state)
{
    struct mx_host *host = &facts->mx[0]; /* the domain itself */

    (void)state;
    assert_false(mx_is_nowhere(facts));
    facts->mx_answer->outcome = DNS_OUTCOME_NODATA;
    assert_false(mx_is_nowhere(facts));
    assert_false(mx_is_lost(facts));
    host->a = answer(facts, "example.com", DNS_A, DNS_OUTCOME_NODATA);
    assert_true(mx_is_nowhere(facts));
    assert_true(mx_is_lost(facts));
    facts->mx_answer->outcome = DNS_OUTCOME_TIMEOUT;
    assert_false(mx_is_nowhere(facts));
    assert_false(mx_is_lost(facts));
    facts->mx_answer->outcome = DNS_OUTCOME_NXDOMAIN;
    facts->mx_count = 0;
    assert_true(mx_is_nowhere(facts));
    facts->mx_count = 1;
    host->a = address(facts, "example.com", "127.0.0.1"); /* an address, of no use */
    assert_false(mx_is_nowhere(facts));
    assert_true(mx_is_lost(facts));
}

static void lost_hosts(void **state)
{
    struct mx_host *host = &facts->mx[0];

    (void)state;
    assert_false(mx_is_lost(facts));
    host->a->security = DNS_SECURITY_BOGUS;
    assert_true(mx_is_lost(facts));
    host->is_address = true; /* some senders take it */
    assert_false(mx_is_lost(facts));
    host->is_address = false;
    facts->mx_omitted = true; /* others may be found */
    assert_false(mx_is_lost(facts));
    facts->mx_omitted = false;
    add_mx(facts, "mx2.example.com", "198.18.2.26");
    assert_false(mx_is_lost(facts));
    facts->mx[1].a = answer(facts, "mx2.example.com", DNS_A, DNS_OUTCOME_NXDOMAIN);
    assert_true(mx_is_lost(facts));
    facts->mx_answer->outcome = DNS_OUTCOME_FAILED;
    assert_false(mx_is_lost(facts));
    facts->mx_answer->security = DNS_SECURITY_BOGUS;
    assert_true(mx_is_lost(facts));
}

/* ---- name servers that differ ---------------------------------------------------------------- */

static void servers(struct authority two[2], struct dns_answer said[2])
{
    for (size_t i = 0; i < 2; i++) {
        said[i] = *answer(facts, facts->domain, DNS_MX, DNS_OUTCOME_FOUND);
        said[i].records = talloc_zero(facts, struct dns_record);
        said[i].records[0].host = i ? "mx2.example.com" : "mx1.example.com";
        said[i].record_count = 1;
        two[i] = (struct authority){.answers = &said[i], .answer_count = 1};
    }
    facts->authorities = two;
    facts->authority_count = 2;
}

static void half_the_truth(void **state)
{
    struct authority two[2];
    struct dns_answer said[2];
    struct mx_view mx[2];
    struct domain_view v =
        view_of(&(struct hosts_case){"nn", "nn", "aa", POSTURE_ENFORCE, SAME(UNKNOWN)}, mx);

    (void)state;
    servers(two, said);
    assert_deliveries(domain_view_deliveries(&v),
                      (struct deliveries)THREE(PARTLY_REFUSED, PARTLY_REFUSED, PARTLY_REFUSED),
                      "refused by some");
    mx[0].usable = mx[1].usable = mx[0].dane_usable = mx[1].dane_usable = ANSWER_YES;
    assert_deliveries(domain_view_deliveries(&v),
                      (struct deliveries)THREE(PROTECTED, PROTECTED, PROTECTED), "protected");
    facts->mx_answer->security = DNS_SECURITY_BOGUS; /* lost, as our resolver has it */
    assert_deliveries(domain_view_deliveries(&v),
                      (struct deliveries)THREE(PARTLY_REFUSED, UNPROTECTED, PARTLY_REFUSED),
                      "lost for some");
    v.posture = POSTURE_TESTING;
    assert_deliveries(domain_view_deliveries(&v),
                      (struct deliveries)THREE(UNKNOWN, UNPROTECTED, UNKNOWN), "no policy");
    facts->authority_count = 1;
    assert_deliveries(domain_view_deliveries(&v),
                      (struct deliveries)THREE(UNDELIVERABLE, UNDELIVERABLE, UNDELIVERABLE),
                      "lost for all");
}

static void the_worse_of_the_two(void **state)
{
    static const struct {
        enum answer policy, dane, expect;
    } cases[] = {{ANSWER_YES, ANSWER_YES, ANSWER_YES},
                 {ANSWER_YES, ANSWER_NO, ANSWER_NO},
                 {ANSWER_NO, ANSWER_YES, ANSWER_NO},
                 {ANSWER_UNKNOWN, ANSWER_NO, ANSWER_NO},
                 {ANSWER_NO, ANSWER_UNKNOWN, ANSWER_NO},
                 {ANSWER_UNKNOWN, ANSWER_YES, ANSWER_UNKNOWN},
                 {ANSWER_YES, ANSWER_UNKNOWN, ANSWER_UNKNOWN},
                 {ANSWER_UNKNOWN, ANSWER_UNKNOWN, ANSWER_UNKNOWN}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct mx_view v = {.usable = cases[i].policy, .dane_usable = cases[i].dane};

        assert_int_equal(mx_view_usable(&v), cases[i].expect);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fresh, gone)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_pair_of_hosts),
        TEST(records_that_cannot_be_used),
        TEST(what_was_not_looked_at),
        TEST(null_mx),
        TEST(without_mx),
        TEST(lost_hosts),
        TEST(half_the_truth),
        TEST(the_worse_of_the_two),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
