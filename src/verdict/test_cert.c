/* SPDX-License-Identifier: MIT */
/* test_cert.c - the faults of a TLS session: handshake, trust, purpose, dates to the second,
 * names. */
#include "verdict/cert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "facts/test_domain.h"

#define HOST "mx1.example.com"

static struct facts *facts;
static struct tls_session *tls;

static int fresh(void **state)
{
    (void)state;
    facts = healthy(NULL);
    tls = tls_new(facts, HOST);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    talloc_free(facts);
    return 0;
}

static unsigned faults(void)
{
    return tls_faults(tls, HOST, NOW);
}

static unsigned all_faults(int64_t warn_days)
{
    const struct domain_view v = {.facts = facts, .now = NOW, .warn_days = warn_days};

    return tls_all_faults(&v, tls, HOST);
}

/* ---- the handshake --------------------------------------------------------------------------- */

struct demand_case {
    const char *name;
    enum tls_outcome outcome;
    int64_t number;
    const char *alert, *version;
    bool requested, expect;
};

static const struct demand_case demands[] = {
    {"alert 116", TLS_FAILED, 116, "certificate required", "TLSv1.3", false, true},
    {"closed with it", TLS_CLOSED, 116, NULL, NULL, false, true},
    {"all went well", TLS_OK, 116, NULL, "TLSv1.3", true, false},
    {"timed out", TLS_TIMEOUT, 116, NULL, "TLSv1.3", true, false},
    {"40, asked for", TLS_FAILED, 40, "handshake failure", "TLSv1.2", true, true},
    {"40, not asked for", TLS_FAILED, 40, "handshake failure", "TLSv1.2", false, false},
    {"42, asked for", TLS_FAILED, 42, "bad certificate", "TLSv1.2", true, true},
    {"42, not asked for", TLS_FAILED, 42, "bad certificate", "TLSv1.2", false, false},
    {"70, asked for", TLS_FAILED, 70, "protocol version", "TLSv1.2", true, false},
    {"no number, 1.3", TLS_FAILED, 0, "unknown", "TLSv1.3", false, true},
    {"no number, 1.2", TLS_FAILED, 0, "unknown", "TLSv1.2", true, false},
    {"no number, no version", TLS_FAILED, 0, "unknown", NULL, true, false},
    {"no number, another word", TLS_FAILED, 0, "internal error", "TLSv1.3", true, false},
    {"neither", TLS_FAILED, 0, NULL, "TLSv1.3", true, false},
    {"another number, unknown", TLS_FAILED, 80, "unknown", "TLSv1.3", false, false},
};

static void who_demands_a_certificate(void **state)
{
    (void)state;
    assert_false(tls_demands_certificate(NULL));
    for (size_t i = 0; i < sizeof(demands) / sizeof(demands[0]); i++) {
        const struct demand_case *one = &demands[i];
        const struct tls_session seen = {.outcome = (int)one->outcome,
                                         .alert_number = one->number,
                                         .alert = one->alert,
                                         .version = one->version,
                                         .certificate_requested = one->requested};

        if (tls_demands_certificate(&seen) != one->expect)
            fail_msg("%s: %d", one->name, !one->expect);
        if (one->expect)
            assert_int_equal(tls_faults(&seen, HOST, NOW), FAULT_BIT(FAULT_CLIENT_CERT));
    }
}

static void outcomes(void **state)
{
    static const unsigned expect[] = {[TLS_UNKNOWN] = 0,
                                      [TLS_OK] = FAULT_BIT(FAULT_HANDSHAKE), /* anonymous */
                                      [TLS_FAILED] = FAULT_BIT(FAULT_HANDSHAKE),
                                      [TLS_TIMEOUT] = 0,
                                      [TLS_CLOSED] = FAULT_BIT(FAULT_HANDSHAKE)};

    (void)state;
    assert_int_equal(tls_faults(NULL, HOST, NOW), 0);
    for (int i = TLS_UNKNOWN; i <= TLS_CLOSED; i++) {
        const struct tls_session seen = {.outcome = i};

        assert_int_equal(tls_faults(&seen, HOST, NOW), expect[i]);
    }
}

