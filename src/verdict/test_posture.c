/* SPDX-License-Identifier: MIT */
/* test_posture.c - what is published, the posture it makes, the policy in force and each MX. */
#include "verdict/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "facts/test_domain.h"
#include "verdict/session.h"

static struct facts *facts;
static struct domain_view view;

static int fresh(void **state)
{
    (void)state;
    facts = healthy(NULL);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    domain_view_free(&view);
    talloc_free(facts);
    return 0;
}

static const struct published *judged(void)
{
    domain_view_free(&view);
    view = (struct domain_view){.mem = facts, .facts = facts, .now = NOW};
    domain_view_judge(&view);
    assert_false(view.no_memory);
    return &view.published;
}

static void recorded(const char *text)
{
    facts->sts_txt = txt(facts, "_mta-sts.example.com", text, NULL);
}

static void unrecorded(int outcome)
{
    facts->sts_txt = answer(facts, "_mta-sts.example.com", DNS_TXT, outcome);
}

static void no_policy_host(int outcome)
{
    facts->policy_host.a = answer(facts, "mta-sts.example.com", DNS_A, outcome);
    facts->policy_host.aaaa = answer(facts, "mta-sts.example.com", DNS_AAAA, outcome);
    facts->policy_host.fetch_count = 0;
}

/* ---- the record ------------------------------------------------------------------------------ */

static void a_healthy_domain(void **state)
{
    const struct published *p = judged();

    (void)state;
    assert_int_equal(p->record_seen, LOOKUP_FOUND);
    assert_int_equal(p->selection, STS_SELECTION_ONE);
    assert_true(p->record_usable && p->looks_like_record && p->policy_served && p->policy_fetched);
    assert_false(p->unsettled);
    assert_ptr_equal(p->source, fetch(facts));
    assert_int_equal(view.posture, POSTURE_ENFORCE);
    assert_string_equal(view.policy->id, "20261101000000");
    assert_int_equal(view.policy->mode, STS_MODE_ENFORCE);
    assert_int_equal(view.policy->max_age, 2592000);
    assert_int_equal(view.policy->mx_count, 1);
    assert_string_equal(view.policy->mx[0], "mx1.example.com");
    assert_null(view.policy->mx[1]);
}

/* Of several texts the one that is the record, wherever it is. */
static void the_record_among_others(void **state)
{
    const struct published *p;

    (void)state;
    facts->sts_txt = txt(facts, "_mta-sts.example.com", "v=spf1 -all", RECORD, "other", NULL);
    p = judged();
    assert_int_equal(p->record_index, 1);
    assert_true(p->record_usable);
    facts->sts_txt->records[0].text = (struct bytes){NULL, 0};
    assert_true(judged()->record_usable);
    facts->sts_txt = txt(facts, "_mta-sts.example.com", RECORD, RECORD, NULL);
    p = judged();
    assert_int_equal(p->selection, STS_SELECTION_MULTIPLE);
    assert_true(p->looks_like_record);
    assert_false(p->record_usable);
    assert_int_equal(view.posture, POSTURE_BROKEN);
    assert_null(view.policy);
}

static void a_text_that_was_meant(void **state)
{
    (void)state;
    recorded("v=STSv1 id=20261101");
    assert_true(judged()->looks_like_record);
    assert_false(view.published.record_usable);
    facts->sts_txt = txt(facts, "_mta-sts.example.com", "v=spf1 -all", "v=STS1; id=1;", NULL);
    assert_true(judged()->looks_like_record);
    assert_int_equal(view.published.selection, STS_SELECTION_NONE);
    assert_int_equal(view.posture, POSTURE_BROKEN);
    recorded("v=spf1 -all");
    no_policy_host(DNS_OUTCOME_NXDOMAIN);
    assert_false(judged()->looks_like_record);
    assert_int_equal(view.posture, POSTURE_ABSENT);
}

static void a_record_without_a_policy(void **state)
{
    (void)state;
    recorded("v=STSv1;");
    judged();
    assert_false(view.published.record_usable);
    assert_true(view.published.policy_fetched);
    assert_int_equal(view.posture, POSTURE_BROKEN);
    assert_null(view.policy);
    recorded(RECORD);
    set_policy(facts, "version: STSv1\nmode: enforce\n");
    judged();
    assert_false(view.published.policy_served);
    assert_false(view.published.policy_fetched);
    assert_int_equal(view.posture, POSTURE_BROKEN);
    assert_null(view.policy);
}

