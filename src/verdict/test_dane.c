/* SPDX-License-Identifier: MIT */
/* test_dane.c - who uses DANE at an MX host, which records count, and what a chain comes to. */
#include "verdict/dane.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "facts/test_domain.h"

#define TARGET "host.example.net"
#define HEX64  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static struct facts *facts;
static struct mx_host *mx;

static struct dns_answer *tlsa_answer(const char *name)
{
    struct dns_answer *made = answer(facts, name, DNS_TLSA, DNS_OUTCOME_FOUND);

    made->security = DNS_SECURITY_SECURE;
    made->records = talloc_zero(facts, struct dns_record);
    made->records[0] =
        (struct dns_record){.usage = 3, .selector = 1, .matching = 1, .data = text_bytes(HEX64)};
    made->record_count = 1;
    return made;
}

/* All is signed, and the one session's chain fits the one record, 3 1 1. */
static int fresh(void **state)
{
    struct tls_session *tls;

    (void)state;
    facts = healthy(NULL);
    mx = &facts->mx[0];
    facts->mx_answer->security = DNS_SECURITY_SECURE;
    mx->a->security = mx->aaaa->security = DNS_SECURITY_SECURE;
    mx->tlsa = tlsa_answer("_25._tcp.mx1.example.com");
    tls = session(facts)->tls;
    tls->tlsa = talloc_zero_array(facts, struct tlsa_match, 3);
    tls->tlsa[0] = (struct tlsa_match){.usage = 3,
                                       .selector = 1,
                                       .matching = 1,
                                       .data = text_bytes(HEX64),
                                       .result = TLSA_MATCH,
                                       .position = 1};
    tls->tlsa_count = 1;
    return 0;
}

static int gone(void **state)
{
    (void)state;
    talloc_free(facts);
    return 0;
}

/* ---- who uses it ----------------------------------------------------------------------------- */

static void healthy_dane_is_for_all(void **state)
{
    (void)state;
    assert_int_equal(dane_use(facts, mx), DANE_BY_ALL);
    assert_int_equal(dane_usable(facts, mx, NOW), ANSWER_YES);
    assert_ptr_equal(dane_records(mx), mx->tlsa);
    assert_string_equal(dane_base(mx), "mx1.example.com");
}

static void mx_records_unsigned(void **state)
{
    static const enum dane_use expect[] = {[DNS_SECURITY_UNCHECKED] = DANE_UNUSED,
                                           [DNS_SECURITY_INSECURE] = DANE_BY_POSTFIX,
                                           [DNS_SECURITY_SECURE] = DANE_BY_ALL,
                                           [DNS_SECURITY_BOGUS] = DANE_UNUSED};

    (void)state;
    for (int i = DNS_SECURITY_UNCHECKED; i <= DNS_SECURITY_BOGUS; i++) {
        facts->mx_answer->security = i;
        assert_int_equal(dane_use(facts, mx), expect[i]);
    }
    facts->mx_answer = NULL;
    assert_int_equal(dane_use(facts, mx), DANE_UNUSED);
}

static void addresses_unsigned(void **state)
{
    (void)state;
    assert_true(dane_addresses_signed(mx));
    mx->aaaa->security = DNS_SECURITY_INSECURE; /* there are none: nothing to sign */
    assert_true(dane_addresses_signed(mx));
    mx->aaaa->outcome = DNS_OUTCOME_FOUND;
    assert_false(dane_addresses_signed(mx));
    assert_int_equal(dane_use(facts, mx), DANE_UNUSED);
    assert_int_equal(dane_usable(facts, mx, NOW), ANSWER_YES);
    mx->aaaa->security = DNS_SECURITY_SECURE;
    assert_true(dane_addresses_signed(mx));
    mx->a->security = DNS_SECURITY_INSECURE;
    assert_false(dane_addresses_signed(mx));
    mx->a->outcome = DNS_OUTCOME_NODATA;
    assert_true(dane_addresses_signed(mx));
    mx->aaaa->outcome = DNS_OUTCOME_NODATA;
    assert_false(dane_addresses_signed(mx)); /* no address at all */
}