static void versions(void **state)
{
    static const struct {
        const char *version;
        bool old;
    } cases[] = {{"SSLv2", true},   {"SSLv3", true},    {"TLSv1", true},    {"TLSv1.0", true},
                 {"TLSv1.1", true}, {"TLSv1.2", false}, {"TLSv1.3", false}, {NULL, false}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        tls->version = cases[i].version;
        assert_int_equal(faults(), cases[i].old ? FAULT_BIT(FAULT_VERSION) : 0);
    }
}

static void weakness_is_a_handshake_that_fails(void **state)
{
    (void)state;
    tls->weakness = "key too small";
    assert_int_equal(faults(), FAULT_BIT(FAULT_HANDSHAKE));
    tls->version = "TLSv1.1"; /* then that is why */
    assert_int_equal(faults(), FAULT_BIT(FAULT_VERSION));
}

/* ---- trust and purpose ----------------------------------------------------------------------- */

static void trust(void **state)
{
    static const struct {
        int trust;
        const char *error;
        unsigned expect;
    } cases[] = {
        {CHAIN_UNKNOWN, NULL, 0},
        {CHAIN_TRUSTED, NULL, 0},
        {CHAIN_SELF_SIGNED, NULL, FAULT_BIT(FAULT_SELF_SIGNED)},
        {CHAIN_UNTRUSTED_ROOT, NULL, FAULT_BIT(FAULT_UNTRUSTED_ROOT)},
        {CHAIN_INCOMPLETE, NULL, FAULT_BIT(FAULT_INCOMPLETE)},
        {CHAIN_REJECTED, "CA md too weak", FAULT_BIT(FAULT_HANDSHAKE)},
        {CHAIN_REJECTED, NULL, FAULT_BIT(FAULT_HANDSHAKE)},
        {CHAIN_REJECTED, "unsuitable certificate purpose", FAULT_BIT(FAULT_PURPOSE)},
        {CHAIN_TRUSTED, "unsuitable certificate purpose", 0},
        {CHAIN_WRONG_PURPOSE, NULL, FAULT_BIT(FAULT_PURPOSE)},
        {CHAIN_WRONG_PURPOSE + 1, NULL, 0}, /* of a later version */
        {-1, NULL, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        tls->trust = cases[i].trust;
        tls->trust_error = cases[i].error;
        if (faults() != cases[i].expect)
            fail_msg("case %zu: %x", i, faults());
    }
}

static void purposes(void **state)
{
    static const char *client[] = {"clientAuth"}, *both[] = {"clientAuth", "serverAuth"};

    (void)state;
    leaf(tls)->purposes = client;
    assert_int_equal(faults(), 0); /* none is listed */
    leaf(tls)->purpose_count = 1;
    assert_int_equal(faults(), FAULT_BIT(FAULT_PURPOSE));
    assert_true(cert_is_for(leaf(tls), "clientAuth"));
    assert_false(cert_is_for(leaf(tls), "serverAuth"));
    leaf(tls)->purposes = both;
    leaf(tls)->purpose_count = 2;
    assert_int_equal(faults(), 0);
    assert_true(cert_is_for(leaf(tls), "serverAuth"));
}

/* ---- dates ----------------------------------------------------------------------------------- */

/* Both ends belong to the time that a certificate is valid (RFC 5280 section 4.1.2.5). */
static void to_the_second(void **state)
{
    static const struct {
        int64_t before, after;
        unsigned expect;
    } cases[] = {{NOW, NOW + 1, 0},
                 {NOW + 1, NOW + 2, FAULT_BIT(FAULT_NOT_YET)},
                 {NOW - 1, NOW, 0},
                 {NOW - 2, NOW - 1, FAULT_BIT(FAULT_EXPIRED)}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        leaf(tls)->not_before = cases[i].before;
        leaf(tls)->not_after = cases[i].after;
        assert_int_equal(faults(), cases[i].expect);
        assert_int_equal(cert_in_date(leaf(tls), NOW), !cases[i].expect);
    }
}

/* The second certificate of the chain has expired: does it count? */
static void issuers(void **state)
{
    static const struct {
        const char *name, *subject;
        bool self_signed, in_path, counts;
    } cases[] = {{"the leaf's issuer", "CN=Lab Intermediate", false, false, true},
                 {"in the path", "CN=Other", false, true, true},
                 {"surplus", "CN=Other", false, false, false},
                 {"without a name", NULL, false, false, false},
                 {"a root", "CN=Lab Intermediate", true, true, false}};

    (void)state;
    tls->chain[1].not_after = NOW - 1;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        tls->chain[1].subject = cases[i].subject;
        tls->chain[1].self_signed = cases[i].self_signed;
        tls->chain[1].in_path = cases[i].in_path;
        if (faults() != (cases[i].counts ? FAULT_BIT(FAULT_EXPIRED) : 0))
            fail_msg("%s: %x", cases[i].name, faults());
    }
}