/* ---- strays ---------------------------------------------------------------------------------- */

static void strays(void **state)
{
    struct dns_answer places[3];

    (void)state;
    unrecorded(DNS_OUTCOME_NXDOMAIN);
    no_policy_host(DNS_OUTCOME_NXDOMAIN);
    places[0] = *answer(facts, "mta-sts.example.com", DNS_TXT, DNS_OUTCOME_NODATA);
    places[1] = *txt(facts, "example.com", "v=spf1 -all", "v=STSv1; id=1;", NULL);
    places[2] = *txt(facts, "_mta_sts.example.com", "v=STSv1; id=2;", NULL);
    facts->sts_strays = places;
    facts->sts_stray_count = 3;
    assert_ptr_equal(judged()->stray, &places[1]);
    assert_int_equal(view.published.stray_index, 1);
    assert_int_equal(view.posture, POSTURE_BROKEN);
    places[1].records[0].text = (struct bytes){NULL, 0};
    assert_ptr_equal(judged()->stray, &places[1]);
    places[1].records[0].text = text_bytes("v=STSv1; id=3;");
    assert_ptr_equal(judged()->stray, &places[1]);
    assert_int_equal(view.published.stray_index, 0);
    places[1].security = DNS_SECURITY_BOGUS; /* nobody would see it */
    assert_ptr_equal(judged()->stray, &places[2]);
    unrecorded(DNS_OUTCOME_TIMEOUT); /* the record may be at its place */
    assert_null(judged()->stray);
    recorded("v=spf1 -all");
    assert_ptr_equal(judged()->stray, &places[2]);
    recorded(RECORD);
    assert_null(judged()->stray);
    facts->sts_stray_count = 0;
    unrecorded(DNS_OUTCOME_NXDOMAIN);
    assert_null(judged()->stray);
    assert_int_equal(view.posture, POSTURE_ABSENT);
}

/* ---- the policy ------------------------------------------------------------------------------ */

/* The best answer of all addresses: accepted before only served; of equals the first. */
static void the_best_of_several_answers(void **state)
{
    struct https_fetch *second = add_fetch(facts, "198.18.2.2"), *third;

    (void)state;
    assert_ptr_equal(judged()->source, &facts->policy_host.fetches[0]);
    leaf(facts->policy_host.fetches[0].tls)->not_after = NOW - 1;
    second->body = text_bytes("version: STSv1\nmode: none\nmax_age: 86400\n");
    assert_ptr_equal(judged()->source, second);
    assert_int_equal(view.posture, POSTURE_NONE);
    second->status = 404;
    assert_ptr_equal(judged()->source, &facts->policy_host.fetches[0]);
    assert_true(view.published.policy_served);
    assert_false(view.published.policy_fetched);
    assert_int_equal(view.posture, POSTURE_BROKEN);
    third = add_fetch(facts, "198.18.2.3"); /* served only, and later */
    leaf(third->tls)->not_after = NOW - 1;
    assert_ptr_equal(judged()->source, &facts->policy_host.fetches[0]);
    facts->policy_host.fetches[0].status = facts->policy_host.fetches[2].status = 500;
    assert_null(judged()->source);
    assert_false(view.published.policy_fetched);
}

/* The accepted answer is bad, the one that is not would be good: nothing is fetched. */
static void the_text_accepted_is_the_one_that_counts(void **state)
{
    (void)state;
    add_fetch(facts, "198.18.2.2");
    facts->policy_host.fetches[1].body = text_bytes("no policy");
    leaf(fetch(facts)->tls)->not_after = NOW - 1;
    assert_ptr_equal(judged()->source, &facts->policy_host.fetches[1]);
    assert_false(view.published.policy_served);
    assert_false(view.published.policy_fetched);
}