/* The alias is signed, where it leads is not. */
static void a_signed_alias_counts(void **state)
{
    (void)state;
    mx->a->security = DNS_SECURITY_INSECURE;
    mx->alias = answer(facts, mx->name, DNS_CNAME, DNS_OUTCOME_FOUND);
    mx->alias->security = DNS_SECURITY_SECURE;
    assert_false(dane_addresses_signed(mx)); /* the addresses are not behind it */
    add_cname(facts, mx->a, TARGET);
    assert_true(dane_addresses_signed(mx));
    mx->alias->security = DNS_SECURITY_INSECURE;
    assert_false(dane_addresses_signed(mx));
    mx->alias->security = DNS_SECURITY_SECURE;
    mx->alias->outcome = DNS_OUTCOME_NODATA;
    assert_false(dane_addresses_signed(mx));
}

struct records_case {
    const char *name;
    int outcome, security;
    enum dane_use use;
    enum answer usable;
};

static const struct records_case records[] = {
    {"found", DNS_OUTCOME_FOUND, DNS_SECURITY_SECURE, DANE_BY_ALL, ANSWER_YES},
    {"unsigned", DNS_OUTCOME_FOUND, DNS_SECURITY_INSECURE, DANE_UNUSED, ANSWER_YES},
    {"none", DNS_OUTCOME_NODATA, DNS_SECURITY_SECURE, DANE_UNUSED, ANSWER_YES},
    {"no name", DNS_OUTCOME_NXDOMAIN, DNS_SECURITY_SECURE, DANE_UNUSED, ANSWER_YES},
    {"SERVFAIL", DNS_OUTCOME_FAILED, DNS_SECURITY_UNCHECKED, DANE_BY_ALL, ANSWER_NO},
    {"bogus", DNS_OUTCOME_FOUND, DNS_SECURITY_BOGUS, DANE_BY_ALL, ANSWER_NO},
    {"timeout", DNS_OUTCOME_TIMEOUT, DNS_SECURITY_UNCHECKED, DANE_BY_ALL, ANSWER_UNKNOWN},
    {"stopped", DNS_OUTCOME_UNKNOWN, DNS_SECURITY_UNCHECKED, DANE_UNUSED, ANSWER_YES},
};

static void each_answer(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
        mx->tlsa->outcome = records[i].outcome;
        mx->tlsa->security = records[i].security;
        if (dane_use(facts, mx) != records[i].use ||
            dane_usable(facts, mx, NOW) != records[i].usable)
            fail_msg("%s: use %d, usable %d", records[i].name, dane_use(facts, mx),
                     dane_usable(facts, mx, NOW));
    }
    mx->tlsa = NULL;
    assert_int_equal(dane_use(facts, mx), DANE_UNUSED);
}

/* The target of an alias is asked first; it counts where it is signed, or fails. */
static void the_target_of_an_alias(void **state)
{
    static const struct {
        int outcome, security;
        bool counts;
    } cases[] = {{DNS_OUTCOME_FOUND, DNS_SECURITY_SECURE, true},
                 {DNS_OUTCOME_FOUND, DNS_SECURITY_INSECURE, false},
                 {DNS_OUTCOME_NODATA, DNS_SECURITY_SECURE, false},
                 {DNS_OUTCOME_NXDOMAIN, DNS_SECURITY_SECURE, false},
                 {DNS_OUTCOME_FAILED, DNS_SECURITY_UNCHECKED, true},
                 {DNS_OUTCOME_FOUND, DNS_SECURITY_BOGUS, true}};

    (void)state;
    mx->tlsa_target = tlsa_answer("_25._tcp." TARGET);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        mx->tlsa_target->outcome = cases[i].outcome;
        mx->tlsa_target->security = cases[i].security;
        assert_ptr_equal(dane_records(mx), cases[i].counts ? mx->tlsa_target : mx->tlsa);
        assert_string_equal(dane_base(mx), cases[i].counts ? TARGET : mx->name);
    }
    mx->tlsa = NULL;
    mx->tlsa_target = NULL;
    assert_null(dane_records(mx));
    assert_string_equal(dane_base(mx), mx->name);
}

/* ---- records that can be used ---------------------------------------------------------------- */

#define HEX128 HEX64 HEX64