/* A leaf out of date comes before what is above it. */
static void the_leaf_first(void **state)
{
    (void)state;
    tls->chain[1].not_after = NOW - 1;
    assert_int_equal(cert_dated(tls, NOW).not_after, NOW - 1);
    leaf(tls)->not_before = NOW + 1;
    assert_string_equal(cert_dated(tls, NOW).subject, "CN=leaf");
    assert_int_equal(faults(), FAULT_BIT(FAULT_NOT_YET));
}

static void third(struct certificate as)
{
    tls->chain = talloc_realloc(facts, tls->chain, struct certificate, 3);
    assert_non_null(tls->chain);
    tls->chain[2] = as;
    tls->chain_count = 3;
}

static void twins(void **state)
{
    (void)state;
    tls->chain[1].not_after = NOW - 1;
    third((struct certificate){
        .subject = "CN=Lab Intermediate", .not_before = NOW - 1, .not_after = NOW});
    assert_int_equal(faults(), 0);
    tls->chain[2].not_after = NOW - 1; /* no better */
    assert_int_equal(faults(), FAULT_BIT(FAULT_EXPIRED));
    tls->chain[2].not_after = NOW;
    tls->chain[2].subject = "CN=Another";
    assert_int_equal(faults(), FAULT_BIT(FAULT_EXPIRED));
    tls->chain[2].subject = NULL;
    assert_int_equal(faults(), FAULT_BIT(FAULT_EXPIRED));
}

static void the_root_ends(void **state)
{
    (void)state;
    tls->anchor = "CN=Lab Root";
    tls->anchor_not_after = NOW;
    assert_int_equal(faults(), 0);
    assert_string_equal(cert_dated(tls, NOW).subject, "CN=leaf");
    tls->anchor_not_after = NOW - 1;
    assert_int_equal(faults(), FAULT_BIT(FAULT_EXPIRED));
    assert_string_equal(cert_dated(tls, NOW).subject, "CN=Lab Root");
    tls->anchor = NULL;
    assert_int_equal(faults(), 0);
}

/* ---- soon ------------------------------------------------------------------------------------ */

