/* SPDX-License-Identifier: MIT */
/* test_reference.c - what hosts that serve everybody tell of our own place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "probe/reference_hosts.h"
#include "probe/work.h"

#define CORP "CN=Corporate Inspection"

struct reference_case {
    const char *name;
    const struct reference_shown *shown[REFERENCES];
    const char *own_issuer; /* of the policy host's certificate, untrusted; NULL: no fetch */
    enum vantage_state port, tls, clock;
    int64_t offset;
};

static const struct reference_shown nothing, fine = {.connected = true, .trusted = true},
                                             corp = {.connected = true, .issuer = CORP},
                                             other = {.connected = true, .issuer = "CN=Other"},
                                             right = {.clock_known = true, .connected = true},
                                             day = {.clock_known = true, .clock_offset = 86400},
                                             later = {.clock_known = true, .clock_offset = 864000};

#define NO   VANTAGE_STATE_UNKNOWN
#define OK   VANTAGE_STATE_OK
#define SHUT VANTAGE_STATE_CLOSED
#define BAD  VANTAGE_STATE_WRONG

static const struct reference_case cases[] = {
    {"not reached in time", {NULL, NULL}, NULL, NO, NO, NO, 0},
    {"the port is closed", {&nothing, &nothing}, NULL, SHUT, NO, NO, 0},
    {"one does not answer", {&nothing, &fine}, NULL, OK, OK, NO, 0},
    {"one private issuer", {&corp, &corp}, NULL, OK, BAD, NO, 0},
    {"one witness is none", {&corp, NULL}, NULL, OK, NO, NO, 0},
    {"the policy host is the second", {&corp, NULL}, CORP, OK, BAD, NO, 0},
    {"of another issuer it is not", {&corp, NULL}, "CN=Its own", OK, NO, NO, 0},
    {"two issuers", {&corp, &other}, NULL, OK, NO, NO, 0},
    {"one is let through", {&corp, &fine}, CORP, OK, OK, NO, 0},
    {"the clock is right", {&right, NULL}, NULL, OK, NO, OK, 0},
    {"both tell another time", {&day, &day}, NULL, SHUT, NO, BAD, 86400},
    {"one tells another time", {&day, NULL}, NULL, SHUT, NO, NO, 0},
    {"each tells another time", {&day, &later}, NULL, SHUT, NO, NO, 0},
    {"one of them tells ours", {&day, &right}, NULL, OK, NO, OK, 0},
};

static void tell(struct probe *probe, const struct reference_case *one)
{
    struct certificate leaf = {.issuer = one->own_issuer};
    struct tls_session tls = {.trust = CHAIN_UNTRUSTED_ROOT, .chain = &leaf, .chain_count = 1};
    struct https_fetch fetch = {.tls = &tls};
    struct policy_fetch fetched = {.fetch = &fetch};

    probe->references = talloc_zero_array(probe, struct reference_host, REFERENCES);
    for (size_t i = 0; i < REFERENCES; i++)
        probe->references[i].shown = one->shown[i];
    SLIST_FIRST(&probe->policy_fetches) = one->own_issuer ? &fetched : NULL;
    assert_int_equal(probe_reference_hosts_collect(probe), STS_OK);
}

static void expect(const struct reference_case *one, const struct probe *probe,
                   enum vantage_name name, enum vantage_state state)
{
    if (probe->vantage.points[name].state != state)
        fail_msg("%s: point %d is %d", one->name, (int)name, probe->vantage.points[name].state);
}

static void two_witnesses_make_a_fact(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct reference_case *one = &cases[i];
        struct probe *probe = talloc_zero(NULL, struct probe);

        probe->facts = talloc_zero(probe, struct facts);
        tell(probe, one);
        expect(one, probe, VANTAGE_PORT443, one->port);
        expect(one, probe, VANTAGE_TLS, one->tls);
        expect(one, probe, VANTAGE_CLOCK, one->clock);
        assert_int_equal(probe->vantage.clock_known, one->clock != NO);
        if (one->clock != NO)
            assert_int_equal(probe->vantage.clock_offset, one->offset);
        if (one->tls == BAD)
            assert_string_equal(probe->vantage.points[VANTAGE_TLS].detail, CORP);
        talloc_free(probe);
    }
}

static void who_was_not_asked_tells_nothing(void **state)
{
    struct probe *probe = talloc_zero(NULL, struct probe);

    assert_int_equal(probe_reference_hosts_collect(probe), STS_OK);
    for (size_t i = 0; i < VANTAGE_COUNT; i++)
        assert_int_equal(probe->vantage.points[i].state, VANTAGE_STATE_UNKNOWN);
    assert_false(probe->vantage.clock_known);
    talloc_free(probe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_witnesses_make_a_fact),
        cmocka_unit_test(who_was_not_asked_tells_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