static void expires_soon_is_accepted(void **state)
{
    (void)state;
    leaf(fetch(facts)->tls)->not_after = NOW;
    assert_true(judged()->policy_fetched);
    leaf(fetch(facts)->tls)->not_after = NOW - 1;
    assert_false(judged()->policy_fetched);
}

static void modes(void **state)
{
    static const struct {
        const char *mode;
        enum posture expect;
        enum answer covered;
    } cases[] = {{"enforce", POSTURE_ENFORCE, ANSWER_YES},
                 {"testing", POSTURE_TESTING, ANSWER_YES},
                 {"none", POSTURE_NONE, ANSWER_UNKNOWN}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        set_policy(facts, talloc_asprintf(facts,
                                          "version: STSv1\nmode: %s\nmx: mx1.example.com\n"
                                          "max_age: 86400\n",
                                          cases[i].mode));
        judged();
        assert_int_equal(view.posture, cases[i].expect);
        assert_int_equal(view.mx[0].covered, cases[i].covered);
    }
    assert_int_equal(posture_of_mode(STS_MODE_INVALID), POSTURE_BROKEN);
}

/* ---- settled or not -------------------------------------------------------------------------- */

static void a_record_not_seen(void **state)
{
    (void)state;
    unrecorded(DNS_OUTCOME_TIMEOUT);
    assert_true(judged()->unsettled);
    facts->sts_txt = NULL;
    assert_true(judged()->unsettled);
    unrecorded(DNS_OUTCOME_NXDOMAIN);
    assert_false(judged()->unsettled);
    facts->sts_txt->security = DNS_SECURITY_BOGUS;
    fetch_stops(fetch(facts), NET_UNKNOWN, PHASE_CONNECT); /* then no policy helps */
    assert_false(judged()->unsettled);
}

static void a_policy_not_seen(void **state)
{
    (void)state;
    fetch_stops(fetch(facts), NET_UNKNOWN, PHASE_CONNECT);
    assert_true(judged()->unsettled);
    add_fetch(facts, "198.18.2.2"); /* another address has it */
    assert_false(judged()->unsettled);
    facts->policy_host.fetches[1].status = 404;
    assert_true(judged()->unsettled);
    facts->policy_host.fetches[0].outcome = NET_REFUSED;
    assert_false(judged()->unsettled);
    facts->policy_host.fetches[1].outcome = NET_UNKNOWN;
    assert_true(judged()->unsettled);
    facts->policy_host.fetch_count = 0; /* addresses, but none tried */
    assert_true(judged()->unsettled);
    no_policy_host(DNS_OUTCOME_NXDOMAIN);
    assert_false(judged()->unsettled);
    no_policy_host(DNS_OUTCOME_TIMEOUT);
    assert_true(judged()->unsettled);
    facts->policy_host.a = facts->policy_host.aaaa = NULL;
    assert_true(judged()->unsettled);
}

/* ---- nothing published ----------------------------------------------------------------------- */

static void absent(void **state)
{
    (void)state;
    unrecorded(DNS_OUTCOME_NXDOMAIN);
    no_policy_host(DNS_OUTCOME_NXDOMAIN);
    judged();
    assert_int_equal(view.posture, POSTURE_ABSENT);
    add_cname(facts, facts->sts_txt, "gone.example.net"); /* an intention */
    judged();
    assert_int_equal(view.posture, POSTURE_BROKEN);
    facts->sts_txt->outcome = DNS_OUTCOME_NODATA;
    judged();
    assert_int_equal(view.posture, POSTURE_ABSENT);
    unrecorded(DNS_OUTCOME_FAILED);
    judged();
    assert_int_equal(view.posture, POSTURE_BROKEN);
}

static void a_policy_without_a_record(void **state)
{
    (void)state;
    unrecorded(DNS_OUTCOME_NXDOMAIN);
    judged();
    assert_int_equal(view.posture, POSTURE_BROKEN);
    set_policy(facts, "<html>parked</html>");
    judged();
    assert_int_equal(view.posture, POSTURE_ABSENT);
}

