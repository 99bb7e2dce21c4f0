/* SPDX-License-Identifier: MIT */
/* test_fetch.c - how far a fetch came, and whether that says anything of the policy host. */
#include "verdict/fetch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "facts/test_domain.h"

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

static void seen_from_here(enum vantage_name name, enum vantage_state state)
{
    facts->vantage = talloc_zero(facts, struct vantage);
    facts->vantage->points = talloc_zero(facts, struct vantage_point);
    facts->vantage->points[0] = (struct vantage_point){.name = (int)name, .state = (int)state};
    facts->vantage->point_count = 1;
}

static void unconnected(void **state)
{
    (void)state;
    for (int phase = PHASE_NONE; phase <= PHASE_DONE; phase++) {
        fetch(facts)->phase = phase;
        assert_int_equal(fetch_failed_in_proxy(fetch(facts)), phase == PHASE_PROXY);
        assert_int_equal(fetch_unconnected(fetch(facts)),
                         phase == PHASE_NONE || phase == PHASE_PROXY || phase == PHASE_CONNECT);
    }
}

static void text(void **state)
{
    struct https_fetch *one = fetch(facts);
    const struct https_fetch good = *one;

    (void)state;
    assert_true(fetch_has_text(one));
    one->outcome = NET_CLOSED;
    assert_false(fetch_has_text(one));
    *one = good;
    one->status = 201;
    assert_false(fetch_has_text(one));
    *one = good;
    one->too_large = true;
    assert_false(fetch_has_text(one));
    *one = good;
    one->truncated = true;
    assert_false(fetch_has_text(one));
    *one = good;
    one->body = text_bytes("<div id=px-captcha>");
    assert_false(fetch_has_text(one));
}

static void port_443(void **state)
{
    (void)state;
    fetch_stops(fetch(facts), NET_TIMEOUT, PHASE_CONNECT);
    assert_false(port443_blocked(facts)); /* nothing is known of others */
    seen_from_here(VANTAGE_PORT443, VANTAGE_STATE_OK);
    assert_false(port443_blocked(facts));
    seen_from_here(VANTAGE_PORT443, VANTAGE_STATE_CLOSED);
    assert_true(port443_blocked(facts));
    fetch(facts)->phase = PHASE_PROXY;
    assert_false(port443_blocked(facts));
    fetch(facts)->phase = PHASE_CONNECT;
    add_fetch(facts, "198.18.2.2"); /* one comes through */
    assert_false(port443_blocked(facts));
    facts->policy_host.fetch_count = 0;
    assert_false(port443_blocked(facts));
}

static void interception(void **state)
{
    (void)state;
    assert_false(tls_intercepted(facts));
    seen_from_here(VANTAGE_TLS, VANTAGE_STATE_OK);
    assert_false(tls_intercepted(facts));
    seen_from_here(VANTAGE_TLS, VANTAGE_STATE_WRONG);
    assert_true(tls_intercepted(facts));
    seen_from_here(VANTAGE_CLOCK, VANTAGE_STATE_WRONG);
    assert_false(tls_intercepted(facts));
}

/* ---- families -------------------------------------------------------------------------------- */

static void a_family_works(void **state)
{
    struct https_fetch *one = fetch(facts);

    (void)state;
    session_stops(session(facts), NET_TIMEOUT, PHASE_CONNECT);
    assert_true(family_works(facts, "192.0.2.1"));
    assert_false(family_works(facts, "2001:db8::1"));
    one->address = "2001:db8:1::2";
    assert_false(family_works(facts, "192.0.2.1"));
    assert_true(family_works(facts, "2001:db8::1"));
    one->proxy = "proxy.example:3128"; /* that is the proxy's family */
    assert_false(family_works(facts, "2001:db8::1"));
    one->proxy = NULL;
    fetch_stops(one, NET_TIMEOUT, PHASE_CONNECT);
    assert_false(family_works(facts, "2001:db8::1"));
    fetch_stops(one, NET_NO_ROUTE, PHASE_NONE);
    assert_false(family_works(facts, "2001:db8::1"));
    fetch_stops(one, NET_REFUSED, PHASE_CONNECT); /* something came back */
    assert_true(family_works(facts, "2001:db8::1"));
}

static void sessions_tell_of_a_family_too(void **state)
{
    (void)state;
    facts->policy_host.fetch_count = 0;
    assert_true(family_works(facts, "192.0.2.1"));
    assert_false(family_works(facts, "2001:db8::1"));
    add_mx(facts, "mx2.example.com", "2001:db8::25");
    assert_true(family_works(facts, "2001:db8::1"));
    session_stops(&facts->mx[1].sessions[0], NET_TIMEOUT, PHASE_CONNECT);
    assert_false(family_works(facts, "2001:db8::1"));
    add_session(facts, &facts->mx[1], "2001:db8::26"); /* the second of the second */
    assert_true(family_works(facts, "2001:db8::1"));
}

/* ---- open: nothing can be concluded ---------------------------------------------------------- */

static void open_fetches(void **state)
{
    struct https_fetch *one = fetch(facts);

    (void)state;
    assert_false(fetch_is_open(facts, one));
    fetch_stops(one, NET_REFUSED, PHASE_CONNECT);
    assert_false(fetch_is_open(facts, one));
    fetch_stops(one, NET_UNKNOWN, PHASE_CONNECT);
    assert_true(fetch_is_open(facts, one));
    fetch_stops(one, NET_NO_ROUTE, PHASE_CONNECT);
    assert_false(fetch_is_open(facts, one)); /* the MX host was reached over IPv4 */
    session_stops(session(facts), NET_NO_ROUTE, PHASE_CONNECT);
    assert_true(fetch_is_open(facts, one));
    one->address = "10.0.0.1"; /* nobody reaches it */
    assert_false(fetch_is_open(facts, one));
    one->phase = PHASE_PROXY;
    assert_true(fetch_is_open(facts, one));
    one->phase = PHASE_CONNECT;
    seen_from_here(VANTAGE_PORT443, VANTAGE_STATE_CLOSED);
    assert_true(fetch_is_open(facts, one));
    seen_from_here(VANTAGE_TLS, VANTAGE_STATE_WRONG);
    assert_true(fetch_is_open(facts, one));
}

static void who_stopped(void **state)
{
    (void)state;
    assert_true(stopped_by_us(facts, NET_UNKNOWN, PHASE_NONE));
    assert_true(stopped_by_us(facts, NET_UNKNOWN, PHASE_CONNECT));
    assert_false(stopped_by_us(facts, NET_UNKNOWN, PHASE_TLS)); /* the peer was slow */
    assert_false(stopped_by_us(facts, NET_TIMEOUT, PHASE_CONNECT));
    facts->interrupted = true;
    assert_true(stopped_by_us(facts, NET_UNKNOWN, PHASE_TLS));
    assert_false(stopped_by_us(facts, NET_TIMEOUT, PHASE_TLS));
    facts->interrupted = false;
    facts->budget_reached = true;
    assert_true(stopped_by_us(facts, NET_UNKNOWN, PHASE_TLS));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fresh, gone)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(unconnected),  TEST(text),           TEST(port_443),
        TEST(interception), TEST(a_family_works), TEST(sessions_tell_of_a_family_too),
        TEST(open_fetches), TEST(who_stopped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