static void which_records_are_usable(void **state)
{
    static const struct {
        int64_t usage, selector, matching;
        const char *data;
        bool usable;
    } cases[] = {
        {3, 1, 1, HEX64, true},       {2, 1, 1, HEX64, true},   {1, 1, 1, HEX64, false},
        {0, 1, 1, HEX64, false},      {4, 1, 1, HEX64, false},  {3, 0, 1, HEX64, true},
        {3, -1, 1, HEX64, false},     {3, 2, 1, HEX64, false},  {3, 1, 2, HEX128, true},
        {3, 1, 3, HEX128, false},     {3, 1, 0, "3082", true},  {3, 1, 0, "", false},
        {3, 1, 1, HEX64 "00", false}, {3, 1, 1, "0011", false}, {3, 1, 2, HEX64, false},
        {3, 1, -1, HEX64, false},     {3, 1, 1, "", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        mx->tlsa->records[0] = (struct dns_record){.usage = cases[i].usage,
                                                   .selector = cases[i].selector,
                                                   .matching = cases[i].matching,
                                                   .data = text_bytes(cases[i].data)};
        if (dane_count_usable(mx) != cases[i].usable)
            fail_msg("case %zu: %d", i, !cases[i].usable);
    }
    mx->tlsa->record_count = 0;
    assert_int_equal(dane_count_usable(mx), 0);
}

/* A key that is none shows when the handshake tries the record. */
static void what_the_handshake_rejected(void **state)
{
    struct tlsa_match *tried = &session(facts)->tls->tlsa[0];
    const struct tlsa_match same = *tried;

    (void)state;
    assert_int_equal(dane_count_usable(mx), 1);
    tried->result = TLSA_UNUSABLE;
    assert_int_equal(dane_count_usable(mx), 0);
    tried->usage = 2;
    assert_int_equal(dane_count_usable(mx), 1);
    *tried = same;
    tried->result = TLSA_UNUSABLE;
    tried->selector = 0;
    assert_int_equal(dane_count_usable(mx), 1);
    tried->selector = 1;
    tried->matching = 2;
    assert_int_equal(dane_count_usable(mx), 1);
    tried->matching = 1;
    tried->data = text_bytes("ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
    assert_int_equal(dane_count_usable(mx), 1);
    tried->data = text_bytes("00");
    assert_int_equal(dane_count_usable(mx), 1);
    tried->data = (struct bytes){NULL, 0};
    assert_int_equal(dane_count_usable(mx), 1);
    session(facts)->tls->tlsa[1] = same; /* the second of them does */
    session(facts)->tls->tlsa[1].result = TLSA_UNUSABLE;
    session(facts)->tls->tlsa_count = 2;
    assert_int_equal(dane_count_usable(mx), 0);
    session(facts)->tls = NULL;
    assert_int_equal(dane_count_usable(mx), 1);
    mx->session_count = 0;
    assert_int_equal(dane_count_usable(mx), 1);
}

/* ---- the handshake that counts --------------------------------------------------------------- */

static void the_handshake_with_the_base_as_sni(void **state)
{
    struct smtp_session *one = session(facts);
    struct tls_session other = {.outcome = TLS_OK};
    struct tls_again again = {.tls = &other};

    (void)state;
    assert_ptr_equal(dane_tls(one), one->tls);
    one->by_base = &again;
    assert_ptr_equal(dane_tls(one), &other);
    other.outcome = TLS_CLOSED;
    assert_ptr_equal(dane_tls(one), one->tls);
    other.alert = "unrecognized name";
    assert_ptr_equal(dane_tls(one), &other);
    again.tls = NULL;
    assert_ptr_equal(dane_tls(one), one->tls);
}

static void cut_off(void **state)
{
    struct smtp_session *one = session(facts);
    struct tls_again again = {0};

    (void)state;
    mx->tlsa_base = TARGET;
    assert_false(dane_tls_cut_off(facts, mx, one));
    facts->interrupted = true;
    assert_true(dane_tls_cut_off(facts, mx, one));
    facts->interrupted = false;
    facts->deadline_reached = true;
    assert_true(dane_tls_cut_off(facts, mx, one));
    facts->deadline_reached = false;
    facts->budget_reached = true;
    assert_true(dane_tls_cut_off(facts, mx, one));
    one->by_base = &again; /* it was made */
    assert_false(dane_tls_cut_off(facts, mx, one));
    one->by_base = NULL;
    mx->tlsa_base = mx->name; /* the first is the one */
    assert_false(dane_tls_cut_off(facts, mx, one));
    mx->tlsa_base = NULL;
    assert_false(dane_tls_cut_off(facts, mx, one));
}

/* ---- one chain ------------------------------------------------------------------------------- */

struct chain_case {
    const char *name;
    struct tlsa_match match;
    enum dane_fit expect;
};

static const struct chain_case chains[] = {
    {"3 matches", {.usage = 3, .result = TLSA_MATCH, .position = 1}, DANE_FITS},
    {"3 matches nothing", {.usage = 3, .result = TLSA_MISMATCH}, DANE_NOTHING},
    {"3 for the leaf, no match",
     {.usage = 3, .result = TLSA_MISMATCH, .position = 1},
     DANE_NOTHING},
    {"3 for a CA", {.usage = 3, .result = TLSA_MISMATCH, .position = 2}, DANE_NOT_LEAF},
    {"unusable", {.usage = 3, .result = TLSA_UNUSABLE, .position = 2}, DANE_NOTHING},
    {"2 matches, older facts", {.usage = 2, .result = TLSA_MATCH, .position = 2}, DANE_FITS},
    {"2 matches, to the second",
     {.usage = 2, .result = TLSA_MATCH, .path = true, .valid_from = NOW, .valid_until = NOW},
     DANE_FITS},
    {"2 expired",
     {.usage = 2, .result = TLSA_MATCH, .path = true, .valid_from = 1, .valid_until = NOW - 1},
     DANE_EXPIRED},
    {"2 not yet",
     {.usage = 2,
      .result = TLSA_MATCH,
      .path = true,
      .valid_from = NOW + 1,
      .valid_until = NOW + 2},
     DANE_NOT_YET},
    {"2 path, name fits after all",
     {.usage = 2, .result = TLSA_MISMATCH, .path = true, .valid_from = 1, .valid_until = NOW},
     DANE_FITS},
    {"2 for the leaf", {.usage = 2, .result = TLSA_MISMATCH, .position = 1}, DANE_NOT_CA},
    {"2 without a path", {.usage = 2, .result = TLSA_MISMATCH, .position = 2}, DANE_BROKEN},
    {"2 not sent", {.usage = 2, .result = TLSA_MISMATCH, .unsent = "CN=Root"}, DANE_UNSENT},
    {"2 nothing", {.usage = 2, .result = TLSA_MISMATCH}, DANE_NOTHING},
};

static void each_chain(void **state)
{
    struct tls_session *tls = session(facts)->tls;

    (void)state;
    for (size_t i = 0; i < sizeof(chains) / sizeof(chains[0]); i++) {
        struct dane_verdict found;

        tls->tlsa[0] = chains[i].match;
        found = dane_judge(facts, mx, tls, NOW);
        if (found.fit != chains[i].expect)
            fail_msg("%s: %d, expected %d", chains[i].name, found.fit, chains[i].expect);
        if (found.fit == DANE_NOTHING)
            assert_null(found.match);
        else
            assert_ptr_equal(found.match, &tls->tlsa[0]);
    }
    tls->chain_count = 0;
    tls->tlsa[0] = chains[0].match;
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_NOTHING);
}

/* Facts of an older version: the leaf's dates. */
static void dates_of_the_leaf(void **state)
{
    struct tls_session *tls = session(facts)->tls;

    (void)state;
    tls->tlsa[0] = (struct tlsa_match){.usage = 2, .result = TLSA_MATCH, .position = 2};
    leaf(tls)->not_after = NOW - 1;
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_EXPIRED);
    leaf(tls)->not_after = NOW;
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_FITS);
    leaf(tls)->not_before = NOW + 1;
    leaf(tls)->not_after = NOW + 2;
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_NOT_YET);
    leaf(tls)->not_before = NOW;
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_FITS);
}