static void nonexistent_domain(void)
{
    unrecorded(DNS_OUTCOME_NXDOMAIN);
    no_policy_host(DNS_OUTCOME_NXDOMAIN);
    facts->tlsrpt_txt = answer(facts, "_smtp._tls.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    facts->domain_soa = answer(facts, "example.com", DNS_SOA, DNS_OUTCOME_NXDOMAIN);
    facts->mx_answer = answer(facts, "example.com", DNS_MX, DNS_OUTCOME_NXDOMAIN);
    facts->mx_count = 0;
}

/* A name below the domain, or an answer without data, shows that it exists. */
static void nonexistent(void **state)
{
    struct dns_answer **others[] = {&facts->domain_soa, &facts->sts_txt, &facts->tlsrpt_txt,
                                    &facts->policy_host.a, &facts->policy_host.aaaa};

    (void)state;
    nonexistent_domain();
    judged();
    assert_int_equal(view.posture, POSTURE_NONEXISTENT);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        (*others[i])->outcome = DNS_OUTCOME_NODATA;
        judged();
        assert_int_equal(view.posture, POSTURE_ABSENT);
        (*others[i])->outcome = DNS_OUTCOME_NXDOMAIN;
        *others[i] = NULL; /* not asked */
        judged();
        nonexistent_domain();
    }
    facts->tlsrpt_txt = txt(facts, "_smtp._tls.example.com", TLSRPT, NULL);
    judged();
    assert_int_equal(view.posture, POSTURE_ABSENT);
    nonexistent_domain();
    add_cname(facts, facts->domain_soa, "elsewhere.example.net");
    judged();
    assert_int_equal(view.posture, POSTURE_ABSENT);
    nonexistent_domain();
    facts->domain_soa = NULL;
    judged();
    assert_int_equal(view.posture, POSTURE_NONEXISTENT);
}

static void nonexistent_by_its_mx(void **state)
{
    (void)state;
    nonexistent_domain();
    add_cname(facts, facts->mx_answer, "elsewhere.example.net");
    judged();
    assert_int_equal(view.posture, POSTURE_ABSENT);
    nonexistent_domain();
    facts->mx_answer->outcome = DNS_OUTCOME_NODATA;
    judged();
    assert_int_equal(view.posture, POSTURE_ABSENT);
    facts->mx_answer->outcome = DNS_OUTCOME_TIMEOUT;
    judged();
    assert_int_equal(view.posture, POSTURE_ABSENT);
    facts->mx_answer->outcome = DNS_OUTCOME_NXDOMAIN;
    facts->mx_answer->security = DNS_SECURITY_BOGUS;
    judged();
    assert_int_equal(view.posture, POSTURE_ABSENT);
    assert_true(posture_is_absent(POSTURE_ABSENT) && posture_is_absent(POSTURE_NONEXISTENT));
    assert_false(posture_is_absent(POSTURE_BROKEN) || posture_is_absent(POSTURE_NONE));
}

/* ---- each MX --------------------------------------------------------------------------------- */

static const struct mx_view *mx(void)
{
    judged();
    assert_int_equal(view.mx_count, facts->mx_count);
    return &view.mx[0];
}

static void cover(void **state)
{
    (void)state;
    assert_int_equal(mx()->covered, ANSWER_YES);
    assert_string_equal(view.mx[0].pattern, "mx1.example.com");
    assert_int_equal(view.mx[0].usable, ANSWER_YES);
    assert_ptr_equal(view.mx[0].host, &facts->mx[0]);
    set_policy(facts, "version: STSv1\nmode: enforce\nmx: other.example.com\nmax_age: 86400\n");
    assert_int_equal(mx()->covered, ANSWER_NO);
    assert_null(view.mx[0].pattern);
    assert_int_equal(view.mx[0].usable, ANSWER_NO);
    unrecorded(DNS_OUTCOME_NXDOMAIN);
    assert_int_equal(mx()->covered, ANSWER_UNKNOWN);
    assert_int_equal(view.mx[0].usable, ANSWER_YES); /* TLS and certificate are well */
}

static void why_no_host_is_usable(void **state)
{
    struct mx_host *host = &facts->mx[0];

    (void)state;
    host->is_address = true;
    assert_int_equal(mx()->usable, ANSWER_NO);
    host->is_address = false;
    host->a->security = DNS_SECURITY_BOGUS;
    assert_int_equal(mx()->usable, ANSWER_NO);
    host->a = answer(facts, host->name, DNS_A, DNS_OUTCOME_NXDOMAIN);
    assert_int_equal(mx()->usable, ANSWER_NO);
    facts->shortage = "memory";
    assert_int_equal(mx()->usable, ANSWER_UNKNOWN);
}