static void soon(void **state)
{
    static const struct {
        int64_t lived, left, warn_days; /* seconds */
        bool expect;
    } cases[] = {
        {60 * DAY, 14 * DAY, 0, false},      {60 * DAY, 14 * DAY - 1, 0, true},
        {60 * DAY, 14 * DAY - 1, 13, false}, {60 * DAY, 20 * DAY - 1, 20, true},
        {60 * DAY, 30 * DAY, 60, false}, /* a third is left */
        {60 * DAY, 30 * DAY - 2, 60, true},  {4 * DAY, 2 * DAY, 0, false},
        {4 * DAY + 6, 2 * DAY, 0, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        leaf(tls)->not_before = NOW - cases[i].lived;
        leaf(tls)->not_after = NOW + cases[i].left;
        if (all_faults(cases[i].warn_days) != (cases[i].expect ? FAULT_BIT(FAULT_SOON) : 0))
            fail_msg("case %zu: %x", i, all_faults(cases[i].warn_days));
    }
    assert_int_equal(faults(), 0); /* no sender minds */
}

static void soon_beside_other_faults(void **state)
{
    const struct domain_view v = {.facts = facts, .now = NOW};

    (void)state;
    leaf(tls)->not_after = NOW - 1;
    assert_int_equal(all_faults(0), FAULT_BIT(FAULT_EXPIRED));
    leaf(tls)->not_before = NOW + 1;
    leaf(tls)->not_after = NOW + 2;
    assert_int_equal(all_faults(0), FAULT_BIT(FAULT_NOT_YET));
    leaf(tls)->not_before = NOW - 90 * DAY;
    tls->trust = CHAIN_INCOMPLETE;
    assert_int_equal(all_faults(0), FAULT_BIT(FAULT_SOON) | FAULT_BIT(FAULT_INCOMPLETE));
    tls->chain_count = 0;
    assert_int_equal(all_faults(0), FAULT_BIT(FAULT_HANDSHAKE));
    assert_int_equal(tls_all_faults(&v, NULL, HOST), 0);
}

static void expiring_above_the_leaf(void **state)
{
    const struct domain_view v = {.facts = facts, .now = NOW};

    (void)state;
    tls->chain[1].not_after = NOW + DAY;
    assert_null(cert_expiring(&v, tls)); /* not of the path */
    tls->chain[1].in_path = true;
    assert_ptr_equal(cert_expiring(&v, tls), &tls->chain[1]);
    tls->chain[1].self_signed = true;
    assert_null(cert_expiring(&v, tls));
    tls->chain[1].self_signed = false;
    third(tls->chain[1]); /* a twin as old, and one that lasts */
    assert_ptr_equal(cert_expiring(&v, tls), &tls->chain[1]);
    tls->chain[2].not_after = NOW + 900 * DAY;
    assert_null(cert_expiring(&v, tls));
    tls->chain[2].subject = "CN=Another";
    assert_ptr_equal(cert_expiring(&v, tls), &tls->chain[1]);
    tls->chain[2].subject = tls->chain[1].subject;
    tls->chain[2].not_before = NOW + 1; /* not yet */
    assert_ptr_equal(cert_expiring(&v, tls), &tls->chain[1]);
    leaf(tls)->not_after = NOW + 1;
    assert_ptr_equal(cert_expiring(&v, tls), leaf(tls));
}

static void renewal(void **state)
{
    static const struct {
        int64_t lifetime, left;
    } cases[] = {{90 * DAY, 30 * DAY},
                 {100 * DAY, 100 * DAY / 3},
                 {10 * DAY, 10 * DAY / 3},
                 {10 * DAY - 2, 5 * DAY - 1},
                 {6 * DAY, 3 * DAY}};
    struct certificate cert = {.not_before = NOW};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cert.not_after = NOW + cases[i].lifetime;
        assert_int_equal(cert.not_after - cert_renewal_due(&cert), cases[i].left);
    }
    cert.not_after = NOW + 100 * DAY + 1;
    assert_int_equal(cert_renewal_due(&cert), 0);
}

/* ---- names ----------------------------------------------------------------------------------- */

struct name_case {
    const char *host, *san, *common_name;
    enum tls_fault expect; /* FAULT_COUNT: none */
};