/* Usage 2: the leaf names the base domain, or the domain itself where its MX records are signed. */
static void names_beside_a_path(void **state)
{
    struct tls_session *tls = session(facts)->tls;

    (void)state;
    tls->tlsa[0] = (struct tlsa_match){
        .usage = 2, .result = TLSA_MISMATCH, .path = true, .valid_from = 1, .valid_until = NOW};
    set_names(facts, tls, "other.example.com", NULL);
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_NAME);
    set_names(facts, tls, "other.example.com", "example.com", NULL);
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_FITS);
    facts->mx_answer->security = DNS_SECURITY_INSECURE;
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_NAME);
    leaf(tls)->common_name = mx->name; /* counts only without any SAN dNSName */
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_NAME);
    set_names(facts, tls, NULL);
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_FITS);
    leaf(tls)->common_name = NULL;
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_NAME);
    leaf(tls)->common_name = "other.example.com";
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_NAME);
}

static struct tlsa_match digest(int64_t usage, int64_t selector, int64_t matching, int result)
{
    return (struct tlsa_match){.usage = usage,
                               .selector = selector,
                               .matching = matching,
                               .result = result,
                               .position = result == TLSA_MATCH};
}

/* RFC 7671 section 9. */
static void only_the_strongest_digest_counts(void **state)
{
    static const struct {
        struct tlsa_match other;
        enum dane_fit expect;
    } cases[] = {
        {{.usage = 3, .selector = 1, .matching = 2, .result = TLSA_MISMATCH}, DANE_WEAKER},
        {{.usage = 3, .selector = 1, .matching = 1, .result = TLSA_MISMATCH}, DANE_FITS},
        {{.usage = 3, .selector = 1, .matching = 0, .result = TLSA_MISMATCH}, DANE_FITS},
        {{.usage = 3, .selector = 0, .matching = 2, .result = TLSA_MISMATCH}, DANE_FITS},
        {{.usage = 2, .selector = 1, .matching = 2, .result = TLSA_MISMATCH}, DANE_FITS},
        {{.usage = 3, .selector = 1, .matching = 2, .result = TLSA_UNUSABLE}, DANE_FITS},
    };
    struct tls_session *tls = session(facts)->tls;

    (void)state;
    tls->tlsa_count = 2;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        tls->tlsa[1] = cases[i].other;
        if (dane_judge(facts, mx, tls, NOW).fit != cases[i].expect)
            fail_msg("case %zu: %d", i, dane_judge(facts, mx, tls, NOW).fit);
    }
    tls->tlsa[0] = digest(3, 1, 0, TLSA_MATCH); /* no digest */
    tls->tlsa[1] = digest(3, 1, 2, TLSA_MISMATCH);
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_FITS);
    tls->tlsa[0] = digest(3, 1, 1, TLSA_MISMATCH); /* outdone, and of a CA */
    tls->tlsa[0].position = 2;
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_NOTHING);
}