static void why_nothing_is_known_of_a_host(void **state)
{
    struct port25_control control = {
        .host = "other", .address = "192.0.2.1", .outcome = NET_TIMEOUT};

    (void)state;
    leaf(session(facts)->tls)->not_after = NOW - 1;
    assert_int_equal(mx()->usable, ANSWER_NO);
    facts->mx[0].addresses_omitted = true; /* another may do */
    assert_int_equal(mx()->usable, ANSWER_UNKNOWN);
    facts->mx[0].addresses_omitted = false;
    facts->observer.no_smtp = true;
    assert_int_equal(mx()->usable, ANSWER_UNKNOWN);
    facts->observer.no_smtp = false;
    session_stops(session(facts), NET_TIMEOUT, PHASE_CONNECT);
    assert_int_equal(mx()->usable, ANSWER_NO);
    facts->port25_controls = &control;
    facts->port25_control_count = 1;
    assert_int_equal(mx()->usable, ANSWER_UNKNOWN);
    facts->mx[0].session_count = 0;
    facts->port25_control_count = 0;
    assert_int_equal(mx()->usable, ANSWER_UNKNOWN);
}

static void one_good_address_is_enough(void **state)
{
    (void)state;
    session_stops(session(facts), NET_REFUSED, PHASE_CONNECT);
    assert_int_equal(mx()->usable, ANSWER_NO);
    session_stops(add_session(facts, &facts->mx[0], "198.18.2.26"), NET_TIMEOUT, PHASE_GREETING);
    assert_int_equal(mx()->usable, ANSWER_UNKNOWN);
    session_stops(add_session(facts, &facts->mx[0], "198.18.2.27"), NET_REFUSED, PHASE_CONNECT);
    assert_int_equal(mx()->usable, ANSWER_UNKNOWN);
    add_session(facts, &facts->mx[0], "198.18.2.28");
    assert_int_equal(mx()->usable, ANSWER_YES);
    facts->mx[0].addresses_omitted = true;
    assert_int_equal(mx()->usable, ANSWER_YES);
}

/* ---- names ----------------------------------------------------------------------------------- */

static void names(void **state)
{
    (void)state;
    assert_string_equal(posture_name(POSTURE_ABSENT), "absent");
    assert_string_equal(posture_name(POSTURE_BROKEN), "broken");
    assert_string_equal(posture_name(POSTURE_NONE), "none");
    assert_string_equal(posture_name(POSTURE_TESTING), "testing");
    assert_string_equal(posture_name(POSTURE_ENFORCE), "enforce");
    assert_string_equal(posture_name(POSTURE_NONEXISTENT), "nonexistent");
    assert_string_equal(delivery_name(DELIVERY_UNKNOWN), "unknown");
    assert_string_equal(delivery_name(DELIVERY_PARTLY_REFUSED), "partly-refused");
    assert_string_equal(delivery_name(DELIVERY_UNDELIVERABLE), "undeliverable");
    assert_string_equal(dane_use_name(DANE_BY_POSTFIX), "postfix");
    assert_string_equal(dane_use_name(DANE_BY_ALL), "all");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fresh, gone)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_healthy_domain),
        TEST(the_record_among_others),
        TEST(a_text_that_was_meant),
        TEST(a_record_without_a_policy),
        TEST(strays),
        TEST(the_best_of_several_answers),
        TEST(the_text_accepted_is_the_one_that_counts),
        TEST(expires_soon_is_accepted),
        TEST(modes),
        TEST(a_record_not_seen),
        TEST(a_policy_not_seen),
        TEST(absent),
        TEST(a_policy_without_a_record),
        TEST(nonexistent),
        TEST(nonexistent_by_its_mx),
        TEST(cover),
        TEST(why_no_host_is_usable),
        TEST(why_nothing_is_known_of_a_host),
        TEST(one_good_address_is_enough),
        TEST(names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