static const struct name_case names[] = {
    {"mx1.example.com", "mx1.example.com", NULL, FAULT_COUNT},
    {"mx1.example.com", "*.example.com", NULL, FAULT_COUNT},
    {"mx1.example.com", "mx2.example.com", NULL, FAULT_NAME},
    {"mx1.example.com", "mx2.example.com", "mx1.example.com", FAULT_COMMON_NAME},
    {"mx1.example.com", "mx2.example.com", "mx3.example.com", FAULT_NAME},
    {"mx1.example.com", "mx*.example.com", NULL, FAULT_PARTIAL_WILDCARD},
    {"mx1.example.com", "mx*.example.com", "mx1.example.com", FAULT_PARTIAL_WILDCARD},
    {"mx1.example.com", "*1.example.com", NULL, FAULT_PARTIAL_WILDCARD},
    {"mx1.example.com", "m*1.EXAMPLE.com", NULL, FAULT_PARTIAL_WILDCARD},
    {"mx1.example.com", "MX1*.example.com", NULL, FAULT_PARTIAL_WILDCARD}, /* for nothing */
    {"mx1.example.com", "mx*1.example.com", NULL, FAULT_PARTIAL_WILDCARD},
    {"mx1.example.com", "mx1*1.example.com", NULL, FAULT_NAME}, /* too long */
    {"mx1.example.com", "mx1*x1.example.com", NULL, FAULT_NAME},
    {"mx1.example.com", "m*2.example.com", NULL, FAULT_NAME},
    {"mx1.example.com", "n*1.example.com", NULL, FAULT_NAME},
    {"mx1.example.com", "mx*.example.net", NULL, FAULT_NAME},
    {"mx1.example.com", "mx1.*.com", NULL, FAULT_NAME},
    {"a.mx1.example.com", "*.example.com", NULL, FAULT_NAME}, /* not partial */
};

static void each_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct name_case *one = &names[i];
        unsigned found;

        set_names(facts, tls, one->san, NULL);
        leaf(tls)->common_name = one->common_name;
        found = tls_faults(tls, one->host, NOW);
        if (found != (one->expect == FAULT_COUNT ? 0 : FAULT_BIT(one->expect)))
            fail_msg("%s for %s: %x", one->san, one->host, found);
    }
}

static void any_of_several_names(void **state)
{
    (void)state;
    set_names(facts, tls, "mx*.example.com", "other.example.com", HOST, NULL);
    assert_int_equal(faults(), 0);
    set_names(facts, tls, "mx*.example.com", "other.example.com", NULL);
    assert_int_equal(faults(), FAULT_BIT(FAULT_PARTIAL_WILDCARD));
    leaf(tls)->dns_name_count = 0;
    assert_int_equal(faults(), FAULT_BIT(FAULT_NAME));
}

static void faults_come_together(void **state)
{
    static const char *client[] = {"clientAuth"};

    (void)state;
    tls->trust = CHAIN_SELF_SIGNED;
    leaf(tls)->not_after = NOW - 1;
    leaf(tls)->purposes = client;
    leaf(tls)->purpose_count = 1;
    set_names(facts, tls, "other.example.com", NULL);
    tls->weakness = "key too small";
    assert_int_equal(faults(), FAULT_BIT(FAULT_HANDSHAKE) | FAULT_BIT(FAULT_SELF_SIGNED) |
                                   FAULT_BIT(FAULT_EXPIRED) | FAULT_BIT(FAULT_PURPOSE) |
                                   FAULT_BIT(FAULT_NAME));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fresh, gone)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_demands_a_certificate),
        TEST(outcomes),
        TEST(versions),
        TEST(weakness_is_a_handshake_that_fails),
        TEST(trust),
        TEST(purposes),
        TEST(to_the_second),
        TEST(issuers),
        TEST(the_leaf_first),
        TEST(twins),
        TEST(the_root_ends),
        TEST(soon),
        TEST(soon_beside_other_faults),
        TEST(expiring_above_the_leaf),
        TEST(renewal),
        TEST(each_name),
        TEST(any_of_several_names),
        TEST(faults_come_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