/* Of several records the one that comes closest, the first of equals. */
static void the_closest_record(void **state)
{
    struct tls_session *tls = session(facts)->tls;

    (void)state;
    tls->tlsa_count = 3;
    tls->tlsa[0] = (struct tlsa_match){.usage = 2, .result = TLSA_MISMATCH, .unsent = "CN=Root"};
    tls->tlsa[1] = (struct tlsa_match){.usage = 2, .result = TLSA_MISMATCH, .position = 2};
    tls->tlsa[2] = (struct tlsa_match){.usage = 2, .result = TLSA_MISMATCH, .position = 3};
    assert_ptr_equal(dane_judge(facts, mx, tls, NOW).match, &tls->tlsa[1]);
    tls->tlsa[2] = digest(3, 1, 1, TLSA_MATCH);
    assert_ptr_equal(dane_judge(facts, mx, tls, NOW).match, &tls->tlsa[2]);
}

/* ---- the records together -------------------------------------------------------------------- */

static void a_set_decides(void **state)
{
    struct tls_session *tls = session(facts)->tls;
    struct tlsa_set set = {.decider = 2, .valid_from = NOW, .valid_until = NOW};

    (void)state;
    tls->tlsa_set = &set;
    tls->tlsa_count = 2;
    tls->tlsa[0] = digest(3, 1, 1, TLSA_MISMATCH);
    tls->tlsa[1] = digest(2, 1, 1, TLSA_MATCH);
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_FITS);
    assert_ptr_equal(dane_judge(facts, mx, tls, NOW).match, &tls->tlsa[1]);
    set.valid_until = NOW - 1;
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_EXPIRED);
    set = (struct tlsa_set){.decider = 2, .valid_from = NOW + 1, .valid_until = NOW + 1};
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_NOT_YET);
    tls->tlsa[1].usage = 3; /* dates and names do not matter */
    set_names(facts, tls, "other.example.com", NULL);
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_FITS);
    tls->tlsa[1].usage = 2;
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_NAME);
    set.decider = 1;
    assert_ptr_equal(dane_judge(facts, mx, tls, NOW).match, &tls->tlsa[0]);
    tls->chain_count = 0;
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_NOTHING);
}

/* No record of the set matched: then one alone cannot either, but why tells the closest. */
static void a_set_without_a_decider(void **state)
{
    struct tls_session *tls = session(facts)->tls;
    struct tlsa_set set = {.decider = 0};

    (void)state;
    tls->tlsa_set = &set;
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_NOTHING);
    set.decider = 2; /* there is no second */
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_NOTHING);
    set.decider = -1;
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_NOTHING);
    set.decider = 0;
    tls->tlsa[0] = (struct tlsa_match){.usage = 2, .result = TLSA_MISMATCH, .position = 2};
    assert_int_equal(dane_judge(facts, mx, tls, NOW).fit, DANE_BROKEN);
}

/* ---- one host -------------------------------------------------------------------------------- */

static void a_session_that_does_not_fit(void **state)
{
    struct tls_session *tls = session(facts)->tls;

    (void)state;
    tls->tlsa[0].result = TLSA_MISMATCH;
    assert_int_equal(dane_usable(facts, mx, NOW), ANSWER_NO);
    mx->tlsa_base = TARGET; /* the handshake that counts was not made any more */
    facts->deadline_reached = true;
    assert_int_equal(dane_usable(facts, mx, NOW), ANSWER_UNKNOWN);
    facts->deadline_reached = false;
    tls->tlsa_count = 0; /* nothing was tried */
    assert_int_equal(dane_usable(facts, mx, NOW), ANSWER_UNKNOWN);
    mx->tlsa->records[0].usage = 1; /* unusable: TLS is enough */
    assert_int_equal(dane_usable(facts, mx, NOW), ANSWER_YES);
    tls->version = "TLSv1.1";
    assert_int_equal(dane_usable(facts, mx, NOW), ANSWER_NO);
    tls->version = "TLSv1.2";
    tls->weakness = "key too small";
    assert_int_equal(dane_usable(facts, mx, NOW), ANSWER_NO);
    tls->weakness = NULL;
    tls->trust = CHAIN_SELF_SIGNED; /* DANE asks no CA */
    assert_int_equal(dane_usable(facts, mx, NOW), ANSWER_YES);
}

static void sessions_that_stop(void **state)
{
    static const struct {
        int outcome, phase;
        int64_t starttls;
        enum answer expect;
    } cases[] = {
        {NET_PROTOCOL, PHASE_EHLO, 0, ANSWER_NO},  {NET_OK, PHASE_DONE, 454, ANSWER_NO},
        {NET_TLS, PHASE_TLS, 220, ANSWER_NO},      {NET_TIMEOUT, PHASE_GREETING, 0, ANSWER_UNKNOWN},
        {NET_OK, PHASE_DONE, 421, ANSWER_UNKNOWN}, {NET_REFUSED, PHASE_CONNECT, 0, ANSWER_UNKNOWN}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct smtp_session *one;

        mx->session_count = 0;
        one = add_session(facts, mx, "198.18.2.25");
        session_stops(one, cases[i].outcome, cases[i].phase);
        one->starttls_code = cases[i].starttls;
        if (dane_usable(facts, mx, NOW) != cases[i].expect)
            fail_msg("case %zu: %d", i, dane_usable(facts, mx, NOW));
    }
}

/* One good address is enough; one of which nothing is known keeps it open. */
static void several_addresses(void **state)
{
    (void)state;
    session_stops(add_session(facts, mx, "198.18.2.26"), NET_PROTOCOL, PHASE_EHLO);
    assert_int_equal(dane_usable(facts, mx, NOW), ANSWER_YES);
    mx->sessions[0].tls->tlsa[0].result = TLSA_MISMATCH;
    assert_int_equal(dane_usable(facts, mx, NOW), ANSWER_NO);
    mx->addresses_omitted = true;
    assert_int_equal(dane_usable(facts, mx, NOW), ANSWER_UNKNOWN);
    mx->addresses_omitted = false;
    session_stops(&mx->sessions[1], NET_TIMEOUT, PHASE_GREETING);
    assert_int_equal(dane_usable(facts, mx, NOW), ANSWER_UNKNOWN);
    mx->session_count = 0;
    assert_int_equal(dane_usable(facts, mx, NOW), ANSWER_UNKNOWN);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fresh, gone)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(healthy_dane_is_for_all),
        TEST(mx_records_unsigned),
        TEST(addresses_unsigned),
        TEST(a_signed_alias_counts),
        TEST(each_answer),
        TEST(the_target_of_an_alias),
        TEST(which_records_are_usable),
        TEST(what_the_handshake_rejected),
        TEST(the_handshake_with_the_base_as_sni),
        TEST(cut_off),
        TEST(each_chain),
        TEST(dates_of_the_leaf),
        TEST(names_beside_a_path),
        TEST(only_the_strongest_digest_counts),
        TEST(the_closest_record),
        TEST(a_set_decides),
        TEST(a_set_without_a_decider),
        TEST(a_session_that_does_not_fit),
        TEST(sessions_that_stop),
        TEST(several_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
